"""Whom the office rings and whether they speak: dialled, clicked, over Local channels, transferred, and through a lost link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from drivers.asterisk.calls import CallBook
from drivers.asterisk.dialled import number_in, plain_number
from drivers.asterisk.outgoing import ANALOGUE_TALK, MAX_OUTGOING
from gateway.core.events import CallEnded, CallTaken, OfficeCalled, OfficeRings
from tests.asterisk.blocks import arrives, block, enters, hangs_up, leaves, rings, row
from tests.asterisk.test_calls import BANNER, PHONE, T0, listing, told

LEG, OTHER_LEG = "PJSIP/trunk-00000009", "PJSIP/trunk-0000000a"
NUMBER = "12165550137"
ONE, TWO = "Local/x@from-internal-00000004;1", "Local/x@from-internal-00000004;2"
OfficeEvent = OfficeRings | OfficeCalled


def phone(uid: str = "5.1", channel: str = PHONE, exten: str = NUMBER, state: str = "4", **more: str) -> str:
    """A telephone of ours goes off hook and dials."""
    headers = {
        "Channel": channel,
        "ChannelState": state,
        "CallerIDNum": "201",
        "Context": "from-internal",
        "Exten": exten,
    }
    return block("Newchannel", **{**headers, "Uniqueid": uid, "Linkedid": uid, **more})


def leg(
    uid: str = "5.2",
    family: str = "5.1",
    channel: str = LEG,
    dialled: str = f"{NUMBER}@trunk",
    context: str = "from-trunk",
    **by: str,
) -> str:
    """A leg is made and dialled; `by` are the headers of the dialling channel, none for Originate."""
    made = block(
        "Newchannel", Channel=channel, ChannelState="0", Context=context, Exten="s", Uniqueid=uid, Linkedid=family
    )
    own = by or {"Channel": PHONE, "Uniqueid": family, "Linkedid": family, "Context": "from-internal", "Exten": NUMBER}
    dest = {"DestChannel": channel, "DestUniqueid": uid, "DestLinkedid": family, "DestContext": context}
    return made + block("DialBegin", **own, **dest, DestExten=NUMBER, DialString=dialled)


def originated(uid: str, channel: str, dialled: str, context: str) -> str:
    """The PBX itself rings a channel, the first of its family."""
    made = block(
        "Newchannel",
        Channel=channel,
        ChannelState="0",
        Context=context,
        Exten="s",
        CallerIDNum="201",
        Uniqueid=uid,
        Linkedid=uid,
    )
    dest = {"DestChannel": channel, "DestUniqueid": uid, "DestLinkedid": uid, "DestContext": context}
    return made + block("DialBegin", **dest, DialString=dialled)


def by_local(half: str, uid: str, family: str) -> dict[str, str]:
    return {"Channel": half, "Uniqueid": uid, "Linkedid": family, "Context": "from-internal", "Exten": NUMBER}


def halves(family: str, first: str = "5.3", second: str = "5.4") -> str:
    return "".join(
        block("Newchannel", Channel=half, ChannelState="0", Context="from-internal", Uniqueid=uid, Linkedid=family)
        for half, uid in ((ONE, first), (TWO, second))
    )


def office(*blocks: str, book: CallBook | None = None) -> list[OfficeEvent]:
    return [event for event in told(*blocks, book=book) if isinstance(event, OfficeEvent)]


def ends(*blocks: str, book: CallBook | None = None) -> list[tuple[str, bool, str | None]]:
    """Number, whether they spoke and from which telephone, once for each call that is over."""
    events = office(*blocks, book=book)
    over = [event for event in events if isinstance(event, OfficeCalled) and event.over]
    assert sorted(event.to for event in events if isinstance(event, OfficeRings)) == sorted(event.to for event in over)
    return [(event.to, event.reached, event.by) for event in over]


TALK = (enters("5.2", LEG), enters("5.1", PHONE))
END = (hangs_up("5.2", LEG, state="6"), hangs_up("5.1", PHONE, state="6"))


def test_a_call_of_the_office_tells_when_it_rings_when_they_speak_and_when_it_is_over() -> None:
    assert office(phone(), leg(), *TALK, *END) == [
        OfficeRings(T0 + timedelta(seconds=1), NUMBER, "201"),
        OfficeCalled(T0 + timedelta(seconds=3), NUMBER, True, "201", over=False),
        OfficeCalled(T0 + timedelta(seconds=4), NUMBER, True, "201"),
    ]


def test_a_call_that_nobody_answers_is_an_attempt() -> None:
    ended = block("DialEnd", Uniqueid="5.1", DestUniqueid="5.2", DestChannel=LEG, DialStatus="NOANSWER")
    assert ends(phone(), leg(), ended, *END) == [(NUMBER, False, "201")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_the_hangups_does_not_matter(order: tuple[int, int]) -> None:
    assert ends(phone(), leg(), *(END[i] for i in order)) == [(NUMBER, False, "201")]


def test_a_call_from_desk_to_desk_is_none_of_them() -> None:
    inside = leg(channel="PJSIP/202-00000009", dialled="202", context="from-internal")
    assert not office(phone(exten="202"), inside, enters("5.2", "PJSIP/202-00000009"), enters("5.1", PHONE), *END)


@pytest.mark.parametrize(
    ("channel", "dialled", "context"),
    [
        ("PJSIP/frontdesk-00000009", "frontdesk/sip:13035550199@192.0.2.7:5060", "from-internal"),
        ("PJSIP/3035550150-00000009", "3035550150", "from-internal"),
        ("PJSIP/201-00000009", "201/sip:13035550199@192.0.2.7:5060;transport=ws", "office-users"),
        ("SCCP/frontdesk-00000009", "frontdesk", "office-users"),
    ],
)
def test_a_telephone_of_ours_is_no_outside_party_however_it_is_named(channel: str, dialled: str, context: str) -> None:
    assert not office(phone(), leg(channel=channel, dialled=dialled, context=context), *TALK, *END)


@pytest.mark.parametrize(
    ("channel", "dialled", "context", "number"),
    [
        ("PJSIP/trunk-00000009", "12165550137@trunk", "from-trunk", "12165550137"),
        ("PJSIP/trunk-00000009", "trunk/sip:+12165550137@sip.example.com", "from-trunk", "+12165550137"),
        ("SIP/trunk-00000009", "trunk/12165550137", "from-trunk", "12165550137"),
        ("SIP/192.0.2.1-00000009", "12165550137@192.0.2.1", "default", "12165550137"),
        ("DAHDI/i1/12165550137-3", "g0/12165550137", "from-digital", "12165550137"),
        ("DAHDI/4-1", "4/w9w12165550137", "from-analog", "12165550137"),
        ("DAHDI/4-1", "4/*67w12165550137", "from-analog", "12165550137"),
        ("PJSIP/trunk-00000009", "*6712165550137@trunk", "from-trunk", "12165550137"),
        ("PJSIP/trunk-00000009", "912165550137@trunk", "from-trunk", "912165550137"),
        ("PJSIP/trunk-00000009", "01144207946" "0000@trunk", "from-trunk", "011442079460000"),
        ("IAX2/hq-00000009", "office:secret@hq/12165550137", "from-internal", "12165550137"),
        ("Dongle/modem-00000009", "modem/#31#12165550137", "from-trunk", "12165550137"),
        ("PJSIP/trunk-00000009", "trunk", "from-trunk", NUMBER),  # the dial plan keeps the number elsewhere
        ("PJSIP/trunk-00000009", "555-0137@trunk", "from-trunk", "5550137"),
    ],
)  # fmt: skip
def test_the_number_is_the_one_that_was_dialled(channel: str, dialled: str, context: str, number: str) -> None:
    rung = office(phone(), leg(channel=channel, dialled=dialled, context=context))
    assert [event.to for event in rung] == [number]


@pytest.mark.parametrize("text", ["", "201", "*97", "**201", "s", "frontdesk", "911", "*671", "trunk", "1234567x"])
def test_what_is_no_outside_number_is_none(text: str) -> None:
    assert plain_number(text) is None
    assert number_in(f"{text}@trunk", "trunk", inside=False) is None


def test_a_leg_to_a_cell_for_a_caller_is_no_call_of_the_office() -> None:
    """Follow-me, a forwarded desk, an agent with a cell: they all belong to the caller's family."""
    cell = leg("1.2", "1.1", dialled="13035550199@trunk", Channel=OTHER_LEG, Uniqueid="1.1", Linkedid="1.1")
    events = told(
        arrives("1.1", channel=OTHER_LEG), cell, enters("1.2", LEG), enters("1.1", OTHER_LEG), hangs_up("1.1")
    )
    assert [type(event) for event in events][1:] == [CallTaken, CallEnded]


def test_a_leg_to_a_cell_behind_a_local_channel_belongs_to_the_caller_too_and_after_his_end() -> None:
    cell = leg("5.2", "1.1", dialled="13035550199@trunk", **by_local(TWO, "5.4", "1.1"))
    assert not office(arrives("1.1", channel=OTHER_LEG), halves("1.1"), cell, hangs_up("1.1"), *END)
    assert not office(arrives("1.1", channel=OTHER_LEG), hangs_up("1.1"), halves("1.1"), cell, *END)


def test_a_caller_who_came_while_nobody_listened_is_not_taken_for_the_office() -> None:
    book = CallBook()
    told(arrives("1.1", channel=OTHER_LEG), hangs_up("1.1", channel=OTHER_LEG), BANNER, book=book)  # the trunk is known
    seen = block("Newstate", Channel=OTHER_LEG, ChannelState="6", Uniqueid="7.1", Linkedid="7.1")
    cell = leg("7.2", "7.1", Channel=OTHER_LEG, Uniqueid="7.1", Linkedid="7.1")
    assert not office(seen, cell, book=book)


def test_a_second_trunk_for_the_same_number_is_the_same_call() -> None:
    busy = hangs_up("5.2", LEG, cause="34")
    second = leg("5.5", channel=OTHER_LEG, dialled="2165550137@other")
    events = ends(phone(), leg(), busy, second, enters("5.5", OTHER_LEG), enters("5.1", PHONE), hangs_up("5.5"), END[1])
    assert events == [(NUMBER, True, "201")]


