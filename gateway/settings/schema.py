"""Every option there is: how it is written, its default, and what it means in a contractor's words.

The options of devices are in `gateway.settings.devices`, those of texting in `gateway.settings.texting`. The commented
example configuration is printed from here, so neither can know an option that the other does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gateway.core.business import QuietHoursRule, TextWhen, Window
from gateway.core.library import DEFAULT_TRADE
from gateway.core.policy import ContactKind
from gateway.settings import kinds, times
from gateway.settings.area import AREA
from gateway.settings.authority import AUTHORITY
from gateway.settings.booking import APPOINTMENT, BOOKING, CREW
from gateway.settings.calendars import CALENDAR
from gateway.settings.callback import CALL_BACK, ROTA
from gateway.settings.care import BACKUP, RETENTION
from gateway.settings.conversation import CONVERSATION
from gateway.settings.devices import ASTERISK, CLOCK, LOG, MODEM, PAGE, STATE
from gateway.settings.emergencies import EMERGENCIES
from gateway.settings.escalation import ESCALATION
from gateway.settings.leads import LEADS
from gateway.settings.menu import SERVICE
from gateway.settings.notifications import NOTIFICATIONS
from gateway.settings.on_call import ON_CALL_SECTION
from gateway.settings.options import Option, Place, Section, Shape, mapping, shaped, taken
from gateway.settings.people import PERSON
from gateway.settings.problems import shown, suggestion
from gateway.settings.questions import QUESTION
from gateway.settings.remote import REMOTE
from gateway.settings.replies import REPLY
from gateway.settings.ringing import RINGING
from gateway.settings.texting import TEXTING
from gateway.settings.trades import pack_files
from gateway.settings.yamlnodes import Node

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SITUATIONS = ("open", "after_hours", "weekend", "holiday", "storm", "vip")
CONTACT_KINDS = tuple(kind.value for kind in ContactKind if kind is not ContactKind.OPTED_OUT)  # proof, not a setting
ANY_DAY = date(2000, 1, 1)
_NUMBERS = "a list such as ['+12165550191', '+12165550192']"


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


def _trade(node: Node, place: Place) -> str:
    """A trade that there is a pack for, beside the configuration or in the product."""
    return kinds.one_of(*sorted(pack_files(place.folder)))(node, place)


def _contact_kind(node: Node, place: Place) -> ContactKind:
    return ContactKind(kinds.one_of(*CONTACT_KINDS)(node, place))


shaped(_template_names, Shape("table"))
shaped(_trade, Shape("choice", tuple(sorted(pack_files()))))
shaped(_contact_kind, Shape("choice", CONTACT_KINDS))

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
B_OWNER_NAME = Option(
    "owner_name",
    kinds.word("the owner's name"),
    "",
    'What callers read when the owner has taken an emergency: "Mike has seen your message".',
    example="Mike",
    shown_off=True,
)
B_OWNER_RINGS = Option(
    "owner_rings", kinds.switch, False, "yes: in an emergency the owner's cell is rung as well, not only texted.", "no"
)
B_OWNER_LANGUAGE = Option("owner_language", kinds.language, "en", "Language of the texts to the owner: en or es.", "en")
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
    _trade,
    DEFAULT_TRADE,
    f"Your trade: {', '.join(sorted(pack_files()))}, or the name of a trade pack of your own (a file in the folder"
    " trades beside this one). It brings the menu, the words customers use, and the wording that the texts begin with.",
    DEFAULT_TRADE,
    "hvac",
)
BUSINESS: Section = Section(
    "business",
    "Who you are.",
    (
        *(B_NAME, B_TRADE, B_ZONE, B_COUNTRY, B_AREA),
        *(B_OWNER, B_OWNER_NAME, B_OWNER_RINGS, B_OWNER_LANGUAGE, B_STAFF, B_EXTENSIONS),
    ),
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
L_LANGUAGE = Option("language", kinds.language, "en", "Language of its texts: en or es.", "en")
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
    kinds.optional(times.ring_time),
    None,
    "A call on this line that rang for less is a misdial, such as 4 s or 2 rings. none: as under texting.",
    "none",
)
L_MIN_RING_CLOSED = Option(
    "min_ring_closed",
    kinds.optional(times.ring_time),
    None,
    "The same outside opening hours. none: as within them.",
    "none",
)
L_TEMPLATES: Option[dict[str, str]] = Option(
    "templates",
    _template_names,
    {},
    "Own templates for this line, by situation: open, after_hours, weekend, holiday, storm, vip. Closed on a Saturday or"
    " Sunday is after_hours where there is no weekend text; vip is for contacts of that kind, at any hour.",
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
    name: str = ""  # of the section that the example shows, for "named"
    shown_off: bool = False  # the example has all of it as a comment


PARTS: tuple[Part, ...] = (
    Part(BUSINESS, "section"),
    Part(LINE, "named", "main"),
    Part(HOURS, "section"),
    Part(HOLIDAY, "list"),
    Part(HALF_DAY, "list"),
    Part(STORM, "list"),
    Part(TEXTING, "section"),
    Part(SERVICE, "named", "pool_heater", shown_off=True),
    Part(AREA, "section"),
    Part(CONVERSATION, "section"),
    Part(AUTHORITY, "section"),
    Part(CALL_BACK, "section"),
    Part(ROTA, "named", "ann", shown_off=True),
    Part(BOOKING, "section"),
    Part(CREW, "named", "north", shown_off=True),
    Part(CALENDAR, "named", "north", shown_off=True),
    Part(APPOINTMENT, "named", "estimate", shown_off=True),
    Part(EMERGENCIES, "section"),
    Part(PERSON, "named", "dana", shown_off=True),
    Part(ON_CALL_SECTION, "section"),
    Part(ESCALATION, "section"),
    Part(REMOTE, "section"),
    Part(NOTIFICATIONS, "section"),
    Part(LEADS, "section"),
    Part(REPLY, "named", "on_the_way", shown_off=True),
    Part(RINGING, "section"),
    Part(QUESTION, "named", "property_type", shown_off=True),
    Part(CONTACT, "list"),
    Part(ASTERISK, "one or list"),
    Part(MODEM, "one or list"),
    Part(PAGE, "section"),
    Part(CLOCK, "section"),
    Part(BACKUP, "section"),
    Part(RETENTION, "section"),
    Part(LOG, "section"),
)
TEMPLATES = "templates"
TEMPLATES_TITLE = (
    "Own wording, by name. The gateway has a text for every situation: open, after_hours, holiday and storm, and the\n"
    "same in Spanish as open_es and so on; one of these names replaces it, any other name can be given to a line.\n"
    "{business} becomes the business's name. `textback check` shows each text and its length."
)
TOP: tuple[str, ...] = (*(part.section.name for part in PARTS), TEMPLATES, STATE.name)
