"""The contacts on the page, in front of a real box."""

from __future__ import annotations

import asyncio
import io
import re

import aiohttp
import pytest
from real import ANN, a_box

from gateway.access import passwords
from gateway.commands.contacts import AT_ONCE
from gateway.core.events import ContactSet
from gateway.core.policy import ContactKind

DANA, SUPPLY = "+13035550199", "+13035550170"
CSV = b"Name,Phone,Kind\nDana Whitfield,(303) 555-0199,customer\nPipe Supply,303.555.0170,Vendor; VIP\nEve,12,\n"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path) as found:
        yield found


async def kinds(box, number=DANA) -> set[str]:
    row = await box.queries.contacts.one(number)
    return set(row.kinds) if row else set()


async def hand_in(box, cookies, data=CSV, kind="customer", token=None, name="file"):
    page = await box.text("/contacts/file", cookies)
    form = aiohttp.FormData()
    form.add_field("token", token if token is not None else re.search(r'name="token" value="(\w{64})"', page)[1])
    form.add_field("kind", kind)
    form.add_field(name, io.BytesIO(data), filename="contacts.csv", content_type="text/csv")
    return await box.client.post("/contacts/file", data=form, cookies=cookies)


async def take(box, cookies, data=CSV, kind="customer"):
    text = await (await hand_in(box, cookies, data, kind)).text()
    key = re.search(r'name="key" value="([^"]+)"', text)[1]
    return text, await box.press("/contacts/file", "/contacts/file/take", cookies, key=key)


async def test_a_contact_is_added_changed_and_removed_and_the_history_says_by_whom(box):
    ann = await box.comes(ANN)
    fields = {"number": "303 555 0199", "name": "Dana Whitfield", "customer": "1", "vip": "1"}
    assert (await box.press("/contacts/one", "/contacts/save", ann, **fields)).status == 303
    assert await kinds(box) == {"customer", "vip"}
    page = await box.text(f"/contacts/one?number=%2B{DANA[1:]}", ann)
    assert 'value="Dana Whitfield"' in page
    change = {"number": DANA, "known": "1", "had": "customer vip", "name": "Dana W", "customer": "1", "blocked": "1"}
    await box.press("/contacts/one", "/contacts/save", ann, **change)
    assert await kinds(box) == {"customer", "blocked"}
    assert "Dana W" in await box.text("/contacts", ann)
    await box.press("/contacts/one", "/contacts/remove", ann, number=DANA)
    assert await kinds(box) == set()
    assert (await box.press("/contacts/one", "/contacts/remove", ann, number=DANA)).status == 409
    done = [each for each in await box.history() if "Ann" in each]
    assert "is customer: Ann on the page" in done
    assert "Ann: no longer vip" in done
    assert "Ann: is called Dana W now" in done
    assert "Ann: no longer blocked" in done


@pytest.mark.parametrize(
    ("fields", "sorry"),
    [
        ({"number": "", "customer": "1"}, "This is no telephone number"),
        ({"number": "anonymous", "customer": "1"}, "This is no telephone number"),
        ({"number": "303 555 0199"}, "Say what this number is"),
        ({"number": "303 555 0199", "landline": "1"}, "Say what this number is"),
    ],
)
async def test_what_cannot_be_noted_is_said(box, fields, sorry):
    answer = await box.press("/contacts/one", "/contacts/save", await box.comes(ANN), **fields)
    assert answer.status == 409
    assert sorry in await answer.text()


async def test_nobody_undoes_an_opt_out_or_what_the_configuration_says(box):
    ann = await box.comes(ANN)
    for kind, basis in (("opted_out", "wrote “stop”"), ("vendor", "configuration")):
        await box.dispatcher.submit(ContactSet(box.clock.now(), DANA, kind, name="Dana", basis=basis))
    for change in (
        {"number": DANA, "known": "1", "had": "opted_out vendor", "name": "Dana"},
        {"number": DANA, "known": "1", "had": "opted_out", "customer": "1"},
    ):
        await box.press("/contacts/one", "/contacts/save", ann, **change)
        assert {"opted_out", "vendor"} <= await kinds(box)
    answer = await box.press("/contacts/one", "/contacts/remove", ann, number=DANA)
    assert "stands in the configuration" in await answer.text()
    await take(box, ann, b"Name,Phone,Kind\nDana,3035550199,customer\n")
    assert {"opted_out", "vendor"} <= await kinds(box)


async def test_a_file_is_looked_at_before_it_is_taken_in(box):
    ann = await box.comes(ANN)
    text, answer = await take(box, ann)
    assert "2 numbers" in text
    assert "2 of them new" in text
    assert re.search(r"Row 4</strong> <bdi>12</bdi>", text)
    assert answer.headers["Location"] == "/contacts?said=taken"
    assert await kinds(box, SUPPLY) == {"vendor", "vip"}
    assert "is vendor: Ann, out of a file" in await box.history()
    before = len(await box.history())
    text, _answer = await take(box, ann)
    assert "0 of them new" in text
    assert len(await box.history()) == before, "the same file twice changes nothing"


async def test_a_file_does_not_take_away_what_the_office_has_written(box):
    ann = await box.comes(ANN)
    await box.press("/contacts/one", "/contacts/save", ann, number=DANA, name="Dana (gate code 12)", blocked="1")
    await take(box, ann)
    row = await box.queries.contacts.one(DANA)
    assert (row.name, set(row.kinds)) == ("Dana (gate code 12)", {"blocked", "customer"})


