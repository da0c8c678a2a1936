"""What our people are told of, at which moment, and in which words the digest sums a day up: tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.business import Business, Hours, Policy, Window
from gateway.core.digest import Summary, Visit, is_slot, next_slot
from gateway.core.digestwords import digest
from gateway.core.notify import (
    KIND_OF_TEMPLATE,
    NOTICES_OF_ONE,
    NOTICES_PER_HOUR,
    OF_THE_BOX,
    How,
    Kind,
    Notifications,
    enough,
    leaves_at,
)

NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = tuple((Window(time(8), time(17)),) if day < 5 else () for day in range(7))
AT_HALF_PAST_FIVE = Notifications(digest_at=time(17, 30))
SHOP = Business(
    name="Miller",
    zone=NEW_YORK,
    country="US",
    area_code="216",
    lines=(),
    sims=(),
    owner="+12165550190",
    staff=(),
    extensions=(),
    hours=Hours(WEEKDAYS, holidays={date(2026, 5, 25): "Memorial Day"}),
    storms=(),
    templates={},
    policy=Policy(),
    notifications=AT_HALF_PAST_FIVE,
)
NOON = datetime(2026, 3, 3, 17, tzinfo=UTC)  # a Tuesday, twelve o'clock in New York


def test_without_a_word_in_the_settings_a_telephone_gets_what_it_always_got() -> None:
    told = {kind for kind in Kind if Notifications().way(kind) is How.INSTANT}
    assert told == {
        *(Kind.MISSED_CALL, Kind.REPEAT_CALLER, Kind.RATE_LIMIT),
        *(Kind.TEXTING_TROUBLE, Kind.RECORDS_TROUBLE),
        *(Kind.APPOINTMENT_REQUESTED, Kind.APPOINTMENT_SOON),  # of who lets appointments be booked
    }
    assert all(Notifications().way(kind) is How.OFF for kind in Kind if kind not in told)


def test_what_waits_for_a_digest_needs_one() -> None:
    rules = Notifications(how={Kind.MISSED_CALL: How.DIGEST})
    assert rules.way(Kind.MISSED_CALL) is How.OFF
    assert replace(rules, digest_at=time(17)).way(Kind.MISSED_CALL) is How.DIGEST
    assert replace(rules, digest_at=time(0)).way(Kind.MISSED_CALL) is How.DIGEST  # midnight is an hour too


def test_every_kind_has_a_text_and_no_text_of_an_emergency_has_a_kind() -> None:
    assert set(KIND_OF_TEMPLATE.values()) == set(Kind)
    assert not {"alarm", "alarm_more", "taken", "nobody", "reply"} & set(KIND_OF_TEMPLATE)


@pytest.mark.parametrize(
    ("kind", "told", "of_one", "left_in_peace"),
    [
        (Kind.MISSED_CALL, 0, 0, False),
        (Kind.MISSED_CALL, 59, NOTICES_OF_ONE - 1, False),
        (Kind.MISSED_CALL, 12, NOTICES_OF_ONE, True),
        (Kind.NEW_LEAD, NOTICES_PER_HOUR, 0, True),
        *((kind, 1000, 1000, False) for kind in OF_THE_BOX),
    ],
)
def test_a_telephone_stays_usable(kind: Kind, told: int, of_one: int, left_in_peace: bool) -> None:
    assert (enough(kind, told, of_one) is not None) is left_in_peace


@pytest.mark.parametrize("kind", [*Kind, None])
def test_at_night_only_what_may_disturb_leaves(kind: Kind | None) -> None:
    morning = NOON + timedelta(hours=9)
    at_night = {Kind.MISSED_CALL, Kind.REPEAT_CALLER, Kind.RATE_LIMIT}
    assert leaves_at(Notifications(), kind, NOON, morning) == (NOON if kind in at_night else morning)
    assert leaves_at(Notifications(at_night=frozenset()), kind, NOON, morning) == morning
    assert leaves_at(Notifications(), kind, NOON, NOON) == NOON  # by day


# ---- when the digest is due


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("after", "slot"),
    [
        ("2026-03-03 12:00", "2026-03-03 17:30"),
        ("2026-03-03 17:29", "2026-03-03 17:30"),
        ("2026-03-03 17:30", "2026-03-04 17:30"),
        ("2026-03-06 18:00", "2026-03-09 17:30"),  # over a weekend and the change of the clocks
        ("2026-05-22 18:00", "2026-05-26 17:30"),  # over a holiday
        ("2026-10-30 18:00", "2026-11-02 17:30"),  # the clocks go back
    ],
)
def test_the_digest_is_due_on_days_on_which_the_office_opens(after: str, slot: str) -> None:
    assert next_slot(SHOP, local(after)) == local(slot)
    assert is_slot(SHOP, local(slot))
    assert not is_slot(SHOP, local(slot) + timedelta(minutes=1))


def with_rules(**changes: Any) -> Business:
    return replace(SHOP, notifications=replace(AT_HALF_PAST_FIVE, **changes))


def test_there_is_no_digest_without_an_hour_and_never_a_second_one_on_a_day() -> None:
    assert next_slot(with_rules(digest_at=None), NOON) is None
    assert next_slot(SHOP, NOON, not_on=date(2026, 3, 3)) == local("2026-03-04 17:30")
    assert next_slot(with_rules(digest_days=frozenset({6})), NOON) == local("2026-03-08 17:30")  # a Sunday, if wanted


def test_a_shop_that_has_not_said_when_it_opens_gets_its_digest_every_day() -> None:
    always = replace(SHOP, hours=Hours(tuple(() for _ in range(7))))
    assert next_slot(always, local("2026-03-07 12:00")) == local("2026-03-07 17:30")


@pytest.mark.parametrize(("at", "day"), [(time(2, 30), date(2026, 3, 8)), (time(1, 30), date(2026, 11, 1))])
def test_a_day_whose_clocks_change_has_one_digest_even_at_the_hour_that_is_skipped_or_comes_twice(
    at: time, day: date
) -> None:
    shop = with_rules(digest_at=at, digest_days=frozenset(range(7)))
    moment = datetime.combine(day - timedelta(days=3), time(), tzinfo=NEW_YORK).astimezone(UTC)
    days = []
    for _ in range(6):
        slot = next_slot(shop, moment)
        assert slot is not None
        assert is_slot(shop, slot)
        days.append(slot.astimezone(NEW_YORK).date())
        moment = slot
    assert days == [day + timedelta(days=n) for n in range(-3, 3)]


# ---- its words


def told(**changes: Any) -> Summary:
    plain: dict[str, Any] = {"since": local("2026-03-02 17:30"), "now": local("2026-03-03 17:30")}
    return Summary(**(plain | changes))


def test_nothing_is_said_when_there_is_nothing() -> None:
    assert digest(SHOP, told()) == ""
    assert digest(SHOP, told(answered=40)) == ""  # a good day


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"missed": 9, "texted": 8, "answered": 31},
            "Textback, since yesterday 5:30 PM: 9 missed calls (8 texted). 31 calls answered.",
        ),
        ({"missed": 1, "texted": 0}, "Textback, since yesterday 5:30 PM: 1 missed call (0 texted)."),
        (
            {"leads": 3, "oldest": local("2026-03-01 10:00"), "overdue": 1, "call_backs": 4, "in_doubt": 1},
            "Textback, since yesterday 5:30 PM: 3 open leads (oldest 2 days), 1 overdue, 4 to call back, 1 text in doubt.",
        ),
        (
            {"leads": 1, "oldest": local("2026-03-03 16:40")},
            "Textback, since yesterday 5:30 PM: 1 open lead (oldest 50 min).",
        ),
        (
            {"won": 2, "won_cents": 145_000},
            "Textback, since yesterday 5:30 PM: 2 won, $1,450.",
        ),
        ({"unread": 8}, ""),
        (
            {"missed": 2, "unread": 8},
            "Textback, since yesterday 5:30 PM: 2 missed calls (0 texted). 8 to read under Review.",
        ),
        (
            {"others": {Kind.OPT_OUT: 1, Kind.COMPLAINT: 2}},
            "Textback, since yesterday 5:30 PM: Also 2 complaints, 1 opt-out.",
        ),
        (
            {"missed": 2, "since": local("2026-02-27 17:00")},
            "Textback, since Fri 5 PM: 2 missed calls (0 texted).",
        ),
        ({"missed": 2, "since": local("2026-03-03 08:00")}, "Textback, since 8 AM: 2 missed calls (0 texted)."),
        ({"missed": 2, "since": local("2026-02-24 08:00")}, "Textback, since Feb 24: 2 missed calls (0 texted)."),
    ],
)
def test_the_digest_reads(changes: Mapping[str, Any], words: str) -> None:
    assert digest(SHOP, told(**changes)) == words


def test_the_digest_reads_in_spanish() -> None:
    day = told(missed=9, texted=8, leads=3, oldest=local("2026-03-01 10:00"), overdue=1, call_backs=4, in_doubt=1)
    assert digest(SHOP, day, spanish=True) == (
        "Textback, desde ayer 5:30 PM: 9 llamadas perdidas (8 con texto). 3 clientes abiertos (desde hace 2 dias),"
        " 1 atrasados, 4 por llamar, 1 texto dudoso."
    )
    week = told(won=2, won_cents=145_000, others={Kind.OPT_OUT: 1}, since=local("2026-02-27 17:00"))
    assert digest(SHOP, week, spanish=True) == "Textback, desde vie 5 PM: 2 ganados, $1,450. Tambien 1 baja."


DANA = Visit(local("2026-03-04 08:00"), local("2026-03-04 12:00"), "Dana Reyes", 14)
TOM = Visit(local("2026-03-04 12:00"), local("2026-03-04 17:00"), "Tomás Ruiz", 15, to_confirm=True)
NOBODY = Visit(local("2026-03-04 12:00"), local("2026-03-04 17:00"), "", 16)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"visits": (DANA, TOM)},
            "Textback, since yesterday 5:30 PM: Tomorrow: 8 AM-12 PM Dana 14, 12-5 PM Tomas 15(?).",
        ),
        (
            {"visits": (DANA, NOBODY, NOBODY, DANA, DANA), "now": local("2026-03-04 07:30"), "to_confirm": 1},
            "Textback, since Mon 5:30 PM: 1 appointment to confirm. Today: 8 AM-12 PM Dana 14, 12-5 PM 16, 12-5 PM 16, +2.",
        ),
        ({"to_confirm": 2}, "Textback, since yesterday 5:30 PM: 2 appointments to confirm."),
        (
            {"others": {Kind.APPOINTMENT_BOOKED: 3, Kind.APPOINTMENT_CHANGED: 1}},
            "Textback, since yesterday 5:30 PM: Also 3 appointments booked, 1 appointment moved or cancelled.",
        ),
    ],
)
def test_the_digest_tells_of_appointments(changes: Mapping[str, Any], words: str) -> None:
    assert digest(SHOP, told(**changes)) == words


def test_the_digest_tells_of_appointments_in_spanish() -> None:
    assert digest(SHOP, told(visits=(DANA, TOM), to_confirm=1), spanish=True) == (
        "Textback, desde ayer 5:30 PM: 1 cita por confirmar. Mañana: 8 AM-12 PM Dana 14, 12-5 PM Tomas 15(?)."
    )


def test_what_is_off_is_not_in_the_digest() -> None:
    quiet = with_rules(how={**AT_HALF_PAST_FIVE.how, Kind.TEXT_TROUBLE: How.OFF, Kind.OVERDUE_LEAD: How.OFF})
    assert digest(quiet, told(overdue=2, in_doubt=3)) == ""


def test_a_full_day_fits_one_text_without_what_matters_least() -> None:
    words = digest(
        SHOP,
        told(
            missed=24, texted=20, answered=131, leads=12, oldest=local("2026-02-20 09:00"), overdue=3, call_backs=7,
            in_doubt=2, won=2, won_cents=1_234_500,
        ),
    )  # fmt: skip
    assert segment_count(words) == 1
    assert "24 missed calls (20 texted)" in words
    assert "12 open leads (oldest 11 days), 3 overdue, 7 to call back, 2 texts in doubt" in words
    assert "2 won, $12,345" in words


NUMBERS = st.integers(0, 100_000)


@given(
    missed=NUMBERS,
    texted=NUMBERS,
    answered=NUMBERS,
    leads=NUMBERS,
    overdue=NUMBERS,
    call_backs=NUMBERS,
    in_doubt=NUMBERS,
    won=NUMBERS,
    won_cents=st.integers(0, 10**12),
    waits=st.none() | st.timedeltas(timedelta(0), timedelta(days=4000)),
    others=st.dictionaries(st.sampled_from(Kind), NUMBERS),
    back=st.timedeltas(timedelta(0), timedelta(days=7)),
)
def test_a_digest_is_never_longer_than_two_texts_and_leaves_nothing_open_out(
    waits: timedelta | None, back: timedelta, others: dict[Kind, int], **counts: int
) -> None:
    now = local("2026-03-03 17:30")
    oldest = None if waits is None else now - waits
    day = Summary(since=now - back, now=now, oldest=oldest, others=others, **counts)
    for spanish, call, late in ((False, "to call back", "overdue"), (True, "por llamar", "atrasados")):
        words = digest(SHOP, day, spanish=spanish)
        assert segment_count(words) <= 2
        assert is_gsm7(words)
        if counts["call_backs"]:
            assert f"{counts['call_backs']} {call}" in words
        if counts["overdue"]:
            assert f"{counts['overdue']} {late}" in words
