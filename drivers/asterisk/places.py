"""Where a caller was in the PBX, and what reason that gives a missed call.

Two sources, the better first: the application the caller's channel runs (`Newexten`, class dialplan) and, on a feed with
least privilege, the context and extension that every event of the channel carries (FreePBX's names: `ivr-1`,
`ext-queues`, `vmu201`, `app-blacklist-check`). Nothing here decides whether a call was missed, only why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from gateway.core.events import CallReason


class Place(StrEnum):
    """Where the caller is."""

    NOWHERE = "nowhere"
    DIALLING = "dialling"
    QUEUE = "queue"
    MENU = "menu"
    CONFERENCE = "conference"
    ANNOUNCEMENT = "announcement"
    PARKED = "parked"


class LegFate(StrEnum):
    """What one rung telephone did."""

    RANG = "rang"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


_APPLICATIONS = {
    "queue": Place.QUEUE,
    "background": Place.MENU,
    "waitexten": Place.MENU,
    "read": Place.MENU,
    "backgrounddetect": Place.MENU,
    "directory": Place.MENU,
    "confbridge": Place.CONFERENCE,
    "meetme": Place.CONFERENCE,
    "playback": Place.ANNOUNCEMENT,
    "controlplayback": Place.ANNOUNCEMENT,
    "festival": Place.ANNOUNCEMENT,
    "zapateller": Place.ANNOUNCEMENT,
    "musiconhold": Place.ANNOUNCEMENT,
    "dial": Place.DIALLING,
    "retrydial": Place.DIALLING,
    "followme": Place.DIALLING,
    "park": Place.PARKED,
    "parkandannounce": Place.PARKED,
}
_VOICEMAIL_APPLICATIONS = frozenset({"voicemail", "minivmgreet", "minivmrecord", "comedian"})
_BUSY_TONES = {"busy": CallReason.BUSY, "congestion": CallReason.UNAVAILABLE}
_MENU_CONTEXTS = (
    "ivr*",
    "*-ivr",
    "*-ivr-*",
    "*_ivr",
    "menu*",
    "*-menu",
    "*_menu",
    "autoattendant*",
    "auto-attendant*",
    "aa_*",
)
_QUEUE_CONTEXTS = ("ext-queues", "queue*", "*-queue", "*-queues", "*_queue", "*_queues")
_CONFERENCE_CONTEXTS = ("ext-meetme", "conference*", "*-conference", "*-conferences")
BLOCKED_CONTEXTS = ("*blacklist*", "*blocklist*", "*blackhole*", "*blocked-caller*", "app-blocked*")
_VOICEMAIL_CONTEXTS = ("macro-vm", "app-voicemail*", "voicemail*", "vm-*", "sub-vm*", "app-vmblast*", "ext-voicemail*")
_VOICEMAIL_EXTENSION = re.compile(r"vm[a-z]?\d{2,}|\*98\d*|\*97")

# Q.850 causes of a leg that never rang: unallocated, no route, no answer reported by a phone that never alerted
# (SIP 480 do-not-disturb), subscriber absent, out of order, no circuit, network and temporary failures.
_NEVER_RANG_CAUSES = frozenset({1, 2, 3, 19, 20, 22, 25, 27, 28, 34, 38, 41, 42, 44, 58})
_BUSY_CAUSES = frozenset({17, 21})  # user busy; call rejected (SIP 603)


def _among(text: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)


@dataclass(slots=True)
class Trail:
    """The caller's way through the PBX, updated by every event of the caller's own channel."""

    place: Place = Place.NOWHERE
    voicemail: bool = False
    blocked: bool = False
    rang: bool = False
    busy: bool = False
    unavailable: bool = False
    tone: CallReason | None = None
    legs: int = 0
    telephones: int = 0  # of the legs, those that are no Local channels
    up_without_dial: bool = False
    up_after_dial: bool = False
    sees_applications: bool = False
    over: bool = False
    context: str = ""
    menu_context: str = ""

    def stands_in(self, context: str, extension: str) -> None:
        """The channel reported itself in a context; only a change of context says something new."""
        if self.over or context == "":
            return
        if extension == "h":
            self.over = True  # the dialplan's hang-up extension runs after the caller has gone
            return
        low = context.lower()
        if _VOICEMAIL_EXTENSION.fullmatch(extension) or _among(low, _VOICEMAIL_CONTEXTS):
            self.voicemail = True
        if low == self.context:
            return
        self.context = low
        self.blocked = _among(low, BLOCKED_CONTEXTS)
        if _among(low, _MENU_CONTEXTS):
            self.place, self.menu_context = Place.MENU, low
        elif not self.sees_applications and _among(low, _QUEUE_CONTEXTS):
            self.place = Place.QUEUE
        elif not self.sees_applications and _among(low, _CONFERENCE_CONTEXTS):
            self.place = Place.CONFERENCE

    def runs(self, application: str, context: str, extension: str) -> None:
        """The channel runs an application (class dialplan only)."""
        self.sees_applications = True
        self.stands_in(context, extension)
        if self.over:
            return
        name = application.lower()
        if name in _VOICEMAIL_APPLICATIONS:
            self.voicemail = True
        elif name in _BUSY_TONES:
            self.tone = _BUSY_TONES[name]
        place = _APPLICATIONS.get(name)
        if place is None or (
            place is Place.ANNOUNCEMENT and self.place is Place.MENU and self.context == self.menu_context
        ):
            return  # what a menu says ("invalid", "goodbye") is still the menu
        self.place = place
        if place is Place.MENU:
            self.menu_context = self.context

    def dials(self) -> None:
        """A telephone is being rung for the caller; a queue that rings its agents is still a queue."""
        self.legs += 1
        if self.place is not Place.QUEUE:
            self.place = Place.DIALLING

    def picked_up_by_pbx(self) -> None:
        """The caller's channel went Up: the PBX or somebody answered it."""
        if self.legs:
            self.up_after_dial = True
        else:
            self.up_without_dial = True

    def enters_bridge(self, holding: bool, conference: bool) -> None:
        """The caller joined a bridge: a conference room, or the parking lot."""
        if conference:
            self.place = Place.CONFERENCE
        elif holding:
            self.place = Place.PARKED

    def found_in(self, application: str) -> None:
        """A list of channels tells which application the caller is in right now."""
        name = application.lower()
        if name in _VOICEMAIL_APPLICATIONS:
            self.voicemail = True
        elif name in _APPLICATIONS:
            self.place = _APPLICATIONS[name]

    def leg_ended(self, fate: LegFate) -> None:
        """One rung telephone is done with, without having spoken to the caller."""
        match fate:
            case LegFate.RANG:
                self.rang = True
            case LegFate.BUSY:
                self.busy = True
            case LegFate.UNAVAILABLE:
                self.unavailable = True

    def reason(self, cause: int, legs_open: bool) -> CallReason:
        """Why the call was missed, by the precedence of `textback replay`. `cause`: Q.850 cause of the caller's channel."""
        if self.voicemail:
            return CallReason.VOICEMAIL
        match self.place:
            case Place.QUEUE:
                return CallReason.ABANDONED_IN_QUEUE
            case Place.MENU:
                return CallReason.ABANDONED_IN_IVR
            case Place.CONFERENCE:
                return CallReason.CONFERENCE_ALONE
            case Place.ANNOUNCEMENT:
                return CallReason.ANNOUNCEMENT
            case Place.NOWHERE | Place.DIALLING | Place.PARKED:
                pass
        if not self.sees_applications and not legs_open and self.place is not Place.PARKED:
            if self.up_after_dial and not self.up_without_dial:
                return CallReason.VOICEMAIL  # phones were rung in vain, then a machine answered
            if self.up_without_dial and not self.legs:
                return CallReason.ANNOUNCEMENT
        if self.place is Place.NOWHERE and self.up_without_dial and not self.legs and self.tone is None:
            return CallReason.ANNOUNCEMENT  # answered by the PBX, and nothing rang: gone before a word was said
        if self.rang or legs_open:
            return CallReason.NO_ANSWER
        if self.busy:
            return CallReason.BUSY
        if self.unavailable:
            return CallReason.UNAVAILABLE
        if self.tone is not None:
            return self.tone
        if cause in _BUSY_CAUSES:
            return CallReason.BUSY
        never_up = not (self.up_after_dial or self.up_without_dial)
        if cause in _NEVER_RANG_CAUSES or (self.place is Place.DIALLING and not self.telephones and never_up):
            return CallReason.UNAVAILABLE  # Dial found no telephone at all: unregistered, or a mistake in the dialplan
        return CallReason.NO_ANSWER


def leg_fate(status: str, cause: int, rang: bool) -> LegFate:
    """What a rung telephone did: DialEnd's DialStatus, the Q.850 cause of its Hangup, and whether it reported ringing.

    The list of statuses is open (`CONTINUE` of a press-1 gosub was seen). A declined call is NOANSWER with cause 21
    on PJSIP and BUSY on chan_sip.
    """
    match status.upper():
        case "BUSY" | "NOANSWER" if cause in _NEVER_RANG_CAUSES:
            # A phone's do-not-disturb (SIP 480) is BUSY on chan_sip, NOANSWER on PJSIP; after ringing it is nobody's answer.
            return LegFate.RANG if rang else LegFate.UNAVAILABLE
        case "BUSY":
            return LegFate.BUSY
        case "CHANUNAVAIL" | "CONGESTION" | "INVALIDARGS":
            return LegFate.UNAVAILABLE
        case "NOANSWER" if cause in _BUSY_CAUSES:
            return LegFate.BUSY
        case _:
            return LegFate.RANG
