"""Texts that no person has written: replies of telephones and mailboxes, and the marks that iPhones text to others."""

from __future__ import annotations

import re
from typing import Final

# Apple's and Google's own words for driving, focus and call screening, and those of business texting services.
_AUTOMATIC: Final = re.compile(
    r"(?:i'?m|i am) (?:currently )?driving|driving with do not disturb|notifications? (?:are |is )?(?:silenced|turned off)"
    r"|(?:sent|respond\w*|repl\w*|message) (?:automatically|from my car)|auto(?:matic|mated)?[- ]?(?:reply|response|message)"
    r"|(?:number|inbox|mailbox|line) (?:is )?(?:not|un)[- ]?(?:monitored|attended)|do not reply to this"
    r"|out of (?:the )?office|can(?:'t|not) (?:talk|take your call|receive (?:texts|messages)) (?:right now|at this)"
    r"|can'?t talk right now|(?:please )?leave a message after|message (?:blocking|not sent|failed)|service access denied"
    r"|(?:estoy|voy) (?:conduciendo|manejando)|respuesta automatica|mensaje automatico|fuera de (?:la )?oficina"
    r"|este numero no (?:recibe|acepta)",
    re.IGNORECASE,
)
_TAPBACK: Final = re.compile(
    r"^(?:(?:liked|loved|disliked|laughed at|emphasized|questioned|removed an? [\w ]{3,20} from|reacted \S{1,12} to"
    r"|(?:no )?le (?:gust[oóa]|encant[oóa])|enfatiz[oó]|exclam[oó]|cuestion[oó]|se ri[oó] de|reaccion[oó] con"
    r"|(?:elimin[oó]|quit[oó]) .{3,30} (?:de|a))\b.{0,20}|[^\w\s\"“«]{1,12} (?:to|a) ?)[“\"«]",
    re.IGNORECASE | re.DOTALL,
)
# Google's telephones frame their marks with these.
_UNSEEN: Final = re.compile("[\u200a-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def written_by_machine(body: str) -> bool:
    """Whether a telephone or a service has answered by itself. Such a text is kept, shown and never answered."""
    return bool(_AUTOMATIC.search(body.replace("’", "'")))


def is_tapback(body: str) -> bool:
    """Whether the text is a mark ("Liked “...”") on one of ours; the words in it are our own."""
    return bool(_TAPBACK.match(_UNSEEN.sub("", body).strip()))
