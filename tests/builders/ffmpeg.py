"""Films that ffmpeg makes, and what it sees in one."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.builders.mp4 import CANARY
from tests.builders.oracle import program

_SHORT = ("-t", "1", "-pix_fmt", "yuv420p")
_AVC = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "5")
_TOLD = (
    *("-metadata", "location=+51.4169-000.0806/", "-metadata", f"title={CANARY.decode()}"),
    *("-metadata", "creation_time=2025-04-01T18:22:05Z"),
)
ENCODED: dict[str, tuple[str, ...]] = {
    "h264.mp4": (*_AVC, "-c:a", "aac"),
    "broadcast.mp4": (
        *("-c:v", "libx264", "-maxrate", "300k", "-bufsize", "600k", "-c:a", "ac3"),
        *("-x264-params", "nal-hrd=vbr:pic-struct=1:aud=1:keyint=5"),
    ),
    "faststart.mp4": (*_AVC, "-c:a", "aac", "-movflags", "faststart"),
    "h264.m4v": (*_AVC, "-c:a", "alac"),
    "h264.mov": (*_AVC, "-c:a", "pcm_s16le", "-timecode", "10:20:30:04"),
    "aac.mov": (*_AVC, "-c:a", "aac"),
    "alac.mov": (*_AVC, "-c:a", "alac"),
    "hevc.mp4": ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-c:a", "aac"),
    "hev1.mov": ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hev1", "-c:a", "aac"),
    "mpeg4.mp4": ("-c:v", "mpeg4", "-c:a", "aac"),
    "h263.3gp": ("-c:v", "h263", "-s", "176x144", "-c:a", "aac"),
    "prores.mov": ("-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s24le"),
    "vp9.mp4": ("-c:v", "libvpx-vp9", "-cpu-used", "8", "-c:a", "libopus"),
    "av1.mp4": ("-c:v", "libaom-av1", "-cpu-used", "8", "-c:a", "flac", "-strict", "-2"),
    "surround.mov": (*_AVC, "-c:a", "pcm_s16be", "-ac", "6"),
    "ima4.mov": (*_AVC, "-c:a", "adpcm_ima_qt", "-ac", "1"),
    "fragmented.mp4": (*_AVC, "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
    "dash.mp4": (*_AVC, "-c:a", "aac", "-movflags", "dash+frag_keyframe+default_base_moof"),
    "hybrid.mp4": (*_AVC, "-c:a", "aac", "-movflags", "frag_keyframe"),
    "separate.mp4": (*_AVC, "-c:a", "aac", "-movflags", "frag_keyframe+separate_moof+empty_moov"),
    "omitted.mp4": (*_AVC, "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+omit_tfhd_offset"),
}
"""Name of a file -> how ffmpeg makes it from a test picture and a tone."""


@cache
def encoded(name: str) -> bytes:
    """A second of video as ffmpeg writes it, with a place, a title and a time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        run = [program("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x48:r=10"]
        run += ["-f", "lavfi", "-i", "sine", *_SHORT, *ENCODED[name], *_TOLD, str(path)]
        subprocess.run(run, check=True, capture_output=True)
        return path.read_bytes()


def decoded(path: Path, seconds: int = 60) -> list[str]:
    """The hash of every frame of picture and sound that ffmpeg decodes, with its time."""
    run = [program("ffmpeg"), "-v", "error", "-t", str(seconds), "-i", str(path)]
    run += ["-map", "0:v?", "-map", "0:a?"]
    done = subprocess.run([*run, "-f", "framehash", "-"], check=True, capture_output=True)
    assert done.stderr == b""
    lines = done.stdout.decode().splitlines()
    return [line for line in lines if not line.startswith("#")]
