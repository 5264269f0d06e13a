"""Lines with personal data, made up but valid, and near misses of them."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator

FIRST = [
    "Anna",
    "Bruno",
    "Clara",
    "David",
    "Elena",
    "Felix",
    "Greta",
    "Hugo",
    "Irene",
    "Jonas",
    "Karla",
    "Luis",
    "Marta",
    "Nils",
    "Olga",
    "Pablo",
]
LAST = [
    "Almeida",
    "Becker",
    "Carter",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ivanov",
    "Jensen",
    "Keller",
    "Lopez",
    "Moreau",
    "Novak",
]


def personal(chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Yield so many lines of each kind, each with its kind."""
    for tail, make in MAKERS.items():
        for _ in range(count):
            yield f"content.text.{tail}", make(chance)
    for _ in range(count):
        yield "content.text.passport", _identity_card(chance)


def near_misses(chance: random.Random, count: int) -> Iterator[str]:
    """Yield lines that look like personal data and are none."""
    for number in range(count):
        yield NEAR[number % len(NEAR)](chance)


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices(string.digits, k=count))


def _random(chance: random.Random, count: int) -> str:
    letters = string.ascii_letters + string.digits
    return "".join(chance.choices(letters, k=count - 3)) + "aZ7"


def _email(chance: random.Random) -> str:
    first, last = chance.choice(FIRST).lower(), chance.choice(LAST).lower()
    host = chance.choice(
        ("example.com", "mail.example.org", "posteo.de", "firma.co.uk", "uni-wien.ac.at")
    )
    sign = chance.choice((".", "_", "-", ""))
    return (
        chance.choice(("", "E-mail: ", "Contact ", "write to "))
        + f"{first}{sign}{last}{chance.choice(('', '87'))}@{host}"
    )


def _phone(chance: random.Random) -> str:
    import phonenumbers

    country = chance.choice(
        ("GB", "US", "DE", "FR", "ES", "IT", "BR", "IN", "JP", "SE", "NL", "PL")
    )
    example = phonenumbers.example_number_for_type(country, chance.choice((0, 1)))
    plain = phonenumbers.national_significant_number(example)
    while True:
        digits = plain[:-5] + _digits(chance, 5)
        number = phonenumbers.parse(digits, country)
        if phonenumbers.is_valid_number(number):
            break
    kinds = phonenumbers.PhoneNumberFormat
    if country == "GB" and chance.random() < 0.5:
        return phonenumbers.format_number(number, kinds.NATIONAL)
    if chance.random() < 0.3:
        word = chance.choice(("Tel: ", "Phone ", "Mobile: ", "Tel. "))
        return word + phonenumbers.format_number(number, kinds.NATIONAL)
    return chance.choice(("", "Call ", "WhatsApp ")) + phonenumbers.format_number(
        number, kinds.INTERNATIONAL
    )


def _luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits + "0")):
        total += sum(divmod(int(digit) * (1 + place % 2), 10))
    return digits + str(-total % 10)


def _card_number(chance: random.Random) -> str:
    prefix, count = chance.choice(
        (("4", 16), ("53", 16), ("2301", 16), ("37", 15), ("6011", 16), ("3569", 16))
    )
    return _luhn(prefix + _digits(chance, count - len(prefix) - 1))


def _grouped(number: str) -> str:
    if len(number) == 15:
        return f"{number[:4]} {number[4:10]} {number[10:]}"
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def _card(chance: random.Random) -> str:
    number = _card_number(chance)
    return chance.choice(("", "Card ", "Visa: ")) + (
        _grouped(number) if chance.random() < 0.8 else number
    )


IBANS = {
    "DE": "n18", "GB": "a4n14", "FR": "n23", "ES": "n20", "NL": "a4n10", "AT": "n16", "CH": "n17",
    "PL": "n24", "SE": "n20", "PT": "n21", "DK": "n14", "NO": "n11", "IE": "a4n14",
}  # fmt: skip


def iban(chance: random.Random, country: str) -> str:
    """Return a valid number of an account of a country."""
    from stdnum import iban as checked

    while True:
        shape, body = IBANS[country], ""
        while shape:
            kind, length = shape[0], shape[1:].split("a")[0].split("n")[0]
            source = string.digits if kind == "n" else string.ascii_uppercase
            body += "".join(chance.choices(source, k=int(length)))
            shape = shape[1 + len(length) :]
        rest = int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
        number = f"{country}{98 - rest:02}{body}"
        if checked.is_valid(number, check_country=False):
            return number


