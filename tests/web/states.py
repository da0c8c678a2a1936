"""Every page of the product in every state that differs for the eye or the ear: where to go, and what to press there."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sample import ANN, NOW, OTTO, ZONE, Doorkeeper, Office, SetUp, StoppedClock, a_call, a_days_work, a_lead, a_text
from sample_calendar import a_busy_week
from sample_care import SampleCare
from sample_checkup import SampleDoctor
from sample_feeds import SampleFeeds
from test_web_settings import Box

from gateway.commands.settingsdesk import Desk
from gateway.core.desk.reviewing import ReviewKind
from gateway.core.events import Health, HealthReport
from gateway.core.views.box import Absent, Delivery, Gone
from gateway.core.views.contacts import Mark
from gateway.core.views.emergencies import DrillView, Emergency, Told
from gateway.core.views.found import FoundPerson
from gateway.core.views.leads import Chosen, Standing
from gateway.core.views.leadstory import Jotting, Note, PutRight, Reply, Said, Understood
from gateway.core.views.review import ReviewRow
from gateway.core.views.setup import STEPS, Preview, SerialPort, SetupView, Trial, TrialCall
from gateway.core.visitors import DeviceRow, LoginRow, Visitor
from gateway.ports.gate import SignInRefused
from gateway.settings.edit.plan import SHEETS
from tests.settings.test_sheets import MILLER
from web.app import make_app
from web.drawing import HELP_PAGES
from web.serving import Page, serve


@dataclass(frozen=True)
class State:
    """`day` names the office, `who` is signed in; `fill` and then `press` are done on the page, each by a selector."""

    path: str
    day: str = "full"
    who: Visitor | None = OTTO
    fill: tuple[tuple[str, str], ...] = ()
    press: tuple[str, ...] = ()
    shows: str = ""  # what must be seen then; "" for the page's own heading

    @property
    def name(self) -> str:
        """Of the test."""
        who = "nobody" if self.who is None else self.who.name
        return " ".join([self.day, who, f"/{self.path}", *self.press])


SILENCE = "#alarm-sounds"

STATES = [
    *(State(path) for path in ("", "?whose=mine", "?days=week", "calls", "calls?kind=answered", "search", "search?q=heat")),
    *(State(f"leads/{lead}") for lead in (1, 2, 3, 4)),
    State("health/check"),
    State("health/check", "empty"),
    State("health/check", press=("#check-go",), shows="#said"),
    *(State(path) for path in ("health", "review", "contacts", "contacts/file", "people", "away", "history", "me", "help/")),
    *(State(f"review/{kind.value}") for kind in ReviewKind),
    *(State(f"contacts/one{number}") for number in ("", "?number=%2B13035550199")),
    *(State(f"help/{page}") for page in HELP_PAGES),
    *(State(f"settings{key}") for key in ("", "/file", "/versions", *(f"/{plan.key}" for plan in SHEETS))),
    *(State(f"setup{step}") for step in ("", *(f"/{step}" for step in STEPS))),
    *(State(path, "empty") for path in ("", "calls", "search?q=nobody", "contacts?q=xyz", "health", "review", "setup/modem")),
    *(State(path, "red") for path in ("", "calls", "health", "leads/9", "search?q=x")),
    *(State(f"calendar{how}") for how in ("", "?view=day&day=2026-11-21", "?view=day&day=2026-11-22", "/new?day=2026-11-21")),
    State("calendar", "empty"),
    State("calendar/new", "empty"),
    State("calendar/new", fill=(("#number", "12"),), press=("#press-book",), shows="[role=alert]"),
    State("leads/4?open=book"),
    State("calendar/feeds"),
    State("data"),
    State("data", "empty"),
    State("data", fill=(("#number", "12"),), press=("main .fields .button",), shows="[role=alert]"),
    State("calendar/feeds", press=("#f1 summary",)),
    State("calendar/feeds", press=("#f2 .button-main",), shows="[role=alert]"),
    *(State(path, "full", ANN) for path in ("", "health", "settings/hours", "me", "away", "calendar/feeds")),
    State("", press=("#sound",), shows=SILENCE),
    State("", press=("#menu summary",)),
    State("", press=("#pause",), shows="#resume"),
    State("leads/2", fill=(("#words", "this is too long"),), press=("#send",), shows="#sorry"),
    State("leads/2", fill=(("#words", "Ann here, tomorrow at 8? 😀"),), press=("#send",), shows="#said"),
    State("settings/hours", fill=(("[id='f-hours.sat']", "8-5"),), press=("#sheet .button-main",), shows="[role=alert]"),
    State("settings/texts", fill=(("[id='f-templates.open']", "Hi! 😀"),), shows="[id='p-templates.open'] *"),
    State("setup/line", fill=(("#number", "12"),), press=("#go",), shows="[role=alert]"),
    State("contacts/one", fill=(("#number", "12"),), press=("main .button-main",), shows="[role=alert]"),
    State("sign-in", who=None),
    State("sign-in", who=None, fill=(("#name", "Ann"), ("#password", "wrong")), press=("main button",), shows="[role=alert]"),
    State("welcome", "new", who=None),
    State(
        "welcome", "new", who=None,
        fill=(("#name", "Ann"), ("#password", "boiler 77"), ("#again", "boiler 78")), press=("main button",), shows="[role=alert]",
    ),
    State("nothing/here"),
    State("people", who=ANN),  # refused
    State("calls", "broken"),
]  # fmt: skip


class Gate(Doorkeeper):
    """Lets in as `guest`, refuses every password, and knows two people with their browsers."""

    async def rows(self, token: str = "") -> Sequence[LoginRow]:
        del token
        here = DeviceRow(1, "Mozilla/5.0 (X11; Linux) Firefox/140.0", NOW, NOW, this=True)
        there = DeviceRow(
            2, "Mozilla/5.0 (iPhone) Safari/605", NOW - timedelta(days=9), NOW - timedelta(days=2), this=False
        )
        return (
            LoginRow(OTTO.id, "Otto", OTTO.role, "mike", NOW - timedelta(days=90), (here, there)),
            LoginRow(ANN.id, "Ann", ANN.role, "", NOW - timedelta(days=80), (replace(here, id=3, this=False), replace(there, id=4))),
        )  # fmt: skip

    async def sign_in(self, *_what: str) -> str:
        raise SignInRefused("this name and this password do not belong together", 0)

    async def first(self, *_what: str) -> str:
        raise ValueError("the two passwords are not the same")


class Setting(SetUp):
    """A set-up in which every step has something to show."""

    def __init__(self, empty: bool) -> None:
        super().__init__()
        self.empty = empty

    async def view(self, *, step: str = "") -> SetupView:
        del step
        if self.empty:
            return SetupView(configured=False, live=False, trades=(("plumbing", "Plumbing"),))
        text = a_text(400, "accepted", "sent, no delivery report yet", purpose="test", peer="+13035550150")
        call = a_call(50, caller="+13035550150", texts=(text,))
        return SetupView(
            configured=True,
            live=False,
            answers={
                "business": {"name": "Miller", "trade": "plumbing", "timezone": "America/Denver", "area_code": "303"},
                "line": {"kind": "asterisk", "number": "(303) 555-0100", "sim": "(303) 555-0188", "secret": "x"},
                "people": {"owner_name": "Otto", "owner_cell": "(303) 555-0150"},
            },
            trades=(("plumbing", "Plumbing"), ("hvac", "Heating and air")),
            services=(("drain", "Drains", "Desagües"), ("heater", "Water heaters", "Calentadores")),
            ports=(SerialPort("/dev/serial/by-id/usb-HUAWEI-if00", "HUAWEI Mobile"), SerialPort("/dev/serial/by-id/usb-Q", "Quectel")),
            previews=(
                Preview("open", text.body, 1, ()),
                Preview("after_hours", "We call you in 5 minutes!", 2, ((True, "It promises a time."), (False, "It is long."))),
            ),
            trial=Trial("+13035550150", NOW, NOW + timedelta(minutes=15), (TrialCall(call, True, False, text, NOW, 1),), "Yes"),
            trial_text=text,
            modem="modem",
        )  # fmt: skip

    async def answer(self, step: str, answers: Mapping[str, str], by: str) -> None:
        del answers, step, by
        raise ValueError("'12' is not a telephone number - write it with its area code")


def _full() -> Office:
    """A day's work, and a lead about which there is everything to say."""
    office = a_days_work()
    office.adds(
        a_lead(
            4,
            Standing.EMERGENCY,
            danger=True,
            lane="escalate",
            urgency="emergency",
            assignee="Ann",
            claimed=True,
            taken_until=NOW + timedelta(hours=20),
            callback_number="+13035550177",
            tries=3,
        )
    )
    story = office.stories[4]
    told = (
        Told("Otto", "+13035550150", "text", NOW, "accepted", ""),
        Told("Dana", "+13035550151", "ring", NOW, "failed", "busy"),
    )
    unsure = a_text(210, "unconfirmed", "unsure: it may have gone out", peer=story.lead.peer, segments=2)
    read = (("intent", "new_service"), ("urgency", "urgent"), ("service", "heater"), ("name", "Dana"), ("zip", ""))
    understood = Understood((("intent", "new_service"),), ("water",), read, (("urgency", "emergency"),), "page:Ann")
    letter = a_text(205, "received", "received", direction="in", body="It pours!", peer=story.lead.peer)
    office.stories[4] = replace(
        story,
        talk=(*story.talk, Said(unsure), Said(letter, understood)),
        marks=(*story.marks, Mark("vip", "", NOW, "said on the page")),
        emergency=Emergency(12, "alerting", "", NOW, None, NOW + timedelta(minutes=5), told),
        notes=(Note(NOW, "taken over by page"), Note(NOW, "assigned to Ann")),
        others=(2, 3),
        jottings=(Jotting(1, NOW, "page:Otto", "The dog bites.", False), Jotting(2, NOW, "page:Ann", "Wrong.", True)),
        put_right=(PutRight("name", "Dana", "Dan", "page:Ann", NOW),),
        known=(("name", "Dana Whitfield"), ("zip", "80226"), ("service", "heater")),
        services=(("heater", "Water heaters"), ("drain", "Drains")),
        people=("Ann", "Otto"),
        replies=(Reply("booked", "You are booked", "You are booked.", "Tiene su cita."),),
        opens_at=NOW + timedelta(hours=16),
    )
    office.all_reviews = [
        ReviewRow(
            number, kind.value, "+13035550199", "", 4, 205, None, "the box did not understand this", "It pours!", NOW,
            NOW if settled else None, "page:Ann" if settled else "",
        )
        for number, (kind, settled) in enumerate([(kind, settled) for kind in ReviewKind for settled in (False, True)])
    ]  # fmt: skip
    office.people = [FoundPerson("+13035550188", "ORTIZ", office.all_calls[3], ())]
    office.entries, office.desk = a_busy_week(NOW, date(2026, 11, 21))
    office.stories[2] = replace(
        office.stories[2], windows=office.desk.windows, crews=office.desk.crews,
        chosen=Chosen(NOW, NOW + timedelta(hours=2), "North crew", "requested", "Ring at the side door."),
    )  # fmt: skip
    gone = Gone(
        (Absent("Dana", ("Dana", "dd"), "dana", NOW, NOW + timedelta(days=3), "Otto", 2), Absent("Ann", ("Ann",), "", NOW, None, "Ann")),
        (("mike", ("Otto",)), ("dana", ("Dana", "dd")), ("", ("Ann",))), nobody_told=True, rules=(1,), nobody_calls=True,
    )  # fmt: skip
    office.state = replace(office.state, drill=DrillView(10, "exhausted", "", told, "Otto", NOW), gone=gone)
    return office


