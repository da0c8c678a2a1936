"""Whether a caller asks when somebody comes, which only the office can tell."""

from __future__ import annotations

import re

from gateway.core.understanding.folded import fold

_COME = (
    r"(?:come|comin\w*|be (?:here|there|out|by)|get (?:here|there|out|to|some|a)"
    r"|out (?:here|to)|show|send|(?:stop|swing) by|look at|arrive|make it"
    r"|available|opening|free|fix|do it|take)\b"
)
_VENIR = (
    r"(?:venir|(?:mandar|enviar)\w*(?! (?:la|el|una?|su) (?:factura|cotiz|recibo|estimad))|llegar|pasar|ir"
    r"|atender\w*|hacer\w*|tener|arreglar\w*|revisar\w*)\b"
)
# Behind "when can": the caller himself, who comes to nobody, and what is no person.
_NO_VISIT = (
    r"(?! (?:i|we)\b(?! (?:get|have|expect) (?:some|any|you|him|them|a (?:guy|man|tech|person|plumber))))"
    r"(?! (?:it|did)\b| (?:the|my|your|that) (?:\w+ )?(?:water|warranty|bill|invoice|parts?|free|best|store|heat|power|offer)\b)"
)
_NO_OWN = r"(?: (?:i|we)\b| (?:it|this) take to\b| you (?:get out|been|have)\b| (?:the|your) (?:store|shop|office|warranty)\b)"
_WORDINGS = (
    rf"when (?:can|could|will|would|are|is|do|does|might)\b{_NO_VISIT}[^.!\n]{{0,40}}\b{_COME}",
    rf"(?:how (?:soon|fast|quick\w*|long)|what (?:day|time)|soonest|earliest)\b"
    rf"(?! (?:do|does|have|has|can|will|is)\b{_NO_OWN})[^.!?\n]{{0,30}}"
    rf"\b(?:can|could|will|would|are|is|do|does|till|until|before|for|be|get|have|you)\b[^.!\n]{{0,40}}\b{_COME}",
    r"when(?:'?s (?:some(?:one|body)|any(?:one|body))| (?:you|u|y'?all)(?: guys)?) coming\b",
    # Spanish
    r"en cuanto tiempo (?:llegan|vienen)\b",
    r"(?:cuando|que tan (?:pronto|rapido)|a que hora|que dia)\b(?: (?:me|nos|le|lo))? (?:pued(?!o)\w*|podri(?!a yo)\w*|podra\w*)\b"
    rf"[^.!?\n]{{0,20}}\b{_VENIR}",
    r"(?:cuando|a que hora|que dia) (?:vienen?|llegan?|vendr\w*|tienen|pasan)\b"
    r"(?! (?:(?:la|el|los|las|mi) (?:recibo|pieza|factura|basura|luz|agua|ninos)|ofertas|a la casa)\b)",
    r"que tan pronto\b[^.!?\n]{0,20}\bpued",
    r"cuanto (?:tiempo )?(?:se )?tardan?\b(?! en (?:secar|durar)| las? )",
)
_ASKS = re.compile(r"\b(?:" + "|".join(_WORDINGS) + ")")


def asks_when(words: str) -> bool:
    """Whether somebody asks when a person could come: "how soon can someone be here", "cuando pueden venir"."""
    return _ASKS.search(fold(words).plain) is not None
