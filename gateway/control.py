"""The running gateway's side door: a unix socket for `textback status`, `send-test` and their like.

One JSON object per line in, one per line out. Only users who may open the socket's folder can speak here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from gateway.storage.store import StoreDown

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
LINE_LIMIT = 64 * 1024  # bytes of one request
REQUEST_WITHIN_S = 5.0  # our own commands ask at once; whoever connects and says nothing is let go


class NotRunning(Exception):
    """No gateway answers at the socket."""


class Refused(Exception):
    """The gateway has not done what was asked, and says why."""


@contextlib.asynccontextmanager
async def serve(path: Path, answer: Answer) -> AsyncIterator[None]:
    """Answer requests at `path` while the context is open."""
    path.unlink(missing_ok=True)

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_WITHIN_S):
                line = await reader.readline()
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError("not an object")
            reply = await answer(request)
        except (ValueError, RecursionError, TimeoutError, ConnectionError) as error:
            reply = {"error": f"request not understood: {error or 'it never ended'}"}
        except StoreDown as error:
            reply = {"error": str(error)}
        with contextlib.suppress(ConnectionError):
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(speak, path, limit=LINE_LIMIT)
    try:
        path.chmod(0o660)
        yield
    finally:
        server.close()
        with contextlib.suppress(OSError):  # a disk that takes nothing any more keeps nobody from ending
            path.unlink(missing_ok=True)


async def ask(path: Path, request: dict[str, Any], patience_s: float = 5.0) -> dict[str, Any]:
    """Put one request to the running gateway. Raises NotRunning, and Refused with the gateway's sentence."""
    try:
        async with asyncio.timeout(patience_s):
            reader, writer = await asyncio.open_unix_connection(path, limit=1024 * 1024)
            try:
                writer.write(json.dumps(request).encode() + b"\n")
                await writer.drain()
                line = await reader.readline()
            finally:
                writer.close()
            await writer.wait_closed()
    except PermissionError as error:
        raise NotRunning(f"you may not speak to the gateway at {path} - try again with sudo") from error
    except (OSError, TimeoutError) as error:
        raise NotRunning(f"no gateway answers at {path} - start it with “textback run”") from error
    if not line:
        raise NotRunning(f"the gateway at {path} is just stopping - try again in a minute")
    reply = json.loads(line)
    assert isinstance(reply, dict)
    if "error" in reply:
        raise Refused(str(reply["error"]))
    return reply
