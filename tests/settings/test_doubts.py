"""What can be run but is probably not meant is said, with its line."""

# ruff: noqa: E501 - a table of doubts is read by its columns

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.settings import load, parse
from tests.settings.test_bad_configurations import GOOD, TODAY

DOUBTS: list[tuple[str, str, str]] = [
    ("/dev/serial/by-id/usb-modem", "/dev/ttyUSB0", "15: modem.port: /dev/ttyUSB0 can be another device after a restart - use the modem's name under /dev/serial/by-id"),
    ("asterisk:", "page: {host: 0.0.0.0}\nasterisk:", "17: page.host: the page is open to every network the box is in (0.0.0.0) - write the box's own address in the office network"),
    ('  owner_cell: "+12165550190"\n', "", "1: business.owner_cell: nobody is told of urgent things - write owner_cell with a cell phone"),
    ('owner_cell: "+12165550190"', 'owner_cell: "+12165550190"\n  staff: [216-555-0190]', "6: business.staff: the owner's cell stands here as well - remove it: owner_cell is enough"),
    ("settle: 15 s", "settle: 90", "13: texting.settle: a caller is texted 90 s after the call, when the next shop is dialled - 10 s to 15 s are usual"),
    ("settle: 15 s", 'quiet_hours: {from: "21:30", to: "07:00", release: "06:30"}', "13: texting.quiet_hours.release: held texts cannot leave in quiet hours: they leave at the end - write a time after the end, or leave release out"),
    ("settle: 15 s", "cooldown: 30 min", "13: texting.cooldown: a caller who tries again after 30 min is texted again - 12 h is usual"),
    ('lines:\n  main:\n    number: "+12165550100"\n', "", "1: lines: no line is set up: no call will be texted - write 'lines:' with your number"),
    ('number: "+12165550100"', 'number: "+12165550100"\n    text_back: no', "6: lines: no line is texted - write 'text_back: yes' for at least one"),
    ('number: "+12165550100"', 'number: "+12165550100"\n    quiet_hours: defer', "9: lines.main.quiet_hours: no quiet hours are set - write 'quiet_hours:' below 'texting:'"),
    ('["08:00-17:00"]', "closed", "9: hours: no opening hours: it is always after hours - write the hours of each day"),
    (", sun: []", "", "9: hours: sun is not named and counts as closed - write 'sun: []' to say so"),
    ("2030-12-25", "2025-12-25", "10: holidays: the last holiday was 2025-12-25 - add the coming ones"),
    ("2030-12-25", "2026-04-03", "10: holidays: the list ends with 2026-04-03 - add next year's"),
    ("settle: 15 s", "allowed_countries: [CA]", "13: texting.allowed_countries: your own country (US) is not among them - add it"),
    ('\n  number: "+12165550188"', "", "14: modem: the SIM's number is not known: calls between our own numbers could be texted - write 'number:' with the SIM's number"),
    ('asterisk:\n  username: textback\n  secret: "s3cret-in-here"\n', "", "14: modem.role: nothing here sees a call - add 'asterisk:', or write 'role: forwarded_line' or 'business_line'"),
    ("settle: 15 s", "max_age: 2 h", "13: texting.max_age: somebody who called 2 h ago is told that the call was just missed - 15 min are usual; older calls go on the call-back list"),
    ("settle: 15 s", "validity: 12 h", "13: texting.validity: a phone that is switched on after 12 h still gets the text - 1 h is usual"),
    ("settle: 15 s", "min_ring: 5 rings", "13: texting.min_ring: callers who hang up before 30 s are taken for misdials - 4 s are usual"),
    ("settle: 15 s", "missed_means: [busy]", "13: texting.missed_means: calls that ring and nobody answers are not texted - add no_answer"),
    ("settle: 15 s", "repeat_calls: 1", "13: texting.repeat_calls: the owner is told of every missed call - 3 are usual; always_notify_owner does it for one line"),
    ('  area_code: "216"\n', "", "1: business.area_code: callers whose number comes without area code cannot be texted - write your own area code"),
    ('settle: 15 s\nmodem:', 'min_ring: 4 s\nmodem:\n  role: forwarded_line', "13: texting.min_ring: only the seconds at the modem count, and a forwarded call has rung in the office before - write 'min_ring_modem: 0 s' below it"),
    ("asterisk:", 'templates: {after_hour: "{business}: sorry we missed your call. What is it? We reply when open. Emergency: text URGENT. Auto-text, STOP to end."}\nasterisk:', "17: templates.after_hour: this text is never used - did you mean 'after_hours'?"),
]  # fmt: skip


@pytest.mark.parametrize(("there", "instead", "expected"), DOUBTS, ids=[expected[:60] for _, _, expected in DOUBTS])
def test_a_doubtful_value_is_named_at_its_line_with_a_remedy(there: str, instead: str, expected: str) -> None:
    assert there in GOOD
    settings = parse(GOOD.replace(there, instead, 1), "g.yaml", today=TODAY)
    assert [str(doubt) for doubt in settings.warnings] == [f"g.yaml:{expected}"]


def test_a_secret_that_everybody_can_read_is_doubted_and_one_that_only_the_gateway_reads_is_not(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(GOOD)
    path.chmod(0o644)
    assert [(doubt.line, doubt.remedy) for doubt in load(path, today=TODAY).warnings] == [
        (19, "chmod o-r the file, or move the secret to a file of its own")
    ]
    path.chmod(0o640)
    assert load(path, today=TODAY).warnings == ()


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ami-secret").write_text("from the file\n")
    path = tmp_path / "gateway.yaml"
    path.write_text(GOOD.replace('secret: "s3cret-in-here"', "secret_file: ami-secret"))
    (server,) = load(path, today=date(2026, 3, 2)).asterisk
    assert server.secret == "from the file"
