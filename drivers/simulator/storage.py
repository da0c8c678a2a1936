"""The memories a modem keeps texts in: SIM card (SM), modem (ME), reports (SR)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from drivers.simulator import pdu


class Status(IntEnum):
    """<stat> in PDU mode (TS 27.005 3.1)."""

    UNREAD = 0
    READ = 1
    UNSENT = 2
    SENT = 3


@dataclass(slots=True)
class Stored:
    status: Status
    pdu: str

    @property
    def length(self) -> int:
        return pdu.tpdu_length(self.pdu)


@dataclass(slots=True)
class Memory:
    """One memory. Indexes start at `first` and a freed index is used again, lowest first."""

    name: str
    capacity: int
    first: int = 1
    slots: dict[int, Stored] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.slots) >= self.capacity

    def put(self, hex_text: str, status: Status = Status.UNREAD) -> int:
        """Store and return the index. Raises ValueError when full."""
        if self.full:
            raise ValueError(f"{self.name} is full")
        index = next(index for index in range(self.first, self.first + self.capacity) if index not in self.slots)
        self.slots[index] = Stored(status, hex_text)
        return index

    def delete(self, flag: int) -> None:
        """AT+CMGD delflag 1..4: read; read and sent; read, sent and unsent; everything (TS 27.005 3.5.4)."""
        doomed = {
            1: {Status.READ},
            2: {Status.READ, Status.SENT},
            3: {Status.READ, Status.SENT, Status.UNSENT},
            4: set(Status),
        }[flag]
        self.slots = {index: stored for index, stored in self.slots.items() if stored.status not in doomed}
