"""Those who may use the page: let in, kept out, signed out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gateway import passwords
from gateway.attempts import FOR_ONE_NAME, FROM_ONE_ADDRESS, WINDOW, Attempts
from gateway.core.visitors import PageRole
from gateway.logins import IDLE, LONGEST, Logins
from gateway.ports import SignInRefused
from gateway.store import Store
from tests.gateway.box import VirtualClock

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PHONE, PC = "Mozilla/5.0 (iPhone) Safari/605", "Mozilla/5.0 (X11; Linux) Firefox/140.0"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    clock = VirtualClock(NOW)
    store = Store(tmp_path / "box.sqlite3", clock)
    await store.open()
    logins = Logins(store, clock)
    logins.clock, logins.store = clock, store
    yield logins
    await store.close()


async def history(box) -> list[str]:
    rows = await box.store.read(lambda db: db.execute("SELECT what FROM history ORDER BY id").fetchall())
    return [row["what"] for row in rows]


async def in_at(box, name="Olga", secret="boiler 77", address="192.168.1.5") -> str:
    return await box.sign_in(name, secret, address, PC)


async def test_the_first_one_is_the_owner_and_there_is_only_one_first(box):
    assert not await box.exist()
    token = await box.first("  Olga   Ruiz ", "boiler 77", PHONE)
    visitor = await box.visitor(token)
    assert (visitor.name, visitor.role) == ("Olga Ruiz", PageRole.OWNER)
    assert await box.exist()
    with pytest.raises(ValueError, match="somebody has done this already"):
        await box.first("Eve", "boiler 78", PC)
    assert await history(box) == ["Olga Ruiz is the first who may use the page, as owner"]


async def test_two_who_are_first_at_the_same_moment_do_not_both_own_the_box(box):
    made = await asyncio.gather(
        box.first("Olga", "boiler 77", PC), box.first("Eve", "boiler 78", PC), return_exceptions=True
    )
    assert [type(each) for each in made].count(ValueError) == 1
    assert len(await box.rows()) == 1


async def test_name_and_password_let_in_however_the_name_is_capitalised(box):
    await box.first("Olga", "boiler 77", PHONE)
    visitor = await box.visitor(await in_at(box, "oLGA"))
    assert visitor.name == "Olga"
    for name, secret in (
        ("Olga", "boiler 78"),
        ("Olga", ""),
        ("Eve", "boiler 77"),
        ("", ""),
        ("Olga\x00", "boiler 77"),
    ):
        with pytest.raises(SignInRefused, match="do not fit together"):
            await in_at(box, name, secret, address="192.168.1.9")


async def test_nothing_that_is_stored_signs_anybody_in(box):
    token = await box.first("Olga", "boiler 77", PHONE)
    rows = await box.store.read(
        lambda db: (
            [tuple(r) for r in db.execute("SELECT * FROM logins").fetchall()]
            + [tuple(r) for r in db.execute("SELECT * FROM sessions").fetchall()]
            + [tuple(r) for r in db.execute("SELECT * FROM journal").fetchall()]
            + [tuple(r) for r in db.execute("SELECT * FROM history").fetchall()]
        )
    )
    assert token not in str(rows)
    assert "boiler 77" not in str(rows)
    stored = next(value for row in rows for value in row if str(value).startswith("scrypt$"))
    for guess in (stored, passwords.token_hash(token)):
        assert await box.visitor(guess) is None
        with pytest.raises(SignInRefused):
            await in_at(box, secret=guess)


@pytest.mark.parametrize("secret", ["", "12345", "111111", "aaaaaaaa", "123456", "987654", "password", "x" * 201])
async def test_a_password_that_is_guessed_at_once_is_refused_with_a_sentence(box, secret):
    with pytest.raises(ValueError, match=r"characters|another one"):
        await box.first("Olga", secret, PC)
    assert not await box.exist()


async def test_guessing_is_stopped_and_the_owner_at_another_machine_is_not_locked_out(box):
    await box.first("Olga", "boiler 77", PC)
    for _ in range(FROM_ONE_ADDRESS):
        with pytest.raises(SignInRefused, match="do not fit"):
            await in_at(box, secret="guess it", address="192.168.1.66")
    with pytest.raises(SignInRefused, match="too many wrong tries - wait 15 minutes") as refused:
        await in_at(box, address="192.168.1.66")
    assert refused.value.wait_s == pytest.approx(900)
    assert await in_at(box)
    box.clock.moment += timedelta(seconds=WINDOW.total_seconds() + 1)
    assert await in_at(box, address="192.168.1.66")


def test_many_machines_guess_one_name_no_faster():
    attempts = Attempts()
    for number in range(FOR_ONE_NAME):
        assert not attempts.wait(f"10.0.0.{number}", "Olga", NOW)
        attempts.wrong(f"10.0.0.{number}", "Olga", NOW)
    assert attempts.wait("10.0.0.99", "OLGA", NOW) == WINDOW
    assert not attempts.wait("10.0.0.99", "Ann", NOW)
    assert not attempts.wait("10.0.0.99", "Olga", NOW + WINDOW + timedelta(seconds=1))


def test_a_clock_that_was_ahead_locks_nobody_out():
    attempts = Attempts()
    for _ in range(FROM_ONE_ADDRESS):
        attempts.wrong("10.0.0.1", "Olga", NOW + timedelta(days=400))
    assert not attempts.wait("10.0.0.1", "Olga", NOW)


def test_the_memory_of_wrong_tries_is_bounded():
    attempts = Attempts()
    for number in range(10_000):
        attempts.wrong(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}", f"n{number}", NOW)
    assert len(attempts._wrong) <= 2000


async def test_who_signs_out_is_out_here_and_nowhere_else(box):
    phone, pc = await box.first("Olga", "boiler 77", PHONE), await in_at(box)
    await box.sign_out(pc)
    assert await box.visitor(pc) is None
    assert await box.visitor(phone)


async def test_a_lost_phone_is_signed_out_from_the_page_at_once(box):
    phone, pc = await box.first("Olga", "boiler 77", PHONE), await in_at(box)
    assert await box.visitor(phone)
    row = (await box.rows(pc))[0]
    lost = next(device for device in row.devices if not device.this)
    assert lost.device == PHONE
    await box.end_session(lost.id, "Olga", row.id)
    assert await box.visitor(phone) is None
    assert await box.visitor(pc)


async def test_nobody_signs_out_anothers_browser_as_his_own(box):
    owner = await box.first("Olga", "boiler 77", PC)
    await box.add("Ann", "office", "ladder 12", "Olga")
    ann = next(row for row in await box.rows() if row.name == "Ann")
    session = (await box.rows(owner))[1].devices[0]
    await box.end_session(session.id, "Ann", ann.id)
    assert await box.visitor(owner)


async def test_another_password_signs_out_every_other_browser(box):
    phone, pc = await box.first("Olga", "boiler 77", PHONE), await in_at(box)
    olga = (await box.visitor(pc)).id
    with pytest.raises(SignInRefused, match="not your present password"):
        await box.confirm(olga, "boiler 78", "192.168.1.5")
    await box.confirm(olga, "boiler 77", "192.168.1.5")
    await box.set_secret(olga, "furnace 9", "Olga", pc)
    assert await box.visitor(phone) is None
    assert await box.visitor(pc)
    with pytest.raises(SignInRefused):
        await in_at(box)
    assert await in_at(box, secret="furnace 9")


async def test_who_is_removed_is_out_at_once_and_the_last_owner_stays(box):
    await box.first("Olga", "boiler 77", PC)
    await box.add("Ann", "office", "ladder 12", "Olga")
    with pytest.raises(ValueError, match="there is a ann already"):
        await box.add("ann", "owner", "ladder 13", "Olga")
    ann = await in_at(box, "Ann", "ladder 12")
    rows = {row.name: row.id for row in await box.rows()}
    for change in (box.remove(rows["Olga"], "Ann"), box.set_role(rows["Olga"], "office", "Ann")):
        with pytest.raises(ValueError, match="Olga is the only owner"):
            await change
    await box.set_role(rows["Ann"], "owner", "Olga")
    assert (await box.visitor(ann)).role is PageRole.OWNER
    await box.remove(rows["Ann"], "Olga")
    assert await box.visitor(ann) is None
    with pytest.raises(SignInRefused):
        await in_at(box, "Ann", "ladder 12")
    assert (await history(box))[-1] == "Olga: Ann may not use the page any more"


async def test_a_browser_that_nobody_uses_is_signed_out_and_one_in_use_is_not(box):
    token = await box.first("Olga", "boiler 77", PC)
    for _ in range(40):
        box.clock.moment += timedelta(seconds=timedelta(days=4).total_seconds())
        assert await box.visitor(token), "it is used every few days"
    box.clock.moment += timedelta(seconds=(LONGEST - timedelta(days=159)).total_seconds())
    assert await box.visitor(token) is None
    token = await in_at(box)
    box.clock.moment += timedelta(seconds=IDLE.total_seconds() + 1)
    assert await box.visitor(token) is None


async def test_a_session_outlives_a_restart(box):
    token = await box.first("Olga", "boiler 77", PC)
    again = Logins(box.store, box.clock)
    assert (await again.visitor(token)).name == "Olga"
    assert await again.visitor("x" * 43) is None
