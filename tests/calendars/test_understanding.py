"""What calendars say of when somebody is busy, as programs of all kinds write them, and what is no calendar at all."""

# ruff: noqa: E501 - tables are read by their columns

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from drivers.calendars import cutting, expanding
from drivers.calendars.cutting import NoCalendarError, TooMuchError
from tests.calendars.saying import BEGINS, ENDS, FILES, WALL, busy, entry, ics, says, told

MEETING = "20260304T080000", "20260304T093000"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("google", ["03-03 08:00-12:00", "03-04 08:00-09:30", "03-06 00:00-03-08 00:00", "03-18 13:00-14:00", "03-25 08:00-09:30"]),
        ("outlook", ["03-06 08:00-08:30", "03-07 08:00-08:30", "03-08 08:00-08:30", "03-09 08:00-08:30", "03-10 08:00-08:30", "03-12 14:00-16:00", "03-16 00:00-03-18 00:00"]),
        ("apple", ["03-02 15:00-16:00", "03-03 15:00-16:00", "03-04 16:00-16:30", "03-05 10:00-11:00", "03-05 16:00-16:30", "03-06 16:00-16:30", "03-09 09:00-11:00"]),
        ("nextcloud", ["03-06 11:00-12:00", "03-10 00:00-03-11 00:00"]),
    ],
)  # fmt: skip
def test_what_a_program_writes_is_understood_as_it_was_meant(name: str, expected: list[str]) -> None:
    found = busy((FILES / f"{name}.ics").read_bytes())
    assert told(found) == expected
    assert (found.strange, found.endless, found.zones) == (0, 0, 0)


# ---- one entry


def test_an_entry_takes_its_time_and_two_that_touch_are_one() -> None:
    assert says(entry(*MEETING)) == ["03-04 08:00-09:30"]
    assert says(entry(*MEETING), entry("20260304T093000", "20260304T100000", uid="2")) == ["03-04 08:00-10:00"]


@pytest.mark.parametrize(
    "word", ["TRANSP:TRANSPARENT", "transp:transparent", "STATUS:CANCELLED", "STATUS;X-A=B:CANCELLED"]
)
def test_what_is_marked_as_free_or_cancelled_takes_none(word: str) -> None:
    assert says(entry(*MEETING, word)) == []


@pytest.mark.parametrize(
    "word", ["TRANSP:OPAQUE", "STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "CLASS:PRIVATE"]
)
def test_everything_else_takes_it(word: str) -> None:
    assert says(entry(*MEETING, word)) == ["03-04 08:00-09:30"]


def test_an_appointment_of_our_own_that_a_calendar_shows_takes_nothing_a_second_time() -> None:
    assert says(entry(*MEETING, uid="appointment-12-0a1b2c@textback")) == []
    assert says(entry(*MEETING, uid="appointment-12@textback.example")) == ["03-04 08:00-09:30"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;VALUE=DATE:20260304", "03-04 00:00-03-05 00:00"),
        ("DTSTART:20260304", "03-04 00:00-03-05 00:00"),
        ("DTSTART;VALUE=DATE;TZID=America/New_York:20260304", "03-04 00:00-03-05 00:00"),
        ("DTSTART;VALUE=DATE:20260304|DTEND;VALUE=DATE:20260304", "03-04 00:00-03-05 00:00"),
        ("DTSTART;VALUE=DATE:20260304|DTEND;VALUE=DATE:20260306", "03-04 00:00-03-06 00:00"),
        ("DTSTART;VALUE=DATE:20260304|DURATION:P2D", "03-04 00:00-03-06 00:00"),
        ("DTSTART;VALUE=DATE:20260307|DTEND;VALUE=DATE:20260309", "03-07 00:00-03-09 00:00"),  # 47 hours
        ("DTSTART:20260304T080000", "03-04 08:00-08:01"),
        ("DTSTART:20260304T130000Z|DTEND:20260304T143000Z", "03-04 08:00-09:30"),
        ("DTSTART:20260304T080000|DURATION:PT1H30M", "03-04 08:00-09:30"),
        ("DTSTART;TZID=America/Denver:20260304T080000|DURATION:PT1H", "03-04 10:00-11:00"),
        ("DTSTART;TZID=\"America/Denver\":20260304T080000|DURATION:PT1H", "03-04 10:00-11:00"),
        ("DTSTART;TZID=Mountain Standard Time:20260304T080000|DURATION:PT1H", "03-04 10:00-11:00"),
        ("DTSTART;TZID=/mozilla.org/20050126_1/America/Denver:20260304T080000|DURATION:PT1H", "03-04 10:00-11:00"),
        ("DTSTART;TZID=America/Denver:20260304T080000|DTEND:20260304T160000Z", "03-04 10:00-11:00"),
        ("DTSTART;TZID=America/New_York:20260307T120000|DURATION:PT24H", "03-07 12:00-03-08 13:00"),  # hours that pass
        ("DTSTART;TZID=America/New_York:20260308T023000|DURATION:PT1H", "03-08 03:30-04:30"),  # the clocks skip it
        ("DTSTART;TZID=America/New_York:20260227T080000|DTEND;TZID=America/New_York:20260302T090000", "03-01 00:00-03-02 09:00"),
    ],
)  # fmt: skip
def test_days_clocks_and_lengths(event: str, expected: str) -> None:
    assert says(f"UID:1|{event}") == [expected]


