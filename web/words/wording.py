"""How numbers, names, bodies and times are written on the page.

Caller names and texts come from strangers. What leaves this module is valid Unicode without control characters and
without bidirectional controls, and no longer than a screen can bear. Escaping is the template engine's business.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from gateway.core.events import Health
from gateway.core.views.setup import HOLDS
from web import language
from web.language import _, mark
from web.words import sentences

NAME_LENGTH = 60  # Asterisk's own caller ID name buffer is 80 (AST_MAX_EXTENSION); more than 60 breaks a phone's line
SENTENCE_LENGTH = 400  # our own sentences are shorter; a driver's evidence inside one may not be
BODY_LENGTH = 6400  # forty segments of 153 characters and a little: telephones send no longer texts
BEGINNING_LENGTH = 480  # three segments: what a longer text shows before it is opened

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Controls but not newline, lone surrogates (they cannot be encoded), and the bidi embeddings, overrides and isolates
# of UAX #9: an unmatched one reorders what stands beside it, "Paid 10" becomes "01 diaP".
_UNSHOWABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_NANP = re.compile(r"\+1([2-9][0-9]{2})([2-9][0-9]{2})([0-9]{4})")
_DIALLABLE = re.compile(r"\+?[0-9]{3,15}")  # E.164 has at most 15 digits

LIGHTS = {Health.UP: "good", Health.STARTING: "warn", Health.DEGRADED: "warn", Health.DOWN: "bad"}
LIGHT_WORDS = {
    Health.UP: "Working",
    Health.STARTING: "Starting",
    Health.DEGRADED: "Needs a look",
    Health.DOWN: "Not working",
}

# Outcomes that are not reasons for sending nothing.
_CALL_TONES = {
    "texted": "good",
    "unsure": "warn",
    "answered": "calm",
    "ringing": "busy",
    "waiting": "busy",
    "trial": "calm",
}
# Nobody will reach these callers unless a person does something.
_NEEDS_A_PERSON = frozenset(
    {"withheld", "unknown_outcome", "stale", "rate_limit", "clock_unsure", "modem_down", "send_failed"}
)
_TEXT_TONES = {
    "queued": "busy",
    "submitting": "busy",
    "accepted": "good",
    "delivered": "good",
    "undelivered": "bad",
    "failed": "bad",
    "unconfirmed": "warn",
    "expired": "warn",
    "cancelled": "calm",
    "received": "calm",
}

# In this order: Edge and Opera call themselves Chrome as well, Chrome Safari, and Android Linux.
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)

# The head of a task's row, for each `gateway.core.views.tasks.TaskKind`; the number it is about stands behind it.
TASK_TITLES = {
    "call_back": mark("Call back"),
    "wrote": mark("Answer"),
    "unsure_text": mark("Did this text arrive?"),
    "not_sent": mark("This text was not sent"),
    "texts_refused": mark("Look at the SIM"),
    "stated_response": mark("Answer sooner, or state another time"),
}


def showable(raw: str, limit: int) -> str:
    """`raw` as one may show it: at most `limit` characters, every unshowable one replaced, the cut made visible."""
    text = raw[: limit + 1].replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\t", " ")
    text = _UNSHOWABLE.sub(_REPLACEMENT, text)
    return text if len(raw) <= limit else text[:limit].rstrip() + "…"


def name(raw: str) -> str:
    """A caller's or line's name on one line."""
    return " ".join(showable(raw, NAME_LENGTH).split())


def sentence(raw: str) -> str:
    """A sentence of ours with a capital letter at its start."""
    text = " ".join(showable(raw, SENTENCE_LENGTH).split())
    return text[:1].upper() + text[1:]


def full_sentence(raw: str) -> str:
    """A sentence of ours that others follow: with its full stop."""
    text = sentence(raw)
    return text if not text or text.endswith((".", "!", "?", "…", "”")) else text + "."


def pause_reason(raw: str) -> str:
    """Why texting is paused. A person's pause is stored as `by page` or `by page:ann`."""
    if not raw.startswith("by page"):
        return full_sentence(sentences.say(raw))
    who = raw.partition(":")[2]
    return _("%(who)s paused it on this page.") % {"who": name(who) or _("Somebody")}


