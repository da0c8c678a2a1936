"""What a person may put right: facts of a lead, and the labels of a text as the reader's training has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.core.conversation.lead import Facts, Lane, Lead, Urgency

# By their names in `Facts`; the most characters of each.
FACTS: Final[Mapping[str, int]] = {
    "name": 60,
    "service": 60,
    "issue": 300,
    "street_address": 60,
    "city": 60,
    "zip": 5,
    "timeline": 60,
    "callback_time": 60,
}
LANES: Final = (Lane.BOOK, Lane.MESSAGE)
# Of a text; the rest of the labels are facts.
INTENTS: Final = (
    *("new_service", "booking_request", "price_question", "existing_customer", "reschedule", "cancel_appointment"),
    *("status_question", "complaint", "call_me_back", "human_request", "opt_out", "opt_in", "help", "wrong_number"),
    *("vendor_or_sales", "job_seeker", "spam", "thanks_ack", "yes", "no", "photo_only", "unclear"),
)
TOLD: Final = ("zip", "city", "street_address", "name", "timeline", "callback_time")  # fields of a text
LABELS: Final = ("intent", "urgency", "life_safety", "opt_out", "service", *TOLD)
_ZIP = re.compile(r"\d{5}")
TITLES: Final[Mapping[str, str]] = {
    "street_address": "address",
    "zip": "ZIP code",
    "timeline": "when they want it",
    "callback_time": "when they want a call",
    "issue": "what it is about",
    "life_safety": "danger to people",
    "opt_out": "wants no more texts",
}


def cleaned(value: str) -> str:
    """A fact as it is kept: one line of what can be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())


def wrong_fact(name: str, value: str, services: Mapping[str, object]) -> str | None:
    """Why a lead's fact cannot be so, as a sentence; None where it can. "" takes it away."""
    match name:
        case "urgency":
            return None if value in set(Urgency) else "choose how urgent it is from the list"
        case "lane":
            return None if value in LANES else "choose the lane from the list"
        case "service":
            return None if not value or value in services else "this service is not on your menu"
        case "zip":
            return None if not value or _ZIP.fullmatch(value) else "a ZIP code has five digits"
        case _ if name not in FACTS:
            return "this cannot be put right here"
        case _:
            most = FACTS[name]
            return None if len(value) <= most else f"{titled(name)}: this is too long, {most} characters are the most"


def wrong_label(name: str, value: str, services: Mapping[str, object]) -> str | None:
    """Why a label of a text cannot be so, as a sentence; None where it can."""
    match name:
        case "intent":
            return None if value in INTENTS else "choose what was meant from the list"
        case "life_safety" | "opt_out":
            return None if value in ("", "yes") else "this is either so or not"
        case _ if name not in LABELS:
            return "this cannot be put right here"
        case _:
            return wrong_fact(name, value, services)


def agreed(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels that do not contradict each other: a danger to people is an emergency, a wish for silence the intent of it."""
    found = dict(labels)
    if found.get("life_safety"):
        found["urgency"] = Urgency.EMERGENCY.value
    if found.get("opt_out"):
        found["intent"] = "opt_out"
    elif found.get("intent") == "opt_out":
        found["opt_out"] = "yes"
    return found


def now_known(lead: Lead, name: str) -> str:
    """What is known of a lead at this moment, as `LeadCorrected` would say it."""
    match name:
        case "urgency":
            return lead.urgency.value
        case "lane":
            return lead.lane or ""
        case _:
            return getattr(lead.facts, name) or ""


def with_facts(facts: Facts, changes: Mapping[str, str]) -> Facts:
    """The facts with the changes that are such; "" takes one away."""
    told: dict[str, Any] = {name: value or None for name, value in changes.items() if name in FACTS}
    return replace(facts, **told)


def labels_read(reading: str) -> dict[str, str]:
    """What was read of a text, every label by its name; "" where there is none."""
    try:
        found = json.loads(reading)
    except ValueError:
        found = {}
    found = found if isinstance(found, dict) else {}
    usual = {"intent": "unclear", "urgency": Urgency.NONE.value}
    return {
        label: ("yes" if value is True else str(value)) if (value := found.get(label)) else usual.get(label, "")
        for label in LABELS
    }


def titled(name: str) -> str:
    """What a fact is called in a sentence."""
    return TITLES.get(name, name)