def _iban(chance: random.Random) -> str:
    number = _valid_iban(chance)
    return chance.choice(("", "IBAN ", "IBAN: ")) + (
        _grouped(number) if chance.random() < 0.7 else number
    )


def _valid_iban(chance: random.Random) -> str:
    from stdnum import iban as checked

    while True:
        number = iban(chance, chance.choice(list(IBANS)))
        if checked.is_valid(number):
            return number


def _national(chance: random.Random) -> str:
    kind = chance.choice(("us", "fr", "gb", "it", "br", "es", "fi", "se", "ch"))
    year, month, day = chance.randint(50, 99), chance.randint(1, 12), chance.randint(1, 28)
    if kind == "us":
        return (
            f"SSN {chance.randint(100, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"
        )
    if kind == "fr":
        body = f"{chance.randint(1, 2)}{year:02}{month:02}75{chance.randint(100, 999)}{chance.randint(100, 999)}"
        return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:13]} {97 - int(body) % 97:02}"
    if kind == "gb":
        return f"NI number {chance.choice(('AB', 'CE', 'JR', 'WK'))} {_digits(chance, 2)} {_digits(chance, 2)} {_digits(chance, 2)} {chance.choice('ABCD')}"
    if kind == "it":
        from stdnum.it import codicefiscale

        body = f"RSSMRA{year:02}{chance.choice('ABCDEHLMPRST')}{day:02}H501"
        return body + codicefiscale.calc_check_digit(body)
    if kind == "br":
        from stdnum.br import cpf

        body = _digits(chance, 9)
        return "CPF " + cpf.format(body + cpf._calc_check_digits(body))  # noqa: SLF001
    if kind == "es":
        number = int(_digits(chance, 8))
        return f"DNI {number:08}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"
    if kind == "fi":
        serial = chance.randint(2, 899)
        check = int(f"{day:02}{month:02}{year:02}{serial:03}") % 31
        return f"{day:02}{month:02}{year:02}-{serial:03}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[check]}"
    if kind == "se":
        return _swedish(f"{year:02}{month:02}{day:02}", chance)
    from stdnum import ean

    body = "756" + _digits(chance, 9)
    number = body + ean.calc_check_digit(body)
    return f"AHV {number[:3]}.{number[3:7]}.{number[7:11]}.{number[11:]}"


def _swedish(born: str, chance: random.Random) -> str:
    number = _luhn(born + _digits(chance, 3))
    return f"{number[:6]}-{number[6:]}"


def _mrz_check(value: str) -> str:
    worth = [int(c) if c.isdigit() else 0 if c == "<" else ord(c) - 55 for c in value]
    return str(sum(w * (7, 3, 1)[i % 3] for i, w in enumerate(worth)) % 10)


def _passport(chance: random.Random) -> str:
    number = chance.choice(string.ascii_uppercase) + _digits(chance, 8)
    born = f"{chance.randint(50, 99)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    until = f"{chance.randint(27, 36)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    state = chance.choice(("GBR", "USA", "FRA", "ESP", "ITA", "UTO"))
    body = (
        number
        + _mrz_check(number)
        + state
        + born
        + _mrz_check(born)
        + chance.choice("MF")
        + until
        + _mrz_check(until)
    )
    return (body + "<" * 14 + "00")[:44]


def _birth_date(chance: random.Random) -> str:
    year, month, day = chance.randint(1940, 2015), chance.randint(1, 12), chance.randint(1, 28)
    name = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )[month - 1]
    return chance.choice((
        f"Date of birth: {day:02}/{month:02}/{year}", f"DOB {year}-{month:02}-{day:02}", f"geboren am {day:02}.{month:02}.{year}",
        f"née le {day:02}/{month:02}/{year}", f"Born {day} {name} {year}", f"Fecha de nacimiento {day:02}/{month:02}/{year}",
        f"Geburtsdatum {day:02}.{month:02}.{year}", f"Data di nascita {day:02}/{month:02}/{year}",
    ))  # fmt: skip


