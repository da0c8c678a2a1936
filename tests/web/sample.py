"""An office in memory: the page's data and commands, with a day's worth of calls."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp.web import Application
from sample_calendar import SampleCalendar
from sample_care import SampleCare
from sample_checkup import SampleDoctor
from sample_contacts import SampleContacts, SampleHistory
from sample_feeds import SampleFeeds

from gateway.core.callsieve import CallSieve, CallsPage
from gateway.core.desk.reviewing import ReviewKind
from gateway.core.events import Health, HealthReport
from gateway.core.inbox import (
    InboxPage,
    Rank,
    Sieve,
    cursor_of,
    lead_rank,
    read_cursor,
    task_rank,
    task_standing,
)
from gateway.core.views.box import Absent, BoxState, Delivery, Gone, LadderStep, Reached, WhoIsTold
from gateway.core.views.calls import CallRow, TextRow, Today
from gateway.core.views.contacts import Mark
from gateway.core.views.emergencies import DrillView, Told
from gateway.core.views.found import Found, FoundLead, FoundPerson
from gateway.core.views.leads import LeadRow, Standing
from gateway.core.views.leadstory import NEWEST, LeadStory, Note, Place, Said, Understood
from gateway.core.views.review import ReviewRow
from gateway.core.views.setup import SetupView
from gateway.core.views.tasks import TaskRow
from gateway.core.visitors import PageRole, Visitor
from web.app import make_app
from web.guard import SESSION

ZONE = ZoneInfo("America/Denver")
NOW = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)  # 2:30 PM in Denver
ANN = Visitor(1, "Ann", PageRole.OFFICE)
OTTO = Visitor(2, "Otto", PageRole.OWNER)
OPENER = (
    "Miller Plumbing: sorry we missed your call. What do you need help with? "
    "We read every text. Reply EMERGENCY if it is one. STOP to opt out."
)


class StoppedClock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def a_text(id: int, state: str = "delivered", say: str = "delivered", **changes: object) -> TextRow:
    text = TextRow(
        id=id,
        direction="out",
        peer=f"+1303555{100 + id % 100:04d}",
        body=OPENER,
        purpose="opener",
        template="open",
        state=state,
        say=say,
        segments=1,
        at=NOW - timedelta(minutes=id),
        call_id=None,
    )
    return replace(text, **changes)  # type: ignore[arg-type]


def a_call(id: int, outcome: str = "texted", say: str = "texted in 12 s", **changes: object) -> CallRow:
    at = NOW - timedelta(minutes=7 * (100 - id))
    call = CallRow(
        id=id,
        ended_at=at,
        started_at=at - timedelta(seconds=22),
        caller=f"+1303555{100 + id % 100:04d}",
        caller_name="",
        line="Main line",
        outcome=outcome,
        say=say,
        answered_by="",
        source="ami",
        texts=(),
    )
    return replace(call, **changes)  # type: ignore[arg-type]


def a_task(id: int, kind: str = "call_back", **changes: object) -> TaskRow:
    task = TaskRow(
        id=id,
        kind=kind,
        peer="+13035550142",
        say="Nobody answered at 2:02 PM and the modem was down.",
        created_at=NOW - timedelta(minutes=28),
        call_id=None,
        text_id=None,
    )
    return replace(task, **changes)  # type: ignore[arg-type]


def a_lead(id: int, standing: Standing = Standing.WAITING, **changes: object) -> LeadRow:
    lead = LeadRow(
        id=id,
        peer=f"+1303555{100 + id % 100:04d}",
        name="Dana Whitfield",
        issue="Our water heater is leaking in the basement",
        service="Water heaters",
        place="Lakewood, CO 80226",
        timeline="tomorrow morning",
        callback_time="",
        answers=(("Gate code", "none"),),
        urgency="urgent",
        lane="message",
        why="urgent: a person decides when",
        danger=False,
        stage="complete",
        standing=standing,
        next_step="answer: urgent: a person decides when",
        due=NOW + timedelta(minutes=25),
        owner="office",
        taken_until=None,
        opened_at=NOW - timedelta(minutes=40),
        wrote_at=NOW - timedelta(minutes=35),
        task_id=500 + id,
    )
    return replace(lead, **changes)  # type: ignore[arg-type]


def a_story(lead: LeadRow, **changes: object) -> LeadStory:
    """A short conversation: first text, the matter, a question, an answer."""
    opener = a_text(201, peer=lead.peer, at=NOW - timedelta(minutes=41))
    matter = a_text(
        202, "received", "received", direction="in", purpose="", peer=lead.peer, body=lead.issue, at=lead.opened_at
    )
    question = a_text(
        203,
        peer=lead.peer,
        purpose="question",
        body="Thanks. What is the ZIP code or the town of the job?",
        at=NOW - timedelta(minutes=36),
    )
    answer = a_text(
        204, "received", "received", direction="in", purpose="", peer=lead.peer, body="80226", at=lead.wrote_at
    )
    read = Understood(
        (("lang", "en"), ("intent", "new_service"), ("urgency", "urgent"), ("service", "Water heaters")),
        ("water that runs: “leaking in the basement”",),
    )
    story = LeadStory(
        lead=lead,
        talk=(Said(opener), Said(matter, read), Said(question), Said(answer, Understood((("zip", "80226"),), ()))),
        calls=(a_call(99, caller=lead.peer, ended_at=NOW - timedelta(minutes=42)),),
        notes=(Note(NOW - timedelta(minutes=30), "taken over by page"),),
        marks=(Mark("customer", "Dana Whitfield", NOW - timedelta(days=90), "configuration"),),
        emergency=None,
        others=(),
    )
    return replace(story, **changes)  # type: ignore[arg-type]


OTTOS, DANAS = Reached("Otto", "+13035550150", True, False), Reached("Dana", "+13035550151", True, True)
A_QUIET_BOX = BoxState(
    pause=None,
    storm=None,
    shadow=None,
    watches_only=False,
    told=WhoIsTold((LadderStep(0, (OTTOS,), False), LadderStep(600, (DANAS,), False)), 1200, True, ()),
    people=(OTTOS, DANAS),
    last_missed=None,
    last_sent=None,
    last_delivered=None,
    last_heard=None,
    week=Delivery(),
    queued=0,
    queued_since=None,
    unsure=0,
    drill=None,
    trial=None,
    free_bytes=12_400_000_000,
    used=False,
    gone=Gone(everybody=(("mike", ("Otto",)), ("dana", ("Dana",)), ("", ("Ann",)))),
)


class Office(SampleCalendar):
    """PageData and Commands over plain lists; every change of `number` wakes the pages."""

    def __init__(self) -> None:
        self.contacts = SampleContacts()
        self.history = SampleHistory()
        self.all_calls: list[CallRow] = []
        self.all_texts: list[TextRow] = []
        self.all_tasks: list[TaskRow] = []
        self.all_leads: list[LeadRow] = []
        self.all_reviews: list[ReviewRow] = []
        self.stories: dict[int, LeadStory] = {}
        self.people: list[FoundPerson] = []
        self.reports: list[HealthReport] = []
        self.pause_reason = ""
        self.done: list[tuple[str, int, str]] = []
        self.broken = False
        self.state = A_QUIET_BOX
        self.number = 0
        self._changed = asyncio.Condition()

    @property
    def leads(self) -> Office:
        """What is done with leads is done by the same office."""
        return self

    async def today(self, at: datetime) -> Today:
        del at
        kinds = [call.outcome for call in self.all_calls]
        answered, texted = kinds.count("answered"), kinds.count("texted") + kinds.count("unsure")
        waiting = kinds.count("waiting") + kinds.count("ringing")
        missed = len(kinds) - answered - kinds.count("ringing")
        return Today(missed, texted, answered, len(kinds) - answered - texted - waiting, waiting)

    async def inbox(self, sieve: Sieve, at: datetime, after: str = "") -> InboxPage:
        now = _ms(at)
        leads = [lead for lead in self.all_leads if sieve.passes(lead.lane, lead.urgency, lead.assignee)]
        tasks = self.all_tasks if sieve.passes_tasks else []
        ranked: list[tuple[Rank, str, LeadRow | TaskRow]] = []
        for lead in leads:
            due = None if lead.due is None else _ms(lead.due)
            rank = lead_rank(lead.standing, lead.urgency, due, _ms(lead.wrote_at), lead.id, danger=lead.danger)
            ranked.append((rank, lead.standing, lead))
        for task in tasks:
            due = None if task.due is None else _ms(task.due)
            rank = task_rank(task.kind, _ms(task.created_at), due, now, task.id)
            ranked.append((rank, task_standing(task.kind, due, now), task))
        counts = Counter(standing for _, standing, _ in ranked)
        begin = read_cursor(after)
        wanted = [each for each in sorted(ranked, key=lambda each: each[0]) if sieve.standing in ("", each[1])]
        page = [each for each in wanted if begin is None or each[0] > begin]
        waiting = [lead for lead in self.all_leads if lead.standing is not Standing.TALKING]
        return InboxPage(
            items=tuple(each[2] for each in page[:40]),
            more=cursor_of(page[39][0]) if len(page) > 40 else "",
            counts=counts,
            to_do=len(self.all_tasks) + len(waiting),
            alarms=tuple(lead.id for lead in self.all_leads if lead.standing is Standing.EMERGENCY),
            newest=max((lead.id for lead in self.all_leads), default=0),
            texts={text.id: text for text in self._texts() if text.direction == "out"},
            letters={task.id: self._letter(task.peer) for task in self.all_tasks if self._letters(task.peer)},
        )

    def _texts(self) -> list[TextRow]:
        return [*self.all_texts, *(text for call in self.all_calls for text in call.texts)]

    def _letters(self, peer: str) -> list[TextRow]:
        return [text for text in self._texts() if text.direction == "in" and text.peer == peer]

    def _letter(self, peer: str) -> TextRow:
        return max(self._letters(peer), key=lambda text: text.at)

    async def calls_page(self, sieve: CallSieve, after: str = "") -> CallsPage:
        if self.broken:
            raise OSError("database is locked")
        newest_first = sorted(self.all_calls, key=lambda call: call.started_at, reverse=True)
        passes = {"": lambda _call: True, "answered": lambda call: call.outcome == "answered"}
        found = [call for call in newest_first if passes.get(sieve.kind, lambda call: call.outcome != "answered")(call)]
        found = [call for call in found if sieve.line in ("", call.line) and sieve.who in ("", call.caller)]
        if sieve.day is not None:
            found = [call for call in found if call.started_at.astimezone(ZONE).date() == sieve.day]
        begin = int(after or 0)
        more = str(begin + 50) if len(found) > begin + 50 else ""
        lines = tuple(dict.fromkeys(call.line for call in self.all_calls if call.line))
        return CallsPage(tuple(found[begin : begin + 50]), more, lines)

    async def lone_texts(self, since: datetime, limit: int = 50) -> Sequence[TextRow]:
        newest_first = sorted(self.all_texts, key=lambda text: text.at, reverse=True)
        return [text for text in newest_first if text.at >= since][:limit]

    async def find(self, typed: str, at: datetime, before: int | None = None) -> Found:
        del at, before
        found = [lead for lead in self.all_leads if typed.lower() in f"{lead.name} {lead.issue} {lead.peer}".lower()]
        return Found(leads=tuple(FoundLead(lead, ()) for lead in found), people=tuple(self.people), down=self.broken)

    async def lead(self, lead_id: int, at: datetime, place: Place = NEWEST) -> LeadStory | None:
        del at, place
        return self.stories.get(lead_id)

    async def write(
        self, lead_id: int, body: str, by: str, seen: str | None = None, upto: str = "", *, sure: bool = False
    ) -> None:
        del seen, upto, sure
        if not body.strip():
            raise ValueError("there are no words to send")
        if "too long" in body:
            raise ValueError("this is too long to be sent")
        self.done.append((f"write {body}", lead_id, by))
        story = self.stories[lead_id]
        text = a_text(300, "queued", "waits to be sent", peer=story.lead.peer, purpose="staff", body=body, at=NOW)
        self._tell(replace(story, talk=(*story.talk, Said(text))), taken_until=NOW + timedelta(hours=24))
        await self.changed()

    async def take_over(self, lead_id: int, by: str) -> None:
        self.done.append(("take", lead_id, by))
        self._tell(self.stories[lead_id], taken_until=NOW + timedelta(hours=24))
        await self.changed()

    async def have_it(self, lead_id: int, by: str) -> None:
        self.done.append(("have it", lead_id, by))
        story = self.stories[lead_id]
        if story.emergency is not None:
            self._tell(replace(story, emergency=replace(story.emergency, state="acknowledged", by=by)))
        await self.changed()

    async def hand_back(self, lead_id: int, by: str) -> None:
        self.done.append(("hand back", lead_id, by))
        self._tell(self.stories[lead_id], taken_until=None)
        await self.changed()

    async def finish(self, lead_id: int, by: str, upto: str = "") -> None:
        del upto
        if self.stories[lead_id].lead.task_id is None:
            raise ValueError("nothing is left to do about this any more")
        self.done.append(("finish", lead_id, by))
        self._tell(self.stories[lead_id], task_id=None, next_step="", due=None, standing=Standing.DONE)
        await self.changed()

    async def mark(self, lead_id: int, kind: str, on: bool, by: str, reason: str = "") -> None:
        del reason
        self.done.append((f"{'mark' if on else 'unmark'} {kind}", lead_id, by))
        story = self.stories[lead_id]
        marks = tuple(mark for mark in story.marks if mark.kind != kind)
        self._tell(replace(story, marks=(*marks, Mark(kind, "", NOW, "said on the page")) if on else marks))
        await self.changed()

    async def reviews(
        self, kind: str, before: int | None = None, limit: int = 50, *, settled: bool = False
    ) -> Sequence[ReviewRow]:
        rows = [row for row in self.all_reviews if row.kind == kind and (settled or row.settled_at is None)]
        return [row for row in rows if before is None or row.id < before][:limit]

    async def review_counts(self) -> dict[str, int]:
        return {
            kind: sum(row.kind == kind and row.settled_at is None for row in self.all_reviews) for kind in ReviewKind
        }

    async def settle_review(self, review_id: int, by: str) -> None:
        self.done.append(("looked through", review_id, by))
        self.all_reviews = [
            replace(row, settled_at=NOW, settled_by=by) if row.id == review_id else row for row in self.all_reviews
        ]
        await self.changed()

    def adds(self, *leads: LeadRow) -> None:
        """Leads with their stories."""
        self.all_leads += leads
        self.stories |= {lead.id: a_story(lead) for lead in leads}

    def _tell(self, story: LeadStory, **changes: object) -> None:
        lead = replace(story.lead, **changes)  # type: ignore[arg-type]
        self.stories[lead.id] = replace(story, lead=lead)
        self.all_leads = [
            lead if one.id == lead.id else one for one in self.all_leads if lead.task_id or one.id != lead.id
        ]

    async def box(self, at: datetime) -> BoxState:
        del at
        return self.state

    async def gone(self, at: datetime) -> Gone:
        del at
        return self.state.gone

    async def set_away(self, name: str, away: bool, by: str, until: datetime | None = None) -> None:
        self.done.append((f"{'away' if away else 'back'} {name}", 0, by))
        names = next(names for _, names in self.state.gone.everybody if names[0] == name)
        absent = tuple(each for each in self.state.gone.absent if each.name != name)
        if away:
            absent = (*absent, Absent(name, names, "", NOW, until, by))
        self.state = replace(self.state, gone=replace(self.state.gone, absent=absent))
        await self.changed()

    async def trial_text(self, to: str, by: str) -> None:
        self.done.append((f"test {to}", 0, by))
        trial = a_text(400, "accepted", "sent, no delivery report yet", peer=to, purpose="test", at=NOW)
        self.state = replace(self.state, trial=trial)
        await self.changed()

    async def drill(self, by: str) -> None:
        if self.state.drill is not None and self.state.drill.state == "alerting":
            raise ValueError("no drill now: 10 is not over")
        self.done.append(("drill", 0, by))
        told = Told("Otto", "+13035550150", "text", NOW, "accepted", "")
        self.state = replace(
            self.state,
            drill=DrillView(10, "alerting", "", (told,), by, NOW, next_at=NOW + timedelta(minutes=10)),
        )
        await self.changed()

    def health(self) -> Sequence[HealthReport]:
        return self.reports

    def paused(self) -> str:
        return self.pause_reason

    async def changes(self) -> AsyncIterator[int]:
        seen = self.number
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self.number != seen)  # noqa: B023
                seen = self.number
            yield seen

    async def changed(self) -> None:
        """Tell the pages."""
        async with self._changed:
            self.number += 1
            self._changed.notify_all()

    async def contacted(self, call_id: int, by: str) -> None:
        self.done.append(("contacted", call_id, by))

    async def close_task(self, task_id: int, by: str, upto: str = "") -> None:
        del upto
        if not any(task.id == task_id for task in self.all_tasks):
            raise ValueError("this is already off the list")
        self.all_tasks = [task for task in self.all_tasks if task.id != task_id]
        self.done.append(("close", task_id, by))
        await self.changed()

    async def resend_unsure(self, text_id: int, by: str) -> None:
        self._take_unsure(text_id)
        self.done.append(("again", text_id, by))
        await self.changed()

    async def settle_unsure(self, text_id: int, went_out: bool, by: str) -> None:
        self._take_unsure(text_id)
        self.done.append(("arrived" if went_out else "lost", text_id, by))
        await self.changed()

    async def pause(self, on: bool, by: str) -> None:
        self.pause_reason = "Somebody pressed Pause on this page." if on else ""
        self.done.append(("pause" if on else "resume", 0, by))
        await self.changed()

    def _take_unsure(self, text_id: int) -> None:
        if not any(task.text_id == text_id for task in self.all_tasks):
            raise ValueError("nothing is unsure about this text any more")
        self.all_tasks = [task for task in self.all_tasks if task.text_id != text_id]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def a_days_work() -> Office:
    """A Saturday afternoon with one of nearly everything."""
    office = Office()
    delivered, sent = a_text(1, peer="+13035550199"), a_text(2, "accepted", "sent", peer="+13035550198")
    unsure = a_text(3, "unconfirmed", "unsure: it may have gone out", peer="+13035550195")
    reply = a_text(
        4,
        "received",
        "received",
        direction="in",
        body="Hi, our water heater is leaking in the basement. 812 Alder St. Can somebody come by tomorrow morning?",
        peer="+13035550199",
        segments=2,
        at=NOW - timedelta(seconds=40),
    )
    office.all_calls = [
        a_call(100, "ringing", "ringing now", ended_at=None, started_at=NOW, line="Main line", caller="+13035550100"),
        a_call(99, texts=(delivered, reply), caller_name="DANA WHITFIELD"),
        a_call(98, say="texted in 14 s", texts=(sent,), line="Emergency line"),
        a_call(97, "answered", "answered by 102 after 9 s", caller_name="Ortiz & Sons"),
        a_call(96, "withheld", "withheld number", caller="withheld number"),
        a_call(95, "unsure", texts=(unsure,), say="texted, but it is not sure that it went out"),
        a_call(94, "cooldown", "already texted 2 h ago"),
        a_call(93, "vendor", "vendor", caller_name="Front Range Pipe Supply"),
        a_call(92, "modem_down", "modem down, on the call-back list", caller="+13035550142"),
        a_call(91, "opted_out", "opted out"),
        a_call(90, "answered", "answered by 101 after 4 s"),
    ]
    office.adds(
        a_lead(
            1,
            Standing.EMERGENCY,
            peer="+13035550199",
            lane="escalate",
            urgency="emergency",
            why="an emergency",
            name="",
            issue="water is pouring through the ceiling and I cannot turn it off!!",
            next_step="emergency: call now (the owner has been texted)",
            owner="owner",
            place="812 Alder St, Denver, CO",
        ),
        a_lead(2, Standing.OVERDUE, due=NOW - timedelta(minutes=5)),
        a_lead(
            3,
            Standing.TALKING,
            name="",
            service="",
            place="",
            lane="message",
            urgency="routine",
            why="not known yet: place, name",
            issue="do you guys fix garbage disposals",
            next_step="waits for an answer (place); not known yet: place, name",
            stage="talking",
            answers=(),
            wrote_at=NOW - timedelta(minutes=2),
        ),
    )
    office.all_texts = [reply, delivered, sent, unsure]
    office.all_tasks = [
        a_task(1, call_id=92),
        a_task(
            2,
            "unsure_text",
            peer="+13035550195",
            text_id=3,
            call_id=95,
            say="The modem fell silent at 1:55 PM while this text was being sent.",
        ),
    ]
    office.reports = [
        HealthReport("asterisk", Health.UP, NOW - timedelta(hours=5), "Connected to the phone system at the office."),
        HealthReport(
            "modem",
            Health.UP,
            NOW - timedelta(hours=5),
            "Ready to send; the signal is good (3 of 4 bars).",
            facts={"operator": "T-Mobile", "signal": "-77 dBm"},
        ),
    ]
    return office


class SetUp:
    """The set-up of a box that runs; `answered` is what was asked of it."""

    def __init__(self) -> None:
        self.answered: list[tuple[str, str]] = []

    def pending(self) -> bool:
        return False

    async def view(self, *, step: str = "") -> SetupView:
        del step
        return SetupView(
            configured=True, live=True, services=(("drain", "Drains", "Desagües"),), trades=(("plumbing", "Plumbing"),)
        )

    async def answer(self, step: str, answers: Mapping[str, str], by: str) -> None:
        del answers
        self.answered.append((step, by))

    async def install(self, by: str) -> None:
        self.answered.append(("install", by))

    async def fetch_places(self) -> None:
        self.answered.append(("fetch", ""))

    async def begin_trial(self, to: str, by: str) -> None:
        self.answered.append((f"test {to}", by))

    async def end_trial(self, by: str) -> None:
        self.answered.append(("test ends", by))

    async def go_live(self, by: str) -> None:
        self.answered.append(("live", by))


class Doorkeeper:
    """Lets everybody in as `guest`; with None nobody, until somebody has signed in as Ann, Pia or Otto (owner)."""

    def __init__(self, guest: Visitor | None = ANN) -> None:
        self.guest = guest
        self.signed_in: dict[str, Visitor] = {}
        self.nobody_yet = False

    async def exist(self) -> bool:
        return not self.nobody_yet

    async def visitor(self, token: str) -> Visitor | None:
        return self.guest or self.signed_in.get(token)

    async def rows(self, token: str = "") -> Sequence[object]:
        del token
        return ()

    async def browser(self, token: str) -> str:
        del token
        return ""

    async def sign_out(self, token: str) -> None:
        self.signed_in.pop(token, None)

    def people(self) -> dict[str, str]:
        return {"mike": "Mike", "dana": "Dana"}

    def comes(self, who: Visitor) -> dict[str, str]:
        """Cookies of somebody who has signed in."""
        token = f"{who.name:-<43}"
        self.signed_in[token] = who
        return {SESSION: token}


def app_of(
    office: Office, clock: StoppedClock | None = None, *hosts: str, gate: object = None, **more: object
) -> Application:
    """The page of an office; `hosts` are names under which it may be called, beside its addresses."""
    return make_app(
        office,
        office,
        gate or Doorkeeper(),  # type: ignore[arg-type]
        clock or StoppedClock(),
        business="Miller Plumbing & Heating",
        zone=ZONE,
        allowed_hosts=frozenset(hosts),
        version="0.1.0",
        setup=SetUp(),
        feeds=SampleFeeds(),
        care=SampleCare(),
        doctor=more.pop("doctor", None) or SampleDoctor(),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )
