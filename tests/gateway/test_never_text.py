"""Who is never texted, and the order in which the reasons are tried."""

import pytest

from tests.gateway.office import CALLER, MILLER, call, outcome, outcomes, play, wait

REASONS = [
    ("+12165550100", "own_number"),
    ("+12165550188", "own_number"),
    ("+12165550190", "own_number"),
    ("2165550191", "own_number"),
    ("150", "own_number"),
    ("", "withheld"),
    ("anonymous", "withheld"),
    ("<unknown>", "withheld"),
    ("0000000000", "withheld"),
    ("Private", "withheld"),
    ("GOOGLE", "invalid_number"),
    ("216555013", "invalid_number"),
    ("911", "invalid_number"),
    ("+11165550137", "invalid_number"),
    ("+12161550137", "invalid_number"),
    ("72345", "short_code"),
    ("+19005550137", "premium"),
    ("+12169760137", "premium"),
    ("+18005550137", "toll_free"),
    ("8885550137", "toll_free"),
    ("+14165550137", "international"),
    ("+18765550137", "international"),
    ("+18095550137", "international"),
    ("+442079460137", "international"),
]
TEXTED = [
    "+17875550137",
    "+13405550137",
    "+16715550137",
    "5550137",
    "12165550137",
    '"Ann Lee" <2165550137>',
    "sip:2165550137@pbx",
]


@pytest.mark.parametrize(("caller", "reason"), REASONS)
def test_a_number_that_must_not_be_texted_is_refused_with_its_reason(caller: str, reason: str) -> None:
    assert outcome(call(caller=caller)).reason == reason


@pytest.mark.parametrize("caller", TEXTED)
def test_a_caller_in_the_country_is_texted_however_the_number_is_spelt(caller: str) -> None:
    assert outcome(call(caller=caller)).reason == "missed_call"


@pytest.mark.parametrize("kind", ["vendor", "blocked", "no_autotext", "autoresponder", "landline", "opted_out"])
def test_a_contact_of_this_kind_is_not_texted(kind: str) -> None:
    note = {"at": call()["at"], "event": "contact", "number": CALLER, "kind": kind}
    assert outcome(note, call(5)).reason == kind


@pytest.mark.parametrize("kind", ["customer", "vip"])
def test_customers_and_vips_are_texted(kind: str) -> None:
    note = {"at": call()["at"], "event": "contact", "number": CALLER, "kind": kind}
    assert outcome(note, call(5)).reason == "missed_call"


def test_staff_are_own_numbers() -> None:
    note = {"at": call()["at"], "event": "contact", "number": CALLER, "kind": "staff"}
    assert outcome(note, call(5)).reason == "own_number"


def test_an_opted_out_vendor_counts_as_opted_out() -> None:
    notes = [
        {"at": call()["at"], "event": "contact", "number": CALLER, "kind": kind} for kind in ("vendor", "opted_out")
    ]
    assert outcome(*notes, call(5)).reason == "opted_out"


@pytest.mark.parametrize("line", ["warehouse", "fax", "+12165550122", "+12165550199"])
def test_a_line_that_is_not_enabled_is_not_texted(line: str) -> None:
    assert outcome(call(line=line)).reason == "line_not_enabled"


@pytest.mark.parametrize("ended", ["answered", "answered_elsewhere"])
def test_an_answered_call_is_not_texted(ended: str) -> None:
    assert outcome(call(outcome=ended)).reason == "not_missed"


@pytest.mark.parametrize("ended", ["busy", "voicemail", "queue_abandon", "ivr_abandon"])
def test_every_way_of_missing_a_call_is_texted_however_short_it_rang(ended: str) -> None:
    assert outcome(call(outcome=ended, ring_s=0)).reason == "missed_call"


def test_a_misdial_is_not_texted_and_four_seconds_are_no_misdial() -> None:
    assert outcome(call(ring_s=3)).reason == "short_ring"
    assert outcome(call(ring_s=4)).reason == "missed_call"


def test_every_call_gets_exactly_one_outcome() -> None:
    events = [call(n * 40, caller=caller) for n, (caller, _) in enumerate(REASONS)]
    assert [o.reason for o in outcomes(*events)] == [reason for _, reason in REASONS]


def test_a_lone_stop_ends_all_texts_and_start_brings_them_back() -> None:
    def text(seconds: float, body: str) -> dict[str, object]:
        return {"at": call(seconds)["at"], "event": "text", "from": CALLER, "body": body}

    assert outcome(text(0, "STOP"), call(10)).reason == "opted_out"
    assert outcome(text(0, "stop!"), text(5, "START"), call(3 * 86400 + 60)).reason == "missed_call"


def test_a_stop_in_the_settle_time_takes_the_opener_back_and_is_confirmed_once() -> None:
    stop = {"at": call(5)["at"], "event": "text", "from": CALLER, "body": "Stop"}
    again = {"at": call(6)["at"], "event": "text", "from": CALLER, "body": "STOP"}
    effects = play(call(), stop, again, wait(60))
    assert [e["reason"] for e in effects if e["effect"] == "no_text"] == ["opted_out"]
    assert [e["purpose"] for e in effects if e["effect"] == "text"] == ["opt_out_confirmation"]


def test_the_example_business_is_read_from_its_file() -> None:
    assert MILLER.business.name == "Miller Heating & Air"
