"""What a notification says of what the copy still shows."""

from __future__ import annotations

from unexposed.exposure import Finding, Outcome, Report, finding
from unexposed.wording import Notice, body, title


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


def test_what_was_covered_is_told_as_removed() -> None:
    notice = of(seen("content.text.email", "anna@example.org", removed=True))
    assert title(notice) == "a.jpg: e-mail address removed"
    assert "visible" not in body(notice)


def test_several_of_a_kind_are_counted() -> None:
    notice = of(*[seen("content.text.address", str(number)) for number in range(3)])
    assert body(notice).startswith("A street address (3 times) is visible.")


def test_what_is_kept_on_purpose_is_told_beside_what_is_visible() -> None:
    author = finding("person.author", "XMP", "Anna", removed=False)
    assert body(of(author, seen("content.face.bystander"))).startswith(
        "Another person is visible. It gave away the author (Anna, kept)."
    )