def test_another_number_is_another_call() -> None:
    second = leg("5.5", channel=OTHER_LEG, dialled="12165550138@trunk")
    assert ends(phone(), leg(), END[0], second, hangs_up("5.5"), END[1]) == [
        (NUMBER, False, "201"),
        ("12165550138", False, "201"),
    ]


def test_click_to_call_that_rings_the_desk_first() -> None:
    desk = originated("5.1", PHONE, "201", "from-internal")
    assert ends(desk, leg(), *TALK, *END) == [(NUMBER, True, "201")]


def test_click_to_call_that_rings_the_customer_first() -> None:
    customer = originated("5.1", LEG, f"{NUMBER}@trunk", "from-trunk")
    desk = rings("5.2", "5.1")
    talk = (enters("5.2", PHONE), enters("5.1", LEG))
    assert ends(customer, desk, *talk, hangs_up("5.1"), hangs_up("5.2")) == [(NUMBER, True, "201")]
    assert ends(customer, desk, hangs_up("5.2"), hangs_up("5.1")) == [(NUMBER, False, None)]


@pytest.mark.parametrize("answers", [True, False])
def test_a_machine_that_rings_a_customer_and_plays_something_did_not_speak(answers: bool) -> None:
    up = block("Newstate", Channel=LEG, ChannelState="6", Uniqueid="5.1", Linkedid="5.1") if answers else ""
    assert ends(originated("5.1", LEG, f"{NUMBER}@trunk", "from-trunk"), up, hangs_up("5.1")) == [(NUMBER, False, None)]


def test_click_to_call_from_the_owners_cell_reaches_the_customer() -> None:
    """Both are outside; what the PBX rang first of all is the office's side."""
    cell = originated("5.1", OTHER_LEG, "13035550199@trunk", "from-trunk")
    customer = leg("5.2", "5.1", Channel=OTHER_LEG, Uniqueid="5.1", Linkedid="5.1")
    talk = (enters("5.1", OTHER_LEG), enters("5.2", LEG))
    assert (NUMBER, True, "13035550199") in ends(cell, customer, *talk, hangs_up("5.2"), hangs_up("5.1"))


def test_dialled_through_a_local_channel_they_speak_through_its_halves() -> None:
    way = (phone(), halves("5.1"), leg(**by_local(TWO, "5.4", "5.1")))
    far, near = (enters("5.2", LEG, "b"), enters("5.4", TWO, "b")), (enters("5.3", ONE, "a"), enters("5.1", PHONE, "a"))
    gone = (hangs_up("5.2"), hangs_up("5.4"), hangs_up("5.3"), hangs_up("5.1"))
    assert ends(*way, *far, *near, *gone) == [(NUMBER, True, "201")]
    assert ends(*way, *far, *gone) == [(NUMBER, False, "201")]


def test_a_customer_handed_over_while_it_rings_is_reached_by_the_colleague() -> None:
    colleague = "PJSIP/202-00000007"
    talk = (
        enters("5.2", LEG),
        block("Newchannel", Channel=colleague, Context="from-internal", Uniqueid="6.1", Linkedid="6.1"),
    )
    joined = enters("6.1", colleague)
    assert ends(phone(), leg(), END[1], *talk, joined, END[0]) == [(NUMBER, True, "202")]


def test_a_customer_transferred_to_a_colleague_was_reached_by_the_first_one() -> None:
    colleague = "PJSIP/202-00000007"
    moved = (
        leaves("5.2", LEG),
        END[1],
        rings("5.6", "5.1", colleague, "202"),
        enters("5.6", colleague, "b2"),
        enters("5.2", LEG, "b2"),
    )
    assert ends(phone(), leg(), *TALK, *moved, END[0]) == [(NUMBER, True, "201")]


def test_a_customer_handed_to_another_outside_number_reached_nobody_else_of_the_office() -> None:
    other = leg("5.5", "5.1", OTHER_LEG, "13035550188@trunk", Channel=LEG, Uniqueid="5.2", Linkedid="5.1")
    together = (leaves("5.2", LEG), END[1], other, enters("5.5", OTHER_LEG, "b2"), enters("5.2", LEG, "b2"))
    assert ends(phone(), leg(), *TALK, *together, hangs_up("5.2"), hangs_up("5.5")) == [
        (NUMBER, True, "201"),
        ("13035550188", False, None),
    ]


@pytest.mark.parametrize("technology", ["holding_bridge", "softmix"])
def test_a_customer_in_a_room_is_reached_by_whom_he_hears(technology: str) -> None:
    customer = originated("5.1", LEG, f"{NUMBER}@trunk", "from-trunk")
    waits = enters("5.1", LEG, "room", technology, BridgeCreator="ConfBridge")
    comes = phone("6.1", exten="9000") + enters("6.1", PHONE, "room", technology, BridgeCreator="ConfBridge")
    reached = technology == "softmix"
    assert ends(customer, waits, comes, hangs_up("5.1")) == [(NUMBER, reached, "201" if reached else None)]


def test_an_announcer_and_a_recorder_are_nobody_to_speak_with() -> None:
    customer = originated("5.1", LEG, f"{NUMBER}@trunk", "from-trunk")
    assert ends(customer, enters("5.1", LEG), enters("9.1", "CBAnn/9000-00000001;2"), hangs_up("5.1")) == [
        (NUMBER, False, None)
    ]


def test_an_analogue_line_that_never_rang_counts_as_a_talk_only_when_it_lasts() -> None:
    """It is taken for answered as soon as it is dialled."""
    line = "DAHDI/4-1"
    dial = leg(channel=line, dialled=f"4/{NUMBER}", context="from-analog")
    made = (phone(), dial, enters("5.2", line), enters("5.1", PHONE))
    book = CallBook()
    assert office(*made, book=book) == [OfficeRings(T0 + timedelta(seconds=1), NUMBER, "201")]
    for seconds, reached in ((20, False), (ANALOGUE_TALK.total_seconds() + 2, True)):
        book = CallBook()
        quiet = block("NewCallerid", Channel=PHONE, Uniqueid="5.1")
        assert ends(*made, *[quiet] * int(seconds), hangs_up("5.2", line), hangs_up("5.1", PHONE), book=book) == [
            (NUMBER, reached, "201")
        ]


