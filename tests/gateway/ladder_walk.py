"""A box on a virtual clock to which anything happens in any order: callers, our people, telephones, modem, network, clock, power."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeVar

from gateway import records
from gateway.core import events
from gateway.core.effects import Effect, RingPhone, SendSegment, SetAside, TextSent
from gateway.core.events import ErrorClass, RingOutcome, SubmitResult, SubmitVerdict
from gateway.core.understanding.reader import Reading
from gateway.storage.store import open_memory, transact
from gateway.turns import Context, take_turn
from gateway.turns.agenda import next_wake
from tests.gateway.box import MAIN, reader
from tests.gateway.ladder_promises import Promises
from tests.gateway.ladder_shop import BEGINS, CALLERS, PIN, SHOP, STRANGERS, TEXTED

TALK = (
    "the pipe burst and water is pouring through the ceiling",
    "sewage is coming up in the bathtub and it is rising",
    "I smell gas in the kitchen",
    "1423 Elm Ave 44107",
    "is anybody coming??",
    "ok thank you",
    "my faucet drips, any day next week",
    "se rompio un tubo y se esta inundando la casa",
    "STOP",
    "START",
    "please stop texting me",
)
COMMANDS = (
    *("{code}", "ok {code}", "take {code} please", "{code} on my way", "ok", "lo tengo {code}", "{code} and {other}"),
    *("who is this", "99", "thanks", "are you home?", "ten", "blah {code} blah", "🤷", "Liked “{code}”"),
    *(
        "TAKE {code}",
        "tomar {code}",
        "back {code}",
        "BACK",
        "devolver {code}",
        "show {code}",
        "{code}?",
        "who has {code}?",
    ),
    *("{code}: {words}", "TEXT {code} {words}", "texto {code} {words}", "{code}: {words}", "reply {other} {words}"),
    *("can't take {code}", "no", "snooze {code} 20m", "snooze", "aplazar {code} 1 hora", "snooze {code} 600 min"),
    *(
        "close {code} won 450",
        "{code} lost",
        "{code} done",
        "cerrar {code} ganado 1,200",
        "close all {pin}",
        "close all",
    ),
    *("pause 2h {pin}", "pause 2h", "PAUSE {pin}", "pausa 30 min {pin}", "pause 9999", "resume {pin}", "on {pin}"),
    *("storm 6h {pin}", "storm off {pin}", "storm on", "drill {pin}", "DRILL pin {pin}", "simulacro {pin}"),
    *("oncall dana {pin}", "oncall me until 8pm {pin}", "swap lee 3h {pin}", "oncall off {pin}", "oncall bob {pin}"),
    *(
        "away fri {pin}",
        "away 2h {pin}",
        "away {pin}",
        "away dana 3h {pin}",
        "ausente 1 dia {pin}",
        "away off",
        "im back",
    ),
    *(
        "TODAY",
        "citas viernes",
        "CONFIRM {code}",
        "MOVE {code}",
        "move {code} 2",
        "mover {code} vie 8-12",
        "CALLOFF {code}",
    ),
    *("ONCALL", "status", "estado", "leads", "MORE", "help", "STOP", "START", "stop all"),
)
T = TypeVar("T")
SPANS_S = (1, 5, 30, 120, 300, 301, 900, 3600, 5 * 3600)
VERDICTS = (
    SubmitResult(SubmitVerdict.NOT_TAKEN),
    SubmitResult(SubmitVerdict.UNCONFIRMED),
    SubmitResult(SubmitVerdict.REJECTED, code=38, error=ErrorClass.TEMPORARY),
    SubmitResult(SubmitVerdict.REJECTED, code=1, error=ErrorClass.NUMBER),
)
RING_S = 25.0
RINGS_END = (RingOutcome.RANG,) * 4 + tuple(RingOutcome)


@cache
def read(body: str) -> Reading:
    return reader()(body)


class Walk:
    """One box, its telephones, and what they have seen."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.db = open_memory()
        self.now = BEGINS + timedelta(minutes=self.luck.randrange(3 * 1440))
        self.able = True
        self.trouble = 0.0  # how often the network does not simply take a text
        self.by_modem = self.luck.random() < 0.4  # what rings the telephones
        self.line_up = True
        self.ringing: dict[int, tuple[RingPhone, datetime]] = {}
        self.count = 0
        self.words = dict[str, str]()  # of our people for callers, with who wrote them
        self.promises = Promises(self)

    # ---- what the box does by itself

    def turn(self, event: events.Event) -> list[Effect]:
        effects = transact(self.db, lambda db: take_turn(Context(db, SHOP, self.now, read=read), event))
        for effect in effects:
            assert not isinstance(effect, SetAside), effect
            if isinstance(effect, TextSent):
                self.promises.text_left(effect)
        return effects

    def drain(self) -> None:
        """What the sender and the ringing service do; the power may fail while a text is in the modem's hand."""
        for _ in range(200):
            able = self.able and not (self.by_modem and self.ringing)
            wish = _wish(self.turn(events.TextClaimed(self.now, able=able)), SendSegment)
            while wish is not None:
                if self.luck.random() < self.trouble / 8:
                    self.the_box_starts_again()
                    break
                odd = self.luck.random() < self.trouble
                self.count += 1
                taken = SubmitResult(SubmitVerdict.ACCEPTED, ref=self.count % 256)
                result = self.luck.choice(VERDICTS) if odd else taken
                wish = _wish(
                    self.turn(events.SegmentSettled(self.now, wish.text_id, wish.number, wish.total, result)),
                    SendSegment,
                )
            self.hang_up()
            due = next_wake(self.db, self.now)
            if due is None or due > self.now or not able:
                break
        self.ring()

    def ring(self) -> None:
        """Every telephone is rung that can be."""
        while (due := records.next_ring_at(self.db)) is not None and due <= self.now:
            able = self.line_up and len(self.ringing) < (1 if self.by_modem else 3)
            wish = _wish(self.turn(events.RingClaimed(self.now, able=able, shares=self.by_modem)), RingPhone)
            if wish is None:
                return
            assert able
            self.promises.telephone_rings(wish)
            self.ringing[wish.alert_id] = (wish, self.now)

    def hang_up(self) -> None:
        """What rings in vain is hung up, and, where the modem rings, what keeps an urgent text."""
        for alert_id in list(self.ringing):
            cut = self.by_modem and self.able and records.texts_leave_now(self.db, self.now, urgent=True)
            if cut or not records.is_ring_wanted(self.db, alert_id):
                self.ends(alert_id, RingOutcome.RANG)

    def ends(self, alert_id: int, outcome: RingOutcome) -> None:
        """A ring is over."""
        wish, _ = self.ringing.pop(alert_id)
        self.turn(events.RingSettled(self.now, alert_id, outcome, outcome.value))
        if outcome is RingOutcome.ACCEPTED:
            self.promises.key_was_pressed(alert_id, wish)

    def wait(self, seconds: float) -> None:
        until = self.now + timedelta(seconds=seconds)
        while True:
            wakes = [
                next_wake(self.db, self.now),
                *(began + timedelta(seconds=RING_S) for _, began in self.ringing.values()),
            ]
            ring = records.next_ring_at(self.db)
            wakes.append(ring and max(ring, self.now + timedelta(seconds=15 if ring <= self.now else 0)))
            due = min((wake for wake in wakes if wake is not None), default=None)
            if due is None or due > until:
                break
            self.now = max(due, self.now + timedelta(seconds=1))
            for alert_id, (_, began) in list(self.ringing.items()):
                if alert_id in self.ringing and abs((self.now - began).total_seconds()) >= RING_S:
                    self.ends(alert_id, self.luck.choice(RINGS_END))
            self.drain()
        self.now = max(self.now, until)
        self.drain()

    def hears(self, sender: str, body: str) -> None:
        self.count += 1
        if self.luck.random() < 0.05 and len(body) > 6:
            cut, total = self.luck.randrange(1, len(body)), 2
            for number, part in enumerate((body[:cut], body[cut:]), 1):
                raw, name = part.encode("utf-16-be", "surrogatepass").hex(), f"text {self.count}.{number}"
                self.turn(
                    events.SegmentReceived(
                        name, self.now, sender, part, ref=self.count % 256, total=total, number=number, raw=raw
                    )
                )
        else:
            self.turn(events.SegmentReceived(f"text {self.count}", self.now, sender, body))
        self.drain()

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.db.execute(sql, values)]

    def codes(self) -> list[int]:
        return [int(str(code)) for (code,) in self.rows("SELECT code FROM codes ORDER BY code")] or [10]

    # ---- what may happen

    def a_caller_writes(self) -> None:
        self.hears(self.luck.choice(CALLERS), self.luck.choice(TALK))

    def a_caller_rings_in_vain(self) -> None:
        self.count += 1
        reason, caller = events.CallReason.NO_ANSWER, self.luck.choice(CALLERS)
        ended = events.CallEnded(
            f"call {self.count}", events.CallSource.AMI, self.now, caller, MAIN, True, reason, ring_s=20.0
        )
        self.turn(ended)
        self.drain()

    def one_of_us_writes(self) -> None:
        who = self.luck.choice(list(TEXTED))
        self.hears(self.luck.choice([who, who[1:], who[2:]]), self.a_command(TEXTED[who]))

    def somebody_else_commands(self) -> None:
        with self.promises.nothing_is_commanded():
            self.hears(self.luck.choice([*STRANGERS, *CALLERS]), self.a_command(""))

    def a_command(self, author: str) -> str:
        """As thumbs write it; a number of a matter is perhaps no right one."""
        self.count += 1
        words = f"w{self.count} are you home? I come at five"
        codes = self.codes()
        facts = {"code": self.luck.choice(codes), "other": self.luck.choice([*codes, 77]), "words": words, "pin": PIN}
        body = self.luck.choice(COMMANDS).format(**facts)
        if "are you home? I" in body:
            self.words[words] = author
            return body
        return self.luck.choice(
            [str, str, str.upper, str.capitalize, self.slipped, "  {}  ".format, "{}!".format, "{} 👍".format]
        )(body)

    def slipped(self, body: str) -> str:
        """With one letter too many, too few, or two that changed places."""
        at = self.luck.randrange(len(body))
        kind = self.luck.randrange(3)
        if body[at].isdigit():
            return body
        if kind == 0:
            return body[:at] + body[at] + body[at:]
        if kind == 1:
            return body[:at] + body[at + 1 :]
        return body[:at] + body[at + 1 : at + 2] + body[at] + body[at + 2 :]

    def somebody_presses_the_button(self) -> None:
        self.turn(events.Acknowledged(self.now, "ann"))

    def the_page_asks_for_a_drill(self) -> None:
        self.turn(events.DrillAsked(self.now, "ann"))
        self.drain()

    def a_ring_ends(self) -> None:
        if self.ringing:
            self.ends(self.luck.choice(list(self.ringing)), self.luck.choice(list(RingOutcome)))
            self.drain()

    def a_ring_is_told_again(self) -> None:
        """What came of it, by a line that was slow; a key is never pressed late."""
        over = [
            alert for (alert,) in self.rows("SELECT id FROM alerts WHERE channel = 'call'") if alert not in self.ringing
        ]
        if over:
            outcome = self.luck.choice([each for each in RingOutcome if each is not RingOutcome.ACCEPTED])
            self.turn(events.RingSettled(self.now, int(str(self.luck.choice(over))), outcome, "late"))

    def the_line_changes(self) -> None:
        self.line_up = self.luck.random() < 0.6

    def the_office_rings(self) -> None:
        self.turn(events.OfficeCalled(self.now, self.luck.choice(CALLERS), reached=self.luck.random() < 0.5))

    def the_page_is_used(self) -> None:
        peer = self.luck.choice(CALLERS)
        self.count += 1
        words = f"w{self.count} Ann here, are you home?"
        self.words[words] = "ann"
        does: list[events.Event] = [
            events.OfficeTexted(self.now, peer, words, "ann"),
            events.TakenOver(self.now, peer, "ann"),
            events.HandedBack(self.now, peer, "ann"),
            events.Switched(self.now, "pause", self.luck.choice(["", "by ann"]), "ann"),
            events.ContactSet(self.now, peer, "opted_out", basis="said so"),
            events.AwaySet(
                self.now,
                self.luck.choice(["Mike", "Dana", "Lee", "the desk"]),
                self.luck.random() < 0.7,
                "page:ann",
                self.now + timedelta(seconds=self.luck.choice((60, 600, 7200, 90_000))),
            ),
        ]
        self.turn(self.luck.choice(does))
        self.drain()

    def a_task_is_done(self) -> None:
        tasks = [task for (task,) in self.rows("SELECT id FROM tasks WHERE closed_at IS NULL")]
        if tasks:
            self.turn(events.TaskClosed(self.now, int(str(self.luck.choice(tasks))), "ann"))

    def the_modem_changes(self) -> None:
        self.able = self.luck.random() < 0.5

    def the_network_changes(self) -> None:
        self.trouble = self.luck.choice([0.0, 0.0, 0.3, 0.9])

    def a_report_comes(self) -> None:
        segments = self.rows(
            "SELECT s.ref, t.peer FROM segments s JOIN texts t ON t.id = s.text_id WHERE s.ref IS NOT NULL"
        )
        if segments:
            ref, peer = self.luck.choice(segments)
            self.count += 1
            status = self.luck.choice([0x00, 0x46])
            self.turn(events.ReportReceived(f"report {self.count}", self.now, int(str(ref)), str(peer), status))

    def the_clock_is_set(self) -> None:
        seconds = self.luck.choice([-90_000.0, -400.0, 400.0, 90_000.0])
        self.now += timedelta(seconds=seconds)
        self.ringing = {alert: (wish, self.now) for alert, (wish, _) in self.ringing.items()}
        self.promises.the_clock_was_set()
        self.turn(events.ClockJumped(self.now, seconds, datetime(2026, 1, 1, tzinfo=UTC)))

    def the_box_starts_again(self) -> None:
        self.ringing.clear()  # whatever rang is hung up
        self.turn(events.BoxStarted(self.now))

    def time_passes(self) -> None:
        self.wait(self.luck.choice(SPANS_S))


def _wish(effects: Sequence[Effect], kind: type[T]) -> T | None:
    return next((effect for effect in effects if isinstance(effect, kind)), None)


HAPPENINGS: tuple[tuple[Callable[[Walk], None], int], ...] = (
    (Walk.a_caller_writes, 9),
    (Walk.a_caller_rings_in_vain, 1),
    (Walk.one_of_us_writes, 9),
    (Walk.somebody_else_commands, 2),
    (Walk.somebody_presses_the_button, 1),
    (Walk.the_page_asks_for_a_drill, 1),
    (Walk.a_ring_ends, 3),
    (Walk.a_ring_is_told_again, 1),
    (Walk.the_line_changes, 1),
    (Walk.the_office_rings, 1),
    (Walk.the_page_is_used, 1),
    (Walk.a_task_is_done, 1),
    (Walk.the_modem_changes, 2),
    (Walk.the_network_changes, 2),
    (Walk.a_report_comes, 2),
    (Walk.the_clock_is_set, 1),
    (Walk.the_box_starts_again, 1),
    (Walk.time_passes, 10),
)
