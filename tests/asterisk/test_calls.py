"""What became of an inbound call: the situations in which a simple reading of the manager's events is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from drivers.asterisk.calls import MAX_CHANNELS, CallBook
from drivers.asterisk.ledger import MAX_CALLS
from drivers.asterisk.messages import MessageParser
from gateway.core.events import CallEnded, CallEvent, CallRang, CallReason, CallSource, CallTaken
from gateway.ports.devices import OpenCall
from tests.asterisk.blocks import CALLER, DID, arrives, block, enters, hangs_up, leaves, rings, row

TRUNK, PHONE = "PJSIP/trunk-00000001", "PJSIP/201-00000002"
ONE, TWO = "Local/201@from-internal-vm-00000004;1", "Local/201@from-internal-vm-00000004;2"
T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BANNER = "Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nMessage: Authentication accepted\r\n\r\n"


def told(*blocks: str, book: CallBook | None = None, seconds_between: float = 1.0) -> list[CallEvent]:
    """Feed blocks, a second apart."""
    parser, events = MessageParser(), []
    book = book or CallBook()
    for number, text in enumerate(blocks):
        for message in parser.feed(text.encode()):
            events += book.feed(message, T0 + timedelta(seconds=number * seconds_between))
    assert parser.discarded == 0
    return events


def outcome(*blocks: str, book: CallBook | None = None) -> CallEnded:
    (ended,) = [event for event in told(*blocks, book=book) if isinstance(event, CallEnded)]
    return ended


def verdict(*blocks: str) -> tuple[bool | None, CallReason, str | None]:
    ended = outcome(*blocks)
    return ended.missed, ended.reason, ended.answered_by


def runs(
    application: str, context: str = "ext-did", extension: str = DID, uid: str = "1.1", channel: str = TRUNK
) -> str:
    return block(
        "Newexten",
        Channel=channel,
        Uniqueid=uid,
        Linkedid="1.1",
        Context=context,
        Extension=extension,
        Application=application,
    )


def goes_up(uid: str = "1.1", channel: str = TRUNK, **more: str) -> str:
    return block("Newstate", Channel=channel, ChannelState="6", Uniqueid=uid, Linkedid="1.1", **more)


def dial_ends(uid: str, status: str, channel: str = PHONE) -> str:
    return block(
        "DialEnd",
        Channel=TRUNK,
        Uniqueid="1.1",
        Linkedid="1.1",
        DestUniqueid=uid,
        DestChannel=channel,
        DialStatus=status,
    )


def test_a_call_tells_when_it_rings_when_a_person_speaks_and_when_it_ends() -> None:
    events = told(
        arrives("1.1"), rings("1.2", "1.1"), enters("1.2", PHONE), enters("1.1", TRUNK), hangs_up("1.1", state="6")
    )
    rang, taken, ended = events
    assert rang == CallRang("1.1", CallSource.AMI, T0, CALLER, DID)
    assert taken == CallTaken("1.1", CallSource.AMI, T0 + timedelta(seconds=3), "201")
    assert isinstance(ended, CallEnded)
    assert (ended.missed, ended.answered_by, ended.ring_s, ended.caller_name) == (False, "201", 3.0, "JANE DOE")


def test_a_dialler_leg_that_starts_in_the_inbound_context_is_no_inbound_call() -> None:
    assert not told(
        arrives("1.1", ChannelState="0", Exten="s"),
        block("Newstate", Channel=TRUNK, ChannelState="5", Uniqueid="1.1", Linkedid="1.1", Context="from-trunk"),
        goes_up(),
        hangs_up("1.1", state="6"),
    )


@pytest.mark.parametrize("context", ["from-internal", "from-queue", "click-to-call"])
def test_calls_from_our_own_phones_are_no_inbound_calls(context: str) -> None:
    assert not told(arrives("1.1", channel=PHONE, Context=context), hangs_up("1.1", channel=PHONE))


def test_inbound_contexts_may_be_patterns() -> None:
    book = CallBook(("voip-*",))
    assert outcome(arrives("1.1", Context="voip-flowroute"), hangs_up("1.1"), book=book).missed is True


def test_an_analogue_line_gives_its_number_after_the_channel_is_made() -> None:
    ended = outcome(
        arrives("1.1", channel="DAHDI/4-1", caller="", name="", ChannelState="1", Exten="s", Context="from-analog"),
        block("Newstate", Channel="DAHDI/4-1", ChannelState="4", Uniqueid="1.1", Linkedid="1.1", CallerIDNum=CALLER),
        hangs_up("1.1", channel="DAHDI/4-1"),
    )
    assert (ended.caller, ended.did, ended.missed) == (CALLER, None, True)


def test_a_voicemail_behind_a_local_channel_is_nobody_although_dial_says_answer() -> None:
    local = block(
        "Newchannel", Channel=ONE, ChannelState="0", Uniqueid="1.3", Linkedid="1.1", Context="from-internal-vm"
    )
    other = block(
        "Newchannel", Channel=TWO, ChannelState="4", Uniqueid="1.4", Linkedid="1.1", Context="from-internal-vm"
    )
    begun = block(
        "DialBegin", Uniqueid="1.1", Linkedid="1.1", DestChannel=ONE, DestUniqueid="1.3", DialString="201@x/n"
    )
    assert verdict(
        arrives("1.1"),
        local,
        other,
        begun,
        runs("VoiceMail", "from-internal-vm", "201", "1.4", TWO),
        goes_up("1.4", TWO),
        dial_ends("1.3", "ANSWER", ONE),
        goes_up(),
        enters("1.3", ONE),
        enters("1.1", TRUNK),
        hangs_up("1.1", state="6"),
    ) == (True, CallReason.VOICEMAIL, None)


@pytest.mark.parametrize("last", ["phone", "half", "caller"])
def test_a_person_behind_a_local_channel_is_found_whoever_enters_last(last: str) -> None:
    local = block("Newchannel", Channel=ONE, ChannelState="0", Uniqueid="1.3", Linkedid="1.1")
    other = block("Newchannel", Channel=TWO, ChannelState="4", Uniqueid="1.4", Linkedid="1.1")
    steps = {
        "caller": enters("1.1", TRUNK, "a"),
        "half": enters("1.3", ONE, "a") + enters("1.4", TWO, "b"),
        "phone": enters("1.2", PHONE, "b"),
    }
    ordered = [text for name, text in steps.items() if name != last] + [steps[last]]
    assert verdict(arrives("1.1"), local, other, rings("1.2", "1.1"), *ordered, hangs_up("1.1", state="6")) == (
        False,
        CallReason.ANSWERED,
        "201",
    )


def test_a_colleague_who_picks_the_call_up_has_another_linkedid_and_still_answers() -> None:
    picker = "PJSIP/203-00000009"
    assert verdict(
        arrives("1.1"),
        rings("1.2", "1.1"),
        arrives("7.7", channel=picker, Context="from-internal", Exten="*8", caller="203"),
        block("Pickup", Channel=picker, Uniqueid="7.7", Linkedid="7.7", TargetUniqueid="1.2"),
        enters("7.7", picker),
        enters("1.1", TRUNK),
        hangs_up("1.1", state="6"),
    ) == (False, CallReason.ANSWERED, "203")


def test_a_cell_that_answers_but_never_presses_one_did_not_speak_with_the_caller() -> None:
    cell = "PJSIP/trunk-00000005"
    assert verdict(
        arrives("1.1"),
        rings("1.2", "1.1", cell, "13035550199@trunk"),
        goes_up("1.2", cell),
        dial_ends("1.2", "CONTINUE", cell),
        hangs_up("1.2", channel=cell, state="6"),
        runs("VoiceMail"),
        hangs_up("1.1", state="6"),
    ) == (True, CallReason.VOICEMAIL, None)


def test_a_parked_caller_with_other_parked_callers_speaks_with_nobody() -> None:
    other = "PJSIP/trunk-00000008"
    events = told(
        arrives("1.1"),
        arrives("2.1", channel=other),
        enters("1.1", TRUNK, "lot", "holding_bridge", BridgeCreator="Parking"),
        enters("2.1", other, "lot", "holding_bridge", BridgeCreator="Parking"),
        hangs_up("1.1", state="6"),
        hangs_up("2.1", channel=other, state="6"),
    )
    assert [event.missed for event in events if isinstance(event, CallEnded)] == [True, True]


def test_a_caller_alone_in_a_conference_room_is_missed_and_named_so() -> None:
    alone = enters("1.1", TRUNK, "room", "softmix", BridgeCreator="ConfBridge")
    announcer = enters("9.1", "CBAnn/9000-00000001;2", "room", "softmix", BridgeCreator="ConfBridge")
    assert verdict(arrives("1.1"), goes_up(), alone, announcer, hangs_up("1.1", state="6"))[:2] == (
        True,
        CallReason.CONFERENCE_ALONE,
    )
    host = enters("1.2", PHONE, "room", "softmix", BridgeCreator="ConfBridge")
    assert verdict(arrives("1.1"), goes_up(), alone, host, hangs_up("1.1", state="6")) == (
        False,
        CallReason.ANSWERED,
        "201",
    )


@pytest.mark.parametrize(
    "recorder", ["Snoop/1.1-00000001", "CBRec/9000-1", "Recorder/ARI-1;2", "Announcer/ARI-1;2", "DAHDI/pseudo-1"]
)
def test_a_recorder_in_the_bridge_is_no_person(recorder: str) -> None:
    assert verdict(arrives("1.1"), enters("1.1", TRUNK), enters("9.1", recorder), hangs_up("1.1"))[0] is True


@pytest.mark.parametrize(
    ("channel", "dialled", "who"),
    [
        ("PJSIP/201-00000002", "201", "201"),
        ("PJSIP/201-00000002", "PJSIP/201", "201"),
        ("PJSIP/201-00000002", "201/sip:8731@192.0.2.7:5060;transport=ws", "201"),
        ("PJSIP/trunk-00000002", "13035550199@trunk", "13035550199"),
        ("PJSIP/trunk-00000002", "trunk/sip:+13035550199@sip.example.com", "+13035550199"),
        ("SIP/trunk-00000002", "trunk/13035550199", "13035550199"),
        ("SIP/5551230000-00000002", "13035550199@5551230000", "13035550199"),
        ("DAHDI/i1/13035550199-3", "g0/13035550199", "13035550199"),
        ("IAX2/branch-77", "branch/305", "305"),
    ],
)
def test_who_answered_is_the_extension_or_the_outside_number_as_dialled(channel: str, dialled: str, who: str) -> None:
    assert verdict(
        arrives("1.1"),
        rings("1.2", "1.1", channel, dialled),
        enters("1.1", TRUNK),
        enters("1.2", channel),
        hangs_up("1.1"),
    ) == (False, CallReason.ANSWERED, who)


def test_the_first_person_that_spoke_is_named_after_a_transfer() -> None:
    second = "PJSIP/202-00000007"
    assert verdict(
        arrives("1.1"),
        rings("1.2", "1.1"),
        enters("1.2", PHONE),
        enters("1.1", TRUNK),
        leaves("1.1", TRUNK),
        enters("1.1", TRUNK, "b2"),
        enters("1.5", second, "b2"),
        hangs_up("1.1", state="6"),
    ) == (False, CallReason.ANSWERED, "201")


@pytest.mark.parametrize(
    ("status", "cause", "reason"),
    [
        ("BUSY", "17", CallReason.BUSY),
        ("NOANSWER", "21", CallReason.BUSY),
        ("NOANSWER", "16", CallReason.NO_ANSWER),
        ("CANCEL", "0", CallReason.NO_ANSWER),
        ("CHANUNAVAIL", "20", CallReason.UNAVAILABLE),
        ("CONGESTION", "34", CallReason.UNAVAILABLE),
        ("SOMETHING_NEW", "16", CallReason.NO_ANSWER),
    ],
)
def test_what_the_telephone_said_gives_the_reason(status: str, cause: str, reason: CallReason) -> None:
    legs = (dial_ends("1.2", status), hangs_up("1.2", channel=PHONE, cause=cause))
    assert verdict(arrives("1.1"), rings("1.2", "1.1"), *legs, hangs_up("1.1"))[1] is reason


@pytest.mark.parametrize("status", ["NOANSWER", "BUSY"], ids=["pjsip", "chan_sip"])
def test_a_phone_on_do_not_disturb_never_rang_and_is_unavailable(status: str) -> None:
    made = block("Newchannel", Channel=PHONE, ChannelState="0", Uniqueid="1.2", Linkedid="1.1")
    begun = block("DialBegin", Uniqueid="1.1", Linkedid="1.1", DestChannel=PHONE, DestUniqueid="1.2", DialString="201")
    ended = dial_ends("1.2", status) + hangs_up("1.2", channel=PHONE, cause="19", state="0")
    assert verdict(arrives("1.1"), made, begun, ended, hangs_up("1.1"))[1] is CallReason.UNAVAILABLE


@pytest.mark.parametrize("status", ["NOANSWER", "BUSY"], ids=["pjsip", "chan_sip"])
def test_a_phone_that_rang_before_it_became_unavailable_gave_no_answer(status: str) -> None:
    ended = dial_ends("1.2", status) + hangs_up("1.2", channel=PHONE, cause="19", state="5")
    assert verdict(arrives("1.1"), rings("1.2", "1.1"), ended, hangs_up("1.1"))[1] is CallReason.NO_ANSWER


def test_a_phone_that_sends_the_call_on_did_not_ring_and_what_it_was_sent_to_counts() -> None:
    made = block("Newchannel", Channel=PHONE, ChannelState="0", Uniqueid="1.2", Linkedid="1.1")
    begun = block("DialBegin", Uniqueid="1.1", Linkedid="1.1", DestChannel=PHONE, DestUniqueid="1.2", DialString="201")
    sent_on = dial_ends("1.2", "CANCEL").replace("DialStatus", "Forward: 13035550199\r\nDialStatus")
    local = block("DialBegin", Uniqueid="1.1", Linkedid="1.1", DestChannel=ONE, DestUniqueid="1.3", DialString="x")
    cell = "PJSIP/trunk-00000009"
    busy = rings("1.5", "1.1", cell, "13035550199@trunk") + dial_ends("1.5", "BUSY", cell)
    gone = hangs_up("1.5", channel=cell, cause="17") + dial_ends("1.3", "NOANSWER", ONE) + hangs_up("1.3", channel=ONE)
    way = (arrives("1.1"), made, begun, sent_on, local, hangs_up("1.2", channel=PHONE, cause="23", state="0"))
    assert verdict(*way, busy + gone, hangs_up("1.1"))[1] is CallReason.BUSY
    nothing = dial_ends("1.3", "NOANSWER", ONE) + hangs_up("1.3", channel=ONE)
    assert verdict(*way, nothing, hangs_up("1.1"))[1] is CallReason.UNAVAILABLE


def test_one_phone_that_rang_outweighs_one_that_was_busy() -> None:
    other = "PJSIP/202-00000007"
    assert (
        verdict(
            arrives("1.1"),
            rings("1.2", "1.1"),
            rings("1.3", "1.1", other, "202"),
            dial_ends("1.3", "BUSY", other),
            hangs_up("1.3", channel=other, cause="17"),
            dial_ends("1.2", "NOANSWER"),
            hangs_up("1.1"),
        )[1]
        is CallReason.NO_ANSWER
    )


@pytest.mark.parametrize(
    ("applications", "reason"),
    [
        (("Answer", "BackGround"), CallReason.ABANDONED_IN_IVR),
        (("Answer", "BackGround", "WaitExten", "Playback"), CallReason.ABANDONED_IN_IVR),
        (("Answer", "Queue"), CallReason.ABANDONED_IN_QUEUE),
        (("Answer", "Queue", "VoiceMail"), CallReason.VOICEMAIL),
        (("Answer", "Playback"), CallReason.ANNOUNCEMENT),
        (("Progress", "Playback", "Congestion"), CallReason.ANNOUNCEMENT),
        (("Answer", "Playback", "Dial"), CallReason.UNAVAILABLE),
        (("Answer", "ConfBridge"), CallReason.CONFERENCE_ALONE),
        (("Busy",), CallReason.BUSY),
        (("Dial",), CallReason.UNAVAILABLE),
        (("Congestion",), CallReason.UNAVAILABLE),
        (("Answer", "Park"), CallReason.NO_ANSWER),
    ],
)
def test_where_the_caller_was_last_gives_the_reason(applications: tuple[str, ...], reason: CallReason) -> None:
    way = [runs(application) for application in applications]
    after = runs("NoOp", "hangupcall", "s") + runs("Playback", "from-pstn", "h")
    assert verdict(arrives("1.1"), *way, after, hangs_up("1.1", state="6", cause="0"))[:2] == (True, reason)


def test_a_caller_on_the_blacklist_is_blocked_not_missed() -> None:
    up = goes_up(Context="app-blacklist-check", Exten="s")
    assert verdict(arrives("1.1"), up, hangs_up("1.1", state="6", Context="app-blacklist-check", Exten="s"))[:2] == (
        False,
        CallReason.BLOCKED,
    )


def test_a_caller_who_only_passed_the_blacklist_check_is_missed() -> None:
    checked = block("NewCallerid", Channel=TRUNK, Uniqueid="1.1", Linkedid="1.1", Context="app-blacklist-check")
    way = runs("Return", "app-blacklist-check", "s") + runs("Dial", "ext-novm", "201")
    assert verdict(arrives("1.1"), checked, way, rings("1.2", "1.1"), hangs_up("1.1", Context="ext-novm", Exten="201"))[
        0
    ]


@pytest.mark.parametrize(
    "withheld",
    [
        block(
            "NewCallerid",
            **{"Uniqueid": "1.1", "CallerIDNum": CALLER, "CID-CallingPres": "32 (Presentation Prohibited)"},
        ),
        block("VarSet", Uniqueid="1.1", Variable="__CALLINGNUMPRES_SV", Value="prohib_passed_screen"),
        "Response: Success\r\nActionID: num-pres/1.1\r\nVariable: CALLERID(num-pres)\r\nValue: prohib\r\n\r\n",
    ],
    ids=["NewCallerid", "VarSet", "Getvar"],
)
def test_a_number_the_caller_withheld_is_not_told(withheld: str) -> None:
    assert outcome(arrives("1.1"), withheld, hangs_up("1.1", CallerIDNum=CALLER)).caller is None


@pytest.mark.parametrize(
    "spelling",
    ["", "anonymous", "Unavailable", "0000000000", "<unknown>", "Restricted", "Private", "+266696687", "8656696", "P"],
)
def test_every_spelling_of_withheld_is_nobody(spelling: str) -> None:
    assert outcome(arrives("1.1", caller=spelling), hangs_up("1.1", CallerIDNum=spelling)).caller is None


@pytest.mark.parametrize("number", ["3035550104", "13035550104", "+13035550104"])
def test_a_number_is_told_as_the_trunk_delivered_it(number: str) -> None:
    ended = outcome(arrives("1.1", caller=number, Exten=number), hangs_up("1.1"))
    assert (ended.caller, ended.did) == (number, number)


def test_a_name_that_looks_like_an_event_is_a_name() -> None:
    name = "Event: Hangup, Uniqueid: 1.1"
    ended = outcome(arrives("1.1", name=name), rings("1.2", "1.1"), hangs_up("1.1"))
    assert (ended.caller_name, ended.missed) == (name, True)


def test_a_name_that_looks_like_a_greeting_opens_no_new_connection() -> None:
    book = CallBook()
    name = "Asterisk Call Manager/11.0.0"
    told(arrives("1.1", name=name), rings("1.2", "1.1"), goes_up(), book=book)
    assert outcome(hangs_up("1.1", state="6"), book=book).caller_name == name


def test_the_name_is_the_one_the_trunk_gave_not_the_one_the_dialplan_made() -> None:
    renamed = block("NewCallerid", Uniqueid="1.1", CallerIDNum=CALLER, CallerIDName="GADS JANE DOE")
    assert outcome(arrives("1.1"), renamed, hangs_up("1.1", CallerIDName="GADS JANE DOE")).caller_name == "JANE DOE"


# -- lost links and dead PBXs


def listing(*rows: str) -> str:
    head = "Response: Success\r\nActionID: s/1\r\nEventList: start\r\nMessage: Channel status will follow\r\n\r\n"
    body = "".join(f"Event: Status\r\nActionID: s/1\r\n{text}\r\n\r\n" for text in rows)
    return head + body + "Event: StatusComplete\r\nActionID: s/1\r\n\r\n"


def test_a_call_found_ringing_after_a_gap_is_missed_when_it_ends() -> None:
    found = listing(row("1.1", TRUNK, "4", CallerIDNum=CALLER, Context="ext-novm", Exten="201"))
    assert verdict(BANNER, arrives("1.1"), rings("1.2", "1.1"), BANNER, found, hangs_up("1.1", state="4"))[0] is True


def test_a_call_first_seen_in_a_list_keeps_its_number_line_and_start() -> None:
    found = listing(
        row("1.1", TRUNK, "4", CallerIDNum=CALLER, DNID=DID, Context="from-did-direct", Exten="201", Seconds="9")
    )
    ended = outcome(BANNER, found, hangs_up("1.1"))
    assert (ended.caller, ended.did, ended.missed, ended.ring_s) == (CALLER, DID, True, 10.0)


def test_a_call_of_our_own_phone_found_in_a_list_is_no_inbound_call() -> None:
    found = listing(
        row("1.1", PHONE, "4", CallerIDNum="201", DNID="12165550137", Context="from-internal", Exten="12165550137")
    )
    assert not told(BANNER, found, hangs_up("1.1", channel=PHONE))


def test_without_a_list_after_a_gap_a_call_that_went_up_is_unknown_and_one_still_ringing_is_missed() -> None:
    assert verdict(BANNER, arrives("1.1"), BANNER, hangs_up("1.1", state="6")) == (None, CallReason.UNKNOWN, None)
    assert verdict(BANNER, arrives("1.1"), BANNER, hangs_up("1.1", state="4"))[0] is True


def test_a_call_that_begins_while_the_list_is_being_read_is_not_taken_for_vanished() -> None:
    head, _, tail = listing().partition("Event: StatusComplete")
    assert verdict(BANNER, BANNER, head, arrives("1.1"), "Event: StatusComplete" + tail, hangs_up("1.1"))[0] is True


def test_a_restart_under_a_ringing_call_is_told_as_such() -> None:
    soft = block("SoftHangupRequest", Channel=TRUNK, Uniqueid="1.1", Linkedid="1.1", Cause="4")
    assert verdict(arrives("1.1"), rings("1.2", "1.1"), soft, hangs_up("1.1"))[1] is CallReason.PBX_RESTART
    assert verdict(arrives("1.1"), block("Shutdown", Restart="True"))[1] is CallReason.PBX_RESTART


def test_the_start_time_of_the_pbx_tells_a_restart_without_any_system_event() -> None:
    def core(time: str) -> str:
        return f"Response: Success\r\nActionID: c\r\nCoreStartupDate: 2026-03-02\r\nCoreStartupTime: {time}\r\n\r\n"

    assert verdict(BANNER, core("12:00:00"), arrives("1.1"), BANNER, core("14:00:00"))[1] is CallReason.PBX_RESTART
    assert not [
        e for e in told(BANNER, core("12:00:00"), arrives("1.1"), BANNER, core("12:00:00")) if isinstance(e, CallEnded)
    ]


def core_status(time: str) -> str:
    return f"Response: Success\r\nActionID: c\r\nCoreStartupDate: 2026-03-02\r\nCoreStartupTime: {time}\r\n\r\n"


@pytest.mark.parametrize("proof", ["the start told by CoreStatus", "the call is still listed"])
def test_a_pbx_whose_clock_was_set_back_did_not_start_anew(proof: str) -> None:
    """Without a battery clock a PBX boots in the past; when the network sets its clock its uptime may shrink, too."""
    ringing = listing(row("1.1", TRUNK, "4"))
    events = told(
        BANNER,
        block("FullyBooted", Uptime="90000") + core_status("12:00:00"),
        arrives("1.1"),
        BANNER,
        block("FullyBooted", Uptime="400"),
        core_status("12:00:00") if proof == "the start told by CoreStatus" else ringing,
        ringing,
        hangs_up("1.1"),
    )
    assert [type(event) for event in events] == [CallRang, CallEnded]
    assert isinstance(events[-1], CallEnded)
    assert (events[-1].missed, events[-1].reason) == (True, CallReason.NO_ANSWER)


def test_a_pbx_whose_clock_gives_doubt_and_whose_list_is_empty_started_anew() -> None:
    booted = block("FullyBooted", Uptime="90000") + core_status("12:00:00")
    anew = block("FullyBooted", Uptime="400")
    assert verdict(BANNER, booted, arrives("1.1"), BANNER, anew, listing())[1] is CallReason.PBX_RESTART


def test_a_call_that_rings_on_after_a_gap_was_not_answered_in_it() -> None:
    """No list tells how things stand, but the caller's own events do: still in state Ring, or only now picked up."""
    still = block("NewCallerid", Channel=TRUNK, ChannelState="4", Uniqueid="1.1", Linkedid="1.1")
    for sign in (still + goes_up(), goes_up()):
        voicemail = hangs_up("1.1", state="6", Context="app-voicemail", Exten="vmu201")
        assert verdict(BANNER, arrives("1.1"), BANNER, sign, voicemail)[:2] == (True, CallReason.VOICEMAIL)


