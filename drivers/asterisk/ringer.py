"""Rings telephones through Asterisk, speaks, and hears the key that says "I have it". No dialplan has to be written.

A manager user of its own is used, for the one that watches calls may place none (`manager.conf`):

    [textback-ring]
    secret = another long random word
    deny = 0.0.0.0/0.0.0.0
    permit = 192.168.1.20/255.255.255.255      ; the address of this box
    read = call,dtmf                           ; what becomes of the call, and the key
    write = originate,call                     ; place it, and hang it up again
    writetimeout = 5000

Originate runs the application Read, which plays the prompt and waits for one digit. The digit itself comes as DTMFEnd, also while
the prompt is spoken and through Local channels. Measured on Asterisk 16 (chan_pjsip, chan_sip) and 22 (chan_pjsip): `ChannelId` is
the Uniqueid of the channel and the Linkedid of all that hang on it; OriginateResponse tells that it was answered, or that it was
not; whether it rang and why it ended say Newstate and Hangup; a sound that does not exist is skipped.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import uuid
from dataclasses import dataclass, field

from drivers.asterisk import problems
from drivers.asterisk.link import LinkLostError, ManagerLink
from drivers.asterisk.messages import Message, MessageParser
from drivers.asterisk.settings import RingerSettings
from gateway.core.events import Health, RingOutcome
from gateway.core.problem import Problem
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink, RingResult, RingWish

WANTED = frozenset({"Newstate", "OriginateResponse", "DTMFEnd", "Hangup", "FullyBooted"})
LINES = 3  # telephones at once: the people of one rung
KEY, DECLINE = "1", "2"  # as the prompt that comes with Asterisk says (followme/options)
ATTEMPTS, WAIT_S = 3, 6  # of the prompt, and for the digit behind each
TALK_S = 75.0  # three times prompt and pause, with room; a call that lasts longer is hung up
CAUSE_S = 0.5  # the Hangup with the cause comes just before or just behind OriginateResponse
REFUSED_RUNNING = 2  # rings that did not ring: one may be a number that does not exist
BUSY, REJECTED = "17", "21"  # Q.850 causes


@dataclass(slots=True, eq=False)
class _Call:
    """One ring, as far as the manager has told."""

    rang: bool = False
    up: bool = False
    key: str = ""
    reason: str = ""
    causes: dict[str, str] = field(default_factory=dict)
    refused: str = ""  # the manager's own words for not taking the Originate
    over: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False


class AsteriskRinger:
    """Implements `gateway.ports.devices.Ringer`; `run` keeps the link and ends only by cancellation."""

    shares_modem = False

    def __init__(self, settings: RingerSettings, health: HealthSink, clock: Clock) -> None:
        self._settings = settings
        self._health = health
        self._clock = clock
        self._link: ManagerLink | None = None
        self._may = False
        self._may_hang_up = False
        self._hears_keys = False  # a digit has come on this link: the user may hear them
        self._asked = 0
        self._calls: dict[str, _Call] = {}
        self._not_rung = 0

    @property
    def ready(self) -> bool:
        return self._link is not None and self._may and len(self._calls) < LINES

    # -- one ring

    async def ring(self, wish: RingWish, stop: asyncio.Event) -> RingResult:
        """See `gateway.ports.devices.Ringer.ring`."""
        link = self._link
        if link is None or not self._may:
            return RingResult(RingOutcome.FAILED, "there is no link to Asterisk")
        identity = f"textback-{uuid.uuid4().hex[:16]}"
        call = self._calls[identity] = _Call()
        try:
            await self._originate(link, identity, wish, call)
            stopping = asyncio.ensure_future(stop.wait())
            over = asyncio.ensure_future(call.over.wait())
            try:
                await asyncio.wait({stopping, over}, timeout=wish.ring_s + TALK_S, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopping.cancel()
                over.cancel()
            if not call.over.is_set() or (call.key and not call.causes):
                self._hang_up(link, identity)
            return self._judge(call, stopped=stop.is_set())
        except asyncio.CancelledError:
            self._hang_up(link, identity)
            raise
        finally:
            del self._calls[identity]

    async def _originate(self, link: ManagerLink, identity: str, wish: RingWish, call: _Call) -> None:
        sounds = "&".join(spoken for sound in self._settings.prompt for spoken in _spoken(sound, wish.code))
        headers = {
            "Action": "Originate",
            "Channel": _channel(self._settings.channel, wish.to),
            "ChannelId": identity,
            "Application": "Read",
            "Data": f"TEXTBACK_KEY,{sounds},1,,{ATTEMPTS},{WAIT_S}",
            "Timeout": str(round(wish.ring_s * 1000)),
            "Async": "true",
        }
        if self._settings.caller_id:
            headers["CallerID"] = self._settings.caller_id
        try:
            answer = await link.ask(identity, headers, self._settings.timings.answer_s)
        except (TimeoutError, LinkLostError):
            call.lost = True
            call.over.set()
            return
        if answer.get("Response") != "Success":
            call.refused = answer.get("Message") or "no reason given"
            call.over.set()

    def _hang_up(self, link: ManagerLink, identity: str) -> None:
        with contextlib.suppress(LinkLostError, ValueError):  # without the right it rings on, no longer than `ring_s`
            link.tell(self._action_id("hangup"), {"Action": "Hangup", "Channel": identity})

    def _judge(self, call: _Call, *, stopped: bool) -> RingResult:
        result = self._judged(call, stopped=stopped)
        if result.outcome is RingOutcome.FAILED and not stopped:
            self._not_rung += 1
            if self._not_rung >= REFUSED_RUNNING:
                self._tell(problems.trunk_refuses(self._where, result.say))
        elif result.outcome is not RingOutcome.UNSURE and self._not_rung:
            self._not_rung = 0
            self._works()
        return result

    def _judged(self, call: _Call, *, stopped: bool) -> RingResult:
        causes = set(call.causes.values())
        if call.key == KEY:
            return RingResult(RingOutcome.ACCEPTED, "answered, and 1 was pressed")
        if call.refused:
            return RingResult(RingOutcome.FAILED, f"Asterisk did not take the call: {call.refused}")
        if call.up:
            if call.key == DECLINE:
                return RingResult(RingOutcome.ANSWERED, "answered, and 2 was pressed: not accepted")
            may = "" if self._hears_keys else " (or the manager user lacks read = dtmf)"
            return RingResult(RingOutcome.ANSWERED, f"answered, 1 was not pressed{may}; it may have been a voicemail")
        if stopped:
            return RingResult(RingOutcome.RANG if call.rang else RingOutcome.FAILED, "hung up: not needed any more")
        if call.lost:
            return RingResult(RingOutcome.UNSURE, "the link to Asterisk was lost while it rang")
        if BUSY in causes:
            return RingResult(RingOutcome.BUSY, "busy")
        if REJECTED in causes and call.rang:
            return RingResult(RingOutcome.RANG, "rang, and was declined")
        if call.rang or call.reason == "3":  # AST_CONTROL_RINGING when the time was up
            return RingResult(RingOutcome.RANG, "rang, nobody answered")
        cause = ", ".join(sorted(causes - {"0", "16"}))
        return RingResult(
            RingOutcome.FAILED, f"Asterisk could not place the call{f' (cause {cause})' if cause else ''}"
        )

    # -- what the manager says

    def _receive(self, message: Message) -> None:
        call = self._calls.get(message.get("Linkedid")) or self._calls.get(message.get("Uniqueid"))
        if call is None:
            return
        match message.event:
            case "Newstate":
                call.rang |= message.get("ChannelStateDesc") == "Ringing"
            case "DTMFEnd":
                self._hears_keys = True
                digit = message.get("Digit")
                if message.get("Direction") == "Received" and (call.up or message.get("ChannelStateDesc") == "Up"):
                    call.key = call.key or digit
                    if call.key == KEY:
                        call.over.set()
            case "OriginateResponse":
                call.reason = message.get("Reason")
                if message.get("Response") == "Success":
                    call.up = True
                elif call.causes:
                    call.over.set()
                else:
                    asyncio.get_running_loop().call_later(CAUSE_S, call.over.set)
            case "Hangup":
                uniqueid = message.get("Uniqueid")
                call.causes[uniqueid] = message.get("Cause")
                if uniqueid in self._calls and (call.up or call.reason):
                    call.over.set()
            case _:
                pass

    # -- the link

    async def run(self) -> None:
        """Connect, log in, and look whether the user may do what is needed; again for ever."""
        timings, tries = self._settings.timings, 0
        self._tell(Problem(f"Connecting to Asterisk at {self._where} for ringing.", "", Health.STARTING))
        loop = asyncio.get_running_loop()
        while True:
            since = loop.time()
            try:
                reason = await self._one_link()
                if loop.time() - since >= timings.settled_s:
                    tries = 0
                self._tell(problems.cannot_ring(problems.lost(self._where, reason)))
                wait = self._back_off(tries)
            except _RefusedError as refusal:
                problem = problems.refused(self._where, self._settings.username, str(refusal))
                self._tell(problems.cannot_ring(problem))
                wait = timings.back_off_max_s
            except (OSError, UnicodeError) as error:
                self._tell(problems.cannot_ring(problems.unreachable(self._where, error)))
                wait = self._back_off(tries)
            tries += 1
            await self._clock.sleep(wait)

    def _back_off(self, tries: int) -> float:
        timings = self._settings.timings
        return min(timings.retry_max_s, timings.back_off_min_s * 2.0 ** min(tries, 16)) * random.uniform(0.5, 1.0)

    async def _one_link(self) -> str:
        timings = self._settings.timings
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timings.connect_s):
            _, link = await loop.create_connection(
                lambda: ManagerLink(MessageParser(WANTED), self._receive), self._settings.host, self._settings.port
            )
        try:
            answer = await link.ask(self._action_id("login"), self._login(), timings.answer_s)
            if answer.get("Response") != "Success":
                raise _RefusedError(answer.get("Message") or "no reason given")
            self._link, self._hears_keys = link, False
            await self._look_at_rights(link)
            while True:
                done, _ = await asyncio.wait({link.ended}, timeout=timings.ping_every_s)
                if done:
                    return link.ended.result()
                await link.ask(self._action_id("ping"), {"Action": "Ping"}, timings.answer_s)
                if not self._may:
                    await self._look_at_rights(link)
        except LinkLostError:
            return link.ended.result() if link.ended.done() else "the connection ended"
        except TimeoutError:
            return f"no answer for {timings.answer_s:g} s"
        finally:
            self._link, self._may = None, False
            link.abort("closed by us")
            for call in self._calls.values():
                call.lost = True
                call.over.set()

    def _login(self) -> dict[str, str]:
        user, secret = self._settings.username, self._settings.secret
        return {"Action": "Login", "Username": user, "Secret": secret, "Events": "call,dtmf"}

    async def _look_at_rights(self, link: ManagerLink) -> None:
        """ListCommands names what this user may do, and nothing else."""
        listed = await link.ask(self._action_id("rights"), {"Action": "ListCommands"}, self._settings.timings.answer_s)
        self._may, self._may_hang_up = bool(listed.get("Originate")), bool(listed.get("Hangup"))
        if self._may:
            self._works()
        else:
            self._tell(problems.may_not_originate(self._where, self._settings.username))

    @property
    def _where(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _works(self) -> None:
        self._tell(Problem(f"Telephones can be rung through Asterisk at {self._where}.", "", Health.UP))

    def _tell(self, problem: Problem) -> None:
        facts = {"hangs up what is not needed any more": "yes" if self._may_hang_up else "no"}
        self._health(problem.report(self._settings.name, self._clock.now(), facts))

    def _action_id(self, what: str) -> str:
        self._asked += 1
        return f"{what}/{self._asked}"


class _RefusedError(Exception):
    """Asterisk answered the login with a refusal, in its own words."""


def _channel(pattern: str, number: str) -> str:
    digits = number.removeprefix("+")
    return (
        pattern.replace("{number}", digits)
        .replace("{e164}", f"+{digits}")
        .replace("{national}", digits.removeprefix("1"))
    )


def _spoken(sound: str, code: int) -> list[str]:
    """The names of the sounds that are played; {code} is said digit by digit."""
    return [f"digits/{digit}" for digit in str(code)] if sound == "{code}" else [sound]
