"""Who may knock at all: machines of the office's network, and nobody from the internet unless the owner opens the page.

A box whose port was forwarded by a router, or that stands in a network without one, is found by scanners within hours.
The page is made for a LAN: whoever comes from a public address is refused before anything is read of his request. Private
addresses count as near (RFC 1918), link-local and loopback ones, IPv6's unique local ones (RFC 4193), and 100.64.0.0/10
(RFC 6598): Tailscale and its like give such addresses to the phone of an owner who is on the road. An IPv6 address that is
public by itself counts as near when it is in the same /64 as the address it came to.

The address is that of the connection. What a proxy says in its headers can be written by anybody, and is not read.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import web

from web import guard
from web.access import Endpoint
from web.language import _, asked_for, speak

_NEAR = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fe80::/10", "fc00::/7"),
    )
)
_ONE_LINK = 64  # bits that the machines of one IPv6 network share (RFC 4291, 2.5.4)


def is_near(address: str | None, own: str | None = None) -> bool:
    """Whether a visitor's address is of the office's network. `own`: the address of the box that he has reached."""
    found = _read(address)
    if found is None:
        return False
    if any(found in network for network in _NEAR if network.version == found.version):
        return True
    ours = _read(own)
    if not isinstance(found, ipaddress.IPv6Address) or not isinstance(ours, ipaddress.IPv6Address):
        return False
    return found in ipaddress.ip_network((ours, _ONE_LINK), strict=False)


def own_address(request: web.BaseRequest) -> str | None:
    """The address of the box at which a request came in."""
    name = None if request.transport is None else request.transport.get_extra_info("sockname")
    return str(name[0]) if isinstance(name, tuple) else None


def near_only(everywhere: bool) -> Callable[..., Awaitable[web.StreamResponse]]:
    """The middleware that refuses strangers, with a sentence that tells nothing of the business."""

    @web.middleware
    async def let_in(request: web.Request, handler: Endpoint) -> web.StreamResponse:
        if everywhere or is_near(request.remote, own_address(request)):
            return await handler(request)
        speak(asked_for(request))
        answer = web.Response(
            status=403,
            text=_("This page is for the office's own network. Open it there, or through the office's VPN.") + "\n",
        )
        answer.force_close()
        await guard.harden(request, answer)
        return answer

    return let_in


def _read(address: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
