"""The page lets in whom it should, and nobody else."""

from __future__ import annotations

import asyncio
import re
import socket

import pytest
from sample import Office, a_call

from web import guard
from web.guard import Names

FORM = "application/x-www-form-urlencoded"


async def token_of(client) -> str:
    page = await (await client.get("/")).text()
    return re.search(r'name="token" value="([0-9a-f]{64})"', page)[1]


async def press(client, path, token=None, **headers):
    data = {} if token is None else {"token": token}
    return await client.post(path, data=data, headers=headers, allow_redirects=False)


@pytest.mark.parametrize(
    "host",
    [
        "192.168.1.20",
        "192.168.1.20:8080",
        "[::1]:8080",
        "[fe80::1]",
        "localhost:8080",
        "LOCALHOST.",
        "office.example",
        "Office.Example:80",
        f"{socket.gethostname().split('.')[0]}.local",
    ],
)
def test_addresses_and_own_names_are_answered(host):
    assert Names(frozenset({"Office.example"})).include(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "office.example.evil.example",
        "evil.example:80",
        "192.168.1.20.evil.example",
        "localhost@evil.example",
        "evil.example@localhost",
        "localhost/evil",
        "localhost:80:80",
        "[::1",
        "[::1]evil.example",
        "0x7f000001",
        "2130706433",
        "localhost evil.example",
        "localhost\u3002evil",
    ],
)
def test_other_names_are_not_ours(host):
    assert not Names(frozenset({"Office.example"})).include(host)


@pytest.mark.parametrize("path", ["/", "/events", "/healthz", "/help/", "/static/page.js", "/nowhere"])
async def test_a_rebound_name_gets_nothing_of_the_page(browse, office, path):
    client = await browse(office)
    answer = await client.get(path, headers={"Host": "evil.example"})
    assert answer.status == 421
    text = await answer.text()
    assert "Open it by its IP address" in text
    assert "555" not in text


async def test_our_own_form_takes_a_task_off_the_list(browse, office):
    client = await browse(office)
    answer = await press(client, "/tasks/1/done", await token_of(client))
    assert (answer.status, answer.headers["Location"]) == (303, "/?said=done")
    assert office.done == [("close", 1, "Ann")]
    assert "Done. It is off the list." in await (await client.get(answer.headers["Location"])).text()


async def test_a_caller_who_waits_for_a_text_can_be_marked_as_contacted(browse):
    office = Office()
    office.all_calls = [a_call(5, "waiting", "the text goes out in 8 s"), a_call(6, "texted", "texted in 3 s")]
    client = await browse(office)
    page = await (await client.get("/calls")).text()
    assert page.count("Already contacted") == 1
    assert 'action="/calls/5/contacted"' in page
    answer = await press(client, "/calls/5/contacted", await token_of(client))
    assert answer.status == 303
    assert office.done == [("contacted", 5, "Ann")]


@pytest.mark.parametrize(
    ("path", "done"),
    [
        ("/texts/3/arrived", ("arrived", 3, "Ann")),
        ("/texts/3/again", ("again", 3, "Ann")),
        ("/texting/pause", ("pause", 0, "Ann")),
        ("/texting/resume", ("resume", 0, "Ann")),
    ],
)
async def test_every_button_gives_its_command(browse, office, path, done):
    client = await browse(office)
    assert (await press(client, path, await token_of(client))).status == 303
    assert office.done == [done]


async def test_the_script_is_answered_in_json(browse, office):
    client = await browse(office)
    token = await token_of(client)
    answer = await press(client, "/tasks/1/done", token, Accept="application/json")
    assert await answer.json() == {"said": "Done. It is off the list."}
    answer = await press(client, "/tasks/1/done", token, Accept="application/json")
    assert (answer.status, await answer.json()) == (409, {"sorry": "this is already off the list"})
    answer = await press(client, "/tasks/1/done", Accept="application/json")
    assert answer.status == 403
    assert "reload it" in (await answer.json())["sorry"]


async def test_what_cannot_be_done_is_said_on_the_page(browse, office):
    client = await browse(office)
    answer = await press(client, "/tasks/999999999999999999/done", await token_of(client))
    assert answer.status == 409
    assert "This is already off the list" in await answer.text()


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é\x00", "x" * 1000])
async def test_without_the_right_token_nothing_happens(browse, office, token):
    client = await browse(office)
    await token_of(client)
    answer = await press(client, "/tasks/1/done", token)
    assert answer.status == 403
    assert "reload it and try once more" in await answer.text()
    assert office.done == []


async def test_a_token_of_another_browser_or_another_run_is_worth_nothing(browse, office):
    mine, other = await browse(office), await browse(office)
    token = await token_of(mine)
    await token_of(other)
    assert (await press(other, "/tasks/1/done", token)).status == 403
    cookie = {c.key: c.value for c in mine.session.cookie_jar}[guard.COOKIE]
    stranger = await press(other, "/tasks/1/done", token, Cookie=f"{guard.COOKIE}={cookie}")
    assert stranger.status == 403
    assert office.done == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_web_site_cannot_press_our_buttons(browse, office, headers):
    client = await browse(office)
    answer = await press(client, "/tasks/1/done", await token_of(client), **headers)
    assert answer.status == 403
    assert office.done == []


