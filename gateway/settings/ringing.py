"""How the telephones of our people are rung in an emergency, beside the text."""

from __future__ import annotations

import re

from gateway.settings import kinds, times
from gateway.settings.options import Option, Place, Reading, RefusedError, Section, scalar
from gateway.settings.problems import nearest, shown
from gateway.settings.values import RingingConfig, RingVia, Settings
from gateway.settings.yamlnodes import Node

CHANNEL = "Local/{number}@from-internal"  # FreePBX: by the outbound routes, as if a desk had dialled it
PROMPT = ("beep", "{code}", "followme/options")  # "press 1 if you wish to accept this call": it comes with Asterisk
_PLACES = ("{number}", "{e164}", "{national}")
_SOUND = re.compile(
    r"[A-Za-z0-9_][A-Za-z0-9_./-]*|\{code\}", re.ASCII
)  # "&" and "," would be more sounds, or more arguments


def _channel(node: Node, place: Place) -> str:  # noqa: ARG001
    """What Asterisk dials: a technology, and one place for the number."""
    wanted = f"a channel such as PJSIP/{{number}}@trunk or {CHANNEL}"
    text = scalar(node, wanted)
    if "/" not in text or any(ord(character) < 33 or character in ",;&" for character in text):
        raise RefusedError(f"{shown(text)} is not a channel", f"write {wanted}")
    if sum(text.count(place_of) for place_of in _PLACES) != 1:
        raise RefusedError(f"{shown(text)} has no place for the number, or several", f"write {wanted}")
    return text


_sound = kinds.matching(
    lambda text: _SOUND.fullmatch(text) is not None and ".." not in text,
    "the name of a sound",
    "a name such as followme/options, without its ending",
)

R_VIA = Option(
    "via",
    kinds.choice(RingVia),
    RingVia.OFF,
    "off; modem (the modem dials and lets it ring; nothing is heard when it is taken); or asterisk (Asterisk calls, says the"
    " code of the emergency, and a press of the key 1 takes it as the code in a text does).",
    "off",
)
R_FOR = Option(
    "ring_for",
    times.duration("s", 10.0, 60.0),
    25.0,
    "How long a telephone rings. Shorter than it takes the voicemail to answer is best.",
    "25 s",
)
R_SERVER = Option(
    "server",
    kinds.optional(kinds.name),
    None,
    "The name of the Asterisk that calls, where you have several.",
    "none",
    "asterisk",
    shown_off=True,
)
R_USER = Option(
    "username",
    kinds.word("the second manager user of manager.conf"),
    "textback-ring",
    "A second user in manager.conf, with read = call,dtmf and write = originate,call; the one that watches calls stays"
    " without these rights.",
    "textback-ring",
)
R_SECRET = Option(
    "secret",
    kinds.word("the secret in quotes"),
    "",
    "Its secret; or use secret_file.",
    example='"change-me-too"',
    shown_off=True,
)
R_SECRET_FILE = Option(
    "secret_file",
    kinds.word("the path of a file"),
    "",
    "A file whose first line is the secret (beside this file when the path does not begin with /).",
    example="/etc/textback/ami-ring-secret",
    shown_off=True,
)
R_CHANNEL = Option(
    "channel",
    _channel,
    CHANNEL,
    "What Asterisk dials. {number} becomes the digits with the country code (12165550190), {national} those without it"
    " (2165550190), {e164} those with + (+12165550190). PJSIP/{number}@trunk goes straight to a trunk.",
    CHANNEL,
)
R_CALLER = Option(
    "caller_id",
    kinds.optional(kinds.phone),
    None,
    "The number that the telephones show: one that your trunk lets you send, and that your people let ring at night.",
    "none",
    '"+12165550100"',
    shown_off=True,
)
R_PROMPT: Option[tuple[str, ...]] = Option(
    "prompt",
    kinds.each(_sound, "a list such as [beep, '{code}', followme/options]"),
    PROMPT,
    "The sounds that are played until the key comes, by their names in Asterisk; {code} is said digit by digit. followme/options"
    " says to press 1; it comes with Asterisk in English, and one of your own can be recorded.",
    f"[beep, '{{code}}', {PROMPT[-1]}]",
)
RINGING: Section = Section(
    "ringing",
    "Telephones that ring in an emergency, beside the text: of the people for whom that is switched on.",
    (R_VIA, R_FOR, R_SERVER, R_USER, R_SECRET, R_SECRET_FILE, R_CHANNEL, R_CALLER, R_PROMPT),
)


def read_ringing(section: Reading, secret: str) -> RingingConfig:
    """The section; `secret` is what stands in it or in its file."""
    return RingingConfig(
        via=section.get(R_VIA),
        ring_s=section.get(R_FOR),
        server=section.get(R_SERVER) or "",
        username=section.get(R_USER),
        secret=secret,
        channel=section.get(R_CHANNEL),
        caller_id=section.get(R_CALLER),
        prompt=section.get(R_PROMPT) or PROMPT,
    )


def judge_ringing(settings: Settings, place: Place) -> None:
    """Say what keeps anything from ringing, and that nobody is rung."""
    ringing, path = settings.ringing, RINGING.name
    line = place.line_of(f"{path}.via")
    rung = any(person.rings for person in settings.business.people.everybody)
    match ringing.via:
        case RingVia.OFF:
            if rung:
                what = "somebody's telephone is to ring in an emergency, and nothing is told to ring it"
                place.doubt(line, f"{path}: {what}", "write 'via: modem' or 'via: asterisk' under 'ringing:'")
            return
        case RingVia.MODEM:
            if not settings.modems:
                place.say(line, f"{path}.via: there is no modem that could ring", "add 'modem:', or write another way")
        case RingVia.ASTERISK:
            _judge_asterisk(settings, place, line)
    if not rung:
        what = "nobody's telephone is to ring, so nobody is rung"
        place.doubt(
            line,
            f"{path}.via: {what}",
            "write 'owner_rings: yes' under 'business:', or 'rings: yes' for one of your people",
        )


def _judge_asterisk(settings: Settings, place: Place, line: int) -> None:
    ringing, path = settings.ringing, RINGING.name
    names = [server.name for server in settings.asterisk]
    if not names:
        place.say(line, f"{path}.via: there is no Asterisk that could ring", "add 'asterisk:', or write another way")
    elif ringing.server and ringing.server not in names:
        meant = nearest(ringing.server, names)
        remedy = f"did you mean '{meant}'?" if meant else "write the name of one of your Asterisks"
        place.say(place.line_of(f"{path}.server"), f"{path}.server: there is no Asterisk '{ringing.server}'", remedy)
    elif not ringing.server and len(names) > 1:
        place.say(line, f"{path}: it is not said which Asterisk rings", "write 'server:' with its name")
    if not ringing.secret and f"{path}.secret_file" not in place.lines:
        place.say(line, f"{path}: 'secret' is missing", "write secret, or secret_file with the path of a file")
    for server in settings.asterisk:
        if server.username == ringing.username and (not ringing.server or server.name == ringing.server):
            what = "this is the user that watches calls, which should have no right to place any"
            place.doubt(place.line_of(f"{path}.username"), f"{path}.username: {what}", "make a second manager user")
