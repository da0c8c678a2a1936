"""A box whose page is served by HTTPS, as its owner makes it so: the command line at a terminal, then a browser."""

from __future__ import annotations

import asyncio
import os
import pty
import shutil
import ssl
import sys
from dataclasses import replace
from pathlib import Path

import aiohttp

from gateway.core.events import Health
from gateway.settings import load
from gateway.supervisor import Gateway, running
from tests.gateway.test_taking_in import free_port
from tests.tooling import need
from tests.waiting import until

CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York}}
page: {{host: 127.0.0.1, port: {port}{tls}}}
state: {state}
"""


async def textback(file: Path, *words: str) -> str:
    """What the command line prints; it has to succeed."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.cli", "--config", str(file), *words), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(program.communicate(), 120)
    assert program.returncode == 0
    return said.decode()


async def at_a_terminal(file: Path, *words: str, typed: str) -> str:
    """What stands on the screen of somebody who types a line whenever he is asked for something."""
    ours, theirs = pty.openpty()
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.cli", "--config", str(file), *words),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    screen = b""
    asked = asyncio.Event()
    closed = asyncio.Event()

    def read() -> None:
        nonlocal screen
        try:
            data = os.read(ours, 4096)
        except OSError:  # the other end is closed (EIO)
            data = b""
        screen += data
        if not data:
            asyncio.get_running_loop().remove_reader(ours)
            closed.set()
        if screen.rstrip(b" ").endswith(b":"):
            asked.set()

    asyncio.get_running_loop().add_reader(ours, read)
    try:
        async with asyncio.timeout(120):
            for _time in range(2):
                await asked.wait()
                asked.clear()
                os.write(ours, typed.encode() + b"\n")
            await program.wait()
            await closed.wait()
    finally:
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)
    assert program.returncode == 0, screen
    return screen.decode()


async def test_a_box_gets_its_certificate_and_its_first_owner_from_a_terminal_and_serves_https(tmp_path: Path) -> None:
    need(shutil.which("openssl") is not None, "openssl is missing - apt install openssl")
    file, port = tmp_path / "gateway.yaml", free_port()
    file.write_text(CONFIG.format(port=port, tls="", state=tmp_path / "state"))
    said = await textback(file, "certificate", "office.example")
    pem, key = tmp_path / "state/tls/page.pem", tmp_path / "state/tls/page.key"
    assert f"tls_certificate: {pem}\n  tls_key: {key}\n" in said
    assert "PRIVATE KEY" not in said
    file.write_text(CONFIG.format(port=port, tls=f", tls_certificate: {pem}, tls_key: {key}", state=tmp_path / "state"))
    async with running(Gateway(load(file))) as gateway:
        assert gateway.page_url == f"https://127.0.0.1:{port}/"
        screen = await at_a_terminal(file, "logins", "add", "Otto", "--role", "owner", typed="boiler 77")
        assert "boiler 77" not in screen
        assert "Otto" in await textback(file, "logins")
        trusting = ssl.create_default_context(cafile=str(tmp_path / "state/tls/authority.pem"))
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trusting), cookie_jar=aiohttp.CookieJar(unsafe=True)
        ) as browser:
            page = await (await browser.get(gateway.page_url)).text()
            form = {"name": "Otto", "password": "boiler 77", "token": page.partition('name="token" value="')[2][:64]}
            answer = await browser.post(gateway.page_url + "sign-in", data=form, allow_redirects=False)
            assert answer.status == 303, await answer.text()
            session = next(
                one for one in answer.headers.getall("Set-Cookie") if one.startswith("textback_session_secure=")
            )
            assert "; Secure" in session
            assert (await browser.get(gateway.page_url + "health")).status == 200


async def test_a_broken_certificate_names_its_own_remedy_and_the_page_comes_when_it_is_mended(tmp_path: Path) -> None:
    need(shutil.which("openssl") is not None, "openssl is missing - apt install openssl")
    from gateway.access import certificates

    file = tmp_path / "gateway.yaml"
    file.write_text(CONFIG.format(port=free_port(), tls="", state=tmp_path / "state"))
    settings = load(file)
    made = certificates.make_for(settings, ())
    page = replace(settings.page, tls_certificate=str(made.certificate), tls_key=str(made.key))
    whole = made.certificate.read_bytes()
    made.certificate.write_bytes(b"-----BEGIN CERTIFICATE-----\nrust\n-----END CERTIFICATE-----\n")
    async with running(Gateway(replace(settings, page=page))) as gateway:
        report = next(each for each in gateway.board.reports() if each.component == "page")
        assert report.health is Health.DEGRADED
        assert "are no certificate and key" in report.say
        assert "textback certificate" in report.remedy
        assert "other program" not in report.remedy
        made.certificate.write_bytes(whole)
        await until(lambda: gateway.page_url.startswith("https://"), 30)
        assert not [each for each in gateway.board.reports() if each.component == "page"]