def _address(chance: random.Random) -> str:
    number, code = chance.randint(1, 180), chance.randint(10115, 98999)
    return chance.choice((
        f"{number} {chance.choice(('Baker', 'Church', 'Station', 'Victoria'))} {chance.choice(('Street', 'Road', 'Lane', 'Avenue'))}, London",
        f"{chance.choice(('Haupt', 'Bahnhof', 'Garten', 'Schiller'))}{chance.choice(('straße', 'weg', 'platz'))} {number}, {code} Berlin",
        f"{number} rue de la {chance.choice(('Paix', 'République', 'Gare'))}, {code} Lyon",
        f"Calle de {chance.choice(('Alcalá', 'Toledo', 'Serrano'))}, {number}, 28009 Madrid",
        f"Via {chance.choice(('Roma', 'Garibaldi', 'Dante'))} {number}, 20121 Milano",
        f"{chance.choice(('Keizers', 'Prinsen', 'Heren'))}gracht {number}, Amsterdam",
        f"{chance.choice(('Stor', 'Kungs', 'Drottning'))}gatan {number}, Stockholm",
        f"{number} {chance.choice(('Oak', 'Maple', 'Elm'))} {chance.choice(('St', 'Ave', 'Dr'))}, Springfield, IL {code}",
    ))  # fmt: skip


def _coordinates(chance: random.Random) -> str:
    latitude, longitude = chance.uniform(-80, 80), chance.uniform(-179, 179)
    if chance.random() < 0.3:
        return f"{int(abs(latitude))}°{chance.randint(10, 59)}'{chance.randint(10, 59)}\"N {int(abs(longitude))}°{chance.randint(10, 59)}'{chance.randint(10, 59)}\"E"
    return f"{latitude:.5f}, {longitude:.5f}"


def _network(chance: random.Random) -> str:
    kind = chance.randrange(3)
    if kind == 0:
        return "MAC " + ":".join(f"{chance.randrange(256):02X}" for _ in range(6))
    if kind == 1:
        return f"IP address {chance.choice(('192.168', '10.0', '84.23'))}.{chance.randrange(256)}.{chance.randint(2, 254)}"
    return f"inet {chance.choice((172, 91, 203))}.{chance.randint(16, 31)}.{chance.randrange(256)}.{chance.randint(2, 254)}"


def _link(chance: random.Random) -> str:
    return chance.choice((
        f"https://example.com/reset?token={_random(chance, 18)}", f"https://app.example.org/login?sig={_random(chance, 16)}",
        f"https://us02web.zoom.us/j/{_digits(chance, 10)}", f"https://files.example.net/d?access_token={_random(chance, 20)}",
        f"https://chat.whatsapp.com/{_random(chance, 20)}",
    ))  # fmt: skip


def _password(chance: random.Random) -> str:
    value = (
        chance.choice(("Sunny", "maple", "Tiger", "qwert"))
        + _digits(chance, 3)
        + chance.choice(("!", "#", "x", ""))
    )
    return chance.choice((
        f"Password: {value}", f"WiFi password: {value}", f"Passwort: {value}", f"Mot de passe : {value}", f"Contraseña: {value}",
        f"WLAN-Schlüssel: {_digits(chance, 16)}", f"Your verification code is {_digits(chance, 6)}",
    ))  # fmt: skip


def _secret(chance: random.Random) -> str:
    upper = string.ascii_uppercase + "234567"
    return chance.choice((
        f"AKIA{''.join(chance.choices(upper, k=16))}", f"ghp_{_random(chance, 36)}", f"glpat-{_random(chance, 20)}",
        f"AIza{_random(chance, 35)}", f"sk_live_{_random(chance, 24)}", f"xoxb-{_digits(chance, 11)}-{_random(chance, 24)}",
        "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----", f"api_key = {_random(chance, 32)}",
    ))  # fmt: skip


def _plate(chance: random.Random) -> str:
    letters = "BCDFGHJKLMNPRSTVWXYZ"

    def some(count: int) -> str:
        return "".join(chance.choices(letters, k=count))

    return chance.choice((
        f"{chance.choice(('AB', 'LK', 'YS'))}{chance.choice(('19', '68', '22'))} {some(3)}",
        f"{chance.choice(('B', 'M', 'HH', 'KA'))}-{some(2)} {chance.randint(10, 9999)}",
        f"{some(2)}-{chance.randint(100, 999)}-{some(2)}", f"{_digits(chance, 4)} {some(3)}",
        f"Licence plate {some(3)} {chance.randint(1000, 9999)}", f"Kennzeichen: {some(2)}-{some(1)} {chance.randint(100, 999)}",
    ))  # fmt: skip


