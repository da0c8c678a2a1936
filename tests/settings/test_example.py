"""The example configuration and the schema say the same, and the example businesses are what they claim to be."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from drivers.asterisk.settings import AsteriskSettings
from drivers.modem.settings import ModemSettings
from gateway.cli.check import check
from gateway.core.business import Line, Policy, QuietHoursRule, Storm, Window
from gateway.settings import Role, Settings, SettingsError, load, parse
from gateway.settings.devices import STATE
from gateway.settings.example import example
from gateway.settings.options import AS_IN_TRADE, Option, Place
from gateway.settings.schema import PARTS, TOP
from gateway.settings.yamlnodes import Items, Mapping, Scalar, read_nodes

CONFIG = Path(__file__).parents[2] / "config"
EXAMPLE = CONFIG / "gateway.example.yaml"
TODAY = date(2025, 12, 1)
OPTIONS: list[tuple[str, Option[Any]]] = [
    *((f"{part.section.name}.{option.name}", option) for part in PARTS for option in part.section.options),
    *(
        (f"{outer.name}.{option.name}", option)
        for part in PARTS
        for outer in part.section.options
        if outer.inner is not None
        for option in outer.inner.options
    ),
    ("state", STATE),
]


def switched_on(text: str) -> Mapping:
    """The example with every option that is commented out put in force."""
    nodes, problems = read_nodes(re.sub(r"(?m)^(\s*)#(?=[a-z])", r"\1", text), "example")
    assert problems == []
    return nodes


def section_of(top: Mapping, name: str) -> Mapping:
    node = next(entry.node for entry in top.entries if entry.key == name)
    if isinstance(node, Items):
        node = node.nodes[0]
    if next(part.shape for part in PARTS if part.section.name == name) == "named":
        assert isinstance(node, Mapping)
        node = node.entries[0].node
    assert isinstance(node, Mapping)
    return node


def test_the_example_file_is_the_one_that_the_schema_prints() -> None:
    assert EXAMPLE.read_text() == example(), "run: python -m gateway.settings.example > config/gateway.example.yaml"


def test_the_example_names_exactly_the_options_there_are() -> None:
    top = switched_on(EXAMPLE.read_text())
    assert {entry.key for entry in top.entries} == set(TOP)
    for part in PARTS:
        there = {entry.key: entry.node for entry in section_of(top, part.section.name).entries}
        assert tuple(there) == part.section.names
        for option in part.section.options:
            if option.inner is not None:
                inner = there[option.name]
                assert isinstance(inner, Mapping)
                assert tuple(entry.key for entry in inner.entries) == option.inner.names


@pytest.mark.parametrize(("path", "option"), OPTIONS, ids=[path for path, _ in OPTIONS])
def test_a_default_is_what_the_example_says_it_is(path: str, option: Option[Any]) -> None:
    assert option.meaning.endswith(".")
    unwrapped = re.sub(r"\n *# ", " ", EXAMPLE.read_text())
    assert f"Default: {option.written or 'none'}." in unwrapped or option.required
    if option.written in ("", "none", "{}", AS_IN_TRADE):
        assert not option.default or option.required
        return
    top, _ = read_nodes(f"x: {option.written}", "f")
    place = Place("f", path)
    assert option.kind(top.entries[0].node, place) == option.default
    assert place.problems == []


def test_the_example_can_be_used_as_it_is() -> None:
    settings = load(EXAMPLE, today=TODAY)
    assert settings.business.name == "Miller Heating & Air"
    assert settings.business.policy == replace(
        Policy(), min_ring_s=4, quiet_from=time(21, 30), quiet_to=time(7), quiet_release=time(7, 30)
    )


def test_every_option_of_the_example_may_be_put_in_force_but_for_secrets_given_twice_and_counties_without_a_list() -> (
    None
):
    with pytest.raises(SettingsError) as caught:
        parse(re.sub(r"(?m)^(\s*)#(?=[a-z])", r"\1", EXAMPLE.read_text()), today=TODAY)
    assert {problem.what.split(":")[0] for problem in caught.value.problems} == {
        "area.counties",
        "asterisk.secret_file",
        "calendars.north",  # in three places
        "calendars.north.password_file",
        "modem.pin_file",
        "ringing.secret_file",
    }


def test_numbers_and_words_that_yaml_would_mistake_are_read_as_written() -> None:
    text = """
