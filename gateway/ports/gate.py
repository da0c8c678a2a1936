"""Who is let in to the page (implemented by `gateway.access.logins`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from gateway.core.visitors import LoginRow, Visitor


class SignInRefused(ValueError):
    """Somebody is not let in. `wait_s`: how long until the next try is worth anything."""

    def __init__(self, sentence: str, wait_s: float) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class Gate(Protocol):
    """Who is let in to the page."""

    async def exist(self) -> bool:
        """Whether anybody may use the page yet; while nobody may, the first visitor makes himself the owner."""

    async def visitor(self, token: str) -> Visitor | None:
        """Who is signed in with this cookie; None for nobody."""

    async def sign_in(self, name: str, secret: str, address: str, device: str, browser: str = "") -> str:
        """The cookie of a new session. `browser` is what `browser` once gave to it. Raises SignInRefused."""

    async def browser(self, token: str) -> str:
        """What a browser keeps to show later that this person has signed in there: guessing elsewhere does not keep it out."""

    async def first(self, name: str, secret: str, device: str) -> str:
        """The cookie of the first owner. Raises ValueError with a sentence, also where there is somebody already."""

    async def sign_out(self, token: str) -> None: ...

    async def rows(self, token: str = "") -> Sequence[LoginRow]:
        """Everybody who may use the page; `token` is the cookie of the browser that asks."""

    def people(self) -> Mapping[str, str]:
        """The business's own people by key, as callers read their names."""

    async def add(self, name: str, role: str, secret: str, by: str, person: str = "") -> None: ...

    async def set_secret(self, login_id: int, secret: str, by: str, token: str = "") -> None:
        """Another password; every browser of that person but the one with the cookie `token` is signed out."""

    async def confirm(self, login_id: int, secret: str) -> None:
        """Somebody who is signed in shows once more who he is. Raises SignInRefused."""

    async def set_role(self, login_id: int, role: str, by: str) -> None: ...

    async def set_person(self, login_id: int, person: str, by: str) -> None: ...

    async def set_language(self, login_id: int, language: str) -> None: ...

    async def remove(self, login_id: int, by: str) -> None: ...

    async def end_session(self, session_id: int, by: str, login_id: int | None = None) -> None:
        """Sign a browser out; with `login_id` only when it is that person's."""

    async def end_sessions(self, login_id: int, by: str) -> None:
        """Sign out every browser of somebody."""
