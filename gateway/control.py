"""The running gateway's side door: a unix socket for `textback status` and `textback send-test`.

One JSON object per line in, one per line out. Only users who may open the socket's folder can speak here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
LINE_LIMIT = 64 * 1024  # bytes of one request


class NotRunning(Exception):
    """No gateway answers at the socket."""


@contextlib.asynccontextmanager
async def serve(path: Path, answer: Answer) -> AsyncIterator[None]:
    """Answer requests at `path` while the context is open."""
    path.unlink(missing_ok=True)

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(await reader.readline())
            if not isinstance(request, dict):
                raise ValueError("not an object")
            reply = await answer(request)
        except (ValueError, asyncio.IncompleteReadError) as error:
            reply = {"error": f"request not understood: {error}"}
        with contextlib.suppress(ConnectionError):
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(speak, path, limit=LINE_LIMIT)
    path.chmod(0o660)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def ask(path: Path, request: dict[str, Any], patience_s: float = 5.0) -> dict[str, Any]:
    """Put one request to the running gateway. Raises NotRunning."""
    try:
        async with asyncio.timeout(patience_s):
            reader, writer = await asyncio.open_unix_connection(path, limit=1024 * 1024)
            writer.write(json.dumps(request).encode() + b"\n")
            await writer.drain()
            line = await reader.readline()
            writer.close()
            await writer.wait_closed()
    except (OSError, TimeoutError) as error:
        raise NotRunning(f"no gateway answers at {path} - is it running? (sudo systemctl status textback)") from error
    reply = json.loads(line)
    assert isinstance(reply, dict)
    return reply