def test_a_zone_is_what_the_calendar_says_of_it_where_nobody_else_knows_it() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Shop\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\nTZOFFSETFROM:-0300\r\n"
        "TZOFFSETTO:-0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    assert says("DTSTART;TZID=Shop:20260304T100000|DURATION:PT1H", more=zone) == ["03-04 08:00-09:00"]
    twice = zone + zone.replace("-0300", "-0500")
    assert busy(ics("DTSTART;TZID=Shop:20260304T100000|DURATION:PT1H", more=twice)).strange == 1


def test_a_zone_that_nobody_knows_is_taken_for_the_business_s_own_and_told() -> None:
    found = busy(ics("DTSTART;TZID=Atlantis/Harbour:20260304T080000|DURATION:PT1H"))
    assert (told(found), found.zones) == (["03-04 08:00-09:00"], 1)


def test_published_free_busy_times_count_as_well() -> None:
    times = "FREEBUSY;FBTYPE=BUSY:20260304T130000Z/20260304T143000Z,20260305T130000Z/PT1H\r\nFREEBUSY;FBTYPE=FREE:20260306T130000Z/PT1H"
    text = f"BEGIN:VFREEBUSY\r\n{times}\r\nFREEBUSY:20260307T130000Z/PT1H\r\nEND:VFREEBUSY\r\n"
    assert says(more=text) == ["03-04 08:00-09:30", "03-05 08:00-09:00", "03-07 08:00-09:00"]


# ---- again and again

