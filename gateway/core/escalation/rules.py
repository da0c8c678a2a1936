"""What the business has agreed about emergencies: who its people are, and in which order they are told."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.core.escalation.ladder import ONE_PHONE, Rung
from gateway.core.escalation.oncall import OnCall
from gateway.core.escalation.people import OWNER, People, Person


@dataclass(frozen=True, slots=True)
class EscalationRules:
    """`people` beside the owner, who is the person behind `owner_cell`."""

    owner_name: str = ""
    owner_rings: bool = False
    owner_language: str = "en"
    people: tuple[Person, ...] = ()
    rungs: tuple[Rung, ...] = ONE_PHONE
    on_call: OnCall = field(default_factory=OnCall)

    def everybody(self, owner: str | None) -> People:
        """The owner, where his number is known, and the others."""
        if owner is None:
            return People(self.people)
        first = Person(OWNER, self.owner_name, owner, rings=self.owner_rings, language=self.owner_language)
        return People((first, *self.people))
