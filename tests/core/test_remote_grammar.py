"""What our people text from roofs and what it means: every spelling here does one thing, and what is unclear does nothing."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.remote import secret
from gateway.core.remote.commands import (
    GUARDED,
    Acknowledge,
    Away,
    CallOffVisit,
    Close,
    CloseAll,
    Command,
    ConfirmVisit,
    Day,
    Decline,
    Drill,
    HandBack,
    Help,
    Here,
    Hours,
    Hush,
    Leads,
    MoveVisit,
    OnCall,
    OnCallAsked,
    OnCallAsPlanned,
    Outcome,
    Part,
    Pause,
    Pin,
    Resume,
    Show,
    Snooze,
    Span,
    Status,
    Storm,
    TakeOver,
    Unclear,
    Unhush,
    Visits,
    Write,
)
from gateway.core.remote.days import date_of
from gateway.core.remote.grammar import understood, writes
from gateway.core.remote.sentences import SENTENCES, in_one_segment, money, sentence
from gateway.core.remote.spans import ends

HOURS = 3600.0
TABLE: list[tuple[str, Command]] = [
    # taking an emergency
    *((text, Acknowledge((14,))) for text in ("14", "14.", "#14", " 14 ", "ok 14", "OK14", "14 ok", "14ok", "Ack 14", "ack14")),
    *((text, Acknowledge((14,))) for text in ("got it 14", "14 got it!", "I have 14", "i've got 14", "14 mine", "yes 14", "k 14")),
    *((text, Acknowledge((14,))) for text in ("14 on my way", "on my way 14, 20 min", "omw 14", "heading there now 14", "👍 14")),
    *((text, Acknowledge((14,))) for text in ("lo tengo 14", "ya voy 14", "14 voy para allá", "Sí 14", "14 yo me encargo", "14 voy en camino")),
    *((text, Acknowledge((14,))) for text in ("14: ok", "14: got it", "will call them now, ok 14", "acept 14")),
    *((text, Acknowledge((14,))) for text in ("hi, just saw this, 14 got it", "perdón, estaba dormido, lo tengo 14")),
    *((text, Acknowledge()) for text in ("sorry just woke up, got it", "ya lo vi, lo tengo", "hey im on it")),
    *((text, Acknowledge((14, 15))) for text in ("14 15", "14, 15", "14 and 15", "14 y 15", "ok 14 15")),
    *((text, Acknowledge()) for text in ("mine", "on it", "I have it", "voy", "lo tengo", "on my way", "omw")),
    *((text, Acknowledge((), courtesy=True)) for text in ("ok", "OK thanks!", "👍", "yes", "sí", "gracias")),
    *((text, Decline((14,))) for text in ("no 14", "can't take 14", "cant 14", "14 not me", "14 no puedo", "pass 14")),
    *((text, Decline()) for text in ("no", "I can't", "no puedo")),
    # conversations
    *((text, TakeOver(14)) for text in ("TAKE 14", "take over 14", "14 take", "tkae 14", "tomar 14", "please take 14")),
    *((text, HandBack(14)) for text in ("BACK 14", "hand back 14", "give back 14", "14 back", "devolver 14", "retrun 14")),
    ("back", HandBack(None)),
    ("TEXT 14 On my way, 20 min", Write(14, "On my way, 20 min")),
    ("text14 hi", Write(14, "hi")),
    ("txt 14: hi there", Write(14, "hi there")),
    ("R 14 ¿Está en casa?", Write(14, "¿Está en casa?")),
    ("reply #14 yes", Write(14, "yes")),
    ("14: on my way", Write(14, "on my way")),
    ("14 : 30 min away", Write(14, "30 min away")),
    ("Texto 14 llego en 20", Write(14, "llego en 20")),
    ("dile 14 que ya voy", Write(14, "que ya voy")),
    ("TEXT 14 two\nlines", Write(14, "two\nlines")),
    # snoozing
    *((text, Snooze(14, 900.0)) for text in ("SNOOZE 14 15m", "snooze 14 15", "snooze 14 for 15 min", "14 snooze 15 minutes", "aplazar 14 15 min")),
    ("snooze 14", Snooze(14, None)),
    ("snoze 14 1h", Snooze(14, HOURS)),
    ("snooze 15m", Snooze(None, 900.0)),
    ("snooze 14 half an hour", Snooze(14, 1800.0)),
    # the whole box
    *((text, Pause(None)) for text in ("PAUSE", "pause", "pasue", "puase", "Pause!", "pausa", "pause texting", "pausar mensajes")),
    *((text, Pause(Span(2 * HOURS))) for text in ("PAUSE 2H", "pause 2 hours", "pasue 2hrs", "pause for 2 h", "pausa 2 horas", "pause texting for 2 hours please")),
    ("pause until 8am", Pause(Span(until=time(8)))),
    ("pause till 17:30", Pause(Span(until=time(17, 30)))),
    ("pausa hasta las 8", Pause(Span(until=time(8), exact=False))),
    ("pause until tomorrow", Pause(Span(until=time(8), tomorrow=True))),
    ("pausa hasta mañana a las 7", Pause(Span(until=time(7), tomorrow=True, exact=False))),
    *((text, Resume()) for text in ("RESUME", "resmue", "on", "ON", "unpause", "reanudar", "resume texting")),
    *((text, Storm(True, None)) for text in ("STORM ON", "storm mode on", "tormenta on")),
    ("storm 6h", Storm(True, Span(6 * HOURS))),
    ("storm on until 8pm", Storm(True, Span(until=time(20)))),
    *((text, Storm(False, None)) for text in ("STORM OFF", "strom off", "tormenta off")),
    *((text, Status()) for text in ("STATUS", "stauts", "statsu", "status?", "estado")),
    *((text, Leads()) for text in ("LEADS", "leads?", "laeds", "open leads", "list", "lista", "pendientes")),
    *((text, Leads(more=True)) for text in ("MORE", "más", "more leads")),
    # closing
    ("CLOSE 14 WON 450", Close(14, Outcome.WON, 45_000)),
    *((text, Close(14, Outcome.WON, 120_000)) for text in ("14 won $1,200", "won 14 1200", "close 14 won 1.2k", "cerrar 14 ganado 1,200")),
    ("14 sold 450.50", Close(14, Outcome.WON, 45_050)),
    ("14 vendido 450,50", Close(14, Outcome.WON, 45_050)),
    ("14 won", Close(14, Outcome.WON)),
    ("14 lost no answer", Close(14, Outcome.LOST, None, "no answer")),
    ("close 14 lost", Close(14, Outcome.LOST)),
    *((text, Close(14, Outcome.DONE)) for text in ("close 14", "14 done", "done 14", "cierra 14", "14 hecho")),
    *((text, Close(14, Outcome.SPAM)) for text in ("CLOSE 14 SPAM", "14 spam", "spam 14")),
    ("14 wrong number", Close(14, Outcome.WRONG)),
    *((text, CloseAll()) for text in ("CLOSE ALL", "close everything", "cerrar todo", "close all leads")),
    # on call
    ("ONCALL DANA", OnCall("dana", None)),
    ("on call dana", OnCall("dana", None)),
    ("SWAP DANA UNTIL 8AM", OnCall("dana", Span(until=time(8)))),
    ("swap with Dana Reyes till tomorrow 7 am", OnCall("dana reyes", Span(until=time(7), tomorrow=True))),
    ("oncall me 12h", OnCall("", Span(12 * HOURS))),
    ("guardia Dana hasta las 8", OnCall("dana", Span(until=time(8), exact=False))),
    *((text, OnCallAsked()) for text in ("ONCALL", "on call?", "who is on call?", "quien esta de guardia")),
    *((text, OnCallAsPlanned()) for text in ("oncall off", "swap off", "on call normal")),
    # who is away
    *((text, Away("", Span(until=time(8), weekday=4))) for text in ("AWAY FRI", "away until friday", "away til fri", "ausente hasta el viernes", "ausente vie")),
    *((text, Away("", Span(until=time(17), weekday=4))) for text in ("away fri 5pm", "away until friday at 5 pm")),
    ("away me tomorrow", Away("", Span(until=time(8), tomorrow=True))),
    ("AWAY 2 DAYS", Away("", Span(seconds=48 * HOURS))),
    *((text, Away("", None)) for text in ("away", "AWAY today", "ausente")),
    ("away dana until mon", Away("dana", Span(until=time(8), weekday=0))),
    ("away dana reyes 3h", Away("dana reyes", Span(seconds=3 * HOURS))),
    *((text, Here("")) for text in ("AWAY OFF", "away over", "ausente fin", "I'm back", "im back!", "ya volví", "ya regresé")),
    ("away dana off", Here("dana")),
    # appointments
    *((text, Visits(Day(ahead=0))) for text in ("TODAY", "today?", "todya", "HOY", "appts", "citas", "agenda", "appts today", "citas de hoy")),
    *((text, Visits(Day(ahead=1))) for text in ("TOMORROW", "tommorow", "mañana", "appts tomorrow", "citas de mañana", "schedule tomorrow")),
    *((text, Visits(Day(weekday=4))) for text in ("APPTS FRI", "appts friday", "appointments for fri?", "citas del viernes", "agenda firday")),
    *((text, Visits(Day(month=3, date=12))) for text in ("appts 3/12", "appts mar 12", "citas 12 de marzo", "appts march 12th")),
    *((text, ConfirmVisit(14)) for text in ("CONFIRM 14", "confirm 14!", "confrim 14", "14 confirm", "confirm appt 14", "confirmed 14", "confirmar 14", "confirma la cita 14", "14: confirm")),
    *((text, CallOffVisit(14)) for text in ("CALLOFF 14", "call off 14", "CANCEL 14", "cancle 14", "14 cancel", "cancel appointment 14", "cancelar 14", "anular 14", "anula la cita 14")),
    *((text, MoveVisit(14)) for text in ("MOVE 14", "mvoe 14", "14 move", "move lead 14?", "reschedule 14", "mover 14", "cambiar la cita 14")),
    *((text, MoveVisit(14, listed=2)) for text in ("MOVE 14 2", "move 14 #2", "mover 14 2")),
    *((text, MoveVisit(14, Day(weekday=4), Hours(time(8), time(10)))) for text in ("MOVE 14 FRI 8-10", "move 14 to friday from 8 to 10 please", "14 move fri 8–10", "move 14 fri 8am - 10am", "mover 14 viernes de 8 a 10", "move 14 firday 0800-1000")),
    *((text, MoveVisit(14, Day(ahead=1), Hours(time(13)))) for text in ("MOVE 14 TOMORROW 1 PM", "move 14 tomorrow at 1", "move 14 tomorrow 13:00", "move 14 tmrw 1pm", "mover 14 mañana a la 1", "mover 14 mañana a la 1 de la tarde")),
    ("move 14 fri 8", MoveVisit(14, Day(weekday=4), Hours(time(8)))),
    ("move 14 fri 10-2", MoveVisit(14, Day(weekday=4), Hours(time(10), time(14)))),
    ("move 14 fri 12-5", MoveVisit(14, Day(weekday=4), Hours(time(12), time(17)))),
    ("move 14 fri 7-9 pm", MoveVisit(14, Day(weekday=4), Hours(time(19), time(21)))),
    ("move 14 8:30", MoveVisit(14, None, Hours(time(8, 30)))),
    ("move 14 8am", MoveVisit(14, None, Hours(time(8)))),
    ("move 14 fri", MoveVisit(14, Day(weekday=4))),
    ("move 14 mar 6 noon", MoveVisit(14, Day(month=3, date=6), Hours(time(12)))),
    ("move 14 fri 3/6 afternoon", MoveVisit(14, Day(weekday=4, month=3, date=6), Hours(part=Part.AFTERNOON))),
    ("move 14 to the 6th, 3 p.m.", MoveVisit(14, Day(date=6), Hours(time(15)))),
    *((text, MoveVisit(14, Day(ahead=1), Hours(part=Part.MORNING))) for text in ("move 14 tomorrow morning", "mover 14 mañana por la mañana")),
    ("mover 14 el 6 de marzo a las 8 de la noche", MoveVisit(14, Day(month=3, date=6), Hours(time(20)))),
    # the rest
    *((text, Show(14)) for text in ("14?", "SHOW 14", "who has 14?", "ver 14", "info 14", "quien tiene 14?")),
    *((text, Drill()) for text in ("DRILL", "simulacro", "drlil")),
    *((text, Help()) for text in ("HELP", "help!", "?", "ayuda", "comandos", "info")),
    *((text, Hush()) for text in ("STOP", "Stop.", "alto", "unsubscribe")),
    *((text, Unhush()) for text in ("START", "start", "unstop")),
]  # fmt: skip
NOTHING = [  # and none of these does anything
    "",
    "   ",
    "hi",
    "call me",
    "the pipe burst and water is everywhere",
    "hay una fuga de agua en la cocina",
    "meeting at 14",
    "I'll be 14 minutes late for dinner",
    "412 Oak St",
    "we need 14 of these",
    "pause 2",
    "pause 99 weeks",
    "pause or not",
    "storm",
    "storm is coming",
    "text 14",
    "text dana hello",
    "txet 14 hello",
    "tetx 14 hello",
    "won 14 450 460",
    "14 won lost",
    "not won but lost 14 15 16 17 18 19",
    "close",
    "close 14 450",
    "14 done 450",
    "snooze 14 15 16",
    "snooze 14 until 8",
    "take 14 15",
    "take it easy",
    "all done",
    "oncall dana 14 15",
    "Liked “EMERGENCY 14: (216) 555-0137: water. Reply 14 if you have it.”",
    "A Mike le gustó “14”",
    "٣٤",
    "1️⃣4️⃣",
    "+1 216 555 0137",
    "the code is 4711",
    "14/15 works for me?",
    "just saw it",
    "ya lo vi",
    "sorry was asleep",
    "sorry 14 was asleep",
    "14 30 min away",
    "away 14",
    "away until 12/1",
    "away from my desk, call me later",
    "away 3 weeks",
    "today is bad",
    "tomorrow works for me",
    "appts fri sat",
    "appts 14",
    "confirm",
    "confirm 14 15",
    "confirm 14 fri",
    "cancel the pause",
    "cancel all",
    "calloff",
    "move it",
    "move fri 8-10",
    "move 14 15",
    "move 14 next fri",
    "move 14 fri or sat",
    "move 14 fri 25",
    "move 14 fri 8 10",
    "move 14 fri 8-10 sat",
    "move 14 when they like",
]


@pytest.mark.parametrize(("text", "command"), TABLE)
def test_a_command_in_this_spelling_is_understood(text: str, command: Command) -> None:
    assert understood(text).command == command


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_plain_command_does_nothing(text: str) -> None:
    assert isinstance(understood(text).command, Unclear)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("pause 2", "PAUSE 2H"),
        ("text dana hello", "TEXT 14 words"),
        ("close 14 450", "CLOSE 14 WON 450"),
        ("meeting at 14", "14"),
        ("storm is coming", "STORM ON"),
        ("move 14 next fri", "MOVE 14 FRI 8-12"),
        ("cancel oncall", "ONCALL DANA UNTIL 8AM"),
        ("appts 14", "TODAY"),
        ("hi", ""),
    ],
)
def test_what_is_not_understood_is_answered_with_the_nearest_command(text: str, nearest: str) -> None:
    assert understood(text).command == Unclear(nearest)


@pytest.mark.parametrize("text", ["lo tengo 14", "pausa 2 horas", "ayuda", "14 hecho", "guardia dana"])
def test_who_writes_spanish_is_answered_so(text: str) -> None:
    assert understood(text).spanish


@pytest.mark.parametrize("text", ["14", "ok", "PAUSE 2H", "STATUS", "STOP"])
def test_who_does_not_is_answered_in_english(text: str) -> None:
    assert not understood(text).spanish


def test_no_two_spellings_of_the_table_differ_only_in_case_or_accents_and_mean_different_things() -> None:
    for text, command in TABLE:
        if not isinstance(command, Write):
            assert understood(text.upper()).command == command, text
            assert understood(f"  {text}\n").command == command, text


# ---- every text


@given(st.text(max_size=400))
def test_any_text_is_something_and_nothing_crashes(text: str) -> None:
    assert isinstance(understood(text).command, get_args(Command))


WORDS = st.sampled_from(
    re.findall(
        r"\[PIN right\]|\S+",
        "14 15 2 h 2h ok take text back pause resume storm on off status leads more close won lost 450 all oncall dana until 8am"
        " drill help stop no not mine today appts confirm move calloff cancel fri 8-10 3/12 tomorrow pm manana la"
        "  voy tomar pausa 4711 pin : ? , $ snooze min k and y the [PIN right]",
    )
)


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_any_words_of_commands_are_something(text: str) -> None:
    said = understood(text)
    assert isinstance(said.command, get_args(Command))
    if isinstance(said.command, Write):
        assert said.command.words in text  # a caller reads what was written, and nothing else


@given(st.text(max_size=60))
def test_a_taken_code_stands_in_the_text(text: str) -> None:
    command = understood(text).command
    for code in getattr(command, "codes", ()):
        assert str(code) in text


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_words_for_a_caller_are_left_as_they_are(words: str) -> None:
    assert writes(f"TEXT 14 {words.strip()}") == Write(14, words.strip())
    assert secret.concealed(f"TEXT 14 {words.strip()}", "4711", words_for_a_caller=True).count("[") <= words.count("[")


# ---- the PIN


@pytest.mark.parametrize(
    "text",
    [
        "PAUSE 2H 4711",
        "4711 pause 2h",
        "pause 2h pin 4711",
        "PAUSE 2H PIN:4711",
        "pausa 2 horas clave 4711",
        "pasue 2h #4711",
    ],
)
def test_the_right_pin_is_taken_out_and_counts(text: str) -> None:
    kept = secret.concealed(text, "4711", words_for_a_caller=False)
    said = understood(kept)
    assert "4711" not in kept
    assert (said.command, said.pin) == (Pause(Span(2 * HOURS)), Pin.RIGHT)


@pytest.mark.parametrize(
    "text",
    [
        "PAUSE 2H 4712",
        "pause 2h pin 471",
        "pause 2h pin 47110",
        "pause 2h 4711 4712",
        "4712 4711 pause 2h",
        "pause 2h 47111",
    ],
)
def test_a_wrong_pin_is_taken_out_too(text: str) -> None:
    kept = secret.concealed(text, "4711", words_for_a_caller=False)
    assert "471" not in kept
    assert understood(kept).pin is Pin.WRONG


@pytest.mark.parametrize(
    "text",
    [
        "AWAY UNTIL FRI 1730 4711",
        "away fri 1730 pin 4711",
        "pin 4711 away fri 1730",
        "PAUSE UNTIL TOMORROW 1730 4711",
        "ONCALL DANA UNTIL FRI 1730 4711",
        "guardia dana hasta el viernes 1730 4711",
    ],
)
def test_a_time_before_the_pin_is_a_time(text: str) -> None:
    kept = secret.concealed(text, "4711", words_for_a_caller=False)
    said = understood(kept)
    assert (said.pin, "4711" in kept) == (Pin.RIGHT, False)
    assert isinstance(said.command, Away | Pause | OnCall)
    assert said.command.span is not None
    assert said.command.span.until == time(17, 30)


@pytest.mark.parametrize(
    ("text", "pin", "found"),
    [
        ("AWAY UNTIL FRI 1730 4712", "4711", Pin.WRONG),
        ("AWAY UNTIL FRI 4711 1730", "4711", Pin.WRONG),  # two guesses
        ("AWAY UNTIL FRI 1730 4711", "1730", Pin.WRONG),
        ("AWAY FRI 1730", "4711", Pin.WRONG),  # a guess is counted
        ("AWAY FRI 1730", "1730", Pin.RIGHT),
    ],
)
def test_where_two_numbers_could_be_the_pin_it_is_the_last_one(text: str, pin: str, found: Pin) -> None:
    kept = secret.concealed(text, pin, words_for_a_caller=False)
    assert understood(kept).pin is found
    assert pin not in kept


@pytest.mark.parametrize(
    "text", ["CLOSE 14 WON 4500", "14 won $4500", "oncall dana until 0800", "14", "LEADS", "pause until 1730"]
)
def test_other_numbers_are_no_pins(text: str) -> None:
    assert secret.concealed(text, "4711", words_for_a_caller=False) == text


@given(st.text(max_size=80), st.sampled_from(["[PIN right]", "[pin RIGHT]", "[ PIN right]", "[PIN  right]"]))
def test_the_mark_of_the_right_pin_cannot_be_typed(text: str, mark: str) -> None:
    assert understood(
        secret.concealed(f"PAUSE {text} {mark}", "4711", words_for_a_caller=False)
    ).pin is not Pin.RIGHT or ("4711" in text)


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_the_pin_stays_in_no_command_that_asks_for_it(text: str) -> None:
    if isinstance(understood(text).command, GUARDED) or "pin" in text:
        kept = secret.concealed(f"{text} 4711", "4711", words_for_a_caller=writes(text) is not None)
        assert "4711" not in kept or writes(text) is not None


# ---- spans

CLEVELAND = ZoneInfo("America/New_York")
TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # ten in the morning there


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("pause 2h", 2),
        ("pause 90 min", 1.5),
        ("pause until noon", 2),
        ("pause until 11", 1),
        ("pause until 9", 11),  # nine in the evening comes first
        ("pause until 9am", 23),
        ("pause until tomorrow", 22),
        ("pause until midnight", 14),
        ("pause 3 days", 72),
        ("pause half an hour", 0.5),
    ],
)
def test_a_pause_ends_when_one_would_think(text: str, hours: float) -> None:
    command = understood(text).command
    assert isinstance(command, Pause)
    assert command.span is not None
    assert ends(command.span, TEN, CLEVELAND) == TEN + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("away fri", "2026-03-06T08:00"),  # it is Monday, ten in the morning
        ("away until monday", "2026-03-09T08:00"),
        ("away until monday 5pm", "2026-03-02T17:00"),
        ("away fri 5", "2026-03-06T17:00"),
        ("away fri 9", "2026-03-06T09:00"),
        ("away sun", "2026-03-08T08:00"),  # on which the clocks change
    ],
)
def test_who_is_away_until_a_weekday_is_back_on_the_next_one(text: str, over: str) -> None:
    command = understood(text).command
    assert isinstance(command, Away)
    assert command.span is not None
    assert ends(command.span, datetime(2026, 3, 2, 15, tzinfo=UTC), CLEVELAND) == datetime.fromisoformat(over).replace(
        tzinfo=CLEVELAND
    )


@pytest.mark.parametrize(
    ("now", "until", "over"),
    [
        ("2026-03-08T06:00", "2:30am", "2026-03-08T07:00"),  # skipped: at the change
        ("2026-10-31T22:00", "1:30am", "2026-11-01T05:30"),  # shown twice: the first time
        ("2026-11-01T05:40", "1:30am", "2026-11-01T06:30"),  # the first time is over, the second is to come
        ("2026-11-01T06:10", "1:30am", "2026-11-01T06:30"),
        ("2026-11-01T06:40", "1:30am", "2026-11-02T06:30"),
    ],
)
def test_the_night_on_which_the_clocks_change_ends_a_swap_when_the_wall_shows_it(
    now: str, until: str, over: str
) -> None:
    command = understood(f"oncall dana until {until}").command
    assert isinstance(command, OnCall)
    assert command.span is not None
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert ends(command.span, at, CLEVELAND) == datetime.fromisoformat(over).replace(tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.booleans(), st.booleans())
def test_what_lasts_until_a_time_ends_later_and_within_two_days(
    now: datetime, until: time, tomorrow: bool, exact: bool
) -> None:
    at = now.replace(tzinfo=UTC)
    over = ends(Span(until=until.replace(second=0, microsecond=0), tomorrow=tomorrow, exact=exact), at, CLEVELAND)
    assert at < over <= at + timedelta(hours=49)


# ---- days

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-03-02"),
        ("tomorrow", "2026-03-03"),
        ("pasado mañana", "2026-03-04"),
        ("fri", "2026-03-06"),
        ("mon", "2026-03-02"),
        ("lunes", "2026-03-02"),
        ("3/12", "2026-03-12"),
        ("mar 1", None),  # that was yesterday
        ("feb 20", "2027-02-20"),
        ("fri mar 6", "2026-03-06"),
        ("fri mar 7", None),  # that is a Saturday
        ("the 2nd", "2026-03-02"),
        ("the 31st", "2026-03-31"),
        ("feb 30", None),
    ],
)
def test_a_day_is_the_next_one_of_its_name(text: str, day: str | None) -> None:
    command = understood(f"appts {text}").command
    assert isinstance(command, Visits)
    assert date_of(command.day, MONDAY) == (date.fromisoformat(day) if day else None)


@given(st.text(max_size=60))
def test_any_words_behind_a_move_are_something(words: str) -> None:
    command = understood(f"MOVE 14 {words}").command
    assert isinstance(command, get_args(Command))
    assert not isinstance(command, MoveVisit) or command.code == 14


# ---- answers

FACTS = {
    "code": 14, "codes": "14, 15", "number": "(216) 555-0137", "who": "Christopher", "time": "Tue 10:45 AM", "nearest": "CLOSE 14 WON 450",
    "after": "3 min 20 s", "outcome": "numero equivocado", "value": " $1,200.50", "count": 12, "rows": "14 Tom; 15 Ann", "what": "water",
    "next": "", "texting": "Texting is on", "emergencies": "", "leads": 12, "overdue": 3, "calls": 4, "storm": " Storm on.", "why": "refused",
    "by": "Mike", "names": "Mike, Dana", "left": 2, "words": "hello",
    "visit": "Wed Dec 30 8 AM-12 PM", "before": "Wed Dec 23 8 AM-12 PM", "told": "They get NO texts: call (216) 555-0137.", "day": "Wed Dec 30",
}  # fmt: skip


@pytest.mark.parametrize("spanish", [False, True])
@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_answer_fits_one_segment_of_the_plain_alphabet(name: str, spanish: bool) -> None:
    body = sentence(name, spanish, **FACTS)
    assert is_gsm7(body)
    assert segment_count(body) == 1, body


@given(st.text(max_size=300))
def test_an_answer_with_any_words_in_it_is_one_segment(words: str) -> None:
    body = in_one_segment(sentence("show", False, **{**FACTS, "what": words}))
    assert is_gsm7(body)
    assert segment_count(body) == 1


def test_money_is_written_as_people_write_it() -> None:
    assert [money(cents) for cents in (45_000, 120_050, 99)] == ["$450", "$1,200.50", "$0.99"]


# ---- the manual

MANUAL = (Path(__file__).parents[2] / "web/help/help_phone.html").read_text()
ROWS = {
    name: [html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", codes)]
    for name, codes in re.findall(r'<dt id="(\w+)">(.*?)</dt>', MANUAL)
}


def test_the_manual_has_every_command() -> None:
    assert set(ROWS) == {command.__name__ for command in get_args(Command)} - {"Unclear"}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in ROWS.items() for text in texts])
def test_what_the_manual_prints_means_what_it_says(name: str, text: str) -> None:
    said = understood(secret.concealed(text, "4711", words_for_a_caller=writes(text) is not None))
    assert type(said.command).__name__ == name
    assert (said.pin is Pin.RIGHT) == ("4711" in text)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_manual_says_which_commands_ask_for_the_pin(name: str) -> None:
    said = MANUAL.partition(f'<dt id="{name}">')[2].partition("</dd>")[0]
    assert ("Asks for the PIN." in said) == (name in {command.__name__ for command in GUARDED})
