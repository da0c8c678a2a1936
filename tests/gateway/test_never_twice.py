"""Settle time, cooldown, duplicates, caps, quiet hours, storm, modem trouble: through the whole core on a virtual clock."""

from datetime import datetime, timedelta

import pytest

from tests.gateway.office import CALLER, MONDAY_TEN, OWNER, at, call, openers, outcome, outcomes, play, wait

HOUR = 3600.0


def test_the_opener_leaves_after_the_settle_delay() -> None:
    assert outcome(call()).at == MONDAY_TEN + timedelta(seconds=15)


def test_a_call_that_became_known_late_is_texted_at_once() -> None:
    late = call(0, processed_at=at(300))
    assert outcome(late).at == MONDAY_TEN + timedelta(seconds=300)


def test_fifteen_minutes_old_is_texted_and_a_second_more_is_too_old() -> None:
    assert outcome(call(0, processed_at=at(900))).reason == "missed_call"
    assert outcome(call(0, processed_at=at(901))).reason == "stale"


def test_an_office_that_reaches_the_caller_in_the_settle_time_cancels_the_text() -> None:
    reached = {"at": at(8), "event": "office_call", "to": CALLER, "reached": True}
    got = outcome(call(), reached, wait(60))
    assert (got.reason, got.at) == ("office_reached", MONDAY_TEN + timedelta(seconds=8))


def test_the_sentence_names_the_telephone_from_which_the_office_spoke() -> None:
    reached = {"at": at(8), "event": "office_call", "to": CALLER, "reached": True, "by": "102"}
    (said,) = [effect["say"] for effect in play(call(), reached, wait(60)) if effect["effect"] == "no_text"]
    assert said == "the office (102) has spoken with the caller"


def test_an_office_that_does_not_reach_the_caller_changes_nothing() -> None:
    tried = {"at": at(8), "event": "office_call", "to": CALLER, "reached": False}
    assert outcome(call(), tried, wait(60)).reason == "missed_call"


def test_a_caller_who_is_answered_on_a_new_call_is_not_texted_for_the_first() -> None:
    first, second = outcomes(call(), call(9, outcome="answered"), wait(60))
    assert (first.reason, second.reason) == ("office_reached", "not_missed")


def test_a_second_call_within_the_cooldown_is_not_texted_again() -> None:
    assert [o.reason for o in outcomes(call(), call(2 * HOUR))] == ["missed_call", "cooldown"]


def test_the_cooldown_holds_on_every_line_and_is_over_after_exactly_twelve_hours() -> None:
    almost = call(12 * HOUR + 14, line="spanish")
    over = call(12 * HOUR + 15, line="spanish")
    assert outcomes(call(), almost)[1].reason == "cooldown"
    assert outcomes(call(), over)[1].reason == "missed_call"


def test_a_second_call_in_the_settle_time_of_the_first_gets_no_second_text() -> None:
    effects = openers(call(), call(6), wait(120))
    assert len(effects) == 1


def test_a_text_that_certainly_failed_starts_no_cooldown() -> None:
    refusing = {"at": at(-1), "event": "modem", "state": "refusing"}
    up = {"at": at(1200), "event": "modem", "state": "up"}
    assert [o.reason for o in outcomes(refusing, call(), up, call(1300))] == ["send_failed", "missed_call"]


def test_a_person_who_wrote_within_three_days_is_in_conversation() -> None:
    text = {"at": at(0), "event": "text", "from": CALLER, "body": "hello there"}
    assert outcome(text, call(71 * HOUR)).reason == "conversation_open"
    assert outcome(text, call(72 * HOUR)).reason == "missed_call"


def test_a_thread_that_a_person_has_taken_over_gets_no_automatic_text_for_a_day() -> None:
    typed = {"at": at(0), "event": "office_text", "to": CALLER, "body": "Ann here, calling you at 3", "by": "ann"}
    assert outcome(typed, call(23 * HOUR)).reason == "human_takeover"
    assert outcome(typed, call(24 * HOUR)).reason == "missed_call"


def test_a_text_typed_in_the_settle_time_takes_the_opener_back() -> None:
    typed = {"at": at(4), "event": "office_text", "to": CALLER, "body": "Ann here", "by": "ann"}
    assert outcome(call(), typed, wait(60)).reason == "human_takeover"


@pytest.mark.parametrize("gap", [0, 20, 60])
def test_the_same_call_seen_by_modem_and_asterisk_is_one_call(gap: int) -> None:
    assert outcomes(call(), call(gap, source="modem"))[1].reason == "duplicate"


def test_two_calls_seen_by_one_source_are_two_calls() -> None:
    assert outcomes(call(), call(20))[1].reason == "cooldown"


def test_beyond_the_window_another_source_saw_another_call() -> None:
    assert outcomes(call(), call(61, source="modem"))[1].reason == "cooldown"


def test_the_third_miss_in_fifteen_minutes_tells_the_owner_instead_of_texting() -> None:
    effects = play(call(), call(300), call(600), wait(700))
    assert [(e["call"], e["notify_owner"]) for e in effects if e["effect"] == "no_text"] == [(2, False), (3, True)]
    assert [e["to"] for e in effects if e.get("purpose") == "owner_notice"] == [OWNER]


def test_three_misses_over_a_longer_time_are_no_alarm() -> None:
    assert not outcomes(call(), call(600), call(901 + 600))[2].notify