async def test_a_file_of_one_person_is_not_taken_in_by_another(box):
    ann, olga = await box.comes(ANN), await box.comes()
    text = await (await hand_in(box, ann)).text()
    key = re.search(r'name="key" value="([^"]+)"', text)[1]
    answer = await box.press("/contacts/file", "/contacts/file/take", olga, key=key)
    assert "hand it in again" in await answer.text()
    assert await kinds(box, SUPPLY) == set()


async def test_a_large_file_is_taken_in_by_many_small_transactions(box):
    ann = await box.comes(ANN)
    rows = b"".join(b"Customer %d,(303) 555-%04d\n" % (n, n) for n in range(10_000))
    commits = 0
    write = box.store.write

    async def counted(change):
        nonlocal commits
        commits += 1
        return await write(change)

    box.store.write = counted
    text, answer = await take(box, ann, b"Name,Phone\n" + rows)
    assert "10000 numbers" in text
    assert answer.status == 303
    assert (await box.queries.contacts.counts())["customer"] == 10_000
    assert commits >= 10_000 / AT_ONCE


async def test_calls_are_handled_while_a_large_file_is_taken_in(box):
    rows = b"".join(b"Customer %d,(303) 555-%04d\n" % (n, n) for n in range(2_000))
    file = await box.commands.contacts.read(b"Name,Phone\n" + rows, "customer")
    task = asyncio.create_task(box.commands.contacts.take(file.entries, "Ann"))
    await asyncio.sleep(0)
    await box.dispatcher.submit(ContactSet(box.clock.now(), "+12165550137", "vendor"))
    assert not task.done(), "the event came in between"
    await task


@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_file_without_our_forms_token_is_not_read(box, token):
    answer = await hand_in(box, await box.comes(ANN), token=token)
    assert answer.status == 403
    assert "contacts_preview" not in await answer.text()


async def test_a_file_that_is_too_large_is_refused(box):
    ann = await box.comes(ANN)
    answer = await hand_in(box, ann, b"Name,Phone\n" + b"x" * (5 * 1024 * 1024))
    assert answer.status == 413


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 500, b"Name,Address\nDana,812 Alder St\n"])
async def test_a_file_that_cannot_be_read_is_a_sentence_and_no_crash(box, data):
    answer = await hand_in(box, await box.comes(ANN), data)
    assert answer.status == 409
    assert 'role="alert"' in await answer.text()


async def test_a_broken_upload_is_refused(box):
    ann = await box.comes(ANN)
    for body, kind in (
        (b"--x\r\nContent-Disposition: form-data; name=token\r\n\r\nabc", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (b"token=1", "application/x-www-form-urlencoded"),
    ):
        answer = await box.client.post("/contacts/file", data=body, headers={"Content-Type": kind}, cookies=ann)
        assert answer.status in (400, 403, 415), (body, kind, answer.status)


async def test_contacts_are_found_by_name_and_number_and_listed_page_by_page(box):
    olga = await box.comes()
    entries = b"".join(b"Customer %03d,(303) 555-%04d\n" % (n, n) for n in range(120))
    await take(box, olga, b"Name,Phone\n" + entries + b",(303) 555-0777\n")
    seen: list[str] = []
    path = "/contacts"
    while path:
        page = await box.text(path, olga)
        seen += re.findall(r'<li class="row">.*?<bdi>(.*?)</bdi>', page, re.DOTALL)
        more = re.search(r'href="(/contacts\?q=[^"]+)">More', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert seen == [*(f"Customer {n:03}" for n in range(120)), "(303) 555-0777"]
    assert "Customer 044" in await box.text("/contacts?q=555-0044", olga)
    assert "Nobody is found" in await box.text("/contacts?q=%25", olga)
    assert "Nobody is found" in await box.text("/contacts?kind=vendor", olga)


async def test_the_export_is_safe_in_a_spreadsheet_and_only_for_owners(box):
    olga, ann = await box.comes(), await box.comes(ANN)
    for number, name in ((DANA, '=HYPERLINK("http://evil.example")'), (SUPPLY, 'Smith, \n"Bob"; José')):
        await box.commands.contacts.put(number, name, ["customer"], [], "Ann")
    text = await box.text("/contacts/export.csv", olga)
    assert '"\'=HYPERLINK(""http://evil.example"")",(303) 555-0199,customer' in text
    assert '"Smith, ""Bob""; José",(303) 555-0170,customer' in text
    card = await box.text("/contacts/export.vcf", olga)
    assert 'FN:Smith\\, "Bob"\\; José' in card
    assert f"TEL;TYPE=VOICE:{DANA}" in card
    for path in ("/contacts/export.csv", "/contacts/export.vcf"):
        answer = await box.client.get(path, cookies=olga)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert (await box.client.get(path, cookies=ann)).status == 403
    back = await box.commands.contacts.read(text.encode(), "")
    assert {(each.number, each.name) for each in back.entries} == {
        (DANA, '=HYPERLINK("http://evil.example")'),
        (SUPPLY, 'Smith, "Bob"; José'),
    }
    assert all(each.kinds == {ContactKind.CUSTOMER} for each in back.entries)
