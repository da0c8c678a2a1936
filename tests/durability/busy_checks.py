"""What must hold behind some days of a busy office: the books, the page and the process against what really happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from gateway.core.numbers import spoken
from tests.bench.figures import quantile
from tests.durability.busy_office import DANA, Office
from tests.durability.busy_people import STOPS
from tests.durability.busy_truth import Rang
from tests.durability.world import OWNER

OURS = (OWNER, DANA)
COOLDOWN_S = 12 * 3600.0
CLOCK_WRONG_S = 10_800.0  # the furthest that the clock is set wrong: a cooldown may be so much shorter
# What a missed call may end in without being texted and without a call-back: the caller has been texted or spoken with, or
# wants no texts; who withholds his number cannot be rung back.
KNOWN_ALREADY = frozenset(
    ("conversation_open", "cooldown", "duplicate", "office_reached", "human_takeover", "opted_out", "withheld")
)


def wrong_books(office: Office, inbox: str) -> list[str]:
    """Everything that is not as it has to be, in sentences. `inbox` is the page at the end."""
    return [
        *_ends(office),
        *_calls(office),
        *_letters(office),
        *_twice(office),
        *_after_stop(office),
        *_emergencies(office, inbox),
        *_unsure(office),
    ]


def _ends(office: Office) -> Iterator[str]:
    box = office.box
    if set(box.ends) - {0, -9} or box.ends[-1] != 0:
        yield f"the box ended by itself: {box.ends}"
    said = box.said()
    for word in ("Traceback", "set aside", "damaged"):
        if (place := said.find(word)) >= 0:
            yield f"the log says: {said[max(0, place - 300) : place + 1800]}"
    if (fine := box.rows("PRAGMA integrity_check")[0][0]) != "ok":
        yield f"the database: {fine}"


def _calls(office: Office) -> Iterator[str]:
    rows = office.box.rows("SELECT * FROM calls WHERE key NOT LIKE 'year.%'")
    by_key = {row["key"]: row for row in rows}
    by_peer: dict[str, list[object]] = {}
    for row in rows:
        by_peer.setdefault(row["peer"] or "", []).append(row)
        if row["state"] not in ("texted", "unsure", "not_texted") or not row["say"]:
            yield f"a call without outcome: {dict(row)}"
    sightings = {row["identity"]: row["call_id"] for row in office.box.rows("SELECT * FROM sightings")}
    by_id = {row["id"]: row for row in rows}
    back = {row["peer"] for row in office.box.rows("SELECT peer FROM tasks WHERE kind IN ('call_back', 'unsure_text')")}
    wrote = {row["peer"] for row in office.box.rows("SELECT peer FROM letters")}
    texted = {text.to for text in office.network.sent}
    for call in office.truth.calls:
        if call.cut or not call.over:
            continue
        peer = f"+1{call.caller}" if call.caller else ""
        row = by_key.get(call.key) or by_id.get(sightings.get(call.key, -1))
        if row is None:
            if not _is_known(call, by_peer.get(peer, [])):
                yield f"a call was lost: {_told(office, call)}"
            continue
        if call.kind in ("missed", "voicemail", "withheld") and row["no_text"] == "not_missed":
            yield f"missed, and not taken for it: {_told(office, call)} {dict(row)}"
        if call.kind == "answered" and row["state"] == "texted" and row["missed"] != 0:
            yield f"spoken with, and texted: {_told(office, call)} {dict(row)}"
    for row in rows:
        peer = row["peer"]
        if row["state"] == "texted" and peer not in texted:
            yield f"said to be texted, and is not: {dict(row)}"
        left = row["state"] == "not_texted" and row["no_text"] not in {*KNOWN_ALREADY, "not_missed"}
        if left and peer and peer not in back | wrote:
            yield f"missed, not texted, and on no list: {dict(row)}"


def _is_known(call: Rang, rows: list[object]) -> bool:
    """A call of which only the modem told, or which was met as another one: the same person has a call in the books."""
    return call.kind == "modem" and bool(rows)


def _told(office: Office, call: Rang) -> str:
    return f"{call} at {(call.began - office.began) / 3600:.2f} h"


def _letters(office: Office) -> Iterator[str]:
    rows = office.box.rows(f"SELECT peer, body FROM letters WHERE at >= {office.began_ms - 10_800_000}")
    kept = Counter((row["peer"], row["body"]) for row in rows if row["peer"] not in OURS)
    sent = Counter((each.sender, each.body) for each in office.truth.letters if each.sender not in OURS)
    for lost in (sent - kept).elements():
        yield f"a text was lost: {lost}"
    for twice in (kept - sent).elements():
        if twice[0].startswith("+1"):
            yield f"a text that nobody wrote, or kept twice: {twice}"


def _twice(office: Office) -> Iterator[str]:
    rows = office.box.rows(f"SELECT peer, body, purpose FROM texts WHERE created_at >= {office.began_ms - 10_800_000}")
    known = Counter((row["peer"], row["body"]) for row in rows)
    purposes = {(row["peer"], row["body"]): row["purpose"] for row in rows}
    taken = [text for text in office.network.sent_texts() if text.to not in OURS]
    counted = Counter((text.to, text.body) for text in taken if text.complete)
    for text, count in counted.items():
        if count > known[text]:
            yield f"texted {count} times, known of {known[text]}: {text}"
    openers: dict[str, list[float]] = {}
    for text in taken:
        if purposes.get((text.to, text.body)) == "opener":
            openers.setdefault(text.to, []).append(text.segments[0].at)
    for to, moments in openers.items():
        if any(later - earlier < COOLDOWN_S - CLOCK_WRONG_S for earlier, later in pairwise(sorted(moments))):
            yield f"two first texts to {to}: {[round((at - office.began) / 3600, 2) for at in moments]} h"


def _after_stop(office: Office) -> Iterator[str]:
    stopped = {each.sender for each in office.truth.letters if each.body in STOPS}
    rows = office.box.rows("SELECT DISTINCT peer, body FROM texts WHERE purpose = 'opt_out_confirmation'")
    words = {(row["peer"], row["body"]) for row in rows}
    quiet: dict[str, float] = {}
    for text in office.network.sent:
        if text.to in stopped and (text.to, text.body) in words:
            quiet.setdefault(text.to, text.at)
        elif text.to in quiet:
            yield f"texted behind STOP: {text.to} {text.body!r} at {(text.at - office.began) / 3600:.2f} h"
    kinds = {row["number"] for row in office.box.rows("SELECT number FROM contacts WHERE kind = 'opted_out'")}
    for number in stopped - kinds:
        yield f"a STOP was not noted: {number}"


def _emergencies(office: Office, inbox: str) -> Iterator[str]:
    rows = office.box.rows(f"SELECT * FROM escalations WHERE opened_at >= {office.began_ms - 10_800_000}")
    known = {row["peer"] for row in rows}
    alerts = [text.body for text in office.network.sent if text.to in OURS]
    for peer, words in office.truth.emergencies.items():
        if peer not in known:
            yield f"an emergency that is none in the books: {peer} {words!r}"
        elif not any(spoken(peer) in body for body in alerts) and spoken(peer) not in inbox:
            yield f"an emergency nobody was told of, and the page does not say so: {peer} {words!r}"
    for row in rows:
        if row["state"] in ("alerting", "exhausted") and spoken(row["peer"]) not in inbox:
            yield f"nobody has it, and the page does not say so: {dict(row)}"


def _unsure(office: Office) -> Iterator[str]:
    unsure = {row["id"] for row in office.box.rows("SELECT id FROM texts WHERE state = 'unconfirmed'")}
    shown = {
        row["text_id"]
        for row in office.box.rows("SELECT text_id FROM tasks WHERE kind = 'unsure_text' AND closed_at IS NULL")
    }
    if unsure - shown:
        yield f"unsure, and not shown: {unsure - shown}"
    sure = office.box.rows(
        f"SELECT id, peer, body FROM texts WHERE state IN ('accepted', 'delivered') AND created_at >= {office.began_ms}"
    )
    taken = Counter((text.to, text.body) for text in office.network.sent_texts())
    for row in sure:
        if not taken[row["peer"], row["body"]]:
            yield f"said to be sent, and is not: {dict(row)}"


# ---- the process

FILES, THREADS, CHILDREN, TASKS = 12, 2, 0, 12  # a few tabs, a text and a call come and go between two looks
OBJECTS = 3_000  # what Python holds: one kept for each of hundreds of calls, texts and pages would be seen
RSS_KIB = 6 * 1024  # the page caches of three connections to SQLite, 2 MiB each, fill as the books grow
WAL_BYTES = 4 * 1024 * 1024  # SQLite empties the log at 1 MiB unless somebody reads meanwhile
STATE_BYTES, STATE_TIMES = (
    8 * 1024 * 1024,
    6.0,
)  # what the folder holds beside: the log, the flight recorder; copies of the books
LOG_BYTES_AN_HOUR = 20_000  # some 200 lines: a line an act of a busy hour, and what is said of faults


def wrong_growth(office: Office) -> list[str]:
    """What grows in the longest life, from the end of its first third on; before that caches fill."""
    samples = office.truth.samples
    found = []
    lives = Counter(sample["life"] for sample in samples)
    if not lives:
        return ["nobody has looked at the process"]
    life = max(lives, key=lambda each: lives[each])
    seen = [sample for sample in samples if sample["life"] == life]
    seen = seen[len(seen) // 3 :]
    third = max(1, len(seen) // 3)
    bounds = {
        "files": FILES,
        "threads": THREADS,
        "children": CHILDREN,
        "tasks": TASKS,
        "objects": OBJECTS,
        "rss_kib": RSS_KIB,
    }
    for name, bound in bounds.items():
        more = median(each[name] for each in seen[-third:]) - median(each[name] for each in seen[:third])
        if more > bound:
            found.append(f"{name} grow by {more} between {seen[0]['h']:.1f} h and {seen[-1]['h']:.1f} h")
    for sample in samples:
        if sample["wal"] > WAL_BYTES:
            found.append(f"the database's log has {sample['wal']} bytes at {sample['h']:.1f} h")
        if sample["state"] > STATE_BYTES + STATE_TIMES * sample["database"]:
            found.append(f"the state folder has {sample['state']} bytes at {sample['h']:.1f} h")
    hours = max(1.0, office.hours())
    if (size := office.box.log.stat().st_size) > LOG_BYTES_AN_HOUR * hours:
        found.append(f"the log has {size} bytes in {hours:.0f} h")
    return found


def wrong_page(office: Office, within_s: float) -> list[str]:
    """Whether the page has answered, and in time."""
    waits, failures = office.truth.page_waits, office.truth.page_failures
    found = [f"the page failed {len(failures)} times: {failures[:5]}"] if failures else []
    if not waits:
        return [*found, "nobody has looked at the page"]
    if (late := quantile(waits, 0.95)) > within_s:
        found.append(f"95 of 100 pages took up to {late * 1000:.0f} ms")
    return found