business: {name: 007, timezone: America/New_York, area_code: 216, owner_cell: 2165550190}
lines: {main: {number: 12165550100, text_back: off}}
hours: {mon: 08:00-22:30}
texting: {settle: 010, quiet_hours: {from: 22:30, to: 07:00}}
"""
    settings = parse(text, today=TODAY)
    assert settings.business.name == "007"
    assert settings.business.owner == "+12165550190"
    assert settings.business.lines[0].text_back is False
    assert settings.business.hours.weekly[0] == (Window(time(8), time(22, 30)),)
    assert settings.business.policy.settle_s == 10
    assert settings.business.policy.quiet_from == time(22, 30)
    assert settings.business.policy.quiet_release == time(7)


@pytest.fixture(scope="module")
def miller() -> Settings:
    return load(CONFIG / "examples" / "miller.yaml", today=TODAY)


def test_miller_has_its_six_lines_and_its_people(miller: Settings) -> None:
    business = miller.business
    assert business.lines == (
        Line("main", "+12165550100"),
        Line("ads", "+12165550111", quiet_hours=QuietHoursRule.DEFER),
        Line("spanish", "+12165550133", language="es"),
        Line("oncall", "+12165550155", always_notify_owner=True),
        Line("warehouse", "+12165550122", text_back=False),
        Line("fax", "+12165550144", text_back=False),
    )
    assert business.zone == ZoneInfo("America/New_York")
    assert (business.country, business.area_code) == ("US", "216")
    assert (business.sims, business.owner) == (("+12165550188",), "+12165550190")
    assert business.staff == ("+12165550191", "+12165550192", "+12165550193")
    assert business.extensions == ((100, 199),)


def test_miller_keeps_its_calendar(miller: Settings) -> None:
    business = miller.business
    shop, saturday = (Window(time(8), time(17)),), (Window(time(9), time(13)),)
    assert business.hours.weekly == (shop, shop, shop, shop, shop, saturday, ())
    assert sorted(business.hours.holidays) == [
        date(2025, 11, 27), date(2025, 12, 25), date(2026, 1, 1), date(2026, 2, 16), date(2026, 5, 25), date(2026, 7, 3),
        date(2026, 7, 4), date(2026, 9, 7),
    ]  # fmt: skip
    assert business.hours.half_days == {
        date(2025, 11, 28): (Window(time(9), time(12)),),
        date(2025, 12, 24): (Window(time(8), time(12)),),
        date(2025, 12, 31): (Window(time(8), time(12)),),
    }
    assert business.storms == (
        Storm(datetime.fromisoformat("2026-01-26T06:00-05:00"), datetime.fromisoformat("2026-01-27T22:00-05:00")),
    )


def test_miller_texts_by_its_own_numbers(miller: Settings) -> None:
    assert miller.business.policy == Policy(
        settle_s=15,
        min_ring_s=4,
        missed_means=frozenset({"no_answer", "busy", "voicemail", "queue_abandon", "ivr_abandon"}),
        cooldown_s=43200,
        conversation_open_s=259200,
        takeover_s=86400,
        repeat_calls=3,
        repeat_within_s=900,
        max_age_s=900,
        duplicate_s=60,
        per_minute=0,
        per_hour=60,
        per_day=0,
        quiet_from=time(21, 30),
        quiet_to=time(7),
        quiet_release=time(7, 30),
        allowed_countries=frozenset({"US"}),
    )


TRADES = {
    "hvac": ("Miller Heating & Air", "216", "America/New_York", "+12165550190"),
    "plumbing": ("Ridgeway Plumbing", "913", "America/Chicago", "+19135550190"),
    "electrical": ("Lakeshore Electric", "216", "America/New_York", "+12165550290"),
    "roofing": ("Alamo Crest Roofing", "210", "America/Chicago", "+12105550190"),
    "painting": ("Brightline Painting", "216", "America/New_York", "+12165550390"),
    "cleaning": ("Bluebonnet Cleaning", "210", "America/Chicago", "+12105550290"),
    "garage_door": ("Heartland Garage Door", "913", "America/Chicago", "+19135550290"),
    "locksmith": ("Keystone Lock & Key", "210", "America/Chicago", "+12105550390"),
    "general": ("Harbor Home Services", "913", "America/Chicago", "+19135550390"),
}


@pytest.mark.parametrize("trade", TRADES)
def test_every_trade_has_an_example_business_without_a_doubt(trade: str, miller: Settings) -> None:
    settings = load(CONFIG / "examples" / f"{trade}.yaml", today=TODAY)
    business = settings.business
    name, area, zone, owner = TRADES[trade]
    assert (business.name, business.area_code, business.zone.key, business.owner) == (name, area, zone, owner)
    assert business.lines[0] == Line("main", f"+1{area}5550100")
    assert business.sims == (f"+1{area}5550188",)
    forwarded = any(modem.role is Role.FORWARDED_LINE for modem in settings.modems)
    assert business.policy == replace(miller.business.policy, min_ring_modem_s=0 if forwarded else None)
    assert business.hours.weekly == miller.business.hours.weekly
    assert business.hours.half_days == miller.business.hours.half_days
    assert date(2026, 11, 26) in business.hours.holidays or trade == "hvac"
    doubts = [doubt for doubt in settings.warnings if "every user of this machine" not in doubt.what]
    assert doubts == []


def test_the_test_bench_office_listens_where_its_asterisk_speaks() -> None:
    settings = load(CONFIG / "examples" / "asterisk-lab.yaml", today=TODAY)
    (server,) = settings.asterisk
    assert (server.host, server.port, server.username, server.secret) == ("127.22.0.1", 5038, "gateway", "gateway-pw")
    assert "gateway-pw" not in repr(settings)
    assert len(settings.business.lines) == 34


@pytest.mark.parametrize("path", sorted((CONFIG / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_check_accepts_every_example_and_shows_each_text_in_one_segment(path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert check(path, out, err, today=TODAY) == 0
    texts = re.findall(r"^(\w+) \((\d) segments?, (\d+) septets\) on", out.getvalue(), re.MULTILINE)
    assert {"open", "after_hours", "holiday", "storm"} <= {name for name, _, _ in texts}
    assert {segments for _, segments, _ in texts} == {"1"}
    assert all(line.startswith(f"{path}:") and ": warning: " in line for line in err.getvalue().splitlines())


def test_check_shows_what_is_answered_to_stop_start_and_help_in_the_languages_of_the_lines() -> None:
    out = io.StringIO()
    check(CONFIG / "examples" / "miller.yaml", out, io.StringIO(), today=TODAY)
    answers = out.getvalue().split("Answers to STOP, START and HELP:\n")[1].splitlines()
    assert len(answers) == 6
    assert answers[0].startswith("  Miller Heating & Air: you will get no more texts from us.")
    assert answers[3].startswith("  Miller Heating & Air: no le enviaremos")
    assert all(re.search(r"\(1 segment, \d+ septets\)$", answer) for answer in answers)


def test_check_shows_the_texts_for_weekends_and_vips_and_every_text_that_a_line_names(tmp_path: Path) -> None:
    words = "sorry we missed your call. What can we do? Emergency: text URGENT. Auto-text, STOP to end."
    palabras = "perdimos su llamada. ¿Qué pasa? Si urge, escriba URGENTE. Texto automatico, STOP para salir."
    path = tmp_path / "gateway.yaml"
    path.write_text(f"""
