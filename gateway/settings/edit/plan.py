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
    Plan("business", "The business", "Who you are, and your telephones.", ("business", "remote"), owner_only=True),
)
IN_THE_FILE: Final = ("contacts", "ringing", "asterisk", "modem", "page", "log", "state")

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hours.mon": "Monday",
        "hours.tue": "Tuesday",
        "hours.wed": "Wednesday",
        "hours.thu": "Thursday",
        "hours.fri": "Friday",
        "hours.sat": "Saturday",
        "hours.sun": "Sunday",
        "conversation.on": "Answers texts",
        "services.off": "Not done here",
        "services.palabras": "Words (Spanish)",
        "area.zips": "ZIP codes",
        "remote.pin": "PIN for commands by text",
        "emergencies.cold_f": "No heat: degrees or less",
        "emergencies.hot_f": "No cooling: degrees or more",
    }
)


def label(path: str) -> str:
    """What the page calls an option; numbers and own names of rows are left out of `path`."""
    if path in LABELS:
        return LABELS[path]
    name = path.rpartition(".")[2]
    plain, spanish = name.removesuffix("_es"), name.endswith("_es")
    return plain.replace("_", " ").capitalize() + (" (Spanish)" if spanish else "")


def plan_of(key: str) -> Plan | None:
    """The sheet of that key."""
    return next((plan for plan in SHEETS if plan.key == key), None)
