"""SQL of the writer: rows in, values out. Runs inside a transaction on the writer's thread; `now` is always passed in."""

from __future__ import annotations

from gateway.records.calls import (
    call_by_id,
    call_by_key,
    calls_ringing_since,
    hand_key_over,
    is_on_the_line,
    is_speaking,
    open_ami_calls,
)
from gateway.records.facts import CALLS_COUNTED, call_facts, peer_facts, traffic
from gateway.records.journal import LOOK_BACK_ROWS, last_written, note
from gateway.records.peers import add_contact, drop_contact, kinds_of, last_contact, set_peer, set_reached
from gateway.records.rows import CallRecord, TextRecord, call_record, text_record
from gateway.records.tasks import close_call_back, open_task
from gateway.records.texts import (
    WHOLE,
    add_text,
    doubt,
    hurry,
    part_is_out,
    requeue,
    segment_states,
    set_segment,
    set_text,
    text_by_id,
    wait,
    written_to,
)
from gateway.records.transaction import FAULTS, attempt

__all__ = [
    "CALLS_COUNTED",
    "FAULTS",
    "LOOK_BACK_ROWS",
    "WHOLE",
    "CallRecord",
    "TextRecord",
    "add_contact",
    "add_text",
    "attempt",
    "call_by_id",
    "call_by_key",
    "call_facts",
    "call_record",
    "calls_ringing_since",
    "close_call_back",
    "doubt",
    "drop_contact",
    "hand_key_over",
    "hurry",
    "is_on_the_line",
    "is_speaking",
    "kinds_of",
    "last_contact",
    "last_written",
    "note",
    "open_ami_calls",
    "open_task",
    "part_is_out",
    "peer_facts",
    "requeue",
    "segment_states",
    "set_peer",
    "set_reached",
    "set_segment",
    "set_text",
    "text_by_id",
    "text_record",
    "traffic",
    "wait",
    "written_to",
]
