"""What the scans of a JPEG have told so far, and that none tells it once more.

libjpeg takes a scan of what another has told already, and lets the later one stand: what the
earlier shows would be seen by nobody and stay in the file. Sources: ITU-T T.81 G.1.1.1; the
start_pass functions of libjpeg-turbo's jdphuff.c, jdarith.c and jdlossls.c.
"""

from __future__ import annotations

from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.jpeg._headers import Frame, ScanHeader

_PREDICTORS: Final = range(1, 8)
_COEFFICIENTS: Final = 64
_MAX_LOW: Final = 13
_UNTOLD: Final = 0xFF


class Progress:
    """The scans of one frame so far."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._told = [bytearray([_UNTOLD] * _COEFFICIENTS) for _ in frame.components]
        """The lowest bit that was told of each component's coefficients."""
        self.begun = False

    def add(self, scan: ScanHeader, at: int) -> None:
        """Take in the scan whose header stands at `at`.

        Raises Malformed where libjpeg stops, where it warns that the scans are in no order, and
        where it lets a scan replace another.
        """
        if not self._is_possible(scan):
            raise Malformed("the scan header is impossible", at)
        band, before, low = slice(0, _COEFFICIENTS), _UNTOLD, 0
        if self.frame.progressive:
            band = slice(scan.first, scan.last + 1)
            before, low = scan.high or _UNTOLD, scan.low
        size = band.stop - band.start
        for component in scan.components:
            told = self._told[component.index]
            if told[band] != bytes([before] * size) or (band.start and told[0] == _UNTOLD):
                raise Malformed("a scan does not go on from what the others told", at)
            told[band] = bytes([low] * size)
        self.begun = True

    def _is_possible(self, scan: ScanHeader) -> bool:
        if self.frame.lossless:
            return scan.first in _PREDICTORS and not scan.last and not scan.high
        if not self.frame.progressive:
            return True
        if scan.first:
            band = scan.first <= scan.last < _COEFFICIENTS and len(scan.components) == 1
        else:
            band = not scan.last
        return band and scan.low <= _MAX_LOW and (not scan.high or scan.low == scan.high - 1)
