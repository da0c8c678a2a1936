"""What people have to do, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# What a person has to do. The page has a title for each (`web.words.wording.TASK_TITLES`).
TaskKind = Literal["call_back", "wrote", "unsure_text", "not_sent", "texts_refused", "stated_response"]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something a person has to do: call back, decide on an unsure text."""

    id: int
    kind: str  # a TaskKind; rows of another version's database may hold others
    peer: str
    say: str
    created_at: datetime
    call_id: int | None
    text_id: int | None
    due: datetime | None = None  # it is looked at again then
    tries: int = 0  # calls that nobody answered
    upto: str = ""  # how far this has come, for its button (`gateway.core.desk.upto.TaskUpto`)
