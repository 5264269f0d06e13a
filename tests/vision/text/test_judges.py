from __future__ import annotations

import random
import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unexposed.exposure import KINDS
from unexposed.vision.text.judges import JUDGES, judge, phone

# What a line says -> what it gives away, as kinds without "content.text." and the characters.
TELLING: list[tuple[str, str, str]] = [
    ("write to jane.doe+x@mail.example.co.uk today", "email", "jane.doe+x@mail.example.co.uk"),
    ("Card 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
    ("3782 822463 10005", "card", "3782 822463 10005"),
    ("41l1 1111 1111 l1I1", "card", "41l1 1111 1111 l1I1"),
    ("GB82 WEST 1234 5698 7654 32", "iban", "GB82 WEST 1234 5698 7654 32"),
    ("DE89 3704 O044 0532 0130 00", "iban", "DE89 3704 O044 0532 0130 00"),
    ("IE48 OI9M 5721 0826 0642 43", "iban", "IE48 OI9M 5721 0826 0642 43"),
    ("jonas_becker@example. com", "email", "jonas_becker@example. com"),
    ("MAC CF:54:66:FO:DA:77", "network", "CF:54:66:FO:DA:77"),
    ("https://us02web.z0om.us/j/5100503072", "link", "https://us02web.z0om.us/j/5100503072"),
    ("via Roma 100, 20121 Milano", "address", "via Roma 100, 20121 Milano"),
    ("Te1. 081234 56353", "phone", "081234 56353"),
    ("RSSMRA88H01 H501S", "national_id", "RSSMRA88H01 H501S"),
    ("59055'39\"N 42°36'33\"E", "coordinates", "59055'39\"N 42°36'33\"E"),
    ("+44 20 7946 0958", "phone", "+44 20 7946 0958"),
    ("Tel. 0211 123456", "phone", "0211 123456"),
    ("携帯 090-1234-5678", "phone", "090-1234-5678"),
    ("SSN 536-90-4399", "national_id", "536-90-4399"),
    ("1 84 12 76 451 089 46", "national_id", "1 84 12 76 451 089 46"),
    ("RSSMRA85T10A562S", "national_id", "RSSMRA85T10A562S"),
    ("RSSMRA86HO1H5019", "national_id", "RSSMRA86HO1H5019"),
    ("CPF496.007.618-68", "national_id", "496.007.618-68"),
    ("Steuer-ID 36 574 261 809", "national_id", "36 574 261 809"),
    ("NI number JR 12 34 56 C", "national_id", "JR 12 34 56 C"),
    ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "passport", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
    ("|437341240GBR7204173M2909185<<<<<<<<<<<<<<00", "passport", "|437341240GBR7204173M2909185<<<<<<<<<<<<<<00"),
    ("L898902C36UTO7408122F12O4159ZE184226B«<<<10", "passport", "L898902C36UTO7408122F12O4159ZE184226B«<<<10"),
    ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "passport", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"),
    ("I<UTOD231458907<<<<<<<<<<<<<<<", "passport", "I<UTOD231458907<<<<<<<<<<<<<<<"),
    ("7408122F1204159UTO<<<<<<<<<<<6", "passport", "7408122F1204159UTO<<<<<<<<<<<6"),
    ("Date of birth: 12/03/1984", "birth_date", "12/03/1984"),
    ("D0B 1948-10-18", "birth_date", "1948-10-18"),
    ("geboren am 3. März 1984", "birth_date", "3. März 1984"),
    ("生年月日 1984年3月12日", "birth_date", "1984年3月12日"),
    ("221B Baker Street, London", "address", "221B Baker Street"),
    ("Hauptstraße 5, 10115 Berlin", "address", "Hauptstraße 5, 10115 Berlin"),
    ("12, rue de la Paix, 75002 Paris", "address", "12, rue de la Paix, 75002 Paris"),
    ("Calle de Alcalá, 42", "address", "Calle de Alcalá, 42"),
    ("ul. Marszałkowska 10/5", "address", "ul. Marszałkowska 10/5"),
    ("London SW1A 1AA", "address", "SW1A 1AA"),
    ("AB12 CDE", "plate", "AB12 CDE"),
    ("B-MW 1234", "plate", "B-MW 1234"),
    ("粤B12345", "plate", "粤B12345"),
    ("Licence plate 7ABC123", "plate", "7ABC123"),
    ("38.7223, -9.1393", "coordinates", "38.7223, -9.1393"),
    ("38°43'20\"N 9°8'21\"W", "coordinates", "38°43'20\"N 9°8'21\"W"),
    ("6⁰26'55\"N 176°20'14'E", "coordinates", "6⁰26'55\"N 176°20'14'E"),
    ("23°3941\"N 39°27'26\"E", "coordinates", "23°3941\"N 39°27'26\"E"),
    ("8FVC9G8F+6X", "coordinates", "8FVC9G8F+6X"),
    ("inet 192.168.1.20 up", "network", "192.168.1.20"),
    ("ether 3c:22:fb:0a:91:5e", "network", "3c:22:fb:0a:91:5e"),
    ("2001:db8:85a3::8a2e:370:7334", "network", "2001:db8:85a3::8a2e:370:7334"),
    ("https://example.com/reset?token=a8f7d6e5c4b3", "link", "https://example.com/reset?token=a8f7d6e5c4b3"),
    ("zoom.us/j/81234567890", "link", "zoom.us/j/81234567890"),
    ("ftp://jane:s3cret@example.com/x", "link", "ftp://jane:s3cret@example.com/x"),
    ("ghp_" + "aB3dE6gH9j" * 4, "secret", "ghp_" + "aB3dE6gH9j" * 4),
    ("AlzaxuZ75Qz9OzEux5eN9dXDSsO7BSma1gwAaZ7", "secret", "AlzaxuZ75Qz9OzEux5eN9dXDSsO7BSma1gwAaZ7"),
    ("glpat-ABVOTpeuNN4xvi1 LPaZ7 expires", "secret", "glpat-ABVOTpeuNN4xvi1 LPaZ7"),
    ("- - - - -BEGIN  OPENSSH PRIVATE  KEY-- - - -", "secret", "- - - - -BEGIN  OPENSSH PRIVATE  KEY-- - - -"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", "secret", "-----BEGIN OPENSSH PRIVATE KEY-----"),
    ("Password: hunter22", "password", "hunter22"),
    ("WLAN-Schlüsse1:7913306462001072", "password", "7913306462001072"),
    ("WLAN-Schlüssel： 48h2k9d8x7", "password", "48h2k9d8x7"),
    ("Your verification code is 482913", "password", "482913"),
    ("WIFI:T:WPA;S:Home;P:hunter22;;", "password", "hunter22"),
    ("SSID: Home  Key: 4gHt77kLm", "password", "4gHt77kLm"),
    ("SSID FRITZ!Box 7590\nKey: 48274928472948274917", "password", "48274928472948274917"),
    ("Jane Doe\nSenior Software Engineer", "badge", "Jane Doe\nSenior Software Engineer"),
    ("Jane Doe\nStaff ID: 204417", "badge", "Jane Doe\nStaff ID: 204417"),
    ("JANE DOE\nVisitor", "badge", "JANE DOE\nVisitor"),
    ("HELLO, my name is Jane Doe", "badge", "Jane Doe"),
    ("D231458907UTO7408122F1204159<<<<<<<6", "passport", "D231458907UTO7408122F1204159<<<<<<<6"),
    ("Springfield, IL 62704", "address", "Springfield, IL 62704"),
    ("1012 AB Amsterdam", "address", "1012 AB Amsterdam"),
    ("P.O. Box 123", "address", "P.O. Box 123"),
    ("lat: 38.72 lon: -9.13", "coordinates", "lat: 38.72 lon: -9.13"),
    ("AB-123-CD", "plate", "AB-123-CD"),
    ("AKIAIOSFODNN7EXAMPLE", "secret", "AKIAIOSFODNN7EXAMPLE"),
    ("-----BEGIN PGP PRIVATE KEY BLOCK-----", "secret", "-----BEGIN PGP PRIVATE KEY BLOCK-----"),
    ("Signed in as jane.doe", "account", "jane.doe"),
    ("@jane_doe", "account", "@jane_doe"),
    ("jane@laptop:~/src$ ls", "account", "jane@laptop"),
    (r"C:\Users\jane.doe\Desktop", "account", "jane.doe"),
]  # fmt: skip

HARMLESS: list[str] = [
    "Card 4111 1111 1111 1112", "IBAN GB82 WEST 1234 5698 7654 33", "icon@2x.png", "5 pieces @ 3.50",
    "version 10.2.3.4", "v1.2.3.4", "127.0.0.1", "255.255.255.0", "8.8.8.8", "Total 1,299.00 EUR",
    "ISBN 978-3-16-148410-0", "Order 5551234567", "Meeting on 12/03/2026", "Password: ••••••••",
    "Forgot your password?", "Password required", "1920 x 1080 pixels", "12:30:45", "std::vector<int>",
    "https://example.com/news/2024/how-to-bake-better-bread", "born to run", "10 Stars", "Chapter 5",
    "536-90-4399-5", "666-12-3456", "12.50, 13.75", "L898902C46UTO7408123F1204158", "DOB 31/02/1984",
    "https://example.com/watch?v=dQw4w9WgXcQ", "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709", "EAN 4121519083265", "Password: ••...e•", "Password: •oeoeoe•",
    "SSID: Home  Key: ••••••••", "SSID and key are on the label", "Staff ID: 204417", "Senior Software Engineer",
    "Jane Doe\nNew York", "Staff Only\nNo Entry", "D231458908UTO7408123F1204158<<<<<<<6",
]  # fmt: skip

SHAPES = {"DE": (0, 18), "FR": (0, 23), "AT": (0, 16), "PL": (0, 24), "GB": (4, 14), "NL": (4, 10)}


@pytest.mark.parametrize(("line", "kind", "value"), TELLING)
def test_what_gives_something_away_is_found(line: str, kind: str, value: str) -> None:
    assert [(m.kind, m.value) for m in judge(line)] == [(f"content.text.{kind}", value)]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_only_looks_alike_is_passed_over(line: str) -> None:
    assert judge(line) == []


def test_a_number_of_the_persons_own_country_counts_without_a_word() -> None:
    assert [m.value for m in phone.find("020 7946 0958", "GB")] == ["020 7946 0958"]
    assert list(phone.find("020 7946 0958", "")) == []
    assert list(phone.find("Order 020 7946 0958", "GB")) == []


def test_the_second_date_in_a_list_is_not_one_of_birth() -> None:
    assert [m.value for m in judge("born 1984-03-12, signed 2020-04-01")] == ["1984-03-12"]


def account(country: str, chance: random.Random) -> str:
    letters, digits = SHAPES[country]
    body = "".join(chance.choices(string.ascii_uppercase, k=letters))
    body += "".join(chance.choices(string.digits, k=digits))
    rest = int("".join(str(int(c, 36)) for c in f"{body}{country}00")) % 97
    return f"{country}{98 - rest:02}{body}"


@settings(max_examples=60)
@given(st.sampled_from(sorted(SHAPES)), st.randoms(use_true_random=False))
def test_a_valid_iban_is_always_found(country: str, chance: random.Random) -> None:
    from stdnum import iban

    number = account(country, chance)
    if not iban.is_valid(number):
        return  # a few countries have check digits of their own
    for written in (number, iban.format(number)):
        assert ("content.text.iban", written) in [(m.kind, m.value) for m in judge(written)]


@settings(max_examples=60)
@given(st.sampled_from(sorted(SHAPES)), st.randoms(use_true_random=False), st.data())
def test_an_iban_with_one_changed_digit_is_never_found(
    country: str, chance: random.Random, data: st.DataObject
) -> None:
    number = account(country, chance)
    place = data.draw(st.sampled_from([i for i, c in enumerate(number) if c.isdigit()]))
    other = data.draw(st.sampled_from([d for d in string.digits if d != number[place]]))
    changed = number[:place] + other + number[place + 1 :]
    assert "content.text.iban" not in {m.kind for m in judge(changed)}


@settings(max_examples=60)
@given(st.text(string.digits, min_size=14, max_size=14), st.data())
def test_a_card_is_found_and_with_one_changed_digit_never(body: str, data: st.DataObject) -> None:
    from stdnum import luhn

    number = "4" + body
    number += luhn.calc_check_digit(number)
    assert [m.kind for m in judge(number)] == ["content.text.card"]
    place = data.draw(st.integers(1, 15))
    other = data.draw(st.sampled_from([d for d in string.digits if d != number[place]]))
    changed = number[:place] + other + number[place + 1 :]
    assert "content.text.card" not in {m.kind for m in judge(changed)}


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_text_is_judged_and_matches_are_stretches_of_it(text: str) -> None:
    matches = judge(text)
    assert all(0 <= m.start < m.end <= len(text) and m.kind in KINDS for m in matches)
    assert all(a.end <= b.start for a, b in pairwise(matches))


@pytest.mark.parametrize("text", ["a" * 4000, "1 " * 2000, "<" * 4000, "A.a@" * 1000, "Am " * 1300, "0:" * 2000,
                                  "Aa " * 1300 + "Street", "12 Aa-" * 600, "1.1, " * 800, "SSID " * 800])  # fmt: skip
@pytest.mark.timeout(20)
def test_no_text_takes_long(text: str) -> None:
    for find in JUDGES:
        list(find(text))
