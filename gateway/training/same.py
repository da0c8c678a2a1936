"""When two wordings of a field are the same: "wed" and "wednesday", "1423 Elm Avenue" and "1423 elm ave"."""

from __future__ import annotations

import re

from gateway.core.understanding.folded import fold

_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "doctor",
        "capt",
        "captain",
        "coach",
        "father",
        "fr",
        "sister",
        "sr",
        "sra",
        "don",
        "dona",
        "senor",
        "senora",
        "uncle",
        "the",
        "la",
        "el",
    ]
)
_STREETS = {
    "street": "st",
    "avenue": "ave",
    "av": "ave",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "boulevard": "blvd",
    "court": "ct",
    "place": "pl",
    "terrace": "ter",
    "highway": "hwy",
    "parkway": "pkwy",
    "circle": "cir",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}
_UNIT = re.compile(r"\b(?:apt|apartment|apto|unit|suite|ste|bldg)\b\.?\s*#?\s*[\w-]+|#\s*\w+|[.,]")
# Words of a time that carry nothing: "sometime on friday around 3" is "friday 3".
_FILLERS = frozenset(
    [
        "on",
        "the",
        "in",
        "at",
        "of",
        "for",
        "sometime",
        "around",
        "about",
        "between",
        "and",
        "to",
        "from",
        "or",
        "is",
        "best",
        "works",
        "work",
        "any",
        "day",
        "time",
        "please",
        "only",
        "ok",
    ]
)
_SAME_TIME = (
    (r"as soon as possible|a\.s\.a\.p\.?|right away|right now|immediately|\bnow\b", "asap"),
    (r"not in a hurry|no (?:big )?(?:hurry|rush)|not urgent", "no rush"),
    (r"\bwhenever\b|any ?time", "anytime"),
    (r"in the (morning|afternoon|evening)", r"\1"),
    (r"\bmon\b", "monday"),
    (r"\btues?\b", "tuesday"),
    (r"\bweds?\b", "wednesday"),
    (r"\bthu(?:rs?)?\b", "thursday"),
    (r"\bfri\b", "friday"),
    (r"\bsat\b", "saturday"),
    (r"\bsun\b", "sunday"),
    (r"\b(jan|feb|oct|nov|dec)\b", r"\1*"),
    (r"\b(jan|feb|oct|nov|dec)(?:uary|ruary|ober|ember)\b", r"\1*"),
    (r"\bthis (monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|evening)", r"\1"),
    (r"\bno later than\b|\buntil\b|\btill?\b", "by"),
    (r"\bprior to\b", "before"),
    (r"\bpast\b", "after"),
    (r"\b(?:with)?in (?:the )?next\b", "next"),
    (r"\bwithin\b", "in"),
    (r"\bnoon\b|\bmidday\b", "12pm"),
    (r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|evening|weekday|weekend|night|week)s\b", r"\1"),
    (r"\b(?:minutes?|mins)\b", "min"),
    (r"\b(?:hours|hrs?)\b", "hour"),
    (r"(\d)\s*([ap])\.?\s?m\b\.?", r"\1"),
    (r"(\d):00\b", r"\1"),
    (r"(\d)\s*-\s*(\d)", r"\1 \2"),
    (r"(\d)(?:st|nd|rd|th)\b", r"\1"),
)  # fmt: skip


def same(label: str, one: str, other: str) -> bool:
    """Whether two values of a field mean the same."""
    return _plain(label, one) == _plain(label, other)


def time_words(value: str) -> tuple[str, ...]:
    """The words of a time that carry meaning, in one spelling and in alphabetical order; "2pm" is "2"."""
    plain = fold(value).plain
    for pattern, said in _SAME_TIME:
        plain = re.sub(pattern, said, plain)
    return tuple(sorted(word for word in re.findall(r"[a-z0-9:/*']+", plain) if word not in _FILLERS))


def _plain(label: str, value: str) -> object:
    plain = fold(value).plain
    match label:
        case "zip":
            return value[:5]
        case "timeline" | "callback_time":
            return time_words(value)
        case "street_address":
            return " ".join(_STREETS.get(word, word) for word in _UNIT.sub(" ", plain).split())
        case "name":
            words = re.findall(r"[a-z']+", plain)
            return " ".join(word for word in words if word not in _TITLES) or " ".join(words)
        case _:
            return " ".join(re.findall(r"[a-z]+", plain.replace("'", "")))
