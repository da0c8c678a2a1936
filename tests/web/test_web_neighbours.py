"""The page is for the office's own network."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sample import Doorkeeper, a_days_work, app_of

from web import neighbours
from web.neighbours import is_near

NEAR = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.9", "172.31.255.1", "192.168.1.20", "169.254.7.7"),
    *("100.64.0.1", "100.127.255.254", "::1", "fe80::1", "fe80::1%eth0", "fd12:3456::1", "::ffff:192.168.1.20"),
]
FAR = [
    *("8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "203.0.113.9", "2001:db8::1", "2a00:1450::1"),
    *("::ffff:8.8.8.8", "0.0.0.0", "", "evil", "127.0.0.1.evil.example", "::", "64:ff9b::c0a8:114"),
]


@pytest.mark.parametrize("address", NEAR)
def test_the_offices_network_and_a_vpn_are_near(address):
    assert is_near(address)


@pytest.mark.parametrize("address", [*FAR, None])
def test_the_internet_is_not(address):
    assert not is_near(address)


def test_a_public_ipv6_address_is_near_in_our_own_network_only():
    assert is_near("2001:db8:1:2::99", "2001:db8:1:2::1")
    assert not is_near("2001:db8:1:3::99", "2001:db8:1:2::1")
    assert not is_near("2001:db8:1:2::99", "192.168.1.5")
    assert not is_near("203.0.113.9", "203.0.113.8")


@pytest.mark.parametrize("path", ["/", "/healthz", "/sign-in", "/welcome", "/static/page.css", "/nowhere", "/events"])
async def test_a_visitor_from_the_internet_gets_one_sentence_and_nothing_of_the_business(monkeypatch, path):
    monkeypatch.setattr(neighbours, "is_near", lambda *_: False)
    async with TestClient(TestServer(app_of(a_days_work()))) as client:
        answer = await client.get(path, headers={"X-Forwarded-For": "192.168.1.20", "Forwarded": "for=10.0.0.1"})
        text = await answer.text()
    assert answer.status == 403
    assert text.startswith("This page is for the office's own network.")
    assert "Miller" not in text
    assert answer.headers["Connection"] == "close"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_new_box_belongs_to_nobody_from_the_internet_even_when_the_page_is_opened(monkeypatch):
    gate = Doorkeeper(guest=None)
    gate.nobody_yet = True
    async with TestClient(TestServer(app_of(a_days_work(), gate=gate, everywhere=True))) as client:
        monkeypatch.setattr("web.pages.signing.is_near", lambda *_: False)
        page = await (await client.get("/welcome")).text()
        token = page.partition('name="token" value="')[2][:64]
        form = {"token": token, "name": "Eve", "password": "boiler 77", "again": "boiler 77"}
        answer = await client.post("/welcome", data=form)
        assert answer.status == 409
        assert "from the network of the box" in await answer.text()
    assert gate.nobody_yet
