"""`ringing:` as it is written, and what is said of it."""

from __future__ import annotations

import pytest

from gateway.settings import RingVia, SettingsError, parse

BASE = """
business: {name: Miller, timezone: America/New_York, area_code: "216", owner_cell: "+12165550190"}
lines: {main: {number: "+12165550100"}}
"""
ASTERISK = "asterisk: {host: 192.168.1.5, username: textback, secret: x}\n"
MODEM = 'modem: {port: /dev/serial/by-id/a, number: "+12165550188"}\n'
GOOD = "ringing: {via: asterisk, secret: y}\n"


def problems(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse(BASE + text, "g.yaml")
    return [f"{problem.line}: {problem.what} - {problem.remedy}" for problem in caught.value.problems]


def doubts(text: str) -> list[str]:
    return [doubt.what for doubt in parse(BASE + text, "g.yaml").warnings if "ring" in doubt.what]


def test_nothing_rings_unless_it_is_written() -> None:
    assert parse(BASE, "g.yaml").ringing.via is RingVia.OFF
    assert doubts("") == []


def test_asterisk_rings_by_the_outbound_routes_and_asks_for_the_key() -> None:
    ringing = parse(BASE + ASTERISK + GOOD, "g.yaml").ringing
    assert (ringing.via, ringing.ring_s, ringing.secret) == (RingVia.ASTERISK, 25.0, "y")
    assert ringing.channel == "Local/{number}@from-internal"
    assert ringing.prompt == ("beep", "{code}", "followme/options")


@pytest.mark.parametrize("channel", ["PJSIP/{number}@trunk", "SIP/trunk/{national}", "Local/9{e164}@from-internal/n"])
def test_a_channel_has_one_place_for_the_number(channel: str) -> None:
    text = f'ringing: {{via: asterisk, secret: y, channel: "{channel}"}}\n'
    assert parse(BASE + ASTERISK + text, "g.yaml").ringing.channel == channel


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD, "there is no Asterisk that could ring"),
        (ASTERISK + "ringing: {via: modem}\n", "there is no modem that could ring"),
        (ASTERISK + "ringing: {via: asterisk}\n", "'secret' is missing"),
        (ASTERISK + "ringing: {via: phone}\n", "'phone' is not known"),
        (ASTERISK + "ringing: {via: asterisk, secret: y, ring_for: 5 s}\n", "too short"),
        (ASTERISK + "ringing: {via: asterisk, secret: y, channel: trunk}\n", "is not a channel"),
        (ASTERISK + "ringing: {via: asterisk, secret: y, channel: PJSIP/trunk}\n", "has no place for the number"),
        (ASTERISK + 'ringing: {via: asterisk, secret: y, channel: "PJSIP/{number}@a&PJSIP/1@b"}\n', "is not a channel"),
        (ASTERISK + 'ringing: {via: asterisk, secret: y, prompt: ["a,b"]}\n', "is not the name of a sound"),
        (ASTERISK + 'ringing: {via: asterisk, secret: y, prompt: ["../etc"]}\n', "is not the name of a sound"),
        (ASTERISK + "ringing: {via: asterisk, secret: y, server: other}\n", "there is no Asterisk 'other'"),
        (
            "asterisk: [{name: a, host: 10.0.0.1, username: t, secret: x}, {name: b, host: 10.0.0.2, username: t, secret: x}]\n"
            + GOOD,
            "it is not said which Asterisk rings",
        ),
        (ASTERISK + "ringing: {via: asterisk, secret: y, secret_file: z}\n", "'secret' is given as well"),
    ],
)
def test_what_keeps_anything_from_ringing_is_said_with_its_remedy(text: str, said: str) -> None:
    assert any(said in problem for problem in problems(text)), problems(text)


def test_it_is_doubted_when_nobody_is_to_be_rung() -> None:
    assert any("nobody is rung" in doubt for doubt in doubts(ASTERISK + GOOD))


def test_one_manager_user_for_watching_and_calling_is_doubted() -> None:
    text = "ringing: {via: asterisk, username: textback, secret: x}\n"
    assert any("watches calls" in doubt for doubt in doubts(ASTERISK + text))


def test_a_secret_that_every_user_of_the_machine_can_read_is_doubted() -> None:
    settings = parse(BASE + ASTERISK + GOOD, "g.yaml", world_readable=True)
    assert any(doubt.what.startswith("ringing.secret") for doubt in settings.warnings)
    assert "secret='y'" not in repr(settings)
