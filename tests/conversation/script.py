"""Reads dialogues as an office writes them (`dialogues/*.yaml`) into what is played and what must come of it.

A dialogue is a list of lines under `talk`. Who speaks stands first, then perhaps how long after the line before
(`caller +20s`, `+3m`, `+2h`, `+1d`; 90 s where nothing is said):

    caller: ...           the caller's text; these are turn 1, 2, 3 ... (the missed call is turn 0)
    office: ...           typed by a person of the office      owner: ...    a text from the owner's own phone
    office calls: yes     the office rang and reached them (no: tried)
    call: missed          the caller rings again (or: answered)
    other: ...            another caller, who called half a minute after the first one, texts meanwhile
    mark: vendor          the office marks the caller          wait: tue 12:00     nothing happens until then
    box: ...              what the box has to do here (`EXPECTATIONS` in `judge`)

Where `people: yes` stands (`ladder/`), the business has a partner, Pat, beside its owner, Mike, a PIN, and a ladder: whoever is on call
(Mike) twice, then Pat, five minutes each (`PARTNER`). Then there are also

    partner: ...          a text from Pat's telephone          page: takes it      somebody presses "I have it" on the page
    modem: down           the modem is unplugged; refusing: the network takes nothing; up: it is well again
    owner reads: ...      words that have to stand in what his telephone gets here, with " ... " between those of which there
                          may be something else; `nothing`: it gets nothing. So `partner reads`, `caller reads`, `other reads`

Where `books: confirm` stands (or `request`), the shop has one crew and lets the box book what is bookable on Monday to Friday, 8-12
and 12-5, from four hours on; with `request` a person confirms. Then there is also

    appointment: confirm  the office at its page (or: others; cancel; move 2026-03-06 08:00-12:00)

The first matter of a dialogue that telephones hear of is number 10, the next one 11.

What must come of it: `lane`, `alert` (the turn, or the turns, after which the owner is told; `no`), `then` (more | one last
| nothing: may an automatic text follow the last line), `fields`, `never`. Where a list stands, the first is right and the
others are tolerable. Short words that stand for many rules: `danger: 2` (danger to people from turn 2 on), `stop: 3` (no more
texts wanted from turn 3 on). What holds in every dialogue is written once, in `_always`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from gateway.core.booking.rules import AppointmentType, Arrival, BookingRules, Crew
from gateway.core.business import Business
from gateway.core.conversation.authority import Authority, AuthorityTable
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import ON_CALL, OWNER, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.remote.rules import RemoteRules
from gateway.core.understanding.folded import fold
from gateway.settings import Settings, load

HERE = Path(__file__).parent
DIALOGUES, UNSEEN, LADDER = HERE / "dialogues", HERE / "unseen", HERE / "ladder"
EXAMPLES = HERE.parents[1] / "config" / "examples"

EAST, CENTRAL = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
ZONES = {
    **dict.fromkeys(("hvac", "electrical", "painting"), EAST),
    **dict.fromkeys(("plumbing", "roofing", "cleaning", "garage_door", "locksmith", "general"), CENTRAL),
}
NO_NIGHT_COVER = frozenset({"painting", "cleaning"})
CALLER, OTHER = "+13305550137", "+13305550138"  # people call from anywhere: the place is what they say
PARTNER, PIN = "+13305550155", "4711"
MONDAY = datetime(2026, 3, 2)  # an ordinary week without holidays
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PAUSE_S = 90.0
ANSWERING_S = 180.0  # after the last line: long enough for the wait for a writer to finish
FIRST_ANSWER_S = 75.0  # from the end of the call to the caller's first text

FURTHER = {"more": "yes", "one last": "one_final", "nothing": "no"}
# What is said of the box in `never`, and the check it is.
CHECKS = {
    "ask the ZIP": "ask_zip",
    "ask the ZIP, the city is known": "ask_zip_if_city",
    "ask the name": "ask_name",
    "ask the address": "ask_address",
    "ask what is needed": "ask_service",
    "ask when": "ask_timeline",
    "ask when to call": "ask_callback",
    "ask how urgent": "ask_urgency",
    "ask anything": "any_question",
    "ask before the safety line": "ask_before_safety",
    "promise an arrival": "promise_arrival",
    "call it confirmed": "confirmed_without_slot",
    "name a price": "price",
    "put it off until opening": "wait_until_morning",
    "diagnose gas": "diagnose_gas",
    "advertise": "offer_after_stop",
    "talk of emergencies": "emergency_language",
    "write English": "english_reply",
    "ask for a picture": "ask_photo_twice",
    "tell how to work at a panel": "diy_electrical",
    "tell how to move the door": "diy_garage",
    "pretend to be a person": "pretend_human",
    "speak for an insurance": "insurance_promise",
    "promise money": "admit_liability",
    "take it for an opt-out": "treat_as_opt_out",
    "give away a number": "leak_owner_number",
    "write the same twice": "same_text_twice",
}
_EVERYWHERE = (
    *("promise_arrival", "confirmed_without_slot", "price", "diagnose_gas", "diy_electrical", "diy_garage"),
    *("pretend_human", "insurance_promise", "admit_liability", "leak_owner_number", "same_text_twice"),
)
# A fact that the caller has given is not asked for again.
_ASKS_FOR = {"zip": "ask_zip", "city": "ask_zip_if_city", "name": "ask_name", "street_address": "ask_address"}
_NEEDED = frozenset({"id", "trade", "lang", "talk", "lane", "then", "why"})
_KEYS = _NEEDED | {"when", "line", "alert", "alert forgiven until", "fields", "service from", "never", "may"}
_KEYS |= {"danger", "stop", "opted out", "people", "books"}
READS = " reads"


class BadDialogue(ValueError):
    """A dialogue that cannot be read; the message names it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk: who, what, and at which moment."""

    who: str
    says: str
    at: datetime
    turn: int  # of the caller: how many texts of theirs have come up to and including this line


@dataclass(frozen=True, slots=True)
class MustNot:
    """The box must not do `check` in answer to turn `from_turn` or later; `most` is for the number of texts."""

    check: str
    from_turn: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A talk and what must come of it. `accept` holds every tolerable value, the right one included."""

    id: str
    trade: str
    lang: str
    started: datetime
    talk: tuple[Line, ...]
    lane: str
    alert: tuple[int, int] | None
    alert_forgiven_until: int
    further: str
    opt_out: bool
    fields: dict[str, str]
    must_not: tuple[MustNot, ...]
    accept: dict[str, tuple[str, ...]]
    why: str
    line: str = "main"
    people: bool = False
    books: str = ""
    events: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    @property
    def turns(self) -> tuple[Line, ...]:
        """The caller's texts."""
        return tuple(line for line in self.talk if line.who == "caller")


