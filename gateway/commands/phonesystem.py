"""The phone system's side of the first set-up: what has to stand in its manager.conf, and whether it lets the box in."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from gateway.core.phonesystem import MANAGER_PORT, MANAGER_USER, PhoneSystem, PhoneSystemAnswer, manager_text
from gateway.core.views.setup import MADE, Answers

HIDDEN = "********"
HERE = "127.0.0.1"
SECRET_BYTES = 18  # 24 characters of letters, digits, - and _: none of them means anything in manager.conf
_ANYWHERE = "192.0.2.1"  # documentation (RFC 5737): only the route there is asked for, nothing is sent

# Asks a manager port: host, port, user, secret.
Examine = Callable[[str, int, str, str], Awaitable[PhoneSystem]]


class PhoneSystemSide:
    """Looks at a phone system when somebody asks for it; `looked` is what it said last, as long as the box runs."""

    def __init__(self, examine: Examine) -> None:
        self._examine = examine
        self.looked: PhoneSystem | None = None

    @property
    def lets_in(self) -> bool:
        """Whether the last look ended behind the login."""
        return self.looked is not None and self.looked.answer is PhoneSystemAnswer.CONNECTED

    def secret(self) -> str:
        """A new one, that nobody can guess."""
        return secrets.token_urlsafe(SECRET_BYTES)

    async def look(self, said: Answers) -> None:
        """Ask it. Raises ValueError for answers with which nobody can be asked."""
        port = said.get("port") or MANAGER_PORT
        if not said.get("secret") or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError("the secret or the port is missing - fill the fields in and save them")
        self.looked = await self._examine(
            said.get("host") or HERE, int(port), said.get("username") or MANAGER_USER, said["secret"]
        )

    async def paste(self, answers: Mapping[str, Answers]) -> str:
        """What belongs into manager.conf. A secret that somebody has typed, or that is in use there, is not shown."""
        said = answers.get("asterisk", {})
        made = answers.get(MADE, {}).get("secret", "")
        shown = made if made and said.get("secret", made) == made else HIDDEN
        address = await asyncio.to_thread(own_address, said.get("host") or _ANYWHERE)
        return manager_text(said.get("username") or MANAGER_USER, shown, address)

    def is_here(self, answers: Mapping[str, Answers]) -> bool:
        """Whether the phone system runs on the box itself, as far as was said."""
        host = answers.get("asterisk", {}).get("host", HERE)
        if host == "localhost":
            return True
        with suppress(ValueError):
            return ipaddress.ip_address(host or HERE).is_loopback
        return False


def own_address(peer: str) -> str:
    """Our own address, as `peer` sees it; of a name that nobody knows, that of the usual network. Asks the kernel and sends nothing."""
    for there in (peer, _ANYWHERE):
        with suppress(OSError, UnicodeError):
            family, kind, protocol, _, address = socket.getaddrinfo(there, 9, type=socket.SOCK_DGRAM)[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.connect(address)
                return str(probe.getsockname()[0])
    return HERE