FIVE_O_CLOCK = "20260302T170000", "20260302T180000"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("RRULE:FREQ=WEEKLY;COUNT=2", ["03-02", "03-09"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260309T210000Z", ["03-02", "03-09"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260309T205959Z", ["03-02"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260309T170000", ["03-02", "03-09"]),  # by the clock of its zone, as some write it
        ("RRULE:FREQ=WEEKLY;UNTIL=20260309", ["03-02", "03-09"]),  # a day: all of it
        ("RRULE:UNTIL=20260309;FREQ=WEEKLY", ["03-02", "03-09"]),
        ("RRULE:FREQ=DAILY;INTERVAL=30;COUNT=2", ["03-02", "04-01"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=2", ["03-02", "04-06"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["03-02", "03-27", "04-24"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;TZID=America/New_York:20260309T170000", ["03-02", "03-16"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20260309T210000Z", ["03-02", "03-16"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;VALUE=DATE:20260309", ["03-02", "03-16"]),
        ("RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20260302T220000Z,20260309T210000Z", ["03-16"]),
        ("RDATE;TZID=America/New_York:20260305T170000,20260306T170000", ["03-02", "03-05", "03-06"]),
        ("RRULE:FREQ=WEEKLY;COUNT=1|RDATE;TZID=America/New_York:20260305T170000", ["03-02", "03-05"]),
    ],
)  # fmt: skip
def test_repetitions_follow_their_rules(rule: str, expected: list[str]) -> None:
    assert says(entry(*FIVE_O_CLOCK, rule)) == [f"{each} 17:00-18:00" for each in expected]


def test_a_time_that_repeats_stays_at_its_hour_when_the_clocks_change() -> None:
    assert says(entry(*FIVE_O_CLOCK, "RRULE:FREQ=WEEKLY;COUNT=2")) == ["03-02 17:00-18:00", "03-09 17:00-18:00"]
    in_utc = "UID:1|DTSTART:20260302T220000Z|DTEND:20260302T230000Z|RRULE:FREQ=WEEKLY;COUNT=2"
    assert says(in_utc) == ["03-02 17:00-18:00", "03-09 18:00-19:00"]


def test_whole_days_repeat_until_their_last_one() -> None:
    days = "UID:1|DTSTART;VALUE=DATE:20260302|RRULE:FREQ=WEEKLY;UNTIL=20260309"
    assert says(days) == ["03-02 00:00-03-03 00:00", "03-09 00:00-03-10 00:00"]
    assert says(f"{days}T000000Z") == ["03-02 00:00-03-03 00:00", "03-09 00:00-03-10 00:00"]


def test_a_floating_series_with_an_end_in_utc_ends_at_that_hour_of_the_business() -> None:
    floating = "UID:1|DTSTART:20260302T170000|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=20260309T{}00Z"
    assert len(says(floating.format("2100"))) == 2
    assert len(says(floating.format("2059"))) == 1


def test_one_of_a_series_is_moved_cancelled_or_made_free() -> None:
    weekly = entry(*FIVE_O_CLOCK, "RRULE:FREQ=WEEKLY;COUNT=4")

    def one(day: str, begins: str, ends: str, more: str = "") -> str:
        return entry(begins, ends, f"RECURRENCE-ID;TZID=America/New_York:{day}T170000" + (f"|{more}" if more else ""))

    moved = one("20260309", "20260311T080000", "20260311T090000")
    cancelled = one("20260316", "20260316T170000", "20260316T180000", "STATUS:CANCELLED")
    free = one("20260323", "20260323T170000", "20260323T180000", "TRANSP:TRANSPARENT")
    assert says(weekly, moved, cancelled, free) == ["03-02 17:00-18:00", "03-11 08:00-09:00"]
    assert says(free, moved, cancelled, weekly) == ["03-02 17:00-18:00", "03-11 08:00-09:00"]


def test_one_of_a_series_that_was_moved_from_long_ago_into_these_days_counts() -> None:
    old = "UID:1|DTSTART:20250106T220000Z|DTEND:20250106T230000Z|RRULE:FREQ=WEEKLY;COUNT=2"
    moved = "UID:1|RECURRENCE-ID:20250113T220000Z|DTSTART:20260304T130000Z|DTEND:20260304T140000Z"
    assert says(old, moved) == ["03-04 08:00-09:00"]


def test_a_moved_one_without_its_series_counts() -> None:
    """An invitation to one of somebody else's series comes alone."""
    assert says(entry(*MEETING, "RECURRENCE-ID:20260304T130000Z")) == ["03-04 08:00-09:30"]


def test_of_several_entries_with_one_uid_all_count() -> None:
    """Some programs give the same to everything; and which revision is meant nobody knows."""
    assert says(entry(*MEETING), entry(*FIVE_O_CLOCK)) == ["03-02 17:00-18:00", "03-04 08:00-09:30"]
    newer = entry("20260305T080000", "20260305T090000", "SEQUENCE:3")
    assert says(entry(*MEETING, "SEQUENCE:1"), newer) == ["03-04 08:00-09:30", "03-05 08:00-09:00"]


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RULES = st.builds(
    lambda freq, interval, days, end: (
        f"FREQ={freq};INTERVAL={interval}" + (f";BYDAY={','.join(days)}" if days and freq != "YEARLY" else "") + end
    ),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True),
    st.one_of(
        st.just(""),
        st.integers(1, 60).map(lambda count: f";COUNT={count}"),
        st.dates(date(2026, 1, 1), date(2026, 6, 1)).map(lambda day: f";UNTIL={day:%Y%m%d}T235959Z"),
    ),
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 1)).map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, 3 * 24 * 60),
    RULES,
    st.sets(st.integers(0, 80), max_size=4),
    st.sampled_from(["America/New_York", "America/Phoenix", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
)
@example(datetime(2026, 2, 28, 2, 30), 60, "FREQ=DAILY;INTERVAL=1", {8}, "America/New_York")
def test_repetitions_are_those_that_come_out_when_each_day_is_looked_at(
    begins: datetime, minutes: int, rule: str, left_out: set[int], name: str
) -> None:
    """By brute force: every repetition since the first one, in the clock of its zone, as dateutil counts them there."""
    zone = ZoneInfo(name)
    fixed = rule
    if "UNTIL=" in rule:
        head, _, until = rule.partition("UNTIL=")
        at = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        fixed = f"{head}UNTIL={at:%Y%m%dT%H%M%S}"
    every = [begins]
    for each in rrulestr(fixed, dtstart=begins):
        if each > datetime(2026, 6, 1):
            break
        every.append(each)
    every = sorted(set(every))
    if "UNTIL=" in fixed and begins > datetime.strptime(fixed.partition("UNTIL=")[2], "%Y%m%dT%H%M%S"):
        return  # it ends before it begins
    gone = {every[index] for index in left_out if 0 < index < len(every)}
    length = timedelta(minutes=minutes)

    def utc(wall: datetime) -> datetime:
        return wall.replace(tzinfo=zone).astimezone(UTC)

    minutes_busy: set[tuple[datetime, datetime]] = set()
    for each in every:
        if each not in gone:
            first, last = utc(each), max(utc(each + length), utc(each) + length)
            first, last = max(first, BEGINS), min(last, ENDS)
            if first < last:
                minutes_busy.add((first, last))
    exdates = f"|EXDATE;TZID={name}:{','.join(f'{each:%Y%m%dT%H%M%S}' for each in sorted(gone))}" if gone else ""
    found = busy(ics(f"UID:1|DTSTART;TZID={name}:{begins:%Y%m%dT%H%M%S}|DURATION:PT{minutes}M|RRULE:{rule}{exdates}"))
    assert (found.strange, found.endless) == (0, 0)
    assert found.spans == expanding._merged(sorted(minutes_busy))


# ---- what is wrong


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\r\n\r\n",
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"\x00" * 5000,
        ics(entry(*MEETING))[:-20],  # the connection was lost
        ics(entry(*MEETING)).replace(b"END:VCALENDAR\r\n", b""),
        ics(entry(*MEETING)).replace(b"END:VEVENT", b"END:VTODO"),
        ics(entry(*MEETING)).replace(b"END:VEVENT\r\n", b""),
    ],
)
def test_what_is_no_calendar_or_was_cut_off_is_never_taken_for_an_empty_one(text: bytes) -> None:
    with pytest.raises(NoCalendarError):
        busy(text)


