"""`textback check`: every problem of a configuration in one run; then what is doubtful, and each text with its length."""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from gateway.core.alphabet import segment_count, septets
from gateway.core.business import Business
from gateway.core.conversation import booklink
from gateway.core.conversation.authority import MEANINGS, Authority
from gateway.core.conversation.lead import Lane
from gateway.core.conversation.office import ConversationRules, Coverage
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.conversation.pictures import is_said
from gateway.core.escalation.ladder import timetable
from gateway.core.escalation.oncall import Duty, next_hand_over, on_call
from gateway.core.escalation.people import People, Person
from gateway.core.notify import How, Kind, Notifications
from gateway.core.wording import PLACEHOLDERS, examples, fixed_text, render
from gateway.records import Swap, swaps_at
from gateway.settings import Settings, SettingsError, load
from gateway.settings.spoken import question_templates
from gateway.settings.texts import judged_openers
from gateway.turns.away import passed_over
from gateway.turns.context import Context

EXIT_OK = 0
EXIT_BAD_CONFIGURATION = 2


def check(
    path: Path,
    out: TextIO,
    err: TextIO,
    *,
    today: date | None = None,
    now: datetime | None = None,
    database: str = "",
) -> int:
    """Problems and warnings go to `err` as `file:line: what - what to do`; the texts go to `out`. Returns the exit code.

    `now` (default: the clock's) is for who is on call; so is the box's `database`, a file of the state folder, for what was agreed
    by text.
    """
    try:
        settings = load(path, today=today)
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=err)
        return EXIT_BAD_CONFIGURATION
    for warning in settings.warnings:
        print(f"{warning.file}:{warning.line}: warning: {warning.what} - {warning.remedy}", file=err)
    now = now or datetime.now(UTC)
    file = settings.state_dir / database
    swaps = agreed_by_text(file, now) if database else []
    away = passed_over_now(file, settings.business, now) if database else frozenset[str]()
    for line in summary(settings, now, swaps, away):
        print(line, file=out)
    return EXIT_OK


def agreed_by_text(database: Path, now: datetime) -> list[Swap]:
    """Who has been put on call by text, as the box's memory has it; nobody where there is none that can be read."""
    try:
        with closing(_opened(database)) as db:
            return swaps_at(db, now)
    except sqlite3.Error:
        return []


def passed_over_now(database: Path, business: Business, now: datetime) -> frozenset[str]:
    """The keys of those who are away, as the box's memory has it; nobody where there is none that can be read."""
    try:
        with closing(_opened(database)) as db:
            return passed_over(Context(db, business, now))
    except sqlite3.Error:
        return frozenset()


