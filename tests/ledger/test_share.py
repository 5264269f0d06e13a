from __future__ import annotations

import time

from unexposed.ledger import Ledger, Share

COVERED = Share(("/covered", "/caf\udce9"), others=False)
OTHERS = Share(COVERED.roots)


def offer(ledger: Ledger) -> None:
    for number, folder in enumerate(("/covered", "/plain", "/caf\udce9", "/plain")):
        ledger.offer(f"{folder}/{number}.jpg", folder, "metadata")


def taken(ledger: Ledger, share: Share) -> list[str]:
    paths = []
    while (job := ledger.next(time.time(), share)) is not None:
        paths.append(job.path)
    return paths


def test_a_share_has_the_jobs_of_its_folders_and_the_rest_has_the_others(ledger: Ledger) -> None:
    offer(ledger)
    assert taken(ledger, COVERED) == ["/covered/0.jpg", "/caf\udce9/2.jpg"]
    assert ledger.waiting(COVERED) is None
    assert ledger.waiting(OTHERS) == 0.0
    assert taken(ledger, OTHERS) == ["/plain/1.jpg", "/plain/3.jpg"]


def test_a_share_of_no_folder_has_nothing_and_the_rest_has_all(ledger: Ledger) -> None:
    offer(ledger)
    assert taken(ledger, Share((), others=False)) == []
    assert len(taken(ledger, Share())) == 4


def test_what_holds_up_one_share_does_not_hold_up_the_rest(ledger: Ledger) -> None:
    offer(ledger)
    now = time.time()
    ledger.postpone_all(now, now + 50, "no worker", COVERED)
    assert taken(ledger, COVERED) == []
    assert len(taken(ledger, OTHERS)) == 2


def test_a_job_that_somebody_is_at_is_not_settled(ledger: Ledger) -> None:
    offer(ledger)
    mine, theirs = ledger.next(time.time(), OTHERS), ledger.next(time.time(), COVERED)
    assert mine
    assert theirs
    assert ledger.settle(0.0, "", besides={theirs.id}) == 1
    assert ledger.unfinished() == {"queued": 3, "working": 1}
    assert ledger.next(time.time(), OTHERS) == mine
