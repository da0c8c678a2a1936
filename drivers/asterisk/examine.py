"""One look at a manager port, before a box goes by it: who answers there, whether it lets us in, and what it lets us do.

Nothing is tried again: a refused login counts towards a ban (fail2ban), and whoever asked presses again.
"""

from __future__ import annotations

import asyncio
import socket

from drivers.asterisk.link import LinkLostError, ManagerLink
from drivers.asterisk.messages import Message, MessageParser
from drivers.asterisk.settings import AsteriskSettings
from gateway.core.phonesystem import PhoneSystem, PhoneSystemAnswer

GREETING = b"Asterisk Call Manager/"  # main/manager.c


async def examine(settings: AsteriskSettings) -> PhoneSystem:
    """What the manager port says to a login with these settings, within a quarter of a minute."""
    heard: set[str] = set()

    def hear(message: Message) -> None:
        heard.add(message.event)

    timings = settings.timings
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timings.connect_s):
            _, link = await loop.create_connection(
                lambda: ManagerLink(MessageParser(), hear), settings.host, settings.port
            )
    except (socket.gaierror, UnicodeError):
        return PhoneSystem(PhoneSystemAnswer.UNKNOWN_NAME)
    except ConnectionRefusedError:
        return PhoneSystem(PhoneSystemAnswer.NOTHING_LISTENS)
    except OSError:  # a TimeoutError is one
        return PhoneSystem(PhoneSystemAnswer.NO_ANSWER)
    try:
        return await _look(link, settings, heard)
    except (TimeoutError, LinkLostError):
        return PhoneSystem(_who_is_it(link.greeting))
    finally:
        link.abort("looked at")


async def _look(link: ManagerLink, settings: AsteriskSettings, heard: set[str]) -> PhoneSystem:
    answer_s = settings.timings.answer_s
    login = {"Action": "Login", "Username": settings.username, "Secret": settings.secret, "Events": "system,call"}
    if (await link.ask("examine/login", login, answer_s)).get("Response") != "Success":
        return PhoneSystem(PhoneSystemAnswer.REFUSED)
    core = await link.ask("examine/core", {"Action": "CoreStatus"}, answer_s)
    version = await link.ask("examine/version", {"Action": "CoreSettings"}, answer_s)
    status = await link.ask("examine/status", {"Action": "Status"}, answer_s)
    rights = await link.ask("examine/rights", {"Action": "ListCommands"}, answer_s)
    return PhoneSystem(
        PhoneSystemAnswer.CONNECTED,
        version=version.get("AsteriskVersion")[:40],
        calls=int(calls) if (calls := core.get("CoreCurrentCalls")).isdecimal() else 0,
        hears="FullyBooted" in heard,  # comes right behind the login, to who may read class system
        lists=status.get("Response") == "Success",
        too_much=tuple(name for name in ("Originate", "Command") if rights.get(name)),
    )


def _who_is_it(greeting: bytes) -> PhoneSystemAnswer:
    if not greeting:
        return PhoneSystemAnswer.SILENT
    known = greeting.startswith(GREETING[: len(greeting)])
    return PhoneSystemAnswer.SILENT if known else PhoneSystemAnswer.STRANGER
