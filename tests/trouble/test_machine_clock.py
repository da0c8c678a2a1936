"""The machine's own clock is set where the gateway knows better: what is believed by the unit that may, and what the box says.

The kernel is not asked to set anything here: `set_clock` is a clock of the test's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import machinetime
from gateway.clock import KeptClock
from gateway.core.timesources import NOT_BEFORE_S
from gateway.machineclock import setting, slips
from gateway.machineclock.slips import Answer, BadSlip, Done, Request, Setting, Shown
from tests.trouble.office import Trouble, in_trouble
from tests.trouble.test_clock import CALLER, LATER, Wall, in_1970

BOOT = "9d6c1f0a-0000-4000-8000-000000000001"
NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC).timestamp()
SHOWN = Shown(BOOT, 500.0, NOW - 9 * 3600, synchronised=False)
TOLD = Request(BOOT, 499.0, 4, NOW - 1.0, "network")


# ---- what is believed


@pytest.mark.parametrize("hours", [9, -48])
def test_a_wrong_clock_is_set_forward_and_back_to_the_moment_of_the_reading(hours: int) -> None:
    answer = slips.judge(TOLD, replace(SHOWN, time=NOW - hours * 3600, ticks=520.0))
    assert answer.done is Done.SET
    assert answer.settings == (Setting(520.0, NOW + 20.0, hours * 3600 + 20.0, "network"),)


@pytest.mark.parametrize(
    ("request_", "shown", "done"),
    [
        (TOLD, replace(SHOWN, synchronised=True), Done.KEPT),
        (TOLD, replace(SHOWN, time=NOW + 3.0), Done.RIGHT),
        (replace(TOLD, time=None, by=""), SHOWN, Done.SEEN),
        (replace(TOLD, boot="another start"), SHOWN, Done.BAD),
        (TOLD, replace(SHOWN, boot=""), Done.BAD),
        (replace(TOLD, boot=""), replace(SHOWN, boot=""), Done.BAD),
        (TOLD, replace(SHOWN, ticks=499.0 + slips.LATE_S + 1), Done.BAD),
        (replace(TOLD, ticks=501.0), SHOWN, Done.BAD),
        (replace(TOLD, by="somebody"), SHOWN, Done.BAD),
        (replace(TOLD, by="set"), SHOWN, Done.BAD),
        (replace(TOLD, time=NOT_BEFORE_S - 5.0), SHOWN, Done.BAD),
        (replace(TOLD, time=0.0), SHOWN, Done.BAD),
        (replace(TOLD, time=-1e300), SHOWN, Done.BAD),
        (replace(TOLD, time=slips.NOT_AFTER_S + 1.0), SHOWN, Done.BAD),
        (replace(TOLD, time=1e308), SHOWN, Done.BAD),
    ],
)
def test_what_is_not_certainly_sound_leaves_the_clock_as_it_is(request_: Request, shown: Shown, done: Done) -> None:
    answer = slips.judge(request_, shown)
    assert answer.done is done
    assert answer.settings == ()
    assert (answer.why != "") is (done is Done.BAD)


def test_two_witnesses_that_disagree_do_not_pull_the_clock_to_and_fro() -> None:
    settings: tuple[Setting, ...] = ()
    done: list[Done] = []
    for minute in range(24 * 60):
        tick = 1000.0 + 60 * minute
        wrong = replace(SHOWN, ticks=tick, time=NOW)
        answer = slips.judge(replace(TOLD, ticks=tick, time=NOW + (-1) ** minute * 3600), wrong, settings)
        settings = answer.settings
        done.append(answer.done)
    assert done.count(Done.SET) == slips.MOST_A_DAY
    at = [minute for minute, each in enumerate(done) if each is Done.SET]
    assert min(b - a for a, b in pairwise(at)) * 60 >= slips.APART_S
    tomorrow = replace(SHOWN, ticks=1000.0 + 2 * slips.DAY_S, time=NOW)
    assert slips.judge(replace(TOLD, ticks=tomorrow.ticks, time=NOW + 3600), tomorrow, settings).done is Done.SET


HOSTILE = [
    b"",
    b"\0" * 200,
    b"\xff\xfe",
    b"null",
    b"[]",
    b"[" * 1000,
    b'{"form": 1}',
    b'{"form": 2, "boot": "x", "ticks": 1, "number": 1}',
    b'{"form": 1, "boot": 7, "ticks": 1, "number": 1}',
    b'{"form": 1, "boot": "x", "ticks": true, "number": 1}',
    b'{"form": 1, "boot": "x", "ticks": NaN, "number": 1}',
    b'{"form": 1, "boot": "x", "ticks": 1e999, "number": 1}',
    b'{"form": 1, "boot": "x", "ticks": 1, "number": Infinity}',
    b'{"form": 1, "boot": "x", "ticks": 1, "number": 1, "time": "now", "by": "network"}',
    b'{"form": 1, "boot": "x", "ticks": 1, "number": 1, "time": null, "by": "network"}',
    b'{"form": 1, "boot": "x", "ticks": 1, "number": 1, "time": ' + b"9" * 900 + b', "by": "network"}',
    b'{"form": 1, "boot": "x", "ticks": 1, "number": 1, "time": 1, "by": ["network"]}',
    json.dumps({"form": 1, "boot": "x" * 2000, "ticks": 1, "number": 1}).encode(),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_garbage_is_no_request_and_no_answer(text: bytes) -> None:
    with pytest.raises(BadSlip):
        slips.read_request(text)
    with pytest.raises(BadSlip):
        slips.read_answer(text)


def test_what_is_written_is_read_as_it_was() -> None:
    assert slips.read_request(slips.write_request(TOLD)) == TOLD
    asks = replace(TOLD, time=None, by="")
    assert slips.read_request(slips.write_request(asks)) == asks
    days = tuple(Setting(float(n), NOW + n + 0.123456, -86_400.123456, "network") for n in range(slips.MOST_A_DAY))
    answer = Answer(BOOT, 500.0, 4, Done.SET, True, "w" * 100, days)
    assert slips.read_answer(slips.write_answer(answer)) == answer


# ---- the unit


class Unit:
    """What the unit does with a request of this test's, on a machine whose clock is this test's."""

    def __init__(self, folder: Path) -> None:
        self.request, self.answer = folder / "clock", folder / "answer"
        self.wall = Wall(timedelta(hours=-9))
        self.kept = False
        self.refuses: OSError | None = None

    def ask(self, time: datetime | None = None) -> None:
        tick = machinetime.ticks()
        told = None if time is None else time.timestamp()
        request = Request(machinetime.boot_id(), tick, 7, told, "" if time is None else "network")
        setting.lay(self.request, slips.write_request(request))

    def serve(self, owner: int | None = None) -> tuple[Answer, str]:
        whose = os.geteuid() if owner is None else owner
        return setting.serve(self.request, self.answer, whose, self.set, self.look)

    def look(self) -> Shown:
        return Shown(machinetime.boot_id(), machinetime.ticks(), self.wall.now().timestamp(), self.kept)

    def set(self, moment: float) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.wall.offset = datetime.fromtimestamp(moment, UTC) - datetime.now(UTC)

    @property
    def off_by(self) -> float:
        return abs((self.wall.now() - datetime.now(UTC)).total_seconds())


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return Unit(tmp_path)


def test_the_clock_is_set_once_and_the_answer_and_the_journal_say_so(unit: Unit) -> None:
    unit.ask(datetime.now(UTC))
    answer, line = unit.serve()
    assert unit.off_by < 1.0
    assert line.startswith("<5>the clock was 32400 s behind and was set to 20")
    assert line.endswith("UTC, as told by: network")
    assert slips.read_answer(unit.answer.read_bytes()) == answer
    assert unit.answer.stat().st_mode & 0o777 == 0o644
    again, _ = unit.serve()
    assert again.done is Done.RIGHT
    assert again.settings == answer.settings  # the page goes on saying when it was
    unit.wall.set(hours=3)
    unit.ask(datetime.now(UTC))
    assert unit.serve()[0].done is Done.OFTEN


def test_a_kernel_that_refuses_is_said_and_tried_again(unit: Unit) -> None:
    unit.refuses = PermissionError(1, "Operation not permitted")
    unit.ask(datetime.now(UTC))
    answer, line = unit.serve()
    assert (answer.done, answer.settings) == (Done.FAILED, ())
    assert line == "<4>the clock is wrong and cannot be set: Operation not permitted"
    unit.refuses = None
    assert unit.serve()[0].done is Done.SET


def test_a_clock_that_a_time_service_keeps_is_never_set(unit: Unit) -> None:
    unit.kept = True
    unit.ask(datetime.now(UTC))
    answer, _ = unit.serve()
    assert (answer.done, answer.synchronised) == (Done.KEPT, True)
    assert unit.off_by > 8 * 3600
    unit.request.unlink()
    answer, _ = unit.serve()
    assert (answer.done, answer.synchronised) == (Done.SEEN, True)


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _second_name(path: Path) -> None:
    os.link(path, path.with_name("elsewhere"))


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _huge(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b" " * 5_000_000)


def _everybodys(path: Path) -> None:
    path.chmod(0o666)


@pytest.mark.parametrize("harm", [_link, _second_name, _pipe, _folder, _huge, _everybodys])
def test_a_request_that_is_no_plain_file_of_the_gateway_is_refused(harm: Callable[[Path], None], unit: Unit) -> None:
    unit.ask(datetime.now(UTC))
    harm(unit.request)
    answer, line = unit.serve()
    assert answer.done is Done.BAD
    assert line.startswith("<4>a request to set the clock was refused: ")
    assert unit.off_by > 8 * 3600


def test_a_request_of_somebody_else_is_refused(unit: Unit) -> None:
    unit.ask(datetime.now(UTC))
    answer, _ = unit.serve(owner=os.geteuid() + 1)
    assert (answer.done, answer.why) == (Done.BAD, "it is somebody else's")
    assert unit.off_by > 8 * 3600


@pytest.mark.parametrize("text", HOSTILE)
def test_garbage_where_the_answer_lies_is_no_hindrance(text: bytes, unit: Unit) -> None:
    unit.answer.write_bytes(text)
    unit.ask(datetime.now(UTC))
    assert unit.serve()[0].done is Done.SET


def test_an_answer_that_others_have_put_in_the_way_is_not_written_through(unit: Unit, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    for name in (unit.answer, unit.answer.with_name("answer.new")):
        name.symlink_to(precious)
    unit.ask(datetime.now(UTC))
    unit.serve()
    assert precious.read_text() == "kept"
    assert not unit.answer.is_symlink()


# ---- the gateway


def test_the_time_of_the_network_does_not_move_when_the_machines_clock_is_set_to_it() -> None:
    wall = Wall(timedelta(days=2))
    clock = KeptClock(wall)
    clock.by = timedelta(days=-2)
    wall.set(days=-2)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    clock.by = timedelta()
    wall.set(hours=1)
    assert abs(clock.now() - datetime.now(UTC) - timedelta(hours=1)) < timedelta(seconds=1)


async def _serve(office: Trouble, unit: Unit, done: Done) -> None:
    """What systemd does when the gateway lays a request."""

    def asked() -> bool:
        return unit.request.exists() and unit.serve()[0].done is done

    await office.until(asked, f"a request that is {done}")


@pytest.fixture
def boxed(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """The gateway runs as a service, and believes answers that are this test's."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(unit.request.parent))
    monkeypatch.setattr("gateway.machineclock.asking.ANSWER", unit.answer)
    monkeypatch.setattr("gateway.machineclock.asking.ROOT", os.geteuid())
    monkeypatch.setattr("gateway.machineclock.asking.LOOK_S", 0.05)
    return unit


