"""One campaign of kills, and what must hold at its end."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from drivers.simulator.network import SentText
from tests.durability.world import EMERGENCY, OWNER, World, office

CALLS_PER_S = 8.0
LAST_LOAD_S = 1.5  # calls and texts go on for so long in the last life, which is not killed
SEEN_S = 4.0  # a call that lasts this long before a box that is up must be in the books, however slow the machine

ARM = Callable[[World], None]
"""Arranges for one kill at a chosen point."""


def at_command(start: str, nth: int = 1) -> ARM:
    """Killed when the modem has read the `nth` command that begins so; its answer meets nobody."""

    def arm(world: World) -> None:
        seen = itertools.count(1)

        def look(line: str) -> None:
            if line.upper().startswith(start) and next(seen) == nth:
                world.box.kill()

        world.modem.on_command[:] = [look]

    return arm


def at_prompt(world: World) -> None:
    """Killed when "> " is on the wire: the modem waits for a text that never comes, and takes what is said next for it."""
    world.modem.on_prompt[:] = [world.box.kill]


def when_taken(world: World) -> None:
    """Killed between Ctrl-Z and +CMGS: the network has a customer's text, the box does not know."""

    def look(text: SentText) -> None:
        if text.to != OWNER:
            world.box.kill()

    world.modem.network.on_sent[:] = [look]


def when_answered(world: World) -> None:
    """Killed right behind +CMGS and its OK: the answer is on the wire, the verdict is not in the books."""
    loop = asyncio.get_running_loop()

    def look(text: SentText) -> None:
        if text.to != OWNER:
            loop.call_soon(loop.call_soon, world.box.kill)

    world.modem.network.on_sent[:] = [look]


CHOSEN: dict[str, ARM] = {
    "at AT+CMGS": at_command("AT+CMGS"),
    "at the prompt": at_prompt,
    "between Ctrl-Z and +CMGS": when_taken,
    "right behind +CMGS": when_answered,
    "at AT+CMGD": at_command("AT+CMGD"),
    "at the second AT+CMGD": at_command("AT+CMGD", 2),
    "at AT+CMGR": at_command("AT+CMGR"),
    "at AT+CMGL": at_command("AT+CMGL"),
    "at the modem's start-up": at_command("AT+CNMI"),
}


async def random_kills(folder: Path, seed: int, kills: int, *, dialect: str = "generic") -> World:
    """`kills` lives of the box under load, each ended at a random moment, then one that comes to rest."""
    async with office(folder, seed, dialect=dialect) as world:
        load = asyncio.create_task(world.load(CALLS_PER_S))
        for _ in range(kills):
            await world.box.start()
            await asyncio.sleep(world.random.uniform(0.3, 2.6))  # 0.3: Python starts; from 1 s on it is up
            world.box.kill()
            await world.box.died()
        await _come_to_rest(world, load)
        return world


async def chosen_kills(folder: Path, seed: int, points: dict[str, ARM], *, dialect: str = "generic") -> World:
    """One kill at each of the `points`, under load, then a life that comes to rest."""
    async with office(folder, seed, dialect=dialect) as world:
        load = asyncio.create_task(world.load(CALLS_PER_S))
        for name, arm in points.items():
            arm(world)
            await world.box.start()
            try:
                await world.box.died()
            except TimeoutError:
                raise AssertionError(f"the point was never reached: {name}\n{world.box.said()[-2000:]}") from None
            world.modem.on_command.clear()
            world.modem.on_prompt.clear()
            world.modem.network.on_sent.clear()
        await _come_to_rest(world, load)
        return world


async def _come_to_rest(world: World, load: asyncio.Task[None]) -> None:
    await world.box.start()
    await world.until(lambda: world.box.listens, "the box listens to the PBX")
    await asyncio.sleep(LAST_LOAD_S)
    load.cancel()
    with suppress(asyncio.CancelledError):
        await load
    await world.calm()
    await world.until(world.is_settled, "the box comes to rest")
    await world.box.stop()
    check(world)


def check(world: World) -> None:
    """The books against the truth: nobody texted twice, no call without outcome, nothing unsure hidden, no text lost."""
    assert set(world.box.ends[:-1]) == {-9}, f"the box ended by itself: {world.box.ends}\n{world.box.said()[-3000:]}"
    assert world.box.ends[-1] == 0
    assert "damaged" not in world.box.said(), "a kill was taken for damage"
    assert "Traceback" not in world.box.said(), world.box.said()[-6000:]
    _nobody_is_texted_twice(world)
    _every_call_has_an_outcome(world)
    _what_is_unsure_is_shown(world)
    _every_letter_is_in_the_books(world)
    _the_owner_was_told(world)
    _every_emergency_is_told(world)
    _every_caller_who_wrote_is_answered_or_listed(world)
    assert world.box.rows("PRAGMA integrity_check")[0][0] == "ok"


def _nobody_is_texted_twice(world: World) -> None:
    rows = world.box.rows("SELECT peer, body, purpose FROM texts")
    known = Counter((row["peer"], row["body"]) for row in rows)
    openers = {(row["peer"], row["body"]) for row in rows if row["purpose"] == "opener"}
    sent = Counter((t.to, t.body) for t in world.modem.network.sent_texts() if t.to != OWNER)
    assert set(sent) <= set(known), f"texts that nobody knows of: {set(sent) - set(known)}"
    twice = {text: count for text, count in sent.items() if count > known[text]}
    assert not twice, f"texted twice: {twice}"
    opened = Counter(to for to, body in sent.elements() if (to, body) in openers)
    assert all(count == 1 for count in opened.values()), f"texted twice: {opened.most_common(3)}"