@pytest.mark.parametrize(("caller", "notified"), [(CALLER, True), ("anonymous", True), ("+12165550191", False)])
def test_a_miss_on_the_on_call_line_tells_the_owner_unless_it_is_one_of_us(caller: str, notified: bool) -> None:
    assert outcome(call(line="oncall", caller=caller)).notify is notified


def test_the_sixty_first_text_within_an_hour_is_not_sent_and_the_owner_is_told_once() -> None:
    calls = [call(n * 30, caller=f"+1216555{1000 + n}") for n in range(63)]
    effects = play(*calls, wait(1935))
    refused = [e for e in effects if e["effect"] == "no_text"]
    assert [e["call"] for e in refused] == [61, 62, 63]
    assert all(e["reason"] == "rate_limit" and e["notify_owner"] for e in refused)
    assert len([e for e in effects if e.get("purpose") == "owner_notice"]) == 1


def test_an_hour_after_the_first_texts_there_is_room_again() -> None:
    calls = [call(n * 30, caller=f"+1216555{1000 + n}") for n in range(60)]
    assert outcomes(*calls, call(3620, caller="+12165559999"))[-1].reason == "missed_call"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "line", "template"),
    [
        ("2026-03-02T07:59:44-05:00", "main", "after_hours"),
        ("2026-03-02T07:59:45-05:00", "main", "open"),  # chosen by the time of sending
        ("2026-03-02T16:59:44-05:00", "main", "open"),
        ("2026-03-02T16:59:45-05:00", "main", "after_hours"),
        ("2026-03-01T12:00:00-05:00", "main", "after_hours"),
        ("2026-02-16T10:00:00-05:00", "main", "holiday"),
        ("2025-12-24T11:00:00-05:00", "main", "open"),
        ("2025-12-24T13:00:00-05:00", "main", "after_hours"),
        ("2026-01-26T10:00:00-05:00", "main", "storm"),
        ("2026-01-27T21:59:00-05:00", "spanish", "storm_es"),
        ("2026-03-02T23:00:00-05:00", "spanish", "after_hours_es"),
        ("2026-07-04T10:00:00-04:00", "spanish", "holiday_es"),
    ],
)
def test_the_template_follows_the_line_and_the_hour(moment: str, line: str, template: str) -> None:
    assert outcome(call(base=local(moment), line=line)).template == template


def test_storm_mode_switched_by_the_owner_replaces_the_open_text() -> None:
    on = {"at": at(-60), "event": "storm", "on": True}
    off = {"at": at(60), "event": "storm", "on": False}
    assert [o.template for o in outcomes(on, call(), off, call(120, caller="+12165550140"))] == ["storm", "open"]


NIGHT = local("2026-03-02T22:00:00-05:00")


def test_an_ad_line_holds_its_opener_until_the_morning() -> None:
    effects = play(call(base=NIGHT, line="ads"), wait(11 * HOUR, NIGHT))
    assert [(e["effect"], e["at"][11:16]) for e in effects] == [("no_text", "22:00"), ("text", "07:30")]
    assert effects[0]["reason"] == "quiet_hours_defer"


def test_a_held_opener_is_dropped_when_the_office_has_spoken_with_the_caller() -> None:
    reached = {"at": at(9.2 * HOUR, NIGHT), "event": "office_call", "to": CALLER, "reached": True}
    effects = play(call(base=NIGHT, line="ads"), reached, wait(11 * HOUR, NIGHT))
    assert [e["effect"] for e in effects] == ["no_text"]


def test_the_main_line_answers_at_night_because_the_caller_is_awake() -> None:
    assert outcome(call(base=NIGHT)).template == "after_hours"


@pytest.mark.parametrize("clock", ["21:29:44", "07:00:00"])
def test_the_ad_line_texts_outside_quiet_hours(clock: str) -> None:
    assert outcome(call(base=local(f"2026-03-02T{clock}-05:00"), line="ads")).reason == "missed_call"


def test_with_the_modem_down_the_opener_waits_and_leaves_when_it_is_back() -> None:
    down = {"at": at(-5), "event": "modem", "state": "down"}
    up = {"at": at(600), "event": "modem", "state": "up"}
    assert outcome(down, call(), up).at == MONDAY_TEN + timedelta(seconds=600)


@pytest.mark.parametrize(("state", "reason"), [("down", "modem_down"), ("refusing", "send_failed")])
def test_a_modem_that_stays_unusable_ends_in_the_call_back_list(state: str, reason: str) -> None:
    trouble = {"at": at(-5), "event": "modem", "state": state}
    got = outcome(trouble, call(), wait(2000))
    assert (got.reason, got.at) == (reason, MONDAY_TEN + timedelta(minutes=15))


def test_a_number_that_cannot_be_texted_is_learnt_from_its_report() -> None:
    report = {"at": at(60), "event": "report", "to": CALLER, "status": "failed"}
    assert outcomes(call(), report, call(20 * HOUR))[1].reason == "landline"


@pytest.mark.parametrize(
    "body", ["URGENT", "urgent no heat and a baby here", "URGENTE! huele raro", "Urgent " + "x" * 400]
)
def test_the_word_that_our_texts_offer_for_an_emergency_reaches_the_owner_at_once(body: str) -> None:
    text = {"at": at(60), "event": "text", "from": CALLER, "body": body}
    alerts = [e for e in play(call(), text) if e.get("purpose") == "escalation"]
    assert [(a["to"], a["segments"]) for a in alerts] == [(OWNER, 1)]
    assert "(216) 555-0137" in alerts[0]["body"]