def _red() -> Office:
    """Everything is wrong at once."""
    office = a_days_work()
    office.pause_reason = "Somebody pressed Pause on this page."
    office.reports = [
        HealthReport("modem", Health.DOWN, NOW, "The modem does not answer.", "Pull its plug.", facts={"port": "ttyUSB0"}),
        HealthReport("asterisk", Health.DEGRADED, NOW, "Slow.", "Look at the cable."),
        HealthReport("records", Health.STARTING, NOW, "Starting."),
    ]  # fmt: skip
    office.adds(a_lead(9, Standing.WAITING, danger=True))
    office.stories[9] = replace(office.stories[9], may_text="they wanted no more texts")
    office.state = replace(office.state, week=Delivery(), unsure=3, queued=4, queued_since=NOW, free_bytes=10_000_000)
    return office


def _broken() -> Office:
    office = a_days_work()
    office.broken = True
    return office


DAYS = {"full": _full, "empty": Office, "red": _red, "broken": _broken, "new": Office}


class Served:
    """All of these offices, each served once for each kind of visitor and made anew by `fresh`."""

    def __init__(self, folder: Path, stack: contextlib.AsyncExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._pages: dict[tuple[str, str], tuple[Page, Office]] = {}

    async def at(self, state: State) -> str:
        """The address of a state, in an office as it was at first if something is pressed there."""
        who = "" if state.who is None else state.who.name
        key = (state.day, who)
        if key not in self._pages or state.press:
            self._pages[key] = await self._serve(state)
        page, _office = self._pages[key]
        if state.press:
            del self._pages[key]
        return page.url + state.path

    async def _serve(self, state: State) -> tuple[Page, Office]:
        office, gate = DAYS[state.day](), Gate(state.who)
        gate.nobody_yet = state.day == "new"
        folder = self._folder / str(len(list(self._folder.iterdir())))
        folder.mkdir()
        file = folder / "gateway.yaml"
        file.write_text(MILLER + f'remote:\n  pin: "8153"\nstate: {folder / "state"}\n')
        file.chmod(0o600)
        app = make_app(
            office, office, gate, StoppedClock(), business="Miller Plumbing & Heating", zone=ZONE, allowed_hosts=frozenset(),
            version="1", desk=Desk(Box(file), StoppedClock()), setup=Setting(state.day == "empty"),
            feeds=SampleFeeds(), care=SampleCare(empty=state.day == "empty"),
            doctor=SampleDoctor(asked=state.day != "empty"),
        )  # fmt: skip
        return await self._stack.enter_async_context(serve(app, "127.0.0.1", 0)), office


@contextlib.asynccontextmanager
async def every_office(folder: Path) -> AsyncIterator[Served]:
    """The pages of all states, while the context is open."""
    async with contextlib.AsyncExitStack() as stack:
        yield Served(folder, stack)
