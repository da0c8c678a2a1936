"""An owner lets people in and out."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import pytest
from real import ANN, OLGA, a_box

from gateway import control
from gateway.access import admission, passwords
from gateway.cli.main import DOINGS
from gateway.core.events import SegmentReceived, TextClaimed
from gateway.ports.gate import SignInRefused


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path) as found:
        yield found


async def ids(box) -> dict[str, int]:
    return {row.name: row.id for row in await box.logins.rows()}


NEW = {"name": "Lee", "role": "office", "password": "valve 31", "again": "valve 31", "person": "dana"}


async def test_an_owner_lets_somebody_in_who_then_signs_in(box):
    olga = await box.comes()
    answer = await box.press("/people", "/people/add", olga, **NEW)
    assert answer.headers["Location"] == "/people?said=added"
    page = await box.text("/people?said=added", olga)
    assert "tell this person the name and the password" in page
    assert "Callers read “Dana”" in page
    lee = await box.comes(("Lee", "valve 31"))
    assert "Lee" in await box.text("/me", lee)
    assert "Olga: Lee may use the page, as office" in await box.history()


@pytest.mark.parametrize(
    ("changes", "sorry"),
    [
        ({"again": "valve 32"}, "The two passwords are not the same."),
        ({"name": "ANN"}, "There is a ANN already - take another name."),
        ({"password": "1234", "again": "1234"}, "at least 6 characters"),
        ({"role": "king"}, "Choose office or owner."),
        ({"person": "eve"}, "There is nobody of this name among your people any more"),
        ({"name": "<script>alert(1)</script>", "role": "king"}, "Choose office or owner."),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_changed(box, changes, sorry):
    before = await ids(box)
    answer = await box.press("/people", "/people/add", await box.comes(), **(NEW | changes))
    text = await answer.text()
    assert answer.status == 409
    assert sorry in text
    assert "<script>alert" not in text
    assert "valve 31" not in text
    assert await ids(box) == before


async def test_a_new_password_a_signing_out_and_a_removal_take_effect_at_once(box):
    olga, someone = await box.comes(), (await ids(box))["Ann"]
    for path, fields in (
        (f"/people/{someone}/sign-out", {}),
        (f"/people/{someone}/password", {"password": "gasket 4", "again": "gasket 4"}),
    ):
        ann = await box.comes(ANN)
        assert (await box.press("/people", path, olga, **fields)).status == 303
        assert (await box.client.get("/", cookies=ann, allow_redirects=False)).status == 302
        if fields:
            with pytest.raises(SignInRefused):
                await box.comes(ANN)
    ann = await box.comes(("Ann", "gasket 4"))
    assert (await box.press("/people", f"/people/{someone}/remove", olga)).status == 303
    assert (await box.client.get("/", cookies=ann, allow_redirects=False)).status == 302
    assert (await box.press("/people", f"/people/{someone}/remove", olga)).status == 409


async def test_one_browser_is_signed_out_and_the_others_are_not(box):
    olga, ann, other = await box.comes(), await box.comes(ANN), await box.comes(ANN)
    rows = await box.logins.rows(ann["textback_session"])
    mine = next(device for row in rows for device in row.devices if device.this)
    assert (await box.press("/people", f"/people/browsers/{mine.id}/end", olga)).status == 303
    assert (await box.client.get("/", cookies=ann, allow_redirects=False)).status == 302
    assert (await box.client.get("/", cookies=other)).status == 200


async def test_the_last_owner_stays_and_cannot_change_his_own_password_without_the_present_one(box):
    olga, me = await box.comes(), (await ids(box))["Olga"]
    for path, fields, sorry in (
        ("role", {"role": "office"}, "is the only owner"),
        ("remove", {}, "is the only owner"),
        ("password", {"password": "gasket 4", "again": "gasket 4"}, "where your present one is asked for"),
    ):
        answer = await box.press("/people", f"/people/{me}/{path}", olga, **fields)
        assert answer.status == 409
        assert sorry in await answer.text()
    assert await box.comes(OLGA)


async def test_who_is_made_owner_may_what_an_owner_may_with_his_next_click(box):
    olga, ann, someone = await box.comes(), await box.comes(ANN), (await ids(box))["Ann"]
    assert (await box.client.get("/people", cookies=ann)).status == 403
    await box.press("/people", f"/people/{someone}/role", olga, role="owner")
    assert (await box.client.get("/people", cookies=ann)).status == 200
    await box.press("/people", f"/people/{someone}/role", olga, role="office")
    assert (await box.client.get("/people", cookies=ann)).status == 403


async def at_the_command_line(box, tmp_path, *wanted, typed="") -> str:
    """`textback logins` while the box runs, what is typed being piped in."""
    out = io.StringIO()

    async def answer(request):
        return await admission.answer(box.logins, request)

    async with control.serve(tmp_path / "socket", answer):
        doing, name, role = (*wanted, "", "office")[:3] if len(wanted) < 3 else wanted
        await asyncio.to_thread(admission.run, tmp_path / "socket", doing, name, role, out, io.StringIO(typed))
    return out.getvalue()


async def test_an_owner_who_is_locked_out_helps_himself_at_the_command_line(box, tmp_path):
    listed = await at_the_command_line(box, tmp_path, "list")
    assert listed == "Ann: office, 0 browsers signed in\nOlga: owner, 1 browser signed in\n"
    said = await at_the_command_line(box, tmp_path, "password", "OLGA", typed="furnace 9\n")
    assert said == "Olga has another password; every browser of Olga is signed out\n"
    assert await box.comes(("Olga", "furnace 9"))
    assert "may use" in await at_the_command_line(box, tmp_path, "add", "Lee", "owner", typed="valve 31\n")
    assert "signed out" in await at_the_command_line(box, tmp_path, "sign-out", "Olga")
    assert "not use" in await at_the_command_line(box, tmp_path, "remove", "Olga")
    assert sorted(await ids(box)) == ["Ann", "Lee"]
    assert "the command line: Olga may not use the page any more" in await box.history()
    assert not any("furnace" in each or "valve" in each for each in await box.history())


async def test_the_command_line_says_what_cannot_be(box, tmp_path):
    for wanted, typed, sorry in (
        (("remove", "Eve"), "", "nobody called 'Eve' may use the page"),
        (("remove", "Olga"), "", "Olga is the only owner"),
        (("password", "Olga"), "123456\n", "guessed at once"),
    ):
        with pytest.raises(control.Refused, match=sorry):
            await at_the_command_line(box, tmp_path, *wanted, typed=typed)
    with pytest.raises(ValueError, match="no password came in"):
        await at_the_command_line(box, tmp_path, "password", "Olga")
    with pytest.raises(ValueError, match="name somebody"):
        await at_the_command_line(box, tmp_path, "remove")


async def test_the_gateway_knows_everything_that_the_command_line_asks(box):
    for doing in DOINGS:
        told = await admission.answer(box.logins, {"doing": doing, "name": "Nobody", "password": "x"})
        assert "unknown request" not in told.get("error", "")
    assert "unknown request" in (await admission.answer(box.logins, {"doing": "steal"}))["error"]


def test_a_password_that_is_typed_is_not_shown_and_typed_twice(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    typed = iter(["boiler 77", "boiler 77", "boiler 77", "boiler 78"])
    monkeypatch.setattr(admission.getpass, "getpass", lambda _prompt: next(typed))
    assert admission.typed_twice(Terminal()) == "boiler 77"
    with pytest.raises(ValueError, match="nothing was changed"):
        admission.typed_twice(Terminal())


async def test_who_takes_an_emergency_on_the_page_is_the_one_of_our_people_that_an_owner_has_named(box):
    business = box.dispatcher.business
    person = business.people.everybody[0]
    box.logins._people = lambda: {person.key: person.name}
    await box.logins.set_person((await ids(box))["Ann"], person.key, "Olga")
    now = box.clock.now()
    await box.dispatcher.submit(SegmentReceived("pdu", now, "+13035550137", "I smell gas in the house!!", scts=now))
    box.clock.moment += timedelta(minutes=2)
    await box.dispatcher.submit(TextClaimed(box.clock.now(), able=True))
    lead = (await box.queries.leads(box.clock.now()))[0]
    answer = await box.press(f"/leads/{lead.id}", f"/leads/{lead.id}/have", await box.comes(ANN))
    assert answer.status == 303
    row = await box.store.read(lambda db: db.execute("SELECT person, by FROM escalations").fetchone())
    assert (row["person"], row["by"]) == (person.key, "Ann")
