"""Sentences that the box has written down in English, said in the language of the page.

What became of a call, the next step of a lead, the history, what is wrong with the box: the records keep all of it in
English, and `web/locales/sentences.es.txt` knows how each reads in Spanish. A sentence that stands nowhere there is shown as it
is. People's words, names and numbers inside a sentence are taken over unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from web import language

_FOLDER = Path(__file__).parents[1] / "locales"
_BLANK = re.compile(r"\{([a-z]+)([0-9]?)\}")
_CLOCK = r"\d{1,2}(?::\d\d)?(?: ?[AP]M)?(?:-\d{1,2}(?::\d\d)?)?(?: ?[AP]M)"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_SPAN = r"\d+ (?:days?|min(?: \d+ s)?|h(?: \d+ min)?|s)"
# How what stands in a blank may look; a blank of another name holds anything.
_LOOKS: Final = {
    "n": r"\d+",
    "m": r"\d+",
    "k": r"\d+",
    "span": _SPAN,
    "at": rf"(?:{_DAY} )?(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?(?:, | ))?{_CLOCK}",
    "who": r"[^:;]{1,80}?",
    "list": r"[^:;.]{1,200}?",
}
_SHORT_DAYS: Final = dict(
    zip(
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
        strict=True,
    )
)
_MONTHS: Final = {
    "Jan": "ene", "Feb": "feb", "Mar": "mar", "Apr": "abr", "May": "may", "Jun": "jun",
    "Jul": "jul", "Aug": "ago", "Sep": "sep", "Oct": "oct", "Nov": "nov", "Dec": "dic",
}  # fmt: skip
_LONG_DAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_LONG_MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_DATED = re.compile(rf"(?:({_DAY}) )?({_MONTH}) (\d{{1,2}})(, \d{{4}})?(?=[, ]|$)")
_WEEKDAY = re.compile(rf"^({_DAY})\b")
_EXTENSION = re.compile(r"(the office|the box|the owner) (\(.{1,40}\))")
_BY_TEXT = re.compile(r"(.+), by text")
_LONG_ENOUGH = 8  # letters of its own that a sentence needs so that what it quotes may be unknown
_PARTS = re.compile(r"(?<=[.!?”]) (?=[A-Z“])")
_ENGLISH = re.compile(
    r"\b(?:the|this|that|is|are|was|were|has|have|had|not|of|to|and|or|by|with|for|from|who|nobody|you|your|they|them|it)\b",
    re.I,
)
_SPANISH = re.compile(
    r"\b(?:el|la|los|las|de|del|que|no|se|en|un|una|por|para|con|su|es|está|lo|y|al|sin|ya|quién|esta|este)\b", re.I
)


# A fact by the name that the box has for it.
_FACTS: Final = {
    "service": "servicio", "place": "lugar", "address": "dirección", "name": "nombre", "time": "hora", "city": "ciudad",
    "zip": "código postal", "ZIP code": "código postal", "urgency": "urgencia", "lane": "grupo",
    "when they want it": "para cuándo", "when they want a call": "cuándo quiere que le llamen",
    "what it is about": "de qué se trata", "danger to people": "peligro para personas", "intent": "qué quiere",
    "wants no more texts": "no quiere más textos",
}  # fmt: skip
# When somebody wants something: the words that the reading of texts makes of it.
_WHEN_WORDS: Final = {
    "monday": "lunes", "tuesday": "martes", "wednesday": "miércoles", "thursday": "jueves", "friday": "viernes",
    "saturday": "sábado", "sunday": "domingo", "today": "hoy", "tomorrow": "mañana", "tonight": "hoy en la noche",
    "morning": "en la mañana", "afternoon": "en la tarde", "evening": "al anochecer", "night": "en la noche", "noon": "mediodía",
    "at": "a las", "before": "antes de", "after": "después de", "around": "como a", "or": "o", "and": "y", "to": "a",
    "between": "entre", "am": "AM", "pm": "PM", "early": "temprano", "late": "tarde", "weekend": "fin de semana", "next": "próximo",
    "the": "el", "any": "cualquier", "week": "semana", "month": "mes", "january": "enero", "february": "febrero",
    "march": "marzo", "april": "abril", "may": "mayo", "june": "junio", "july": "julio", "august": "agosto",
    "september": "septiembre", "october": "octubre", "november": "noviembre", "december": "diciembre",
}  # fmt: skip
_WHEN_PHRASES: Final = {
    "day after tomorrow": "pasado mañana", "next week": "la próxima semana", "this week": "esta semana", "no rush": "sin prisa",
    "whenever": "cuando sea", "anytime": "a cualquier hora", "asap": "lo antes posible", "today": "hoy", "the weekend": "el fin de semana",
    "this weekend": "este fin de semana", "next month": "el próximo mes", "soon": "pronto", "every two weeks": "cada dos semanas",
    "any morning": "cualquier mañana", "any afternoon": "cualquier tarde", "any day": "cualquier día", "after work": "después del trabajo",
    "after school": "después de la escuela", "first thing": "a primera hora", "flexible": "flexible", "not urgent": "sin urgencia",
    **{f"next {day}": f"el próximo {_WHEN_WORDS[day]}" for day in tuple(_WHEN_WORDS)[:7]},
}  # fmt: skip
_WHEN_TOKEN = re.compile(r"\d[\d:/]*(?:st|nd|rd|th)?(?:am|pm)?(?:-\d[\d:]*(?:am|pm)?)?")


@dataclass(frozen=True)
class Pattern:
    """A sentence with blanks: as the box writes it, and as it is said."""

    english: str
    said: str

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """What stands between the blanks, the longest first."""
        return tuple(sorted(re.split(r"\{[a-z]+[0-9]?\}", self.english), key=len, reverse=True))

    @cached_property
    def own(self) -> int:
        """How many characters are its own: the more, the more it is meant."""
        return sum(map(len, self.pieces))

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Finds it; the blanks are groups of their names."""
        made, end = "", 0
        for blank in _BLANK.finditer(self.english):
            looks = _LOOKS.get(blank[1], r".+?")
            made += f"{re.escape(self.english[end : blank.start()])}(?P<{blank[1]}{blank[2]}>{looks})"
            end = blank.end()
        return re.compile(made + re.escape(self.english[end:]), re.DOTALL)


