"""Scripts for SIPp: what a caller, a desk phone or the owner's cell does in one call, as SIPp's XML.

A script is a straight line of steps after the answer; jumps lead to a few fixed labels: 800 acknowledge a refusal, 900
the other side said BYE, 999 the end. SIPp lets an optional message by only when it is named, so every wait names what
may come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A final answer a PBX may give to an INVITE; SIPp has no "any 4xx".
REFUSALS = (400, 401, 403, 404, 408, 410, 480, 481, 484, 486, 487, 488, 500, 501, 502, 503, 504, 600, 603, 604)
SLICE_MS = 500  # a ringing caller's patience is cut into slices, so that a repeated 180 does not prolong it


@dataclass(frozen=True, slots=True)
class Wait:
    """Stay on the line for `ms`; the end of the call during it is fine."""

    ms: int


@dataclass(frozen=True, slots=True)
class Bye:
    """Hang up."""


@dataclass(frozen=True, slots=True)
class AwaitBye:
    """Stay until the other side hangs up, `ms` at most."""

    ms: int = 30000


@dataclass(frozen=True, slots=True)
class Dtmf:
    """Press one key (SIP INFO)."""

    key: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Send a tone from now on (real RTP: voicemail records nothing of a silent line)."""


@dataclass(frozen=True, slots=True)
class Refer:
    """Transfer blindly to `target`."""

    target: str


Step = Wait | Bye | AwaitBye | Dtmf | Speak | Refer

SDP = """v=0
o=bench 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
a=ptime:20
a=sendrecv"""

OK = """SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0"""

ALLOW = "Allow: INVITE, ACK, CANCEL, BYE, INFO, NOTIFY, REFER, UPDATE, OPTIONS"


class Script:
    """SIPp XML under construction."""

    def __init__(self, name: str, tone: Path) -> None:
        self._tone = tone
        self._parts = [f'<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="{name}">\n']
        self._label = 1000
        self._cseq = 10

    def add(self, xml: str) -> None:
        self._parts.append(xml + "\n")

    def label(self) -> int:
        self._label += 1
        return self._label

    def here(self, label: int) -> None:
        self.add(f'<label id="{label}"/>')

    def send(self, message: str, **attributes: object) -> None:
        words = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.add(f"<send{words}><![CDATA[\n{message.strip()}\n\n]]></send>")

    def answer(self, code: int, **attributes: object) -> None:
        words = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.add(f'<recv response="{code}"{words}/>')

    def request(self, method: str, **attributes: object) -> None:
        words = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.add(f'<recv request="{method}"{words}/>')

    def refusals(self) -> None:
        for code in REFUSALS:
            self.answer(code, optional="true", next=800)

    def talk(self, steps: Sequence[Step], line: str, headers: str) -> None:
        """The steps of an answered call: `line` is the request URI, `headers` Via, From, To and Call-ID."""
        for step in steps:
            match step:
                case Wait(ms):
                    over = self.label()
                    self.request("BYE", timeout=ms, ontimeout=over, next=900)
                    self.here(over)
                case AwaitBye(ms):
                    self.request("BYE", timeout=ms, next=900)
                case Speak():
                    self.add(f'<nop><action><exec rtp_stream="{self._tone},-1,0"/></action></nop>')
                case Dtmf(key):
                    body = f"Signal={key}\nDuration=120"
                    self._ask("INFO", line, headers, "Content-Type: application/dtmf-relay", body)
                    self.answer(200)
                case Bye():
                    self._ask("BYE", line, headers)
                    self.answer(481, optional="true", next=999)
                    self.answer(200, next=999)
                case Refer(target):
                    to = f"Refer-To: <sip:{target}@[remote_ip]:[remote_port]>\nReferred-By: <sip:phone@[local_ip]>"
                    self._ask("REFER", line, headers, to)
                    # the 202 may come after the first NOTIFY, or after the BYE
                    again, notified = self.label(), self.label()
                    self.here(again)
                    self.answer(202, optional="true", next=again)
                    self.request("NOTIFY", optional="true", next=notified)
                    self.request("BYE", timeout=30000, next=900)
                    self.here(notified)
                    self.send(OK, next=again)
        self.add('<nop next="999"/>')

    def _ask(self, method: str, line: str, headers: str, more: str = "", body: str = "") -> None:
        self._cseq += 1
        extra = more + "\n" if more else ""
        length = f"Content-Length: [len]\n\n{body}" if body else "Content-Length: 0"
        contact = "Contact: <sip:bench@[local_ip]:[local_port]>"
        head = f"{method} {line} SIP/2.0\n{headers}\nCSeq: {self._cseq} {method}\n{contact}\nMax-Forwards: 70"
        self.send(f"{head}\n{extra}{length}", retrans=500)

    def close(self) -> str:
        self.here(900)
        self.send(OK, next=999)
        self.here(999)
        self.add('<pause milliseconds="50"/>')
        return "".join(self._parts) + "</scenario>\n"


