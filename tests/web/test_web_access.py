"""Who gets in: nobody unasked, everybody only where he belongs."""

from __future__ import annotations

import re

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sample import ANN, OTTO, Doorkeeper, a_days_work, app_of

from gateway.core.visitors import PageRole, Visitor
from gateway.ports.gate import SignInRefused
from web.access import Access, Routes
from web.guard import SESSION

OPEN_TO_ALL = {
    "/healthz", "/static/{name}", "/favicon.ico", "/help", "/help/", "/help/{slug}", "/welcome", "/sign-in", "/sign-out",
    "/feeds/{secret}/{file}",
}  # fmt: skip


class Office(Doorkeeper):
    """A gate with one password."""

    def __init__(self) -> None:
        super().__init__(guest=None)
        self.tries: list[tuple[str, str]] = []
        self.refusal = SignInRefused("name and password do not fit together", 0)

    async def sign_in(self, name: str, secret: str, address: str, device: str, browser: str = "") -> str:
        del device, browser
        self.tries.append((name, address))
        if (name, secret) != ("Ann", "let-me-in"):
            raise self.refusal
        return self.comes(ANN)[SESSION]

    async def first(self, name: str, secret: str, device: str) -> str:
        del secret, device
        if not self.nobody_yet:
            raise ValueError("somebody has done this already - sign in, or ask who has")
        self.nobody_yet = False
        return self.comes(Visitor(3, name, PageRole.OWNER))[SESSION]

    async def sign_out(self, token: str) -> None:
        self.signed_in.pop(token, None)


@pytest.fixture
async def door():
    gate = Office()
    client = TestClient(TestServer(app_of(a_days_work(), gate=gate)))
    await client.start_server()
    client.gate = gate
    yield client
    await client.close()


def addresses(app):
    for route, access in routes_of(app).all().items():
        yield route.method, re.sub(r":[^}]+}", "}", route.resource.canonical), access


def routes_of(app) -> Routes:
    for middleware in app.middlewares:
        for cell in getattr(middleware, "__closure__", None) or ():
            if isinstance(cell.cell_contents, Routes):
                return cell.cell_contents
    raise AssertionError("no gate")


def filled(path: str) -> str:
    path = (
        path.replace("{secret}", "no-such-secret")
        .replace("{backup}", "textback-20260302T081500Z.tar.gz")
        .replace("{file}", "all.ics")
    )
    return re.sub(r"{id}", "2", path.replace("{name}", "page.css").replace("{slug}", "texts"))


async def token_of(client, path="/sign-in", **cookies) -> str:
    page = await (await client.get(path, cookies=cookies)).text()
    return re.search(r'name="token" value="([0-9a-f]{64})"', page)[1]


async def test_every_address_of_the_page_says_whom_it_is_for(door):
    assert set(routes_of(door.app).all()) == set(door.app.router.routes())
    assert {path for _, path, access in addresses(door.app) if access is Access.ANYBODY} == OPEN_TO_ALL


async def test_a_stranger_gets_nothing_from_any_other_address(door):
    for method, path, access in addresses(door.app):
        if access is Access.ANYBODY:
            continue
        answer = await door.request(method, filled(path), allow_redirects=False)
        assert answer.status in (302, 401), (method, path)
        assert not re.search("555-?01", await answer.text()), (method, path)
    assert door.app is not None


async def test_the_office_gets_nothing_that_is_the_owners(door):
    cookies = door.gate.comes(ANN)
    for method, path, access in addresses(door.app):
        answer = await door.request(method, filled(path), cookies=cookies, allow_redirects=False)
        words = "" if path == "/events" else await answer.text()  # a stream does not end
        refused = answer.status == 403 and "Only an owner" in words and "This is not for you" in words
        assert refused == (access is Access.OWNER and method != "HEAD"), (method, path)
        answer.close()


async def test_a_page_leads_to_the_signing_in_and_back(door):
    answer = await door.get("/leads/2?said=taken", allow_redirects=False)
    assert answer.headers["Location"] == "/sign-in?next=/leads/2?said%3Dtaken"
    token = await token_of(door)
    form = {"token": token, "name": "Ann", "password": "let-me-in", "next": "/leads/2"}
    answer = await door.post("/sign-in", data=form, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/leads/2")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert (await door.get("/")).status == 200


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/%0d%0aX: 1", "/ x"]
)
async def test_the_way_back_never_leads_elsewhere(door, there):
    form = {"token": await token_of(door), "name": "Ann", "password": "let-me-in", "next": there}
    answer = await door.post("/sign-in", data=form, allow_redirects=False)
    assert answer.headers["Location"] == "/"


