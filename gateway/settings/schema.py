"""Every option there is: how it is written, its default, and what it means in a contractor's words.

The options of devices are in `gateway.settings.devices`. The commented example configuration is printed from here, so
neither can know an option that the other does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from gateway.core.business import Policy, QuietHoursRule, TextWhen, Window
from gateway.core.library import DEFAULT_TRADE, LIBRARY
from gateway.core.policy import ContactKind
from gateway.settings import kinds, times
from gateway.settings.devices import ASTERISK, LOG, MODEM, PAGE, STATE
from gateway.settings.options import Option, Place, Reading, Section, mapping, scalar, taken
from gateway.settings.problems import shown, suggestion
from gateway.settings.times import duration
from gateway.settings.yamlnodes import Node

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LANGUAGES = ("en", "es")
SITUATIONS = ("open", "after_hours", "holiday", "storm")
CONTACT_KINDS = tuple(kind.value for kind in ContactKind if kind is not ContactKind.OPTED_OUT)  # proof, not a setting
ANY_DAY = date(2000, 1, 1)
_DEFAULTS = Policy()
_NUMBERS = "a list such as ['+12165550191', '+12165550192']"


class Missed(StrEnum):
    """Ends of a call that can count as missed; the words of `Policy.missed_means`."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    QUEUE_ABANDON = "queue_abandon"
    IVR_ABANDON = "ivr_abandon"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Night in the business's time zone; `release` is when held openers leave."""

    begins: time
    ends: time
    release: time | None


def _template_names(node: Node, place: Place) -> dict[str, str]:
    """Situation -> template name; whether the template exists is seen when all templates are known."""
    found: dict[str, str] = {}
    for entry in mapping(node, "'open: my_template'").entries:
        if entry.key not in SITUATIONS:
            place.say(entry.line, f"unknown situation {shown(entry.key)}", suggestion(entry.key, SITUATIONS))
        elif name := taken(kinds.name, entry.node, place.at(entry.key), ""):
            place.lines[place.at(entry.key).path] = entry.line
            found[entry.key] = name
    return found


RING_S = 6.0  # North American ringing: 2 s on, 4 s off (ATIS-0600401)


def _ring_time(node: Node, place: Place) -> float:
    """How long a telephone rings: a duration, or "3 rings"."""
    text = scalar(node, "a duration such as '4 s', or '2 rings'")
    if rings := re.fullmatch(r"(\d{1,2}) *rings?", text, re.ASCII | re.IGNORECASE):
        return int(rings[1]) * RING_S
    return duration("s", 0, 120)(node, place)


def _contact_kind(node: Node, place: Place) -> ContactKind:
    return ContactKind(kinds.one_of(*CONTACT_KINDS)(node, place))


# ---- business

B_NAME = Option(
    "name",
    kinds.word("the business's name"),
    "",
    "What callers know you by. Every text names it.",
    example="Miller Heating & Air",
    required=True,
)
B_ZONE = Option(
    "timezone",
    times.time_zone,
    ZoneInfo("UTC"),
    "Where the opening hours are meant.",
    example="America/New_York",
    required=True,
)
B_COUNTRY = Option(
    "country", kinds.country, "US", "Your country, two letters: numbers without a country code are its.", "US"
)
B_AREA = Option("area_code", kinds.area_code, "", "Your area code: completes seven-digit caller IDs.", example='"216"')
B_OWNER = Option(
    "owner_cell",
    kinds.optional(kinds.phone),
    None,
    "The cell phone that is told of urgent things. Never texted as a caller.",
    "none",
    '"+12165550190"',
)
B_STAFF: Option[tuple[str, ...]] = Option(
    "staff",
    kinds.each(kinds.phone, _NUMBERS),
    (),
    "Cell phones of your people. Never texted as callers.",
    "[]",
    '["+12165550191", "+12165550192"]',
)
B_EXTENSIONS: Option[tuple[tuple[int, int], ...]] = Option(
    "extensions",
    kinds.each(kinds.extensions, "a list such as ['100-199']"),
    (),
    "Telephones inside the office, by their internal numbers.",
    "[]",
    '["100-199"]',
)
B_TRADE = Option(
    "trade",
    kinds.one_of(*LIBRARY),
    DEFAULT_TRADE,
    f"Whose wording the texts begin with: {', '.join(LIBRARY)}.",
    DEFAULT_TRADE,
    "hvac",
)
BUSINESS: Section = Section(
    "business", "Who you are.", (B_NAME, B_TRADE, B_ZONE, B_COUNTRY, B_AREA, B_OWNER, B_STAFF, B_EXTENSIONS)
)

