"""The business's own people as an emergency needs them: their names, their language, their telephones, and whether these are rung."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gateway.core.conversation.alarm import LONGEST_WHO
from gateway.core.escalation.people import ON_CALL, OWNER, Person
from gateway.core.numbers import NumberKind, read_number, spoken
from gateway.core.policy import ContactKind
from gateway.settings import kinds
from gateway.settings.options import Option, Place, Reading, Section, mapping, taken
from gateway.settings.problems import shown, suggestion
from gateway.settings.values import Settings
from gateway.settings.yamlnodes import Entry

RESERVED = {OWNER: "the person behind owner_cell", ON_CALL: "whoever is on call"}
_CELLS = frozenset({NumberKind.TEXTABLE, NumberKind.INTERNATIONAL})

P_NAME = Option(
    "name",
    kinds.word("the name"),
    "",
    'What callers and colleagues read: "Dana has seen your message". Left out, the entry\'s own name with a capital letter.',
    example="Dana",
)
P_PHONE = Option("phone", kinds.phone, "", "The cell phone that is texted.", example='"+12165550193"', required=True)
P_RINGS = Option("rings", kinds.switch, False, "yes: in an emergency the phone is rung as well, not only texted.", "no")
P_TEXTS = Option(
    "texts", kinds.switch, True, "no: a landline, such as the office's, which gets no texts and is only rung.", "yes"
)
P_LANGUAGE = Option("language", kinds.language, "en", "Language of the texts to this person: en or es.", "en")
PERSON: Section = Section(
    "people",
    "Your people beside the owner who may be told of an emergency, each with a name of your choice (small letters, digits and"
    " _). Their phones take an emergency by its code; they are never texted as callers, and are no leads.",
    (P_NAME, P_PHONE, P_RINGS, P_TEXTS, P_LANGUAGE),
)


def read_people(named: Iterator[tuple[Entry, Place]]) -> tuple[Person, ...]:
    """Everybody who is named beside the owner."""
    people: list[Person] = []
    for entry, place in named:
        if entry.key in RESERVED:
            place.say(entry.line, f"'{entry.key}' means {RESERVED[entry.key]}", "choose another name for the entry")
            continue
        options = taken(lambda inner, _: mapping(inner, "'name:' and 'phone:' below it"), entry.node, place, None)
        if options is None:
            continue
        reading = Reading(PERSON, options, place, entry.line)
        name = reading.get(P_NAME) or entry.key.replace("_", " ").capitalize()
        texts = reading.get(P_TEXTS)
        rings = reading.get(P_RINGS)
        if not texts and not rings:
            reading.place.say(
                reading.line_of(P_TEXTS), "is neither texted nor rung", "write 'rings: yes' beside 'texts: no'"
            )
        phone, language = reading.get(P_PHONE), reading.get(P_LANGUAGE)
        people.append(Person(entry.key, name, phone, rings=rings, texts=texts, language=language))
    return tuple(people)


def say_unknown(keys: Collection[str], known: Collection[str], place: Place, line: int, also: str = "") -> None:
    """Say who is named and is nobody. `also`: a word that may stand there beside the names."""
    everybody = [*known, also] if also else list(known)
    for key in keys:
        if key == OWNER and OWNER not in known:
            place.say(line, "the owner has no phone", "write 'owner_cell:' below 'business:'")
        elif key not in everybody:
            what = f"there is nobody called {shown(key)} under 'people:'"
            place.say(line, what, suggestion(key, everybody) if everybody else "write 'people:' with name and phone")


def judge_people(settings: Settings, place: Place) -> None:
    """Say what cannot be among the people and their telephones, and doubt what is probably not meant."""
    business = settings.business
    rules = business.escalation
    if business.owner is None:
        for option, given in (
            ("owner_name", rules.owner_name),
            ("owner_rings", rules.owner_rings),
            ("owner_language", rules.owner_language != "en"),
        ):
            if given:
                path = f"business.{option}"
                place.doubt(
                    place.line_of(path), f"{path}: the owner has no phone", "write owner_cell with a cell phone"
                )
    if len(rules.owner_name) > LONGEST_WHO:
        _long(place, "business.owner_name")
    lines = {line.number: f"line '{line.name}'" for line in business.lines}
    contacts = {contact.number: contact.kind for contact in settings.contacts}
    phones = {} if business.owner is None else {business.owner: OWNER}
    names = {rules.owner_name: OWNER} if rules.owner_name else {}
    for person in rules.people:
        path = f"people.{person.key}"
        if person.name in names:
            what = f"{path}: '{person.name}' is the name of {_who(names[person.name])} as well"
            place.say(place.line_of(path), what, "give each a name of their own")
        names.setdefault(person.name, person.key)
        if len(person.name) > LONGEST_WHO:
            _long(place, f"{path}.name")
        if person.phone:
            _judge_phone(person, phones, lines, settings, place)
            phones.setdefault(person.phone, person.key)
            kind = contacts.get(person.phone)
            if kind is not None and kind is not ContactKind.STAFF:
                what = f"{path}.phone: stands under 'contacts:' as {kind.value}"
                remedy = "remove it there: your people's phones are never texted as callers"
                place.doubt(place.line_of(f"{path}.phone"), what, remedy)


def _judge_phone(
    person: Person, phones: dict[str, str], lines: dict[str, str], settings: Settings, place: Place
) -> None:
    path = f"people.{person.key}.phone"
    line, business, number = place.line_of(path), settings.business, person.phone
    if number in phones:
        remedy = (
            f"remove the entry, and write '{OWNER}' where the owner is meant"
            if phones[number] == OWNER
            else "make one entry of the two"
        )
        place.say(line, f"{path}: this is the phone of {_who(phones[number])} as well", remedy)
    elif number in lines:
        what = f"{path}: this is the number of {lines[number]}, which callers dial"
        remedy = "write the person's own cell phone" if person.texts else "write a number that no caller dials"
        place.say(line, what, remedy)
    elif number in business.sims:
        place.say(line, f"{path}: this is the SIM's number", "write the person's own cell phone")
    elif person.texts and read_number(number, business.country, business.area_code).kind not in _CELLS:
        place.say(line, f"{path}: {spoken(number)} cannot get texts", "write a cell phone")
    elif number in business.staff:
        place.doubt(line, f"{path}: stands under 'staff:' as well", "remove it there: this entry is enough")


def _long(place: Place, path: str) -> None:
    place.doubt(place.line_of(path), f"{path}: is long for a text", f"write at most {LONGEST_WHO} characters")


def _who(key: str) -> str:
    return "the owner" if key == OWNER else f"'{key}'"
