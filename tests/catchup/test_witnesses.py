"""What others have noted of calls, as it is read: carriers' texts, modems' lists, phone systems' files."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.asterisk.cdrfile import TAIL_BYTES, read_file
from drivers.modem.missedcalls import read_entry
from drivers.modem.nettime import read_time
from gateway.core.carriernotices import read_notice
from gateway.core.missedlist import new_entries

ZONE = ZoneInfo("America/New_York")
SENT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Sunday evening, eight o'clock in New York
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "caller", "times", "at"),
    [
        ("You missed a call from (216) 555-0143 at 3:45 PM.", "2165550143", 1, "15:45"),
        ("Missed call from 2165550143", "2165550143", 1, None),
        ("You have 2 missed calls from 216-555-0143. Last call 11/22 3:45 PM", "2165550143", 2, "15:45"),
        ("Free Msg: +12165550143 tried to call you at 15:45 on 11/22/26.", "+12165550143", 1, "15:45"),
        ("Missed Call Alert: 1-216-555-0143 called you 11/22 03:45PM", "12165550143", 1, "15:45"),
        ("Tiene una llamada perdida del 216 555 0143 a las 3:45 p.m.", "2165550143", 1, "15:45"),
        ("Usted tiene 3 llamadas perdidas de (216)555-0143 el 22/11 a las 15:45", "2165550143", 3, "15:45"),
        ("El 2165550143 te llamó a las 15:45", "2165550143", 1, "15:45"),
    ],
)
def test_the_carriers_words_about_a_missed_call_are_understood(
    body: str, caller: str, times: int, at: str | None
) -> None:
    found = read_notice(body, SENT, ZONE)
    assert [notice.caller for notice in found] == [caller] * times
    said = found[0].at
    assert (said and f"{said.astimezone(ZONE):%H:%M}") == at
    assert said is None or said.astimezone(ZONE).day == 22


@pytest.mark.parametrize(
    "body",
    [
        "Your plan renews on 11/25. Call 2165550143 for help",
        "You missed a payment. Call 216-555-0143",
        "You missed a call",
        "You missed a call from 12345",
        "Missed calls: " + " ".join(f"216555{number:04d}" for number in range(140, 160)),
        "",
    ],
)
def test_other_texts_of_carriers_are_no_missed_calls(body: str) -> None:
    assert read_notice(body, SENT, ZONE) == ()


@given(st.text(max_size=300))
def test_no_text_upsets_the_reading(body: str) -> None:
    read_notice(f"missed call from {body}", SENT, ZONE)


@given(
    st.lists(st.sampled_from("ABCDEF"), max_size=10),
    st.lists(st.sampled_from("ABCDEF"), max_size=4),
    st.sampled_from(["every", "merged", "moved"]),
)
def test_no_new_entry_of_a_list_is_overlooked_whatever_the_modems_habit(
    before: list[str], calls: list[str], habit: str
) -> None:
    def called(entries: list[str], number: str) -> list[str]:
        if habit == "merged" and entries[:1] == [number]:
            return entries
        if habit == "moved":
            entries = [each for each in entries if each != number]
        return [number, *entries][:10]

    start: list[str] = []
    for number in before:
        start = called(start, number)
    end = start
    for number in calls:
        end = called(end, number)
    count, _ = new_entries([(each, "") for each in start], [(each, "") for each in end])
    new = end[:count]
    visible = {each for each in calls if each not in start}
    assert visible <= set(new)
    assert len(new) <= max(len(calls), 0) or habit == "moved" or len(start) + len(calls) > 10


@pytest.mark.parametrize(
    ("line", "number", "at"),
    [
        ('+CPBR: 1,"+12165550143",145,""', "+12165550143", None),
        ('+CPBR: 2,"2165550143",129,"Dana","26/11/22,15:45:00-20"', "2165550143", "20:45"),
        ('+CPBR: 2,"2165550143",129,"","2026/11/22,15:45"', "2165550143", None),
    ],
)
def test_a_modems_list_is_read_with_or_without_times(line: str, number: str, at: str | None) -> None:
    entry = read_entry(line)
    assert entry is not None
    assert entry.number == number
    assert (entry.at and f"{entry.at:%H:%M}") == at


@pytest.mark.parametrize("line", ['+CPBR: 1,"",128,""', "+CPBR: x", "OK", "", '+CPBR: 1,"*",129'])
def test_withheld_and_broken_entries_of_the_list_are_passed_over(line: str) -> None:
    assert read_entry(line) is None


@pytest.mark.parametrize(
    ("line", "utc"),
    [
        ('+CCLK: "26/11/22,15:45:00-20"', "20:45"),
        ("^NWTIME: 26/11/22,15:45:00-20,00", "20:45"),
        ('+QLTS: "2026/11/22,15:45:00-20,0"', "20:45"),
        ('#CCLK: "26/11/22,15:45:00-20,0"', "20:45"),
        ('*PSUTTZ: 26/11/22,15:45:00","-20",0', "20:45"),
        ('+CCLK: "26/11/22,21:15:00+22"', "15:45"),
    ],
)
def test_the_networks_time_is_read_in_every_dialect(line: str, utc: str) -> None:
    told = read_time("modem", line)
    assert told is not None
    assert told.wall is None
    assert f"{told.moments[0]:%H:%M}" == utc


@pytest.mark.parametrize("line", ['+CCLK: "80/01/06,00:00:10+00"', '+CCLK: "04/01/01,00:00:27+00"', "+QLTS: ", "OK"])
def test_a_modem_that_was_told_nothing_tells_nothing(line: str) -> None:
    assert read_time("modem", line) is None


def row(uniqueid: str, start: str, **more: str) -> dict[str, str]:
    return {
        "start": start,
        "src": "2165550143",
        "dst": "s",
        "dcontext": "from-trunk",
        "channel": f"PJSIP/trunk-{uniqueid.replace('.', '')}",
        "dstchannel": "PJSIP/101-00000002",
        "lastapp": "Dial",
        "duration": "20",
        "billsec": "0",
        "disposition": "NO ANSWER",
        "uniqueid": uniqueid,
        "linkedid": uniqueid,
    } | more


def csv_of(*rows: dict[str, str]) -> str:
    names = list(rows[0])
    return "\n".join([",".join(names), *(",".join(f'"{each[name]}"' for name in names) for each in rows), ""])


BEGAN = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # half past one, the first time, on the night when the clocks go back


def test_a_call_of_the_records_has_its_moment_whatever_zone_the_phone_system_writes(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    key = f"{BEGAN.timestamp():.0f}.7"
    for start in ("2026-11-01 01:30:00", "2026-11-01 05:30:00", "2026-10-31 22:30:00"):
        path.write_text(csv_of(row(key, start)))
        (noted,) = read_file(path, LONG_AGO, ZONE)
        assert (noted.key, noted.starts, noted.ends) == (key, BEGAN, BEGAN + timedelta(seconds=20))
        assert noted.call.missed is True


def test_asterisks_own_file_without_a_header_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    path.write_text(
        '"","2165550143","101","from-trunk","""Dana"" <2165550143>","PJSIP/trunk-00000001","PJSIP/101-00000002","Dial",'
        '"PJSIP/101,20","2026-11-22 15:45:00",,"2026-11-22 15:45:20",20,0,"NO ANSWER","DOCUMENTATION"\n'
    )
    (noted,) = read_file(path, LONG_AGO, ZONE)
    assert (noted.key, noted.call.caller, noted.call.missed) == ("", "2165550143", True)
    assert noted.starts == datetime(2026, 11, 22, 20, 45, tzinfo=UTC)


