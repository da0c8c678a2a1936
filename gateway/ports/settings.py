"""What the page may change of the configuration (implemented by `gateway.commands.settingsdesk` and `setup`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from gateway.core.sheets import RawFile, Saved, Sheet, SheetLink, Standing, TextPreview, VersionRow
from gateway.core.views.setup import SetupView


class SettingsDesk(Protocol):
    """What the page changes of the configuration. Whatever cannot be done raises ValueError with a sentence; problems with values
    come back in `Saved`, each with its field. `by` is who acts, `owner` whether that is an owner."""

    async def standing(self) -> Standing:
        """Whether the file is the one in use, and if not what is wrong with it."""

    def sheets(self) -> Sequence[SheetLink]: ...

    async def sheet(self, key: str) -> Sheet: ...

    async def save(self, key: str, form: Mapping[str, Sequence[str]], mark: str, by: str, owner: bool) -> Saved:
        """Save a filled-in sheet that was drawn from the file with that mark, and go by it."""

    async def preview(self, path: str, text: str) -> TextPreview:
        """How the text of a field would read, before it is saved."""

    async def raw(self) -> RawFile: ...

    async def save_raw(self, text: str, mark: str, by: str) -> Saved:
        """The whole file; for owners."""

    async def versions(self) -> Sequence[VersionRow]: ...

    async def former(self, key: str) -> str:
        """A version that was in use before, secrets as stars."""

    async def restore(self, key: str, mark: str, by: str) -> Saved: ...

    async def take_in(self, by: str) -> Saved:
        """Go by the file as it was changed by hand."""


class SetupDesk(Protocol):
    """The first set-up of a box from its page. Every refusal is a ValueError with a sentence."""

    def pending(self) -> bool:
        """Whether there is no configuration yet."""

    async def view(self, *, step: str = "") -> SetupView:
        """How far the set-up is; what only one step shows is read for that step."""

    async def answer(self, step: str, answers: Mapping[str, str], by: str) -> None:
        """Keep the answers of a step; with a configuration they are taken in at once."""

    async def install(self, by: str) -> None:
        """All is answered: write the first configuration and go by it, with texting paused."""

    async def look(self) -> None:
        """Ask the phone system whether it lets us in; the view then tells what it said."""

    async def fetch_places(self) -> None:
        """Fetch the list of ZIP codes from the internet, for an area of so many miles."""

    async def begin_trial(self, to: str, by: str) -> None:
        """Calls of that number are test calls for a quarter of an hour."""

    async def end_trial(self, by: str) -> None: ...

    async def go_live(self, by: str) -> None:
        """Callers are texted from now on; declined while a point of the list has no yes."""