def _opened(database: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    return db


def summary(settings: Settings, now: datetime, swaps: Sequence[Swap] = (), away: Collection[str] = ()) -> Iterator[str]:
    """What the configuration amounts to, and every text that a caller can get, as it would read at its longest."""
    business = settings.business
    lines = sum(1 for line in business.lines if line.text_back)
    yield f"{settings.source}: {business.name}, {lines} of {len(business.lines)} lines texted, times in {business.zone.key}"
    for opener in judged_openers(business):
        text = render(opener.text, **{**PLACEHOLDERS["opener"], "business": business.name})
        yield ""
        yield f"{opener.name} ({size(text)}) on {', '.join(opener.lines)}"
        yield f"  {text}"
    yield ""
    yield from agreed(business)
    yield from escalation(business, now, swaps, away)
    yield ""
    yield from spoken(business)
    yield ""
    yield from notices(business.notifications)
    yield ""
    yield "Answers to STOP, START and HELP:"
    for language in sorted({line.language for line in business.lines if line.text_back}):
        for name in ("opt_out", "opt_in", "help"):
            text = fixed_text(business, name, language, **{**examples("help", language), "business": business.name})
            yield f"  {text} ({size(text)})"


def agreed(business: Business) -> Iterator[str]:
    """What the box may ask and book, and where: the menu as it came out, in words."""
    rules = business.conversation
    if not rules.on:
        yield "Conversations are off: the first text goes out, answers wait on the page."
        return
    yield f"Menu ({business.trade}); * may be booked, ! tells the owner at once when urgent:"
    for key, service in rules.services.items():
        marks = ("*" if service.bookable else "") + ("!" if service.urgent_escalates else "")
        yield f"  {key}{marks}: {' / '.join(filter(None, (service.label, service.label_es)))}"
    area = rules.area
    places = (_count(len(area.zips), "ZIP code", "ZIP codes"), _count(len(area.cities), "city", "cities"))
    yield f"Area: {', '.join(places) if area.zips or area.cities else 'everywhere'}"
    for lane, name in ((Lane.BOOK, "to book"), (Lane.MESSAGE, "for a message"), (Lane.ESCALATE, "in an emergency")):
        own = [question.key for question in rules.questions if lane in question.lanes]
        yield f"Asked {name}: {', '.join([*rules.needs(lane), *own]) or 'nothing'}"
    emergencies = rules.emergencies
    yield f"On call for emergencies: {_covered(emergencies.coverage(None))}"
    for key, coverage in emergencies.services.items():
        yield f"  {key}: {_covered(coverage)}"
    for name, text in question_templates(rules.questions).items():
        if ("es" if name.endswith("_es") else "en") in rules.languages:
            yield f"  {name}: {render(text, business=business.name)} ({size(render(text, business=business.name))})"
    yield from authority(rules)
    yield from call_back(rules)
    yield from booking(rules)


def authority(rules: ConversationRules) -> Iterator[str]:
    """How far the box may go by itself, lane by lane, and where a service differs."""
    table = rules.authority
    yield "What the box does by itself, beside emergencies, STOP and HELP:"
    for lane, name in ((Lane.BOOK, "to book"), (Lane.MESSAGE, "for a message")):
        level = table.level(None, lane)
        yield f"  {name}: {level} - {MEANINGS[level]}"
        for key in table.services:
            own = table.level(key, lane)
            if own is not level and (lane is Lane.MESSAGE or rules.bookable(key)):
                yield f"    {key}: {own} - {MEANINGS[own]}"


def call_back(rules: ConversationRules) -> Iterator[str]:
    """Who calls back and when, where somebody does."""
    for person in rules.call_back.rota:
        days = ", ".join(name for number, name in enumerate(calendar.day_abbr) if number in person.days)
        hours = ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in person.hours)
        yield f"Calls back: {person.name}, {days} {hours}, {rules.call_back.per_hour} callers an hour"


def booking(rules: ConversationRules) -> Iterator[str]:
    """Which appointments may be booked, by whom and when."""
    for kind in rules.booking.types:
        confirms = any(
            kind.confirms and rules.authority.level(key, Lane.BOOK).reaches(Authority.CONFIRM) for key in kind.services
        )
        windows = [
            f"{name} {', '.join(f'{one.begins:%H:%M}-{one.ends:%H:%M}' for one in day)}"
            for name, day in zip(calendar.day_abbr, kind.week, strict=True)
            if day
        ]
        crews = ", ".join(rules.booking.crews[name].label for name in kind.crews)
        fate = "booked" if confirms else "requested"
        yield f"Appointments: {kind.label} ({', '.join(sorted(kind.services))}), {crews}, {fate}: {'; '.join(windows)}"