def is_set_up_first(raw: str) -> bool:
    """Whether texting is paused because nobody has gone live yet: only the set-up ends that."""
    return raw == HOLDS


def body(raw: str) -> str:
    """What a text says. A longer one tells how much was left out."""
    text = showable(raw, BODY_LENGTH)
    if len(raw) <= BODY_LENGTH:
        return text
    return _("%(said)s (shortened: the whole text has %(count)s characters)") % {"said": text, "count": f"{len(raw):,}"}


def beginning(raw: str) -> str:
    """The first words of a text that is too long to stand among others; "" for one that is not."""
    return showable(raw, BEGINNING_LENGTH) if len(raw) > BEGINNING_LENGTH else ""


def number(raw: str) -> str:
    """A telephone number as its owner would write it; anything else as it is."""
    match = _NANP.fullmatch(raw)
    return f"({match[1]}) {match[2]}-{match[3]}" if match else name(raw)


def caller_name(raw: str, caller: str) -> str:
    """The name that came with a call; "" when it is the number once more (many trunks fill it in so)."""
    shown = name(raw)
    digits = "".join(character for character in shown if character.isdigit())
    letters = any(character.isalpha() for character in shown)
    return "" if digits and not letters and caller.endswith(digits.lstrip("0")[-10:]) else shown


def device(raw: str) -> str:
    """A browser by what it says of itself: "Firefox on Android"."""
    program = next((name for key, name in _BROWSERS if key in raw), _("a browser"))
    system = next((name for key, name in _SYSTEMS if key in raw), "")
    return f"{program}, {system}" if system else program


def diallable(raw: str) -> str:
    """What goes into a `tel:` link, or "" when `raw` is no telephone number."""
    return raw if _DIALLABLE.fullmatch(raw) else ""


def outcome(kind: str, say: str) -> str:
    """The outcome sentence of a call; a refusal says first that no text was sent."""
    if kind in _CALL_TONES:
        return sentence(sentences.say(say or kind))
    why = showable(sentences.say(say or kind.replace("_", " ")), SENTENCE_LENGTH)
    return _("Not texted: %(why)s") % {"why": why}


def task_title(kind: str) -> str:
    """What is to be done, in a word or two."""
    return _(TASK_TITLES.get(kind, "")) or sentence(kind.replace("_", " "))


def call_tone(kind: str) -> str:
    """The colour family of a call's outcome."""
    return _CALL_TONES.get(kind, "warn" if kind in _NEEDS_A_PERSON else "calm")


def text_tone(state: str) -> str:
    """The colour family of a text's state."""
    return _TEXT_TONES.get(state, "warn")


class LocalTime:
    """Moments in the business's time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return self._zone

    def midnight(self, now: datetime) -> datetime:
        """The moment at which the business's present day began."""
        return datetime.combine(now.astimezone(self._zone).date(), time(), self._zone)

    def short(self, moment: datetime, now: datetime) -> str:
        """`2:14 PM` today, `Fri 2:14 PM` within a week, else with the date."""
        text = self._short(moment, now)
        return text if language.spoken() == "en" else sentences.moment(text)

    def _short(self, moment: datetime, now: datetime) -> str:
        local, today = moment.astimezone(self._zone), now.astimezone(self._zone).date()
        clock = f"{local:%I:%M %p}".lstrip("0")
        days = (today - local.date()).days
        if days == 0:
            return clock
        if 0 < days < 7:
            return f"{local:%a} {clock}"
        return f"{local:%b} {local.day}, {clock}"

    def day(self, moment: datetime) -> str:
        """`Saturday, November 21`."""
        local = moment.astimezone(self._zone)
        return f"{local:%A, %B} {local.day}" if language.spoken() == "en" else sentences.day(local)

    def iso(self, moment: datetime) -> str:
        """For the `datetime` attribute."""
        return moment.astimezone(self._zone).isoformat(timespec="seconds")
