from __future__ import annotations

from functools import reduce
from operator import add

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.photos import encoded, phone_photo, scene
from unexposed.catalogue import Entry
from unexposed.exposure import KINDS, Finding, Level, Outcome, Report, finding
from unexposed.wording import MAX_BODY, MAX_TITLE, Burst, Notice, body, paragraph, title
from unexposed.wording.facts import date, facts_in, with_article
from unexposed.worker.clean import examine
from unexposed.worker.interpret import marked

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
"""Lone surrogates, as undecodable file names have them, among it."""

FINDINGS = st.builds(
    finding,
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["EXIF", "XMP", "EXIF GPS destination"]),
    ANY_TEXT
    | st.sampled_from(["2025-04-01 18:22:05+01:00", "2025-99-99", "38.72260, -9.13920", "a" * 200]),
    place=st.just("") | ANY_TEXT,
    removed=st.sampled_from([True, True, False, None]),
)
REPORTS = st.lists(FINDINGS, max_size=12).map(lambda findings: report(*findings))


def report(*findings: Finding) -> Report:
    return Report(format="jpeg", bytes_total=1, findings=findings)


def removed(kind: str, value: str = "", **rest: object) -> Finding:
    return finding(kind, "EXIF", value, removed=True, **rest)


def kept(kind: str, value: str = "") -> Finding:
    return finding(kind, "EXIF", value, removed=False)


PHONE = (
    removed("location.gps", "38.72260, -9.13920"),
    removed("time.taken", "2025-04-01 18:22:05+01:00"),
    removed("device.model", "Apple iPhone 15"),
)
IN_LISBON = removed("location.gps", "38.72260, -9.13920", place="in Lisbon, Portugal")
AT_HOME = removed("location.gps", "38.72260, -9.13920", level=Level.CRITICAL, place="at home")
ENCODER = kept("device.encoder", "4:2:0")


def cleaned(*findings: Finding, name: str = "IMG_4021.jpg", output: str = "") -> Notice:
    return Notice(
        name=name,
        outcome=Outcome.CLEANED,
        report=report(*findings),
        output=output or f"/home/anna/Unexposed/{name}",
        outbox="Unexposed",
    )


def held(name: str = "bad.jpg", reason: str = "the file is cut short (at byte 33)") -> Notice:
    return Notice(name=name, outcome=Outcome.HELD, reason=reason, outbox="Unexposed")


def burst(*notices: Notice) -> Burst:
    return reduce(add, map(Burst.of, notices))


def assert_fit_to_be_shown(text: str, most: int) -> None:
    assert text
    assert text.isprintable()
    assert text.encode().decode() == text
    assert len(text) <= most
    assert not text.startswith("-")


def test_a_phones_photo_is_told_in_two_sentences() -> None:
    notice = cleaned(*PHONE)
    assert title(notice) == "IMG_4021.jpg: place, time and device removed"
    assert body(notice) == (
        "Taken near 38.7226, -9.1392 on 1 April 2025 with an Apple iPhone 15. "
        "Clean copy in Unexposed."
    )


def test_a_known_place_is_told_by_its_name() -> None:
    assert body(cleaned(IN_LISBON, *PHONE[1:])) == (
        "Taken in Lisbon, Portugal on 1 April 2025 with an Apple iPhone 15. "
        "Clean copy in Unexposed."
    )
    near = msgspec.structs.replace(IN_LISBON, place="4 km from Sintra, Portugal")
    assert body(cleaned(near)).startswith("Taken 4 km from Sintra, Portugal. ")


def test_home_is_told_before_all_else() -> None:
    account = removed("account.id", "FBMD")
    notice = cleaned(account, *PHONE[1:], AT_HOME)
    assert title(notice) == "IMG_4021.jpg: place of home, account, time and more removed"
    assert body(notice) == (
        "Taken at home on 1 April 2025 with an Apple iPhone 15. "
        "It also gave away an account (FBMD). Clean copy in Unexposed."
    )
    both = burst(notice, cleaned(AT_HOME), cleaned(IN_LISBON))
    assert both.body().startswith("2 gave away where home is; 1 ")


def test_a_place_that_stays_is_named() -> None:
    staying = msgspec.structs.replace(IN_LISBON, removed=False)
    assert "the place (in Lisbon, Portugal, kept)" in body(cleaned(staying))