@cache
def shop(trade: str, *, people: bool = False, books: str = "") -> Settings:
    """The example business of a trade; with `people` it has a partner, a PIN and a ladder, with `books` it lets the box book."""
    settings = load(EXAMPLES / f"{trade}.yaml")
    business = settings.business
    if people:
        partner = Person("pat", "Pat", PARTNER)
        rules = EscalationRules("Mike", people=(partner,), rungs=(Rung((ON_CALL,), 2), Rung((partner.key,))))
        business = replace(business, escalation=rules, remote=RemoteRules(PIN))
    if books:
        business = _booking(business, Authority(books))
    return replace(settings, business=business)


def _booking(business: Business, book: Authority) -> Business:
    half_days = (Arrival(time(8), time(12)), Arrival(time(12), time(17)))
    week = (*((half_days,) * 5), (), ())
    services = frozenset(key for key, service in business.conversation.services.items() if service.bookable)
    kind = AppointmentType("visit", "Visit", services, week, ("north",), timedelta(minutes=90), confirms=True)
    rules = BookingRules((kind,), {"north": Crew("north", "North crew")})
    conversation = replace(business.conversation, authority=AuthorityTable(book=book), booking=rules)
    return replace(business, conversation=conversation)


def telephones(dialogue: Dialogue) -> dict[str, str]:
    """Who in a dialogue has which number."""
    found = {"caller": CALLER, "other": OTHER, "partner": PARTNER}
    owner = shop(dialogue.trade).business.owner
    return found if owner is None else found | {OWNER: owner}


