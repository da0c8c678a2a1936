"""Who is calling: a caller ID as some trunk, telephone or modem spelled it, read as one telephone number.

The North American plan (country code 1) is read by its structure NXX-NXX-XXXX (NANPA, "About the North American
Numbering Plan") and a table of area codes, not by lists of numbers in service: those lag behind new area codes and
refuse the fictional 555-01xx numbers. Other countries are read by the `phonenumbers` library's lengths and calling
codes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers


class NumberKind(StrEnum):
    """What a number is good for. Texts go to TEXTABLE ones, and to INTERNATIONAL ones of allowed countries."""

    TEXTABLE = "textable"  # of the home country, possible, nothing known against it
    INTERNATIONAL = "international"  # a possible number of another country than the home country; see `is_foreign`
    WITHHELD = "withheld"  # the caller, or the network, does not say
    INVALID = "invalid"  # no telephone can have this number
    SHORT_CODE = "short_code"  # five or six digits: an operator's or advertiser's service
    PREMIUM = "premium"  # area code 900, exchange 976
    TOLL_FREE = "toll_free"  # 800, 833, 844, 855, 866, 877, 888 and the codes reserved for more of them


@dataclass(frozen=True, slots=True)
class Number:
    """A caller ID that has been read.

    `e164` is set for every number that can be dialled world-wide and None for WITHHELD, INVALID and SHORT_CODE.
    `region` is the ISO 3166 code of the number's country, None when it has none or it is not known. `digits` are the
    digits as spelled, without "+", for comparison with extensions and short codes ("" when there are none).
    """

    e164: str | None
    kind: NumberKind
    region: str | None = None
    digits: str = ""


def read_number(raw: str | None, country: str, area_code: str) -> Number:
    """Read a caller ID in any spelling; never raises.

    `country` is the business's own (ISO 3166, "US"): numbers without a country code are its. `area_code` completes
    seven-digit numbers. Known spellings: `+1...`, `1...`, ten digits, seven digits, `011...` and `00...` for abroad,
    `"Name" <number>`, `sip:`, `sips:` and `tel:` addresses with parameters, any of these with separators. Withheld:
    nothing, zeros, and the words trunks put in place of a number. Three and four digits are INVALID: as a caller ID
    they are somebody's extension (the business's own ones are matched by `digits` before), not a short code.
    """
    if raw is None:
        return Number(None, NumberKind.WITHHELD)
    if len(raw) > _LONGEST_SPELLING:
        return Number(None, NumberKind.INVALID)
    spelled = _address_in(raw)
    if spelled is None or _WITHHELD.fullmatch(_NOISE.sub("", spelled.casefold())):
        return Number(None, NumberKind.WITHHELD)
    plain = _SEPARATORS.sub("", spelled)
    match = re.fullmatch(r"(\+?)([0-9]+)", plain)
    if match is None:
        return Number(None, NumberKind.INVALID)
    plus, digits = match.groups()
    if not digits.strip("0"):
        return Number(None, NumberKind.WITHHELD, digits=digits)
    return _read_digits(bool(plus), digits, country.upper(), area_code)


def read_dialled(raw: str, country: str, area_code: str) -> Number:
    """Read a number as the office dialled it: like a caller's, perhaps behind a digit for an outside line or a provider's
    prefix. Never raises.

    Nobody dials abroad without `+`, `011` or `00` from North America: `91 216 555 0137` is an outside line, not India.
    """
    plain = read_number(raw, country, area_code)
    digits = plain.digits
    if country.upper() not in _NANP:
        return plain if plain.e164 is not None else _behind_prefix(digits[1:], country, area_code) or plain
    is_plain = len(digits) in (7, 10, 11) or digits.startswith(("011", "00"))
    if "+" in raw or (is_plain and plain.e164 is not None):
        return plain
    return _behind_prefix(digits[1:], country, area_code) or _behind_prefix(digits[-11:], country, area_code) or plain


def _behind_prefix(digits: str, country: str, area_code: str) -> Number | None:
    is_whole = len(digits) in (7, 10) or digits.startswith(("1", "011", "00"))
    if country.upper() in _NANP and not is_whole:
        return None
    found = read_number(digits, country, area_code)
    return found if found.e164 is not None else None


def is_foreign(number: Number, allowed: Set[str]) -> bool:
    """Whether the number belongs to a country outside `allowed` (ISO 3166). "US" takes in Puerto Rico, the US Virgin
    Islands, Guam, the Northern Marianas and American Samoa; Canada and the Caribbean are countries of their own.
    A number without an E.164 form is not foreign, it is something else.
    """
    if number.e164 is None:
        return False
    if number.region in _UNITED_STATES and allowed & _UNITED_STATES:
        return False
    return number.region not in allowed


def contact_key(number: Number, raw: str) -> str | None:
    """Under what a contact is kept: the world-wide number, else the digits of a short code, else the name that shows
    instead of a number. None for withheld callers: they are nobody.
    """
    if number.kind is NumberKind.WITHHELD:
        return None
    return number.e164 or number.digits or " ".join(raw.split()).casefold()[:_LONGEST_NAME]


def masked(number: str | None) -> str:
    """The number for logs: `+12165550137` is `+1216***0137`. Short codes stay whole, names are cut to two letters."""
    if not number:
        return "withheld"
    if not re.fullmatch(r"\+?[0-9]+", number):
        return f"{number[:2]}***" if number[0].isalpha() else "***"
    if len(number) <= 6:
        return number
    shown = max(0, min(5 if number.startswith("+") else 3, len(number) - 7))
    return f"{number[:shown]}***{number[-4:]}"


def spoken(e164: str | None) -> str:
    """The number for people: `(216) 555-0137` in North America, `+44 20 7946 0123` elsewhere, names unchanged."""
    if not e164:
        return "withheld number"
    if match := re.fullmatch(r"\+1([0-9]{3})([0-9]{3})([0-9]{4})", e164):
        return "({}) {}-{}".format(*match.groups())
    if not re.fullmatch(r"\+[0-9]{7,15}", e164):
        return e164
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


# ---- from a spelling to digits ----

_LONGEST_NAME: Final = 40  # TS 23.040 9.1.2.5: an alphanumeric sender has 11 letters; CNAM names have 15
_LONGEST_SPELLING: Final = 512  # a caller ID with name and SIP parameters has under 200 characters; more is an attack

# Words that stand where a number should: RFC 3323 ("anonymous"), Asterisk ("<unknown>", "asterisk", "s"), CNAM and
# telephone displays ("P" private, "O" out of area), Spanish networks. Compared without spaces and punctuation.
_WITHHELD: Final = re.compile(
    r"(?:(?:no|not|caller|number|name|id|call|n[uú]mero)*"
    r"(?:anonym(?:ous)?|private|(?:un)?available|unknown|withheld|restricted|blocked|outofarea|unidentified|undisclosed"
    r"|hidden|suppressed|an[oó]nim[oa]|privad[oa]|desconocid[oa]|ocult[oa]|restringid[oa])"
    r"(?:caller|number|name|id|call)*"
    r"|no(?:callerid|number|name|callernumber)?|none|null|nil|nobody|n/?a|p|o|u|s|asterisk)?"
)
_NOISE: Final = re.compile(r"[\s\-._<>\"'()]+")
# A display name by which a caller asks for privacy although the trunk still shows the number (RFC 3323 4.1.1.3).
# "Unknown" and "Unavailable" are not among them: there only the name could not be looked up.
_PRIVACY_NAMES: Final = frozenset({"anonymous", "withheld", "restricted"})

_SEPARATORS: Final = re.compile(r"[\s\-.()/\[\]_·‐‑‒–—−\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_SCHEME: Final = re.compile(r"^(?:sips?|tel|callto|phone|pjsip|iax2?)\s*:\s*(?://)?", re.IGNORECASE)


def _address_in(raw: str) -> str | None:
    """The part of a caller ID that should be the number; None when the rest of it says that the number is withheld."""
    text = unicodedata.normalize("NFKC", raw).strip()
    if text.casefold() in ("<unknown>", "<>"):
        return None
    name = ""
    if bracketed := re.search(r"<([^<>]*)>[^<>]*$", text):
        name, text = text[: bracketed.start()].strip(' "'), bracketed.group(1)
    elif quoted := re.match(r'^"([^"]*)"(.*)$', text, re.DOTALL):
        name, rest = quoted.group(1), quoted.group(2).strip()
        text = rest or name
    if name.strip().casefold() in _PRIVACY_NAMES:
        return None
    text = _SCHEME.sub("", text.strip())
    user, at, host = text.partition("@")
    if at and host.partition(";")[0].casefold().endswith("anonymous.invalid"):
        return None
    user, _, parameters = user.partition(";")
    number = re.sub("%2b", "+", user, flags=re.IGNORECASE).partition(":")[0].strip()
    abroad = re.search(r"(?:^|;)phone-context=(\+[0-9.\-()]+)", parameters, re.IGNORECASE)
    if abroad and not number.startswith("+") and not abroad.group(1).startswith("+1"):
        return abroad.group(1) + number.lstrip("0")  # RFC 3966 5.1.5: a national number of that country
    return number


# ---- from digits to a number ----

_NANP: Final = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])
COUNTRIES: Final[frozenset[str]] = frozenset(phonenumbers.SUPPORTED_REGIONS)  # ISO 3166, two letters
_UNITED_STATES: Final = frozenset({"US", "PR", "VI", "GU", "MP", "AS"})

# Area codes outside the fifty states and Washington (NANPA area code map, with the Canadian codes announced to 2026).
# Every other code that can exist counts as one of the United States.
_AREA_CODES: Final[dict[str, str]] = {
    "CA": "204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 "
    "506 514 519 548 579 581 584 587 600 604 613 622 633 639 644 647 655 672 677 683 688 705 709 742 753 778 780 782 "
    "807 819 825 867 873 879 902 905 942",
    "PR": "787 939",
    "VI": "340",
    "GU": "671",
    "MP": "670",
    "AS": "684",
    "AG": "268",
    "AI": "264",
    "BB": "246",
    "BM": "441",
    "BS": "242",
    "DM": "767",
    "DO": "809 829 849",
    "GD": "473",
    "JM": "658 876",
    "KN": "869",
    "KY": "345",
    "LC": "758",
    "MS": "664",
    "SX": "721",
    "TC": "649",
    "TT": "868",
    "VC": "784",
    "VG": "284",
}
_REGION_OF: Final = {code: region for region, codes in _AREA_CODES.items() for code in codes.split()}
# In use 800 833 844 855 866 877 888; 822 and 880-889 are set aside for more (NANPA, non-geographic codes).
_TOLL_FREE: Final = frozenset({"800", "822", "833", "844", "855", "866", "877"} | {str(n) for n in range(880, 890)})
# N9X is kept for longer numbers one day, 37X and 96X are kept back, N11 are services: none is ever an area code.
_AREA_CODE: Final = re.compile(r"(?![2-9]11|37|96)[2-9][0-8][0-9]")
_EXCHANGE: Final = re.compile(r"(?![2-9]11)[2-9][0-9]{2}")


def _read_digits(plus: bool, digits: str, country: str, area_code: str) -> Number:
    if plus:
        return _read_international(digits, country, digits)
    if country not in _NANP:
        return _read_national(digits, country)
    match len(digits):
        case 5 | 6:
            return Number(None, NumberKind.SHORT_CODE, country, digits)
        case 7:
            return _read_nanp(area_code + digits, country, digits)
        case 10:
            return _read_nanp(digits, country, digits)
        case 11 if digits[0] == "1":
            return _read_nanp(digits[1:], country, digits)
    for prefix in ("011", "00"):
        if digits.startswith(prefix) and len(digits) > 10:
            return _read_international(digits.removeprefix(prefix), country, digits)
    # Some trunks deliver foreign numbers without "+". Believed only if the number is in its country's plan and is not a
    # home number with a digit too many: 216 is Cleveland as well as Tunisia.
    if len(digits) > 10 and not _looks_nanp(digits):
        return _read_international(digits, country, digits, believe_length=False)
    return Number(None, NumberKind.INVALID, digits=digits)


def _looks_nanp(digits: str) -> bool:
    return bool(_AREA_CODE.fullmatch(digits[:3]) and _EXCHANGE.fullmatch(digits[3:6]))


def _read_nanp(national: str, country: str, digits: str) -> Number:
    area, exchange = national[:3], national[3:6]
    if len(national) != 10 or not _looks_nanp(national):
        return Number(None, NumberKind.INVALID, digits=digits)
    e164, region = f"+1{national}", _REGION_OF.get(area, "US")
    if area == "900" or exchange == "976":
        return Number(e164, NumberKind.PREMIUM, region, digits)
    if area in _TOLL_FREE:
        return Number(e164, NumberKind.TOLL_FREE, region, digits)
    home = region == country or {region, country} <= _UNITED_STATES
    return Number(e164, NumberKind.TEXTABLE if home else NumberKind.INTERNATIONAL, region, digits)


def _read_international(significant: str, country: str, digits: str, believe_length: bool = True) -> Number:
    if significant.startswith("1"):
        return _read_nanp(significant[1:], country, digits)
    try:
        parsed = phonenumbers.parse(f"+{significant}", None)
    except phonenumbers.NumberParseException:
        return Number(None, NumberKind.INVALID, digits=digits)
    return _from_library(parsed, country, digits, believe_length)


def _read_national(digits: str, country: str) -> Number:
    if len(digits) in (5, 6):
        return Number(None, NumberKind.SHORT_CODE, country, digits)
    try:
        parsed = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return Number(None, NumberKind.INVALID, digits=digits)
    if parsed.country_code == 1:
        return _read_nanp(str(parsed.national_number), country, digits)
    return _from_library(parsed, country, digits, believe_length=True)


def _from_library(parsed: phonenumbers.PhoneNumber, country: str, digits: str, believe_length: bool) -> Number:
    known = phonenumbers.is_possible_number(parsed) if believe_length else phonenumbers.is_valid_number(parsed)
    if not known:
        return Number(None, NumberKind.INVALID, digits=digits)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    # A fictional number is in no plan; its country is then the main one of its calling code.
    region = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    kind = NumberKind.TEXTABLE if region == country else NumberKind.INTERNATIONAL
    match phonenumbers.number_type(parsed):
        case phonenumbers.PhoneNumberType.PREMIUM_RATE:
            kind = NumberKind.PREMIUM
        case phonenumbers.PhoneNumberType.TOLL_FREE:
            kind = NumberKind.TOLL_FREE
        case _:
            pass
    return Number(e164, kind, region, digits)
