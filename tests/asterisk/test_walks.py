"""Random walks: whatever the manager says in whatever order, every call that rang ends exactly once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.asterisk.calls import WANTED_EVENTS, CallBook
from drivers.asterisk.messages import Message
from gateway.core.events import CallEnded, CallRang, CallReason, CallTaken, OfficeCalled, OfficeRings
from tests.asterisk.recorded import recordings

T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_IDS = ("1.1", "1.2", "1.3", "2.1", "2.2", "")
_NAMES = (
    "PJSIP/trunk-00000001",
    "PJSIP/201-00000002",
    "Local/201@x-00000001;1",
    "Local/201@x-00000001;2",
    "CBAnn/1;2",
    "junk",
    "",
)
_VALUES = {
    "Uniqueid": _IDS,
    "Linkedid": _IDS,
    "DestUniqueid": _IDS,
    "Channel": _NAMES,
    "DestChannel": _NAMES,
    "Newname": _NAMES,
    "ChannelState": ("0", "4", "4", "5", "6", "", "x", "-1", "99999999999999999999"),
    "Context": ("from-trunk", "from-internal", "ivr-1", "ext-queues", "app-blacklist-check", ""),
    "Exten": ("3035550101", "s", "h", "vmu201", ""),
    "CallerIDNum": ("2165550137", "anonymous", "<unknown>", ""),
    "CallerIDName": ("JANE DOE", "<unknown>"),
    "BridgeUniqueid": ("a", "b", ""),
    "BridgeID": ("a", "b", ""),
    "BridgeTechnology": ("simple_bridge", "holding_bridge", "softmix"),
    "Application": ("Dial", "Queue", "VoiceMail", "BackGround", ""),
    "DialString": ("12165550137@trunk", "trunk/2165550137", "201", ""),
    "DestContext": ("from-trunk", "from-internal"),
    "DialStatus": ("ANSWER", "NOANSWER", "BUSY", "CANCEL", "²", ""),
    "Cause": ("0", "16", "17", "4", "x"),
    "Uptime": ("0", "100", "x"),
    "ActionID": ("s", "t", "num-pres/1.1"),
    "EventList": ("start", ""),
    "Message": ("Channel status will follow",),
    "CoreStartupTime": ("1", "2"),
    "Value": ("prohib", "allowed", ""),
    "DNID": ("3035550101", ""),
    "Seconds": ("5", "x"),
}
_headers = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in _VALUES.items()})
_named = st.tuples(st.sampled_from([*sorted(WANTED_EVENTS), "Bogus"]), _headers).map(
    lambda it: {"Event": it[0], **it[1]}
)
_messages = st.one_of(_named, _named, _named, _headers, st.just({"banner": ""}))


def _message(headers: dict[str, str]) -> Message:
    if "banner" in headers:
        return Message(banner="Asterisk Call Manager/11.0.0")
    return Message({name.lower(): (value,) for name, value in headers.items()})


def _follow(messages: list[Message]) -> None:
    book, state = CallBook(), Counter[str]()
    taken: set[str] = set()
    rung = Counter[str]()
    moments = [T0 + timedelta(seconds=number) for number in range(len(messages) + 1)]
    batches = [book.feed(message, now) for message, now in zip(messages, moments, strict=False)]
    for event in [event for batch in [*batches, book.close(moments[-1])] for event in batch]:
        match event:
            case CallRang():
                assert state[event.key] == 0, "a call rings once until it ends"
                state[event.key] += 1
                taken.discard(event.key)
            case CallTaken():
                assert state[event.key] == 1
                taken.add(event.key)
            case CallEnded():
                assert state[event.key] == 1, "every call ends once, and only after it rang"
                state[event.key] -= 1
                assert (event.missed is None) == (event.reason is CallReason.UNKNOWN)
                assert (event.missed is False) == (event.reason in (CallReason.ANSWERED, CallReason.BLOCKED))
                assert (event.key in taken) == (event.reason is CallReason.ANSWERED)
                assert event.ring_s is None or event.ring_s >= 0
            case OfficeRings():
                rung[event.to] += 1
            case OfficeCalled():
                assert rung[event.to] > 0, "a call of the office is told once it rings, and is over once"
                rung[event.to] -= event.over
    assert not any(state.values()), "no call is left open"
    assert book.open_calls() == ()


@settings(max_examples=150, deadline=None)
@given(st.lists(_messages, max_size=60))
def test_whatever_is_said_every_call_ends_exactly_once(walk: list[dict[str, str]]) -> None:
    _follow([_message(headers) for headers in walk])


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_recorded_call_with_events_lost_doubled_or_swapped_still_ends_exactly_once(data: st.DataObject) -> None:
    from drivers.asterisk.messages import MessageParser

    recording = recordings()[data.draw(st.integers(0, len(recordings()) - 1))]
    messages = MessageParser(WANTED_EVENTS - {"VarSet", "Newexten"}).feed(recording.stream)
    for _ in range(data.draw(st.integers(1, 6))):
        if len(messages) < 3:
            break
        place, kind = (
            data.draw(st.integers(0, len(messages) - 2)),
            data.draw(st.sampled_from(["lost", "doubled", "swapped"])),
        )
        match kind:
            case "lost":
                del messages[place]
            case "doubled":
                messages.insert(place, messages[place])
            case _:
                messages[place], messages[place + 1] = messages[place + 1], messages[place]
    _follow(messages)
