"""The number that a leg was dialled with, as the dial string of DialBegin or the dialled extension tells it.

Dial strings by channel driver: `17205550188@trunk` and `trunk/sip:17205550188@provider` (PJSIP), `trunk/17205550188` (chan_sip,
IAX2), `g0/17205550188` (DAHDI). In front of the number may stand a code of the telephone network (`*67` withholds the caller ID,
`*82` shows it; `#31#` and `*31#` do so on GSM lines) and, behind a pause (`w`), the digit for an outside line. Such a digit
without a pause is left where it is: how long a number is depends on the country, which the core knows.
"""

from __future__ import annotations

import re

SHORTEST_OUTSIDE_NUMBER = 7  # digits; an extension is shorter
_TECHNOLOGIES = frozenset(
    {"pjsip", "sip", "dahdi", "iax2", "motif", "sccp", "skinny", "mgcp", "ooh323", "dongle", "quectel"}
)
_SCHEMES = ("sip:", "sips:", "tel:")
_NETWORK_CODES = re.compile(r"(?:\*\d\d(?=[\d+*#])|[*#]31#)+")  # vertical service codes have two digits (NANPA)
_PAUSES = re.compile(r"[wWpP]+")
_SEPARATORS = re.compile(r"[\s.()-]+")


def number_in(dial_string: str, endpoint: str, inside: bool) -> str | None:
    """The outside number in a dial string, None where it names none. `endpoint` is the rung channel's own name.

    `inside`: the endpoint is one of our telephones, so far as its context tells. An address (`201/sip:8731@10.0.0.5`) is then
    the telephone's own contact; a number that is sent to it (`13035550199@branch`) is not.
    """
    text = dial_string.partition(",")[0].strip()
    head, slash, tail = text.partition("/")
    if slash and head.lower() in _TECHNOLOGIES:
        text = tail  # a queue gives the technology too
    for part in reversed(text.split("/")):
        user, _, host = part.partition("@")
        by_address = user.lower().startswith(_SCHEMES)
        if by_address and inside:
            continue
        if endpoint.isdigit() and (by_address or (host != endpoint and not text.startswith(endpoint + "/"))):
            continue
        user = user.partition(":")[2] if by_address else user
        user = user.partition(";")[0].partition(":")[0]
        if user != endpoint and (number := plain_number(user)) is not None:
            return number
    return None


def plain_number(text: str) -> str | None:
    """A number as somebody dialled it, without codes and pauses; None for extensions, feature codes and names."""
    pieces = [_NETWORK_CODES.sub("", piece, count=1) for piece in _PAUSES.split(_SEPARATORS.sub("", text))]
    longest = max(pieces, key=len).removesuffix("#")
    if not re.fullmatch(r"\+?\d+", longest) or len(longest.lstrip("+")) < SHORTEST_OUTSIDE_NUMBER:
        return None
    return longest


def are_one(number: str, other: str) -> bool:
    """Whether two spellings are one number, prefixes aside: the same call over a second trunk."""
    short, long = sorted((number.lstrip("+"), other.lstrip("+")), key=len)
    return len(short) >= SHORTEST_OUTSIDE_NUMBER and long.endswith(short)
