"""The modem rings a telephone: dialled, followed, hung up; what comes in meanwhile goes first."""

from __future__ import annotations

import asyncio

import pytest

from drivers.simulator.modem import Answering, CallState, Faults, SimulatedModem, SimulatedNetwork
from gateway.core.events import RingOutcome, SubmitVerdict
from gateway.ports.devices import RingResult, RingWish
from tests.modem.bench import DIALECTS, Bench, bench

OWNER = "+12165550190"
WISH = RingWish(OWNER, 10, ring_s=0.6)
LONG = RingWish(OWNER, 10, ring_s=60.0)

each_dialect = pytest.mark.parametrize("dialect", [*DIALECTS, "huawei_em770w"])


def modem_that(fate: Answering, dialect: str = "generic", *, answer_s: float = 0.2, **faults: object) -> SimulatedModem:
    network = SimulatedNetwork(answers={OWNER: fate}, answer_s=answer_s)
    return SimulatedModem(dialect, network=network, faults=Faults(**faults))  # type: ignore[arg-type]


async def rung(modem: SimulatedModem, wish: RingWish = WISH) -> RingResult:
    async with bench(modem) as made:
        return await made.driver.ring(wish, asyncio.Event())


def hung_up(modem: SimulatedModem) -> bool:
    return modem.state.open_call() is None


async def dialled(made: Bench, state: CallState = CallState.ALERTING) -> None:
    await made.until(lambda: made.modem.dialled_calls and made.modem.dialled_calls[-1].state is state)


@each_dialect
async def test_it_rings_for_as_long_as_wanted_and_is_hung_up(dialect: str) -> None:
    modem = modem_that(Answering.RINGS, dialect)
    async with bench(modem) as made:
        result = await made.driver.ring(WISH, asyncio.Event())
        assert result.outcome is RingOutcome.RANG
        assert [call.number for call in modem.dialled_calls] == [OWNER]
        assert hung_up(modem)
        assert not made.rang
        assert not made.ended
        assert made.driver.ready


@each_dialect
async def test_who_takes_the_call_has_pressed_no_key_and_is_hung_up_on(dialect: str) -> None:
    modem = modem_that(Answering.ANSWERED, dialect)
    async with bench(modem) as made:
        result = await made.driver.ring(LONG, asyncio.Event())
        assert result.outcome is RingOutcome.ANSWERED
        assert hung_up(modem)


@each_dialect
@pytest.mark.parametrize(
    ("fate", "outcome"),
    [
        (Answering.DECLINED, RingOutcome.RANG),
        (Answering.NOT_ANSWERED, RingOutcome.RANG),
        (Answering.REFUSED, RingOutcome.FAILED),
    ],
)
async def test_what_the_network_makes_of_the_call_is_told(dialect: str, fate: Answering, outcome: RingOutcome) -> None:
    # long enough for one look at the call list, by which those tell that it rings that do not say so themselves
    assert (await rung(modem_that(fate, dialect, answer_s=0.5), LONG)).outcome is outcome


@pytest.mark.parametrize("dialect", [each for each in (*DIALECTS, "huawei_em770w") if each != "zte"])
async def test_a_busy_telephone_is_told(dialect: str) -> None:
    assert (await rung(modem_that(Answering.BUSY, dialect), LONG)).outcome is RingOutcome.BUSY


async def test_a_modem_that_answers_only_when_the_call_is_through_is_hung_up_all_the_same() -> None:
    modem = modem_that(Answering.RINGS, ok_when_connected=True)
    async with bench(modem) as made:
        assert (await made.driver.ring(WISH, asyncio.Event())).outcome is RingOutcome.RANG
        assert hung_up(modem)
        assert (await made.send()).verdict is SubmitVerdict.ACCEPTED


async def test_and_that_it_was_taken_is_seen() -> None:
    modem = modem_that(Answering.ANSWERED, ok_when_connected=True)
    async with bench(modem) as made:
        assert (await made.driver.ring(LONG, asyncio.Event())).outcome is RingOutcome.ANSWERED
        assert hung_up(modem)


