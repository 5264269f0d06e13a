"""Street addresses and postcodes, as they are written in some twenty countries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_NAME = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆŞİČŠŽ][\w’'.-]*"
_NUMBER = r"\d{1,4} ?[a-zA-Z]?(?:[-/]\d{1,4}[a-zA-Z]?)?(?![\w%€$£]|[.,:]\d)"

_STREETS: tuple[str, ...] = (
    # United Kingdom, Ireland, North America, Australia: 221B Baker Street
    (
        rf"(?<![\w.,/$€£#-])\d{{1,5}}[A-Za-z]?(?:-\d{{1,4}})?,? ?(?:(?:North|South|East|West|[NSEW]\.?) )?(?:{_NAME} ?|\d{{1,3}}(?:st|nd|rd|th) ){{1,3}}"
        r"(?:Street|Avenue|Road|Boulevard|Lane|Drive|Court|Square|Terrace|Crescent|Highway|Parkway|Gardens|Mews|Close|Grove"
        r"|(?<= )(?:St|Ave|Av|Rd|Blvd|Ln|Dr|Ct|Pl|Sq|Ter|Cres|Hwy|Pkwy|Way|Place|Row|Hill|Walk|Trail|Circle)(?![a-z]))(?!\w)"
    ),
    # Germany, Austria, Switzerland: Hauptstraße 5
    (
        rf"(?<!\w)(?:{_NAME}[ -]){{0,3}}[A-ZÄÖÜ][\wäöüß]*(?:[ -][Ss]tra(?:ß|ss|B)e|[Ss]tra(?:ß|ss|B)e|[Ss]tr\.|weg|gasse|platz|allee|damm|ufer|[Cc]haussee)"
        rf" ?{_NUMBER}"
    ),
    # France, Belgium: 12 bis, rue de la Paix
    (
        r"(?<![\w.,/])\d{1,4}(?: ?(?:bis|ter))?,? ?(?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Aa]ll[ée]e|[Qq]uai|[Rr]oute|[Cc]ours|[Ss]quare)"
        rf" (?:(?:de|du|des|la|le|les|l['’]|d['’]) ?){{0,3}}{_NAME}(?:[ -]{_NAME}){{0,3}}"
    ),
    # Spain, Italy, Portugal, Latin America: Calle de Alcalá, 42
    (
        r"(?<!\w)(?:Calle|C/|Avenida|Avda?\.|Av\.|Plaza|Paseo|P[ºo]\.?|Carrer|Carretera|[Vv]ia|Viale|Piazza|Corso|Vicolo|Largo|Rua|R\.|Travessa|Pra[çc]a|Alameda|Estrada)"
        rf" (?:(?:de|da|do|dos|das|del|della|dei|delle|di|la|las|los|el|d['’]) ?){{0,2}}(?:{_NAME}|\d{{1,2}} de)(?: (?:(?:de|da|do|del|della|di|la|y|e) )?{_NAME}){{0,3}}"
        rf"(?:,| n[ºo°.]+| nr\.?)? ?{_NUMBER}"
    ),
    # Netherlands, Flanders: Keizersgracht 123-2
    rf"(?<!\w)(?:{_NAME} ){{0,2}}[A-Z][a-zë]+(?:straat|laan|weg|plein|gracht|kade|singel|dreef|steeg) ?{_NUMBER}",
    # Nordic countries: Storgatan 12 B
    rf"(?<!\w)(?:{_NAME} ){{0,2}}[A-ZÅÄÖÆØ][a-zåäöæø]+(?:gatan|v[äa]gen|gata|gate|gaten|veien|vegen|vej|gade|all[ée]|torget|katu|kuja|polku|tie) ?{_NUMBER}",
    # Poland, Czechia, Turkey: ul. Marszałkowska 10/5, Atatürk Cad. No: 5
    rf"(?<!\w)(?:ul\.|al\.|os\.|pl\.) ?{_NAME}(?: {_NAME}){{0,2}} {_NUMBER}",
    rf"(?<!\w){_NAME}(?: {_NAME}){{0,2}} (?:Caddesi|Cad\.|Sokak|Sok\.|Sk\.|Bulvar[ıi]|Mah\.),? ?(?:No ?[:.]? ?)?{_NUMBER}",
    # China, Taiwan, Japan
    r"[\u4e00-\u9fff]{1,8}(?:区|區|市|县|縣)[\u4e00-\u9fff]{1,10}(?:路|街|道|巷|弄)(?:[\u4e00-\u9fff\d]{0,6}段)?\d{1,5}[号號弄]",
    r"[\u4e00-\u9fff]{1,4}[都道府県][\u4e00-\u9fff]{1,6}[市区町村郡][\u4e00-\u9fff\u3040-\u30ff]{1,12}\d{1,3}(?:丁目|[-－−]\d{1,4})",
    r"\bP\.? ?O\.? Box \d{1,6}\b",
)

_UK_AREAS = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK"
    "|FY|G|GL|GU|HA|HD|HG|HP|HR|HS|HU|HX|IG|IP|IV|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW"
    "|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC"
    "|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK"
    "|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR"
)

_POSTCODES: tuple[str, ...] = (
    rf"(?<![\w-])(?:{_UK_AREAS})\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{{2}}(?!\w)",
    rf"[A-Z][a-zA-Z.]+(?: [A-Z][a-z]+){{0,2}},? (?:{_STATES}),? \d{{5}}(?:-\d{{4}})?(?!\w)",
    r"(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d(?!\w)",
    r"(?<![\w.,-])[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2},? (?:[A-Z][a-z]{3,}|'s-)",
    r"〒 ?\d{3}[-－−]\d{4}",
)

# A postcode that is only digits counts where a street stands before it.
_CITY = rf"[\s,;·|]*(?:[A-Z]{{1,2}}-)?(?:\d{{4,5}}|\d{{2,3}} \d{{2,3}}|\d{{2}}-\d{{3}}|\d{{5}}-\d{{3}}) {_NAME}(?:[ -]{_NAME}){{0,2}}"

_STREET = re.compile("(?:" + "|".join(_STREETS) + f")(?:{_CITY})?")
_POSTCODE = re.compile("|".join(_POSTCODES))


def find(text: str) -> Iterator[Match]:
    """Yield the addresses in a text."""
    for pattern in (_STREET, _POSTCODE):
        for found in pattern.finditer(text):
            yield of("content.text.address", found)