def escalation(
    business: Business, now: datetime, swaps: Sequence[Swap] = (), away: Collection[str] = ()
) -> Iterator[str]:
    """Who is told of an emergency that comes now, and in which order; and who is on call next. `swaps`: agreed by text; `away`: keys
    of those whom the ladder passes over."""
    rules, people = business.escalation, business.people
    known = [swap for swap in swaps if people.named(swap.who) is not None]
    duties = [Duty((swap.who,), swap.begins, swap.ends) for swap in known]
    on_duty = on_call(rules.on_call, business.zone, now, duties)
    if rules.on_call.everybody or known:
        yield f"On call now: {_names(people, on_duty)}{f' (said {known[-1].by})' if known else ''}"
        following = next_hand_over(rules.on_call, business.zone, now, duties)
        if following is not None:
            at = following.at.astimezone(business.zone)
            yield f"  from {at:%a %Y-%m-%d %H:%M} on: {_names(people, following.who)}"
    gone = [person for person in people.everybody if person.key in away]
    if gone:
        yield f"Away: {' and '.join(map(_name, gone))} (told of an emergency when nobody else has it)"
    *tellings, end = timetable(rules.rungs, people, on_duty, frozenset(away))
    if not tellings:
        yield "Told of an emergency: nobody"
        return
    steps = [
        f"{telling.after_s / 60:g} min " + " and ".join(_told(person, telling.again) for person in telling.people)
        for telling in tellings
    ]
    yield f"Told of an emergency that comes now: {', '.join(steps)}; after {end.after_s / 60:g} min nobody is left to tell"


def _names(people: People, keys: Sequence[str]) -> str:
    found = (people.named(key) for key in keys)
    return " and ".join(_name(person) for person in found if person is not None) or "nobody (the owner is told)"


def _name(person: Person) -> str:
    return person.name or "the owner"


def _told(person: Person, again: Collection[str]) -> str:
    rung = " (only rung)" if not person.texts else " (rung as well)" if person.rings else ""
    return f"{_name(person)}{' again' if person.key in again else ''}{rung}"


def _covered(coverage: Coverage) -> str:
    return f"{coverage.covered}{'' if coverage.holidays else ', not on holidays'}"


def spoken(business: Business) -> Iterator[str]:
    """What the box writes in a conversation beside the business's own questions; all that is left when it is off is advice."""
    rules = business.conversation
    yield "Texts of a conversation:" if rules.on else "Texts where people may be in danger:"
    for name in CONVERSATION_TEXTS:
        language = "es" if name.endswith("_es") else "en"
        plain = name.removesuffix("_es")
        if language not in rules.languages or plain == "instead" or not (rules.on or name.startswith("safety_")):
            continue
        if not is_said(plain, rules.pictures) or (plain == booklink.LINKED and not rules.booking.link):
            continue
        advice = rules.emergencies.alternative(language) or fixed_text(business, "instead", language)
        facts = {**examples("answer", language), "business": business.name, "instead": advice}
        facts |= {"pictures": rules.pictures, "link": rules.booking.link}
        facts["person"] = business.escalation.owner_name or fixed_text(business, "on_call_person", language)
        text = fixed_text(business, plain, language, **facts)
        yield f"  {name}: {text} ({size(text)})"


def notices(rules: Notifications) -> Iterator[str]:
    """What the business's people are told of, and when."""
    yield f"Told by text to {', '.join(rules.who) or 'nobody'}:"
    days = "each day on which you open"
    if rules.digest_days is not None:
        days = ", ".join(calendar.day_abbr[day] for day in sorted(rules.digest_days))
    at = "" if rules.digest_at is None else f" ({rules.digest_at:%H:%M}, {days})"
    names = {How.INSTANT: "at once", How.DIGEST: f"in the digest{at}", How.OFF: "on the page only"}
    for how, name in names.items():
        kinds = [kind.value for kind in Kind if rules.way(kind) is how]
        if kinds:
            yield f"  {name}: {', '.join(kinds)}"
    yield "  emergencies: always at once, by day and night; this cannot be switched off"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def size(text: str) -> str:
    """ "1 segment, 151 septets", or that it needs the costly alphabet."""
    count = segment_count(text)
    segments = f"{count} segment{'s' if count != 1 else ''}"
    used = septets(text)
    return f"{segments}, UCS-2, {len(text)} characters" if used is None else f"{segments}, {used} septets"
