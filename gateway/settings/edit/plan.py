"""Which options an office or an owner changes on the page, sheet by sheet; all others remain for the file.

Every option of `gateway.settings.schema` is on one sheet or in `IN_THE_FILE` (`tests/settings/test_sheets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

TEMPLATES = "templates"


@dataclass(frozen=True, slots=True)
class Plan:
    """A sheet: sections ("hours") or single options ("texting.quiet_hours") in the order in which they are asked for."""

    key: str
    title: str
    help: str
    holds: tuple[str, ...]
    owner_only: bool = False


SHEETS: Final[tuple[Plan, ...]] = (
    Plan(
        "hours",
        "Opening hours",
        "When you are open, closed days, half days, and the quiet hours of the night.",
        ("hours", "holidays", "half_days", "texting.quiet_hours"),
    ),
    Plan("storm", "Storm mode", "Times of very many calls, in which callers get another first text.", ("storm_mode",)),
    Plan("texts", "Texts", "The words of the texts that callers get.", (TEMPLATES, "texting.stated_response")),
    Plan("replies", "Texts that you write often", "Offered where somebody writes to a customer.", ("replies",)),
    Plan(
        "people",
        "People and on call",
        "Who is told of an emergency, and who is on call when.",
        (
            "business.owner_name",
            "business.owner_cell",
            "business.owner_language",
            "business.owner_rings",
            "people",
            "on_call",
        ),
    ),
    Plan(
        "ladder",
        "Emergencies",
        "When somebody is there for an emergency, who is told in which order, and what callers are told otherwise.",
        ("emergencies", "escalation"),
        owner_only=True,
    ),
    Plan("services", "Services", "The work you do, and what may be booked.", ("services",)),
    Plan("area", "Service area", "Where you work.", ("area",)),
    Plan("questions", "Questions", "What the box asks, and in which languages.", ("conversation", "questions")),
    Plan("notifications", "Notifications", "What you are told of by text, at once or once a day.", ("notifications",)),
    Plan(
        "leads",
        "Leads and call-backs",
        "Whose a lead is, by when it is answered, and who calls back.",
        ("leads", "call_back", "rota"),
    ),
    Plan(
        "booking",
        "Appointments",
        "What may be booked by text: the windows, the crews, and how long it takes.",
        ("booking", "crews", "calendars", "appointments"),
        owner_only=True,
    ),
    Plan(
        "authority",
        "What the box may do",
        "How far it goes by itself, for each kind of work.",
        ("authority",),
        owner_only=True,
    ),
    Plan(
        "texting",
        "When callers are texted",
        "Which missed calls are texted, how soon, and at most how many.",
        ("lines", "texting"),
        owner_only=True,
    ),
    Plan(
        "data",
        "Backups and how long things are kept",
        "When backups are made, where they are copied to, and when old things are deleted.",
        ("backup", "retention"),
        owner_only=True,
    ),
    Plan("business", "The business", "Who you are, and your telephones.", ("business", "remote"), owner_only=True),
)
IN_THE_FILE: Final = ("contacts", "ringing", "asterisk", "modem", "page", "clock", "log", "state")

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hours.mon": "Monday",
        "hours.tue": "Tuesday",
        "hours.wed": "Wednesday",
        "hours.thu": "Thursday",
        "hours.fri": "Friday",
        "hours.sat": "Saturday",
        "hours.sun": "Sunday",
        "appointments.mon": "Monday",
        "appointments.tue": "Tuesday",
        "appointments.wed": "Wednesday",
        "appointments.thu": "Thursday",
        "appointments.fri": "Friday",
        "appointments.sat": "Saturday",
        "appointments.sun": "Sunday",
        "crews": "Crews",
        "crews.places": "Appointments at the same time",
        "crews.days_off": "Days off",
        "crews.calendars": "Busy by these calendars",
        "calendars": "Calendars",
        "calendars.file": "A file on this box",
        "calendars.url": "Address of an .ics file",
        "calendars.caldav": "Address at a CalDAV server",
        "calendars.user": "User",
        "calendars.refresh": "Read every",
        "calendars.fresh": "Counts for sure for",
        "booking.hold": "A chosen window is kept for",
        "booking.link": "A booking page of your own",
        "appointments": "Kinds of appointments",
        "appointments.duration": "Takes",
        "appointments.buffer": "Kept free behind it",
        "appointments.travel": "The way there",
        "appointments.notice": "Not sooner than in",
        "appointments.horizon": "Days ahead",
        "appointments.per_day": "At most on a day",
        "appointments.confirm": "The box confirms",
        "appointments.needs": "Has to be known",
        "appointments.zips": "Only at these ZIP codes",
        "texting.quiet_hours": "Quiet hours of the night",
        "quiet_hours.from": "It gets quiet at",
        "quiet_hours.to": "It is over at",
        "quiet_hours.release": "Held texts leave at",
        "holidays": "Holidays and closed days",
        "half_days.hours": "Open",
        "storm_mode.from": "Begins",
        "storm_mode.to": "Ends",
        "templates": "First texts to missed callers",
        "templates.open": "When you are open",
        "templates.after_hours": "When you are closed",
        "templates.weekend": "On a weekend, when you are closed",
        "templates.holiday": "On a holiday",
        "templates.storm": "In storm mode",
        "templates.vip": "To callers who are marked as VIP",
        "texting.stated_response": "Response time that texts may name",
        "business.owner_name": "Owner's name",
        "business.owner_cell": "Owner's cell phone",
        "business.owner_language": "Language of texts to the owner",
        "business.owner_rings": "Owner's phone rings in an emergency",
        "people": "People",
        "people.rings": "Phone rings in an emergency",
        "on_call": "On call",
        "rotation.people": "Who takes turns",
        "rotation.every": "A turn lasts",
        "rotation.from": "The first turn began on",
        "rotation.at": "Hand-over at",
        "shifts": "Weekly shifts",
        "on_call.shifts": "Weekly shifts",
        "on_call.overrides": "Dates on which it is different",
        "shifts.hours": "From when to when",
        "overrides.from": "Begins",
        "overrides.to": "Ends",
        "escalation": "Who is told",
        "escalation.ladder": "One after the other",
        "ladder.tell": "Who is told",
        "ladder.times": "How often",
        "ladder.every": "Waiting each time",
        "notifications.in_quiet_hours": "Also at night",
        "notifications.who": "Who is told",
        "leads.owners": "Whose a new lead is",
        "owners.who": "Whose they are",
        "owners.then": "Told when it is late",
        "conversation.on": "Answers texts",
        "services.off": "Not done here",
        "services.palabras": "Words (Spanish)",
        "area.zips": "ZIP codes",
        "remote.pin": "PIN for commands by text",
        "emergencies.cold_f": "No heat: degrees or less",
        "backup.at": "Nightly backup at",
        "backup.copy_to": "Copied to",
        "backup.days": "Kept: of days",
        "backup.weeks": "Kept: of weeks",
        "backup.months": "Kept: of months",
        "retention": "How long things are kept",
        "retention.conversations": "Leads with their texts",
        "retention.inputs": "Everything as it came in",
        "emergencies.hot_f": "No cooling: degrees or more",
    }
)
HELP: Final[Mapping[str, str]] = MappingProxyType(  # where the file's own words speak of how a file is written
    {
        "hours": "On a 24-hour clock, such as 08:00-17:00, with a break 08:00-12:00, 13:00-17:00. Left empty, the day is closed.",
        "holidays": "Days on which you are closed all day.",
        "holidays.date": "",
        "holidays.name": "",
        "half_days": "Days with hours of their own, such as the day before a holiday.",
        "half_days.date": "",
        "half_days.hours": "",
        "texting.quiet_hours": "Night: no reminder goes out, and lines may be set to hold their first texts until the morning.",
        "quiet_hours.from": "",
        "quiet_hours.to": "",
        "services": "The menu of your trade, and what you add to it.",
        "services.off": "yes: you do not do this, although your trade does. Callers who want it are told so.",
        "people": "Everybody beside the owner who may be told of an emergency.",
        "people.name": 'What callers and colleagues read: "Dana has seen your message".',
        "on_call": "Where nobody is on call, the owner is told. Your people can also swap by text, which counts before all that is here.",
        "rotation.people": "In this order, by their names; owner is the owner.",
        "shifts.who": "By their names; owner is the owner.",
        "overrides.who": "By their names; owner is the owner.",
        "questions": "Questions of your own. Each is asked once, when all the usual things are known.",
        "replies": "",
        "lines": "Your telephone lines.",
        "rota": "Who calls back, and when. With nobody here no times are offered.",
        "storm_mode": "From when to when the texts for storm mode are sent.",
        "templates": "{business} becomes the business's name. A text says who writes and how to end it (STOP), and promises nothing.",
        "templates.weekend": "Closed on a Saturday or Sunday; without it the text for when you are closed is sent.",
        "templates.vip": "At any hour; without it they get the text of the others.",
    }
)


def label(path: str) -> str:
    """What the page calls an option; numbers and own names of rows are left out of `path`."""
    plain, spanish = path.removesuffix("_es"), path.endswith("_es")
    words = LABELS.get(plain) or plain.rpartition(".")[2].replace("_", " ").capitalize()
    return LABELS.get(path) or words + (" (Spanish)" if spanish else "")


def plan_of(key: str) -> Plan | None:
    """The sheet of that key."""
    return next((plan for plan in SHEETS if plan.key == key), None)
