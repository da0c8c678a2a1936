"""How a lead is told on the page: its lane, its urgency, who has it, and what was understood of each text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from gateway.core.desk.hold import person_of
from gateway.core.views.emergencies import Emergency
from gateway.core.views.leads import LeadRow, Standing
from gateway.core.views.leadstory import LeadStory, Reply, Said
from web.language import _, mark, ngettext
from web.words import historywords, sentences, wording

_QUESTION = re.compile(r"^waits for an answer \([^)]*\); ")  # of the box, which does not ask any more
FIELD_LENGTH = 400  # characters; our longest field has 300
WORDS_LENGTH = 180  # of the caller's words in the list: two lines on a PC; the lead's own page has them all

LANES = {"book": mark("Book"), "message": mark("Message"), "escalate": mark("Emergency")}
URGENCIES = {"emergency": mark("Emergency"), "urgent": mark("Urgent"), "routine": mark("Routine")}
STANDINGS = {
    Standing.EMERGENCY: mark("Emergency"),
    Standing.OVERDUE: mark("Overdue"),
    Standing.WAITING: mark("Waits for you"),
    Standing.TALKING: mark("In conversation"),
    Standing.DONE: mark("Done"),
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
    "opener": mark("First text"),
    "question": mark("The box asked"),
    "answer": mark("The box answered"),
    "safety": mark("Safety advice"),
    "opt_out_confirmation": mark("Confirmation that texts have ended"),
    "help": mark("The box said who it is"),
    "out_of_area": mark("The box said that it is outside the area"),
    "offer": mark("The box offered times for a call"),
    "confirmation": mark("The box noted the wish"),
    "follow_up": mark("The box asked once more"),
    "handover": mark("The box passed it to the office"),
    "closing": mark("The box ended it"),
    "escalation": mark("Alert to our people"),
    "staff": mark("Written by the office"),
    "test": mark("Test text"),
}
# What `textback understand` calls a label, as a person would.
LABELS = {
    "intent": mark("Meant as"),
    "urgency": mark("Urgency"),
    "life_safety": mark("Danger to people"),
    "opt_out": mark("Wants no more texts"),
    "service": mark("Service"),
    "zip": mark("ZIP code"),
    "city": mark("City"),
    "state": mark("State"),
    "street_address": mark("Address"),
    "name": mark("Name"),
    "timeline": mark("Wants it"),
    "callback_time": mark("Wants a call"),
    "picture": mark("Picture"),
    "callback_number": mark("Number to call"),
    "callback_whose": mark("Whose number"),
    "lang": mark("Language"),
}
INTENTS = {
    "new_service": mark("new work"),
    "booking_request": mark("wants an appointment"),
    "price_question": mark("asks for a price"),
    "existing_customer": mark("about an existing job"),
    "reschedule": mark("wants to move an appointment"),
    "cancel_appointment": mark("wants to cancel an appointment"),
    "status_question": mark("asks how far a job is"),
    "complaint": mark("a complaint"),
    "call_me_back": mark("wants a call"),
    "human_request": mark("wants a person"),
    "opt_out": mark("wants no more texts"),
    "opt_in": mark("wants texts again"),
    "help": mark("asks who we are"),
    "wrong_number": mark("a wrong number"),
    "vendor_or_sales": mark("sells something"),
    "job_seeker": mark("looks for work"),
    "spam": mark("spam"),
    "thanks_ack": mark("thanks"),
    "yes": mark("yes"),
    "no": mark("no"),
    "photo_only": mark("a picture"),
    "unclear": mark("not understood"),
}
# `gateway.core.remote.commands.Outcome`, in the order in which the page offers them.
OUTCOMES = {
    "won": mark("Won"),
    "lost": mark("Lost"),
    "done": mark("Done"),
    "not_a_lead": mark("Not a lead"),
    "wrong": mark("Wrong number"),
    "spam": mark("Spam"),
    "booked": mark("Booked"),
}
OUTCOME_HELP = {
    "won": mark("the job is ours"),
    "lost": mark("somebody else has it, or nobody"),
    "done": mark("settled, and nothing was to be won"),
    "not_a_lead": mark("no customer"),
    "wrong": mark("they wanted somebody else"),
    "spam": mark("advertising, or a machine"),
}
FACT_TITLES = {
    "name": mark("Name"),
    "service": mark("Service"),
    "issue": mark("What it is about"),
    "street_address": mark("Address"),
    "city": mark("City"),
    "zip": mark("ZIP code"),
    "timeline": mark("Wants it"),
    "callback_time": mark("Wants a call"),
    "urgency": mark("Urgency"),
    "lane": mark("Lane"),
    "intent": mark("Meant as"),
    "life_safety": mark("Danger to people"),
    "opt_out": mark("Wants no more texts"),
}
# What the form of facts asks for beside service, urgency and lane: the field, and how a browser fills it in.
NEEDED = ("name", "street_address", "city", "zip", "timeline", "callback_time", "issue")
LANGUAGES = {"en": mark("English"), "es": mark("Spanish"), "mixed": mark("English and Spanish")}
# `gateway.core.policy.ContactKind`, as a sentence about the number.
MARKS = {
    "vendor": mark("Vendor: never texted by itself"),
    "staff": mark("One of your own people"),
    "customer": mark("Customer"),
    "vip": mark("VIP"),
    "blocked": mark("Blocked: gets no text from the box"),
    "no_autotext": mark("Gets no automatic texts"),
    "autoresponder": mark("Looks like a machine that answers by itself"),
    "landline": mark("A landline: gets no texts"),
    "opted_out": mark("Asked not to be texted: call instead"),
}


def words(raw: str) -> str:
    """The caller's words in one short line."""
    text = " ".join(wording.showable(raw, wording.BEGINNING_LENGTH).split())
    return text if len(text) <= WORDS_LENGTH else text[:WORDS_LENGTH].rstrip() + "…"


