"""Whether a caller asks when somebody comes, which only the office can tell."""

from __future__ import annotations

import re

from gateway.core.understanding.folded import fold

_COME = (
    r"(?:come|comin\w*|be (?:here|there|out|by)|get (?:here|there|out|to|some|a)|out (?:here|to)|show|send|arrive|make it|available"
    r"|opening|free|fix|do it|take)\b"
)
_VENIR = r"(?:venir|mandar\w*|llegar|pasar|ir|enviar\w*|atender\w*|hacer\w*|tener|arreglar\w*|revisar\w*)\b"
_WORDINGS = (
    rf"when (?:can|could|will|would|are|is|do|does|might)\b[^.!\n]{{0,40}}\b{_COME}",
    r"(?:how (?:soon|fast|quick\w*|long)|what (?:day|time)|soonest|earliest)\b[^.!?\n]{0,30}"
    rf"\b(?:can|could|will|would|are|is|do|does|till|until|before|for|be|get|have|you)\b[^.!\n]{{0,40}}\b{_COME}",
    # Spanish
    r"(?:cuando|que tan (?:pronto|rapido)|a que hora|que dia)\b(?: (?:me|nos|le|lo))? (?:pued\w*|podri\w*|podra\w*)\b"
    rf"[^.!?\n]{{0,20}}\b{_VENIR}",
    r"(?:cuando|a que hora|que dia) (?:vienen?|llegan?|vendr\w*|tienen|pasan)\b",
    r"que tan pronto\b[^.!?\n]{0,20}\bpued",
    r"cuanto (?:se )?tardan?\b",
)
_ASKS = re.compile(r"\b(?:" + "|".join(_WORDINGS) + ")")


def asks_when(words: str) -> bool:
    """Whether somebody asks when a person could come: "how soon can someone be here", "cuando pueden venir"."""
    return _ASKS.search(fold(words).plain) is not None
