"""The faults of the clock: a box that wakes in 1970, one that is two days ahead, and the nights in which the clocks change.

The machine's clock is the one of `tests.drill.hurried`. Time that passes is a machine that sleeps: clock and monotonic time move
together, as the gateway knows it from a suspended one; a clock that is set moves alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.troubles import clock_unsure
from tests.drill.faultworld import Office

NEW_YORK = ZoneInfo("America/New_York")
DAY_S = 86_400.0


async def clock_at_1970(shop: Office) -> None:
    """Nobody is texted by a clock that shows a moment long past; the mobile network tells the time, and the box goes on."""
    await shop.is_texted(before := await shop.missed())
    await shop.box.stop()
    shop.set_clock(wrong_s=60.0 - datetime.now(UTC).timestamp(), keeps=False, boot="second")
    await shop.begin(well=False)
    problem = clock_unsure(datetime.fromtimestamp(60, UTC), datetime.now(UTC), NEW_YORK)
    english, spanish = ("Dec 31, 1969, 7:01 PM", "has passed already"), ("31 dic 1969, 7:01 PM", "ya pasó")
    await shop.says_like(english, spanish)
    await shop.works("asterisk", "modem")
    waits = await shop.missed()
    await shop.is_listed(waits, "clock_unsure")
    shop.modem.network.nitz = True
    shop.modem.urc("+CTZV: -20")
    await shop.says_like(
        ("The box goes by the mobile network's time", "behind"),
        ("El aparato usa la hora de la red celular", "atrasado"),
    )
    assert problem.remedy not in await shop.see("health")
    await shop.works("clock")
    await shop.served(waits)
    await shop.is_texted(await shop.missed())
    await _not_again(shop, before)


async def clock_two_days_ahead(shop: Office) -> None:
    """At a start, and nobody can know: calls are texted by it. Each time the machine starts again by the right clock."""
    shop.set_clock(wrong_s=2 * DAY_S, keeps=True, boot="ahead")
    await shop.begin()
    await shop.is_texted(before := await shop.missed())
    shop.box.kill()  # the power fails; now the clock is right, and the box cannot know that either
    await shop.box.died()
    shop.set_clock(wrong_s=0.0, boot="right")
    await shop.begin(well=False)
    await shop.says_like(("The box's clock shows", "has passed already"), ("El reloj del sistema marca", "ya pasó"))
    await shop.works("asterisk", "modem")
    waits = await shop.missed()
    await shop.is_listed(waits, "clock_unsure")
    shop.modem.network.nitz = True
    shop.modem.urc("+CTZV: -20")
    await shop.says_like(("The clock was set back by 2 days.",), ("El reloj se atrasó 2 días.",))
    await shop.works("clock")
    await shop.served(waits)
    await _not_again(shop, before)
    await shop.box.stop()
    # Ahead once more, and put right by somebody while the box runs: the next start of the machine believes the right clock.
    shop.modem.network.nitz = False
    shop.set_clock(wrong_s=2 * DAY_S, boot="ahead again")
    await shop.begin(well=False)
    await shop.works("asterisk", "modem", "clock")
    await shop.is_texted(ahead := await shop.missed())
    shop.set_clock(wrong_s=0.0)
    await shop.says_like(("The clock was set back by 2 days.",), ("El reloj se atrasó 2 días.",))
    await _not_again(shop, ahead)
    await shop.box.stop()
    shop.set_clock(boot="right again")
    await shop.begin(well=False)
    await shop.works("asterisk", "modem", "clock")
    await _not_again(shop, ahead)
    await shop.is_texted(await shop.missed())


async def dst_night(shop: Office, evening: datetime, *, fall: bool) -> None:
    """From the evening before the clocks change to the forenoon: what waits for the morning leaves by its clock, each once.

    The office opens at 9 on that Sunday, it is quiet until 8, the backup is due within the hour that comes twice, or never.
    """
    changed = evening.date() + timedelta(days=1)

    def at(hour: int, minute: int, fold: int = 0) -> datetime:
        return datetime.combine(changed, datetime.min.time(), NEW_YORK).replace(hour=hour, minute=minute, fold=fold)

    start = (evening - datetime.now(UTC)).total_seconds()
    shop.set_clock(wrong_s=start, keeps=True)
    await shop.begin()
    await shop.until(lambda: shop.logged("backup made"), "a new box makes its first backup")
    ruth = shop.somebody()
    visit = changed + timedelta(days=1)
    await shop.press("calendar/new", number=ruth, name="Ruth", day=f"{visit}", begins="13:00", tell="1")
    await shop.until(lambda: len(shop.texts_to(ruth)) == 1, "she is told of her appointment")
    held = []
    for moment in (evening, at(1, 40), at(1, 40, fold=1) if fall else at(3, 10)):
        await shop.let_pass(moment)
        held.append(await shop.missed())
        await shop.noted(held[-1], "held")
    await shop.let_pass(at(7, 50))
    early = await shop.missed()
    await shop.noted(early, "held")
    assert not any(shop.texts_to(caller) for caller in held), "texted in the night"
    await shop.let_pass(at(8, 1))
    for caller in (*held, early):
        await shop.is_texted(caller)
    before_nine = await shop.missed()
    await shop.is_texted(before_nine)
    await shop.let_pass(at(9, 1))
    after_nine = await shop.missed()
    await shop.is_texted(after_nine)
    assert shop.texts_to(before_nine) != shop.texts_to(after_nine), "the office is not open at nine by the new time"
    assert len(shop.texts_to(ruth)) == 1
    await shop.let_pass(at(9, 55))
    await shop.is_texted(await shop.missed())  # a turn has passed since, and the reminder has not left
    assert len(shop.texts_to(ruth)) == 1, "reminded an hour early"
    await shop.let_pass(at(10, 1))
    await shop.until(lambda: len(shop.texts_to(ruth)) == 2, "she is reminded")
    assert shop.box.said().count("backup made") == 2, "one night, one backup"
    page = await shop.see("health")
    assert "The clock was set" not in page, "the change of the clocks is no set clock"


async def _not_again(shop: Office, caller: str) -> None:
    """Who was texted before calls once more, and gets no second text."""
    known = len(shop.calls(caller))
    await shop.missed(caller)
    await shop.until(
        lambda: [row["state"] for row in shop.calls(caller)][known:] == ["not_texted"], "the second call is judged"
    )
    assert len(shop.texts_to(caller)) == 1
