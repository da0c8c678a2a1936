"""Calls as a modem reports them: RING, +CLIP and a dozen ways to say that it is over. Pure.

A call opens with the first RING, +CRING or +CLIP, in whatever order they come. Its caller is known with +CLIP; when
that does not come within a ring period the call list (+CLCC) is asked once. `CallRang` is told as soon as the caller is
known or known to be withheld. A call ends with a line that says so, with a call list that has no ringing call, or when
the rings stop. A one-ring call may end before its +CLIP: the end then waits a moment for it.
Another number in +CLIP is another call; the same number after an end is a new call. A waiting call (+CCWA) is a call
of its own, and stays the same one when it starts to ring. The modem never answers: every call it reports is missed.

`Calls` is the state, `step(state, input, moment)` its only transition, `due(state)` when to step with `TimePassed`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from drivers.modem.settings import Timings
from drivers.modem.urc import CallerId, CallOver, CallWaiting, ListedCall, MissedCall, Ring
from gateway.core.events import CallEnded, CallRang, CallReason, CallSource

SAME_END_S = 1.0  # ^CEND and NO CARRIER, VOICE CALL: END and NO CARRIER: one end said twice in one burst
RECENT_END_S = 5.0  # MISSED_CALL follows NO CARRIER within a second on SIM7600; later it is news of an unseen call
SAME_DIGITS = 7  # the subscriber's number, the same with and without country and area code in North America
MAX_CALL_S = 300.0  # no network lets a phone ring for so long; a modem that still lists the call is stuck


@dataclass(frozen=True, slots=True)
class Moment:
    """Wall time for what is told, and a monotonic clock (seconds) for what is waited for."""

    at: datetime
    tick: float


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing happened, but `due` is reached."""


@dataclass(frozen=True, slots=True)
class CallsListed:
    """Answer to AT+CLCC asked for the call `key`; `calls` None when the modem does not know the command."""

    key: str
    calls: tuple[ListedCall, ...] | None


@dataclass(frozen=True, slots=True)
class HungUp:
    """The modem has confirmed that it rejected the call `key`."""

    key: str


