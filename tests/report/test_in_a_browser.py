"""The page as a person meets it: in Chromium, with axe-core looking for what shuts people out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.builders import oracle, photos
from tests.report.conftest import Done, noted
from unexposed.config import Config
from unexposed.exposure import IN_SIGHT, KINDS, Outcome, Report, finding
from unexposed.ledger import Ledger
from unexposed.outbox import Outbox
from unexposed.pipeline import Task, clean_file
from unexposed.policy import Policy
from unexposed.report import report_for
from unexposed.worker import Worker

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = oracle.program("chromium")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, path: Path, **options: object) -> Iterator[Page]:
    """Open a page; fail when it says anything on the console, or asks for anything else."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert said == []
    assert [one for one in asked if not one.startswith("data:")] == [path.as_uri()]


def hurdles(page: Page) -> list[str]:
    """What axe finds, one a line."""
    found = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(found => JSON.stringify(found.violations))"
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in json.loads(found)]


def uncover(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.fixture
def of_a_file(settings: Config, photo: Path, clean: Done) -> Path:
    clean(photo)
    return report_for(str(photo), settings)


@pytest.fixture
def of_all(settings: Config, ledger: Ledger, tmp_path: Path) -> Path:
    for number, kind in enumerate(list(KINDS)[::4]):
        report = Report(format="jpeg", bytes_total=1, findings=(finding(kind, "EXIF", "x"),))
        outcome = Outcome.HELD if number % 5 == 0 else Outcome.CLEANED
        noted(ledger, tmp_path / f"{number}.jpg", outcome, report, reason="for a reason")
    return report_for(None, settings)


@pytest.mark.parametrize("page", ["of_a_file", "of_all"])
def test_a_page_shuts_nobody_out_and_fits_in_light_and_dark_on_small_and_large_screens(
    browser: Browser, page: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(page)
    for scheme in ("light", "dark"):
        with opened(browser, path, color_scheme=scheme) as shown:
            shown.evaluate(f"{AXE}; 0")
            for width in (360, 1280):
                shown.set_viewport_size({"width": width, "height": 800})
                assert shown.evaluate("document.documentElement.scrollWidth") <= width
                uncover(shown)
                assert shown.evaluate("document.documentElement.scrollWidth") <= width
                assert hurdles(shown) == []


def test_values_are_shown_one_by_one_or_all_with_the_keyboard_alone(
    browser: Browser, of_a_file: Path
) -> None:
    with opened(browser, of_a_file) as page:
        serial = page.get_by_text(photos.SECRET_SERIAL, exact=True)
        assert not serial.is_visible()
        for _ in range(60):
            page.keyboard.press("Tab")
            if "serial" in page.evaluate("document.activeElement.textContent"):
                break
        page.keyboard.press("Enter")
        assert serial.is_visible()
        author = page.get_by_text(photos.SECRET_AUTHOR, exact=True)
        assert not author.is_visible()
        page.get_by_role("button", name="Show all values").press("Enter")
        assert author.is_visible()
        assert page.locator("svg.near").is_visible()
        page.get_by_role("button", name="Hide all values").click()
        assert not author.is_visible()


def test_pictures_are_there_and_nothing_jumps(browser: Browser, of_a_file: Path) -> None:
    with opened(browser, of_a_file) as page:
        uncover(page)
        sizes = page.evaluate("[...document.images].map(one => [one.naturalWidth, one.alt])")
        assert [width for width, _ in sizes] == [640, 640, 160]
        assert all(words for _, words in sizes)
        shift = """new Promise(done => new PerformanceObserver(seen => done(
            seen.getEntries().reduce((sum, one) => sum + one.value, 0)
        )).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 200))"""
        assert page.evaluate(shift) == 0


WHERE_IT_IS_RED = """() => [...document.querySelectorAll('.framed')].map(framed => {
    const image = framed.querySelector('img'), canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
    const drawn = canvas.getContext('2d'); drawn.drawImage(image, 0, 0);
    const {data} = drawn.getImageData(0, 0, canvas.width, canvas.height), xs = [], ys = [];
    for (let at = 0; at < data.length; at += 4)
        if (data[at] > 180 && data[at + 1] < 90)
            { xs.push(at / 4 % canvas.width); ys.push(Math.floor(at / 4 / canvas.width)); }
    const shown = image.getBoundingClientRect(), scale = shown.width / canvas.width;
    const frame = framed.querySelector('rect').getBoundingClientRect();
    return [[shown.left + scale * Math.min(...xs), shown.top + scale * Math.min(...ys),
             shown.left + scale * (Math.max(...xs) + 1), shown.top + scale * (Math.max(...ys) + 1)],
            [frame.left, frame.top, frame.right, frame.bottom]]
})"""


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("policy", [Policy(), Policy(pixels="reencode", max_side=700)])
@pytest.mark.parametrize("width", [360, 1280])
def test_frames_stand_on_what_they_are_around(
    browser: Browser, settings: Config, ledger: Ledger, tmp_path: Path, *,
    orientation: int, policy: Policy, width: int,
) -> None:  # fmt: skip
    upright = Image.new("RGB", (2400, 1600) if orientation == 1 else (1600, 2400), (30, 120, 80))
    upright.paste((230, 20, 20), (300, 1000, 700, 1300))
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose.ROTATE_90)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(photos.encoded(stored, exif=photos.phone_exif(orientation=orientation)))
    seen = finding("content.code", IN_SIGHT, "x", removed=False, box=(300, 1000, 400, 300))
    later = finding("content.code", f"frame 2 of {IN_SIGHT}", "x", removed=False, box=(0, 0, 9, 9))
    report = Report(format="jpeg", bytes_total=1, findings=(seen, later))
    outbox = Outbox(settings.outbox_path)
    outbox.prepare()
    with Worker() as worker:
        copy = clean_file(Task(path=str(photo), policy=policy), outbox, worker).copy
    noted(ledger, photo, Outcome.CLEANED, report, copy=copy)
    with opened(browser, report_for(str(photo), settings)) as page:
        page.set_viewport_size({"width": width, "height": 900})
        places = page.evaluate(WHERE_IT_IS_RED)
        assert page.get_by_text("Framed: a code").count() == 2
    assert len(places) == 2, "the original and its copy"
    for red, frame in places:
        assert frame == pytest.approx(red, abs=4)


def test_without_scripts_values_can_be_asked_for_and_no_dead_button_stands_there(
    browser: Browser, of_a_file: Path
) -> None:
    with opened(browser, of_a_file, java_script_enabled=False) as page:
        assert page.locator("button").count() == 1
        assert not page.locator("button").is_visible()
        page.get_by_text("Show value: the serial number").click()
        assert page.get_by_text(photos.SECRET_SERIAL, exact=True).is_visible()


def test_the_list_can_be_narrowed_down(browser: Browser, of_all: Path) -> None:
    with opened(browser, of_all) as page:
        located = sum(kind.startswith("location.") for kind in list(KINDS)[::4])
        rows, count = page.locator("#entries > li:visible"), page.locator("#count")
        total = rows.count()
        page.get_by_label("Outcome").select_option("held")
        held = rows.count()
        assert 0 < held < total
        assert count.inner_text() == f"{held} of {total} files"
        page.get_by_label("Outcome").select_option("")
        page.get_by_label("What it told").select_option("location")
        assert rows.count() == located
        page.get_by_label("Level").select_option("3")
        assert 0 < rows.count() <= located
        page.get_by_label("Text").fill("no such name")
        assert rows.count() == 0
        page.get_by_label("Time", exact=True).select_option("7")
        page.get_by_label("Text").fill("")
        assert rows.count() > 0


def test_thousands_of_files_stay_quick(browser: Browser, settings: Config, ledger: Ledger) -> None:
    report = Report(
        format="jpeg",
        bytes_total=1,
        findings=tuple(finding(kind, "EXIF", "x") for kind in list(KINDS)[:9]),
    )
    noted(ledger, Path("/x/0.jpg"), Outcome.CLEANED, report)
    ledger._db.execute(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 3000)"
        " INSERT INTO jobs (path, root, policy, current, state, outcome, level, report, finished_at)"
        " SELECT '/x/' || n, root, policy, 1, state, outcome, level, report, finished_at FROM jobs, number"
    )
    with opened(browser, report_for(None, settings)) as page:
        assert page.locator("#entries > li").count() == 2_000
        took = page.evaluate(
            "(() => { const field = document.getElementById('filter-text'), start = performance.now();"
            " field.value = 'x/77'; field.dispatchEvent(new Event('input'));"
            " document.body.offsetHeight; return performance.now() - start })()"
        )
        assert took < 500
