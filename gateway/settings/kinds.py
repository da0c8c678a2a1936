"""How single values are written: switches, words, numbers, names, telephone numbers. Times are in `gateway.settings.times`.

Each kind takes a node and its place and gives the value, or raises RefusedError with what is wrong and what to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from gateway.core.numbers import COUNTRIES, NumberKind, read_number
from gateway.settings.options import Kind, Place, RefusedError, Shape, items, scalar, shape_of, shaped
from gateway.settings.problems import shown, suggestion
from gateway.settings.yamlnodes import Node, Scalar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# RFC 1123, 2.1: labels of letters, digits and hyphens. Underscores are common on LANs, and browsers send them.
_PAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?|::1?|0\.0\.0\.0", re.ASCII)
_SWITCH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def word(wanted: str) -> Kind[str]:
    """Any text on one line; `wanted` says what to write when there is none."""

    def read(node: Node, place: Place) -> str:  # noqa: ARG001
        text = scalar(node, wanted)
        if not text:
            raise RefusedError("nothing is written here", f"write {wanted}")
        if any(ord(character) < 32 for character in text):
            raise RefusedError(f"{shown(text)} holds a line break or control character", f"write {wanted} on one line")
        return text

    return read


def optional(kind: Kind[T]) -> Kind[T | None]:
    """The same, for an option whose default is "nothing": `none` may be written out."""

    def read(node: Node, place: Place) -> T | None:
        if isinstance(node, Scalar) and not node.quoted and node.text.strip().casefold() == "none":
            return None
        return kind(node, place)

    return shaped(read, replace(shape_of(kind), nothing=True))


def switch(node: Node, place: Place) -> bool:  # noqa: ARG001
    text = scalar(node, "yes or no").casefold()
    if text not in _SWITCH:
        raise RefusedError(f"{shown(text)} is neither yes nor no", "write yes or no")
    return _SWITCH[text]


def choice(kind: type[E]) -> Kind[E]:
    """One of the words of an enumeration."""

    def read(node: Node, place: Place) -> E:  # noqa: ARG001
        text = scalar(node, f"one of: {', '.join(kind)}")
        try:
            return kind(text)
        except ValueError:
            raise RefusedError(f"{shown(text)} is not known", suggestion(text, list(kind))) from None

    return shaped(read, Shape("choice", tuple(kind)))


def one_of(*known: str) -> Kind[str]:
    """One of some words."""

    def read(node: Node, place: Place) -> str:  # noqa: ARG001
        text = scalar(node, f"one of: {', '.join(known)}")
        if text not in known:
            raise RefusedError(f"{shown(text)} is not known", suggestion(text, known))
        return text

    return shaped(read, Shape("choice", known))


language = one_of("en", "es")


def whole(low: int, high: int) -> Kind[int]:
    """A whole number within limits. Digits only: `010` is ten, not eight."""

    def read(node: Node, place: Place) -> int:  # noqa: ARG001
        wanted = f"a whole number from {low} to {high}"
        text = scalar(node, wanted)
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            raise RefusedError(f"{shown(text)} is not a whole number", f"write {wanted}")
        if not low <= int(text) <= high:
            raise RefusedError(f"{int(text)} is too {'small' if int(text) < low else 'large'}", f"write {wanted}")
        return int(text)

    return shaped(read, Shape("number", low=low, high=high))


def cap(node: Node, place: Place) -> int:
    """A limit; `none` (or 0) is no limit and becomes 0."""
    if isinstance(node, Scalar) and node.text.strip().casefold() in ("none", "off"):
        return 0
    try:
        return whole(0, 100_000)(node, place)
    except RefusedError as refused:
        raise RefusedError(refused.what, f"{refused.remedy}, or none for no limit") from None


def phone(node: Node, place: Place) -> str:
    """A telephone number in any national or international spelling, as E.164 of the business's country."""
    text = scalar(node, "a telephone number such as '+12165550100'")
    number = read_number(text, place.country, place.area_code)
    if number.e164 is None or number.kind in (NumberKind.WITHHELD, NumberKind.INVALID, NumberKind.SHORT_CODE):
        raise RefusedError(
            f"{shown(text)} is not a telephone number", "write it with country code, such as '+12165550100'"
        )
    return number.e164


def extensions(node: Node, place: Place) -> tuple[int, int]:  # noqa: ARG001
    """ "100-199" or "205"."""
    text = scalar(node, "extensions such as '100-199'")
    found = re.fullmatch(r"(\d{1,9})(?:\s*-\s*(\d{1,9}))?", text, re.ASCII)
    if found is None:
        raise RefusedError(
            f"{shown(text)} is not a range of extensions", "write it as '100-199', or a single one as '205'"
        )
    low, high = int(found[1]), int(found[2] or found[1])
    if high < low:
        raise RefusedError(f"{shown(text)} ends before it begins", f"write '{high}-{low}'")
    return low, high


