"""`textback replay` and the call records beside it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from drivers.asterisk.cdr import read_cdr
from gateway.cli.replay import run
from gateway.core.events import CallReason
from tests.asterisk.blocks import CALLER, DID, arrives, block, hangs_up, rings

BANNER = "Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nMessage: Authentication accepted\r\n\r\n"
HEADER = "start,src,dst,channel,dstchannel,lastapp,duration,billsec,disposition,uniqueid,linkedid,did\n"


def replay(
    *traces: Path, cdr: Path | None = None, chunk: int | None = None
) -> tuple[int, list[dict[str, object]], str]:
    out, err = io.StringIO(), io.StringIO()
    status = run(list(traces), cdr, chunk, out=out, err=err)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def test_a_line_of_output_has_the_agreed_fields(tmp_path: Path) -> None:
    trace = written(tmp_path / "a.ami", arrives("1.1") + rings("1.2", "1.1") + hangs_up("1.1"))
    assert replay(trace) == (
        0,
        [
            {
                "linkedid": "1.1",
                "caller": CALLER,
                "did": DID,
                "missed": True,
                "reason": "no_answer",
                "answered_by": None,
                "ring_s": None,
                "trace": str(trace),
            }
        ],
        "",
    )


def test_the_ringing_time_is_known_where_the_pbx_stamps_its_events(tmp_path: Path) -> None:
    trace = written(
        tmp_path / "a.ami",
        arrives("1.1", Timestamp="1795202964.100000")
        + rings("1.2", "1.1")
        + hangs_up("1.1", Timestamp="1795202968.300000"),
    )
    assert replay(trace)[1][0]["ring_s"] == 4.2


def test_a_call_still_open_at_the_end_of_the_input_is_unknown(tmp_path: Path) -> None:
    _, (row,), _ = replay(written(tmp_path / "a.ami", BANNER + arrives("1.1") + rings("1.2", "1.1")))
    assert (row["missed"], row["reason"]) == (None, "unknown")


def test_a_last_block_without_its_empty_line_still_counts(tmp_path: Path) -> None:
    text = (BANNER + arrives("1.1") + hangs_up("1.1")).removesuffix("\r\n")
    assert replay(written(tmp_path / "a.ami", text))[1][0]["missed"] is True


def test_damage_in_a_trace_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    status, rows, said = replay(
        written(tmp_path / "a.ami", "no header here\r\n\r\n" + arrives("1.1") + hangs_up("1.1"))
    )
    assert (status, len(rows)) == (0, 1)
    assert "1 damaged blocks skipped" in said


def test_a_file_that_is_not_there_is_said_and_the_others_are_read(tmp_path: Path) -> None:
    good = written(tmp_path / "a.ami", arrives("1.1") + hangs_up("1.1"))
    status, rows, said = replay(tmp_path / "none.ami", good)
    assert (status, len(rows)) == (2, 1)
    assert "none.ami: No such file" in said


def test_a_size_of_nothing_is_refused(tmp_path: Path) -> None:
    assert replay(tmp_path / "a.ami", chunk=0)[0] == 2


def test_call_records_without_any_id_are_refused(tmp_path: Path) -> None:
    trace, cdr = written(tmp_path / "a.ami", BANNER), written(tmp_path / "c.csv", "start,src,dst\na,b,c\n")
    status, _, said = replay(trace, cdr=cdr)
    assert status == 1
    assert "linkedid" in said


def test_an_unknown_call_without_a_record_stays_unknown(tmp_path: Path) -> None:
    trace, cdr = written(tmp_path / "a.ami", BANNER + arrives("1.1")), written(tmp_path / "c.csv", HEADER)
    assert replay(trace, cdr=cdr)[1][0]["reason"] == "unknown"


def test_what_the_stream_saw_outweighs_the_record(tmp_path: Path) -> None:
    trace = written(tmp_path / "a.ami", arrives("1.1") + rings("1.2", "1.1") + hangs_up("1.1"))
    record = f"2026-03-02 15:00:00,{CALLER},201,PJSIP/trunk-1,PJSIP/201-2,Dial,9,5,ANSWERED,1.1,1.1,{DID}\n"
    assert replay(trace, cdr=written(tmp_path / "c.csv", HEADER + record))[1][0]["missed"] is True


def test_calls_in_a_gap_stand_in_order_of_ending(tmp_path: Path) -> None:
    trace = written(
        tmp_path / "a.ami",
        BANNER + arrives("100.1") + hangs_up("100.1") + BANNER + arrives("300.1") + hangs_up("300.1"),
    )
    record = f"2026-03-02 15:00:00,{CALLER},201,PJSIP/trunk-1,PJSIP/201-2,Dial,9,0,NO ANSWER,200.1,200.1,{DID}\n"
    _, rows, _ = replay(trace, cdr=written(tmp_path / "c.csv", HEADER + record))
    assert [row["linkedid"] for row in rows] == ["100.1", "200.1", "300.1"]


def test_sound_of_a_second_trace_does_not_reach_the_first(tmp_path: Path) -> None:
    first = written(tmp_path / "a.ami", arrives("1.1"))
    second = written(tmp_path / "b.ami", block("Shutdown") + arrives("2.1") + hangs_up("2.1"))
    _, rows, _ = replay(first, second)
    assert [(row["linkedid"], row["reason"]) for row in rows] == [("1.1", "unknown"), ("2.1", "no_answer")]


@pytest.mark.parametrize(
    ("rows", "missed", "reason", "by"),
    [
        ("PJSIP/trunk-1,PJSIP/201-2,Dial,9,0,NO ANSWER", True, CallReason.NO_ANSWER, None),
        ("PJSIP/trunk-1,PJSIP/201-2,Dial,9,0,BUSY", True, CallReason.BUSY, None),
        ("PJSIP/trunk-1,PJSIP/201-2,Dial,9,0,FAILED", True, CallReason.UNAVAILABLE, None),
        ("PJSIP/trunk-1,PJSIP/201-2,Dial,9,3,ANSWERED", False, CallReason.ANSWERED, "201"),
        ("PJSIP/trunk-1,,VoiceMail,9,9,ANSWERED", True, CallReason.VOICEMAIL, None),
        ("PJSIP/trunk-1,,BackGround,9,9,ANSWERED", True, CallReason.ABANDONED_IN_IVR, None),
        ("PJSIP/trunk-1,,Hangup,9,9,ANSWERED", True, CallReason.ANNOUNCEMENT, None),
        ("PJSIP/trunk-1,Local/201@x-1;1,Dial,9,9,ANSWERED", True, CallReason.NO_ANSWER, None),
    ],
)
def test_a_call_record_is_read_with_care(rows: str, missed: bool, reason: CallReason, by: str | None) -> None:
    line = f"2026-03-02 15:00:00,{CALLER},600,{rows},1.1,1.1,{DID}\n"
    call = read_cdr([HEADER, line])["1.1"]
    assert (call.missed, call.reason, call.answered_by, call.did) == (missed, reason, by, DID)


def test_a_record_of_the_blacklist_is_a_blocked_call() -> None:
    header = "dcontext,lastapp,channel,dstchannel,disposition,linkedid,did"
    call = read_cdr([header, f"app-blacklist-check,Playback,PJSIP/trunk-1,,ANSWERED,1.1,{DID}"])["1.1"]
    assert (call.missed, call.reason) == (False, CallReason.BLOCKED)


def test_records_of_our_own_calls_are_no_inbound_calls() -> None:
    line = "2026-03-02 15:00:00,201,12165550137,PJSIP/201-1,PJSIP/trunk-2,Dial,9,0,NO ANSWER,1.1,1.1,\n"
    assert not read_cdr([HEADER, line])["1.1"].inbound


@pytest.mark.parametrize(
    ("header", "line", "missed"),
    [
        ("linkedid,disposition,dstchannel", "1.1,ANSWERED,PJSIP/201-2", False),
        ("linkedid,disposition,dstchannel", "1.1,ANSWERED,", True),
        ("linkedid,disposition,dstchannel", "1.1,NO ANSWER,PJSIP/201-2", True),
        ("linkedid,billsec,dstchannel", "1.1,7,PJSIP/201-2", False),
        ("linkedid,billsec,lastapp", "1.1,7,Dial", False),
        ("linkedid,billsec,lastapp", "1.1,7,VoiceMail", True),
        ("linkedid,billsec,lastapp", "1.1,0,Dial", True),
        ("linkedid,disposition", "1.1,ANSWERED", None),
        ("linkedid,disposition", "1.1,BUSY", True),
        ("linkedid,src,dst", f"1.1,{CALLER},201", None),
    ],
)
def test_an_export_with_fewer_columns_settles_what_they_prove(
    header: str, line: str, missed: bool | None, tmp_path: Path
) -> None:
    trace = written(tmp_path / "a.ami", BANNER + arrives("1.1"))
    (row,) = replay(trace, cdr=written(tmp_path / "c.csv", f"{header}\n{line}\n"))[1]
    assert row["missed"] is missed
    assert (row["caller"], row["did"]) == (CALLER, DID)


FOLLOW_ME = "linkedid,uniqueid,channel,dstchannel,lastapp,billsec,disposition\n1.1,1.1,PJSIP/trunk-1,Local/2@x-3;1,FollowMe,{0},ANSWERED\n"
CELL_LEG = "1.1,1.2,Local/2@x-3;2,PJSIP/trunk-5,Dial,5,ANSWERED\n"


@pytest.mark.parametrize(("heard_s", "missed"), [(0, True), (4, False)], ids=["not accepted", "accepted"])
def test_a_cell_that_did_not_press_one_is_no_talk_in_the_records(heard_s: int, missed: bool) -> None:
    assert read_cdr((FOLLOW_ME.format(heard_s) + CELL_LEG).splitlines())["1.1"].missed is missed


@pytest.mark.parametrize("application", ["Park", "ConfBridge", "BridgeWait", "MusicOnHold"])
def test_a_telephone_at_the_other_end_is_a_talk_wherever_the_caller_waited(application: str) -> None:
    line = f"2026-03-02 15:00:00,{CALLER},600,PJSIP/trunk-1,PJSIP/203-2,{application},9,4,ANSWERED,1.1,1.1,{DID}\n"
    call = read_cdr([HEADER, line])["1.1"]
    assert (call.missed, call.answered_by) == (False, "203")


def test_an_announcement_after_the_ringing_is_the_reason_the_records_give() -> None:
    rang = f"2026-03-02 15:00:00,{CALLER},600,PJSIP/trunk-1,PJSIP/201-2,Dial,2,0,NO ANSWER,1.1,1.1,{DID}\n"
    told = f"2026-03-02 15:00:02,{CALLER},600,PJSIP/trunk-1,,Hangup,4,4,ANSWERED,1.1,1.1,{DID}\n"
    assert read_cdr([HEADER, rang, told])["1.1"].reason is CallReason.ANNOUNCEMENT


def test_a_dial_that_a_voicemail_behind_it_answered_is_not_settled_without_the_second_channel(tmp_path: Path) -> None:
    trace = written(tmp_path / "a.ami", BANNER + arrives("1.1"))
    records = "linkedid,disposition,lastapp\n1.1,ANSWERED,Dial\n1.1,ANSWERED,VoiceMail\n"
    assert replay(trace, cdr=written(tmp_path / "c.csv", records))[1][0]["reason"] == "unknown"