def test_records_in_sqlite_are_read_and_never_changed(tmp_path: Path) -> None:
    path = tmp_path / "master.db"
    db = sqlite3.connect(path)
    db.execute(
        "CREATE TABLE cdr (calldate, clid, dcontext, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition,"
        " amaflags, accountcode, uniqueid, userfield, test)"
    )
    key = f"{BEGAN.timestamp():.0f}.7"
    db.execute(
        "INSERT INTO cdr VALUES ('2026-11-01 01:30:00', '\"Dana\" <2165550143>', 'from-trunk', 'PJSIP/trunk-1', 'PJSIP/101-2',"
        " 'Dial', '', 20, 0, 'NO ANSWER', 3, '', ?, '', '')",
        (key,),
    )
    db.commit()
    db.close()
    before = path.read_bytes()
    (noted,) = read_file(path, LONG_AGO, ZONE)
    assert (noted.key, noted.call.caller, noted.starts) == (key, "2165550143", BEGAN)
    assert path.read_bytes() == before


def test_of_a_huge_file_only_the_end_is_read_and_a_line_in_the_making_waits(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    old = row("1500000000.1", "2017-07-14 02:40:00")
    key = f"{BEGAN.timestamp():.0f}.7"
    text = csv_of(old, row(key, "2026-11-01 01:30:00"))
    head, first, last = text.splitlines()
    with path.open("w") as file:
        file.write(head + "\n")
        file.writelines(first + "\n" for _ in range(TAIL_BYTES // len(first) + 2000))
        file.write(last + "\n" + last[: len(last) // 2])
    (noted,) = read_file(path, datetime(2026, 1, 1, tzinfo=UTC), ZONE)
    assert noted.key == key


@pytest.mark.parametrize("text", ["nonsense\n", "a,b,c\n1,2,3\n"])
def test_a_file_that_is_something_else_is_refused_with_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match="linkedid"):
        read_file(path, LONG_AGO, ZONE)


@given(st.binary(max_size=400))
def test_no_bytes_upset_the_reading_of_records(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with contextlib.suppress(ValueError):
            read_file(Path(file.name), LONG_AGO, ZONE)