def read_dialogues(folder: Path) -> list[Dialogue]:
    """Every dialogue of a folder, in order of file and place. Raises BadDialogue."""
    found: list[Dialogue] = []
    for path in sorted(folder.glob("*.yaml")):
        for row in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader):
            found.append(_dialogue(row, f"{path.name}: {row.get('id', 'a dialogue without id')}"))
    twice = {d.id for d in found if sum(d.id == other.id for other in found) > 1}
    if twice:
        raise BadDialogue(f"more than one dialogue is called {', '.join(sorted(twice))}")
    return found


def _dialogue(row: dict[str, Any], where: str) -> Dialogue:
    if unknown := row.keys() - _KEYS:
        raise BadDialogue(f"{where}: unknown {', '.join(sorted(unknown))}")
    if missing := _NEEDED - row.keys():
        raise BadDialogue(f"{where}: {', '.join(sorted(missing))} is missing")
    try:
        zone = ZONES[row["trade"]]
        started = _moment(row.get("when", "mon 10:00"), MONDAY.replace(tzinfo=zone))
        talk = tuple(_lines(row["talk"], started))
        return _understood(row, started, talk)
    except (KeyError, ValueError, TypeError) as error:
        raise BadDialogue(f"{where}: {error}") from error


def _understood(row: dict[str, Any], started: datetime, talk: tuple[Line, ...]) -> Dialogue:
    lanes, thens = _several(row["lane"]), _several(row["then"])
    alert = _turns(row.get("alert", "no"))
    stop = row.get("stop")
    turns = [line for line in talk if line.who == "caller"]
    furthers = tuple(FURTHER[then] for then in thens)
    return Dialogue(
        id=row["id"],
        trade=row["trade"],
        lang=row["lang"],
        started=started,
        talk=talk,
        lane=lanes[0],
        alert=alert,
        alert_forgiven_until=int(row.get("alert forgiven until", 0)),
        further=furthers[0],
        opt_out=row.get("opted out", "yes" if stop else "no") == "yes",
        fields=dict(row.get("fields", {})),
        must_not=tuple(dict.fromkeys([*_always(row, alert, turns, started), *map(_must_not, row.get("never", []))])),
        accept={"lane": lanes, "further": furthers},
        why=row["why"],
        line=row.get("line", "main"),
        people=row.get("people", "no") == "yes",
        books=row.get("books", ""),
        events=tuple(timed_events(row["trade"], started, talk, row.get("line", "main"))),
    )


def _always(
    row: dict[str, Any], alert: tuple[int, int] | None, turns: list[Line], started: datetime
) -> Iterator[MustNot]:
    """What follows from the rules without being written in each dialogue."""
    allowed = {CHECKS[word] for word in row.get("may", [])}
    found = [MustNot(check) for check in _EVERYWHERE]
    if row["lang"] == "es":
        found.append(MustNot("english_reply", 1))
    if alert is not None and not (row["trade"] in NO_NIGHT_COVER and _closed(started)):
        found.append(MustNot("wait_until_morning", alert[1]))
    if (danger := row.get("danger")) is not None:
        found.append(MustNot("ask_before_safety", int(danger)))
    if (stop := row.get("stop")) is not None:
        found += [
            MustNot("max_out", int(stop), 1),
            MustNot("any_question", int(stop)),
            MustNot("offer_after_stop", int(stop)),
        ]
    else:
        found.append(MustNot("treat_as_opt_out"))
    fields = row.get("fields", {})
    if "service" in fields:
        found.append(MustNot("ask_service", int(row.get("service from", 1))))
    for name, check in _ASKS_FOR.items():
        if name in fields and (turn := _first_told(fields[name], turns)) is not None:
            found.append(MustNot(check, turn))
    if "timeline" in fields and (turn := _first_told(fields["timeline"], turns)) is not None:
        found.append(MustNot("ask_timeline", turn))
    yield from (must for must in found if must.check not in allowed)


def _first_told(value: str, turns: list[Line]) -> int | None:
    """The turn in which a fact is first written as it stands in the gold, or None (a date in Spanish, a nickname)."""
    words = re.compile(rf"\b{re.escape(fold(value).plain)}\b")
    return next((line.turn for line in turns if words.search(fold(line.says).plain)), None)


def _must_not(words: str) -> MustNot:
    """`ask the name from turn 2`, `write more than 3 texts from turn 1`."""
    said, _, turn = words.partition(" from turn ")
    if found := re.fullmatch(r"write more than (\d+) texts?", said):
        return MustNot("max_out", int(turn or 0), int(found[1]))
    return MustNot(CHECKS[said], int(turn or 0))


