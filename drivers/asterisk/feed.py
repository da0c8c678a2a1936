"""The live feed: keeps a link to the manager port and turns what it says into calls, for ever.

What Asterisk has to allow (`/etc/asterisk/manager_custom.conf` on FreePBX, else `manager.conf`); nothing more is needed,
and with it the box can neither place nor end a call:

    [textback]
    secret = a long random word
    deny = 0.0.0.0/0.0.0.0
    permit = 192.168.1.20/255.255.255.255      ; the address of this box
    read = system,call                         ; add dialplan for finer reasons (voicemail, menu, queue)
    write = reporting                          ; Status, CoreStatus, Getvar, Ping
    writetimeout = 5000

After each login: Ping, CoreStatus (did the PBX start anew?), Status (who is talking to whom right now). A silent peer is a
dead one: a Ping every 10 s, unanswered for 5 s, drops the link. The receiving callback only enqueues; one consumer feeds the
call book and submits its events in order, each committed before the next. When the consumer lags, reading pauses and TCP
holds the rest back, so memory stays bounded.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Sequence

from drivers.asterisk import problems
from drivers.asterisk.calls import PRESENTATION_QUERY, WANTED_EVENTS, WANTED_VARIABLES, CallBook
from drivers.asterisk.checkup import hearing, judge
from drivers.asterisk.ears import LISTENING, Ears
from drivers.asterisk.examine import examine
from drivers.asterisk.link import LinkLostError, ManagerLink
from drivers.asterisk.messages import Message, MessageParser
from drivers.asterisk.settings import AsteriskSettings
from gateway.core.checkup import Finding
from gateway.core.events import CallEvent, Health
from gateway.core.problem import NO_MEMORY, Problem
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink, OpenCall, Recorder, Sink

_log = logging.getLogger(__name__)

__all__ = ["AsteriskFeed", "AsteriskSettings"]

ARRIVING = "4"  # ChannelState Ring: the channel of somebody who calls in (include/asterisk/channelstate.h)
PAUSE_AT = 5000  # queued messages, about 3 MB; half a second's worth at the highest rate planned for
RESUME_AT = 500
GREETING = b"Asterisk Call Manager/"  # main/manager.c; a number and a line end follow


class _RefusedError(Exception):
    """Asterisk answered the login with a refusal, in its own words."""


class _StrangerError(Exception):
    """Something else than a manager port answered."""

    def __init__(self, said: bytes) -> None:
        super().__init__()
        self.said = said


class _SilentError(Exception):
    """The connection was taken, and nothing answered."""


class AsteriskFeed:
    """Calls of one Asterisk. `open_calls` are those in progress when the gateway last wrote them down."""

    def __init__(
        self,
        settings: AsteriskSettings,
        submit: Sink,
        health: HealthSink,
        clock: Clock,
        open_calls: Sequence[OpenCall] = (),
        recorder: Recorder | None = None,
    ) -> None:
        self._settings = settings
        self._recorder = recorder
        self._submit = submit
        self._health = health
        self._clock = clock
        self._book = CallBook(settings.inbound_contexts, settings.internal_contexts, open_calls, settings.key)
        self._parser = MessageParser(WANTED_EVENTS, WANTED_VARIABLES)
        self._queue: asyncio.Queue[Message] = asyncio.Queue()
        self._link: ManagerLink | None = None
        self._paused = False
        self._random = random.Random()
        self._asked = 0
        self._ears = Ears()
        self._unanswered: dict[str, asyncio.Future[Message]] = {}  # by Uniqueid: presentations asked on this link
        self._link_is = Problem("", "", Health.STARTING)
        self._waits: Problem | None = None  # a call that cannot be committed
        self.poison = 0  # messages that could not be used because of a fault of ours; each is logged

    @property
    def quiet_s(self) -> float | None:
        """Seconds since Asterisk said anything, None without a link or while we take nothing in ourselves."""
        link = self._link
        return None if link is None or self._paused else asyncio.get_running_loop().time() - link.heard_at

    async def run(self) -> None:
        """Connect, serve and connect again; ends only by cancellation."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._consume(tasks), name=f"{self._settings.name} calls")
            tasks.create_task(self._keep_linked(), name=f"{self._settings.name} link")

    async def checkup(self) -> tuple[Finding, ...]:
        """How it is, thing by thing: by a login of its own, and whether this feed has heard of a call."""
        settings, ears = self._settings, self._ears
        seen = judge(settings, await examine(settings))
        if self._link is None:
            return seen
        return (
            *seen,
            hearing(settings.name, hears=ears.hears, deaf=ears.is_deaf, user=settings.username, where=self._where),
        )

    # -- the link

    async def _keep_linked(self) -> None:
        timings, tries = self._settings.timings, 0
        loop = asyncio.get_running_loop()
        self._works(Health.STARTING, f"Connecting to Asterisk at {self._where}.")
        while True:
            since = loop.time()
            try:
                reason = await self._one_link()
                if loop.time() - since >= timings.settled_s:
                    tries = 0
                self._trouble(problems.lost(self._where, reason))
                wait = self._back_off(tries)
            except _RefusedError as refusal:
                self._trouble(problems.refused(self._where, self._settings.username, str(refusal)))
                wait = timings.back_off_max_s
            except _StrangerError as stranger:
                self._trouble(problems.stranger(self._where, stranger.said))
                wait = self._back_off(tries)
            except _SilentError:
                self._trouble(problems.silent(self._where))
                wait = self._back_off(tries)
            except (OSError, UnicodeError) as error:  # "pbx..lan" cannot even be looked up
                self._trouble(problems.unreachable(self._where, error))
                wait = self._back_off(tries)
            tries += 1
            await self._clock.sleep(wait)

    def _back_off(self, tries: int) -> float:
        """Seconds until the next try; spread, so that several boxes do not knock together."""
        timings = self._settings.timings
        longest = min(timings.retry_max_s, timings.back_off_max_s)
        return min(longest, timings.back_off_min_s * 2.0 ** min(tries, 16)) * self._random.uniform(0.5, 1.0)

    async def _one_link(self) -> str:
        """Serve one connection; returns why it ended.

        Raises OSError when there was none, _RefusedError, _StrangerError, _SilentError.
        """
        timings = self._settings.timings
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timings.connect_s):
            _, link = await loop.create_connection(
                lambda: ManagerLink(self._parser, self._receive, self._recorder),
                self._settings.host,
                self._settings.port,
            )
        self._link, self._ears = link, Ears()
        try:
            await self._log_in(link)
            await self._resync(link)
            return await self._watch(link)
        except TimeoutError:
            _want_manager(link.greeting)
            raise _SilentError from None
        except LinkLostError:
            _want_manager(link.greeting)
            return link.ended.result() if link.ended.done() else "the connection ended"
        finally:
            self._link, self._paused = None, False
            self._forget_questions()
            link.abort("closed by us")

    async def _log_in(self, link: ManagerLink) -> None:
        headers = {
            "Action": "Login",
            "Username": self._settings.username,
            "Secret": self._settings.secret,
            "Events": "system,call,dialplan",  # what the user may not read is simply not sent
        }
        answer = await link.ask(self._action_id("login"), headers, self._settings.timings.answer_s)
        if answer.get("Response") != "Success":
            raise _RefusedError(answer.get("Message") or "no reason given")

    async def _resync(self, link: ManagerLink) -> None:
        """Ask what happened while nobody listened; the rows of the answers pass through the queue like events."""
        answer_s = self._settings.timings.answer_s
        await link.ask(self._action_id("ping"), {"Action": "Ping"}, answer_s)
        await link.ask(self._action_id("core"), {"Action": "CoreStatus"}, answer_s)
        listed = await link.ask(self._action_id("status"), {"Action": "Status"}, answer_s)
        if listed.get("Response") == "Success":
            self._works(Health.UP, f"Connected to Asterisk at {self._where}.")
        else:
            self._trouble(problems.may_not_look(self._where, listed.get("Message")))

    async def _watch(self, link: ManagerLink) -> str:
        """Ping until the link ends; returns why.

        Silent is who says nothing at all: an answer may have to wait behind a flood of events, or behind our own pause.
        """
        timings = self._settings.timings
        while True:
            done, _ = await asyncio.wait({link.ended}, timeout=timings.ping_every_s)
            if done:
                return link.ended.result()
            heard = link.received
            try:
                await link.ask(self._action_id("ping"), {"Action": "Ping"}, timings.answer_s)
                if not self._ears.hears:
                    await link.ask(self._action_id(LISTENING), {"Action": "Status"}, timings.answer_s)
            except TimeoutError:
                if link.received != heard or self._paused:
                    continue
                link.abort(f"Asterisk has been silent for {timings.answer_s:g} s")

    def _receive(self, message: Message) -> None:
        self._listen(message)
        if message.get("ActionID").startswith(LISTENING):
            return
        self._queue.put_nowait(message)
        self._ask_presentation(message)
        self._note_presentation(message)
        if self._queue.qsize() >= PAUSE_AT and not self._paused and self._link is not None:
            self._paused = True
            self._link.transport.pause_reading()

    def _listen(self, message: Message) -> None:
        was_deaf = self._ears.is_deaf
        self._ears.hear(message)
        if self._ears.is_deaf and not was_deaf:
            self._trouble(problems.may_not_listen(self._where, self._settings.username))
        elif was_deaf and not self._ears.is_deaf:
            self._works(Health.UP, f"Connected to Asterisk at {self._where}.")

    def _action_id(self, what: str) -> str:
        self._asked += 1
        return f"{what}/{self._asked}"

    # -- the calls

    async def _consume(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            message = await self._queue.get()
            if self._paused and self._queue.qsize() <= RESUME_AT and self._link is not None:
                self._paused = False
                with contextlib.suppress(RuntimeError):  # closing already
                    self._link.transport.resume_reading()
            if message.event == "Hangup" and message.get("Uniqueid") in self._unanswered:
                tasks.create_task(self._end(message, self._unanswered[message.get("Uniqueid")]))
                continue
            await self._take_in(message)
            self._unanswered.pop(message.get("ActionID").removeprefix(PRESENTATION_QUERY), None)

    async def _take_in(self, message: Message) -> None:
        try:
            events = self._book.feed(message, self._clock.now())
        except MemoryError:  # no fault of the message: what is in progress is asked for on the next connection
            if self._link is not None:
                self._link.abort(NO_MEMORY)
            return
        except Exception:  # a fault of ours over one message: without it the feed still knows of every other call
            self.poison += 1
            _log.exception("%s: a message of Asterisk was skipped (%s)", self._settings.name, message.event or "answer")
            self._tell()
            return
        for event in events:
            await self._commit(event)

    async def _commit(self, event: CallEvent) -> None:
        """Offer the event until it is on disk: a call is never lost for a full disk.

        A fault of the turn does not come here: the event is set aside (`gateway.turns.aside`), and the next one has its turn.
        """
        while True:
            try:
                await self._submit(event)
                break
            except Exception as error:  # whatever keeps the store from committing: the event waits, none is dropped
                level = (
                    logging.WARNING if self._waits is None else logging.DEBUG
                )  # it is offered again every few seconds
                _log.log(level, "%s: a call waits because it could not be stored: %s", self._settings.name, error)
                self._waits = problems.not_written(error)
                self._tell()
            await self._clock.sleep(self._settings.timings.retry_submit_s)
        if self._waits is not None:
            self._waits = None
            _log.info("%s: calls can be stored again", self._settings.name)
            self._tell()

    def _ask_presentation(self, message: Message) -> None:
        """A trunk may deliver the number of a caller who withheld it; only CALLERID(num-pres) tells.

        Asked the moment a channel comes in, before anything waits for the disk: a channel that is gone tells nothing.
        """
        uniqueid, channel = message.get("Uniqueid"), message.get("Channel")
        listed = message.event == "Status"  # a call that came in while nobody listened
        arrives = message.event in ("Newchannel", "Newstate") and message.get("ChannelState") == ARRIVING
        if (
            not (arrives or listed)
            or uniqueid != message.get("Linkedid")
            or not channel
            or channel.startswith("Local/")
        ):
            return
        headers = {"Action": "Getvar", "Channel": channel, "Variable": "CALLERID(num-pres)"}
        if self._link is not None:
            with contextlib.suppress(ConnectionError, ValueError):  # the answer is a refinement; no link, no answer
                self._link.tell(f"{PRESENTATION_QUERY}{uniqueid}", headers)
                self._unanswered[uniqueid] = asyncio.get_running_loop().create_future()

    def _note_presentation(self, message: Message) -> None:
        if message.event or not message.get("ActionID").startswith(PRESENTATION_QUERY):
            return
        asked = self._unanswered.get(message.get("ActionID").removeprefix(PRESENTATION_QUERY))
        if asked is not None and not asked.done():
            asked.set_result(message)

    async def _end(self, hangup: Message, asked: asyncio.Future[Message]) -> None:
        """A caller who was very quick is gone before the answer is here, or it stands behind the Hangup in the queue: it is
        waited for, not for ever. Other calls do not wait with it; time in which we do not read does not count."""
        while not asked.done():
            await asyncio.wait({asked}, timeout=self._settings.timings.presentation_s)
            if not self._paused:
                break
        if asked.done():
            await self._take_in(asked.result())
        self._unanswered.pop(hangup.get("Uniqueid"), None)
        await self._take_in(hangup)

    def _forget_questions(self) -> None:
        """The link is gone, and with it the answers that were still to come."""
        asked, self._unanswered = self._unanswered, {}
        for answer in asked.values():
            if not answer.done():
                answer.set_result(Message())

    # -- health

    @property
    def _where(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _works(self, health: Health, say: str) -> None:
        self._link_is = Problem(say, "", health)
        self._tell()

    def _trouble(self, problem: Problem) -> None:
        self._link_is = problem
        self._tell()

    def _tell(self) -> None:
        """The state of the link; that of a call which cannot be committed only while the link is fine."""
        fine = self._link_is.health in (Health.UP, Health.STARTING)
        shown = self._waits if self._waits is not None and fine else self._link_is
        facts = {
            "damaged blocks": str(self._parser.discarded),
            "events skipped": str(self._parser.skipped),
            "events without channel": str(self._book.ignored),
            "stray channels dropped": str(self._book.forgotten),
            "faults": str(self.poison),
        }
        self._health(shown.report(self._settings.name, self._clock.now(), facts))


def _want_manager(greeting: bytes) -> None:
    """Raise _StrangerError for a peer that began to speak in another way than a manager port does."""
    size = min(len(greeting), len(GREETING))
    if greeting[:size] != GREETING[:size]:
        raise _StrangerError(greeting)
