"""Texts that people of the office write often."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.core.business import Business
from gateway.core.desk.replies import ReplyText
from gateway.core.lint import Severity, lint
from gateway.settings import kinds
from gateway.settings.options import Option, Place, Reading, Section, mapping, taken
from gateway.settings.yamlnodes import Entry, Mapping, Scalar

SEGMENTS = 3  # a person may write more, but what is written often costs each time
R_TEXT = Option(
    "text",
    kinds.word("the text"),
    "",
    "The text. {name} is the caller's first name, {me} who writes, {business} you, {service} what it is about, {appointment} the"
    " appointment.",
    example='"Hi {name}, this is {me} from {business}. Our technician is on the way."',
    required=True,
)
R_TEXT_ES = Option(
    "text_es",
    kinds.word("the text in Spanish"),
    "",
    "The same in Spanish.",
    example='"Hola {name}, soy {me} de {business}. Nuestro tecnico va en camino."',
)
R_LABEL = Option("label", kinds.word("a few words"), "", "What the page calls it.", example="On the way")
REPLY: Section = Section(
    "replies",
    "Texts that you write often, for the page. With none here the page offers some of ours.",
    (R_TEXT, R_TEXT_ES, R_LABEL),
)


def read_replies(named: Iterator[tuple[Entry, Place]]) -> tuple[ReplyText, ...]:
    """The business's own texts, in their order."""
    found = []
    for entry, place in named:
        node = entry.node
        if isinstance(node, Scalar) and not node.empty:
            node = Mapping((Entry(R_TEXT.name, node, node.line),), entry.line)
        options = taken(lambda inner, _: mapping(inner, "'text: \"your words\"'"), node, place, None)
        if options is None:
            continue
        reply = Reading(REPLY, options, place, entry.line)
        label = reply.get(R_LABEL) or entry.key.replace("_", " ").capitalize()
        found.append(ReplyText(entry.key, label, reply.get(R_TEXT), reply.get(R_TEXT_ES)))
    return tuple(found)


def judge_replies(business: Business, place: Place) -> None:
    """Say what is wrong with the texts."""
    for reply in business.replies:
        for option, text in ((R_TEXT.name, reply.text), (R_TEXT_ES.name, reply.text_es)):
            path = f"replies.{reply.key}.{option}"
            for finding in lint(text, business.name, "en", SEGMENTS, "reply") if text else ():
                what = f"{path}: {finding.say}" + (f" ({finding.where!r})" if finding.where else "")
                say = place.say if finding.severity is Severity.ERROR else place.doubt
                say(place.line_of(path), what, finding.remedy)
