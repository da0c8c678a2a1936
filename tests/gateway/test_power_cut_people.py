"""The power fails at every commit, and just behind the antenna, of what our own people do: commands, conversations, rings, drills.

What a command does is done once. Answers and alerts to our people leave at least once; words for a caller at most once, and whoever
wrote them hears where nobody knows whether they went out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.core import events
from gateway.core.business import Business
from gateway.core.effects import Effect, RingPhone
from gateway.core.events import Event, RingOutcome
from gateway.core.remote.rules import RemoteRules
from gateway.ports.devices import OutgoingSegment
from tests.gateway.box import Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, OWNER
from tests.gateway.test_ladder import DANA, FLOOD, PowerCut, until
from tests.gateway.test_ladder import SHOP as LADDER
from tests.gateway.test_rings import SHOP as RINGING

SHOP = replace(LADDER, remote=RemoteRules("4711"))
KEPT = {
    "switches": "SELECT name, value <> '' FROM switches WHERE name IN ('pause', 'storm') ORDER BY name",
    "swaps": "SELECT who FROM on_call_swaps",
    "relays": "SELECT peer, number FROM relays",
    "escalations": "SELECT kind, state, person FROM escalations ORDER BY id",
    "leads": "SELECT outcome, value_cents, closed_by <> '' FROM leads ORDER BY id",
    "phones": "SELECT number, quiet_since IS NOT NULL FROM phones WHERE listed = 0 ORDER BY number",
    "history": "SELECT count(*) FROM history WHERE subject = 'remote:owner'",
    "staff": "SELECT peer, body FROM texts WHERE purpose = 'staff'",
}


@dataclass
class Power:
    """Fails at the `cut`th point that is passed while it is `armed`; `look` is asked at each of them where it never does."""

    cut: int = 0
    armed: bool = False
    passed: int = 0
    look: Callable[[], None] | None = None

    def point(self) -> None:
        if self.armed:
            self.passed += 1
            if self.look is not None:
                self.look()
            if self.passed == self.cut:
                raise PowerCut


@dataclass
class Life:
    """What outlives a power cut: the disk, the air, the telephones, and what still happens."""

    path: Path
    power: Power
    business: Business = SHOP
    modem: PortModem = field(default_factory=PortModem)
    clock: VirtualClock = field(default_factory=VirtualClock)
    rung: list[str] = field(default_factory=list)
    cuts: int = 0
    at: int = 0  # the step that happens
    states: list[object] = field(default_factory=list)  # what would outlive a power cut at each point

    def texts(self, to: str) -> list[str]:
        return [segment.body for segment in self.modem.air if segment.to == to]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path) as db:
            found = [tuple(row) for row in db.execute(sql)]
        db.close()
        return found

    def remember(self) -> None:
        """All that a power cut leaves at this moment: what comes after it follows from nothing else."""
        with sqlite3.connect(self.path) as db:
            disk = hashlib.sha256("\n".join(db.iterdump()).encode("utf-8", "surrogatepass")).digest()
        db.close()
        self.states.append((self.at, disk, len(self.modem.air), len(self.rung), self.clock.moment))

    def begins_as(self, other: Life) -> None:
        """Take over where another life stands, whose box is off."""
        with sqlite3.connect(other.path) as theirs, sqlite3.connect(self.path) as ours:
            theirs.backup(ours)
        theirs.close()
        ours.close()
        self.clock.moment, self.rung = other.clock.moment, [*other.rung]
        self.modem.air, self.modem.refs, self.modem.next_ref = (
            [*other.modem.air],
            [*other.modem.refs],
            other.modem.next_ref,
        )

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: self.rows(sql) for name, sql in KEPT.items()}


Step = Callable[[Box, Life], Awaitable[None]]


async def lived(life: Life, story: list[Step]) -> Life:
    """The story with the power cut at one point; a step that was cut happens again."""

    async def behind_the_antenna(_segment: OutgoingSegment) -> None:
        life.power.point()

    life.modem.meanwhile = behind_the_antenna
    while life.at < len(story):
        try:
            async with living(life.path, life.business, life.modem, life.clock, reader()) as box:
                submit = box.dispatcher.submit

                async def fused(
                    event: Event, submit: Callable[[Event], Awaitable[list[Effect]]] = submit
                ) -> list[Effect]:
                    life.power.point()
                    effects = await submit(event)
                    life.power.point()
                    return effects

                box.dispatcher.submit = fused  # type: ignore[method-assign]
                await box.sender.drain()
                life.power.armed = True
                while life.at < len(story):
                    await story[life.at](box, life)
                    life.at += 1
        except PowerCut:
            life.cuts += 1
            life.clock.moment += timedelta(seconds=40)
    return life


async def at_every_point(
    path: Path, before: list[Step], story: list[Step], business: Business = SHOP, least: int = 6
) -> list[Life]:
    """The calm life first, then one for each point at which the power may fail; `before` happens once, in peace.

    Of points at which the same is on the disk and in the air, behind one commit and before the next, one stands for all.
    """
    peace = await lived(Life(path / "peace", Power(), business), before)
    calm = Life(path / "calm", Power(), business)
    calm.begins_as(peace)
    calm.power.look = calm.remember
    await lived(calm, story)
    assert calm.power.passed > least
    assert len(calm.states) == calm.power.passed
    cuts = [at for at, state in enumerate(calm.states, 1) if state not in calm.states[: at - 1]]
    assert len(cuts) > least // 2
    lives = [calm]
    for cut in cuts:
        life = Life(path / f"cut{cut}", Power(cut), business)
        life.begins_as(peace)
        lives.append(await lived(life, story))
        assert lives[-1].cuts == 1, cut
    return lives


def hears(body: str, sender: str = OWNER) -> Step:
    """The same text, offered by the modem until it is kept."""
    return lambda box, _life: box.hears(body, sender, identity=f"{sender}: {body}")


def passes(seconds: float) -> Step:
    return lambda box, _life: box.wait(seconds)


EMERGENCY = [hears(FLOOD, CALLER), passes(20)]
COMMANDS = (
    *("10", "TAKE 10", "can't take 10", "snooze 10 20m", "show 10", "10 won 450", "10 lost", "close all 4711"),
    *("pause 2h 4711", "storm 6h 4711", "resume 4711", "oncall dana 4711", "oncall off 4711", "status", "leads"),
    *("STOP", "START", "help", "pause 1111", "10: I come at five"),
)


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_is_done_once_and_answered(tmp_path: Path, command: str) -> None:
    calm, *lives = await at_every_point(tmp_path, EMERGENCY, [hears(command), passes(60)])
    (answer,) = [text for text in calm.texts(OWNER) if "Reply 10 if you have it" not in text]
    for at, life in enumerate(lives, 1):
        kept, planned = life.kept(), calm.kept()
        assert kept == planned, at
        told = [text for text in life.texts(OWNER) if "Reply 10 if you have it" not in text]
        ((doubts,),) = life.rows("SELECT sum(doubts) FROM texts")
        assert told, at
        assert len(told) == 1 or doubts or "nobody knows" in " ".join(told), (at, told)
        assert told[0].split()[0] == answer.split()[0], at
        words = [text for text in life.texts(CALLER) if text == "I come at five"]
        seen = [text for text in life.texts(CALLER) if "has seen" in text]
        assert len(words) <= 1, at
        assert len(seen) <= 1, at


async def test_a_conversation_on_a_telephone_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    story = [hears("are you there?", CALLER), passes(30), hears("10: on my way"), passes(60)]
    _, *lives = await at_every_point(tmp_path, [*EMERGENCY, hears("TAKE 10"), passes(30)], story)
    for at, life in enumerate(lives, 1):
        passed_on = [text for text in life.texts(OWNER) if text.endswith("are you there?")]
        assert 1 <= len(passed_on) <= 2, at
        words = life.texts(CALLER).count("on my way")
        ((state,),) = life.rows("SELECT state FROM texts WHERE purpose = 'staff'")
        doubt = any("nobody knows whether your text went out" in text for text in life.texts(OWNER))
        assert words <= 1, at
        assert (state == "accepted" and words == 1) or (state == "unconfirmed" and doubt), (at, state)


async def test_a_stop_in_a_conversation_is_obeyed_and_told(tmp_path: Path) -> None:
    story = [hears("STOP", CALLER), passes(30), hears("10: on my way"), passes(60)]
    _, *lives = await at_every_point(tmp_path, [*EMERGENCY, hears("TAKE 10"), passes(30)], story)
    for at, life in enumerate(lives, 1):
        assert any("wants no more texts" in text for text in life.texts(OWNER)), at
        assert any("NOT texted" in text for text in life.texts(OWNER)), at
        assert "on my way" not in life.texts(CALLER), at
        assert sum("no more texts from us" in text for text in life.texts(CALLER)) <= 1, at


def answered(answers: list[RingOutcome], shares: bool) -> Step:
    """For eight minutes telephones ring when due: each ring ends with the next of `answers`, what comes after them with the key."""

    async def ring(box: Box, life: Life) -> None:
        for _ in range(8):
            claimed = await box.happens(events.RingClaimed(box.clock.now(), able=True, shares=shares))
            for wish in (effect for effect in claimed if isinstance(effect, RingPhone)):
                life.power.point()
                life.rung.append(wish.to)
                outcome = answers[len(life.rung) - 1] if len(life.rung) <= len(answers) else RingOutcome.ACCEPTED
                await box.happens(events.RingSettled(box.clock.now(), wish.alert_id, outcome, outcome.value))
            await box.wait(60)

    return ring


@pytest.mark.parametrize("shares", [False, True], ids=["asterisk", "modem"])
async def test_telephones_ring_until_one_has_it_and_then_no_more(tmp_path: Path, shares: bool) -> None:
    story = [hears(FLOOD, CALLER), answered([RingOutcome.RANG, RingOutcome.BUSY], shares)]
    calm, *lives = await at_every_point(tmp_path, [], story, RINGING)
    assert calm.rung == [OWNER] * 3
    for at, life in enumerate(lives, 1):
        assert life.rows("SELECT state, person FROM escalations") == [("acknowledged", "owner")], at
        assert set(life.rung) == {OWNER}, at
        assert 3 <= len(life.rung) <= 4, (at, life.rung)  # what was in mid-air rings again
        assert max(tries for (tries,) in life.rows("SELECT tries FROM alerts WHERE channel = 'call'")) <= 3, at
        assert not life.rows("SELECT * FROM alerts WHERE channel = 'call' AND state IN ('queued', 'dialling')"), at
        assert sum("Mike has seen" in text for text in life.texts(CALLER)) <= 1, at
        assert any("You have it" in text for text in life.texts(OWNER)), at
        assert DANA not in {segment.to for segment in life.modem.air}, at


@pytest.mark.parametrize("asked", ["by text", "at the page"])
async def test_a_drill_is_one_drill(tmp_path: Path, asked: str) -> None:
    async def at_the_page(box: Box, _life: Life) -> None:
        await box.happens(events.DrillAsked(box.clock.now(), "ann"))

    ask = hears("drill 4711") if asked == "by text" else at_the_page
    _, *lives = await at_every_point(
        tmp_path, [], [ask, lambda box, _life: until(box, 6), hears("10"), lambda box, _life: until(box, 60)]
    )
    for at, life in enumerate(lives, 1):
        assert life.rows("SELECT kind, state, person FROM escalations") == [("drill", "over", "owner")], at
        told = [text for text in life.texts(OWNER) if "DRILL 10, no emergency" in text]
        assert 2 <= len(told) <= 3, (at, told)
        assert any("confirmed after" in text for text in life.texts(OWNER)), at
        assert {segment.to for segment in life.modem.air} == {OWNER}, at
