"""The business's own questions."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.core.conversation.lead import Fact
from gateway.core.conversation.office import OwnQuestion, Service
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.settings import kinds
from gateway.settings.options import Option, Place, Reading, Section, mapping, taken
from gateway.settings.problems import shown, suggestion
from gateway.settings.yamlnodes import Entry, Mapping, Scalar

Q_ASK = Option(
    "ask", kinds.word("the question"), "", "The question.", example='"Is it a house or an apartment?"', required=True
)
Q_ASK_ES = Option(
    "ask_es", kinds.word("the question in Spanish"), "", "The same in Spanish.", example='"¿Es casa o apartamento?"'
)
Q_LABEL = Option(
    "label",
    kinds.word("a word or two"),
    "",
    "What the answer is called on the page and in exports.",
    example="Type of home",
)
Q_SERVICES: Option[tuple[str, ...]] = Option(
    "services",
    kinds.each(kinds.name, "a list of services from your menu"),
    (),
    "Only asked for these services; for all when left out.",
    "[]",
    "[maintenance]",
)
QUESTION: Section = Section(
    "questions",
    "Questions of your own. Each is asked once, when all the usual things are known, in this order: in the lanes that name it"
    " (ask_to_book, ask_for_message, ask_in_emergency above); in no emergency when none does.",
    (Q_ASK, Q_ASK_ES, Q_LABEL, Q_SERVICES),
)


def read_questions(named: Iterator[tuple[Entry, Place]], menu: dict[str, Service]) -> Iterator[OwnQuestion]:
    """The business's own questions, asked in every lane; `conversation.read_asked` says in which."""
    for entry, place in named:
        node = entry.node
        if entry.key in set(Fact) or f"ask_{entry.key}" in CONVERSATION_TEXTS:
            place.say(entry.line, f"{shown(entry.key)} is a name of the box's own", "choose another name")
            continue
        if isinstance(node, Scalar) and not node.empty:
            node = Mapping((Entry(Q_ASK.name, node, node.line),), entry.line)
        options = taken(lambda inner, _: mapping(inner, "'ask: \"your question\"'"), node, place, None)
        if options is None:
            continue
        question = Reading(QUESTION, options, place, entry.line)
        services = question.get(Q_SERVICES)
        for service in services:
            if service not in menu:
                what = f"{shown(service)} is not on your menu"
                place.at(Q_SERVICES.name).say(question.line_of(Q_SERVICES), what, suggestion(service, sorted(menu)))
        label = question.get(Q_LABEL) or entry.key.replace("_", " ").capitalize()
        yield OwnQuestion(entry.key, question.get(Q_ASK), question.get(Q_ASK_ES), label, frozenset(services))