@pytest.mark.parametrize("dialect", ["generic", "huawei", "sim7600"])
async def test_a_modem_without_voice_is_said_so_in_plain_words_and_goes_on_texting(dialect: str) -> None:
    modem = modem_that(Answering.RINGS, dialect, no_voice=True)
    async with bench(modem) as made:
        assert (await made.driver.ring(WISH, asyncio.Event())).outcome is RingOutcome.FAILED
        assert made.said.startswith("The modem cannot make telephone calls")
        assert (await made.send()).verdict is SubmitVerdict.ACCEPTED


async def test_calls_that_are_refused_twice_are_a_trouble_and_one_that_rings_ends_it() -> None:
    modem = modem_that(Answering.REFUSED)
    async with bench(modem) as made:
        await made.driver.ring(WISH, asyncio.Event())
        assert made.said == "The modem works."
        await made.driver.ring(WISH, asyncio.Event())
        assert "did not put the modem's calls through" in made.said
        modem.network.answers[OWNER] = Answering.RINGS
        await made.driver.ring(WISH, asyncio.Event())
        assert made.said == "The modem works."


async def test_a_ring_that_is_not_needed_any_more_is_hung_up_at_once() -> None:
    modem, stop = modem_that(Answering.RINGS), asyncio.Event()
    async with bench(modem) as made:
        ringing = asyncio.create_task(made.driver.ring(LONG, stop))
        await dialled(made)
        assert not made.driver.ready
        stop.set()
        assert "not needed" in (await ringing).say
        assert hung_up(modem)
        assert made.driver.ready


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_caller_who_comes_in_ends_our_own_call_and_is_seen_to_the_end(dialect: str) -> None:
    modem = modem_that(Answering.RINGS, dialect)
    async with bench(modem) as made:
        ringing = asyncio.create_task(made.driver.ring(LONG, asyncio.Event()))
        await dialled(made)
        caller = modem.ring("+12165550137")
        assert "a caller came in" in (await ringing).say
        await made.until(lambda: made.rang)
        assert caller.open
        assert not made.ended
        caller.hang_up()
        await made.until(lambda: made.ended)
        assert [event.caller for event in made.ended] == ["+12165550137"]


async def test_nobody_is_rung_while_a_call_comes_in() -> None:
    modem = modem_that(Answering.RINGS)
    async with bench(modem) as made:
        modem.ring("+12165550137")
        await made.until(lambda: made.rang)
        assert (await made.driver.ring(WISH, asyncio.Event())).outcome is RingOutcome.FAILED
        assert not modem.dialled_calls


async def test_a_text_in_hand_is_finished_before_anything_is_dialled() -> None:
    modem = modem_that(Answering.RINGS)
    modem.network.submit_s = 0.3
    async with bench(modem) as made:
        sending = asyncio.create_task(made.send())
        await made.until(lambda: modem.waits_for_network)
        result = await made.driver.ring(WISH, asyncio.Event())
        assert result.outcome is RingOutcome.RANG
        assert (await sending).verdict is SubmitVerdict.ACCEPTED
        said = [line for _, line in modem.commands]
        assert said.index(f"ATD{OWNER};") > next(place for place, line in enumerate(said) if line.startswith("AT+CMGS"))


async def test_a_modem_that_is_unplugged_while_it_rings_leaves_it_unsure() -> None:
    modem = modem_that(Answering.RINGS)
    async with bench(modem) as made:
        ringing = asyncio.create_task(made.driver.ring(LONG, asyncio.Event()))
        await dialled(made)
        modem.unplug()
        assert (await ringing).outcome is RingOutcome.UNSURE


async def test_a_ring_that_is_cancelled_is_hung_up() -> None:
    modem = modem_that(Answering.RINGS)
    async with bench(modem) as made:
        ringing = asyncio.create_task(made.driver.ring(LONG, asyncio.Event()))
        await dialled(made)
        ringing.cancel()
        await asyncio.gather(ringing, return_exceptions=True)
        assert hung_up(modem)


async def test_what_is_no_number_is_not_dialled() -> None:
    modem = modem_that(Answering.RINGS)
    assert (await rung(modem, RingWish("+1216;AT+CFUN=0", 10, 1.0))).outcome is RingOutcome.FAILED
    assert not modem.dialled_calls
