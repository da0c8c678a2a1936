"""What one of our people may ask for by text, as values. `code` is the short number by which telephones speak of a matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Outcome(StrEnum):
    """How a matter ended."""

    WON = "won"
    LOST = "lost"
    DONE = "done"  # settled, and nothing was to be won
    SPAM = "spam"
    WRONG = "wrong"  # a wrong number
    BOOKED = "booked"  # an appointment was made; what it is worth is known later
    NOT_A_LEAD = "not_a_lead"


@dataclass(frozen=True, slots=True)
class Span:
    """For how long: so many seconds, or until the clock on the wall shows a time. `tomorrow`: not before the next day; `weekday`:
    on that day (0 is Monday).

    `exact` False: the hour was given without its half of the day.
    """

    seconds: float | None = None
    until: time | None = None
    tomorrow: bool = False
    exact: bool = True
    weekday: int | None = None


class Part(StrEnum):
    """A part of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the business's wall: so many days `ahead`, the next such `weekday` (0 is Monday), or the next such date.

    A weekday that stands beside a date has to be that date's; `month` None: of the next month that has such a day.
    """

    ahead: int | None = None
    weekday: int | None = None
    month: int | None = None
    date: int | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours on the business's wall: from a time, perhaps until another of the same day, or a part of the day."""

    begins: time | None = None
    ends: time | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody has these emergencies; none named: the one he was told of. `courtesy`: it may be no more than a "thanks"."""

    codes: tuple[int, ...] = ()
    courtesy: bool = False


@dataclass(frozen=True, slots=True)
class Decline:
    """Somebody does not take them."""

    codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeOver:
    """He goes on with the conversation: the box is silent, and what the caller writes comes to him."""

    code: int


@dataclass(frozen=True, slots=True)
class Write:
    """His own words to the caller, untouched."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class HandBack:
    """The box may answer again. Without a code: the only conversation that he has."""

    code: int | None


@dataclass(frozen=True, slots=True)
class Snooze:
    """The next people are told later; nobody has it for that."""

    code: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Show:
    """What is known of a matter."""

    code: int


@dataclass(frozen=True, slots=True)
class Close:
    """A matter is settled. `cents`: what it was worth; `words`: what else was said of it."""

    code: int
    outcome: Outcome
    cents: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class CloseAll:
    """Every open matter is settled, but emergencies that nobody has."""


@dataclass(frozen=True, slots=True)
class Pause:
    """No automatic texts to callers; None: until he says so."""

    span: Span | None


@dataclass(frozen=True, slots=True)
class Resume:
    """Automatic texts again."""


@dataclass(frozen=True, slots=True)
class Storm:
    """The wording for storms, on or off."""

    on: bool
    span: Span | None


@dataclass(frozen=True, slots=True)
class Status:
    """How the box stands."""


@dataclass(frozen=True, slots=True)
class Leads:
    """The open leads with their codes; `more`: those that did not fit the last time."""

    more: bool = False


@dataclass(frozen=True, slots=True)
class Visits:
    """The appointments of a day."""

    day: Day


@dataclass(frozen=True, slots=True)
class ConfirmVisit:
    """The appointment that was requested for a matter stands."""

    code: int


@dataclass(frozen=True, slots=True)
class MoveVisit:
    """The appointment of a matter is moved: to a day, hours of it, or both, or to one of the windows that were `listed` last.

    None of them: which windows are free?
    """

    code: int
    day: Day | None = None
    hours: Hours | None = None
    listed: int | None = None


@dataclass(frozen=True, slots=True)
class CallOffVisit:
    """The appointment of a matter is cancelled."""

    code: int


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody is on call from now on; `who` as it was written, "" for the writer himself."""

    who: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class OnCallAsked:
    """Who is on call?"""


@dataclass(frozen=True, slots=True)
class OnCallAsPlanned:
    """What was agreed by text is over."""


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away from now on; `who` as it was written, "" for the writer himself."""

    who: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who was away is back."""

    who: str


@dataclass(frozen=True, slots=True)
class Drill:
    """A test of the ladder with the real telephones."""


@dataclass(frozen=True, slots=True)
class Help:
    """Which commands are there?"""


@dataclass(frozen=True, slots=True)
class Hush:
    """No ordinary notices to this telephone."""


@dataclass(frozen=True, slots=True)
class Unhush:
    """Notices again."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Not understood; `nearest` is how the command is written that comes nearest, "" where none does."""

    nearest: str = ""


Command = (
    Acknowledge
    | Decline
    | TakeOver
    | Write
    | HandBack
    | Snooze
    | Show
    | Close
    | CloseAll
    | Pause
    | Resume
    | Storm
    | Status
    | Leads
    | Visits
    | ConfirmVisit
    | MoveVisit
    | CallOffVisit
    | OnCall
    | OnCallAsked
    | OnCallAsPlanned
    | Away
    | Here
    | Drill
    | Help
    | Hush
    | Unhush
    | Unclear
)

# Sender numbers can be faked: what changes the box for every caller asks for the PIN. What concerns one matter does not: its
# code has to be known, whoever owns the number reads what was done, and an emergency must be taken with two keys.
GUARDED = (Pause, Resume, Storm, CloseAll, OnCall, OnCallAsPlanned, Away, Drill)


class Pin(StrEnum):
    """What a text brought with it."""

    NONE = "none"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Said:
    """A text of one of our people. `spanish`: it was written in that language."""

    command: Command
    spanish: bool = False
    pin: Pin = Pin.NONE