def test_a_talk_that_began_in_a_gap_shows_when_both_leave_their_bridge() -> None:
    """Nobody asked for a list; yet the caller and the telephone leave one bridge, so they were in it together."""
    known = (BANNER, arrives("1.1"), rings("1.2", "1.1"), BANNER)
    talked = leaves("1.1", TRUNK) + leaves("1.2", PHONE)
    assert verdict(*known, talked, hangs_up("1.1", state="6")) == (False, CallReason.ANSWERED, "201")
    alone = leaves("1.1", TRUNK) + leaves("1.3", ONE)
    assert verdict(*known, alone, hangs_up("1.1", state="6"))[1] is CallReason.UNKNOWN


def test_a_call_joined_to_a_local_channel_after_a_gap_without_a_list_is_unknown() -> None:
    """Who is behind the other half was said while nobody listened."""
    up = goes_up() + enters("1.1", TRUNK, "a") + enters("1.3", ONE, "a")
    assert verdict(BANNER, arrives("1.1"), BANNER, up, hangs_up("1.1", state="6"))[1] is CallReason.UNKNOWN


def test_a_manager_that_knows_no_linkedid_still_tells_who_was_missed() -> None:
    def without(text: str) -> str:
        return "\r\n".join(line for line in text.split("\r\n") if "Linkedid" not in line)

    assert verdict(*map(without, (arrives("1.1"), rings("1.2", "1.1"), hangs_up("1.1"))))[0] is True
    assert verdict(
        *map(
            without, (arrives("1.1"), rings("1.2", "1.1"), enters("1.1", TRUNK), enters("1.2", PHONE), hangs_up("1.1"))
        )
    ) == (False, CallReason.ANSWERED, "201")