def lane(raw: str) -> str:
    """The lane in a word; "-" where there is none."""
    return _(LANES.get(raw, "-"))


def urgency(raw: str) -> str:
    """How soon a person has to know; "-" where there is no work."""
    return _(URGENCIES.get(raw, "-"))


def step(lead: LeadRow) -> str:
    """What is to be done next; that it is an emergency stands in front of it already."""
    answered = lead.standing is Standing.TALKING  # a person has, and it is the caller's turn
    if lead.taken_until is not None:
        left = _QUESTION.sub("", lead.next_step)
        return "the office is writing with them; " + (left.removeprefix("answer: ") if answered else left)
    if answered and lead.next_step.startswith("answer: "):
        return "a person has answered, and it is their turn; " + lead.next_step.removeprefix("answer: ")
    return lead.next_step.removeprefix("emergency: ")


def standing(lead: LeadRow) -> str:
    """What a lead wants of a person, in a word; how it ended where it has."""
    if lead.standing is Standing.DONE and lead.outcome:
        return outcome_words(lead.outcome)
    return _(STANDINGS[lead.standing])


def outcome_words(raw: str) -> str:
    """How a lead ended."""
    return _(OUTCOMES.get(raw, "")) or wording.sentence(raw.replace("_", " "))


def money(cents: int | None) -> str:
    """ "$450", "$1,200.50"; "" for nothing."""
    return "" if cents is None else f"${cents / 100:,.2f}".removesuffix(".00")


def emergency_state(emergency: Emergency) -> str:
    """Who has an emergency, as the end of its headline."""
    match emergency.state:
        case "acknowledged":
            return _("%(who)s has it") % {"who": wording.name(emergency.by)}
        case "exhausted":
            return _("everybody was told, and NOBODY has it")
        case "over":
            return _("settled")
        case _:
            return _("nobody has it yet")


def holder(lead: LeadRow) -> str:
    """Who has the lead at this moment."""
    if lead.claimed and lead.standing is not Standing.DONE:
        return wording.name(lead.assignee)
    if lead.taken_until is not None:
        return _("Office")
    if lead.standing is Standing.DONE:
        return _("Nobody")
    if lead.standing is Standing.TALKING and not lead.assignee and lead.stage == "talking":
        return _("The box")
    if lead.standing is Standing.EMERGENCY and lead.owner == "owner":  # who says that he has it is named
        return _("Nobody yet")
    usual = {"owner": mark("Owner"), "office": mark("Office"), "": mark("Office")}
    return _(usual[lead.owner]) if lead.owner in usual else wording.name(lead.owner)