def test_an_analogue_line_that_tells_of_ringing_is_believed() -> None:
    line = "DAHDI/i1/12165550137-3"
    dial = leg(channel=line, dialled=f"g0/{NUMBER}", context="from-digital")
    alerting = block("Newstate", Channel=line, ChannelState="5", Uniqueid="5.2", Linkedid="5.1")
    assert ends(phone(), dial, alerting, enters("5.2", line), enters("5.1", PHONE), *END) == [(NUMBER, True, "201")]


# -- lost links


def status(uid: str, channel: str, state: str, bridge: str = "", **more: str) -> str:
    return row(uid, channel, state, bridge, **{"Linkedid": "5.1", **more})


CUSTOMER = status("5.2", LEG, "6", "b1", CallerIDNum=NUMBER, Context="from-trunk")
DESK = status("5.1", PHONE, "6", "b1", CallerIDNum="3035550100", Context="from-internal", DNID=NUMBER)


def test_answered_in_a_gap_shows_in_the_list() -> None:
    assert ends(BANNER, phone(), leg(), BANNER, listing(CUSTOMER, DESK), *END) == [(NUMBER, True, "201")]


def test_a_call_that_began_in_a_gap_is_found_in_the_list() -> None:
    known = (BANNER, arrives("1.1"), hangs_up("1.1"), BANNER)
    for order in ((CUSTOMER, DESK), (DESK, CUSTOMER)):
        assert ends(*known, listing(*order), *END) == [(NUMBER, True, "201")]
    ringing = status("5.2", LEG, "5", CallerIDNum=NUMBER, Context="from-trunk")
    waits = status("5.1", PHONE, "4", Context="from-internal", DNID=NUMBER)
    assert ends(*known, listing(waits, ringing), *TALK, *END) == [(NUMBER, True, "201")]
    assert ends(*known, listing(waits, ringing), *END) == [(NUMBER, False, "201")]


def test_a_callers_leg_to_a_cell_that_is_found_in_a_list_is_no_call_of_the_office() -> None:
    caller = row("1.1", OTHER_LEG, "6", "b1", CallerIDNum="2165550188", DNID="3035550101", Context="ext-novm")
    cell = row("1.2", LEG, "6", "b1", Linkedid="1.1", CallerIDNum="13035550199", Context="from-trunk")
    for rows in ((caller, cell), (cell, caller)):
        assert not office(
            BANNER, arrives("0.1"), hangs_up("0.1"), BANNER, listing(*rows), hangs_up("1.1"), hangs_up("1.2")
        )


def test_a_call_that_is_gone_after_a_gap_is_over() -> None:
    assert ends(BANNER, phone(), leg(), BANNER, listing()) == [(NUMBER, False, "201")]
    assert ends(BANNER, phone(), leg(), *TALK, BANNER, listing()) == [(NUMBER, True, "201")]


def test_a_pbx_that_dies_ends_the_calls_of_the_office() -> None:
    for death in (block("Shutdown", Restart="True"), block("FullyBooted", Uptime="3")):
        begun = (BANNER, block("FullyBooted", Uptime="9000"), phone(), leg())
        assert ends(*begun, BANNER, death) == [(NUMBER, False, "201")]
        assert ends(*begun, *TALK, BANNER, death) == [(NUMBER, True, "201")]


def test_calls_whose_end_is_never_told_do_not_pile_up() -> None:
    many = [
        phone(f"{number}.1", f"PJSIP/201-{number:08x}")
        + leg(f"{number}.2", f"{number}.1", f"PJSIP/trunk-{number:08x}", f"1216{number:07}@trunk")
        for number in range(2000000, 2000003 + MAX_OUTGOING)
    ]
    over = [event for event in office(*many) if isinstance(event, OfficeCalled)]
    assert [(event.reached, event.over) for event in over] == [(False, True)] * 3
