"""A real Asterisk rings a telephone, speaks, and tells of the key: with a manager user who may do that and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.asterisk.checkup import judge, judge_ringing
from drivers.asterisk.examine import examine
from drivers.asterisk.ringer import AsteriskRinger
from drivers.asterisk.settings import AsteriskSettings, RingerSettings, Timings
from drivers.modem.settings import Timings as ModemTimings
from drivers.simulator.modem import SimulatedModem
from gateway.clock import SystemClock
from gateway.core.checkup import Finding, Grade
from gateway.core.events import Health, HealthReport, RingOutcome
from gateway.core.phonesystem import PhoneSystem
from gateway.ports.devices import RingResult, RingWish
from gateway.settings import parse
from gateway.supervisor import Gateway, running
from tests.pbx.asterisk import Asterisk, Stack, free_network
from tests.pbx.phones import CELL, Phones
from tests.pbx.sip import Answers, AwaitBye, Behaviour, Dtmf, Gone, Rejects, Rings, Wait
from tests.waiting import until

pytestmark = pytest.mark.live
OWNER = "+13035550199"  # the cell behind the provider's trunk
AT_ONCE_S = 1.0  # from the caller's text to the text of the owner, as promised
LANE = 9
PRESSES_1 = Answers(300, (Wait(1500), Dtmf("1"), AwaitBye(20000)))
PRESSES_2 = Answers(300, (Wait(1500), Dtmf("2"), AwaitBye(20000)))
SAYS_NOTHING = Answers(300, (AwaitBye(60000),))
HURRIED = ("beep",)  # three times that is over in half a minute
USER = """
[{name}]
secret = ring-secret
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.0/255.0.0.0
read = {read}
write = {write}
writetimeout = 5000
"""
USERS = (
    ("textback-ring", "call,dtmf", "originate,call"),
    ("without-rights", "call,dtmf", "reporting"),
    ("without-hangup", "call,dtmf", "originate"),
    ("deaf-to-keys", "call", "originate,call"),
)


def direct(stack: Stack) -> str:
    return "SIP/trunk/{number}" if stack is Stack.CHAN_SIP_16 else "PJSIP/{number}@trunk"


class House:
    """One Asterisk with a cell behind its trunk."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self.asterisk = Asterisk(stack, free_network(stack, LANE), folder / "run")
        self.phones = Phones(self.asterisk.network, folder)
        self.health: list[HealthReport] = []

    @asynccontextmanager
    async def ringer(self, user: str = "textback-ring", **changes: object) -> AsyncIterator[AsteriskRinger]:
        settings = RingerSettings(
            host=self.asterisk.ami[0],
            port=self.asterisk.ami[1],
            username=user,
            secret="ring-secret",
            channel=direct(self.stack),
            timings=Timings(back_off_min_s=0.05, ping_every_s=1.0),
        )
        ringer = AsteriskRinger(replace(settings, **changes), self.health.append, SystemClock())  # type: ignore[arg-type]
        self.health.clear()
        running_ = asyncio.create_task(ringer.run())
        try:
            await until(lambda: self.health and self.health[-1].health is not Health.STARTING)
            yield ringer
        finally:
            running_.cancel()
            await asyncio.gather(running_, return_exceptions=True)

    async def rings(
        self, behaviour: Behaviour, *, ring_s: float = 4.0, stop: asyncio.Event | None = None, **changes: object
    ) -> RingResult:
        await self.phones.place(CELL, behaviour)
        async with self.ringer(**changes) as ringer:  # type: ignore[arg-type]
            return await ringer.ring(RingWish(OWNER, 10, ring_s), stop or asyncio.Event())

    async def channels(self) -> int:
        said = await self.asterisk.cli("core show channels count")
        return int(said.split(" active channel")[0].split()[-1])


@asynccontextmanager
async def house(stack: Stack, folder: Path, users: Sequence[tuple[str, str, str]] = USERS) -> AsyncIterator[House]:
    made = House(stack, folder)
    made.asterisk.configure()
    with (folder / "run/etc/manager.conf").open("a") as file:
        for name, read, write in users:
            file.write(USER.format(name=name, read=read, write=write))
    await made.asterisk.start()
    try:
        yield made
    finally:
        await made.phones.stop()
        await made.asterisk.stop()