def test_where_somebody_was_heading_is_not_where_it_was_taken_even_if_that_is_home() -> None:
    going = msgspec.structs.replace(AT_HOME, where="EXIF GPS destination")
    assert "Taken" not in body(cleaned(going))
    assert "a destination (at home)" in body(cleaned(going))


def test_long_names_do_not_make_a_long_sentence() -> None:
    far = "120 km from Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, United Kingdom"
    device = removed("device.model", "Maker of phones, model of a very long name")
    notice = cleaned(
        msgspec.structs.replace(IN_LISBON, place=far),
        PHONE[1],
        device,
        output="/home/anna/Unexposed/a-clean-copy-with-a-very-long-name.jpg",
    )
    notice = msgspec.structs.replace(notice, outbox="A folder with quite a long name")
    said = body(notice)
    assert len(said) <= MAX_BODY
    assert said.startswith("Taken 120 km from Llanfairpwll")
    assert "on 1 April 2025. Clean copy in" in said


def test_a_thumbnail_of_something_else_is_told() -> None:
    thumbnail = removed("content.thumbnail", "160 by 120 pixels", level=Level.HIGH)
    assert "a hidden thumbnail that showed something else" in body(cleaned(*PHONE, thumbnail))
    assert "something else" not in body(cleaned(*PHONE, removed("content.thumbnail")))


def test_the_worst_is_told_first() -> None:
    notice = cleaned(*PHONE[1:], removed("person.author", "Anna"), removed("hidden.comment", "hi"))
    assert title(notice) == "IMG_4021.jpg: author, time, device and more removed"
    assert body(notice) == (
        "It gave away the author (Anna) and a comment (hi). "
        "Taken on 1 April 2025 with an Apple iPhone 15. Clean copy in Unexposed."
    )


def test_what_hardly_matters_is_told_where_there_is_nothing_else() -> None:
    software = removed("device.software", "GIMP 2.4.5")
    assert "GIMP" not in body(cleaned(*PHONE, software))
    assert title(cleaned(software)) == "IMG_4021.jpg: software removed"
    assert "the software (GIMP 2.4.5)" in body(cleaned(software))


def test_several_values_are_counted() -> None:
    people = [removed("person.named", name) for name in ("Anna", "Ben", "Carla", "Anna")]
    assert "people by name (Anna and 2 more)" in body(cleaned(*people))


def test_a_destination_is_not_where_it_was_taken() -> None:
    going = finding("location.gps", "EXIF GPS destination", "1.00000, 2.00000", removed=True)
    assert "Taken" not in body(cleaned(going))
    assert "a destination (1.0000, 2.0000)" in body(cleaned(going))


def test_a_time_that_is_no_date_is_told_as_it_stands() -> None:
    said = body(cleaned(removed("time.taken", "last summer")))
    assert said == "It gave away the time (last summer). Clean copy in Unexposed."


def test_a_copy_under_another_name_is_named() -> None:
    notice = cleaned(*PHONE, output="/home/anna/Unexposed/photo-1.jpg")
    assert body(notice).endswith("Clean copy in Unexposed: photo-1.jpg.")


def test_a_file_that_gave_nothing_away_says_so() -> None:
    assert title(cleaned()) == "IMG_4021.jpg: gave nothing away"
    assert body(cleaned()) == (
        "Nothing was found in it that gives anything away. Clean copy in Unexposed."
    )


def test_what_stays_in_the_picture_is_not_called_removed() -> None:
    assert title(cleaned(ENCODER)) == "IMG_4021.jpg: nothing to remove"
    assert body(cleaned(ENCODER)) == (
        "It gave away nothing but encoder settings (kept). Clean copy in Unexposed."
    )
    assert title(cleaned(*PHONE, ENCODER)) == title(cleaned(*PHONE))


def test_what_matters_and_stays_is_told_in_the_title() -> None:
    notice = cleaned(PHONE[1], kept("location.gps", "38.72260, -9.13920"))
    assert title(notice) == "IMG_4021.jpg: time removed, place kept"
    assert "the place (38.7226, -9.1392, kept)" in body(notice)


def test_a_heading_with_one_fact_left_is_not_called_removed() -> None:
    notice = cleaned(removed("location.gps", "1.0, 2.0"), kept("location.place", "Lisbon"))
    assert title(notice) == "IMG_4021.jpg: place kept"


