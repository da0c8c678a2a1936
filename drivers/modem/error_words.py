"""Errors said in words (AT+CMEE=2) as the numbers they stand for: 3GPP TS 27.005 3.2.5, TS 27.007 9.2, TS 24.011 annex E."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_CMS: Final[Mapping[str, int]] = {
    "unassigned (unallocated) number": 1,
    "operator determined barring": 8,
    "call barred": 10,
    "short message transfer rejected": 21,
    "destination out of service": 27,
    "unidentified subscriber": 28,
    "facility rejected": 29,
    "unknown subscriber": 30,
    "network out of order": 38,
    "temporary failure": 41,
    "congestion": 42,
    "resources unavailable, unspecified": 47,
    "requested facility not subscribed": 50,
    "requested facility not implemented": 69,
    "me failure": 300,
    "sms service of me reserved": 301,
    "operation not allowed": 302,
    "operation not supported": 303,
    "invalid pdu mode parameter": 304,
    "invalid text mode parameter": 305,
    "sim not inserted": 310,
    "sim pin required": 311,
    "ph-sim pin required": 312,
    "sim failure": 313,
    "sim busy": 314,
    "sim wrong": 315,
    "sim puk required": 316,
    "sim pin2 required": 317,
    "sim puk2 required": 318,
    "memory failure": 320,
    "invalid memory index": 321,
    "memory full": 322,
    "smsc address unknown": 330,
    "no network service": 331,
    "network timeout": 332,
    "unknown error": 500,
}
_CME: Final[Mapping[str, int]] = {
    "operation not allowed": 3,
    "operation not supported": 4,
    "sim not inserted": 10,
    "sim pin required": 11,
    "sim puk required": 12,
    "sim failure": 13,
    "sim busy": 14,
    "sim wrong": 15,
    "incorrect password": 16,
    "sim pin2 required": 17,
    "sim puk2 required": 18,
    "memory full": 20,
    "no network service": 30,
    "network timeout": 31,
    "unknown": 100,
    "unknown error": 100,
}
_ERROR: Final = re.compile(r"\+(CM[ES]) ERROR:\s*(.*)")


def error_number(final: str) -> int | None:
    """Number of a final result that is an error with a number or with words that have one; None for any other."""
    found = _ERROR.fullmatch(final)
    if not found:
        return None
    number = re.match(r"\d{1,5}\b", found[2])
    if number:
        return int(number[0])
    words = " ".join(re.sub(r"[-\s]+", " ", found[2]).lower().split()).replace("time out", "timeout")
    known = _CMS if found[1] == "CMS" else _CME
    return {name.replace("-", " "): code for name, code in known.items()}.get(words)