def caller_script(
    did: str,
    steps: Sequence[Step],
    tone: Path,
    sender: str,
    headers: Sequence[str] = (),
    gives_up_ms: int | None = None,
) -> str:
    """A caller who dials `did` as `sender` (the From header's value without tag) and then either talks (`steps`), or gives
    up after `gives_up_ms` of ringing."""
    script = Script("caller", tone)
    uri = f"sip:{did}@[remote_ip]:[remote_port]"
    via = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]I[call_number]"
    me = f"From: {sender};tag=[pid]C[call_number]"
    extra = "".join(header + "\n" for header in headers)
    invite = (
        f"INVITE {uri} SIP/2.0\n{via}\n{me}\nTo: <{uri}>\nCall-ID: [call_id]\nCSeq: 1 INVITE\n"
        f"Contact: <sip:caller@[local_ip]:[local_port]>\nMax-Forwards: 70\n{extra}{ALLOW}\n"
        f"Content-Type: application/sdp\nContent-Length: [len]\n\n{SDP}"
    )
    ack = f"{me}\n[last_To:]\nCall-ID: [call_id]\nCSeq: 1 ACK\nMax-Forwards: 70\nContent-Length: 0"
    refused_ack = f"ACK {uri} SIP/2.0\n{via}\n{ack}"
    script.send(invite, retrans=500)
    script.answer(100, optional="true")
    if gives_up_ms is None:
        ringing = script.label()
        script.here(ringing)
        for code in (181, 180, 183):
            script.answer(code, optional="true", next=ringing)
        script.refusals()
        script.answer(200, rrs="true")
    else:
        answered = _give_up(script, uri, via, me, refused_ack, gives_up_ms)
        script.here(answered)
        steps = (Wait(500), Bye())
    script.send(f"ACK [next_url] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n{ack}")
    mine = f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n{me}\n"
    mine += f"To: <{uri}>[peer_tag_param]\nCall-ID: [call_id]"
    script.talk(steps, "[next_url]", mine)
    script.here(800)
    script.send(refused_ack, next=999)
    return script.close()


