"""Pictures that a caller means to have sent: this box cannot receive them, and a person has to know of them."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

PHOTO_ONLY: Final = "photo_only"
TELLS: Final = "pictures_"  # in front of a text's name: the same text, which says that pictures do not arrive
_ALONE: Final = "no_pictures"
_ELSEWHERE: Final = "pictures_but_"  # so where the business has a place of its own for them
_PICTURE: Final = (
    r"(?:photo|pic|picture|image|video|foto|imagen|screenshot)(?:s|es)?\b"
    r"(?! (?:frame|window|door|bell|intercom|wall|tube|rail|call|chat))"
)
_SENT: Final = re.compile(
    r"\b(?:sent|sending|send|text(?:ed|ing)?|attach\w*|here(?:'?s| is| are)|see (?:the|my|this|these)|mand\w+|envi\w+|adjunt\w+"
    rf"|(?:ahi|aqui) (?:va|van|esta|estan))\b(?:\W+\w+){{0,3}}?\W+{_PICTURE}"
    rf"|\b{_PICTURE} (?:is |are |was )?(?:attached|sent|below|above|adjunt\w+)\b|\bIMG[_-]?\d{{3,}}|\.(?:jpe?g|png|heic|mov|mp4)\b",
    re.IGNORECASE,
)


def told_with(template: str, said: frozenset[str], texts: Container[str]) -> str:
    """The name of the text that also tells a caller who speaks of a picture that it does not arrive, once and where there is one."""
    return template if _ALONE in said or TELLS + template not in texts else TELLS + template


def says_too(template: str) -> frozenset[str]:
    """The texts that a text of this name says in its own words, beside itself."""
    return frozenset({_ALONE, template.removeprefix(TELLS)}) if template.startswith(TELLS) else frozenset()


def at_place(template: str, place: str) -> str:
    """The name of the text that names the business's own place for pictures, where it has one."""
    if not place or template.startswith(_ELSEWHERE):
        return template
    if template == _ALONE:
        return "no_pictures_but"
    return _ELSEWHERE + template.removeprefix(TELLS) if template.startswith(TELLS) else template


def is_said(template: str, place: str) -> bool:
    """Whether a text of this name is ever said by a business with that place for pictures, or with none ("")."""
    elsewhere = template.startswith(_ELSEWHERE) or template == "no_pictures_but"
    return at_place(template, place) == template if place else not elsewhere


def picture_meant(body: str, intent: str) -> bool:
    """Whether a text speaks of a picture that its writer sends, has sent or would send; `intent` is how it was read."""
    return intent == PHOTO_ONLY or _SENT.search(body) is not None
