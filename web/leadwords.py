"""How a lead is told on the page: its lane, its urgency, who has it, and what was understood of each text."""

from __future__ import annotations

import re
from datetime import datetime

from gateway.core.views import Emergency, LeadRow, Said, Standing
from web import wording

_QUESTION = re.compile(r"^waits for an answer \([^)]*\); ")  # of the box, which does not ask any more
WORDS_LENGTH = 180  # of the caller's words in the list: two lines on a PC; the lead's own page has them all

LANES = {"book": "Book", "message": "Message", "escalate": "Emergency"}
URGENCIES = {"emergency": "Emergency", "urgent": "Urgent", "routine": "Routine"}
STANDINGS = {
    Standing.EMERGENCY: "Emergency",
    Standing.OVERDUE: "Overdue",
    Standing.WAITING: "Waits for you",
    Standing.TALKING: "In conversation",
    Standing.DONE: "Done",
}
STANDING_TONES = {
    Standing.EMERGENCY: "bad",
    Standing.OVERDUE: "warn",
    Standing.WAITING: "busy",
    Standing.TALKING: "calm",
    Standing.DONE: "good",
}
# `gateway.core.outbound.Purpose`, as the head of one of our texts.
PURPOSES = {
    "opener": "First text",
    "question": "The box asked",
    "answer": "The box answered",
    "safety": "Safety advice",
    "opt_out_confirmation": "Confirmation that texts have ended",
    "help": "The box said who it is",
    "out_of_area": "The box said that it is outside the area",
    "offer": "The box offered times for a call",
    "confirmation": "The box noted the wish",
    "follow_up": "The box asked once more",
    "handover": "The box passed it to the office",
    "closing": "The box ended it",
    "escalation": "Alert to our people",
    "staff": "Written by the office",
    "test": "Test text",
}
# What `textback understand` calls a label, as a person would.
LABELS = {
    "intent": "Meant as",
    "urgency": "Urgency",
    "life_safety": "Danger to people",
    "opt_out": "Wants no more texts",
    "service": "Service",
    "zip": "ZIP code",
    "city": "City",
    "state": "State",
    "street_address": "Address",
    "name": "Name",
    "timeline": "Wants it",
    "callback_time": "Wants a call",
    "picture": "Picture",
    "callback_number": "Number to call",
    "callback_whose": "Whose number",
    "lang": "Language",
}
INTENTS = {
    "new_service": "new work",
    "booking_request": "wants an appointment",
    "price_question": "asks for a price",
    "existing_customer": "about an existing job",
    "reschedule": "wants to move an appointment",
    "cancel_appointment": "wants to cancel an appointment",
    "status_question": "asks how far a job is",
    "complaint": "a complaint",
    "call_me_back": "wants a call",
    "human_request": "wants a person",
    "opt_out": "wants no more texts",
    "opt_in": "wants texts again",
    "help": "asks who we are",
    "wrong_number": "a wrong number",
    "vendor_or_sales": "sells something",
    "job_seeker": "looks for work",
    "spam": "spam",
    "thanks_ack": "thanks",
    "yes": "yes",
    "no": "no",
    "photo_only": "a picture",
    "unclear": "not understood",
}
LANGUAGES = {"en": "English", "es": "Spanish", "mixed": "English and Spanish"}
# `gateway.core.policy.ContactKind`, as a sentence about the number.
MARKS = {
    "vendor": "Vendor: never texted by itself",
    "staff": "One of your own people",
    "customer": "Customer",
    "vip": "VIP",
    "blocked": "Blocked: gets no text from the box",
    "no_autotext": "Gets no automatic texts",
    "autoresponder": "Looks like a machine that answers by itself",
    "landline": "A landline: gets no texts",
    "opted_out": "Asked not to be texted: call instead",
}


