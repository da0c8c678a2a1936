"""The services a business does: the menu of its trade, changed and added to, or a menu of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from gateway.core.conversation.office import Service
from gateway.core.understanding.folded import fold
from gateway.settings import kinds
from gateway.settings.options import AS_IN_TRADE, Option, Place, Reading, Section, mapping, taken
from gateway.settings.problems import nearest, shown
from gateway.settings.trades import TradePack, term
from gateway.settings.yamlnodes import Entry, Items, Mapping, Node, Scalar

_TERMS = kinds.each(term, "a list such as [pool heater, spa + heat*]")
S_LABEL = Option("label", kinds.word("the words callers read"), "", "The words callers read.", example="Pool heaters")
S_LABEL_ES = Option(
    "label_es",
    kinds.word("the words that Spanish-speaking callers read"),
    "",
    "The same in Spanish.",
    example="Calentadores de piscina",
)
S_BOOKABLE = Option(
    "bookable",
    kinds.switch,
    False,
    "yes: the box may ask for a day; the office then has an appointment to confirm. no: a person looks at it first.",
    "no",
    "yes",
)
S_ESCALATES: Option[bool | None] = Option(
    "urgent_escalates",
    kinds.switch,
    None,
    "yes: the owner is told at once when such a job is urgent, such as somebody locked out. no: only in an emergency; an"
    " urgent job heads the office's list.",
    AS_IN_TRADE,
    "no",
)
S_WORDS: Option[tuple[str, ...]] = Option(
    "words",
    _TERMS,
    (),
    'Further words by which customers name it. "heat*" is any word that begins so; "spa + cold" are words near each other.',
    "[]",
    "[pool heater, spa + heat*]",
)
S_PALABRAS: Option[tuple[str, ...]] = Option(
    "palabras", _TERMS, (), "The same in Spanish.", "[]", "[piscina, alberca + calent*]"
)
S_OFF = Option("off", kinds.switch, False, "yes: you do not do this, although your trade does.", "no")
SERVICE: Section = Section(
    "services",
    "The work you do; the menu of your trade when left out (`textback check` prints it). What you name here changes it or adds"
    " to it: 'thermostat: {bookable: yes}', 'pool_heater: Pool heaters', 'water_heater: {off: yes}'. A list instead is your"
    " whole menu: [heating_repair, maintenance, {pool_heater: Pool heaters}].",
    (S_LABEL, S_LABEL_ES, S_BOOKABLE, S_ESCALATES, S_WORDS, S_PALABRAS, S_OFF),
)
SHORT = 3  # letters: "ac" stands alone, or every "accident" would be one
LIKE_ANOTHER = 0.85  # so alike, a new name is rather a misspelt one ("heating_reapir")


def of_pack(pack: TradePack) -> dict[str, Service]:
    """The menu of a trade as it comes: nothing is bookable before the business says so."""
    return {
        key: Service(
            key,
            label,
            pack.labels_es.get(key, ""),
            urgent_escalates=key in pack.urgent_escalates,
            words=pack.words[key],
        )
        for key, label in pack.labels.items()
    }


def read_menu(node: Node | None, place: Place, pack: TradePack) -> dict[str, Service]:
    """The menu of the business: `node` is what stands under `services:`, None when nothing does."""
    known = of_pack(pack)
    if node is None or (isinstance(node, Scalar) and node.empty):
        return known
    menu = {} if isinstance(node, Items) else dict(known)
    for entry in _entries(node, place, known):
        if not kinds.is_name(entry.key):
            remedy = "use small letters, digits and _, beginning with a letter"
            place.say(entry.line, f"{shown(entry.key)} cannot be the name of a service", remedy)
            continue
        if isinstance(node, Items) and entry.key in menu:
            place.say(entry.line, f"{shown(entry.key)} is given a second time", "keep one of the two")
        service = _service(entry, place.at(entry.key), known, pack.trade)
        if service is None:
            menu.pop(entry.key, None)
        else:
            menu[entry.key] = service
    if not menu and not place.problems:
        place.doubt(node.line, "no service is left", "name the work you do, or remove the section")
    return menu


def _entries(node: Node, place: Place, known: dict[str, Service]) -> Iterator[Entry]:
    """The services named, in either shape, as entries of a mapping."""
    if not isinstance(node, Items):
        yield from taken(
            lambda inner, _: mapping(inner, "a line for each service"), node, place, Mapping((), 1)
        ).entries
        return
    for item in node.nodes:
        if isinstance(item, Mapping):
            yield from item.entries
        elif isinstance(item, Scalar) and item.text in known:
            yield Entry(item.text, Scalar("", item.line), item.line)
        else:
            written = item.text if isinstance(item, Scalar) else "a list"
            meant = nearest(written, sorted(known))
            remedy = f"did you mean '{meant}'?" if meant else "write '- new_name: The words callers read'"
            place.say(item.line, f"{shown(written)} is not on the menu of your trade", remedy)


def _service(entry: Entry, place: Place, known: dict[str, Service], trade: str) -> Service | None:
    """One service as the file has it; None for one that is switched off or cannot be used."""
    there = known.get(entry.key)
    node = entry.node
    if isinstance(node, Scalar):
        written = () if node.empty else (Entry(S_LABEL.name, node, node.line),)
        node = Mapping(written, entry.line)
    options = taken(lambda inner, _: mapping(inner, "its label, or its options"), node, place, None)
    if options is None:
        return there
    reading = Reading(SERVICE, options, place, entry.line)
    if reading.get(S_OFF):
        if there is None:
            place.doubt(entry.line, "is not on the menu of your trade anyway", "remove it")
        return None
    label, label_es = reading.get(S_LABEL), reading.get(S_LABEL_ES)
    own = reading.get(S_WORDS) + reading.get(S_PALABRAS)
    if there is None and not label:
        meant = nearest(entry.key, sorted(known))
        remedy = f"did you mean '{meant}'?" if meant else "write 'label:' with the words callers read"
        place.say(entry.line, f"is not on the menu of {trade}, and has no label", remedy)
        return None
    if there is None:
        if alike := get_close_matches(entry.key, list(known), n=1, cutoff=LIKE_ANOTHER):
            remedy = f"write '{alike[0]}' if you mean that one"
            place.doubt(entry.line, f"is a service of its own beside '{alike[0]}'", remedy)
        if not own:
            remedy = "write 'words:' with what your customers call it"
            place.doubt(entry.line, "is known by the words of its label only", remedy)
        there = Service(entry.key, label)
    escalates = reading.get(S_ESCALATES)
    named = [written for written, so_far in ((label, there.label), (label_es, there.label_es)) if written != so_far]
    if entry.key not in known:
        named = [label, label_es]
    further = (*own, *(found for words in named for found in label_terms(words)))
    return replace(
        there,
        label=label or there.label,
        label_es=label_es or there.label_es,
        bookable=reading.get(S_BOOKABLE),
        urgent_escalates=there.urgent_escalates if escalates is None else escalates,
        words=(*there.words, *(word for word in dict.fromkeys(further) if word not in there.words)),
        own_words=own,
    )


_SEPARATORS = re.compile(r",|;|/|&|\b(?:or|and|o|y|u|e)\b")
# Words of labels that tell nothing of which service is meant.
_GENERAL = frozenset(
    (
        *(
            "a",
            "an",
            "the",
            "of",
            "for",
            "in",
            "your",
            "new",
            "other",
            "small",
            "repair",
            "repairs",
            "service",
            "services",
        ),
        *(
            "install",
            "installation",
            "replacement",
            "problem",
            "problems",
            "work",
            "job",
            "jobs",
            "help",
            "estimate",
            "quote",
        ),
        *(
            "de",
            "del",
            "la",
            "el",
            "los",
            "las",
            "para",
            "en",
            "nuevo",
            "nueva",
            "reparacion",
            "servicio",
            "instalacion",
        ),
    )
)


def label_terms(label: str) -> tuple[str, ...]:
    """The words by which a label itself is found in a text: "Pool and spa heaters" by "pool*" and by "spa* + heater*"."""
    terms: list[str] = []
    for part in _SEPARATORS.split(fold(label).plain):
        words = [word for word in re.findall(r"[a-z0-9]+", part.replace("'", "")) if word not in _GENERAL]
        if words:
            terms.append(" + ".join(f"{word.removesuffix('s')}*" if len(word) > SHORT else word for word in words))
    return tuple(terms)