def _account(chance: random.Random) -> str:
    name = f"{chance.choice(FIRST).lower()}{chance.choice(('.', '_', ''))}{chance.choice(LAST).lower()}"
    return chance.choice((
        f"Signed in as {name}", f"/home/{name}/Documents", f"/Users/{name}/Desktop/report.txt",
        f"Username: {name}", f"{chance.choice(FIRST).lower()}@laptop:~/src$ make", f"@{name.replace('.', '_')}",
    ))  # fmt: skip


def _badge(chance: random.Random) -> str:
    """Return a name and a role or number, one below the other."""
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return chance.choice((
        f"{name}\n{chance.choice(('Software Engineer', 'Sales Manager', 'Visitor', 'Head Nurse', 'Speaker'))}",
        f"{name.upper()}\n{chance.choice(('Security', 'Press', 'Besucher', 'Volunteer'))}",
        f"{name}\nEmployee No. {_digits(chance, 6)}", f"{name}\nStaff ID: {_digits(chance, 5)}",
        f"HELLO, my name is {chance.choice(FIRST)}",
    ))  # fmt: skip


def _identity_card(chance: random.Random) -> str:
    """Return a line of an identity card: the first or second of three, or the second of two."""
    number = chance.choice(string.ascii_uppercase) + _digits(chance, 8)
    born = f"{chance.randint(50, 99)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    until = f"{chance.randint(27, 36)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    state, sex = chance.choice(("D<<", "FRA", "ESP", "ITA", "UTO")), chance.choice("MF")
    dates = f"{born}{_mrz_check(born)}{sex}{until}{_mrz_check(until)}"
    checked = number + _mrz_check(number)
    two_lines = f"{checked}{state}{dates}".ljust(35, "<") + _digits(chance, 1)
    return chance.choice(
        (f"I<{state}{checked}".ljust(30, "<"), f"{dates}{state}".ljust(29, "<") + "6", two_lines)
    )


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "email": _email, "phone": _phone, "card": _card, "iban": _iban, "national_id": _national, "passport": _passport,
    "birth_date": _birth_date, "address": _address, "coordinates": _coordinates, "network": _network, "link": _link,
    "password": _password, "secret": _secret, "plate": _plate, "account": _account, "badge": _badge,
}  # fmt: skip


def _off_by_one(number: str, chance: random.Random) -> str:
    place = chance.choice([i for i, c in enumerate(number) if c.isdigit() and i > 5])
    digit = str((int(number[place]) + chance.randint(1, 9)) % 10)
    return number[:place] + digit + number[place + 1 :]


def _cpf_off_by_one(chance: random.Random) -> str:
    from stdnum.br import cpf

    while True:
        number = cpf.format(_digits(chance, 11))
        if not cpf.is_valid(number):
            return number


def _passport_off_by_one(chance: random.Random) -> str:
    """Return a passport's line of which no check digit comes out."""
    line = list(_passport(chance))
    for place in (9, 19, 27):
        line[place] = str((int(line[place]) + chance.randint(1, 9)) % 10)
    return "".join(line)


