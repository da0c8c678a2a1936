"""What the modem's answer to a PDU means for the text. Pure.

Error numbers: 3GPP TS 27.005 3.2.5 and TS 24.011 annex E; 512-515 are vendors' "busy" family.
"""

from __future__ import annotations

import re

from drivers.modem.engine import Answer, Handed, HandOver
from drivers.modem.urc import split_fields
from gateway.core.events import ErrorClass, SubmitResult, SubmitVerdict

MAY_HAVE_GONE = frozenset({332, 500})  # network time-out, unknown error: after Ctrl-Z the text may be on its way
_CME_MAY_HAVE_GONE = frozenset({31, 100})  # the same two in TS 27.007 9.2
SMSC_UNKNOWN = 330  # TS 27.005 3.2.5: SMSC address unknown
_NO_REASON = "ERROR"  # as little known as an unknown error

_CLASSES: tuple[tuple[ErrorClass, frozenset[int]], ...] = (
    (ErrorClass.NUMBER, frozenset({1, 10, 28, 29, 30, 195, 196})),
    (ErrorClass.ACCOUNT, frozenset({8, 50, 69, 193, SMSC_UNKNOWN, *range(310, 314), *range(315, 319)})),
    (ErrorClass.TEMPORARY, frozenset({17, 22, 27, 38, 41, 42, 47, 192, 194, 314, 331, 332, 500, *range(512, 516)})),
    (ErrorClass.STORAGE, frozenset({208, 211, 320, 321, 322})),
    (ErrorClass.OUR_BUG, frozenset({304, 305, *range(128, 176)})),
    (ErrorClass.UNCLEAR, frozenset({21, 197})),
)
_SIM_CME = frozenset({10, 11, 12, 13, 15, 16, 17, 18})  # TS 27.007 9.2.1: SIM missing, locked, broken
_BUSY_CME = frozenset({14, 30, 31, 515})  # SIM busy, no network, network time-out


def error_class(final: str, code: int | None) -> ErrorClass:
    """Class of a final result that is not OK."""
    if code is None:
        return ErrorClass.UNCLEAR
    if final.startswith("+CME"):
        if code in _SIM_CME:
            return ErrorClass.ACCOUNT
        return ErrorClass.TEMPORARY if code in _BUSY_CME else ErrorClass.UNCLEAR
    return next((kind for kind, codes in _CLASSES if code in codes), ErrorClass.UNCLEAR)


def judge(handed: Handed) -> SubmitResult:
    """The one honest verdict on a PDU: NOT_TAKEN only when it certainly was not sent."""
    answer = handed.answer
    evidence = masked(" | ".join((*answer.lines, answer.final)))
    match handed.how:
        case HandOver.LOST_BEFORE | HandOver.NO_PROMPT:
            return SubmitResult(SubmitVerdict.NOT_TAKEN, evidence=evidence)
        case HandOver.REFUSED:
            return SubmitResult(
                SubmitVerdict.NOT_TAKEN,
                code=answer.code,
                error=error_class(answer.final, answer.code),
                evidence=evidence,
            )
        case HandOver.REFERENCE_ONLY:
            return SubmitResult(SubmitVerdict.ACCEPTED, ref=_reference(answer), evidence=evidence)
        case HandOver.ANSWERED if answer.ok or _reference(answer) is not None:
            return SubmitResult(SubmitVerdict.ACCEPTED, ref=_reference(answer), evidence=evidence)
        case HandOver.ANSWERED if _may_have_gone(answer):
            return SubmitResult(
                SubmitVerdict.UNCONFIRMED, code=answer.code, error=ErrorClass.UNCLEAR, evidence=evidence
            )
        case HandOver.ANSWERED:
            return SubmitResult(
                SubmitVerdict.REJECTED,
                code=answer.code,
                error=error_class(answer.final, answer.code),
                evidence=evidence,
            )
        case HandOver.SILENT | HandOver.LOST_AFTER:
            return SubmitResult(SubmitVerdict.UNCONFIRMED, error=ErrorClass.UNCLEAR, evidence=evidence)


def _may_have_gone(answer: Answer) -> bool:
    doubtful = _CME_MAY_HAVE_GONE if answer.final.startswith("+CME") else MAY_HAVE_GONE
    return answer.code in doubtful or answer.final == _NO_REASON


def masked(text: str) -> str:
    """Telephone numbers keep their last two digits."""
    return re.sub(r"\+?\d{5,}", lambda found: "…" + found[0][-2:], text)


def _reference(answer: Answer) -> int | None:
    """TP-MR of `+CMGS: 12`, `+CMGS:12` or `+CMGS: 12,"26/11/21,..."`."""
    for line in answer.lines:
        first = (split_fields(line) or ("",))[0]
        if first.isdecimal() and first.isascii() and int(first) <= 255:
            return int(first)
    return None
