"""Asterisk's call detail records: what the PBX wrote about calls that nobody watched.

The csv has a header line with any subset of `COLUMNS` in any order; a file without one is read in the order of `COLUMNS`.
A record is a poor witness (a voicemail is "ANSWERED", the order of a ring group's rows is arbitrary, a call that could not
ring has no row at all), so it only settles calls that the manager feed left open. A call was answered by a person if one of
its rows is ANSWERED and has a telephone at its other end, unless the caller never heard it: a press-1 leg behind a Local
channel that the caller was joined to for no time. Where rows are missing that reading is wrong. An export that lacks the
columns for it (no disposition and no seconds; no application and no second channel) settles less, and says nothing it
cannot know.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from drivers.asterisk.contexts import DEFAULT_INBOUND, is_among
from drivers.asterisk.parties import delivered_number, endpoint, is_local, is_telephone, local_partner
from drivers.asterisk.places import BLOCKED_CONTEXTS
from gateway.core.events import CallReason

COLUMNS = (
    "start", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "duration", "billsec", "disposition", "uniqueid",
    "linkedid", "did", "sequence",
)  # fmt: skip
# Other spellings: the `cdr` table of FreePBX and Asterisk's own Master.csv documentation.
_ALIASES = {"calldate": "start", "clid": "clid", "caller": "src", "app": "lastapp"}

# Files without a header: Asterisk's cdr_csv (Master.csv), and cdr_custom as its sample configuration writes it.
_CDR_CSV = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end",
    "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield",
)  # fmt: skip
_CDR_CUSTOM = (
    "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end", "duration",
    "billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield", "sequence",
)  # fmt: skip
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")

_MACHINES = frozenset({"voicemail", "voicemailmain", "minivmgreet", "record", "receivefax", "dictate"})
_PLACES = {
    "queue": CallReason.ABANDONED_IN_QUEUE,
    "background": CallReason.ABANDONED_IN_IVR,
    "waitexten": CallReason.ABANDONED_IN_IVR,
    "read": CallReason.ABANDONED_IN_IVR,
    "confbridge": CallReason.CONFERENCE_ALONE,
    "meetme": CallReason.CONFERENCE_ALONE,
    "playback": CallReason.ANNOUNCEMENT,
}


@dataclass(frozen=True, slots=True)
class CdrCall:
    """One call as its records tell it. `missed` is None where they do not tell; `inbound` when they prove that it came from
    outside. `ends` is local time of the PBX, None where no start was written."""

    linkedid: str
    caller: str | None
    did: str | None
    missed: bool | None
    reason: CallReason
    answered_by: str | None
    starts: datetime | None
    ends: datetime | None
    inbound: bool = True


def read_cdr(lines: Iterable[str], inbound_contexts: Iterable[str] = DEFAULT_INBOUND) -> dict[str, CdrCall]:
    """Every call of the csv by its linkedid, in order of ending. Raises ValueError without a column of ids."""
    return calls_of(read_rows(lines), inbound_contexts)


def read_rows(lines: Iterable[str], header: str = "") -> list[dict[str, str]]:
    """The records of a csv. `header` is its first line where `lines` are only its end. Raises ValueError without a column of ids."""
    rows = [row for row in csv.reader(line.replace("\0", "") for line in lines) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    head = next(iter(csv.reader([header])), []) if header else rows[0]
    names = _names(head)
    if {"linkedid", "uniqueid"} & set(names):
        rows = rows if header else rows[1:]
    elif (stock := _stock(rows[0])) is not None:
        names = list(stock)
    else:
        raise ValueError("the first line names neither a linkedid nor a uniqueid column - add one to the export")
    return [_whole(dict(zip(names, (cell.strip() for cell in row), strict=False))) for row in rows]


def calls_of(
    records: Iterable[dict[str, str]], inbound_contexts: Iterable[str] = DEFAULT_INBOUND
) -> dict[str, CdrCall]:
    """Every call of these records by its linkedid, in order of ending."""
    calls: dict[str, list[dict[str, str]]] = {}
    for record in records:
        key = record.get("linkedid") or record.get("uniqueid") or ""
        if key:
            calls.setdefault(key, []).append(record)
    patterns = tuple(inbound_contexts)
    found = [call for key, records in calls.items() if (call := _call(key, records, patterns)) is not None]
    found.sort(key=lambda call: call.ends or datetime.max)
    return {call.linkedid: call for call in found}


def named(record: dict[str, str]) -> dict[str, str]:
    """A record of a table, by our names of its columns."""
    return _whole({_ALIASES.get(name.lower(), name.lower()): value for name, value in record.items()})


def _names(cells: list[str]) -> list[str]:
    return [_ALIASES.get(cell.strip().lower(), cell.strip().lower()) for cell in cells]


def _stock(row: list[str]) -> tuple[str, ...] | None:
    """The columns of a file without a header: told by where the first time stands."""
    at = next((place for place, cell in enumerate(row) if _STAMP.match(cell.strip())), None)
    if len(row) == len(COLUMNS) and at == 0:
        return COLUMNS
    return {9: _CDR_CSV, 8: _CDR_CUSTOM}.get(at or 0)


def _whole(record: dict[str, str]) -> dict[str, str]:
    """What a lean export leaves out and other columns tell: the number of the caller, and what tells his channel apart."""
    if "src" not in record and (shown := re.search(r"<([^>]*)>|^\s*(\+?\d+)\s*$", record.get("clid", ""))):
        record["src"] = shown[1] or shown[2] or ""
    if not record.get("uniqueid") and not record.get("linkedid") and record.get("channel"):
        record["uniqueid"] = record["channel"]
    return record


def _call(key: str, records: list[dict[str, str]], inbound: tuple[str, ...]) -> CdrCall | None:
    own = [r for r in records if r.get("uniqueid", key) == key and not is_local(r.get("channel", ""))]
    if not own:
        return None
    first = min(own, key=_sequence)
    spans = [_span(r) for r in own]
    starts = [start for start, _ in spans if start is not None]
    ends = [end for _, end in spans if end is not None]
    did = next((r["did"] for r in own if r.get("did")), None)
    blocked = all(is_among(r.get("dcontext", ""), BLOCKED_CONTEXTS) and not r.get("dstchannel") for r in own)
    talked = [_is_talk(r) and not _is_unheard(r, records) for r in records]
    talks = sorted(
        (r for r, talk in zip(records, talked, strict=True) if talk),
        # a phone whose call was picked up elsewhere has a row of no seconds
        key=lambda r: (_seconds(r, "billsec") == 0, r.get("start", ""), _sequence(r)),
    )
    voicemail = any(r.get("lastapp", "").lower() == "voicemail" for r in records)
    if None in talked or (voicemail and any("dstchannel" not in r for r in talks)):
        talks, blocked, reason = [], False, CallReason.UNKNOWN
    elif talks:
        reason = CallReason.ANSWERED
    else:
        reason = CallReason.BLOCKED if blocked else _missed_reason(records)
    return CdrCall(
        linkedid=key,
        caller=delivered_number(first.get("src", "")),
        did=did,
        missed=None if reason is CallReason.UNKNOWN else not talks and not blocked,
        reason=reason,
        answered_by=_answered_by(talks[0], did) if talks else None,
        starts=min(starts, default=None),
        ends=max(ends, default=None),
        inbound=any(r.get("did") or is_among(r.get("dcontext", ""), inbound) for r in own),
    )


def _is_talk(record: dict[str, str]) -> bool | None:
    """Whether a person was spoken to in this row; None when its columns do not tell."""
    if "disposition" in record:
        answered = record["disposition"].upper() == "ANSWERED"
    elif "billsec" in record:
        answered = _seconds(record, "billsec") > 0
    else:
        return None
    application = record.get("lastapp", "").lower()
    if not answered or application in _MACHINES:
        return False
    if "dstchannel" in record:
        return is_telephone(record["dstchannel"])
    return application in ("dial", "queue") if "lastapp" in record else None


def _is_unheard(record: dict[str, str], records: list[dict[str, str]]) -> bool:
    """A leg behind a Local channel that was not accepted: it spoke for seconds, the caller's own row for none."""
    near = local_partner(record.get("channel", ""))
    if near is None or _seconds(record, "billsec") < 2:  # a second may be rounding
        return False
    above = [r for r in records if r.get("dstchannel") == near and "billsec" in r]
    return bool(above) and all(_seconds(r, "billsec") == 0 for r in above)