def words(raw: str) -> str:
    """The caller's words in one short line."""
    text = " ".join(wording.showable(raw, wording.BEGINNING_LENGTH).split())
    return text if len(text) <= WORDS_LENGTH else text[:WORDS_LENGTH].rstrip() + "…"


def lane(raw: str) -> str:
    """The lane in a word; "-" where there is none."""
    return LANES.get(raw, "-")


def urgency(raw: str) -> str:
    """How soon a person has to know; "-" where there is no work."""
    return URGENCIES.get(raw, "-")


def step(lead: LeadRow) -> str:
    """What is to be done next; that it is an emergency stands in front of it already."""
    if lead.taken_until is not None:
        return f"the office is writing with them; {_QUESTION.sub('', lead.next_step)}"
    return lead.next_step.removeprefix("emergency: ")


def emergency_state(emergency: Emergency) -> str:
    """Who has an emergency, as the end of its headline."""
    match emergency.state:
        case "acknowledged":
            return f"{wording.name(emergency.by)} has it"
        case "exhausted":
            return "everybody was told, and NOBODY has it"
        case "over":
            return "settled"
        case _:
            return "nobody has it yet"


def holder(lead: LeadRow) -> str:
    """Who has the lead at this moment."""
    if lead.taken_until is not None:
        return "Office"
    if lead.standing is Standing.DONE:
        return "Nobody"
    if lead.standing is Standing.TALKING:
        return "The box"
    return {"owner": "Owner", "office": "Office", "": "Office"}.get(lead.owner) or wording.name(lead.owner)


def waited(since: datetime, now: datetime) -> str:
    """How long ago something was: "2 min", "3 h", "4 days"."""
    minutes = max(0, int((now - since).total_seconds()) // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def speaker(said: Said) -> str:
    """Who wrote a text of the conversation, and what for."""
    if said.text.direction == "in":
        return "They wrote"
    return PURPOSES.get(said.text.purpose) or wording.sentence(said.text.purpose.replace("_", " ") or "We wrote")


def labels(said: Said) -> list[tuple[str, str]]:
    """What was understood of a text, in the order of `LABELS`; what says nothing is left out."""
    found = dict(said.understood.labels) if said.understood else {}
    told = {"intent": INTENTS, "urgency": URGENCIES, "lang": LANGUAGES}
    return [
        (
            title,
            wording.number(found[name])
            if name == "callback_number"
            else wording.name(told.get(name, {}).get(found[name], found[name].replace("_", " "))),
        )
        for name, title in LABELS.items()
        if name in found and (name, found[name]) not in (("urgency", "none"), ("lang", "en"))
    ]


def because(said: Said) -> list[str]:
    """The reasons, a sentence each."""
    return [wording.full_sentence(reason) for reason in said.understood.because] if said.understood else []


def facts(lead: LeadRow) -> list[tuple[str, str]]:
    """What the caller has said, answers to the business's own questions included."""
    usual = [
        ("Name", lead.name),
        ("Number", wording.number(lead.peer)),
        ("Number to call", other_number(lead)),
        ("Service", lead.service),
        ("Place", lead.place),
        ("Wants it", lead.timeline),
        ("Wants a call", lead.callback_time),
        ("Pictures", pictures(lead.pictures)),
    ]
    return [(wording.name(label), wording.sentence(value)) for label, value in (*usual, *lead.answers) if value]


def pictures(count: int) -> str:
    """How often somebody meant to send a picture; "" for never."""
    if not count:
        return ""
    return f"meant to send {'one' if count == 1 else f'some, {count} times'}; this box cannot receive them"


def other_number(lead: LeadRow) -> str:
    """Another number that they want to be called under, and whose it is; "" where there is none."""
    if not lead.callback_number:
        return ""
    whose = f" ({lead.callback_whose})" if lead.callback_whose else ""
    return f"{wording.number(lead.callback_number)}{whose}"


def mark(kind: str) -> str:
    """What is noted of a number."""
    return MARKS.get(kind) or wording.sentence(kind.replace("_", " "))