@pytest.mark.parametrize(
    "event",
    [
        "DTEND:20260304T090000Z",
        "DTSTART:2026-03-04T08:00:00Z",
        "DTSTART:20260304T250000Z",
        "DTSTART:20260230T080000Z",
        "DTSTART",
        "DTSTART;",
        "DTSTART;TZID=America/New_York",
        "DTSTART:20260304T080000Z|DTSTART:20260305T080000Z",
        "DTSTART:20260304T080000Z|DTEND:soon",
        "DTSTART:20260304T080000Z|DTEND:20260303T080000Z",
        "DTSTART:20260304T080000Z|DURATION:two hours",
        "DTSTART:20260304T080000Z|RRULE:FREQ=SOMETIMES",
        "DTSTART:20260304T080000Z|RRULE:every other tuesday",
        "DTSTART:20260304T080000Z|RRULE:",
        "DTSTART:20260304T080000Z|RRULE:FREQ=DAILY;COUNT=3;EVERY=2",
        "DTSTART:20260304T080000Z|RRULE:FREQ=DAILY;COUNT=3;FREQ=WEEKLY",
        "DTSTART:20260304T080000Z|RRULE:FREQ=WEEKLY;BYDAY=XX",
        "DTSTART:20260304T080000Z|RRULE:FREQ=MONTHLY;BYMONTHDAY=99",
        "DTSTART:20260304T080000Z|RRULE:INTERVAL=2",
        "DTSTART:20260304T080000Z|RRULE:FREQ=DAILY;COUNT=many",
        "DTSTART:20260304T080000Z|RRULE:FREQ=DAILY;UNTIL=20261332",
        "DTSTART:20260304T080000Z|RRULE:RSCALE=CHINESE;FREQ=YEARLY",
        "DTSTART:20260304T080000Z|RRULE:FREQ=DAILY;COUNT=2|EXDATE:tuesday",
        "DTSTART:20260304T080000Z|RDATE:20269999T080000Z",
        "DTSTART:20260304T080000Z|RECURRENCE-ID:whenever",
    ],
)
def test_an_entry_that_is_not_understood_is_counted_and_hides_no_other(event: str) -> None:
    found = busy(ics(f"UID:odd|{event}", entry(*MEETING)))
    assert found.strange >= 1
    assert "03-04 08:00-09:30" in told(found) or any(each.startswith("03-04 03:00") for each in told(found))


