"""Each mistake is named at its line, with what to do about it."""

# ruff: noqa: E501 - a table of mistakes is read by its columns

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gateway.files import EXAMPLE
from gateway.settings import SettingsError, load, parse

GOOD = """\
business:
  name: Miller Heating & Air
  timezone: America/New_York
  area_code: "216"
  owner_cell: "+12165550190"
lines:
  main:
    number: "+12165550100"
hours: {mon: ["08:00-17:00"], tue: [], wed: [], thu: [], fri: [], sat: [], sun: []}
holidays:
  - {date: 2030-12-25, name: Christmas Day}
texting:
  settle: 15 s
modem:
  port: /dev/serial/by-id/usb-modem
  number: "+12165550188"
asterisk:
  username: textback
  secret: "s3cret-in-here"
"""
TODAY = date(2026, 3, 2)

CLOCK = "write hours and minutes of a 24-hour clock, such as '21:30'"
E164 = "write it with country code, such as '+12165550100'"
WINDOW = "write opening hours such as '08:00-17:00', on a 24-hour clock"

# what stands in the good configuration, what is written instead, and the only problem that this makes
BAD: list[tuple[str, str, str]] = [
    ("business:", "bussiness:", "1: section 'business' is missing - write 'business:' with name and timezone below it"),
    ("  name: Miller Heating & Air\n", "", "1: business: 'name' is missing - write 'name: Miller Heating & Air', with your own value"),
    ("name: Miller Heating & Air", "name:", "2: business: 'name' is empty - write 'name: Miller Heating & Air', with your own value"),
    ("name: Miller Heating & Air", "name: [a, b]", "2: business.name: a list stands where one value should - write the business's name"),
    ("area_code:", "area-code:", "4: business: unknown option 'area-code' - did you mean 'area_code'?"),
    ("America/New_York", "America/NewYork", "3: business.timezone: 'America/NewYork' is not a time zone - did you mean 'America/New_York'?"),
    ("America/New_York", "Eastern", "3: business.timezone: 'Eastern' is not a time zone - did you mean 'America/New_York'?"),
    ("America/New_York", "../../etc/passwd", "3: business.timezone: '../../etc/passwd' is not a time zone - write region and city, such as America/New_York"),
    ('"216"', '"16"', "4: business.area_code: '16' is not an area code - write three digits such as '216'"),
    ('owner_cell: "+12165550190"', "owner_cell: 0155512345", f"5: business.owner_cell: '0155512345' is not a telephone number - {E164}"),
    ('owner_cell: "+12165550190"', 'owner_cell: "+12165550100"', "5: business.owner_cell: this is the number of line 'main' - write a cell phone"),
    ('owner_cell: "+12165550190"', 'staff: ["+12165550191", "55501"]', f"5: business.staff: '55501' is not a telephone number - {E164}"),
    ('owner_cell: "+12165550190"', 'extensions: ["199-100"]', "5: business.extensions: '199-100' ends before it begins - write '100-199'"),
    ("  main:\n", "  Main Line:\n", "7: lines: 'Main Line' cannot be the name of a line - use small letters, digits and _, beginning with a letter"),
    ('    number: "+12165550100"', '    text_back: yes', "7: lines.main: 'number' is missing - write 'number: \"+12165550100\"', with your own value"),
    ('    number: "+12165550100"', '    number: "+12165550100"\n    text_back: maybe', "9: lines.main.text_back: 'maybe' is neither yes nor no - write yes or no"),
    ('    number: "+12165550100"', '    number: "+12165550100"\n    language: sp', "9: lines.main.language: 'sp' is not known - use one of: en, es"),
    ('    number: "+12165550100"', '    number: "+12165550100"\n    quiet_hours: deffer', "9: lines.main.quiet_hours: 'deffer' is not known - did you mean 'defer'?"),
    ('    number: "+12165550100"', '    number: "+12165550100"\n  two: {number: 216-555-0100}', "9: lines.two.number: line 'main' has the same number - correct one of the two"),
    ('    number: "+12165550100"', '    number: "+12165550188"', "8: lines.main.number: this is the SIM's number - correct one of the two, or write 'role: business_line' for the modem (line 14)"),
    ('    number: "+12165550100"', '    number: "+12165550100"\n    templates: {open: oppen}', "9: lines.main.templates.open: there is no template 'oppen' - did you mean 'open'?"),
    ('    number: "+12165550100"', '    number: "+12165550100"\n    templates: {night: open}', "9: lines.main.templates: unknown situation 'night' - use one of: open, after_hours, weekend, holiday, storm, vip"),
    ('    number: "+12165550100"', '    number: "+12165550100"\n    number: "+12165550101"', "9: 'number' is given a second time (first in line 8) - keep one of the two"),
    ("08:00-17:00", "8 to 5", "9: hours.mon: '8 to 5' is not a window of time - did you mean '08:00-17:00'?"),
    ("08:00-17:00", "8:30am - 5 pm", "9: hours.mon: '8:30am - 5 pm' is not a window of time - did you mean '08:30-17:00'?"),
    ("08:00-17:00", "all day", f"9: hours.mon: 'all day' is not a window of time - {WINDOW}"),
    ("08:00-17:00", "17:00-08:00", "9: hours.mon: '17:00-08:00' closes before it opens - swap the times, or split at midnight: 17:00-24:00 and, on the next day, 00:00-08:00"),
    ('"08:00-17:00"', '"08:00-12:00", "11:30-17:00"', "9: hours.mon: 08:00-12:00 and 11:30-17:00 overlap - make one window of them"),
    ("08:00-17:00", "08:00-25:00", f"9: hours.mon: '08:00-25:00' is not a window of time - {WINDOW}"),
    ("sun: []", "son: []", "9: hours: unknown option 'son' - did you mean 'sun'?"),
    ("2030-12-25", "2030-12-32", "11: holidays[1].date: '2030-12-32' is not in the calendar - correct the month or the day (year-month-day)"),
    ("2030-12-25", "12/25/2030", "11: holidays[1].date: '12/25/2030' is not a date - write year-month-day, such as 2026-12-25"),
    ("Christmas Day}", "Christmas Day}\n  - {date: 2030-12-25}", "12: holidays[2]: 2030-12-25 is given a second time - keep one of the two"),
    ("Christmas Day}", "Christmas Day}\nhalf_days:\n  - {date: 2030-12-25, hours: []}", "13: half_days[1]: 2030-12-25 is a holiday as well - keep one of the two"),
    ("Christmas Day}", "Christmas Day}\nstorm_mode:\n  - {from: 2026-01-27 06:00, to: 2026-01-26 06:00}", "13: storm_mode[1]: the storm is over before it begins - swap the times"),
    ("Christmas Day}", "Christmas Day}\nstorm_mode:\n  - {from: 2026-01-27, to: 2026-01-28 06:00}", "13: storm_mode[1].from: '2026-01-27' is not a date and time - write a date and time such as '2026-01-26 06:00'"),
    ("  - {date: 2030-12-25, name: Christmas Day}", "  - Christmas", "11: holidays[1]: names and values are needed here - write '- {date: 2026-12-25}'"),
    ("settle: 15 s", "settle: 15 parsecs", "13: texting.settle: 'parsecs' is not a unit of time - use s, min, h or days"),
    ("settle: 15 s", "settle: soon", "13: texting.settle: 'soon' is not a duration - write a duration such as '10 s'"),
    ("settle: 15 s", "settle: 2 h", "13: texting.settle: '2 h' is too long - write at most 10 min"),
    ("settle: 15 s", "settle: 3 min\n  max_age: 2 min", "13: texting.settle: a text would be too old when it leaves - make it shorter than max_age"),
    ("settle: 15 s", "per_hour: -1", "13: texting.per_hour: '-1' is not a whole number - write a whole number from 0 to 100000"),
    ("settle: 15 s", "cool_down: 12 h", "13: texting: unknown option 'cool_down' - did you mean 'cooldown'?"),
    ("settle: 15 s", "missed_means: [busy, no_anser]", "13: texting.missed_means: 'no_anser' is not known - did you mean 'no_answer'?"),
    ("settle: 15 s", 'quiet_hours: {from: "21:30", to: "21:30"}', "13: texting.quiet_hours: quiet hours begin and end at the same time - change one, or remove quiet_hours"),
    ("settle: 15 s", 'quiet_hours: {from: 9 pm, to: "07:00"}', f"13: texting.quiet_hours.from: '9 pm' is not a time of day - {CLOCK}"),
    ("settle: 15 s", 'quiet_hours: {from: "21:30"}', "13: texting.quiet_hours: 'to' is missing - write 'to: \"07:00\"', with your own value"),
    ("settle: 15 s", "allowed_countries: [usa]", "13: texting.allowed_countries: 'usa' is not a country - did you mean 'US'?"),
    ("settle: 15 s", "allowed_countries: [US, UK]", "13: texting.allowed_countries: 'UK' is not a country - did you mean 'GB'?"),
    ("settle: 15 s", "allowed_countries: [XX]", "13: texting.allowed_countries: 'XX' is not a country - write two capital letters such as US"),
    ("settle: 15 s", "per_hour: unlimited", "13: texting.per_hour: 'unlimited' is not a whole number - write a whole number from 0 to 100000, or none for no limit"),
    ("settle: 15 s", "quiet_hours: 21:30-07:00", "13: texting.quiet_hours: '21:30-07:00' stands where a section should - write {from: \"21:30\", to: \"07:00\"}"),
    ("owner_cell: \"+12165550190\"", "staff: 2165550191, 2165550192", "5: business.staff: '2165550191, 2165550192' is not a list - put it in brackets: a list such as ['+12165550191', '+12165550192']"),
    ("owner_cell: \"+12165550190\"", "owner_cell: 800-555-0190", "5: business.owner_cell: (800) 555-0190 cannot get texts - write a cell phone"),
    ("settle: 15 s", "min_ring: 2 wrings", "13: texting.min_ring: 'wrings' is not a unit of time - use s, min, h or days"),
    ("  settle: 15 s", "\tsettle: 15 s", "13: a tab stands where spaces should - indent with spaces"),
    ("  settle: 15 s", "  settle: '15 s", "13: a quote or bracket is opened here and never closed - close it"),
    ("asterisk:", "page: 8080\nasterisk:", "17: page: '8080' stands where a section should - write its options below 'page:', indented"),
    ("  port:", "  prot:", "15: modem: unknown option 'prot' - did you mean 'port'?"),
    ("/dev/serial/by-id/usb-modem", "COM3", "15: modem.port: 'COM3' is not a full path - write a path that begins with /"),
    ("  port:", "  profile: huwei\n  port:", "15: modem.profile: there is no modem profile 'huwei' - did you mean 'huawei'?"),
    ("  port:", "  baud: fast\n  port:", "15: modem.baud: 'fast' is not a whole number - write a whole number from 1200 to 4000000"),
    ("  port:", "  pin: 12\n  port:", "15: modem.pin: '12' is not a PIN - write 4 to 8 digits in quotes"),
    ("  port:", "  role: business_line\n  port:", "15: modem.role: no line has the SIM's number - add a line with it, or choose another role"),
    ("  port:", "  line: mian\n  port:", "15: modem.line: there is no line 'mian' - did you mean 'main'?"),
    ("  port:", "  pin_file: no-such-file\n  port:", "15: modem.pin_file: there is no file 'no-such-file' - create it, readable by the gateway alone"),
    ("  username:", "  host: 10.0.0.1:5038/x\n  username:", "18: asterisk.host: '10.0.0.1:5038/x' is not a host - write a name or address such as 127.0.0.1"),
    ("  username:", "  port: 70000\n  username:", "18: asterisk.port: 70000 is too large - write a whole number from 1 to 65535"),
    ('  secret: "s3cret-in-here"\n', "", "17: asterisk: 'secret' is missing - write secret, or secret_file with the path of a file"),
    ("asterisk:", "page: {port: http}\nasterisk:", "17: page.port: 'http' is not a whole number - write a whole number from 1 to 65535"),
    ("asterisk:", "contacts: [{number: 216-555-0170, kind: friend}]\nasterisk:", "17: contacts[1].kind: 'friend' is not known - use one of: vendor, staff, customer, vip, blocked, no_autotext, autoresponder, landline"),
    ("asterisk:", "colour: red\nasterisk:", "17: unknown option 'colour' - use one of: business, lines, hours, holidays, half_days, storm_mode, texting, services, area, conversation, authority, call_back, rota, booking, crews, calendars, appointments, emergencies, people, on_call, escalation, remote, notifications, leads, replies, ringing, questions, contacts, asterisk, modem, page, clock, backup, retention, log, templates, state"),
    ("asterisk:", "state: var\nasterisk:", "17: state: 'var' is not a full path - write a path that begins with /"),
    ("asterisk:", 'templates: {open: "{business}: hi"}\nasterisk:', "17: templates.open: does not say how to stop the texts - end with: Reply STOP to opt out."),
    ("asterisk:", 'templates: {weekend: "{business}: hi"}\nasterisk:', "17: templates.weekend: does not say how to stop the texts - end with: Reply STOP to opt out."),
    ('    number: "+12165550100"\n', '    number: "+12165550100"\n    language: es\n    templates: {vip: nuestros}\ntemplates: {nuestros: "{business}: perdimos su llamada. Emergencia: escriba URGENTE. Texto automatico."}\n', "11: templates.nuestros: does not say how to stop the texts - end with: STOP para salir."),
    ('    number: "+12165550100"\n', '    number: "+12165550100"\n    text_back: no\n    language: es\n    templates: {open: nuestros}\n  ads: {number: "+12165550111"}\ntemplates: {nuestros: "{business}: perdimos su llamada. Texto automatico."}\n', "13: templates.nuestros: does not say how to stop the texts - end with: STOP para salir."),
    ("asterisk:", 'log: {level: loud}\nasterisk:', "17: log.level: 'loud' is not known - use one of: debug, info, warning, error"),
]  # fmt: skip