@dataclass(frozen=True, slots=True)
class AskCallList:
    """Send AT+CLCC, then step with `CallsListed`."""

    key: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Reject the ringing call, then step with `HungUp`."""

    key: str


Input = Ring | CallerId | CallWaiting | CallOver | MissedCall | TimePassed | CallsListed | HungUp
Effect = CallRang | CallEnded | AskCallList | HangUp


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller ID that was given: `number` None is a withheld one."""

    number: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call in progress."""

    key: str
    began: Moment
    last_ring: Moment
    caller: Caller | None = None  # None: not known yet
    told: bool = False
    asked_caller: bool = False
    asked_at: float | None = None  # last poll of the call list
    hang_up_asked: bool = False
    over_at: float | None = None  # ended, waiting for a late +CLIP


@dataclass(frozen=True, slots=True)
class Calls:
    """State of the line. `boot_id` makes keys unique across restarts."""

    boot_id: str
    did: str | None = None
    hang_up: bool = False
    timings: Timings = field(default_factory=Timings)
    counter: int = 0
    ringing: Call | None = None
    waiting: Call | None = None
    last_end: float | None = None
    last_caller: Caller | None = None


def step(calls: Calls, event: Input, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    """The next state and what follows from it. Never raises, whatever the order."""
    match event:
        case Ring():
            return _rang(calls, now)
        case CallerId(number, name):
            return _identified(calls, Caller(number, name), now)
        case CallWaiting(number):
            return _waits(calls, Caller(number), now)
        case CallOver():
            return _over(calls, now)
        case MissedCall(number):
            return _missed(calls, number, now)
        case CallsListed(key, listed):
            return _listed(calls, key, listed, now)
        case HungUp(key):
            return _close_ringing(calls, now) if is_ringing(calls, key) else (calls, ())
        case TimePassed():
            return _timed(calls, now)


def is_ringing(calls: Calls, key: str) -> bool:
    """Whether the call `key` still rings."""
    return calls.ringing is not None and calls.ringing.key == key and calls.ringing.over_at is None


def due(calls: Calls) -> float | None:
    """The tick at which `TimePassed` has something to do; None while no call is in progress."""
    times = calls.timings
    ticks: list[float] = []
    if (call := calls.ringing) is not None:
        if call.over_at is not None:
            ticks.append(call.over_at + times.late_caller_id_s)
        else:
            ticks += [call.last_ring.tick + times.ring_silence_s, call.began.tick + MAX_CALL_S, _poll_tick(call, times)]
            if not call.told and not call.asked_caller:
                ticks.append(call.began.tick + times.caller_id_s)
    if (waiting := calls.waiting) is not None:
        ticks.append(waiting.last_ring.tick + times.ring_silence_s)
    return min(ticks, default=None)


def _rang(calls: Calls, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    call = calls.ringing
    if call is None:
        return _open(calls, now), ()
    if call.over_at is not None:  # the ended call's +CLIP never came, and the phone rings again
        calls, effects = _close_ringing(calls, now)
        return _open(calls, now), effects
    return replace(calls, ringing=replace(call, last_ring=now)), ()


def _identified(calls: Calls, caller: Caller, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    call = calls.ringing
    if call is None:
        if _just_ended(calls, now, calls.timings.late_caller_id_s) and caller == calls.last_caller:
            return calls, ()  # the ended call's +CLIP, once more
        return _adopted(calls, caller, now) or _know(_open(calls, now), caller)
    if call.over_at is not None and call.caller is None:
        calls, rang = _know(calls, caller)
        calls, ended = _close_ringing(calls, now)
        return calls, rang + ended
    if call.caller is None:
        rings_now = None if call.told else _adopted(calls, caller, now)
        return rings_now or _know(calls, caller)
    if call.caller.number == caller.number:
        return replace(calls, ringing=replace(call, last_ring=now)), ()
    began = call.last_ring if call.last_ring.tick > call.began.tick else now  # its RING came just before
    calls, ended = _close_ringing(calls, now)
    calls, rang = _identified_anew(calls, caller, began, now)
    return calls, ended + rang


def _identified_anew(calls: Calls, caller: Caller, began: Moment, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    if (adopted := _adopted(calls, caller, now)) is not None:
        return adopted
    opened = _open(calls, began)
    if opened.ringing is not None:
        opened = replace(opened, ringing=replace(opened.ringing, last_ring=now))
    return _know(opened, caller)


def _adopted(calls: Calls, caller: Caller, now: Moment) -> tuple[Calls, tuple[Effect, ...]] | None:
    """The waiting call rings now; None when nobody of that number waits."""
    waiting = calls.waiting
    if waiting is None or waiting.caller is None or waiting.caller.number != caller.number:
        return None
    return _tell(replace(calls, ringing=replace(waiting, last_ring=now), waiting=None))


def _waits(calls: Calls, caller: Caller, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    waiting = calls.waiting
    if waiting is not None and waiting.caller == caller:
        return replace(calls, waiting=replace(waiting, last_ring=now)), ()
    calls, ended = _close_waiting(calls, now)
    calls = replace(calls, counter=calls.counter + 1)
    call = Call(_key(calls), now, now, caller, told=True)
    return replace(calls, waiting=call), (*ended, _rang_event(calls, call))


def _over(calls: Calls, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    call = calls.ringing
    if call is None:
        return (calls, ()) if _just_ended(calls, now, SAME_END_S) else _close_waiting(calls, now)
    if call.over_at is None and call.caller is None and not call.told:
        return replace(calls, ringing=replace(call, over_at=now.tick)), ()
    return (calls, ()) if call.over_at is not None else _close_ringing(calls, now)


def _missed(calls: Calls, number: str | None, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    call, waiting = calls.ringing, calls.waiting
    if waiting is not None and number is not None and waiting.caller is not None and _is_of(waiting.caller, number):
        return _close_waiting(calls, now)
    last = calls.last_caller
    if _just_ended(calls, now, RECENT_END_S) and (number is None or (last is not None and _is_of(last, number))):
        return calls, ()  # known already; news of a caller whom nobody had named is better told twice than lost
    if call is not None and number is not None and not _is_of(call.caller, number):
        calls = replace(calls, counter=calls.counter + 1)  # another call that was never heard; this one rings on
        unseen = Call(_key(calls), now, now, Caller(number))
        return calls, _ended_events(calls, unseen, now)
    if call is None:
        calls = _open(calls, now)
        call = calls.ringing
    if call is not None and call.caller is None and number is not None:
        calls = replace(calls, ringing=replace(call, caller=Caller(number)))
    return _close_ringing(calls, now)


def _listed(
    calls: Calls, key: str, listed: tuple[ListedCall, ...] | None, now: Moment
) -> tuple[Calls, tuple[Effect, ...]]:
    call = calls.ringing
    if call is None or call.key != key or call.over_at is not None:
        return calls, ()  # an answer that came too late
    quiet = now.tick - call.last_ring.tick >= calls.timings.call_poll_s
    ringing = next((entry for entry in listed or () if not entry.waiting), None)
    if ringing is None:  # some modems never list a ringing call: only together with missing rings this is an end
        if listed is not None and quiet:
            return _close_ringing(calls, now)
        return (calls, ()) if call.told else _tell(calls)
    if quiet:
        calls = replace(calls, ringing=replace(call, last_ring=now))  # still ringing, though nobody said so
    if call.caller is None and ringing.number is not None:
        return _know(calls, Caller(ringing.number))
    return (calls, ()) if call.told else _tell(calls)


def _timed(calls: Calls, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    times, effects = calls.timings, list[Effect]()
    if calls.waiting is not None and now.tick >= calls.waiting.last_ring.tick + times.ring_silence_s:
        calls, ended = _close_waiting(calls, now)
        effects += ended
    call = calls.ringing
    if call is None:
        return calls, tuple(effects)
    silent = now.tick >= call.last_ring.tick + times.ring_silence_s or now.tick >= call.began.tick + MAX_CALL_S
    if silent or (call.over_at is not None and now.tick >= call.over_at + times.late_caller_id_s):
        calls, ended = _close_ringing(calls, now)
        return calls, (*effects, *ended)
    if call.over_at is not None:
        return calls, tuple(effects)
    if not call.told and not call.asked_caller and now.tick >= call.began.tick + times.caller_id_s:
        call = replace(call, asked_caller=True)
        effects.append(AskCallList(call.key))
    elif now.tick >= _poll_tick(call, times):
        call = replace(call, asked_at=now.tick)
        effects.append(AskCallList(call.key))
    return replace(calls, ringing=call), tuple(effects)


def _open(calls: Calls, began: Moment) -> Calls:
    calls = replace(calls, counter=calls.counter + 1)
    return replace(calls, ringing=Call(_key(calls), began, began))


def _know(calls: Calls, caller: Caller) -> tuple[Calls, tuple[Effect, ...]]:
    call = calls.ringing
    assert call is not None
    return _tell(replace(calls, ringing=replace(call, caller=caller)))


def _tell(calls: Calls) -> tuple[Calls, tuple[Effect, ...]]:
    """Say that the phone rings. A caller who is not known now may still be named by a late +CLIP, in `CallEnded`."""
    call = calls.ringing
    assert call is not None
    wish = calls.hang_up and not call.hang_up_asked and call.over_at is None
    told = replace(call, told=True, hang_up_asked=call.hang_up_asked or wish)
    effects: list[Effect] = [] if call.told else [_rang_event(calls, call)]
    if wish:
        effects.append(HangUp(call.key))
    return replace(calls, ringing=told), tuple(effects)


def _close_ringing(calls: Calls, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    call = calls.ringing
    if call is None:
        return calls, ()
    rest = replace(calls, ringing=None, last_end=now.tick, last_caller=call.caller)
    return rest, _ended_events(calls, call, now)


def _close_waiting(calls: Calls, now: Moment) -> tuple[Calls, tuple[Effect, ...]]:
    call = calls.waiting
    if call is None:
        return calls, ()
    return replace(calls, waiting=None, last_end=now.tick, last_caller=call.caller), _ended_events(calls, call, now)


def _ended_events(calls: Calls, call: Call, now: Moment) -> tuple[Effect, ...]:
    caller = call.caller or Caller(None)
    over = now.tick if call.over_at is None else call.over_at
    silent = over - call.last_ring.tick >= calls.timings.call_poll_s
    ended = CallEnded(
        key=call.key,
        source=CallSource.MODEM,
        at=now.at,
        caller=caller.number,
        did=calls.did,
        missed=True,
        reason=CallReason.NO_ANSWER,
        ring_s=round((call.last_ring.tick if silent else over) - call.began.tick, 3),
        started_at=call.began.at,
        caller_name=caller.name,
    )
    return (ended,) if call.told else (_rang_event(calls, call), ended)


def _rang_event(calls: Calls, call: Call) -> CallRang:
    number = call.caller.number if call.caller is not None else None
    return CallRang(call.key, CallSource.MODEM, call.began.at, number, calls.did)


def _is_of(caller: Caller | None, number: str) -> bool:
    """Whether `number` may be that caller's; the notice may spell it without the country, and names withheld ones."""
    return caller is None or caller.number is None or caller.number[-SAME_DIGITS:] == number[-SAME_DIGITS:]


def _just_ended(calls: Calls, now: Moment, within_s: float) -> bool:
    return calls.last_end is not None and now.tick - calls.last_end <= within_s


def _poll_tick(call: Call, times: Timings) -> float:
    return max(call.last_ring.tick, call.asked_at or 0.0) + times.call_poll_s


def _key(calls: Calls) -> str:
    return f"modem-{calls.boot_id}-{calls.counter}"