async def test_signing_in_changes_the_cookie_and_the_token_of_the_forms(door):
    planted = "A" * 43
    before = await token_of(door, **{SESSION: planted})
    form = {"token": before, "name": "Ann", "password": "let-me-in"}
    answer = await door.post("/sign-in", data=form, cookies={SESSION: planted}, allow_redirects=False)
    assert planted not in answer.headers["Set-Cookie"]
    mine = {SESSION: answer.cookies[SESSION].value}
    assert await token_of(door, "/me", **mine) != before
    answer = await door.post("/texting/pause", data={"token": before}, cookies=mine)
    assert answer.status == 403


async def test_who_has_signed_out_is_out(door):
    cookies = door.gate.comes(ANN)
    token = await token_of(door, "/me", **cookies)
    answer = await door.post("/sign-out", data={"token": token}, cookies=cookies, allow_redirects=False)
    assert answer.headers["Location"] == "/sign-in"
    assert (await door.get("/", cookies=cookies, allow_redirects=False)).status == 302
    answer = await door.post("/texting/pause", data={"token": token}, cookies=cookies)
    assert answer.status == 401


async def test_another_web_site_cannot_sign_anybody_in_or_out(door):
    cookies = door.gate.comes(ANN)
    form = {"name": "Ann", "password": "let-me-in"}
    assert (await door.post("/sign-in", data=form)).status == 403
    token = await token_of(door)
    evil = {"Origin": "http://evil.example"}
    assert (await door.post("/sign-in", data=form | {"token": token}, headers=evil)).status == 403
    assert (await door.post("/sign-out", cookies=cookies)).status in (403, 415)
    assert door.gate.signed_in


async def test_a_wrong_password_is_told_without_saying_what_was_wrong(door):
    form = {"token": await token_of(door), "name": "Ann <b>", "password": "guess"}
    answer = await door.post("/sign-in", data=form)
    text = await answer.text()
    assert answer.status == 401
    assert "Name and password do not fit together." in text
    assert "Ann &lt;b&gt;" in text
    assert "guess" not in text


async def test_too_many_tries_say_how_long_to_wait(door):
    door.gate.refusal = SignInRefused("too many wrong tries - wait 12 minutes", 720.0)
    form = {"token": await token_of(door), "name": "Ann", "password": "guess"}
    answer = await door.post("/sign-in", data=form)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "720")
    assert "wait 12 minutes" in await answer.text()


async def test_the_first_visitor_of_a_new_box_makes_himself_its_owner(door):
    door.gate.nobody_yet = True
    answer = await door.get("/", allow_redirects=False)
    assert answer.headers["Location"] == "/welcome"
    form = {"token": await token_of(door, "/welcome"), "name": "Olga", "password": "boiler 77", "again": "boiler 78"}
    answer = await door.post("/welcome", data=form)
    assert "The two passwords are not the same." in await answer.text()
    answer = await door.post("/welcome", data=form | {"again": "boiler 77"}, allow_redirects=False)
    assert answer.headers["Location"] == "/"
    assert "Olga" in await (await door.get("/")).text()
    answer = await door.get("/welcome", allow_redirects=False)
    assert answer.headers["Location"] == "/sign-in"


async def test_the_script_of_a_page_hears_that_it_is_signed_out(door):
    answer = await door.post("/tasks/1/done", headers={"Accept": "application/json"})
    assert answer.status == 401
    assert "sign in" in (await answer.json())["sorry"]
    assert (await door.get("/fragment/today")).status == 401
    assert (await door.get("/events")).status == 401


async def test_a_monitor_hears_how_the_box_is_and_nothing_of_people(door):
    found = await (await door.get("/healthz")).json()
    assert {"component", "health"} == set(found["components"][0])
    mine = await (await door.get("/healthz", cookies=door.gate.comes(OTTO))).json()
    assert "say" in mine["components"][0]


async def test_a_spanish_browser_is_answered_in_spanish_before_it_has_signed_in(door):
    page = await (await door.get("/sign-in", headers={"Accept-Language": "es-US,es;q=0.9,en;q=0.8"})).text()
    assert '<html lang="es">' in page
    page = await (await door.get("/sign-in", headers={"Accept-Language": "xx, " + "y" * 5000})).text()
    assert '<html lang="en">' in page