every_stack = pytest.mark.parametrize("stack", list(Stack), ids=str)


@every_stack
async def test_every_way_in_which_a_ring_can_end_is_told(stack: Stack, tmp_path: Path) -> None:
    async with house(stack, tmp_path) as one:
        assert (await one.rings(PRESSES_1)).outcome is RingOutcome.ACCEPTED
        assert (await one.rings(PRESSES_1, channel="Local/{number}@from-internal")).outcome is RingOutcome.ACCEPTED
        assert (await one.rings(PRESSES_1, channel="Local/{number}@from-internal/n")).outcome is RingOutcome.ACCEPTED
        assert (await one.rings(PRESSES_1, prompt=("no-such-sound", "beep"))).outcome is RingOutcome.ACCEPTED
        declined = await one.rings(PRESSES_2)
        assert (declined.outcome, "2 was pressed" in declined.say) == (RingOutcome.ANSWERED, True)
        assert (await one.rings(Rings(), ring_s=2.0)).outcome is RingOutcome.RANG
        assert (
            await one.rings(Rings(), ring_s=2.0, channel="Local/{number}@from-internal/n")
        ).outcome is RingOutcome.RANG
        assert (await one.rings(Rejects(486))).outcome is RingOutcome.BUSY
        assert (await one.rings(Rejects(603, 500))).outcome is RingOutcome.RANG
        assert (await one.rings(Rejects(503))).outcome is RingOutcome.FAILED
        nowhere = "SIP/nowhere/{number}" if stack is Stack.CHAN_SIP_16 else "PJSIP/{number}@nowhere"
        assert (await one.rings(Gone(), channel=nowhere)).outcome is RingOutcome.FAILED
        await until(lambda: _none(one), "every channel is gone")


async def _none(one: House) -> bool:
    return await one.channels() == 0


@every_stack
async def test_a_ring_that_is_not_needed_any_more_is_hung_up(stack: Stack, tmp_path: Path) -> None:
    async with house(stack, tmp_path) as one:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(1.5, stop.set)
        assert "not needed" in (await one.rings(Rings(), ring_s=20.0, stop=stop)).say
        await until(lambda: _none(one), "every channel is gone")


async def test_a_voicemail_is_nobody_who_has_it(tmp_path: Path) -> None:
    async with house(Stack.PJSIP_22, tmp_path) as one:
        result = await one.rings(SAYS_NOTHING, prompt=HURRIED)
        assert result.outcome is RingOutcome.ANSWERED
        assert "voicemail" in result.say


async def test_rights_that_are_missing_are_said_with_the_lines_to_write(tmp_path: Path) -> None:
    async with house(Stack.PJSIP_22, tmp_path) as one:
        async with one.ringer("without-rights") as ringer:
            assert not ringer.ready
            assert "does not let manager user 'without-rights' place calls" in one.health[-1].say
            assert "write = originate,call" in one.health[-1].remedy
        async with one.ringer(secret="wrong"):
            assert "refused the login" in one.health[-1].say
            assert "no telephone is rung" in one.health[-1].say
        deaf = await one.rings(PRESSES_1, user="deaf-to-keys", prompt=HURRIED)
        assert deaf.outcome is RingOutcome.ANSWERED
        assert "read = dtmf" in deaf.say
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(1.0, stop.set)
        result = await one.rings(Rings(), ring_s=3.0, stop=stop, user="without-hangup")
        assert result.outcome is RingOutcome.RANG
        await until(lambda: _none(one), "it rings no longer than it would have")


async def test_a_trunk_that_refuses_is_a_trouble_and_one_ring_ends_it(tmp_path: Path) -> None:
    async with house(Stack.PJSIP_22, tmp_path) as one, one.ringer() as ringer:
        await one.phones.place(CELL, Rejects(503))
        for _ in range(2):
            await ringer.ring(RingWish(OWNER, 10, 3.0), asyncio.Event())
        assert "could not ring the telephones" in one.health[-1].say
        await one.phones.place(CELL, Rings())
        await ringer.ring(RingWish(OWNER, 10, 1.0), asyncio.Event())
        assert one.health[-1].health is Health.UP


