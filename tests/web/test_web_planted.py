"""What an owner writes into the settings: hostile words stay words on every page, and secrets stand on none."""

from __future__ import annotations

import html
import json
import logging
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from test_web_attacks import routes_of
from yarl import URL

from gateway.access import certificates, passwords
from gateway.core.views.setup import STEPS
from gateway.pageserving import PageServing
from gateway.settings import load
from gateway.settings.edit.first import unconfigured
from gateway.supervisor import Gateway, running
from tests.gateway.test_taking_in import free_port
from tests.tooling import need
from web.guard import SESSION

SCRIPT = "<script>owned()</script>"
QUOTE = '"><img src=x onerror=owned()>'
BRACES = "{{ 7 * 191 }}"
AMI, RING, SIM, PIN = "swordfish-ami-1", "swordfish-ring-2", "7391", "480617"
SECRETS = (AMI, RING, PIN, "PRIVATE KEY-----\n", f'"{SIM}"')


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


def hostile(folder: Path, port: int) -> str:
    """A configuration in which every word of the business's own is hostile, and every secret is set."""
    words = json.dumps(f"{SCRIPT} {QUOTE} {BRACES}")
    return f"""
business: {{name: {json.dumps(f"Acme {SCRIPT}")}, timezone: America/New_York, trade: plumbing, owner_cell: "+12165550190",
  owner_name: {json.dumps(f"Otto {QUOTE}"[:40])}}}
lines: {{main: {{number: "+12165550100"}}}}
hours: {{mon: ["08:00-17:00"]}}
holidays: [{{date: 2030-12-25, name: {words}}}]
services: {{evil: {{label: {words}, words: [{words}]}}}}
people: {{dana: {{name: {json.dumps(f"D {SCRIPT}")}, phone: "+12165550151"}}}}
replies: {{evil: {json.dumps(f"{SCRIPT} {QUOTE}")}}}
questions: {{evil: {{ask: {json.dumps(f"Which {SCRIPT}?")}}}}}
contacts: [{{number: "+12165550177", name: {words}, kind: vendor}}]
remote: {{pin: "{PIN}"}}
asterisk: {{host: 127.0.0.1, port: 1, username: textback, secret: {AMI}}}
ringing: {{via: asterisk, username: ringer, secret: {RING}, channel: "Local/{{number}}@out"}}
modem: {{port: {folder}/modem, number: "+12165550188", pin: "{SIM}", role: forwarded_line}}
page: {{host: 127.0.0.1, port: {port}}}
state: {folder}/state
"""


@pytest.fixture
def app(monkeypatch) -> list:
    """The page that a box serves, as it was made."""
    made: list = []
    before = PageServing.__init__

    def begin(self, config, page, *rest):
        def keeping():
            made.append(page())
            return made[-1]

        before(self, config, keeping, *rest)

    monkeypatch.setattr(PageServing, "__init__", begin)
    return made


class Walker:
    """Somebody who looks at everything."""

    def __init__(self, browser: aiohttp.ClientSession, url: str, paths: list[str]) -> None:
        self.browser, self.url, self.paths = browser, url.rstrip("/"), paths
        self.shown: dict[str, str] = {}

    async def get(self, path: str, language: str = "en") -> str:
        answer = await self.browser.get(self.url + path, headers={"Accept-Language": language}, allow_redirects=False)
        assert answer.status < 500 or path == "/healthz", path
        return self._seen(f"{path} in {language}", await answer.text("utf-8", "replace"), answer.content_type)

    async def post(self, page: str, path: str, fields: dict[str, str]) -> tuple[int, str]:
        token = re.search(r'name="token" value="([0-9a-f]{64})"', await self.get(page))[1]
        answer = await self.browser.post(self.url + path, data={"token": token, **fields}, allow_redirects=False)
        return answer.status, self._seen(f"answer of {path}", await answer.text(), answer.content_type)

    async def everything(self) -> None:
        for path in self.paths:
            await self.get(path)
        for path in (each for each in self.paths if each.startswith(("/setup", "/settings", "/health", "/people"))):
            await self.get(path, "es")

    def _seen(self, what: str, text: str, kind: str) -> str:
        self.shown[what] = text
        for secret in SECRETS:
            assert secret not in html.unescape(text), (what, secret)
        if "html" in kind:
            for words in (SCRIPT, QUOTE):
                assert words not in text, (what, words)
            assert "1337" not in re.sub(r"[0-9a-f]{12,}", "", text), what
            assert not re.search(r"<[^>]+\son[a-z]+=", re.sub(r'"[^"]*"', '""', text)), what
        return text


