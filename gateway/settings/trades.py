"""Trade packs: a trade's menu with the words customers use, what it asks, and what is an emergency in it.

Those of the product are in `config/trades`; a folder `trades` beside the configuration may hold more of them. A pack that
has the name of one of the product's takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path

from gateway.core.conversation.lead import Fact
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.understanding.degrees import Thresholds
from gateway.core.understanding.vocabulary import Vocabulary
from gateway.files import TRADE_PACKS
from gateway.settings import kinds
from gateway.settings.options import (
    Option,
    Place,
    Reading,
    RefusedError,
    Section,
    Shape,
    entries,
    mapping,
    report_unknown,
    scalar,
    shaped,
    taken,
)
from gateway.settings.problems import Problem, SettingsError, shown, suggestion
from gateway.settings.spoken import judged
from gateway.settings.yamlnodes import Entry, Mapping, Node, Scalar, read_nodes

TOP = ("services", "ask", "emergencies", "safety")
_NOTHING: tuple[Entry, ...] = ()
OWN_PACKS = "trades"  # the folder beside the configuration

# What is asked in each lane, in this order, when neither the trade nor the business says otherwise.
TO_BOOK = (Fact.SERVICE, Fact.PLACE, Fact.NAME, Fact.TIME)
FOR_A_MESSAGE = (Fact.SERVICE, Fact.PLACE, Fact.NAME)
IN_EMERGENCY = (Fact.ADDRESS,)
COLD_F = Thresholds().cold_f


def term(node: Node, place: Place) -> str:  # noqa: ARG001
    """A word or phrase by which a text is understood, as `gateway.core.understanding.vocabulary` writes them."""
    text = " ".join(scalar(node, "a word or a phrase").split())
    if not text or not all(any(char.isalnum() for char in part) for part in text.split(" + ")):
        raise RefusedError(f"{shown(text)} is no word", "write a word of letters or digits")
    return text


shaped(term, Shape("name"))
_TERMS = kinds.each(term, "a list such as [one, two, three]")
V_LABEL = Option("label", kinds.word("the words callers read"), "", "The words callers read.", required=True)
V_LABEL_ES = Option("label_es", kinds.word("the Spanish words"), "", "The same in Spanish.")
V_WORDS: Option[tuple[str, ...]] = Option("words", _TERMS, (), "Words by which customers name it.", "[]")
V_PALABRAS: Option[tuple[str, ...]] = Option("palabras", _TERMS, (), "The same in Spanish.", "[]")
V_ALARM = Option("urgent_escalates", kinds.switch, False, "Whether the owner is told at once when it is urgent.", "no")
PACK_SERVICE: Section = Section("services", "The menu.", (V_LABEL, V_LABEL_ES, V_WORDS, V_PALABRAS, V_ALARM))

_FACTS = kinds.each(kinds.choice(Fact), f"a list of {', '.join(Fact)}")
K_BOOK: Option[tuple[Fact, ...]] = Option("book", _FACTS, TO_BOOK, "For an appointment.")
K_MESSAGE: Option[tuple[Fact, ...]] = Option("message", _FACTS, FOR_A_MESSAGE, "For a person who has to look first.")
K_EMERGENCY: Option[tuple[Fact, ...]] = Option("emergency", _FACTS, IN_EMERGENCY, "In an emergency.")
ASK: Section = Section("ask", "What is asked, in this order.", (K_BOOK, K_MESSAGE, K_EMERGENCY))
K_COLD = Option(
    "cold_f", kinds.whole(20, 75), COLD_F, "Without heat at this many degrees indoors or less.", str(COLD_F)
)
K_HOT: Option[int | None] = Option(
    "hot_f", kinds.optional(kinds.whole(75, 120)), None, "Without cooling at this many degrees or more.", "none"
)
DEGREES: Section = Section("emergencies", "When a home without heat or cooling is an emergency.", (K_COLD, K_HOT))


@dataclass(frozen=True, slots=True)
class TradePack:
    """One trade: its menu by key, what is asked in which order, its thresholds, and safety texts of its own."""

    trade: str
    labels: Table[str, str] = field(default_factory=dict)
    labels_es: Table[str, str] = field(default_factory=dict)
    words: Table[str, tuple[str, ...]] = field(default_factory=dict)
    urgent_escalates: frozenset[str] = frozenset()
    ask_to_book: tuple[Fact, ...] = TO_BOOK
    ask_for_message: tuple[Fact, ...] = FOR_A_MESSAGE
    ask_in_emergency: tuple[Fact, ...] = IN_EMERGENCY
    cold_f: int = COLD_F
    hot_f: int | None = None
    safety: Table[str, str] = field(default_factory=dict)  # template name -> words

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the menu, compiled anew at every call."""
        return Vocabulary.of(self.words)