def problems_of(text: str | bytes) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse(text, "g.yaml", today=TODAY)
    return [str(problem) for problem in caught.value.problems]


def test_the_configuration_all_these_mistakes_are_made_in_is_good_and_free_of_doubts() -> None:
    assert parse(GOOD, "g.yaml", today=TODAY).warnings == ()


@pytest.mark.parametrize(("there", "instead", "expected"), BAD, ids=[expected[:60] for _, _, expected in BAD])
def test_a_mistake_is_named_at_its_line_with_a_remedy(there: str, instead: str, expected: str) -> None:
    assert GOOD.count(there) >= 1
    found = problems_of(GOOD.replace(there, instead, 1))
    assert any(problem.startswith(f"g.yaml:{expected}") for problem in found), found


def test_one_mistake_makes_one_problem() -> None:
    noisy = {
        expected: found
        for there, instead, expected in BAD
        if len(found := problems_of(GOOD.replace(there, instead, 1))) > 1
    }
    # An option that is misspelt is unknown where it stands, and the one that was meant is missing.
    assert {len(found) for found in noisy.values()} == {2}, noisy
    for found in map(" ".join, noisy.values()):
        assert "unknown option" in found
        assert "is missing" in found


def test_all_problems_are_said_in_one_run_in_the_order_of_the_file() -> None:
    text = GOOD.replace("America/New_York", "Mars").replace("settle: 15 s", "settle: x").replace("textback", "")
    found = problems_of(text)
    assert [int(problem.split(":")[1]) for problem in found] == [3, 13, 18]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "1: the file is empty - start from config/gateway.example.yaml"),
        (b"# nothing yet\n", "1: the file is empty - start from config/gateway.example.yaml"),
        (b"- a\n", "1: the file does not hold sections - write 'business:' and the other sections at the left margin"),
        (b"business:\n  name: Caf\xe9\n", "2: byte 0xe9 is not UTF-8 text - save the file as UTF-8"),
        (b"business:\n  name: a\x00b\n", "2: character U+0000 is not allowed - delete it"),
        (b"a: 1\n---\nb: 2\n", "2: a second document begins here - remove the line with ---"),
        (b"#" * (1 << 20) + b"\n", "1: the file is larger than 1 MiB - give the gateway's own configuration file"),
        (b"a: &a [*a]\n", "1: *a has no &a before it - write the value out here"),
        (b"a: " + b"[" * 5000, "1: lists and sections are nested more than 24 deep - check brackets and indentation"),
        (b"a: !!python/object:os.system x\n", "1: tags such as 'tag:yaml.org,2002:python/object:os.sy...' are not used here - remove the word that begins with '!'"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_configuration_is_refused_with_one_sentence(data: bytes, expected: str) -> None:
    assert problems_of(data) == [f"g.yaml:{expected}"]


def test_aliases_of_aliases_cannot_fill_the_memory() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    found = problems_of("l0: &l0 [x]\n" + "\n".join(levels))
    assert "more than 20000 values - write fewer aliases" in found[0]


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    data = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert parse(data, "g.yaml", today=TODAY).business.name == "Miller Heating & Air"


def test_a_missing_file_says_where_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"there is no such file - copy {re.escape(str(EXAMPLE))} there"):
        load(tmp_path / "gateway.yaml")
    with pytest.raises(SettingsError, match="this is not a file"):
        load(tmp_path)