async def test_an_asterisk_that_dies_while_it_rings_leaves_the_ring_unsure(tmp_path: Path) -> None:
    async with house(Stack.PJSIP_22, tmp_path) as one, one.ringer() as ringer:
        await one.phones.place(CELL, Rings())
        ringing = asyncio.create_task(ringer.ring(RingWish(OWNER, 10, 30.0), asyncio.Event()))
        await until(lambda: _some(one), "it rings")
        await one.asterisk.kill()
        assert (await ringing).outcome is RingOutcome.UNSURE
        assert not ringer.ready


async def _some(one: House) -> bool:
    return await one.channels() > 0


CONFIG = """
business: {{name: Lab, timezone: America/New_York, area_code: "303", owner_cell: "+13035550199",
  owner_name: Mike, owner_rings: yes}}
lines: {{main: {{number: "+13035550101"}}}}
texting: {{settle: 0 s}}
conversation: {{wait: 0 s}}
asterisk: {{host: {host}, port: {port}, username: gateway, secret: gateway-secret}}
ringing: {{via: asterisk, username: textback-ring, secret: ring-secret, channel: "{channel}", ring_for: 15 s}}
modem: {{port: {modem}, number: "+13035550188"}}
state: {state}
"""


@every_stack
async def test_the_key_on_a_real_telephone_takes_a_real_emergency(stack: Stack, tmp_path: Path) -> None:
    """The caller's text, the owner's text, the ring, the key, and what the caller is told."""
    async with house(stack, tmp_path) as one, SimulatedModem("huawei", link=tmp_path / "modem") as modem:
        await one.phones.place(CELL, PRESSES_1)
        host, port = one.asterisk.ami
        text = CONFIG.format(host=host, port=port, channel=direct(stack), modem=modem.path, state=tmp_path / "state")
        settings = parse(text, "box.yaml")
        settings = replace(settings, page=replace(settings.page, port=0))
        async with running(Gateway(settings, modem_timings=ModemTimings(drain_s=0.05))) as gateway:
            await until(
                lambda: (
                    {"modem", "asterisk", "ringing"}
                    <= {report.component for report in gateway.board.reports() if report.health is Health.UP}
                )
            )
            began = time.monotonic()
            modem.receive("+13035550137", "the pipe burst and water is pouring through the ceiling")
            await until(lambda: any("Mike has seen your message" in sent.body for sent in modem.sent))
            assert modem.sent[0].to == OWNER
            assert modem.sent[0].at - began < AT_ONCE_S
            rows = await gateway.store.read(
                lambda db: [
                    tuple(row)
                    for row in db.execute(
                        "SELECT e.state, e.by, a.state FROM alerts a JOIN escalations e WHERE channel = 'call'"
                    )
                ]
            )
            assert rows == [("acknowledged", "Mike", "accepted")]
            assert any(sent.to == OWNER and "You have it." in sent.body for sent in modem.sent)


@every_stack
async def test_the_doctor_tells_what_a_real_manager_user_may_and_may_not(stack: Stack, tmp_path: Path) -> None:
    users = (*USERS, ("looker", "system,call", "reporting"), ("deaf", "log", "reporting"), ("boss", "all", "all"))
    async with house(stack, tmp_path, users) as one:
        host, port = one.asterisk.ami

        async def look(user: str, secret: str = "ring-secret") -> tuple[AsteriskSettings, PhoneSystem]:
            login = AsteriskSettings(host=host, port=port, username=user, secret=secret)
            return login, await examine(login)

        def grades(findings: Sequence[Finding]) -> dict[str, Grade]:
            return {finding.key: finding.grade for finding in findings}

        assert set(grades(judge(*await look("looker"))).values()) == {Grade.PASS}
        deaf = grades(judge(*await look("deaf")))
        assert (deaf["ami_login"], deaf["ami_system"]) == (Grade.PASS, Grade.FAIL)
        boss = {finding.key: finding for finding in judge(*await look("boss"))}
        assert boss["ami_rights"].grade is Grade.WARN
        assert "place calls and give Asterisk commands" in boss["ami_rights"].say
        assert grades(judge(*await look("looker", "wrong")))["ami_login"] is Grade.FAIL
        assert grades(judge_ringing(*await look("textback-ring")))["ami_originate"] is Grade.PASS
        assert grades(judge_ringing(*await look("looker")))["ami_originate"] is not Grade.PASS