def pack_files(folder: Path | None = None) -> dict[str, Path]:
    """The trades there are packs for: those of the product, and those in the folder `trades` beside a configuration."""
    folders = (TRADE_PACKS,) if folder is None else (TRADE_PACKS, folder / OWN_PACKS)
    return {path.stem: path for place in folders for path in sorted(place.glob("*.yaml")) if kinds.is_name(path.stem)}


def load_trades(folder: Path | None = None) -> dict[str, TradePack]:
    """Every trade pack, those beside a configuration in `folder` included. Raises SettingsError with every problem."""
    packs: dict[str, TradePack] = {}
    problems: list[Problem] = []
    for trade, path in pack_files(folder).items():
        packs[trade], found = load_pack(trade, path)
        problems += found
    if problems:
        raise SettingsError(problems)
    return packs


def load_pack(trade: str, path: Path) -> tuple[TradePack, list[Problem]]:
    """One trade pack of a file, and what is wrong with it. Never raises."""
    try:
        return read_pack(path.read_bytes(), trade, str(path))
    except SettingsError as error:
        return TradePack(trade), error.problems
    except OSError as error:
        reason = error.strerror or "an error of the disk"
        remedy = "correct the file's permissions"
        return TradePack(trade), [Problem(str(path), 1, f"the file cannot be read ({reason})", remedy)]


def read_pack(data: bytes | str, trade: str, file: str) -> tuple[TradePack, list[Problem]]:
    """One trade pack, and what is wrong with it. Raises SettingsError for what is no YAML file."""
    top, problems = read_nodes(data, file)
    place = Place(file, problems=problems)
    report_unknown(top, TOP, place)
    parts = {entry.key: entry for entry in top.entries}
    pack = TradePack(trade)
    if "services" in parts:
        pack = _menu(pack, parts["services"].node, place.at("services"))
    if not pack.labels and not problems:
        place.say(top.line, "there is no menu", "write 'services:' and a line for each service")
    if "ask" in parts:
        asked = _section(ASK, parts["ask"].node, place)
        pack = replace(
            pack,
            ask_to_book=asked.get(K_BOOK),
            ask_for_message=asked.get(K_MESSAGE),
            ask_in_emergency=asked.get(K_EMERGENCY),
        )
    if "emergencies" in parts:
        degrees = _section(DEGREES, parts["emergencies"].node, place)
        pack = replace(pack, cold_f=degrees.get(K_COLD), hot_f=degrees.get(K_HOT))
    if "safety" in parts:
        pack = replace(pack, safety=_safety(parts["safety"].node, place.at("safety")))
    return pack, problems


def _section(section: Section, node: Node, place: Place) -> Reading:
    at = place.at(section.name)
    return Reading(section, taken(_options, node, at, Mapping((), node.line)), at)


def _options(node: Node, place: Place) -> Mapping:
    return mapping(node, f"its options below '{place.path.rpartition('.')[2]}:', indented")


def _menu(pack: TradePack, node: Node, place: Place) -> TradePack:
    labels: dict[str, str] = {}
    labels_es: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    alarms: set[str] = set()
    for entry in taken(lambda inner, _: entries(inner, "a line for each service"), node, place, _NOTHING):
        if not kinds.is_name(entry.key):
            remedy = "use small letters, digits and _, beginning with a letter"
            place.say(entry.line, f"{shown(entry.key)} cannot be the name of a service", remedy)
            continue
        if not isinstance(entry.node, Mapping):
            place.say(
                entry.line, f"{shown(entry.key)} has no label and no words", "write 'label:' and 'words:' under it"
            )
            continue
        service = Reading(PACK_SERVICE, entry.node, place.at(entry.key), entry.line)
        labels[entry.key] = service.get(V_LABEL)
        labels_es[entry.key] = service.get(V_LABEL_ES)
        words[entry.key] = service.get(V_WORDS) + service.get(V_PALABRAS)
        if service.get(V_ALARM):
            alarms.add(entry.key)
    return replace(pack, labels=labels, labels_es=labels_es, words=words, urgent_escalates=frozenset(alarms))


def _safety(node: Node, place: Place) -> dict[str, str]:
    """Texts for dangers, by the names of the templates that they replace."""
    texts: dict[str, str] = {}
    known = [name.removeprefix("safety_") for name in CONVERSATION_TEXTS if name.startswith("safety_")]
    for entry in taken(lambda inner, _: entries(inner, "'gas: \"your words\"'"), node, place, _NOTHING):
        name = f"safety_{entry.key}"
        if entry.key not in known:
            place.say(entry.line, f"unknown danger {shown(entry.key)}", suggestion(entry.key, known))
        elif not isinstance(entry.node, Scalar) or entry.node.empty:
            place.say(entry.line, "there is no text", "write it in double quotes")
        else:
            texts[name] = " ".join(entry.node.text.split())
            for finding in judged(name, texts[name], ""):
                place.at(entry.key).say(entry.line, finding.say, finding.remedy)
    return texts