# ---- lines

L_NUMBER = Option("number", kinds.phone, "", "The number callers dial.", example='"+12165550100"', required=True)
L_TEXT_BACK = Option("text_back", kinds.switch, True, "Whether missed calls on this line are texted.", "yes")
L_WHEN = Option(
    "text_when",
    kinds.choice(TextWhen),
    TextWhen.ALWAYS,
    "In which hours: always, open (opening hours only) or closed (only outside them).",
    "always",
)
L_LANGUAGE = Option("language", kinds.one_of(*LANGUAGES), "en", "Language of its texts: en or es.", "en")
L_QUIET = Option(
    "quiet_hours",
    kinds.choice(QuietHoursRule),
    QuietHoursRule.SEND,
    "The first text in quiet hours: send (the caller is awake), defer (hold it until the release time), none.",
    "send",
)
L_NOTIFY = Option(
    "always_notify_owner", kinds.switch, False, "Tell the owner of every missed call on this line at once.", "no"
)
L_MIN_RING = Option(
    "min_ring",
    kinds.optional(_ring_time),
    None,
    "A call on this line that rang for less is a misdial, such as 4 s or 2 rings. none: as under texting.",
    "none",
)
L_MIN_RING_CLOSED = Option(
    "min_ring_closed",
    kinds.optional(_ring_time),
    None,
    "The same outside opening hours. none: as within them.",
    "none",
)
L_TEMPLATES: Option[dict[str, str]] = Option(
    "templates",
    _template_names,
    {},
    "Own templates for this line, by situation: open, after_hours, holiday, storm.",
    "{}",
)
LINE: Section = Section(
    "lines",
    "Your telephone lines. Each has a name of your choice (small letters, digits and _).",
    (
        L_NUMBER,
        L_TEXT_BACK,
        L_WHEN,
        L_LANGUAGE,
        L_QUIET,
        L_NOTIFY,
        L_MIN_RING,
        L_MIN_RING_CLOSED,
        L_TEMPLATES,
    ),
)

# ---- calendar

_DAY_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_DAY_EXAMPLES = {"sat": '["09:00-13:00"]', "sun": "[]"}
HOURS_DAYS: tuple[Option[tuple[Window, ...]], ...] = tuple(
    Option(day, times.windows, (), f"{_DAY_NAMES[day]}.", "[]", _DAY_EXAMPLES.get(day, '["08:00-17:00"]'))
    for day in DAYS
)
HOURS: Section = Section(
    "hours",
    "Opening hours on a 24-hour clock. The opening minute is open, the closing minute is closed. Several windows\n"
    'a day are fine: ["08:00-12:00", "13:00-17:00"]. [] is a closed day, 24:00 is midnight.',
    HOURS_DAYS,
)
H_DATE = Option("date", times.day, ANY_DAY, "The day.", example="2026-12-25", required=True)
H_NAME = Option("name", kinds.word("the holiday's name"), "", "What it is called on the page.", example="Christmas Day")
HOLIDAY: Section = Section("holidays", "Days on which you are closed all day (template holiday).", (H_DATE, H_NAME))
D_DATE = Option("date", times.day, ANY_DAY, "The day.", example="2026-12-24", required=True)
D_HOURS: Option[tuple[Window, ...]] = Option(
    "hours", times.windows, (), "Its opening hours.", example='["08:00-12:00"]', required=True
)
HALF_DAY: Section = Section(
    "half_days", "Days with hours of their own; outside them it is after hours, not a holiday.", (D_DATE, D_HOURS)
)
NO_MOMENT = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))
S_FROM = Option("from", times.moment, NO_MOMENT, "When it begins.", example='"2026-01-26 06:00"', required=True)
S_TO = Option("to", times.moment, NO_MOMENT, "When it is over.", example='"2026-01-27 22:00"', required=True)
STORM: Section = Section(
    "storm_mode",
    "Times of very many calls: the storm template replaces open and after_hours (not holiday).",
    (S_FROM, S_TO),
)

