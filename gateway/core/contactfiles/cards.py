"""vCards of telephones and mail programs: 2.1 (versit, 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350).

Read are FN, N, ORG, TEL and CATEGORIES; everything else, pictures above all, is passed over. Written is 3.0, which every
telephone takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gateway.core.contactfiles.entry import Entry, NotRead, Row, kinds_in

LONGEST_CARD: Final = 20_000  # unfolded lines; a picture of 1 MB has 14,000
_PROPERTY: Final = re.compile(r'(?:[A-Za-z0-9-]+\.)?([A-Za-z-]+)((?:;(?:[^";:]|"[^"]*")*)*):(.*)', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def looks_so(text: str) -> bool:
    """Whether a file holds vCards."""
    return bool(re.match(r"\s*BEGIN\s*:\s*VCARD", text.removeprefix("\ufeff"), re.IGNORECASE))


def read(text: str) -> Iterator[Row]:
    """The contacts of a file. `place` of a row is the number of its card. Raises NotRead with a sentence."""
    card: list[tuple[str, Mapping[str, str], str]] | None = None
    count = 0
    for line in _unfolded(text):
        match = _PROPERTY.match(line)
        if match is None:
            continue
        name, value = match[1].upper(), match[3]
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            card, count = [], count + 1
        elif name == "END" and value.strip().upper() == "VCARD" and card is not None:
            yield _row(count, card)
            card = None
        elif card is not None and name in ("FN", "N", "ORG", "TEL", "CATEGORIES", "KIND"):
            if len(card) >= LONGEST_CARD:
                raise NotRead(f"card {count} of this file never ends")
            card.append((name, _parameters(match[2]), value))
    if card is not None:
        yield _row(count, card)
    if not count:
        raise NotRead("there is no card in this file")


def written(entries: Iterable[Entry]) -> Iterator[str]:
    """Cards of version 3.0, each as text."""
    for entry in entries:
        name = _escape(entry.name or entry.number)
        kinds = ",".join(_escape(kind.value) for kind in sorted(entry.kinds))
        lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;", f"TEL;TYPE=VOICE:{_escape(entry.number)}"]
        if kinds:
            lines.append(f"CATEGORIES:{kinds}")
        yield "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCARD"))


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: a line that begins with a blank goes on the one before, and so does one behind a soft break of 2.1."""
    whole: list[str] = []
    soft = False
    for line in re.split(r"\r\n|\n|\r", text.replace("\0", "").removeprefix("\ufeff")):
        if soft or (whole and line[:1] in (" ", "\t")):
            whole.append(line if soft else line[1:])
        else:
            if whole:
                yield "".join(whole)
            whole = [line]
        soft = line.endswith("=") and "QUOTED-PRINTABLE" in whole[0][:200].upper()
        if soft:
            whole[-1] = whole[-1][:-1]
    if whole:
        yield "".join(whole)


def _parameters(raw: str) -> Mapping[str, str]:
    """ENCODING, CHARSET, TYPE ... in upper case; 2.1 may write a value alone."""
    found: dict[str, str] = {}
    for part in raw.split(";")[1:]:
        key, is_pair, value = part.partition("=")
        if not is_pair:
            key, value = ("ENCODING", key) if key.upper() in ("QUOTED-PRINTABLE", "BASE64", "B") else ("TYPE", key)
        found[key.upper()] = f"{found.get(key.upper(), '')} {value.strip(chr(34))}".strip().upper()
    return found


def _row(place: int, card: list[tuple[str, Mapping[str, str], str]]) -> Row:
    names: dict[str, str] = {}
    numbers: list[str] = []
    categories: list[str] = []
    for name, parameters, raw in card:
        value = _text(parameters, raw)
        if name == "TEL":
            if not re.search(r"\b(?:FAX|PAGER|MODEM)\b", parameters.get("TYPE", "")):
                numbers.append(_unescape(re.sub(r"^tel:", "", value, flags=re.IGNORECASE)).split(";")[0])
        elif name == "CATEGORIES":
            categories += re.split(r"(?<!\\)[,;]", value)
        elif name == "N":
            family, given = ([*re.split(r"(?<!\\);", value), ""])[:2]
            names.setdefault("N", " ".join(_unescape(part).strip() for part in (given, family) if part.strip()))
        elif name == "ORG":
            names.setdefault("ORG", _unescape(re.split(r"(?<!\\);", value)[0]))
        else:
            names.setdefault(name, _unescape(value))
    name = next((names[key] for key in ("FN", "N", "ORG") if names.get(key, "").strip()), "")
    return Row(place, name, tuple(numbers), kinds_in(";".join(_unescape(each) for each in categories)))


def _text(parameters: Mapping[str, str], raw: str) -> str:
    if parameters.get("ENCODING") != "QUOTED-PRINTABLE":
        return raw
    octets = bytearray()
    for part in re.split(r"(=[0-9A-Fa-f]{2})", raw):
        if re.fullmatch(r"=[0-9A-Fa-f]{2}", part):
            octets.append(int(part[1:], 16))
        else:
            octets += part.encode("utf-8")
    charset = "utf-8" if parameters.get("CHARSET", "UTF-8") in ("UTF-8", "UTF8", "US-ASCII") else "cp1252"
    return octets.decode(charset, "replace")


def _unescape(value: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _escape(value: str) -> str:
    """RFC 2426, 4: a backslash, a comma, a semicolon and a line break are written behind a backslash."""
    return re.sub(r"([\\,;])", r"\\\1", value).replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line (RFC 2426, 2.6)."""
    parts, now, length = [], "", 0
    for character in line:
        octets = len(character.encode())
        if length + octets > 74:
            parts.append(now)
            now, length = "", 1
        now += character
        length += octets
    return "\r\n ".join([*parts, now])
