"""The field's tools on the same files in the same run: one file at a time, and 100 in one call.

Whole processes, each into an empty folder; what is not installed is named and passed over. The
others neither look at what they wrote nor wait until it is on the disk. That pictures are
searched for what they show, which none of them does, is left out.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from benchmarks.photo import SIZE, as_a_messenger_sends_it, twelve_megapixels
from tests.builders.photos import encoded, phone_exif, scene

MANY = 100
RUNS = 5
PATIENCE = 60.0
"""Seconds after which a tool gets no further run of the same."""
MOVIE_BYTES = 500_000_000
CP_LIMIT = 2.0

Command = Callable[[Sequence[str], Path], list[str]]


def _unexposed(*options: str) -> Command:
    def command(paths: Sequence[str], out: Path) -> list[str]:
        program = [sys.executable, "-m", "unexposed", "clean", *options]
        return [*program, "--out", str(out), *paths]

    return command


def _jpegtran(paths: Sequence[str], out: Path) -> list[str]:
    target = out / Path(paths[0]).name
    return ["jpegtran", "-copy", "none", "-outfile", str(target), paths[0]]


def _copied_and_synced(paths: Sequence[str], out: Path) -> list[str]:
    return ["sh", "-c", 'out=$1; shift; cp "$@" "$out" && sync "$out"/*', "cp", str(out), *paths]


CP, CP_SYNCED = "cp", "cp, and onto the disk"
TOOLS: dict[str, Command] = {
    CP: lambda paths, out: ["cp", *paths, str(out)],
    CP_SYNCED: _copied_and_synced,
    "ExifTool -all=": lambda paths, out: ["exiftool", "-q", "-all=", "-o", f"{out}/", *paths],
    "mat2 --lightweight": lambda paths, _: ["mat2", "--lightweight", *paths],
    "jpegtran -copy none": _jpegtran,
    "unexposed": _unexposed(),
    "unexposed --quick": _unexposed("--quick"),
    "unexposed --quick, one core": _unexposed("--quick"),
}
ONE_CORE = "unexposed --quick, one core"
ALONE = {"jpegtran -copy none"}
"""Tools that take one file a call."""
JPEG_ALONE = {"jpegtran -copy none"}


def main() -> bool:
    """Print what each takes; return whether the limits hold."""
    programs = {command([""], Path())[0] for command in TOOLS.values()}
    if missing := sorted(one for one in programs if not shutil.which(one)):
        print(f"not installed here, so left out: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        within = [_compare(Path(folder), name, make) for name, make in FILES.items()]
    return all(within)


def _compare(folder: Path, name: str, make: Callable[[Path], bytes | None]) -> bool:
    source = folder / name.replace(" ", "-")
    content = make(source)
    if content is None:
        print(f"{name}: cannot be made here")
        return True
    source.write_bytes(content)
    size = source.stat().st_size
    print(f"{name}: {size:,} bytes; milliseconds a file, medians of up to {RUNS} runs")
    many = 1 if size > 100_000_000 else MANY
    times: dict[str, tuple[float, float]] = {}
    for tool, command in TOOLS.items():
        program = command([str(source)], folder)[0]
        if not shutil.which(program) or (tool in JPEG_ALONE and source.suffix != ".jpg"):
            continue
        alone = _median(folder, tool, source, 1)
        if alone is None:
            print(f"  {tool:30} {'makes no copy':>16}")
            continue
        together = None if tool in ALONE or many == 1 else _median(folder, tool, source, many)
        times[tool] = alone, together or alone
        text = f"{together:10.2f} each of {many} in one call" if together else ""
        print(f"  {tool:30} {alone:10.1f} alone {text}")
    source.unlink()
    return _within(name, times)


def _within(name: str, times: dict[str, tuple[float, float]]) -> bool:
    if name.endswith(".mp4"):
        ratio, synced = (times["unexposed"][0] / times[one][0] for one in (CP, CP_SYNCED))
        print(
            f"  {ratio:.2f} times cp, limit {CP_LIMIT:g}; {synced:.2f} times one that is synced, too"
        )
        return ratio <= CP_LIMIT
    if name == "12 megapixels.jpg" and "ExifTool -all=" in times:
        exiftool = times["ExifTool -all="][1]
        one, two = exiftool / times[ONE_CORE][1], exiftool / times["unexposed --quick"][1]
        print(f"  ExifTool's time in one call is {one:.2f} times ours on one core (limit 1)")
        print(f"  and {two:.2f} times ours on all of them (limit 2)")
        return one >= 1 and two >= 2
    return True


def _median(folder: Path, tool: str, source: Path, count: int) -> float | None:
    """Return the milliseconds a file that a tool takes for so many in one call.

    None when not as many copies come of it.
    """
    times: list[float] = []
    while len(times) < RUNS and sum(times) < PATIENCE:
        given, out = folder / "given", folder / "out"
        for one in (given, out, folder / "state"):
            shutil.rmtree(one, ignore_errors=True)
            one.mkdir()
        paths = [str(given / f"{number}{source.suffix}") for number in range(count)]
        for path in paths:
            if count == 1:
                os.link(source, path)
            else:
                shutil.copyfile(source, path)
        words = TOOLS[tool](paths, out)
        if tool == ONE_CORE and shutil.which("taskset"):
            words = ["taskset", "-c", "0", *words]
        environment = os.environ | {"UNEXPOSED_CONFIG": str(_config(folder))}
        started = time.perf_counter()
        subprocess.run(words, capture_output=True, check=False, env=environment)
        times.append(time.perf_counter() - started)
        if len(os.listdir(given)) + len(os.listdir(out)) < 2 * count:
            return None
    return statistics.median(times) * 1e3 / count


def _config(folder: Path) -> Path:
    """Write a configuration with a state folder of its own and without looking at pictures."""
    path = folder / "config.toml"
    path.write_text(f'state_dir = "{folder}/state"\n[vision]\nenabled = false\n')
    return path


def _png(_: Path) -> bytes:
    picture = scene(*SIZE).quantize(64).convert("RGB")
    return encoded(picture, "PNG", exif=phone_exif(), compress_level=1)


def _heic(_: Path) -> bytes | None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    written = io.BytesIO()
    with Image.open(io.BytesIO(twelve_megapixels())) as photo:
        photo.save(
            written, "HEIF", quality=60, exif=phone_exif(), enc_params={"preset": "ultrafast"}
        )
    return written.getvalue()


def _movie(target: Path) -> bytes | None:
    """Return a film of about `MOVIE_BYTES`: ten seconds of noise, again and again."""
    if not shutil.which("ffmpeg"):
        return None
    part = target.with_name("part.mp4")
    noise = "nullsrc=s=1280x720:r=30:d=10,geq=random(1)*255:128:128"
    quiet = ["ffmpeg", "-y", "-loglevel", "error"]
    place = ["-metadata", "location=+38.7226-009.1392/"]
    subprocess.run(
        [*quiet, "-f", "lavfi", "-i", noise, "-preset", "ultrafast", "-qp", "20", *place, part],
        check=True,
    )
    times = str(MOVIE_BYTES // part.stat().st_size)
    subprocess.run(
        [*quiet, "-stream_loop", times, "-i", part, "-c", "copy", *place, target], check=True
    )
    part.unlink()
    return target.read_bytes()


FILES: dict[str, Callable[[Path], bytes | None]] = {
    "12 megapixels.jpg": lambda _: twelve_megapixels(),
    "200 KB.jpg": lambda _: as_a_messenger_sends_it(),
    "12 megapixels.png": _png,
    "12 megapixels.heic": _heic,
    "500 MB.mp4": _movie,
}

if __name__ == "__main__":
    main()