# ---- texting

Q_FROM = Option("from", times.time_of_day, time(0), "When it gets quiet.", example='"21:30"', required=True)
Q_TO = Option("to", times.time_of_day, time(0), "When it is over.", example='"07:00"', required=True)
Q_RELEASE = Option(
    "release",
    kinds.optional(times.time_of_day),
    None,
    "When held texts leave, if later than the end.",
    "none",
    '"07:30"',
)
QUIET: Section = Section(
    "quiet_hours",
    "Night, when only the lines that say `send` text, and no reminder goes out.",
    (Q_FROM, Q_TO, Q_RELEASE),
)


def _quiet_hours(node: Node, place: Place) -> QuietHours:
    reading = Reading(QUIET, mapping(node, '{from: "21:30", to: "07:00"}'), place)
    night = QuietHours(reading.get(Q_FROM), reading.get(Q_TO), reading.get(Q_RELEASE))
    if reading.given(Q_FROM) and reading.given(Q_TO) and night.begins == night.ends:
        place.say(
            reading.line_of(Q_TO), "quiet hours begin and end at the same time", "change one, or remove quiet_hours"
        )
    return night


_HOUR_S, _DAY_S = 3600.0, 86400.0
T_SETTLE = Option(
    "settle",
    duration("s", 0, 600),
    _DEFAULTS.settle_s,
    "Wait this long after the call: the office may ring back first. Plain numbers are seconds.",
    "10 s",
)
T_MIN_RING = Option(
    "min_ring",
    _ring_time,
    _DEFAULTS.min_ring_s,
    "An unanswered call that rang for less is a misdial. Plain numbers are seconds; 2 rings are 12 s.",
    "0 s",
    "4 s",
)
T_MIN_RING_CLOSED = Option(
    "min_ring_closed",
    kinds.optional(_ring_time),
    None,
    "The same outside opening hours. none: as within them.",
    "none",
)
T_MIN_RING_MODEM = Option(
    "min_ring_modem",
    kinds.optional(_ring_time),
    None,
    "The same for calls that ring at the modem. none: no difference. A forwarded call has rung in the office before:"
    " 0 s texts them all.",
    "none",
)
T_MISSED = Option(
    "missed_means",
    kinds.set_of(kinds.choice(Missed), "a list such as [no_answer, busy]"),
    frozenset(Missed),
    "Which ends of a call count as missed.",
    "[no_answer, busy, voicemail, queue_abandon, ivr_abandon]",
)
T_COOLDOWN = Option(
    "cooldown",
    duration("h", 0, 365 * _DAY_S),
    _DEFAULTS.cooldown_s,
    "No second first text to the same number for this long, on any line. Plain numbers are hours.",
    "12 h",
)
T_OPEN = Option(
    "conversation_open",
    duration("h", 0, 365 * _DAY_S),
    _DEFAULTS.conversation_open_s,
    "A caller who has texted us is in conversation for this long: no first text meanwhile. Plain numbers are hours.",
    "72 h",
)
T_TAKEOVER = Option(
    "human_takeover",
    duration("h", 0, 365 * _DAY_S),
    _DEFAULTS.takeover_s,
    "After a person has written by hand the gateway stays silent for this long. Plain numbers are hours.",
    "24 h",
)
T_REPEAT_CALLS = Option(
    "repeat_calls",
    kinds.cap,
    _DEFAULTS.repeat_calls,
    "This many missed calls of one number tell the owner. 0: never.",
    "3",
)
T_REPEAT_WITHIN = Option(
    "repeat_within",
    duration("min", 1, _DAY_S),
    _DEFAULTS.repeat_within_s,
    "... within this time. Plain numbers are minutes.",
    "15 min",
)
T_MAX_AGE = Option(
    "max_age",
    duration("min", 60, _DAY_S),
    _DEFAULTS.max_age_s,
    "Calls found later than this (the box was off) go on the call-back list. Plain numbers are minutes.",
    "15 min",
)
T_DUPLICATE = Option(
    "duplicate_window",
    duration("s", 0, 600),
    _DEFAULTS.duplicate_s,
    "The same call seen by Asterisk and by the modem within this time is one call. Plain numbers are seconds.",
    "60 s",
)
T_MINUTE = Option(
    "per_minute", kinds.cap, _DEFAULTS.per_minute, "Most automatic texts in a minute; none for no limit.", "6"
)
T_HOUR = Option(
    "per_hour",
    kinds.cap,
    _DEFAULTS.per_hour,
    "Most automatic texts in an hour; none for no limit. When it is reached the owner is told.",
    "60",
)
T_DAY = Option("per_day", kinds.cap, _DEFAULTS.per_day, "Most automatic texts in a day; none for no limit.", "200")
T_QUIET: Option[QuietHours | None] = Option("quiet_hours", kinds.optional(_quiet_hours), None, QUIET.title, "none")
T_COUNTRIES = Option(
    "allowed_countries",
    kinds.set_of(kinds.country, "a list such as [US, CA]"),
    frozenset[str](),
    "Countries whose numbers are texted; yours when left out. US takes in Puerto Rico and Guam, not Canada.",
    example="[US]",
)
T_VALIDITY = Option(
    "validity",
    times.whole_seconds(duration("min", 300, 7 * _DAY_S)),
    _DEFAULTS.validity_s,
    "The network stops trying to deliver a text after this time. Plain numbers are minutes.",
    "1 h",
)
T_STATED = Option(
    "stated_response",
    kinds.optional(duration("min", 60, 2 * _DAY_S)),
    None,
    "The response time that your texts may name, such as 30 min, because you keep it. none: they may name no time."
    " Plain numbers are minutes.",
    "none",
)
TEXTING: Section = Section(
    "texting",
    "When a missed call is texted, and when not.",
    (
        T_SETTLE,
        T_MIN_RING,
        T_MIN_RING_CLOSED,
        T_MIN_RING_MODEM,
        T_MISSED,
        T_COOLDOWN,
        T_OPEN,
        T_TAKEOVER,
        T_REPEAT_CALLS,
        T_REPEAT_WITHIN,
        T_MAX_AGE,
        T_DUPLICATE,
        T_MINUTE,
        T_HOUR,
        T_DAY,
        T_QUIET,
        T_COUNTRIES,
        T_VALIDITY,
        T_STATED,
    ),
)