business: {{name: Miller Heating & Air, timezone: America/New_York}}
lines:
  main: {{number: "+12165550100"}}
  spanish: {{number: "+12165550133", language: es, templates: {{weekend: domingo}}}}
  ads: {{number: "+12165550111", templates: {{open: from_ads, vip: from_ads}}}}
  fax: {{number: "+12165550144", text_back: no, templates: {{storm: of_the_fax}}}}
templates:
  vip: "{{business}}: {words}"
  weekend: "{{business}}, closed till Monday: {words}"
  domingo: "{{business}}: {palabras}"
  from_ads: "{{business}} (ads): {words}"
  of_the_fax: "{{business}} (fax): {words}"
""")
    out, err = io.StringIO(), io.StringIO()
    assert check(path, out, err, today=TODAY) == 0, err.getvalue()
    users = dict(re.findall(r"^(\w+) \(\d segments?, \d+ septets\) on (.*)$", out.getvalue(), re.MULTILINE))
    assert {name: lines for name, lines in users.items() if name in ("vip", "weekend", "domingo", "from_ads")} == {
        "vip": "main",
        "weekend": "main, ads",
        "domingo": "spanish",
        "from_ads": "ads",
    }
    assert "of_the_fax" not in users
    assert "templates" not in err.getvalue()


def test_check_says_every_problem_and_ends_with_two(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text("business:\n  name: A\n  timezone: Mars\ncolour: red\n")
    out, err = io.StringIO(), io.StringIO()
    assert check(path, out, err, today=TODAY) == 2
    assert out.getvalue() == ""
    lines = err.getvalue().splitlines()
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in lines] == ["3", "4"]
    assert all(" - " in line for line in lines)


def test_a_forwarded_line_and_two_modems_are_understood() -> None:
    text = """
