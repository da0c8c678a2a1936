"""AMI events written by hand, for situations that no recording holds."""

from __future__ import annotations

CALLER = "2165550137"
DID = "3035550101"


def block(event: str, **headers: str) -> str:
    """One event; header names are given with `_` for `-`."""
    lines = [f"Event: {event}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines) + "\r\n\r\n"


def arrives(
    uid: str, channel: str = "PJSIP/trunk-00000001", caller: str = CALLER, name: str = "JANE DOE", **more: str
) -> str:
    """An inbound call rings in."""
    headers = {
        "Channel": channel,
        "ChannelState": "4",
        "CallerIDNum": caller,
        "CallerIDName": name,
        "Context": "from-trunk",
        "Exten": DID,
        "Uniqueid": uid,
        "Linkedid": uid,
    }
    return block("Newchannel", **{**headers, **more})


def rings(uid: str, caller_uid: str, channel: str = "PJSIP/201-00000002", dialled: str = "201") -> str:
    """A telephone is rung for the caller."""
    made = block(
        "Newchannel", Channel=channel, ChannelState="0", Context="from-internal", Uniqueid=uid, Linkedid=caller_uid
    )
    begun = block(
        "DialBegin", Uniqueid=caller_uid, Linkedid=caller_uid, DestChannel=channel, DestUniqueid=uid, DialString=dialled
    )
    state = block("Newstate", Channel=channel, ChannelState="5", Uniqueid=uid, Linkedid=caller_uid)
    return made + begun + state


def enters(uid: str, channel: str, bridge: str = "b1", technology: str = "simple_bridge", **more: str) -> str:
    """A channel enters a bridge."""
    return block(
        "BridgeEnter", Channel=channel, Uniqueid=uid, BridgeUniqueid=bridge, BridgeTechnology=technology, **more
    )


def leaves(uid: str, channel: str, bridge: str = "b1") -> str:
    """A channel leaves a bridge."""
    return block("BridgeLeave", Channel=channel, Uniqueid=uid, BridgeUniqueid=bridge)


def hangs_up(uid: str, channel: str = "PJSIP/trunk-00000001", state: str = "4", cause: str = "16", **more: str) -> str:
    """A channel is gone."""
    return block("Hangup", Channel=channel, ChannelState=state, Uniqueid=uid, Cause=cause, **more)


def row(uid: str, channel: str, state: str, bridge: str = "", **more: str) -> str:
    """One row of a Status answer, without its first and last lines."""
    headers = {"Channel": channel, "ChannelState": state, "Uniqueid": uid, "Linkedid": uid, "BridgeID": bridge, **more}
    return "\r\n".join(f"{name}: {value}" for name, value in headers.items())