# ---- contacts

C_NUMBER = Option("number", kinds.phone, "", "The contact's number.", example='"+12165550170"', required=True)
C_KIND = Option(
    "kind", _contact_kind, ContactKind.CUSTOMER, f"One of: {', '.join(CONTACT_KINDS)}.", example="vendor", required=True
)
C_NAME = Option("name", kinds.word("the contact's name"), "", "Who it is.", example="Lakeside Supply")
CONTACT: Section = Section(
    "contacts",
    "People you know. vendor, blocked, no_autotext (wants a call), autoresponder and landline are never texted.",
    (C_NUMBER, C_KIND, C_NAME),
)

# ---- the file as a whole


@dataclass(frozen=True, slots=True)
class Part:
    """A top-level entry. `shape` is how its section stands in the file."""

    section: Section
    shape: str  # "section" | "named" (name -> section) | "list" | "one or list"


PARTS: tuple[Part, ...] = (
    Part(BUSINESS, "section"),
    Part(LINE, "named"),
    Part(HOURS, "section"),
    Part(HOLIDAY, "list"),
    Part(HALF_DAY, "list"),
    Part(STORM, "list"),
    Part(TEXTING, "section"),
    Part(CONTACT, "list"),
    Part(ASTERISK, "one or list"),
    Part(MODEM, "one or list"),
    Part(PAGE, "section"),
    Part(LOG, "section"),
)
TEMPLATES = "templates"
TEMPLATES_TITLE = (
    "Own wording, by name. The gateway has a text for every situation: open, after_hours, holiday and storm, and the\n"
    "same in Spanish as open_es and so on; one of these names replaces it, any other name can be given to a line.\n"
    "{business} becomes the business's name. `textback check` shows each text and its length."
)
TOP: tuple[str, ...] = (*(part.section.name for part in PARTS), TEMPLATES, STATE.name)