class Book:
    """The sentences of one language."""

    def __init__(self, pairs: Iterator[tuple[str, str]]) -> None:
        self.whole: dict[str, str] = {}
        self.patterns: list[Pattern] = []
        for english, said in pairs:
            if _BLANK.search(english):
                self.patterns.append(Pattern(english, said))
            else:
                self.whole[english] = said
        self.patterns.sort(key=lambda pattern: -pattern.own)

    def say(self, raw: str) -> str | None:
        """A sentence in this language; None for one that is not known."""
        return self._each_known(raw) or self._known(raw, 0) or self._in_parts(raw, 0) or self._quoting(raw, 0)

    def _each_known(self, raw: str) -> str | None:
        """Several sentences of which each is known: a blank of the first one must not swallow the others."""
        parts = _PARTS.split(raw)
        said = [self._known(part, 0) for part in parts] if len(parts) > 1 else []
        return " ".join(each for each in said if each) if said and all(said) else None

    def _known(self, raw: str, deep: int) -> str | None:
        for words in dict.fromkeys((raw, raw[:1].swapcase() + raw[1:])):  # a page begins it with a capital letter
            if said := self.whole.get(words) or self._matched(words, deep, strict=True):
                return said
        return None

    def _matched(self, raw: str, deep: int, *, strict: bool) -> str | None:
        if deep > 4:
            return None
        for pattern in self.patterns:
            if pattern.pieces[0] not in raw or (not strict and pattern.own < _LONG_ENOUGH):
                continue
            found = pattern.regex.fullmatch(raw)
            if found is None:
                continue
            filled = self._filled(found.groupdict(), deep, strict=strict)
            if filled is not None:
                return _BLANK.sub(lambda blank: filled[blank[1] + blank[2]], pattern.said)  # noqa: B023 - used at once
        return None

    def _filled(self, blanks: Mapping[str, str], deep: int, *, strict: bool) -> dict[str, str] | None:
        """What stands in the blanks, each said; None when a sentence among them is not known."""
        filled = {}
        for name, value in blanks.items():
            match name.rstrip("0123456789"):
                case "say":
                    inner = self._known(value, deep + 1) or self._in_parts(value, deep + 1)
                    if inner is None and strict:
                        return None
                    filled[name] = inner or self._quoting(value, deep + 1) or value
                case "who":
                    filled[name] = self._who(value)
                case "span":
                    filled[name] = span(value)
                case "at":
                    filled[name] = moment(value)
                case "list":
                    filled[name] = ", ".join(_FACTS.get(one, one.replace("_", " ")) for one in value.split(", "))
                case "when":
                    filled[name] = when(value)
                case _:
                    filled[name] = value
        return filled

    def _who(self, raw: str) -> str:
        if found := _BY_TEXT.fullmatch(raw):
            return f"{self._who(found[1])}, por texto"
        if found := _EXTENSION.fullmatch(raw):
            return f"{self.whole[found[1]]} {found[2]}"
        return self.whole.get(raw, raw)

    def _in_parts(self, raw: str, deep: int) -> str | None:
        """Several sentences in one line, each of which is known."""
        for parts, between in ((_PARTS.split(raw), " "), (raw.split("; "), "; ")):
            if len(parts) > 1:
                said = [self._known(part, deep) or self._quoting(part, deep + 1) for part in parts]
                if all(said):
                    return between.join(word for word in said if word)
        return None

    def _quoting(self, raw: str, deep: int) -> str | None:
        """A sentence that quotes what is not known: a name of the network's, an error of another program."""
        return self._matched(raw, deep, strict=False)