def waited(since: datetime, now: datetime) -> str:
    """How long ago something was: "2 min", "3 h", "4 days"."""
    minutes = max(0, int((now - since).total_seconds())) // 60
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def replies(story: LeadStory, me: str) -> list[Reply]:
    """Texts that are written often, in the caller's language where they are known in it, with who writes in them."""
    spanish = story.lead.language == "es"
    return [
        replace(reply, text=(reply.text_es if spanish and reply.text_es else reply.text).replace("{me}", me))
        for reply in story.replies
    ]


def person(by: str) -> str:
    """Who did something, as people read it."""
    return wording.name(person_of(by))


def fact_title(name: str) -> str:
    """What a fact is called."""
    return _(FACT_TITLES.get(name, "")) or wording.sentence(name.replace("_", " "))


def fact_value(value: str, name: str, services: tuple[tuple[str, str], ...] = ()) -> str:
    """A fact, or a label of a text, as people read it."""
    match name:
        case "service":
            return wording.name(dict(services).get(value, value.replace("_", " ")))
        case "urgency":
            return urgency(value) if value in URGENCIES else _("No hurry")
        case "lane":
            return lane(value)
        case "intent":
            return _(INTENTS.get(value, "")) or wording.name(value.replace("_", " "))
        case "life_safety" | "opt_out":
            return _("yes") if value else _("no")
        case _:
            return wording.name(value)


def shown(raw: str) -> str:
    """What stands in a field of a form."""
    return wording.showable(raw, FIELD_LENGTH)


def told(note: str) -> str:
    """A line of the history, without how the records call people."""
    return wording.sentence(sentences.say(historywords.plain(note.replace("page:", ""))))


def speaker(said: Said) -> str:
    """Who wrote a text of the conversation, and what for."""
    if said.text.direction == "in":
        return _("They wrote")
    return _(PURPOSES.get(said.text.purpose, "")) or wording.sentence(
        said.text.purpose.replace("_", " ") or _("We wrote")
    )


def labels(said: Said) -> list[tuple[str, str]]:
    """What was understood of a text, in the order of `LABELS`; what says nothing is left out."""
    found = dict(said.understood.labels) if said.understood else {}
    tables = {"intent": INTENTS, "urgency": URGENCIES, "lang": LANGUAGES}
    return [
        (
            _(title),
            wording.number(found[name])
            if name == "callback_number"
            else wording.name(_(tables.get(name, {}).get(found[name], "")) or found[name].replace("_", " ")),
        )
        for name, title in LABELS.items()
        if name in found and (name, found[name]) not in (("urgency", "none"), ("lang", "en"))
    ]


def because(said: Said) -> list[str]:
    """The reasons, a sentence each."""
    return (
        [wording.full_sentence(sentences.say(reason)) for reason in said.understood.because] if said.understood else []
    )


def facts(lead: LeadRow) -> list[tuple[str, str]]:
    """What the caller has said, answers to the business's own questions included."""
    usual = [
        (_("Name"), lead.name),
        (_("Number"), wording.number(lead.peer)),
        (_("Number to call"), other_number(lead)),
        (_("Service"), lead.service),
        (_("Place"), lead.place),
        (_("Wants it"), sentences.wish(lead.timeline)),
        (_("Wants a call"), sentences.wish(lead.callback_time)),
        (_("Pictures"), pictures(lead.pictures)),
    ]
    return [(wording.name(label), wording.sentence(value)) for label, value in (*usual, *lead.answers) if value]


def pictures(count: int) -> str:
    """How often somebody meant to send a picture; "" for never."""
    if not count:
        return ""
    one = "meant to send one; this box cannot receive them"
    return ngettext(one, "meant to send some, %(n)d times; this box cannot receive them", count) % {"n": count}


def other_number(lead: LeadRow) -> str:
    """Another number that they want to be called under, and whose it is; "" where there is none."""
    if not lead.callback_number:
        return ""
    whose = f" ({lead.callback_whose})" if lead.callback_whose else ""
    return f"{wording.number(lead.callback_number)}{whose}"


def contact_mark(kind: str) -> str:
    """What is noted of a number."""
    return _(MARKS.get(kind, "")) or wording.sentence(kind.replace("_", " "))


def away(until: str) -> str:
    """That somebody is away; `until` "": until he is back."""
    return _("away until %(at)s") % {"at": until} if until else _("away")
