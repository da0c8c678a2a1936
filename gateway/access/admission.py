"""`textback logins`: who may use the page, from the command line of the box, for an owner who is locked out.

The running gateway does it, asked through its side door: one who may open that socket may do everything with the box anyway.
A password is typed twice and not shown, or is the first line of what is piped in; it is never an argument, which others on
the machine could read.
"""

from __future__ import annotations

import asyncio
import getpass
from pathlib import Path
from typing import Any, TextIO

from gateway import control
from gateway.access.logins import Logins
from gateway.core.visitors import LoginRow

BY = "the command line"
PATIENCE_S = 30.0  # a hashing on a slow machine that others wait for as well


async def answer(logins: Logins, request: dict[str, Any]) -> dict[str, Any]:
    """What the gateway answers at its side door: `done` a sentence, or `logins`. What cannot be done is an `error`."""
    name, secret = str(request.get("name", "")), str(request.get("password", ""))
    try:
        match request.get("doing"):
            case "list":
                return {"logins": [_told(row) for row in await logins.rows()]}
            case "add":
                await logins.add(name, str(request.get("role", "office")), secret, BY)
                return {"done": f"{name} may use the page"}
            case "password":
                row = await _row(logins, name)
                await logins.set_secret(row.id, secret, BY)
                return {"done": f"{row.name} has another password; every browser of {row.name} is signed out"}
            case "remove":
                row = await _row(logins, name)
                await logins.remove(row.id, BY)
                return {"done": f"{row.name} may not use the page any more"}
            case "sign-out":
                row = await _row(logins, name)
                await logins.end_sessions(row.id, BY)
                return {"done": f"every browser of {row.name} is signed out"}
            case other:
                return {"error": f"unknown request {other!r}"}
    except ValueError as refusal:
        return {"error": str(refusal)}


def run(socket: Path, doing: str, name: str, role: str, out: TextIO, source: TextIO) -> None:
    """Do it and say so; `source` is where a password is typed.

    Raises ValueError with a sentence, `control.NotRunning` and `control.Refused`.
    """
    request: dict[str, object] = {"do": "logins", "doing": doing, "name": name, "role": role}
    if doing != "list" and not name:
        raise ValueError(f"name somebody: textback logins {doing} NAME")
    if doing in ("add", "password"):
        request["password"] = typed_twice(source)
    found = asyncio.run(control.ask(socket, request, PATIENCE_S))
    if doing != "list":
        print(found["done"], file=out)
        return
    if not found["logins"]:
        print("nobody may use the page yet: who opens it first makes himself its owner", file=out)
    for each in found["logins"]:
        who = f", {each['person']} for callers" if each["person"] else ""
        browsers = f"{each['browsers']} browser{'' if each['browsers'] == 1 else 's'} signed in"
        print(f"{each['name']}: {each['role']}{who}, {browsers}", file=out)


def typed_twice(source: TextIO) -> str:
    """A new password. Raises ValueError when it was not typed twice alike, or is missing."""
    if not source.isatty():
        if not (line := source.readline().rstrip("\r\n")):
            raise ValueError("no password came in - type one at the terminal, or pipe it in")
        return line
    first = getpass.getpass("Password or PIN: ")
    if first != getpass.getpass("Once more: "):
        raise ValueError("the two passwords are not the same - nothing was changed")
    return first


def _told(row: LoginRow) -> dict[str, Any]:
    return {"name": row.name, "role": row.role.value, "person": row.person, "browsers": len(row.devices)}


async def _row(logins: Logins, name: str) -> LoginRow:
    wanted = " ".join(name.split()).casefold()
    row = next((row for row in await logins.rows() if row.name.casefold() == wanted), None)
    if row is None:
        raise ValueError(f"nobody called {name[:40]!r} may use the page - “textback logins” lists who may")
    return row