def read(name: str) -> Iterator[tuple[str, str]]:
    """The pairs of a file of `web/locales`. Raises ValueError for a line without its other one."""
    english = ""
    for number, line in enumerate((_FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("  ") and english:
            yield english, line.strip()
            english = ""
        elif line.startswith("  ") or english:
            raise ValueError(f"{name}:{number}: a sentence and its translation belong together")
        else:
            english = line
    if english:
        raise ValueError(f"{name}: the last sentence has no translation")


@lru_cache(maxsize=1)
def _spanish() -> Book:
    return Book(read("sentences.es.txt"))


@lru_cache(maxsize=4096)
def _say(raw: str) -> str | None:
    return _spanish().say(raw)


def spoken(raw: str) -> str | None:
    """A sentence of the box's own in the language of this request; None for one that is not known in it."""
    return raw if language.spoken() == language.DEFAULT or not raw else _say(raw)


def say(raw: str) -> str:
    """The same; one that is not known as it is."""
    found = spoken(raw)
    return raw if found is None else found


def is_english(raw: str) -> bool:
    """Whether words that no catalogue knows are read aloud as English rather than as Spanish."""
    return len(_ENGLISH.findall(raw)) > len(_SPANISH.findall(raw))


def span(raw: str) -> str:
    """ "3 days" -> "3 días"; the other units are the same."""
    return raw.replace("days", "días").replace("day", "día")


def moment(raw: str) -> str:
    """ "Tue Mar 3, 8-9 AM" -> "mar 3 mar, 8-9 AM", "Dec 31, 1969, 7:01 PM" -> "31 dic 1969, 7:01 PM"."""

    def dated(found: re.Match[str]) -> str:
        day = f"{_SHORT_DAYS[found[1]]} " if found[1] else ""
        return f"{day}{found[3]} {_MONTHS[found[2]]}{(found[4] or '').replace(',', '')}"

    return _WEEKDAY.sub(lambda found: _SHORT_DAYS[found[1]], _DATED.sub(dated, raw))


def day(at: date) -> str:
    """ "sábado 21 de noviembre"."""
    return f"{_LONG_DAYS[at.weekday()]} {at.day} de {_LONG_MONTHS[at.month - 1]}"


def wish(raw: str) -> str:
    """When somebody wants something, in the language of this request."""
    return raw if language.spoken() == language.DEFAULT else when(raw)


def when(raw: str) -> str:
    """When somebody wants something, where all its words are known; otherwise as it is."""
    words, said = raw.lower().split(), []
    while words:
        phrase = next((" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in _WHEN_PHRASES), words[0])
        found = _WHEN_PHRASES.get(phrase) or _WHEN_WORDS.get(phrase)
        if found is None and _WHEN_TOKEN.fullmatch(phrase):
            found = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", phrase)
        if found is None:
            return raw
        said.append(found)
        words = words[phrase.count(" ") + 1 :]
    return " ".join(said)
