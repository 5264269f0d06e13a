from __future__ import annotations

import os
import random
import threading
import time

import pytest

from tests.builders import photos
from tests.builders.plans import apply
from tests.e2e.home import Home, wait_until
from unexposed.formats import sniff

KILLS = 100
FILES = 80


def cleaned(photo: bytes) -> bytes:
    handler = sniff(photo[:64])
    return apply(photo, handler.rebuild(photo, handler.dissect(photo)))


@pytest.mark.timeout(280)
def test_killed_a_hundred_times_it_ends_with_exactly_one_right_copy_of_every_file(
    home: Home,
) -> None:
    rng = random.Random(4)
    arrived: dict[str, bytes] = {}

    def arrive() -> None:
        for number in range(FILES):
            if stop.is_set():
                break
            side = 200 if number % 8 else 1600
            photo = photos.phone_photo(width=side, height=side, seed=number)
            name = f"photo {number:03}.jpg"
            arrived[name] = photo
            home.drop(name, photo)
            time.sleep(0.4)

    stop = threading.Event()
    home.start()
    home.stop()  # the first start takes what is there for old
    arriving = threading.Thread(target=arrive)
    arriving.start()
    try:
        for _ in range(KILLS):
            process = home.start(ready=False)
            time.sleep(rng.uniform(0.15, 0.75))
            process.kill()
            process.wait()
    finally:
        stop.set()
        arriving.join()
    home.start()
    wait_until(lambda: set(home.copies()) >= set(arrived), "every file's copy", 60)
    home.settled(1.0)
    assert home.stop() == 0
    assert len(arrived) >= FILES / 2
    assert home.copies() == sorted(arrived), "one copy each, and nothing else"
    for name, photo in arrived.items():
        assert (home.outbox / name).read_bytes() == cleaned(photo)
    assert [one for one in os.listdir(home.outbox) if one.startswith(".")] == []
