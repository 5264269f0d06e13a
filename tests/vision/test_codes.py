from __future__ import annotations

import cv2
import numpy
import pytest
from zxingcpp import BarcodeFormat

from tests.builders.codes import BOARDING_PASS, EIGHT_KINDS, as_jpeg, code, eight_kinds, scene_with
from unexposed.exposure import KINDS, Level
from unexposed.vision.codes import detect


def colour(grey: numpy.ndarray) -> numpy.ndarray:
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)


def told(content: str | bytes, kind: BarcodeFormat = BarcodeFormat.QRCode) -> tuple[str, str]:
    [seen] = detect(colour(code(kind, content)))
    return seen.kind, seen.value


@pytest.mark.parametrize(
    ("module", "angle", "inverted"),
    [(2, 0, False), (3, 17, False), (4, 130, True)],
)
def test_codes_of_eight_kinds_are_found_at_any_angle(
    module: float, angle: float, inverted: bool
) -> None:
    scenes = eight_kinds(module, angle, inverted=inverted)
    missed = [name for name, picture in scenes.items() if len(detect(picture)) != 1]
    assert missed == []


@pytest.mark.parametrize(("module", "inverted"), [(3, True), (8, False), (14, True), (20, False)])
def test_rows_of_any_size_are_found_in_twelve_megapixels(module: int, inverted: bool) -> None:
    """In so many pixels their reader finds few of them, and more in a piece."""
    drawn = code(BarcodeFormat.PDF417, BOARDING_PASS, module)
    grain = numpy.random.default_rng(1).integers(0, 60, (750, 1000)).astype(numpy.uint8)
    picture = busy((4000, 3000), 0) - cv2.resize(grain, (4000, 3000))
    height, width = drawn.shape
    picture[900 : 900 + height, 500 : 500 + width] = 255 - drawn if inverted else drawn
    seen = detect(as_jpeg(colour(picture), 60))
    assert [one.kind for one in seen] == ["content.code.boarding_pass"]


def busy(size: tuple[int, int], seed: int) -> numpy.ndarray:
    """Grey patches, and with a seed strokes all over them, among which no place stands out."""
    rng = numpy.random.default_rng(seed)
    patches = numpy.asarray(rng.integers(120, 250, (15, 20)), numpy.uint8)
    ground = cv2.resize(patches, size, interpolation=cv2.INTER_CUBIC)
    for x, y in rng.integers(0, size, (2500 if seed else 0, 2)):
        cv2.putText(ground, "Ro", (int(x), int(y)), cv2.FONT_HERSHEY_PLAIN, 2, int(y) % 90, 2)
    return ground


@pytest.mark.parametrize("kind", ["EAN-13", "Code 128", "ITF"])
@pytest.mark.parametrize("inverted", [False, True])
def test_stripes_askew_are_found_where_all_is_busy(kind: str, inverted: bool) -> None:
    drawn = code(*EIGHT_KINDS[kind])
    drawn = 255 - drawn if inverted else drawn
    picture = busy((1200, 900), 1)
    height, width = drawn.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 45, 1.0)
    turn[:, 2] += (600 - width / 2, 450 - height / 2)
    mask = cv2.warpAffine(numpy.full_like(drawn, 255), turn, (1200, 900))
    laid = cv2.warpAffine(drawn, turn, (1200, 900))
    [seen] = detect(colour(numpy.where(mask, laid, picture)))
    x, y = numpy.mean(seen.outline, axis=0)
    assert (x, y) == pytest.approx((600, 450), abs=20)


def test_an_outline_stands_where_the_code_is() -> None:
    drawn = code(*EIGHT_KINDS["QR"])
    [seen] = detect(scene_with(drawn, scale=1, angle=30, size=(800, 600)))
    side = drawn.shape[0] - 64
    lengths = [
        numpy.hypot(x1 - x0, y1 - y0)
        for (x0, y0), (x1, y1) in zip(seen.outline, seen.outline[1:], strict=False)
    ]
    assert lengths == pytest.approx([side] * 3, rel=0.06)
    x, y = numpy.mean(seen.outline, axis=0)
    assert abs(x - 400) < 55
    assert abs(y - 300) < 55


@pytest.mark.parametrize("angle", [0, 20, 50])
def test_an_outline_of_a_striped_code_holds_all_its_bars(angle: int) -> None:
    drawn = code(BarcodeFormat.Code128, "ABC-1234567")
    [seen] = detect(scene_with(drawn, scale=1, angle=angle, size=(800, 600)))
    (x0, y0), (x1, y1), (x2, y2), _ = seen.outline
    bars = drawn.shape[0] - 32
    assert numpy.hypot(x2 - x1, y2 - y1) == pytest.approx(bars, abs=14)
    assert numpy.hypot(x1 - x0, y1 - y0) > 2 * bars


