"""Pictures that a caller means to have sent: this box cannot receive them, and a person has to know of them."""

from __future__ import annotations

import re
from typing import Final

PHOTO_ONLY: Final = "photo_only"
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


def picture_meant(body: str, intent: str) -> bool:
    """Whether a text speaks of a picture that its writer sends, has sent or would send; `intent` is how it was read."""
    return intent == PHOTO_ONLY or _SENT.search(body) is not None