def _answered_by(record: dict[str, str], did: str | None) -> str | None:
    own = endpoint(record.get("dstchannel", ""))
    dialled = record.get("dst", "")
    if own.isdigit():
        return own
    return dialled if re.fullmatch(r"\+?\d{2,}", dialled) and dialled != did else None


def _missed_reason(records: list[dict[str, str]]) -> CallReason:
    ordered = sorted(records, key=lambda r: (r.get("start", ""), _sequence(r)))
    applications = [r.get("lastapp", "").lower() for r in ordered]
    if "voicemail" in applications:
        return CallReason.VOICEMAIL
    for application, record in zip(reversed(applications), reversed(ordered), strict=True):
        if application in _PLACES:
            return _PLACES[application]
        if record.get("dstchannel"):
            break
        if is_among(record.get("dcontext", ""), ("ivr*", "*-ivr*", "menu*")):
            return CallReason.ABANDONED_IN_IVR
    last = ordered[-1]
    if (
        _seconds(last, "billsec") > 0
        and "dstchannel" in last
        and not last["dstchannel"]
        and not is_local(last.get("channel", ""))
    ):
        return CallReason.ANNOUNCEMENT  # the PBX spoke after everything else
    said = {r.get("disposition", "").upper() for r in records}
    rung = any(r.get("dstchannel") for r in records)
    if "NO ANSWER" in said:
        return CallReason.NO_ANSWER
    if "BUSY" in said:
        return CallReason.BUSY
    if said & {"FAILED", "CONGESTION"}:
        return CallReason.UNAVAILABLE
    return CallReason.NO_ANSWER if rung else CallReason.ANNOUNCEMENT


def _span(record: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    try:
        start = datetime.fromisoformat(record.get("start", "")).replace(tzinfo=None)
    except ValueError:
        return None, None
    return start, start + timedelta(seconds=_seconds(record, "duration"))


def _seconds(record: dict[str, str], name: str) -> int:
    text = record.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _sequence(record: dict[str, str]) -> int:
    return _seconds(record, "sequence")