def test_a_part_that_says_when_somebody_is_there_is_counted_as_not_understood() -> None:
    assert busy(ics(more="BEGIN:VAVAILABILITY\r\nDTSTART:20260301T000000Z\r\nEND:VAVAILABILITY\r\n")).strange == 1
    assert busy(ics(more="CALSCALE:ETHIOPIC\r\n")).strange == 1
    assert busy(ics(more="BEGIN:X-NOTES\r\nX-A:B\r\nEND:X-NOTES\r\n")).strange == 0


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=2",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8;BYMINUTE={many};BYSECOND={many}",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3,4,5,6,7,8;BYMINUTE={many};BYSECOND={many}",
    ],
)
def test_what_repeats_without_end_is_given_up_and_told(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "PATIENCE_S", 0.2)
    rule = rule.format(many=",".join(map(str, range(60))))
    found = busy(ics(f"UID:1|DTSTART:20100101T080000Z|RRULE:{rule}", entry(*MEETING, uid="2")))
    assert found.endless == 1
    assert told(found) == ["03-04 08:00-09:30"]


def test_an_hour_that_repeats_for_years_is_followed() -> None:
    hourly = "UID:1|DTSTART:20100101T080000Z|DURATION:PT10M|RRULE:FREQ=HOURLY"
    assert len(says(hourly)) == (ENDS - BEGINS) // timedelta(hours=1)


def test_a_calendar_full_of_endless_entries_is_given_up_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "PATIENCE_S", 0.02)
    many = ",".join(map(str, range(60)))
    events = [
        f"UID:{n}|DTSTART:20100101T080000Z|RRULE:FREQ=DAILY;BYHOUR=1;BYMINUTE={many};BYSECOND={many}" for n in range(40)
    ]
    with pytest.raises(TooMuchError):
        busy(ics(*events))


