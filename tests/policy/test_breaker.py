"""When the network takes no text of ours: first texts wait behind one probe a minute, and all goes on by itself."""

from datetime import datetime, timedelta
from typing import Any

from tests.gateway.office import at, call, play

OUT_OF_CREDIT = {"at": at(-60), "event": "modem", "state": "refusing"}


def callers(count: int, every: float = 10, start: float = 0) -> list[dict[str, Any]]:
    return [call(start + n * every, caller=f"+1216555{1000 + n}") for n in range(count)]


def texted(effects: list[dict[str, Any]], purpose: str) -> list[dict[str, Any]]:
    return [e for e in effects if e["effect"] == "text" and e["purpose"] == purpose]


def moment(effect: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(effect["at"])


def test_when_the_network_takes_texts_again_everybody_still_young_is_texted_within_two_minutes() -> None:
    well = {"at": at(600), "event": "modem", "state": "up"}
    openers = texted(play(OUT_OF_CREDIT, *callers(10), well, {"at": at(800), "event": "wait"}), "opener")
    assert sorted(e["call"] for e in openers) == list(range(1, 11))
    first = min(moment(e) for e in openers)
    assert first <= moment({"at": at(600)}) + timedelta(seconds=120)
    assert max(moment(e) for e in openers) <= first + timedelta(seconds=1)


def test_the_owner_hears_that_texts_are_refused_and_that_they_go_again() -> None:
    well = {"at": at(600), "event": "modem", "state": "up"}
    effects = play(OUT_OF_CREDIT, *callers(10), well, {"at": at(800), "event": "wait"})
    notices = [e["body"] for e in texted(effects, "owner_notice")]
    assert any("the network refuses texts" in body for body in notices)
    assert any("texts go out again" in body for body in notices)


def test_callers_who_wait_too_long_are_on_the_call_back_list_with_the_reason() -> None:
    effects = play(OUT_OF_CREDIT, *callers(10), {"at": at(3600), "event": "wait"})
    refused = [e for e in effects if e["effect"] == "no_text"]
    assert [(e["call"], e["reason"]) for e in refused] == [(n, "send_failed") for n in range(1, 11)]
    assert all("call-back list" in e["say"] for e in refused)


def test_a_few_refused_texts_hold_nobody_up() -> None:
    well = {"at": at(45), "event": "modem", "state": "up"}
    effects = play(
        OUT_OF_CREDIT, *callers(3, every=1), well, call(50, caller="+12165559999"), {"at": at(200), "event": "wait"}
    )
    (opener,) = [e for e in texted(effects, "opener") if e["to"] == "+12165559999"]
    assert opener["at"] == at(65)
    assert texted(effects, "owner_notice") == []
