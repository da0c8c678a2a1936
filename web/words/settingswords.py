"""The words of the settings: what options are called, and what may be chosen. They come from the core in English."""

from __future__ import annotations

import re
from functools import lru_cache

from gateway.core.sheets import Row
from web import language
from web.language import mark
from web.words import sentences, wording

_NAMED = re.compile(r"`([^`]*)`")
LONGEST_ROW = 60  # characters of a row's own words


def choice(word: str) -> str:
    """A word that may be chosen, as people read it: "no_answer" -> "no answer"."""
    return word.replace("_", " ")


def option_help(words: str) -> str:
    """What the file says of an option, as people read it: names of commands and options in quotes, in the language of the page."""
    english = _NAMED.sub(r"“\1”", " ".join(words.split()))
    return english if language.spoken() == language.DEFAULT else options_said().get(english, english)


def complaint(words: str) -> str:
    """What is wrong with a setting, or what to do about it, as a whole sentence in the language of the page."""
    said = words if language.spoken() == language.DEFAULT else complaint_said(words) or words
    return wording.full_sentence(said)


@lru_cache(maxsize=1)
def options_said() -> dict[str, str]:
    """What is said of each option in Spanish, by its English."""
    return dict(sentences.read("options.es.txt"))


@lru_cache(maxsize=1)
def complaints() -> sentences.Book:
    """What may be wrong with the settings, in Spanish."""
    return sentences.Book(sentences.read("settings.es.txt"))


@lru_cache(maxsize=1024)
def complaint_said(words: str) -> str | None:
    """The same in Spanish; None where nobody knows it."""
    return complaints().say(words)


def row_words(row: Row) -> str:
    """What a row without a name is called: the words in it."""
    words = [field.value or ", ".join(field.values) for field in row.fields if field.kind not in ("section", "rows")]
    return " · ".join(word for word in words if word)[:LONGEST_ROW] or "…"


