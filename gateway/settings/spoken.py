"""What the box can say in a conversation in the business's own words, under the rules of honest wording."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.core.alphabet import transliterate
from gateway.core.business import Business
from gateway.core.conversation.office import Cover, Emergencies, OwnQuestion
from gateway.core.conversation.phrases import BEGINNINGS, CONVERSATION_TEXTS
from gateway.core.lint import Finding, Severity, lint
from gateway.settings.options import Place

LONGEST_LABEL = 50  # characters: with place and time beside it a text is full (`requested` in the phrases)
_TWO_SEGMENTS = frozenset({"out_of_area", "who_we_are", "not_covered"})  # these carry a place, a number or an advice


SAID_OF_THE_BOOKED = frozenset(
    {"booked", "booked_stays", "booked_stands", "book_requested", "book_cancelled", "booked_off"}
)


def question_templates(questions: Sequence[OwnQuestion]) -> dict[str, str]:
    """The business's questions as templates: `ask_` and the question's name, `_es` behind it for Spanish.

    In an emergency the first question goes with the truth about the alert: `alert_sent_ask_...`.
    """
    languages = (("", "en"), ("_es", "es"))
    plain = {f"ask_{one.key}{ending}": one.words(language) for one in questions for ending, language in languages}
    told = dict(zip(("", "_es"), BEGINNINGS["alert_sent_"], strict=True))
    in_emergency = {
        f"alert_sent_ask_{one.key}{ending}": told[ending] + one.words(language)
        for one in questions
        for ending, language in languages
    }
    return plain | in_emergency


def judged(name: str, text: str, business_name: str) -> list[Finding]:
    """What is wrong with a text that stands for one of the product's own in conversations."""
    language = "es" if name.endswith("_es") else "en"
    segments = 2 if name.removesuffix("_es") in _TWO_SEGMENTS else 1
    return lint(text, business_name, language, segments, _purpose(name))


def _purpose(name: str) -> str:
    if name.startswith("safety_"):
        return "safety"  # "do not wait for us" is no hype there
    if name.removesuffix("_es") in SAID_OF_THE_BOOKED:
        return "booked"
    asks = ("ask_", "price_ask_", "when_ask_", "pictures_ask_", "held_ask_", "book_sure")
    return "question" if name.startswith(asks) else "answer"


def judge_conversation(business: Business, place: Place) -> None:
    """Say what is wrong with the questions, labels and advice of the configuration, and what lacks a language."""
    rules = business.conversation
    spanish = "es" in rules.languages
    for question in rules.questions:
        path = f"questions.{question.key}"
        for option, text in (("ask", question.ask), ("ask_es", question.ask_es)):
            if text:
                _say(f"{path}.{option}", judged(f"ask_{question.key}", text, business.name), place)
        if spanish and not question.ask_es:
            what = "people who write Spanish are asked in English"
            _doubt(place, path, what, "write 'ask_es:', or leave es out of the languages")
    for service in rules.services.values():
        path = f"services.{service.key}"
        for option, text in (("label", service.label), ("label_es", service.label_es)):
            if f"{path}.{option}" not in place.lines:
                continue  # the trade's own
            for finding in lint(transliterate(text), business.name, purpose="answer"):
                _doubt(place, f"{path}.{option}", f"{finding.say} ({finding.where or text!r})", finding.remedy)
            if len(text) > LONGEST_LABEL:
                _doubt(place, f"{path}.{option}", "is long for a text", f"write at most {LONGEST_LABEL} characters")
        if spanish and not service.label_es:
            _doubt(place, path, f"people who write Spanish read {service.label!r}", "write 'label_es:'")
    if rules.pictures:
        found = [
            finding
            for ending in ("", "_es")
            for finding in judged(
                f"no_pictures{ending}",
                CONVERSATION_TEXTS[f"no_pictures_but{ending}"].replace("{pictures}", rules.pictures),
                business.name,
            )
        ]
        _say("conversation.pictures", list(dict.fromkeys(found)), place)
    if link := rules.booking.link:
        texts = (CONVERSATION_TEXTS[f"ask_time_link{ending}"].replace("{link}", link) for ending in ("", "_es"))
        doubts = [finding for text in texts for finding in judged("ask_time", text, business.name)]
        _say("booking.link", list(dict.fromkeys(doubts)), place)
    emergencies = rules.emergencies
    for name, text in (("instead", emergencies.instead), ("instead_es", emergencies.instead_es)):
        if text:
            whole = CONVERSATION_TEXTS["not_covered"].replace("{instead}", text)
            _say(f"emergencies.{name}", judged("not_covered", whole, business.name), place)
    if not emergencies.always_covered and not emergencies.instead:
        what = "a caller with an emergency learns only that nobody is on call"
        _doubt(place, _uncovered(emergencies), what, "write 'instead:' with what the caller should do")
    elif emergencies.instead and spanish and not emergencies.instead_es:
        _doubt(place, "emergencies.instead", "people who write Spanish read it in English", "write 'instead_es:'")
    for line in business.lines:
        if line.text_back and line.language not in rules.languages:
            what = f"this line's first text is in a language ({line.language}) in which the box does not answer"
            _doubt(place, f"lines.{line.name}.language", what, "add it to the languages under 'conversation:'")


def _uncovered(emergencies: Emergencies) -> str:
    """The option by which there are emergencies for which nobody is on call."""
    if emergencies.covered is not Cover.ALWAYS:
        return "emergencies.covered"
    return "emergencies.services" if emergencies.holidays else "emergencies.holidays"


def _say(path: str, findings: Sequence[Finding], place: Place) -> None:
    for finding in findings:
        what = finding.say + (f" ({finding.where!r})" if finding.where else "")
        if finding.severity is Severity.ERROR:
            place.say(place.line_of(path), f"{path}: {what}", finding.remedy)
        else:
            _doubt(place, path, what, finding.remedy)


def _doubt(place: Place, path: str, what: str, remedy: str) -> None:
    place.doubt(place.line_of(path), f"{path}: {what}", remedy)