def addresses(app, gateway: Gateway) -> list[str]:
    found = []
    for route in routes_of(app).all():
        path = route.resource.canonical
        if route.method != "GET" or path == "/events" or path.startswith("/static"):
            continue
        path = re.sub(r"{id(:[^}]*)?}", "1", re.sub(r"{slug(:[^}]*)?}", "texts", path))
        sheets = [link.key for link in gateway.desk.sheets()] if "{key" in path or "{sheet" in path else [""]
        found += [re.sub(r"{[^}]*}", sheet, path) for sheet in sheets]
    return list(dict.fromkeys([*found, *(f"/setup/{step}" for step in STEPS)]))


@pytest.fixture
async def walker(tmp_path: Path, app: list) -> AsyncIterator[tuple[Walker, Gateway]]:
    file = tmp_path / "gateway.yaml"
    file.write_text(hostile(tmp_path, free_port()))
    async with running(Gateway(load(file))) as gateway:
        token = await gateway.logins.first("Olga", "boiler 77", "Firefox")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            browser.cookie_jar.update_cookies({SESSION: token}, URL(gateway.page_url))
            yield Walker(browser, gateway.page_url, addresses(app[-1], gateway)), gateway


async def test_words_of_the_settings_stay_words_and_its_secrets_stand_nowhere(walker, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    look, gateway = walker
    assert {"/settings", "/setup", "/people", "/history", "/health", "/"} <= set(look.paths)
    await look.everything()
    told = [page for page in look.shown.values() if "&lt;script&gt;owned()" in page]
    assert len(told) > 20, "the words are shown, as words"
    raw = await gateway.desk.raw()
    assert (await gateway.desk.save_raw(raw.text + "# a remark\n", raw.mark, "page:Olga")).done  # a version is kept
    raw = await gateway.desk.raw()
    again = await gateway.desk.save_raw(raw.text + f"\nnonsense: {AMI}\n", raw.mark, "page:Olga")
    assert again.problems
    assert AMI not in repr(again)
    file = gateway.settings.source
    file.write_text(file.read_text().replace("port: 1,", "port: none,"))
    await look.get("/settings")
    await look.everything()
    versions = await gateway.desk.versions()
    assert versions
    for version in versions:
        await look.get(f"/settings/versions/{version.key}")
        assert not [secret for secret in SECRETS if secret in await gateway.desk.former(version.key)]
    for table, column in (("journal", "body"), ("history", "what")):
        rows = await gateway.store.read(
            lambda db, t=table, c=column: [str(row[0]) for row in db.execute(f"SELECT {c} FROM {t}")]
        )
        assert not [row for row in rows for secret in SECRETS if secret in row]
    assert not [secret for secret in SECRETS if secret in caplog.text]


async def test_hostile_answers_of_the_set_up_stay_words(tmp_path: Path) -> None:
    nothing = unconfigured(tmp_path / "gateway.yaml", f"127.0.0.1:{free_port()}", str(tmp_path / "state"))
    async with running(Gateway(nothing)) as gateway:
        token = await gateway.logins.first("Olga", "boiler 77", "Firefox")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            browser.cookie_jar.update_cookies({SESSION: token}, URL(gateway.page_url))
            look = Walker(browser, gateway.page_url, [])
            evil = f"{SCRIPT} {QUOTE} {BRACES}"
            refused = 0
            for step in STEPS:
                page = await look.get(f"/setup/{step}")
                form = re.search(rf'<form method="post" action="/setup/{step}".*?</form>', page, re.S)
                names = set(re.findall(r'name="([a-z_0-9]+)"', form[0])) - {"token"}
                status, _page = await look.post(f"/setup/{step}", f"/setup/{step}", dict.fromkeys(names, evil))
                refused += status == 409
                assert status in (303, 409), step
            assert refused >= 4
            steps = [f"/setup/{step}" for step in STEPS]
            for path in ["/setup", *steps, "/health", "/"]:
                await look.get(path)
                await look.get(path, "es")
            secret = {"host": "127.0.0.1", "port": "5038", "username": "textback", "secret": AMI}
            assert (await look.post("/setup/asterisk", "/setup/asterisk", secret))[0] == 303
            for path in ["/setup", *steps, "/history"]:
                await look.get(path)


async def test_the_key_of_the_certificate_is_on_no_page(tmp_path: Path) -> None:
    need(shutil.which("openssl") is not None, "openssl is missing - apt install openssl")
    file = tmp_path / "gateway.yaml"
    file.write_text(hostile(tmp_path, free_port()))
    made = certificates.make_for(load(file), ())
    made.certificate.write_bytes(made.key.read_bytes())  # the key in the place of the certificate
    tls = f", tls_certificate: {made.certificate}, tls_key: {made.key}}}\nstate:"
    file.write_text(file.read_text().replace("}\nstate:", tls))
    inner = made.key.read_text().splitlines()[1]
    async with running(Gateway(load(file))) as gateway:
        said = repr(gateway.board.reports()) + repr(await gateway.desk.raw()) + repr(await gateway.desk.standing())
        assert "by HTTPS" in said
        assert inner not in said
