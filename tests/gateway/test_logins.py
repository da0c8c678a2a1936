"""Those who may use the page: let in, kept out, signed out."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from gateway.access import passwords
from gateway.access.attempts import FOR_ONE_NAME, FROM_ONE_ADDRESS, OF_ALL_STRANGERS, WINDOW, Attempts, known, stranger
from gateway.access.logins import BROWSERS_EACH, IDLE, LONGEST, REFUSALS_NOTED, Logins
from gateway.core.visitors import PageRole
from gateway.ports.gate import SignInRefused
from gateway.storage.store import Store
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
        assert not attempts.wait(stranger(f"10.0.0.{number}", "Olga"), NOW)
        attempts.tried(stranger(f"10.0.0.{number}", "Olga"), NOW)
    assert attempts.wait(stranger("10.0.0.99", "OLGA"), NOW) == WINDOW
    assert not attempts.wait(stranger("10.0.0.99", "Ann"), NOW)
    assert not attempts.wait(stranger("10.0.0.99", "Olga"), NOW + WINDOW + timedelta(seconds=1))


def test_many_machines_with_many_names_are_stopped_as_well():
    attempts = Attempts()
    for number in range(OF_ALL_STRANGERS):
        assert not attempts.wait(stranger(f"10.0.1.{number}", f"n{number}"), NOW)
        attempts.tried(stranger(f"10.0.1.{number}", f"n{number}"), NOW)
    assert attempts.wait(stranger("10.0.0.99", "Zoe"), NOW) == WINDOW
    assert not attempts.wait(known("a browser of Zoe's"), NOW)


def test_a_machine_that_gives_itself_new_addresses_stays_one_machine():
    attempts = Attempts()
    for number in range(FROM_ONE_ADDRESS):
        attempts.tried(stranger(f"2001:db8:1:2::{number:x}", f"n{number}"), NOW)
    assert attempts.wait(stranger("2001:db8:1:2:ffff::1", "Zoe"), NOW)
    assert not attempts.wait(stranger("2001:db8:1:3::1", "Zoe"), NOW)
    assert not attempts.wait(stranger("fe80::1%eth0", "Zoe"), NOW)


def test_a_clock_that_was_ahead_locks_nobody_out():
    attempts = Attempts()
    for _ in range(FROM_ONE_ADDRESS):
        attempts.tried(stranger("10.0.0.1", "Olga"), NOW + timedelta(days=400))
    assert not attempts.wait(stranger("10.0.0.1", "Olga"), NOW)


def test_the_memory_of_wrong_tries_is_bounded():
    attempts = Attempts()
    for number in range(10_000):
        attempts.tried(stranger(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}", f"n{number}"), NOW)
    assert len(attempts._tries) <= 2000
    assert attempts.wait(stranger("10.200.0.1", "Zoe"), NOW), "what counts for all is not forgotten for many addresses"


async def test_guessing_elsewhere_does_not_lock_anybody_out_of_his_own_browser(box):
    mine = await box.browser(await box.first("Olga", "boiler 77", PC))
    for number in range(FOR_ONE_NAME):
        with pytest.raises(SignInRefused, match="do not fit"):
            await in_at(box, secret="guess it", address=f"192.168.1.{66 + number}")
    with pytest.raises(SignInRefused, match="too many"):
        await in_at(box, address="192.168.1.7")
    assert await box.sign_in("Olga", "boiler 77", "192.168.1.66", PC, mine)
    for _ in range(FROM_ONE_ADDRESS):
        with pytest.raises(SignInRefused, match="do not fit"):
            await box.sign_in("Olga", "guess it", "192.168.1.5", PC, mine)
    with pytest.raises(SignInRefused, match="too many"):
        await box.sign_in("Olga", "boiler 77", "192.168.1.5", PC, mine)


async def test_what_a_browser_keeps_opens_nothing_and_is_worth_nothing_for_another_name_or_password(box):
    token = await box.first("Olga", "boiler 77", PC)
    await box.add("Ann", "office", "ladder 12", "Olga")
    mine = await box.browser(token)
    assert await box.visitor(mine) is None
    for number in range(FOR_ONE_NAME):
        for name in ("Ann", "Olga"):
            with pytest.raises(SignInRefused):
                await in_at(box, name, "guess it", address=f"192.168.{number}.66")
    forged = mine[:-1] + ("0" if mine[-1] != "0" else "1")
    for name, secret, browser in (("Ann", "ladder 12", mine), ("Olga", "boiler 77", forged), ("Olga", "x", "1..")):
        with pytest.raises(SignInRefused, match="too many"):
            await box.sign_in(name, secret, "192.168.1.5", PC, browser)
    olga = next(row for row in await box.rows() if row.name == "Olga")
    await box.set_secret(olga.id, "furnace 9", "Ann", token)
    await box.confirm(olga.id, "furnace 9")
    for number in range(FOR_ONE_NAME):
        with pytest.raises(SignInRefused):
            await in_at(box, "Olga", "guess it", address=f"192.168.{number}.67")
    with pytest.raises(SignInRefused, match="too many"):
        await box.sign_in("Olga", "furnace 9", "192.168.1.5", PC, mine)


async def test_tries_at_the_same_moment_are_counted_before_they_are_judged(box):
    await box.first("Olga", "boiler 77", PC)
    tries = [in_at(box, secret=f"guess {n}", address="192.168.1.66") for n in range(3 * FROM_ONE_ADDRESS)]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert sum("do not fit" in str(each) for each in told) <= FROM_ONE_ADDRESS


async def test_a_refused_sign_in_stands_in_the_history_and_a_guessing_machine_does_not_fill_it(box):
    await box.first("Olga", "boiler 77", PC)
    with pytest.raises(SignInRefused):
        await in_at(box, "boiler 77", "guess it", address="192.168.1.66")
    assert (await history(box))[-1] == "a sign-in with a name that nobody has from 192.168.1.66 was refused"
    with pytest.raises(SignInRefused):
        await in_at(box, "olga", "guess it", address="192.168.1.66")
    assert (await history(box))[-1] == "a sign-in as Olga from 192.168.1.66 was refused"
    for number in range(REFUSALS_NOTED + 50):
        box.clock.moment += timedelta(seconds=5)
        with contextlib.suppress(SignInRefused):
            await in_at(box, f"n{number}", "guess it", address=f"10.1.{number}.1")
    assert len(await history(box)) <= REFUSALS_NOTED + 2


async def test_somebody_who_is_removed_while_his_request_is_read_is_not_remembered(box, monkeypatch):
    owner = await box.first("Olga", "boiler 77", PC)
    await box.add("Ann", "office", "ladder 12", "Olga")
    ann = await in_at(box, "Ann", "ladder 12")
    row = next(row for row in await box.rows() if row.name == "Ann")
    read = box.store.read

    async def slow(query):
        found = await read(query)
        monkeypatch.setattr(box.store, "read", read)
        await box.remove(row.id, "Olga")
        return found

    monkeypatch.setattr(box.store, "read", slow)
    await box.visitor(ann)
    assert await box.visitor(ann) is None
    assert await box.visitor(owner)


async def test_one_person_has_a_bounded_number_of_browsers(box):
    await box.first("Olga", "boiler 77", PC)
    for _ in range(BROWSERS_EACH + 5):
        box.clock.moment += timedelta(seconds=10)
        token = await in_at(box)
    assert len((await box.rows())[0].devices) == BROWSERS_EACH
    assert await box.visitor(token)


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "Ann: Olga", "page:Ann", "\u202eAnn", "...", "Ann\x00"])
async def test_a_name_that_would_mislead_in_the_history_is_refused(box, name):
    with pytest.raises(ValueError, match="write a name"):
        await box.first(name, "boiler 77", PC)


async def test_a_login_is_one_of_the_business_s_people_or_nobody(box):
    box._people = lambda: {"mike": "Mike"}
    await box.first("Olga", "boiler 77", PC)
    await box.add("Mike R", "office", "ladder 12", "Olga", "mike")
    with pytest.raises(ValueError, match="nobody of this name"):
        await box.add("Eve", "office", "ladder 12", "Olga", "eve")
    mike = await box.visitor(await in_at(box, "Mike R", "ladder 12"))
    assert mike.person == "mike"
    with pytest.raises(ValueError, match="nobody of this name"):
        await box.set_person(mike.id, "eve", "Olga")
    await box.set_person(mike.id, "", "Olga")


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
        await box.confirm(olga, "boiler 78")
    await box.confirm(olga, "boiler 77")
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
    assert "Olga: Ann may not use the page any more" in await history(box)


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