async def test_our_own_origin_is_accepted(browse, office):
    client = await browse(office)
    origin = f"http://{client.host}:{client.port}"
    answer = await press(
        client, "/tasks/1/done", await token_of(client), **{"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status == 303


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites(browse, office):
    client = await browse(office)
    cookie = (await client.get("/")).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Set-Cookie" not in (await client.get("/fragment/today")).headers


async def test_a_spoilt_cookie_is_replaced(browse, office):
    client = await browse(office)
    answer = await client.get("/", headers={"Cookie": f"{guard.COOKIE}=<script>"})
    assert "Set-Cookie" in answer.headers


async def test_an_oversized_form_is_refused(browse, office):
    client = await browse(office)
    token = await token_of(client)
    answer = await client.post("/tasks/1/done", data={"token": token, "more": "x" * 70_000}, allow_redirects=False)
    assert answer.status == 413
    assert office.done == []


async def test_other_kinds_of_body_are_refused(browse, office):
    client = await browse(office)
    token = await token_of(client)
    assert (await client.post("/tasks/1/done", json={"token": token})).status == 415
    assert office.done == []


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"token=%ff%fe\xff", FORM, 400),
        (b"token=a", FORM + "; charset=klingon", 415),
        (b"=&&&a=b=c%", FORM, 403),
        (b"token=" + b"&token=" * 5000, FORM, 413),
    ],
)
async def test_a_form_that_is_no_text_is_refused_and_not_a_crash(browse, office, data, kind, status):
    client = await browse(office)
    await token_of(client)
    answer = await client.post("/tasks/1/done", data=data, headers={"Content-Type": kind})
    assert answer.status == status
    assert office.done == []


@pytest.mark.parametrize("path", ["/tasks/x/done", "/tasks/-1/done", "/tasks/1%2e/done", f"/tasks/{'9' * 30}/done"])
async def test_an_id_that_is_no_number_is_not_found(browse, office, path):
    client = await browse(office)
    assert (await press(client, path, await token_of(client))).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/help/../../app.py",
        "/help/..%2f..%2fapp.py",
        "/help/%2e%2e/%2e%2e/etc/passwd",
        "/help/help_index",
        "/help/base",
        "/help/outcomes%00",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/",
        "/static/page.css.bak",
        "/static/%5c..%5capp.py",
        "//etc/passwd",
        "/help/" + "a" * 5000,
    ],
)
async def test_there_is_no_way_to_other_files(browse, office, path):
    client = await browse(office)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"import" not in answer


@pytest.mark.parametrize("path", ["/", "/fragment/today", "/healthz", "/help/", "/help/texts", "/static/page.css"])
async def test_head_is_answered_like_get_without_a_body(browse, office, path):
    answer = await (await browse(office)).head(path)
    assert answer.status == 200
    assert await answer.read() == b""


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/tasks/1/done", "/events"])
async def test_other_methods_are_refused_and_named(browse, office, method, path):
    answer = await (await browse(office)).request(method, path)
    assert answer.status == 405
    assert answer.headers["Allow"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/tasks/1/done", "/texting/pause"])
async def test_a_link_cannot_change_anything(browse, office, path):
    assert (await (await browse(office)).get(path)).status == 405
    assert office.done == []


@pytest.mark.parametrize("path", ["/", "/healthz", "/help/", "/static/page.js", "/nowhere", "/favicon.ico"])
async def test_every_answer_carries_the_security_headers(browse, office, path):
    answer = await (await browse(office)).get(path, allow_redirects=False)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "aiohttp" not in answer.headers["Server"]


async def test_names_and_numbers_are_not_stored_by_the_browser(browse, office):
    client = await browse(office)
    for path in ("/", "/fragment/today", "/healthz"):
        assert (await client.get(path)).headers["Cache-Control"] == "no-store"


async def test_a_static_file_is_kept_for_a_year_and_confirmed_by_its_tag(browse, office):
    client = await browse(office)
    page = await (await client.get("/")).text()
    answer = await client.get(re.search(r'"(/static/page\.css\?v=[^"]+)"', page)[1])
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content_type == "text/css"
    again = await client.get("/static/page.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


async def test_a_failing_store_is_an_error_page_with_a_remedy_and_no_secrets(browse, office):
    office.broken = True
    answer = await (await browse(office)).get("/calls")
    assert answer.status == 500
    text = await answer.text()
    assert "textback status" in text
    assert "locked" not in text
    assert "Traceback" not in text


async def test_a_failing_store_does_not_look_like_a_done_command(browse, office):
    client = await browse(office)
    token = await token_of(client)
    office.pause = None  # the command itself raises something that is no refusal
    answer = await press(client, "/texting/pause", token, Accept="application/json")
    assert answer.status == 500
    assert "sorry" in await answer.json()


async def test_the_query_cannot_put_words_on_the_page(browse):
    page = await (await (await browse(Office())).get("/?said=<b>You won</b>")).text()
    assert "You won" not in page
