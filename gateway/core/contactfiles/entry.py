"""What a file of contacts comes down to: numbers with names and kinds, each once, and what was not understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.core.numbers import NumberKind, read_number
from gateway.core.policy import ContactKind

LONGEST_NAME: Final = 80  # characters
MOST_ENTRIES: Final = 20_000  # numbers of one file
MOST_REFUSED: Final = 200  # rows that are told of one by one

# What an office may say of a number, and what it may take back. An opt-out ends with the person's own START.
SETTABLE: Final = (
    ContactKind.CUSTOMER,
    ContactKind.VIP,
    ContactKind.VENDOR,
    ContactKind.STAFF,
    ContactKind.NO_AUTOTEXT,
    ContactKind.BLOCKED,
)
_WORDS: Final = {
    ContactKind.CUSTOMER: "customer customers client clients cliente clientes",
    ContactKind.VIP: "vip vips",
    ContactKind.VENDOR: "vendor vendors supplier suppliers proveedor proveedores",
    ContactKind.STAFF: "staff employee employees empleado empleados personal equipo",
    ContactKind.NO_AUTOTEXT: "noautotext notext notexts donttext donottext calldonttext calldonottext notexto notextos",
    ContactKind.BLOCKED: "blocked block spam bloqueado bloqueados",
    ContactKind.OPTED_OUT: "optedout optout unsubscribed unsubscribe dadodebaja baja stop",
}
_KINDS: Final = {word: kind for kind, words in _WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Row:
    """A contact as it stands in a file: `place` is the line, or the card, at which it begins."""

    place: int
    name: str
    numbers: tuple[str, ...]
    kinds: frozenset[ContactKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one number. `number` as `gateway.core.numbers.contact_key` writes it."""

    number: str
    name: str
    kinds: frozenset[ContactKind]


@dataclass(frozen=True, slots=True)
class Refused:
    """A number, or a row, that was not understood, and why."""

    place: int
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class ContactFile:
    """A file that was read. `joined`: so many numbers stood there more than once; `more_refused` are not listed."""

    entries: tuple[Entry, ...]
    refused: tuple[Refused, ...]
    joined: int
    more_refused: int = 0


class NotRead(ValueError):
    """A file that cannot be read at all; the message is a sentence for a person."""


def plain(words: str) -> str:
    """Words for comparison: lower case, without accents, spaces and punctuation."""
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    return re.sub(r"[^a-z0-9]+", "", "".join(c for c in decomposed if not unicodedata.combining(c)))


def kinds_in(words: str) -> frozenset[ContactKind]:
    """The kinds that a cell names: "Vendor; VIP", "* myContacts ::: Customers"."""
    parts = re.split(r"[;,|/]|:::", words[:500])
    return frozenset(kind for part in parts if (kind := _KINDS.get(plain(part))) is not None)


def tidy_name(raw: str) -> str:
    """A name on one line, without what cannot be printed. An apostrophe that keeps formulas from spreadsheets is dropped."""
    name = " ".join("".join(c if c.isprintable() else " " for c in raw[:500]).split())
    return re.sub(r"^'(?=[=+\-@＝＋－＠])", "", name)[:LONGEST_NAME].strip()


def gather(rows: Iterable[Row], country: str, area_code: str, kind: ContactKind | None = None) -> ContactFile:
    """The numbers of a file, each once: kinds are added up, the first name stays.

    `kind` is what a number without a kind of its own is. Raises NotRead when there are too many.
    """
    found: dict[str, Entry] = {}
    refused: list[Refused] = []
    joined = more = 0
    for row in rows:
        name = tidy_name(row.name)
        problems: list[Refused] = []
        if not any(number.strip() for number in row.numbers):
            problems.append(Refused(row.place, name[:40], "there is no telephone number"))
        for raw in row.numbers:
            for spelled in _each(raw):
                number = read_number(spelled, country, area_code)
                if number.e164 is None or number.kind in (NumberKind.INVALID, NumberKind.WITHHELD):
                    problems.append(Refused(row.place, tidy_name(spelled)[:40], "this is no telephone number"))
                    continue
                kinds = row.kinds or (frozenset({kind}) if kind is not None else frozenset())
                if not kinds:
                    problems.append(Refused(row.place, tidy_name(spelled)[:40], "it is not said what this number is"))
                    continue
                known = found.get(number.e164)
                if known is None:
                    found[number.e164] = Entry(number.e164, name, kinds)
                else:
                    joined += 1
                    found[number.e164] = Entry(number.e164, known.name or name, known.kinds | kinds)
        for problem in problems:
            if len(refused) < MOST_REFUSED:
                refused.append(problem)
            else:
                more += 1
        if len(found) > MOST_ENTRIES:
            raise NotRead(f"this file has more than {MOST_ENTRIES:,} numbers - take it in parts")
    return ContactFile(tuple(found.values()), tuple(refused), joined, more)


def _each(raw: str) -> Iterator[str]:
    """The numbers of one cell; Google puts several into one, an apostrophe keeps a spreadsheet from counting."""
    for part in re.split(r":::|;|\n", raw[:500]):
        spelled = re.sub(r"(?:\s*(?:x|ext\.?|extension)\s*[0-9]{1,6})$", "", part.strip(), flags=re.IGNORECASE)
        if spelled := spelled.lstrip("'").strip():
            yield spelled
