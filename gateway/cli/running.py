"""Commands that ask the running gateway at its side door: what it knows, what it should try, take in, or be told.

Each returns the exit status, and raises `control.NotRunning` or `control.Refused` with a sentence where there is no answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from gateway import control
from gateway.cli.configured import EXIT_FAILURE, EXIT_OK, EXIT_USAGE, settings_of, state_of
from gateway.statefolder import SOCKET

RELOAD_WAIT_S = 150.0  # a text in hand may take the network a minute, and a telephone may be ringing as long


def status(options: argparse.Namespace) -> int:
    """What the gateway knows: line, modem, texts, leads, things to do."""
    known = asyncio.run(control.ask(_socket(options), {"do": "status"}))
    if options.json:
        print(json.dumps(known))
        return EXIT_OK
    today, queue, leads = known["today"], known["queue"], known["leads"]
    page = known["page"] or "not open"
    print(f"{known['business']} - Textback {known['version']}, up {_span(known['up_s'])}, page {page}")
    if known["paused"]:
        print(f"TEXTING IS PAUSED ({known['paused']}): calls are listed, nobody is texted")
    if today is None:
        print("today: the records cannot be read")
    else:
        slow = f" ({today['slow']} of them slow)" if today["slow"] else ""
        print(
            f"today: {today['missed']} missed, {today['texted']} texted{slow}, {today['not_texted']} not texted,"
            f" {today['waiting']} waiting, {today['answered']} answered"
        )
        print(f"leads: open {leads['open']}, emergencies {leads['emergencies']}")
        print(f"now: texts to send {queue['queued']}, unsure texts {queue['unsure']}, things to do {queue['tasks']}")
    for report in known["health"]:
        print(
            f"{report['component']}: {report['health']}: {report['say']}"
            + (f" - {report['remedy']}" if report["remedy"] else "")
        )
    return EXIT_OK


def send_test(options: argparse.Namespace) -> int:
    """One test text, watched."""
    from gateway.cli import trials
    from gateway.core.numbers import NumberKind, read_number

    settings = settings_of(options)
    number = read_number(options.number, settings.business.country, settings.business.area_code)
    if number.e164 is None or number.kind is not NumberKind.TEXTABLE:
        print(
            f"textback: {options.number!r} is not a number that can be texted - write it as +12165550137",
            file=sys.stderr,
        )
        return EXIT_USAGE
    sent = asyncio.run(trials.send_test(settings.state_dir / SOCKET, number.e164, sys.stdout))
    return EXIT_OK if sent else EXIT_FAILURE


def drill(options: argparse.Namespace) -> int:
    """A marked test alarm up the real ladder, watched."""
    from gateway.cli import trials

    try:
        answered = asyncio.run(trials.drill(_socket(options), sys.stdout))
    except KeyboardInterrupt:
        print("the drill goes on by itself")
        return EXIT_FAILURE
    return EXIT_OK if answered else EXIT_FAILURE


def reload(options: argparse.Namespace) -> int:
    """Its configuration is taken in anew."""
    print(asyncio.run(control.ask(_socket(options), {"do": "reload"}, RELOAD_WAIT_S))["say"])
    return EXIT_OK


def logins(options: argparse.Namespace) -> int:
    """Who may use the page."""
    from gateway.access import admission

    try:
        admission.run(_socket(options), options.doing, options.name, options.role, sys.stdout, sys.stdin)
    except ValueError as error:
        print(f"textback logins: {error}", file=sys.stderr)
        return EXIT_USAGE
    return EXIT_OK


def contacted(options: argparse.Namespace) -> int:
    """Somebody else has contacted a number."""
    return _tell(options, "contacted", "is not texted for the cooldown's time")


def hand_back(options: argparse.Namespace) -> int:
    """The box may answer a number again."""
    return _tell(options, "hand-back", "is answered by the box again")


def _tell(options: argparse.Namespace, what: str, said: str) -> int:
    """Tell the gateway something about a number; `said` is what it does from now on."""
    request = {"do": what, "to": options.number, "by": options.by}
    print(f"{asyncio.run(control.ask(_socket(options), request))['number']} {said}")
    return EXIT_OK


def _socket(options: argparse.Namespace) -> Path:
    return state_of(options) / SOCKET


def _span(seconds: int) -> str:
    """How long the gateway has been up."""
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"