@pytest.mark.parametrize("hours", [-9, 48])
async def test_the_machines_clock_is_set_by_the_networks_time_and_nobody_is_texted_twice_for_it(
    hours: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, boxed: Unit
) -> None:
    modem.network.nitz = True
    boxed.wall = Wall(timedelta(hours=hours))
    async with in_trouble(tmp_path, pbx, modem, clock=boxed.wall, keeps=lambda: False) as office:
        await office.is_well("modem")
        await office.until(lambda: office.gateway.watch.sane, "the network has told the time")
        await office.missed(CALLER)
        await office.is_texted(CALLER)
        await _serve(office, boxed, Done.SET)
        assert boxed.off_by < 5.0
        await office.until(lambda: "the box set it by" in _clock(office), "it is said")
        way = "behind" if hours < 0 else "ahead"
        assert _clock(office).endswith(
            f"the box set it by the mobile network's time. It had been {_span(hours)} {way}."
        )
        assert _clock(office) in await office.page("health")
        way = "forward" if hours < 0 else "back"
        assert f"The box's own clock was set {way} by " in await office.page("history")
        assert office.gateway.watch.wish() is None
        checkup = await office.gateway.doctor.check("a test")
        (clock,) = [each for each in checkup.findings if each.key == "clock"]
        assert clock.say.endswith("as the mobile network tells it.")
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["cooldown", "texted"])
        await office.missed(LATER)
        await office.is_texted(LATER)