def test_what_was_not_checked_is_not_called_removed() -> None:
    unchecked = [msgspec.structs.replace(one, removed=None) for one in PHONE]
    assert title(cleaned(*unchecked)) == "IMG_4021.jpg: clean copy made"


def test_an_inspected_file_says_what_it_would_give_away() -> None:
    notice = Notice(name="a.jpg", outcome=Outcome.INSPECTED, report=report(*PHONE))
    assert title(notice) == "a.jpg: gives away place, time and device"
    assert body(notice) == "Taken near 38.7226, -9.1392 on 1 April 2025 with an Apple iPhone 15."


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.HELD, "a.jpg: held back"),
        (Outcome.FAILED, "a.jpg: could not be cleaned"),
        (Outcome.SKIPPED, "a.jpg: skipped"),
    ],
)
def test_a_file_without_a_copy_says_why(outcome: Outcome, said: str) -> None:
    notice = Notice(name="a.jpg", outcome=outcome, reason="a frame is too short (at byte 4)")
    assert title(notice) == said
    assert body(notice) == "No copy was made: a frame is too short (at byte 4)."


def test_a_file_that_waits_is_not_given_up() -> None:
    notice = Notice(name="a.jpg", outcome=Outcome.WAITING, reason="the outbox is full")
    assert title(notice) == "a.jpg: has to wait"
    assert body(notice) == "No copy yet: the outbox is full."


def test_a_long_reason_is_cut() -> None:
    said = body(held(reason="because " * 100))
    assert len(said) <= MAX_BODY
    assert said.endswith("…")


def test_a_name_is_not_taken_for_an_option() -> None:
    assert title(cleaned(name="--help.jpg")) == "“--help.jpg”: gave nothing away"
    assert title(cleaned(name="\u202e-t.jpg")) == "“-t.jpg”: gave nothing away"


