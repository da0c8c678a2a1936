"""A phone system as the first set-up meets it: what its manager port says, and what has to stand in its manager.conf."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MANAGER_PORT: Final = "5038"  # manager.conf.sample
MANAGER_USER: Final = "textback"


class PhoneSystemAnswer(StrEnum):
    """What came of a look at a manager port."""

    UNKNOWN_NAME = "unknown_name"
    NOTHING_LISTENS = "nothing_listens"
    NO_ANSWER = "no_answer"
    SILENT = "silent"  # it takes the connection and says nothing, or no more
    STRANGER = "stranger"  # something else than a manager port
    REFUSED = "refused"  # the login, by its secret or by our address
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True)
class PhoneSystem:
    """A phone system as it answered. `hears`: it tells of what happens; `lists`: it says which calls there are; `too_much`:
    what the manager user may do and need not."""

    answer: PhoneSystemAnswer
    version: str = ""
    calls: int = 0
    hears: bool = False
    lists: bool = False
    too_much: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether the box can work with it."""
        return self.answer is PhoneSystemAnswer.CONNECTED and self.hears and self.lists


def manager_text(user: str, secret: str, address: str) -> str:
    """What belongs into manager.conf for a box at `address`: it may look and not touch (least rights, tried on Asterisk 16 and 22)."""
    mask = "/128" if ":" in address else "/255.255.255.255"
    return "\n".join(
        (
            f"[{user}]",
            f"secret = {secret}",
            "deny = 0.0.0.0/0.0.0.0",
            *(("deny = ::/0",) if ":" in address else ()),
            f"permit = {address}{mask}",
            "read = system,call",
            "write = reporting",
            "writetimeout = 5000",
        )
    )