def each(kind: Kind[T], wanted: str) -> Kind[tuple[T, ...]]:
    """A list; a single value may stand without one. Entries that cannot be taken are said and left out."""

    def read(node: Node, place: Place) -> tuple[T, ...]:
        if isinstance(node, Scalar) and "," in node.text and not node.quoted:
            raise RefusedError(f"{shown(node.text)} is not a list", f"put it in brackets: {wanted}")
        nodes = (node,) if isinstance(node, Scalar) and not node.empty else items(node, wanted)
        found: list[T] = []
        for inner in nodes:
            try:
                found.append(kind(inner, place))
            except RefusedError as refused:
                place.say(refused.line or inner.line, refused.what, refused.remedy)
        return tuple(found)

    return shaped(read, Shape("list", of=shape_of(kind)))


def some(kind: Kind[T], wanted: str) -> Kind[tuple[T, ...]]:
    """A list that is not empty."""
    several = each(kind, wanted)

    def read(node: Node, place: Place) -> tuple[T, ...]:
        so_far = len(place.problems)
        found = several(node, place)
        if not found and len(place.problems) == so_far:
            raise RefusedError("nothing stands in this list", f"write {wanted}")
        return found

    return shaped(read, Shape("list", of=shape_of(kind)))


def set_of(kind: Kind[T], wanted: str) -> Kind[frozenset[T]]:
    several = each(kind, wanted)
    return shaped(lambda node, place: frozenset(several(node, place)), shape_of(several))


def matching(check: Callable[[str], bool], what: str, wanted: str) -> Kind[str]:
    """A text that passes `check`; else "'text' is not <what>"."""
    plain = word(wanted)

    def read(node: Node, place: Place) -> str:
        text = plain(node, place)
        if not check(text):
            raise RefusedError(f"{shown(text)} is not {what}", f"write {wanted}")
        return text

    return read


def is_name(text: str) -> bool:
    """Names of lines, templates and devices: they appear in logs, exports and file names."""
    return len(text) <= 40 and _NAME.fullmatch(text) is not None


def is_pin(text: str) -> bool:
    """SIM PINs have 4 to 8 digits (3GPP TS 31.101, 9.5.1)."""
    return re.fullmatch(r"\d{4,8}", text, re.ASCII) is not None


_COUNTRIES_SAID = {"USA": "US", "UNITED STATES": "US", "AMERICA": "US", "UK": "GB", "CANADA": "CA", "MEXICO": "MX"}


def country(node: Node, place: Place) -> str:  # noqa: ARG001
    """A country that has telephone numbers, by its ISO 3166 letters."""
    text = scalar(node, "two capital letters such as US")
    if text in COUNTRIES:
        return text
    meant = _COUNTRIES_SAID.get(text.upper(), text.upper())
    known = meant in COUNTRIES
    raise RefusedError(
        f"{shown(text)} is not a country",
        f"did you mean '{meant}'?" if known else "write two capital letters such as US",
    )


area_code = matching(
    lambda text: re.fullmatch(r"[2-9]\d{2}", text, re.ASCII) is not None, "an area code", "three digits such as '216'"
)
host = matching(lambda text: _HOST.fullmatch(text) is not None, "a host", "a name or address such as 127.0.0.1")
page_name = matching(
    lambda text: _PAGE_NAME.fullmatch(text) is not None, "a name of this box", "the name alone, such as textback.local"
)
name = matching(is_name, "a name", "small letters, digits and _, beginning with a letter")
pin = matching(is_pin, "a PIN", "4 to 8 digits in quotes")
absolute = matching(lambda text: text.startswith("/") and "\0" not in text, "a full path", "a path that begins with /")


def port_number(node: Node, place: Place) -> int:
    return whole(1, 65535)(node, place)


shaped(name, Shape("name"))
shaped(switch, Shape("switch"))
shaped(cap, Shape("number", low=0, high=100_000, nothing=True))
shaped(phone, Shape("phone"))
shaped(pin, Shape("secret"))
shaped(port_number, Shape("number", low=1, high=65535))


def small_file(path: Path) -> str:
    """First line of a small regular file (a secret). Raises RefusedError."""
    try:
        if not path.is_file():
            raise RefusedError(f"there is no file {shown(str(path))}", "create it, readable by the gateway alone")
        with path.open("rb") as file:
            lines = file.read(4096).decode("utf-8").splitlines()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a text file"
        raise RefusedError(
            f"{shown(str(path))} cannot be read ({reason})", "correct the file or its permissions"
        ) from None
    if not lines or not lines[0].strip():
        raise RefusedError(f"{shown(str(path))} is empty", "write the secret on its first line")
    if any(ord(character) < 32 for character in lines[0].strip()):
        raise RefusedError(f"{shown(str(path))} holds a control character", "write the secret anew on its first line")
    return lines[0].strip()