def _give_up(script: Script, uri: str, via: str, me: str, ack: str, after_ms: int) -> int:
    """Ring for a while, then CANCEL. Returns the label to place where an answer that came first is dealt with."""
    answered, ringing = script.label(), script.label()
    script.answer(181, optional="true")
    script.refusals()
    script.answer(183, optional="true", next=ringing)
    script.answer(180)
    script.here(ringing)
    slices = max(1, round(after_ms / SLICE_MS))
    for _ in range(slices):
        over = script.label()
        script.answer(180, optional="true", timeout=after_ms // slices, ontimeout=over, next=over)
        script.answer(183, optional="true", next=over)
        script.answer(200, optional="true", next=answered)
        script.refusals()
        script.answer(699, next=800)  # never sent: SIPp wants one message that is not optional
        script.here(over)
    cancel = f"CANCEL {uri} SIP/2.0\n{via}\n{me}\nTo: <{uri}>\nCall-ID: [call_id]\nCSeq: 1 CANCEL"
    script.send(f"{cancel}\nMax-Forwards: 70\nContent-Length: 0", retrans=500)
    # the 200 of the CANCEL and the 487 of the INVITE come in either order
    cancelled, refused = script.label(), script.label()
    script.answer(481, optional="true", next=999)
    script.answer(200, optional="true", next=cancelled)
    script.answer(487, next=refused)
    script.here(cancelled)
    script.answer(487, next=800)
    script.here(refused)
    script.send(ack)
    script.answer(200, next=999)
    return answered


@dataclass(frozen=True, slots=True)
class Rings:
    """A phone that rings until the caller or the PBX gives up."""


@dataclass(frozen=True, slots=True)
class Answers:
    """A phone picked up after `after_ms`."""

    after_ms: int = 1000
    steps: tuple[Step, ...] = (AwaitBye(60000),)


@dataclass(frozen=True, slots=True)
class Rejects:
    """A phone that refuses with `code` after `after_ms` of ringing."""

    code: int
    after_ms: int = 0


@dataclass(frozen=True, slots=True)
class Redirects:
    """A phone that sends the call elsewhere (302)."""

    target: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Unplugged: packets go there and nothing comes back."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing listens at the phone's address."""


@dataclass(frozen=True, slots=True)
class Consults:
    """A phone that answers after `after_ms`, calls `target` itself, and joins the two with its transfer key: `speaks_ms` after
    the target has answered, or (`unasked`) while the target still rings."""

    target: str
    after_ms: int = 800
    speaks_ms: int = 1200
    unasked: bool = False


Behaviour = Rings | Answers | Rejects | Redirects | Consults | Silent | Gone


def phone_script(behaviour: Rings | Answers | Rejects | Redirects, tone: Path, pbx: str) -> str:
    """A phone; it serves one call after another, and several at once."""
    script = Script("phone", tone)
    script.add("""<recv request="INVITE"><action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
<ereg regexp="sip:[^&gt;;]*" search_in="hdr" header="Contact:" assign_to="contact"/>
<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via"/>
<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cs"/>
</action></recv>
<Reference variables="from,to,contact,via,cs"/>""")
    head = "Via:[$via]\nFrom:[$from]\nTo:[$to];tag=[pid]P[call_number]\n[last_Call-ID:]\nCSeq: [$cs] INVITE"
    contact = "Contact: <sip:phone@[local_ip]:[local_port]>"

    def refuse(first_line: str, more: str = "") -> None:
        script.send(f"SIP/2.0 {first_line}\n{head}\n{more or contact}\nContent-Length: 0")
        script.request("ACK", next=999)

    def ring(ms: int | None) -> None:
        script.send(f"SIP/2.0 180 Ringing\n{head}\n{contact}\nContent-Length: 0")
        if ms is None:
            script.request("CANCEL", next=600)
        else:
            over = script.label()
            script.request("CANCEL", timeout=ms, ontimeout=over, next=600)
            script.here(over)

    match behaviour:
        case Redirects(target):
            refuse("302 Moved Temporarily", f"Contact: <sip:{target}@{pbx}:5060>")
        case Rejects(code, after_ms):
            if after_ms:
                ring(after_ms)
            refuse(f"{code} No")
        case Rings():
            ring(None)
        case Answers(after_ms, steps):
            ring(after_ms)
            content = f"Content-Type: application/sdp\nContent-Length: [len]\n\n{SDP}"
            script.send(f"SIP/2.0 200 OK\n{head}\n{contact}\n{ALLOW}\n{content}", retrans=500)
            script.request("CANCEL", optional="true", next=900)
            script.request("ACK")
            via = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]"
            mine = f"{via}\nFrom:[$to];tag=[pid]P[call_number]\nTo:[$from]\nCall-ID: [call_id]"
            script.talk(steps, "[$contact]", mine)
    script.here(600)
    script.send(OK)
    script.send(f"SIP/2.0 487 Request Terminated\n{head}\nContent-Length: 0")
    script.request("ACK", next=999)
    return script.close()
