"""The page by HTTPS, with a certificate made on the box."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
import stat
import subprocess

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from sample import a_days_work, app_of

from gateway.access import certificates
from gateway.access.certificates import BadCertificate, context, doubt, make
from tests.tooling import need
from web import guard
from web.app import serve


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    need(shutil.which("openssl") is not None, "openssl is missing - apt install openssl")
    return make(tmp_path_factory.mktemp("tls") / "tls", ["office.example"], ["192.168.1.20"])


def trusting(made) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(made.authority))


async def plain(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = b""
    with contextlib.suppress(ConnectionResetError):  # what was left unread of ours
        answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def test_a_browser_that_trusts_the_box_reads_the_page_without_a_warning(made):
    tls = context(str(made.certificate), str(made.key))
    async with serve(app_of(a_days_work()), "127.0.0.1", 0, tls=tls) as served:
        assert served.url == f"https://127.0.0.1:{served.port}/"
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trusting(made)), cookie_jar=aiohttp.CookieJar(unsafe=True)
        ) as session:
            answer = await session.get(served.url)
            assert answer.status == 200
            assert "Secure" in answer.headers["Set-Cookie"]
            assert "Strict-Transport-Security" not in answer.headers
            page = await answer.text()
            assert "Miller" in page
            token = page.partition('name="token" value="')[2][:64]
            wrong = {"Origin": f"http://127.0.0.1:{served.port}"}
            done = await session.post(served.url + "texting/pause", data={"token": token}, headers=wrong)
            assert done.status == 403, "a page that somebody on the way has changed is another site"


async def test_plain_http_at_that_port_is_led_to_https(made):
    tls = context(str(made.certificate), str(made.key))
    async with serve(app_of(a_days_work()), "127.0.0.1", 0, tls=tls) as served:
        answer = await plain(served.port, b"GET /leads/2?x=1 HTTP/1.1\r\nHost: office.example:8080\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 307 ")
        assert b"\r\nLocation: https://office.example:8080/leads/2?x=1\r\n" in answer
        for odd in (
            b"POST /texting/pause HTTP/1.1\r\nHost: office.example\r\n\r\n",
            b"GET /\x00 HTTP/1.1\r\nHost: office.example\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: evil.example/@x y\r\n\r\n",
            b"GET http://evil.example/ HTTP/1.1\r\n\r\n",
            b"G" * 9000,
        ):
            answer = await plain(served.port, odd)
            assert answer.startswith(b"HTTP/1.1 400 ") or answer == b"", odd[:40]
            assert b"Location" not in answer
            assert b"Miller" not in answer


async def test_whoever_says_nothing_or_half_a_handshake_is_let_go_and_stopping_waits_for_nobody(made):
    tls = context(str(made.certificate), str(made.key))
    async with serve(app_of(a_days_work()), "127.0.0.1", 0, tls=tls, head_within_s=0.3) as served:
        for begun in (b"", b"GET / HT", b"\x16\x03\x01"):
            reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
            writer.write(begun)
            with contextlib.suppress(ConnectionError):
                assert b"Miller" not in await asyncio.wait_for(reader.read(), 10)
            writer.close()
        last = await asyncio.open_connection("127.0.0.1", served.port)
    last[1].close()


def test_the_keys_are_nobody_elses_business_and_the_authority_vouches_for_the_box_alone(made):
    folder = made.key.parent
    for name in ("page.key", "authority.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    told = subprocess.run(
        ["openssl", "x509", "-in", made.authority, "-noout", "-text"], capture_output=True, text=True, check=True
    ).stdout
    assert "Name Constraints: critical" in told
    assert "DNS:office.example" in told
    assert "CA:TRUE" in told


def test_a_new_certificate_needs_no_new_trust(made):
    before = made.authority.read_bytes(), made.certificate.read_bytes()
    again = make(made.key.parent, ["office.example"], [])
    assert again.authority.read_bytes() == before[0]
    assert again.certificate.read_bytes() != before[1]
    assert doubt(str(again.certificate), str(again.key)) == ""


def test_what_is_wrong_with_a_certificate_is_said(made, tmp_path):
    other = make(tmp_path / "other", [], [])
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("no certificate")
    for certificate, key, sentence in (
        (tmp_path / "none.pem", made.key, "cannot be read: No such file"),
        (made.certificate, tmp_path / "none.key", "key .* cannot be read"),
        (made.certificate, other.key, "is not the key of"),
        (nonsense, made.key, "are no certificate and key"),
    ):
        with pytest.raises(BadCertificate, match=sentence):
            context(str(certificate), str(key))
        assert doubt(str(certificate), str(key))


def test_an_expired_certificate_is_served_and_doubted(made, tmp_path, monkeypatch):
    monkeypatch.setattr(certificates, "DAYS", -1)
    try:
        expired = make(tmp_path / "old", [], [])
    except BadCertificate:  # OpenSSL 3.4 makes none that has ended already
        monkeypatch.setattr(certificates, "_verdict", lambda *_: 10)
        expired = made
    assert context(str(expired.certificate), str(expired.key))
    assert "has expired" in doubt(str(expired.certificate), str(expired.key))


def test_names_that_openssl_would_take_for_something_else_are_left_out(tmp_path):
    made = make(tmp_path / "tls", ["evil,IP:8.8.8.8", "a\nb", "-x"], [])
    told = subprocess.run(
        ["openssl", "x509", "-in", made.certificate, "-noout", "-text"], capture_output=True, text=True, check=True
    ).stdout
    assert "8.8.8.8" not in told


def test_the_cookies_of_https_do_not_stand_in_the_way_once_it_is_switched_off(made):
    """A browser refuses a cookie of plain HTTP whose name a secure one has (RFC 6265bis, 5.7): nobody could sign in any more."""
    names: dict[bool, set[str]] = {}
    for secure in (False, True):
        tls = context(str(made.certificate), str(made.key)) if secure else None
        request = make_mocked_request("GET", "/", sslcontext=tls)
        response = web.Response()
        guard.set_session(request, response, "t" * 43)
        guard.set_visitor(request, response, "v" * 22)
        guard.set_used_before(request, response, "1.proof.proof")
        assert all(bool(cookie["secure"]) is secure for cookie in response.cookies.values())
        names[secure] = set(response.cookies)
        sent = {"Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in response.cookies.items())}
        again = make_mocked_request("GET", "/", headers=sent, sslcontext=tls)
        assert guard.session_of(again) == "t" * 43
        assert guard.used_before(again) == "1.proof.proof"
        assert guard.Tokens().visitor(again) == ("v" * 22, False)
        guard.drop_session(again, response)
        assert sum(not cookie.value for cookie in response.cookies.values()) == 1
    assert names[True].isdisjoint(names[False])
