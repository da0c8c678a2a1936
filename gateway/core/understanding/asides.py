"""What a text tells beside something else: "Thanks for the estimate. Also the panel is buzzing and hot".

Read as a whole, many harmless words hide the few that count. The sentences of a text, and what follows "also" and the like, are
therefore looked at one by one for dangers and emergencies, where the whole is not plainly harmless. So is all that follows
words that take back what was said before: "forget all that, house is filling with smoke".
"""

from __future__ import annotations

import re

MOST = 6  # parts of one text
FEWEST_WORDS = 4  # of a part; fewer tell nothing by themselves
_BETWEEN = re.compile(
    r"(?<=[.!?\n])\s+|\b(?:also|oh and|by the way|btw|anyway|and now|but now|scratch that|i should add|i ask because"
    r"|ademas|tambien|tmb|por cierto)\b|,\s*(?:and|but|y|pero)\s"
)
_DISMISSED = re.compile(  # how a text begins that takes something back
    r"^\W*(?:(?:ok|no|wait|actually|oh|sorry|never ?mind|forget|scratch|ignore|olvid\w+|all|todo|it|that|this|eso|lo|about|what i said)\W+)+"
)


def asides(plain: str) -> list[str]:
    """The parts of a folded text that can stand alone, in order; none where it is all of one piece."""
    rest = _DISMISSED.sub("", plain) if re.search(r"mind|forget|scratch|ignore|olvid", plain[:40]) else plain
    if rest != plain and len(rest.split()) >= FEWEST_WORDS:
        return [rest, *asides(rest)][:MOST]
    parts = [part.strip() for part in _BETWEEN.split(plain) if len(part.split()) >= FEWEST_WORDS]
    whole = len(parts) == 1 and len(parts[0].split()) > len(plain.split()) - FEWEST_WORDS
    return [] if whole else parts[-MOST:]
