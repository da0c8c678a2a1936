"""A lead that has gone on for years, written into the books of a box at once."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from real import NOW

from tests.bench.years import insert

PEER = "+12165550137"
BEGAN = int(NOW.timestamp() * 1000) - 3 * 365 * 86_400_000
STEP = 12 * 3_600_000  # ms between a text and the next
_WORDS = "pipe sink valve boiler leak tomorrow morning side door dog gate key alley attic vent fan".split(" ")  # noqa: SIM905


def a_long_lead(books: Path, texts: int, notes: int = 0, lines: int = 0, length: int = 0) -> None:
    """Lead 1 with so many texts of both sides ("text 7 ..."), notes ("note 7 ...") and lines of history.

    Each text and note ends with a word of its own ("text7end"). `length`: each is so many characters of a large alphabet
    instead, which no compression makes small.
    """
    chance = random.Random(5)

    def words(what: str, number: int) -> str:
        if length:
            return f"{what} {number} " + "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(length))
        said = " ".join(chance.choice(_WORDS) for _ in range(chance.randrange(4, 30)))
        return f"{what} {number} {said} {what}{number}end"

    with closing(sqlite3.connect(books)) as db, db:
        insert(
            db, "leads", id=1, peer=PEER, opened_at=BEGAN, wrote_at=BEGAN + STEP * texts, stage="handed_over", lane="message",
            why="", urgency="routine", intent="new_service", language="en", alert="none", next_step="answer", owner="office",
            answers="{}", talk="{}", answered_id=0, issue="leak",
        )  # fmt: skip
        insert(db, "tasks", kind="wrote", peer=PEER, say="answer", lead_id=1, created_at=BEGAN, due=BEGAN)
        reading = json.dumps(
            {"lang": "en", "intent": "new_service", "urgency": "routine", "because": ["says what is broken"]}
        )
        for number in range(texts):
            at = BEGAN + STEP * number
            if number % 2:
                insert(
                    db, "texts", key=f"t{number}", purpose="staff", state="delivered", peer=PEER, body=words("text", number),
                    template="", lead_id=1, priority=5, due=at, tries=1, created_at=at, sent_at=at, say="",
                )  # fmt: skip
            else:
                insert(
                    db, "letters", peer=PEER, body=words("text", number), kind="text", complete=1, at=at, lead_id=1,
                    reading=reading,
                )  # fmt: skip
        for number in range(notes):
            insert(db, "notes", lead_id=1, at=BEGAN + STEP * number, by="page:Ann", body=words("note", number)[:2000])
        for number in range(lines):
            insert(db, "history", at=BEGAN + STEP * number, subject="lead:1", what=f"line {number}: given to Ann")