@pytest.mark.parametrize("kind", KINDS)
def test_body_and_paragraph_speak_of_a_kind_from_the_same_entry(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Entry(
        Level.HIGH, "a zebra", "Why.", "It shows the zebra {value}.", heading="zebra", telling=True
    )
    monkeypatch.setitem(KINDS, kind, entry)
    notice = cleaned(finding(kind, "XMP", "Anna", removed=True))
    assert notice.report
    assert "zebra removed" in title(notice)
    assert "a zebra (Anna)" in body(notice)
    assert "It shows the zebra" in paragraph(notice.report)


@pytest.mark.parametrize("kind", [*KINDS, "location.unheard_of", "unheard.of"])
@pytest.mark.parametrize("fate", [True, False, None])
def test_every_kind_makes_a_true_sentence(kind: str, fate: bool | None) -> None:
    one = Finding(kind=kind, where="EXIF", summary="", value="x" * 99, level=Level.HIGH)
    notice = cleaned(msgspec.structs.replace(one, removed=fate))
    assert_fit_to_be_shown(title(notice), MAX_TITLE)
    assert_fit_to_be_shown(body(notice), MAX_BODY)
    assert title(notice).endswith("removed") == (fate is True)
    assert ("kept" in title(notice)) == (fate is False)


@settings(max_examples=150)
@given(REPORTS)
def test_removed_is_said_of_nothing_else(seen: Report) -> None:
    told = title(cleaned(*seen.findings, name="a")).removeprefix("a: ")
    if " removed" not in told:
        return
    headings = told.partition(" removed")[0].replace(" and ", ", ").split(", ")
    for heading in set(headings) - {"more"}:
        facts = [fact for fact in facts_in(seen) if fact.phrase.heading == heading]
        assert facts
        assert all(fact.removed and not fact.kept for fact in facts)


@settings(max_examples=150)
@given(REPORTS | st.none(), ANY_TEXT, ANY_TEXT, st.sampled_from(Outcome))
def test_whatever_a_file_holds_the_sentences_are_fit_to_be_shown(
    seen: Report | None, name: str, reason: str, outcome: Outcome
) -> None:
    notice = Notice(
        name=name, outcome=outcome, report=seen, reason=reason, output=f"/{reason}", outbox=reason
    )
    assert_fit_to_be_shown(title(notice), MAX_TITLE)
    if seen is not None or outcome is not Outcome.INSPECTED:
        assert_fit_to_be_shown(body(notice), MAX_BODY)
    both = burst(notice, cleaned(*PHONE), notice)
    assert_fit_to_be_shown(both.title(), MAX_TITLE)
    assert_fit_to_be_shown(both.body(), MAX_BODY)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2025-04-01 18:22:05.123+01:00", "1 April 2025"),
        ("1999-12-31", "31 December 1999"),
        ("2025-13-01", ""),
        ("2025-01-32 10:00", ""),
        ("2025-01-321", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_dates_are_spoken(value: str, said: str) -> None:
    assert date(value) == said


@pytest.mark.parametrize(
    "name",
    [
        "an Apple iPhone 15", "a NIKON D70s", "an HTC One", "a SANYO SR6", "an LG G5", "a OnePlus 9",
        "an OLYMPUS E-P3", "a Canon EOS 40D", "an HMD Global", "an SM-G991B", "an X-T3", "a ZTE",
        "a Umidigi", "an 8mm scanner", "a DMC-FZ20", "an 11T", "a 110 camera", "a Eufy", "a 写真",
    ],
)  # fmt: skip
def test_devices_have_their_article(name: str) -> None:
    assert with_article(name.partition(" ")[2]) == name


def test_a_made_photo_is_told_truly() -> None:
    seen = examine(phone_photo()).report
    findings = marked(seen.findings, encoded_again=False)
    said = body(cleaned(*findings))
    assert "Taken in Lisbon, Portugal on 1 April 2025 with an Example Phone 15." in said


def test_a_plain_picture_is_told_truly() -> None:
    findings = examine(encoded(scene(), "WEBP")).report.findings
    assert title(cleaned(*findings)) == "IMG_4021.jpg: gave nothing away"


def test_a_burst_of_one_is_told_like_a_file() -> None:
    for notice in (cleaned(*PHONE), held()):
        assert burst(notice).title() == title(notice)
        assert burst(notice).body() == body(notice)


def test_a_burst_is_counted() -> None:
    many = burst(
        *(cleaned(*PHONE[:2], name=f"{number}.jpg") for number in range(9)),
        *(cleaned(PHONE[2]) for _ in range(4)),
        cleaned(*PHONE, removed("account.id", "FBMD"), name="worst.jpg"),
    )
    assert many.title() == "14 pictures cleaned"
    assert many.body() == (
        "10 gave away the place; 1 an account; 10 the time; 5 the device. Worst: worst.jpg. "
        "Clean copies in Unexposed."
    )


def test_facts_of_as_many_files_share_their_number() -> None:
    many = burst(cleaned(*PHONE), cleaned(*PHONE))
    assert many.body().startswith("2 gave away the place, the time, the device. ")


def test_a_file_without_a_copy_is_named_in_a_burst() -> None:
    both = burst(cleaned(*PHONE), held(), cleaned(*PHONE))
    assert both.title() == "2 pictures cleaned, 1 held back"
    assert both.body().startswith("No copy of bad.jpg: the file is cut short (at byte 33). 2 gave ")


def test_further_files_without_a_copy_are_counted() -> None:
    failed = Notice(name="z.jpg", outcome=Outcome.FAILED, reason="a fault")
    all_bad = burst(held(), failed, held("c.jpg"))
    assert all_bad.title() == "2 pictures held back, 1 failed"
    assert all_bad.body().startswith("No copy of bad.jpg and 2 more.")
    assert "Clean" not in all_bad.body()


def test_a_burst_that_gave_nothing_away_says_so() -> None:
    assert burst(cleaned(), cleaned()).body() == (
        "Nothing was found in them that gives anything away. Clean copies in Unexposed."
    )


def test_what_a_burst_keeps_is_called_kept() -> None:
    assert "2 gave away encoder settings (kept)." in burst(*[cleaned(ENCODER)] * 2).body()


def test_a_large_burst_holds_no_more_than_a_small_one() -> None:
    notices = [cleaned(*PHONE, name=f"{number}.jpg") for number in range(500)]
    sizes = [len(msgspec.msgpack.encode(burst(*notices[:count]).worst)) for count in (3, 500)]
    assert sizes[0] == sizes[1]
    assert burst(*notices).title() == "500 pictures cleaned"
