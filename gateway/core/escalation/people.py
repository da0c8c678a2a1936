"""The business's own people as an emergency needs them: their telephones, and who is on call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

OWNER: Final = "owner"  # the key of the person behind `owner_cell`
ON_CALL: Final = "on_call"  # in a rung: whoever is on call at that moment


@dataclass(frozen=True, slots=True)
class Person:
    """One of the business's people. `phone` is E.164; `name` is what callers and colleagues read, "" where none is given."""

    key: str
    name: str
    phone: str
    rings: bool = False  # his telephone is rung as well, not only texted
    texts: bool = True  # False: a landline, which is only rung
    language: str = "en"  # of the texts to him: "en" or "es"

    @property
    def title(self) -> str:
        """What he is called at the page, also where no name is given."""
        return self.name or self.key.replace("_", " ").capitalize()

    @property
    def spanish(self) -> bool:
        return self.language == "es"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who may be told, by key; the owner first."""

    everybody: tuple[Person, ...] = field(default=())

    def with_phone(self, phone: str) -> Person | None:
        """Whose number it is."""
        return next((person for person in self.everybody if person.phone == phone), None)

    def reads(self, phone: str) -> bool:
        """Whether a text to that telephone can be read there; a landline of ours cannot show it."""
        person = self.with_phone(phone)
        return person is None or person.texts

    def spanish(self, phone: str) -> bool:
        """Whether who has that number wants his texts in Spanish."""
        person = self.with_phone(phone)
        return person is not None and person.spanish

    def named(self, key: str) -> Person | None:
        """The person of that key."""
        return next((person for person in self.everybody if person.key == key), None)