def _closed(at: datetime) -> bool:
    opens, closes = {5: (9, 13), 6: (0, 0)}.get(at.weekday(), (8, 17))
    return not opens <= at.hour < closes


def _several(value: str | list[str]) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _turns(value: str) -> tuple[int, int] | None:
    if value == "no":
        return None
    first, _, last = value.partition("-")
    return int(first), int(last or first)


def _lines(talk: list[dict[str, str]], started: datetime) -> Iterator[Line]:
    at, turn = started, 0
    for row in talk:
        ((head, says),) = row.items()
        who, _, gap = head.partition(" +")
        if who == "box" or who.endswith(READS):
            yield Line(who, says, at, turn)
            continue
        if who == "wait":
            at = _moment(says, at)
        else:
            at += _gap(gap) if gap else timedelta(seconds=PAUSE_S if turn else FIRST_ANSWER_S)
        turn += who == "caller"
        yield Line(who, says, at, turn)


def _gap(words: str) -> timedelta:
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[words[-1]]
    return timedelta(**{unit: int(words[:-1])})


def _moment(words: str, after: datetime) -> datetime:
    """`tue 12:00`: the next Tuesday noon that is not before `after`; a span (`+26h`) counts from it."""
    if words.startswith("+"):
        return after + _gap(words[1:])
    day, clock = words.split()
    hour, minute = map(int, clock.split(":"))
    ahead = (DAYS.index(day) - after.weekday()) % 7
    found = (after + timedelta(days=ahead)).replace(hour=hour, minute=minute, second=0)
    return found if found >= after else found + timedelta(days=7)


def timed_events(trade: str, started: datetime, talk: tuple[Line, ...], line: str = "main") -> Iterator[dict[str, Any]]:
    """What `textback simulate` is given: the missed call, the lines at their moments, and time for the last answer."""
    owner = shop(trade).business.owner
    yield _call(started, CALLER, "no_answer", line)
    if any(speech.who == "other" for speech in talk):
        yield _call(started + timedelta(seconds=30), OTHER, "no_answer", "main")
    for speech in talk:
        at = {"at": speech.at.isoformat()}
        match speech.who:
            case "caller":
                yield at | {"event": "text", "from": CALLER, "body": speech.says}
            case "other":
                yield at | {"event": "text", "from": OTHER, "body": speech.says}
            case "owner":
                yield at | {"event": "text", "from": owner, "body": speech.says}
            case "partner":
                yield at | {"event": "text", "from": PARTNER, "body": speech.says}
            case "page":
                yield at | {"event": "ack", "by": "ann"}
            case "appointment":
                yield at | {"event": "appointment", "lead": 1, "by": "ann"} | _decided(speech)
            case "modem":
                yield at | {"event": "modem", "state": speech.says}
            case "office":
                yield at | {"event": "office_text", "to": CALLER, "body": speech.says, "by": "ann"}
            case "office calls":
                yield at | {"event": "office_call", "to": CALLER, "reached": speech.says == "yes"}
            case "call":
                yield _call(speech.at, CALLER, {"missed": "no_answer"}.get(speech.says, speech.says), "main")
            case "mark":
                yield at | {"event": "contact", "number": CALLER, "kind": speech.says}
            case "wait":
                yield at | {"event": "wait"}
            case "box":
                pass
            case who if who.endswith(READS):
                pass
            case _:
                raise ValueError(f"nobody here is called {speech.who!r}")
    yield {"at": (talk[-1].at + timedelta(seconds=ANSWERING_S)).isoformat(), "event": "wait"}


def _decided(speech: Line) -> dict[str, str]:
    """`move 2026-03-06 08:00-12:00`, on the clock of the place."""
    do, _, when = speech.says.partition(" ")
    if not when:
        return {"do": do}
    day, hours = when.split()
    begins, ends = (
        datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=speech.at.tzinfo) for clock in hours.split("-")
    )
    return {"do": do, "begins": begins.isoformat(), "ends": ends.isoformat()}


def _call(at: datetime, caller: str, outcome: str, line: str) -> dict[str, Any]:
    plain = {"at": at.isoformat(), "event": "call", "caller": caller, "line": line}
    return plain | {"ring_s": 22, "outcome": outcome, "source": "ami"}