# What the core says of the settings, for translation (tests/web/test_web_settings.py holds it complete).
SHEETS = (
    mark("Opening hours"),
    mark("When you are open, closed days, half days, and the quiet hours of the night."),
    mark("Storm mode"),
    mark("Times of very many calls, in which callers get another first text."),
    mark("Texts"),
    mark("The words of the texts that callers get."),
    mark("Texts that you write often"),
    mark("Offered where somebody writes to a customer."),
    mark("People and on call"),
    mark("Who is told of an emergency, and who is on call when."),
    mark("Emergencies"),
    mark("When somebody is there for an emergency, who is told in which order, and what callers are told otherwise."),
    mark("Services"),
    mark("The work you do, and what may be booked."),
    mark("Service area"),
    mark("Where you work."),
    mark("Questions"),
    mark("What the box asks, and in which languages."),
    mark("Notifications"),
    mark("What you are told of by text, at once or once a day."),
    mark("Leads and call-backs"),
    mark("Whose a lead is, by when it is answered, and who calls back."),
    mark("What the box may do"),
    mark("How far it goes by itself, for each kind of work."),
    mark("When callers are texted"),
    mark("Which missed calls are texted, how soon, and at most how many."),
    mark("The business"),
    mark("Who you are, and your telephones."),
)
LABELS = (
    mark("A turn lasts"),
    mark("Allowed countries"),
    mark("Also at night"),
    mark("Always notify owner"),
    mark("Answer after hours"),
    mark("Answer booking"),
    mark("Answer message"),
    mark("Answer urgent"),
    mark("Answers per hour"),
    mark("Answers texts"),
    mark("Area"),
    mark("Area code"),
    mark("Around"),
    mark("Ask"),
    mark("Ask (Spanish)"),
    mark("Ask for message"),
    mark("Ask in emergency"),
    mark("Ask to book"),
    mark("Authority"),
    mark("Begins"),
    mark("Book"),
    mark("Bookable"),
    mark("Business"),
    mark("Call again"),
    mark("Call back"),
    mark("Cities"),
    mark("Complaint"),
    mark("Conversation"),
    mark("Conversation open"),
    mark("Cooldown"),
    mark("Counties"),
    mark("Country"),
    mark("Covered"),
    mark("Date"),
    mark("Dates on which it is different"),
    mark("Days"),
    mark("Digest at"),
    mark("Digest days"),
    mark("Duplicate window"),
    mark("Emergencies"),
    mark("Ends"),
    mark("Extensions"),
    mark("First texts to missed callers"),
    mark("Follow up"),
    mark("Friday"),
    mark("From when to when"),
    mark("Half days"),
    mark("Hand-over at"),
    mark("Held texts leave at"),
    mark("Holidays"),
    mark("Holidays and closed days"),
    mark("Hours"),
    mark("How often"),
    mark("Human takeover"),
    mark("Instead"),
    mark("Instead (Spanish)"),
    mark("It gets quiet at"),
    mark("It is over at"),
    mark("Label"),
    mark("Label (Spanish)"),
    mark("Language"),
    mark("Language of texts to the owner"),
    mark("Languages"),
    mark("Leads"),
    mark("Lines"),
    mark("Look again"),
    mark("Max age"),
    mark("Message"),
    mark("Miles"),
    mark("Min abandoned"),
    mark("Min ring"),
    mark("Min ring closed"),
    mark("Min ring modem"),
    mark("Missed call"),
    mark("Missed means"),
    mark("Monday"),
    mark("Most texts"),
    mark("Name"),
    mark("New lead"),
    mark("Nicknames"),
    mark("No cooling: degrees or more"),
    mark("No heat: degrees or less"),
    mark("Not done here"),
    mark("Notice"),
    mark("Notifications"),
    mark("Number"),
    mark("On call"),
    mark("One after the other"),
    mark("Open"),
    mark("Opt out"),
    mark("Overdue lead"),
    mark("Owner's cell phone"),
    mark("Owner's name"),
    mark("Owner's phone rings in an emergency"),
    mark("PIN for commands by text"),
    mark("People"),
    mark("Per day"),
    mark("Per hour"),
    mark("Per minute"),
    mark("Phone"),
    mark("Phone rings in an emergency"),
    mark("Phone trouble"),
    mark("Pictures"),
    mark("Questions"),
    mark("Quiet hours"),
    mark("Quiet hours of the night"),
    mark("Radius"),
    mark("Rate limit"),
    mark("Records trouble"),
    mark("Remote"),
    mark("Repeat caller"),
    mark("Repeat calls"),
    mark("Repeat within"),
    mark("Replies"),
    mark("Response time that texts may name"),
    mark("Rota"),
    mark("Rotation"),
    mark("Saturday"),
    mark("Services"),
    mark("Settle"),
    mark("Staff"),
    mark("Storm mode"),
    mark("Sunday"),
    mark("Tell next"),
    mark("Templates"),
    mark("Text"),
    mark("Text (Spanish)"),
    mark("Text back"),
    mark("Text trouble"),
    mark("Text when"),
    mark("Texting"),
    mark("Texting trouble"),
    mark("Texts"),
    mark("The first turn began on"),
    mark("Thursday"),
    mark("Timezone"),
    mark("Told when it is late"),
    mark("Trade"),
    mark("Tries"),
    mark("Tuesday"),
    mark("Urgent escalates"),
    mark("Urgent lead"),
    mark("Validity"),
    mark("Wait"),
    mark("Waiting each time"),
    mark("Wednesday"),
    mark("Weekly shifts"),
    mark("When"),
    mark("When you are closed"),
    mark("When you are open"),
    mark("Who"),
    mark("Who is told"),
    mark("Who takes turns"),
    mark("Whose a new lead is"),
    mark("Whose they are"),
    mark("Words"),
    mark("Words (Spanish)"),
    mark("ZIP codes"),
)
CHOICES = (
    mark("always"),
    mark("as in your trade"),
    mark("ask"),
    mark("busy"),
    mark("cleaning"),
    mark("closed"),
    mark("complaint"),
    mark("day"),
    mark("defer"),
    mark("digest"),
    mark("electrical"),
    mark("en"),
    mark("es"),
    mark("fri"),
    mark("garage door"),
    mark("general"),
    mark("hvac"),
    mark("instant"),
    mark("ivr abandon"),
    mark("locksmith"),
    mark("missed call"),
    mark("mon"),
    mark("never"),
    mark("new lead"),
    mark("no"),
    mark("no answer"),
    mark("none"),
    mark("off"),
    mark("offer"),
    mark("open"),
    mark("opener"),
    mark("opt out"),
    mark("overdue lead"),
    mark("painting"),
    mark("phone trouble"),
    mark("plumbing"),
    mark("queue abandon"),
    mark("rate limit"),
    mark("records trouble"),
    mark("repeat caller"),
    mark("request"),
    mark("roofing"),
    mark("sat"),
    mark("send"),
    mark("sun"),
    mark("text trouble"),
    mark("texting trouble"),
    mark("thu"),
    mark("tue"),
    mark("urgent lead"),
    mark("voicemail"),
    mark("watch"),
    mark("wed"),
    mark("week"),
    mark("yes"),
)
