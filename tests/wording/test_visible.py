"""What a notification says of what the copy still shows, and of what is covered in it."""

from __future__ import annotations

from unexposed.exposure import Finding, Outcome, Report, finding
from unexposed.wording import Notice, body, paragraph, title


def of(*findings: Finding) -> Notice:
    report = Report(format="jpeg", bytes_total=9, findings=findings)
    return Notice(
        name="a.jpg", outcome=Outcome.CLEANED, report=report, output="/o/a.jpg", outbox="Unexposed"
    )


def seen(kind: str, value: str = "", *, removed: bool = False) -> Finding:
    return finding(kind, "the picture itself", value, removed=removed)


def test_what_is_visible_is_counted() -> None:
    notice = of(
        seen("content.code.boarding_pass"),
        seen("content.face.bystander"),
        seen("content.face.bystander"),
        seen("content.text.email", "anna@example.org"),
        seen("content.face.subject"),
    )
    shown = "a boarding pass, 2 other people and an e-mail address are visible."
    assert body(notice) == f"A{shown[1:]} Clean copy in Unexposed."


def test_what_went_is_told_beside_what_is_visible() -> None:
    notice = of(
        finding("time.taken", "EXIF", "2025-04-01 18:22:05", removed=True),
        seen("content.face.bystander"),
    )
    assert title(notice) == "a.jpg: time removed, other people kept"
    assert body(notice) == (
        "Another person is visible. Taken on 1 April 2025. Clean copy in Unexposed."
    )


def test_what_is_covered_is_told_as_that_and_counted() -> None:
    notice = of(
        *[seen("content.face.bystander", removed=True)] * 2,
        seen("content.text.email", "anna@example.org", removed=True),
        seen("content.code.boarding_pass", removed=True),
        seen("content.text", "Exit", removed=True),
    )
    assert title(notice) == "a.jpg: boarding pass, other people and e-mail address covered"
    assert body(notice) == (
        "A boarding pass, 2 other people and an e-mail address are covered. Clean copy in Unexposed."
    )


def test_what_went_what_is_covered_and_what_is_visible_are_told_apart() -> None:
    notice = of(
        finding("time.taken", "EXIF", "2025-04-01 18:22:05", removed=True),
        seen("content.text.email", "anna@example.org", removed=True),
        seen("content.face.bystander"),
    )
    assert title(notice) == "a.jpg: time removed, e-mail address covered, other people kept"
    assert body(notice) == (
        "Another person is visible. An e-mail address is covered. Taken on 1 April 2025."
        " Clean copy in Unexposed."
    )


def test_what_is_covered_and_hardly_matters_is_told_where_nothing_else_is() -> None:
    notice = of(seen("content.text", "Exit", removed=True))
    assert title(notice) == "a.jpg: text covered"
    assert body(notice) == "Readable text is covered. Clean copy in Unexposed."
    portrait = of(seen("content.face.subject", removed=True))
    assert body(portrait).startswith("The person whom the picture is of is covered.")


def test_a_thumbnail_that_went_is_not_called_covered() -> None:
    notice = of(finding("content.thumbnail", "EXIF thumbnail", "1 by 2 pixels", removed=True))
    assert title(notice) == "a.jpg: thumbnail removed"


def test_faces_are_told_of_once_in_a_paragraph_however_sure_each_is() -> None:
    people = [seen("content.face.bystander", f"{percent}% sure") for percent in (93, 88, 71)]
    told = paragraph(Report(format="jpeg", bytes_total=9, findings=tuple(people)))
    assert told.count("It shows other people (93% sure).") == told.count("other people (") == 1


def test_several_of_a_kind_are_counted() -> None:
    notice = of(*[seen("content.text.address", str(number)) for number in range(3)])
    assert body(notice).startswith("A street address (3 times) is visible.")


def test_what_is_kept_on_purpose_is_told_beside_what_is_visible() -> None:
    author = finding("person.author", "XMP", "Anna", removed=False)
    assert body(of(author, seen("content.face.bystander"))).startswith(
        "Another person is visible. It gave away the author (Anna, kept)."
    )