def test_calls_of_two_pbxs_never_share_a_key() -> None:
    first, second = CallBook(), CallBook(pbx="branch")
    (one,) = told(arrives("1.1"), book=first)
    (two,) = told(arrives("1.1"), book=second)
    assert (one.key, two.key) == ("1.1", "1.1@branch")
    known = (*first.open_calls(), *second.open_calls())
    assert [call.key for call in CallBook(open_calls=known).open_calls()] == ["1.1"]
    again = CallBook(open_calls=known, pbx="branch")
    assert [call.key for call in again.open_calls()] == ["1.1@branch"]
    assert outcome(BANNER, listing(), book=again).key == "1.1@branch"


def test_a_caller_who_is_gone_before_the_announcement_begins_was_rung_by_nobody() -> None:
    assert verdict(arrives("1.1"), runs("Answer"), goes_up(), runs("Wait"), hangs_up("1.1", state="6"))[1] is (
        CallReason.ANNOUNCEMENT
    )


def test_calls_known_from_disk_end_like_any_other() -> None:
    def seeded(taken: bool) -> CallBook:
        known = OpenCall("1.1", CallSource.AMI, T0 - timedelta(minutes=2), CALLER, DID, "201" if taken else None, taken)
        return CallBook(open_calls=(known,))

    assert outcome(BANNER, listing(), book=seeded(False)).reason is CallReason.UNKNOWN
    assert outcome(BANNER, listing(), book=seeded(True)).answered_by == "201"
    rebooted = block("FullyBooted", Uptime="3")
    assert outcome(BANNER, rebooted, book=seeded(False)).reason is CallReason.PBX_RESTART
    assert outcome(BANNER, rebooted, book=seeded(True)).reason is CallReason.ANSWERED
    assert not told(BANNER, block("FullyBooted", Uptime="86400"), book=seeded(False))


def test_channels_whose_end_was_never_told_do_not_pile_up() -> None:
    book, parser = CallBook(), MessageParser()
    for number in range(MAX_CHANNELS * 2):
        for message in parser.feed(
            arrives(f"{number}.9", channel=f"PJSIP/201-{number:08x}", Context="from-internal").encode()
        ):
            book.feed(message, T0)
    assert book.forgotten >= MAX_CHANNELS // 2


def test_calls_whose_end_was_never_told_are_given_up_as_unknown() -> None:
    events = told(*(arrives(f"{number}.1", channel=f"PJSIP/trunk-{number:08x}") for number in range(MAX_CALLS + 3)))
    ended = [event for event in events if isinstance(event, CallEnded)]
    assert [(call.key, call.reason) for call in ended] == [(f"{n}.1", CallReason.UNKNOWN) for n in range(3)]
