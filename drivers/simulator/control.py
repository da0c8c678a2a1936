"""The simulated modem's remote control: one JSON object a line in, one JSON object a line out.

In:  {"do": "ring", "caller": "+12165550137"}, {"do": "hang_up", "call": 1}, {"do": "receive", "sender": ..., "body": ...},
     {"do": "faults", "network_lost": true}, {"do": "unplug"} ... each may carry "id", which its reply repeats.
Out: {"event": "ready", "path": ...}, {"event": "sent", ...} for every text the network takes, {"event": "call", ...},
     {"event": "done" | "error", "id": ...} after each command.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from drivers.simulator.calls import SimulatedCall
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.network import SentText

Tell = Callable[[dict[str, object]], None]

_RING = {"caller", "ton", "rings", "clip_gap_s", "clip_first", "period_s"}
_RECEIVE = {"sender", "body", "parts_out_of_order", "ref16", "ref", "storage", "direct", "ton", "cut_pairs", "dcs"}


def sent_line(text: SentText, place: int) -> dict[str, object]:
    """One text the network took. `at` is time.monotonic() of this machine, comparable between processes."""
    concat = text.concat._asdict() if text.concat else None
    return {
        "event": "sent",
        "place": place,
        "at": text.at,
        "when": text.when.isoformat(),
        "to": text.to,
        "body": text.body,
        "ref": text.ref,
        "pdu": text.pdu,
        "ucs2": text.ucs2,
        "concat": concat,
        "validity_s": text.validity_s,
        "wants_report": text.wants_report,
    }


class Control:
    """Carries out control lines on a modem and tells what the network took."""

    def __init__(
        self, modem: SimulatedModem, tell: Tell, stop: Callable[[], None], *, tell_commands: bool = False
    ) -> None:
        self._modem = modem
        self._tell = tell
        self._stop = stop
        self._calls: dict[int, SimulatedCall] = {}
        modem.network.on_sent.append(self._sent)
        modem.on_call_over.append(self._call_over)
        modem.on_dial.append(self._dialled)
        if tell_commands:
            modem.on_command.append(lambda line: tell({"event": "command", "at": time.monotonic(), "line": line}))

    async def take(self, line: str) -> None:
        """One control line. Anything wrong with it becomes an "error" event; nothing is raised."""
        if not line.strip():
            return
        identity: object = None
        try:
            wish = json.loads(line)
            if not isinstance(wish, dict):
                raise ValueError("a control line is a JSON object")
            identity = wish.pop("id", None)
            result = await self._carry_out(str(wish.pop("do", "")), wish)
        except (ValueError, KeyError, TypeError, OSError) as error:
            self._tell(
                {"event": "error", "id": identity, "say": f"{type(error).__name__}: {error}", "line": line.strip()}
            )
            return
        self._tell({"event": "done", "id": identity, **result})

    async def _carry_out(self, act: str, wish: dict[str, Any]) -> dict[str, object]:
        modem = self._modem
        match act:
            case "ring":
                _only(wish, _RING)
                return self._number(modem.ring(wish.pop("caller", None), **wish))
            case "hang_up":
                self._calls[int(wish["call"])].hang_up()
            case "pick_up":
                self._calls[int(wish["call"])].pick_up()
            case "receive":
                _only(wish, _RECEIVE)
                return {"pdus": modem.receive(str(wish.pop("sender")), str(wish.pop("body")), **wish)}
            case "receive_pdu":
                modem.receive_pdu(str(wish["pdu"]), storage=wish.get("storage"), direct=bool(wish.get("direct")))
            case "report":
                modem.report(int(wish["ref"]), int(wish.get("status", 0)))
            case "auto_report":
                modem.auto_report = wish["after_s"] if not isinstance(wish["after_s"], str) else float(wish["after_s"])
            case "faults":
                modem.change_faults(wish)
            case "network":
                _only(
                    wish,
                    {"submit_s", "signal", "nitz", "utc_offset_quarters", "wrong_year", "no_zone", "ring_period_s"},
                )
                for name, value in wish.items():
                    setattr(modem.network, name, value)
            case "urc":
                modem.urc(str(wish["line"]))
            case "raw":
                modem.raw(bytes.fromhex(str(wish["hex"])))
            case "unplug":
                modem.unplug()
            case "replug":
                return {"path": await modem.replug(), "device": modem.device}
            case "reenumerate":
                modem.reenumerate(float(wish.get("after_s", 1.0)))
            case "state":
                return self._state()
            case "stop":
                self._stop()
            case _:
                raise ValueError(f"unknown act {act!r}")
        return {}

    def _state(self) -> dict[str, object]:
        modem = self._modem
        return {
            "path": modem.path,
            "device": modem.device,
            "plugged": modem.plugged,
            "sent": len(modem.sent),
            "cmgs_count": modem.cmgs_count,
            "commands": len(modem.commands),
            "undelivered": modem.undelivered,
            "damaged_bodies": len(modem.damaged_bodies),
            "memories": {name: len(memory.slots) for name, memory in modem.state.memories.items()},
            "struck": modem.faults.struck,
        }

    def _number(self, call: SimulatedCall) -> dict[str, object]:
        number = len(self._calls) + 1
        self._calls[number] = call
        return {"call": number, "state": call.state}

    def _sent(self, text: SentText) -> None:
        self._tell(sent_line(text, len(self._modem.sent)))

    def _dialled(self, call: SimulatedCall) -> None:
        self._tell({"event": "call", "number": call.number, "at": time.monotonic(), **self._number(call)})

    def _call_over(self, call: SimulatedCall) -> None:
        number = next((number for number, known in self._calls.items() if known is call), None)
        self._tell(
            {
                "event": "call",
                "call": number,
                "state": call.state,
                "number": call.number,
                "rings": call.rings,
                "at": time.monotonic(),
            }
        )


def _only(wish: dict[str, Any], known: set[str]) -> None:
    unknown = set(wish) - known
    if unknown:
        raise ValueError(f"unknown option {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