def test_more_than_anybody_has_is_refused_with_what_it_is() -> None:
    with pytest.raises(TooMuchError, match="20,000 entries"):
        busy(ics(*[entry(*MEETING, uid=str(n)) for n in range(cutting.MOST_ENTRIES + 1)]))
    often = "UID:{}|DTSTART:20260301T{:02}{:02}00Z|DURATION:PT1M|RRULE:FREQ=DAILY"
    with pytest.raises(TooMuchError, match="5,000 busy times"):
        busy(ics(*[often.format(n, n // 30, n % 30 * 2) for n in range(90)]))


def test_a_hundred_thousand_entries_of_other_years_are_passed_over() -> None:
    text = b"".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20190304T080000Z\r\nEND:VEVENT\r\n".encode() for n in range(100_000)
    )
    found = busy(ics(entry(*MEETING)).replace(b"END:VCALENDAR", text + b"END:VCALENDAR"))
    assert told(found) == ["03-04 08:00-09:30"]


# ---- how it is written down


@pytest.mark.parametrize(
    "text",
    [
        ics(entry(*MEETING)),
        ics(entry(*MEETING)).replace(b"\r\n", b"\n"),
        ics(entry(*MEETING)).replace(b"\r\n", b"\r"),
        b"\xef\xbb\xbf" + ics(entry(*MEETING)),
        ics(entry(*MEETING)).decode().encode("utf-16"),
        ics(entry(*MEETING, "SUMMARY:Se\u00f1or")).decode().encode("cp1252"),
        ics(entry(*MEETING)).replace(b"DTSTART;TZID=America/New_York:2026", b"DTSTART;TZID=Amer\r\n ica/New_York:20\r\n\t26"),
        ics(entry(*MEETING)).replace(b"BEGIN", b"begin").replace(b"DTSTART", b"dtstart").replace(b"VEVENT", b"vevent"),
        ics(entry(*MEETING, "DESCRIPTION:a line that|is torn: in two|and BEGIN nothing|RSVP")),
        ics(entry(*MEETING, "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "QUJD" * 50_000)),
        ics(entry(*MEETING), more="X-WR-CALNAME;VALUE=TEXT:A\r\n\r\n   \r\n") + b"\r\n\r\n",
        ics(entry(*MEETING)) + ics(entry("20260301T000000", "20260301T000000", "STATUS:CANCELLED")),
    ],
)  # fmt: skip
def test_a_calendar_is_read_however_it_is_written_down(text: bytes) -> None:
    found = busy(text)
    assert (told(found), found.strange) == (["03-04 08:00-09:30"], 0)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_calendar_with_torn_bytes_is_read_refused_or_doubted_and_never_breaks(data: st.DataObject) -> None:
    text = bytearray(
        (FILES / f"{data.draw(st.sampled_from(['google', 'outlook', 'apple', 'nextcloud']))}.ics").read_bytes()
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = busy(bytes(text))
    except (NoCalendarError, TooMuchError):
        return
    assert all(BEGINS <= first < last <= ENDS for first, last in found.spans)
    assert all(before[1] < after[0] for before, after in zip(found.spans, found.spans[1:], strict=False))


def test_whole_days_are_those_of_the_business_wherever_it_is() -> None:
    wall = ZoneInfo("Pacific/Honolulu")
    found = busy(ics("UID:1|DTSTART;VALUE=DATE:20260304"), wall=wall)
    assert found.spans == [
        (datetime.combine(date(2026, 3, 4 + n), time(), wall).astimezone(UTC)) for n in range(2)
    ] or [(first.astimezone(wall).hour, last - first) for first, last in found.spans] == [(0, timedelta(days=1))]
    assert wall != WALL
