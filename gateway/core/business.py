"""The business's agreed rules as plain values. Built by `gateway.settings`, read by every decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from gateway.core.conversation.office import ConversationRules
from gateway.core.desk.replies import ReplyText
from gateway.core.desk.rules import DeskRules
from gateway.core.escalation.people import People
from gateway.core.escalation.rules import EscalationRules
from gateway.core.notify import Notifications
from gateway.core.remote.rules import RemoteRules


class QuietHoursRule(StrEnum):
    """What happens to an opener that falls in quiet hours."""

    SEND = "send"
    DEFER = "defer"
    NONE = "none"


class TextWhen(StrEnum):
    """In which hours the missed calls of a line are texted."""

    ALWAYS = "always"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Line:
    """One DID, or the SIM itself, on which callers arrive. Ring times of None are those of the policy."""

    name: str
    number: str  # E.164
    text_back: bool = True
    text_when: TextWhen = TextWhen.ALWAYS
    language: str = "en"
    quiet_hours: QuietHoursRule = QuietHoursRule.SEND
    always_notify_owner: bool = False
    min_ring_s: float | None = None
    min_ring_closed_s: float | None = None
    templates: dict[str, str] = field(default_factory=dict)  # situation -> template name, overrides the default


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a day: the opening minute is open, the closing minute is closed. `closes` 00:00 means midnight."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours in the business's time zone."""

    weekly: tuple[tuple[Window, ...], ...]  # Monday first, seven entries
    holidays: dict[date, str] = field(default_factory=dict)
    half_days: dict[date, tuple[Window, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Storm:
    """A period in which the storm template replaces `open` and `after_hours`."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers of the never-twice, never-late and never-too-much rules."""

    settle_s: float = 10.0
    min_ring_s: float = 0.0
    min_ring_closed_s: float | None = None  # outside opening hours; None: the same
    min_ring_modem_s: float | None = (
        None  # of calls that a modem saw, which may have rung elsewhere before; None: the same
    )
    min_abandoned_s: float = 0.0  # of calls given up in the menu or the queue, from the first ring to the end
    missed_means: frozenset[str] = frozenset({"no_answer", "busy", "voicemail", "queue_abandon", "ivr_abandon"})
    cooldown_s: float = 12 * 3600.0
    conversation_open_s: float = 72 * 3600.0
    takeover_s: float = 24 * 3600.0
    repeat_calls: int = 3
    repeat_within_s: float = 15 * 60.0
    max_age_s: float = 15 * 60.0
    duplicate_s: float = 60.0
    per_minute: int = 6
    per_hour: int = 60
    per_day: int = 200
    quiet_from: time | None = None
    quiet_to: time | None = None
    quiet_release: time | None = None  # deferred openers leave at this local time
    validity_s: int = 3600
    stated_minutes: int | None = None  # the response time that texts may name
    allowed_countries: frozenset[str] = frozenset({"US"})


@dataclass(frozen=True, slots=True)
class Business:
    """Everything a decision about a call or a text may look at."""

    name: str
    zone: ZoneInfo
    country: str  # ISO 3166, "US"
    area_code: str  # for seven-digit caller IDs
    lines: tuple[Line, ...]
    sims: tuple[str, ...]  # numbers the texts go out from
    owner: str | None
    staff: tuple[str, ...]
    extensions: tuple[tuple[int, int], ...]
    hours: Hours
    storms: tuple[Storm, ...]
    templates: dict[str, str]
    policy: Policy
    trade: str = "general"
    conversation: ConversationRules = field(default_factory=ConversationRules)
    escalation: EscalationRules = field(default_factory=EscalationRules)
    remote: RemoteRules = field(default_factory=RemoteRules)
    notifications: Notifications = field(default_factory=Notifications)
    desk: DeskRules = field(default_factory=DeskRules)
    replies: tuple[ReplyText, ...] = ()
    carriers: tuple[str, ...] = ()  # who is believed about calls that did not reach the SIM, beside short codes
    rings_at: str | None = (
        None  # the number under which calls at the SIM count: of the line that is forwarded to it, or its own
    )

    @property
    def people(self) -> People:
        """Everybody of the business who may be told of an emergency."""
        return self.escalation.everybody(self.owner)
