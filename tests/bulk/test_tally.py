from __future__ import annotations

from unexposed.bulk import Finished, Found, Tally
from unexposed.exposure import Level, Outcome, Report, finding
from unexposed.pipeline import Result

PLACE = finding("location.gps", "EXIF GPS", removed=True)
PLACE_TOO = finding("location.gps", "XMP", removed=True)
TIME = finding("time.taken", "EXIF", removed=True)
ENCODER = finding("device.encoder", "tables", removed=False)


def finished(outcome: Outcome, *findings: object, before: bool = False) -> Finished:
    report = Report(format="jpeg", bytes_total=1, findings=findings)  # type: ignore[arg-type]
    return Finished(Found(path="a.jpg"), Result(outcome=outcome, report=report), before)


def tally_of(*some: Finished) -> Tally:
    tally = Tally()
    for one in some:
        tally.add(one)
    return tally


def test_files_are_counted_by_what_became_of_them_and_when() -> None:
    tally = tally_of(
        finished(Outcome.CLEANED),
        finished(Outcome.CLEANED),
        finished(Outcome.CLEANED, before=True),
    )
    assert (tally.files, tally.before, tally.outcomes) == (3, 1, {Outcome.CLEANED: 2})
    assert not tally.went_wrong
    tally.add(finished(Outcome.HELD))
    assert tally.went_wrong


def test_a_kind_counts_once_a_file_whoever_did_it_and_what_matters_comes_first() -> None:
    tally = tally_of(
        finished(Outcome.CLEANED, TIME, ENCODER),
        finished(Outcome.CLEANED, PLACE, PLACE_TOO, TIME, ENCODER),
        finished(Outcome.CLEANED, PLACE, before=True),
    )
    assert [(one.kind, one.files, one.kept) for one in tally.told()] == [
        ("location.gps", 2, 0),
        ("time.taken", 2, 0),
        ("device.encoder", 2, 2),
    ]


def test_a_kind_has_the_level_of_its_worst_case() -> None:
    usual = finding("content.thumbnail", "EXIF")
    other = finding("content.thumbnail", "EXIF", level=Level.CRITICAL)
    (told,) = tally_of(
        finished(Outcome.HELD, usual), finished(Outcome.HELD, other), finished(Outcome.HELD, usual)
    ).told()
    assert told.level is Level.CRITICAL