def _every_call_has_an_outcome(world: World) -> None:
    calls = {row["key"]: row for row in world.box.rows("SELECT * FROM calls WHERE source = 'ami'")}
    for call in world.truth.pbx_calls:
        if _was_seen(world, call.began, call.ended):
            assert call.key in calls, f"a call was lost: {call}"
    for row in world.box.rows("SELECT * FROM calls"):
        assert row["state"] in ("texted", "unsure", "not_texted"), dict(row)
        assert row["say"], dict(row)
    openers = {(t.to) for t in world.modem.network.sent_texts()}
    for row in world.box.rows("SELECT * FROM calls WHERE state = 'texted'"):
        assert row["peer"] in openers, f"said to be texted, and is not: {dict(row)}"
    unknown = world.box.rows("SELECT * FROM calls WHERE no_text = 'unknown_outcome' AND peer IS NOT NULL")
    back = {row["peer"] for row in world.box.rows("SELECT peer FROM tasks WHERE kind = 'call_back'")}
    assert {row["peer"] for row in unknown} <= back, "a caller of unknown fate is on no list"
    modem_peers = {
        row["peer"] for row in world.box.rows("SELECT peer FROM calls WHERE source = 'modem' AND peer <> ''")
    }
    assert modem_peers <= world.truth.modem_callers, "a ring that never was"


def _was_seen(world: World, began: float, ended: float | None) -> bool:
    """Whether the box must know of the call: it was up and listening long enough, or ended in peace."""
    *killed, last = world.box.lives
    together = [min(ended or until, until) - max(began, since) for since, until in killed]
    return any(seconds >= SEEN_S for seconds in together) or (ended or last[1]) > last[0]


def _what_is_unsure_is_shown(world: World) -> None:
    unsure = world.box.rows("SELECT * FROM texts WHERE state = 'unconfirmed'")
    shown = {
        row["text_id"]
        for row in world.box.rows("SELECT text_id FROM tasks WHERE kind = 'unsure_text' AND closed_at IS NULL")
    }
    assert {row["id"] for row in unsure} == shown
    sure = Counter(
        (row["peer"]) for row in world.box.rows("SELECT peer FROM texts WHERE state IN ('accepted','delivered')")
    )
    on_the_wire = Counter(t.to for t in world.modem.network.sent_texts())
    assert all(on_the_wire[peer] >= count for peer, count in sure.items()), "a text that was said to be sent was not"
    doubtful = {row["peer"] for row in unsure}
    surplus = {to for to, count in on_the_wire.items() if count > sure[to] and to != OWNER}
    assert surplus <= doubtful, f"on the wire, and not in the books: {surplus - doubtful}"


def _every_letter_is_in_the_books(world: World) -> None:
    kept = Counter((row["peer"], row["body"]) for row in world.box.rows("SELECT peer, body FROM letters"))
    sent = Counter(world.truth.letters)
    assert kept == sent, f"lost: {list((sent - kept).elements())[:3]}, kept twice: {list((kept - sent).elements())[:3]}"


def _every_emergency_is_told(world: World) -> None:
    """The owner has an alert of each; the caller hears of it behind it, and of nothing that was not sent."""
    alerts = world.box.rows(
        "SELECT t.state, l.peer FROM texts t JOIN leads l ON l.id = t.lead_id"
        " WHERE t.purpose = 'escalation' AND t.template = 'alarm'"
    )
    told = {row["peer"] for row in alerts if row["state"] in ("accepted", "delivered", "unconfirmed")}
    flooded = {sender for sender, body in world.truth.letters if EMERGENCY in body}
    assert flooded <= told, f"an emergency nobody was told of: {flooded - told}"
    sent = world.modem.network.sent_texts()
    for place, text in enumerate(sent):
        if "has been texted about this" in text.body:
            assert any(each.to == OWNER and text.to[-4:] in each.body for each in sent[:place]), (
                f"told too soon: {text}"
            )


def _every_caller_who_wrote_is_answered_or_listed(world: World) -> None:
    listed = {row["peer"] for row in world.box.rows("SELECT peer FROM tasks WHERE closed_at IS NULL")}
    wrote = {sender for sender, body in world.truth.letters if body != "STOP"}
    assert wrote <= listed, f"on no list: {wrote - listed}"
    answered = {row["peer"] for row in world.box.rows("SELECT peer FROM texts WHERE lead_id IS NOT NULL")}
    assert wrote <= answered, f"not answered: {wrote - answered}"


def _the_owner_was_told(world: World) -> None:
    told = Counter(t.body for t in world.modem.network.sent_texts() if t.to == OWNER)
    # One that was killed on its way three times is left to a person: it is shown as unsure, like a customer's.
    texts = world.box.rows(f"SELECT body FROM texts WHERE peer = '{OWNER}' AND state <> 'unconfirmed'")
    due = Counter(row["body"] for row in texts)
    assert all(told[body] >= count for body, count in due.items()), f"the owner was not told: {due - told}"
