"""The page's socket when it speaks HTTPS: whoever comes with plain HTTP is led to the right address, and told so.

The first byte tells: a TLS handshake begins with 0x16 (RFC 8446, 5.1), a request with a letter. It is looked at and left in
the socket, which is then handed to asyncio's TLS, or answered here.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable

_HANDSHAKE = 0x16
_HEAD_BYTES = 8 * 1024
_BACKLOG = 64
_GREETED_AT_ONCE = 100  # connections that have not said a byte, or are being answered here
_OUT_OF_FILES_S = 1.0
_LINE = re.compile(rb"(?:GET|HEAD) (/[!-~]{0,2000}) HTTP/1\.[01]\r\n")
_HOST = re.compile(rb"\r\nHost:[ \t]*([A-Za-z0-9.:_\-\[\]]{1,255})[ \t]*\r\n", re.IGNORECASE)

Factory = Callable[[], asyncio.BaseProtocol]


@contextlib.asynccontextmanager
async def doorway(
    factory: Factory, context: ssl.SSLContext, host: str, port: int, within_s: float
) -> AsyncIterator[int]:
    """Listen while the context is open; gives the port. Raises OSError when the address is taken or not ours."""
    sockets = await _bound(host, port)
    greeted: set[asyncio.Task[None]] = set()
    accepting = [asyncio.create_task(_accept(each, factory, context, within_s, greeted)) for each in sockets]
    try:
        yield sockets[0].getsockname()[1]
    finally:
        for task in (*accepting, *greeted):
            task.cancel()
        await asyncio.gather(*accepting, *greeted, return_exceptions=True)
        for each in sockets:
            each.close()


async def _bound(host: str, port: int) -> list[socket.socket]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _name, address in dict.fromkeys(found):
            each = socket.socket(family, kind, protocol)
            sockets.append(each)
            each.setblocking(False)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            each.bind(address)
            each.listen(_BACKLOG)
    except OSError:
        for each in sockets:
            each.close()
        raise
    return sockets


async def _accept(
    listening: socket.socket,
    factory: Factory,
    context: ssl.SSLContext,
    within_s: float,
    greeted: set[asyncio.Task[None]],
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            guest, _address = await loop.sock_accept(listening)
        except OSError:  # too many open files: those that are silent are closed soon
            await asyncio.sleep(_OUT_OF_FILES_S)
            continue
        if len(greeted) >= _GREETED_AT_ONCE:
            guest.close()
            continue
        guest.setblocking(False)
        task = loop.create_task(_greet(guest, factory, context, within_s))
        greeted.add(task)
        task.add_done_callback(greeted.discard)


async def _greet(guest: socket.socket, factory: Factory, context: ssl.SSLContext, within_s: float) -> None:
    loop = asyncio.get_running_loop()
    handed = False
    try:
        async with asyncio.timeout(within_s):
            if await _first_byte(guest) == _HANDSHAKE:
                handed = True  # asyncio closes it from here on
                await loop.connect_accepted_socket(factory, guest, ssl=context, ssl_handshake_timeout=within_s)
            else:
                await loop.sock_sendall(guest, _answer(await _head(guest)))
    except (OSError, TimeoutError):
        pass  # gone, silent, or no TLS after all: nothing of it concerns anybody
    finally:
        if not handed:
            guest.close()


async def _first_byte(guest: socket.socket) -> int:
    """The first byte, left where it is; -1 when the connection ends before."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(guest, readable.set)
    try:
        await readable.wait()
        return (guest.recv(1, socket.MSG_PEEK) or b"\xff")[0]
    finally:
        loop.remove_reader(guest)


async def _head(guest: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _HEAD_BYTES:
        more = await loop.sock_recv(guest, 2048)
        if not more:
            break
        head += more
    return head


def _answer(head: bytes) -> bytes:
    line, host = _LINE.match(head), _HOST.search(head)
    words = b"This page is served by HTTPS: write https:// in front of its address.\n"
    fields = [
        b"Content-Type: text/plain; charset=utf-8",
        b"Cache-Control: no-store",
        b"X-Content-Type-Options: nosniff",
    ]
    fields += [b"Content-Length: %d" % len(words), b"Connection: close"]
    if line is not None and host is not None:
        status = b"307 Temporary Redirect"
        fields.append(b"Location: https://%s%s" % (host[1], line[1]))
    else:
        status = b"400 Bad Request"
    return b"HTTP/1.1 %s\r\n%s\r\n\r\n%s" % (status, b"\r\n".join(fields), words)