NEAR: tuple[Callable[[random.Random], str], ...] = (
    lambda c: "Card " + _grouped(_off_by_one(_card_number(c), c)),
    lambda c: "IBAN " + _grouped(_off_by_one(_valid_iban(c), c)),
    lambda c: f"version {c.randint(1, 20)}.{c.randint(0, 30)}.{c.randint(0, 99)}.{c.randint(0, 99)}",
    lambda c: f"v{c.randint(1, 9)}.{c.randint(0, 30)}.{c.randint(0, 99)}",
    lambda c: f"Total {c.randint(1, 999)},{c.randint(100, 999)}.{c.randint(10, 99)} EUR",
    lambda c: f"${c.randint(1, 9)},{c.randint(100, 999)},{c.randint(100, 999)}.00",
    lambda c: f"Meeting on {c.randint(1, 28):02}/{c.randint(1, 12):02}/{c.randint(2020, 2030)} at {c.randint(8, 18)}:30",
    lambda c: f"{c.randint(2020, 2030)}-{c.randint(1, 12):02}-{c.randint(1, 28):02} {c.randint(10, 23)}:{c.randint(10, 59)}:{c.randint(10, 59)}",
    lambda c: f"ISBN 978-{c.randint(0, 9)}-{_digits(c, 4)}-{_digits(c, 4)}-{_digits(c, 1)}",
    lambda c: f"Order {_digits(c, 10)}",
    lambda c: f"Invoice No. {c.randint(2020, 2026)}-{_digits(c, 6)}",
    lambda c: f"Tracking {_digits(c, 12)}",
    lambda c: f"icon{c.randint(1, 99)}@{c.choice('23')}x.png",
    lambda c: f"{c.randint(2, 90)} pieces @ {c.randint(1, 90)}.50 each",
    lambda c: c.choice(("Forgot your password?", "Password must have 8 characters", "Password: ••••••••", "Enter your password", "Password required")),
    lambda c: f"{c.randint(640, 3840)} x {c.randint(480, 2160)} pixels, {c.randint(60, 240)} Hz",
    lambda c: f"commit {''.join(c.choices('0123456789abcdef', k=40))}",
    lambda c: f"https://example.com/{c.choice(('news', 'blog'))}/{c.randint(2015, 2026)}/how-to-bake-better-bread",
    lambda c: f"https://shop.example.org/search?q=shoes&page={c.randint(1, 99)}",
    lambda c: f"{c.randint(1, 99)}.{c.randint(10, 99)}, {c.randint(1, 99)}.{c.randint(10, 99)} mean and deviation",
    lambda c: f"{c.randint(1, 99)} million people in {c.randint(2, 30)} countries",
    lambda c: f"Chapter {c.randint(1, 30)}, page {c.randint(1, 900)}",
    lambda c: f"{c.randint(10, 23)}:{c.randint(10, 59)} - {c.randint(10, 23)}:{c.randint(10, 59)}  Room {c.randint(1, 400)}",
    lambda c: f"Score {c.randint(0, 9)}-{c.randint(0, 9)} after {c.randint(60, 120)} minutes",
    lambda c: f"Model {c.choice(('XR', 'TK', 'MB'))}-{_digits(c, 4)} rev. {c.choice('ABC')}",
    lambda c: f"Season {c.randint(1, 9)} from {c.randint(1980, 2026)} to {c.randint(1990, 2026)}",
    lambda c: f"Temperature {c.randint(-9, 39)}.{c.randint(0, 9)} °C, {c.randint(20, 99)} %",
    lambda c: f"UUID {''.join(c.choices('0123456789abcdef', k=8))}-4a1b-9c2d-{''.join(c.choices('0123456789abcdef', k=12))}",
    lambda c: f"EAN {_digits(c, 13)}",
    lambda c: f"Serial number {c.choice('ABCDEF')}{_digits(c, 9)}",
    lambda c: f"born to run, {c.randint(1970, 1999)}, track {c.randint(1, 12)}",
    lambda c: f"CPF {_cpf_off_by_one(c)}",
    lambda c: f"Steuer-ID 0{_digits(c, 1)} {_digits(c, 3)} {_digits(c, 3)} {_digits(c, 3)}",
    _passport_off_by_one,
    lambda c: f"Date of birth: 3{c.randint(2, 9)}/1{c.randint(3, 9)}/{c.randint(1950, 2000)}",
    lambda c: c.choice(("127.0.0.1", "255.255.255.0", "0.0.0.0", "DNS 8.8.8.8", "mask 255.255.0.0")),
    lambda c: f"Flight {c.choice(('LH', 'TP', 'BA'))} {c.randint(100, 9999)}, gate {c.choice('ABC')}{c.randint(1, 60)}",
    lambda c: f"{c.choice(('Sunday', 'Golden', 'Little'))} {c.choice(('Market', 'Garden', 'Bakery'))}\nOpen daily",
    lambda c: c.choice(("Staff only", "Visitor centre", "Senior software engineers wanted", f"Staff ID: {_digits(c, 5)}")),
    lambda c: c.choice(("@media (min-width: 640px)", "@import url(a.css)", "/home page", "Username or e-mail", "Log in as guest")),
    lambda c: f"sha256 {''.join(c.choices('0123456789abcdef', k=64))}",
    lambda c: f"ref. 0{_digits(c, 3)} {_digits(c, 3)} {_digits(c, 4)}",
    lambda c: f"{c.randint(1, 9)} drives, {c.randint(10, 90)} squares and {c.randint(2, 9)} lanes",
)  # fmt: skip