business: {name: Miller Heating & Air, timezone: America/New_York}
lines: {main: {number: "+12165550100"}, ads: {number: "+12165550111"}}
modem:
  - {name: one, port: /dev/serial/by-id/a, number: "+12165550188", role: forwarded_line, line: main}
  - {name: two, port: /dev/serial/by-id/b, number: "+12165550189", on_ring: hang_up}
"""
    settings = parse(text, today=TODAY)
    assert [(modem.name, modem.role, modem.line) for modem in settings.modems] == [
        ("one", Role.FORWARDED_LINE, "main"),
        ("two", Role.TEXT_ONLY, None),
    ]
    assert settings.business.sims == ("+12165550188", "+12165550189")


def test_what_a_device_is_assumed_to_be_is_what_its_driver_assumes() -> None:
    text = "business: {name: A, timezone: UTC}\nasterisk: {username: u, secret: s}\nmodem: {port: /dev/modem}\n"
    settings = parse(text, today=TODAY)
    (server,), driver = settings.asterisk, AsteriskSettings("127.0.0.1", "u", "s")
    assert (server.name, server.host, server.port) == (driver.name, driver.host, driver.port)
    assert (server.inbound_contexts, server.internal_contexts) == (driver.inbound_contexts, driver.internal_contexts)
    (modem,), wanted = settings.modems, ModemSettings("/dev/modem")
    assert (modem.port, modem.name, modem.baud, modem.rtscts) == (wanted.path, wanted.name, wanted.baud, wanted.rtscts)
    assert (modem.pin, modem.number, modem.profile) == (wanted.pin, wanted.number, wanted.profile)
    assert modem.on_ring.value == wanted.on_ring.value


def test_a_plain_value_keeps_its_line() -> None:
    top, _ = read_nodes("a: 1\n\nb: x\n", "f")
    assert [entry.node for entry in top.entries] == [Scalar("1", 1), Scalar("x", 3)]