async def test_a_box_that_wakes_in_1970_has_its_clock_set_and_its_next_start_knows_the_time(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, boxed: Unit
) -> None:
    boxed.wall = in_1970()
    async with in_trouble(tmp_path, pbx, modem, clock=boxed.wall, keeps=lambda: False) as office:
        await office.says("clock", "shows Dec 31, 1969")
        await _serve(office, boxed, Done.SEEN)  # it does not know the time, and asks for nothing but a word
        modem.network.nitz = True
        modem.urc("+CTZV: -20")
        await office.is_well("clock")
        await _serve(office, boxed, Done.SET)
        await office.until(lambda: "the box set it by" in _clock(office), "it is said")
    modem.network.nitz = False
    async with in_trouble(tmp_path, pbx, modem, clock=boxed.wall, keeps=lambda: False) as office:
        await office.is_well("clock")


async def test_a_clock_that_cannot_be_set_does_no_harm_and_is_said(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, boxed: Unit
) -> None:
    modem.network.nitz = True
    boxed.refuses = PermissionError(1, "Operation not permitted")
    async with in_trouble(tmp_path, pbx, modem, clock=boxed.wall, keeps=lambda: False) as office:
        await office.is_well("modem")
        await _serve(office, boxed, Done.FAILED)
        await office.until(lambda: "It cannot be set" in _clock(office), "it is said")
        await office.missed(CALLER)
        await office.is_texted(CALLER)