@pytest.mark.parametrize("angle", [0, 20, 70])
def test_an_outline_holds_a_code_to_its_far_end(angle: int) -> None:
    drawn = code(BarcodeFormat.PDF417, BOARDING_PASS)
    [seen] = detect(scene_with(drawn, scale=1, angle=angle, bent=0.01, size=(1000, 1000)))
    (x0, y0), (x1, y1), (x2, y2), _ = seen.outline
    assert numpy.hypot(x1 - x0, y1 - y0) == pytest.approx(548, rel=0.06)
    assert numpy.hypot(x2 - x1, y2 - y1) == pytest.approx(132, rel=0.15)


@pytest.mark.parametrize(
    ("content", "kind", "value"),
    [
        ("https://example.org/join/?token=s3cret", "link", "example.org/join?…"),
        ("WIFI:T:WPA;S:Caf\\;e;P:s3cret;;", "wifi", "the network “Caf;e”"),
        ("otpauth://totp/Example:anna?secret=JBSWY3DP", "otp", "login codes of Example:anna"),
        ("otpauth-migration://offline?data=CjEKCkhlbGxv", "otp", "login codes of several accounts, as an authenticator exports them"),
        ("BEGIN:VCARD\nVERSION:3.0\nN:Beispiel;Anna;;;\nTEL:+491511234567\nEND:VCARD", "contact", "Anna Beispiel"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Anna Beispiel\nEND:VCARD", "contact", "Anna Beispiel"),
        ("MECARD:N:Beispiel,Anna;TEL:+491511234567;;", "contact", "Beispiel,Anna"),
        ("mailto:anna@example.org?subject=x", "contact", "anna@example.org"),
        (BOARDING_PASS, "boarding_pass", "ANNA BEISPIEL, booking ABC123, TP 576 LIS-FRA, 13 Aug or 14 Aug, seat 1A"),
        ("#UT01" + "0" * 40, "ticket", "a ticket of a railway or transport association"),
        ("BCD\n002\n1\nSCT\nBFSWDE33BER\nAnna Beispiel\nDE89370400440532013000\nEUR1", "payment", "to Anna Beispiel, account ending in 3000"),
        ("SPC\r\n0200\r\n1\r\nCH4431999123000889012\r\nS\r\nRobert Beispiel AG\r\n", "payment", "to Robert Beispiel AG, account ending in 9012"),
        ("00020126360014br.gov.bcb.pix0114+55619999999995204000053039865802BR5905Paulo6008BRASILIA62070503***63041D3D", "payment", "PIX to Paulo"),
        ("bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq?amount=1", "payment", "bitcoin bc1qar…5mdq"),
        ("ethereum:0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe", "payment", "ethereum 0xde0B…7BAe"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "payment", "bitcoin bc1qar…5mdq"),
        ("@\n\x1e\rANSI 636014040002DL00410288", "identity", "a driving licence"),
        ("see you at eight", "", "QR Code: see you at eight"),
    ],
)  # fmt: skip
def test_what_a_code_holds_is_named_and_its_secret_is_not(
    content: str, kind: str, value: str
) -> None:
    assert told(content) == (f"content.code.{kind}".rstrip("."), value)
    assert "s3cret" not in value


@pytest.mark.parametrize("tail", ["otp", "wifi", "boarding_pass", "identity"])
def test_a_code_that_opens_an_account_a_network_or_a_booking_is_critical(tail: str) -> None:
    assert KINDS[f"content.code.{tail}"].level is Level.CRITICAL


def test_an_aztec_code_of_bytes_is_a_ticket() -> None:
    assert told(bytes(range(128, 250)), BarcodeFormat.Aztec)[0] == "content.code.ticket"


def test_a_long_content_is_told_in_one_line_and_cut() -> None:
    kind, value = told("a\tb\n" + "x" * 300)
    assert kind == "content.code"
    assert len(value) == 80
    assert value.startswith("QR Code: a b xxx")


def test_stripes_that_are_no_code_are_none() -> None:
    stripes = numpy.zeros((400, 400), numpy.uint8)
    stripes[:, ::8] = stripes[:, 1::8] = stripes[:, 2::8] = 255
    assert detect(colour(stripes)) == []
