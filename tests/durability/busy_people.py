"""Who calls and writes: customers with their matters and manners, and the owner and Dana on their telephones."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from drivers.simulator.calls import CallState
from drivers.simulator.network import SentText
from tests.bench.numbers import callers
from tests.durability.busy_office import DANA, Office
from tests.durability.busy_truth import Rang
from tests.durability.world import OWNER

NIGHT, MORNING, DAY, EVENING, LATE = 0.8, 6.0, 19.0, 9.0, 2.5  # calls an hour; some 230 on a working day
RATES = [NIGHT] * 6 + [MORNING] * 2 + [DAY] * 9 + [EVENING] * 4 + [LATE] * 3
WEEKEND = {5: 0.6, 6: 0.4}

JOBS = (
    ("my furnace needs a tune up", "Lakewood 44107", "Dana Novak", "thursday morning"),
    ("I need a new furnace, it is in 44107", "name is Greg", "any day next week", "thanks!"),
    ("how much is a thermostat swap?", "ok. Berea, Linda", "thank you"),
    ("se descompuso la calefaccion del garaje", "Lakewood 44107", "Rosa Medina", "gracias"),
    ("hey", "its about the AC", "44116", "Priya", "next week is fine 👍"),
    ("is this miller?", "you came by in november about the boiler, it bangs again. " + "bang " * 60, "Ann 44102"),
)
BOOKINGS = (
    ("Hi, {name}, 1423 Clifton Blvd Lakewood 44107. I'd like a furnace tune up", "1", "thank you!"),
    ("furnace tune up please, {name}, 1910 W 65th St 44102", "2"),
    ("{name}, 20 Elm Ct, Rocky River 44116, need maintenance on my AC", "the first one"),
)
LATER = ("I need to cancel my appointment", "can we move the appointment to another day", "running late today")
NAMES = ("Dana Novak", "Greg Tillman", "Priya Shah", "Ray Ortega", "Meg Adams", "Todd Brandt", "Rosa Medina")
EMERGENCIES = (
    "I smell gas by the furnace",
    "carbon monoxide alarm is going off and we have headaches",
    "no heat, it is 48 in here and we have a newborn",
)
STOPS = ("STOP", "stop", "Stop texting me", "ALTO")
ALERT = re.compile(r"(?:Reply|Responda) (\d+) (?:if|si)")
MANNERS = (("silent", 40), ("job", 30), ("booking", 10), ("stop", 7), ("emergency", 6), ("calls again", 7))


@dataclass(slots=True)
class Person:
    """A customer, and what he will still write."""

    number: str  # ten digits
    manner: str
    lines: list[str] = field(default_factory=list)
    stopped: bool = False

    @property
    def e164(self) -> str:
        return f"+1{self.number}"


class People:
    """Everybody outside. `live` goes on until it is cancelled."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.known: dict[str, Person] = {}
        self._numbers: Iterator[str] = islice(callers(), 5_000, None)  # those before are in the old books
        self._until_h = 0.0
        office.network.on_sent.append(self._reads)

    async def live(self, until_h: float) -> None:
        """Calls at the rate of the hour."""
        self._until_h = until_h
        chance = self.office.random
        while self.office.hours() < until_h:
            at = self.office.local()
            rate = RATES[at.hour] * WEEKEND.get(at.weekday(), 1.0)
            await asyncio.sleep(min(1800.0, chance.expovariate(rate / 3600)))
            if self.office.hours() < until_h:
                self._somebody_calls()

    def _somebody_calls(self) -> None:
        chance = self.office.random
        if self.known and chance.random() < 0.15:
            person = chance.choice(list(self.known.values()))
        else:
            manners, weights = zip(*MANNERS, strict=True)
            person = self._new(chance.choices(manners, weights)[0])
        match chance.choices(("pbx", "modem", "both", "text"), (78, 8, 8, 6))[0]:
            case "pbx":
                kinds, weights = ("missed", "answered", "voicemail", "withheld"), (58, 24, 13, 5)
                self.office.spawn(self._calls(person, chance.choices(kinds, weights)[0]))
            case "modem":
                self.office.spawn(self._rings_at_modem(person))
            case "both":  # unanswered, and forwarded to the SIM: the same call is seen twice
                self.office.spawn(self._calls(person, "missed"))
                self.office.spawn(self._rings_at_modem(person, twin=True))
            case _:
                self._begins(person)

    def _new(self, manner: str) -> Person:
        chance = self.office.random
        person = Person(next(self._numbers), manner)
        match manner:
            case "job":
                person.lines = list(chance.choice(JOBS))
            case "booking":
                person.lines = [line.format(name=chance.choice(NAMES)) for line in chance.choice(BOOKINGS)]
            case "stop":
                person.lines = [chance.choice(STOPS)]
            case "emergency":
                person.lines = [chance.choice(EMERGENCIES), "1180 Cranford Ave Lakewood 44107. Bill Novotny"]
            case _:
                pass
        self.known[person.e164] = person
        return person

    # ---- telephones

    async def _calls(self, person: Person, kind: str) -> None:
        office, chance = self.office, self.office.random
        did = chance.choice(("2165550100", "2165550100", "2165550155"))
        ring_s, talk_s = chance.uniform(8, 35), chance.uniform(20, 240)
        call = Rang("" if kind == "withheld" else person.number, kind, time.monotonic())
        office.truth.calls.append(call)
        began, boots = time.time(), office.pbx.began
        match kind:
            case "answered":
                work = office.pbx.answered_call(
                    person.number, did, chance.choice(("101", "102")), ring_s, talk_s=talk_s
                )
            case "voicemail":
                work = office.pbx.voicemail_call(person.number, did, ring_s, listen_s=talk_s / 4)
            case "withheld":
                work = office.pbx.missed_call(None, did, ring_s)
            case _:
                work = office.pbx.missed_call(person.number, did, ring_s)
        call.key = await work
        call.over = time.monotonic()
        call.cut = office.pbx.began != boots
        if not call.cut:
            heard_s = talk_s if kind == "answered" else talk_s / 4
            office.pbx.record(call.key, call.caller or None, did, began, kind, heard_s)
        if kind in ("missed", "voicemail") and chance.random() < 0.12 and await self._later(60, 7200):
            await self._rung_back(person)

    async def _rung_back(self, person: Person) -> None:
        """Somebody of the office calls, while it is open."""
        chance = self.office.random
        if 8 <= self.office.local().hour < 17 and not person.stopped:
            talk = chance.uniform(60, 300) if chance.random() < 0.6 else None
            await self.office.pbx.office_call("102", person.number, chance.uniform(5, 25), talk_s=talk)

    async def _rings_at_modem(self, person: Person, *, twin: bool = False) -> None:
        office = self.office
        if twin:
            await asyncio.sleep(office.random.uniform(0, 2))
        call = office.modem.ring(person.e164, rings=office.random.randint(2, 6))
        if not call.open:
            return  # the network says that nobody can be reached: the carrier, not the box, knows of it
        rang = Rang(person.number, "modem", time.monotonic())
        if call.state is CallState.WAITING:
            await asyncio.sleep(office.random.uniform(5, 30))
            call.hang_up()
        await call.ended.wait()
        rang.over = time.monotonic()
        rang.cut = call.state is not CallState.MISSED
        if not twin:
            office.truth.calls.append(rang)

    async def _later(self, least: float, most: float) -> bool:
        """Wait a long time. False, at once, where the days are over before."""
        wait = self.office.random.uniform(least, most)
        if self.office.hours() + wait / 3600 > self._until_h:
            return False
        await asyncio.sleep(wait)
        return True

    # ---- texts

    def _begins(self, person: Person) -> None:
        """Writes without having called."""
        if person.lines:
            self._writes(person)

    def _writes(self, person: Person) -> None:
        line = person.lines.pop(0)
        self.office.write(person.e164, line)
        if line in STOPS:
            person.stopped = True
        if line in EMERGENCIES:
            self.office.truth.emergencies[person.e164] = line

    def _reads(self, text: SentText) -> None:
        """The network has a segment for somebody; behind the last one he reads the text."""
        if text.concat is not None and text.concat.number != text.concat.total:
            return
        if text.to in (OWNER, DANA):
            self.office.spawn(self._our_people(text.to, text.body))
        elif (person := self.known.get(text.to)) is not None and person.lines and not person.stopped:
            self.office.spawn(self._answers(person, len(person.lines)))

    async def _answers(self, person: Person, left: int) -> None:
        chance = self.office.random
        await asyncio.sleep(chance.choice((chance.uniform(8, 60), chance.uniform(60, 1500))))
        if len(person.lines) != left or person.stopped:
            return
        self._writes(person)
        booked = person.manner == "booking" and not person.lines
        if booked and chance.random() < 0.3 and await self._later(3600, 30 * 3600):
            self.office.write(person.e164, chance.choice(LATER))

    async def _our_people(self, phone: str, body: str) -> None:
        """Somebody who is told of an emergency takes it, mostly."""
        chance = self.office.random
        if (told := ALERT.search(body)) is not None and chance.random() < (0.45 if phone == OWNER else 0.3):
            await asyncio.sleep(chance.uniform(20, 600))
            self.office.write(phone, told[1])
        elif chance.random() < 0.05:
            await asyncio.sleep(chance.uniform(20, 600))
            self.office.write(phone, chance.choice(("STATUS", "LEADS", "TODAY")))