@pytest.mark.parametrize("kept", [True, False])
async def test_a_time_service_other_than_systemds_is_seen_through_the_unit(
    kept: bool, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, boxed: Unit
) -> None:
    boxed.wall, boxed.kept = Wall(), kept
    async with in_trouble(tmp_path, pbx, modem, clock=boxed.wall, keeps=lambda: False) as office:
        await _serve(office, boxed, Done.SEEN)
        await office.is_well("asterisk")
        await office.until(lambda: office.gateway.machine_clock.synchronised() is kept, "the answer is read")
        await office.missed(CALLER)
        if kept:
            await office.is_texted(CALLER)
            assert _clock(office) == "The clock is right: the internet says so."
        else:
            assert (await office.outcome(CALLER)).outcome == "clock_unsure"


async def test_answers_of_anybody_but_root_are_not_believed(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, boxed: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.machineclock.asking.ROOT", os.geteuid() + 1)
    boxed.wall, boxed.kept = Wall(), True
    async with in_trouble(tmp_path, pbx, modem, clock=boxed.wall, keeps=lambda: False) as office:
        await _serve(office, boxed, Done.SEEN)
        await office.is_well("modem")
        await office.missed(CALLER)
        assert (await office.outcome(CALLER)).outcome == "clock_unsure"


def _clock(office: Trouble) -> str:
    report = office.report("clock")
    return "" if report is None else report.say


def _span(hours: int) -> str:
    return "9 h 0 min" if abs(hours) == 9 else "2 days"


# ---- the kernel's word


@pytest.mark.parametrize(("error", "synchronised"), [(17_288, True), (16_000_000, False), (15_999_999, True)])
def test_a_clock_is_synchronised_by_the_kernels_error_whatever_its_flag_says(
    error: int, synchronised: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Kernel:
        @staticmethod
        def adjtimex(timex: object) -> int:
            timex._obj.maxerror = error  # type: ignore[attr-defined]
            return 5  # TIME_ERROR: chrony without rtcsync leaves STA_UNSYNC set

    monkeypatch.setattr("ctypes.CDLL", lambda _name: Kernel)
    assert machinetime.kernel_synchronised(tmp_path / "none") is synchronised
