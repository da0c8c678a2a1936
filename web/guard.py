"""Who may ask the page, and what a browser may do with the answer.

Who is signed in is `web.access`'s business. Three things protect the page from web sites opened on the same PCs:
a name that is not ours is refused (DNS rebinding), a state change needs our own page as its origin and a token that
only our own page knows (cross-site requests), and every answer forbids scripts, frames and styles from elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import socket

from aiohttp import web

COOKIE = "textback_visitor"
SESSION = "textback_session"
USED_BEFORE = "textback_known"
SESSION_AGE_S = 180 * 24 * 3600  # the box itself ends it sooner when nobody uses it
COOKIE_AGE_S = 400 * 24 * 3600  # browsers cap a cookie's life at 400 days (RFC 6265bis 5.5)
# With HTTPS the cookies have names of their own: browsers let no page that came by plain HTTP set one whose name a secure one
# has (RFC 6265bis, 5.7), so that nobody could sign in any more once HTTPS is switched off.
_SECURE = "_secure"
FIELD = "token"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # secrets.token_urlsafe(32)
_USED_BEFORE = re.compile(r"[A-Za-z0-9_.-]{10,120}")
_VISITOR = re.compile(r"[A-Za-z0-9_-]{22}")  # secrets.token_urlsafe(16)
# RFC 9110, 7.2: name or address, then perhaps a port. urlsplit is no judge here: it takes "[::1]evil.example" for ::1.
_HOST = re.compile(r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{1,5})?")

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: that makes browsers send "Origin: null" with our own forms (Fetch standard, 3.2).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Server": "Textback",  # not the versions of our libraries
}


async def harden(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Signal `on_response_prepare`: the security headers on every answer. Nothing is stored unless it says so."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


class Names:
    """The names this box answers to: IP addresses, localhost, its own host name and the configured ones."""

    def __init__(self, configured: frozenset[str]) -> None:
        own = socket.gethostname().split(".")[0]
        names = {"localhost", own, f"{own}.local", *configured}
        self._names = frozenset(name.strip().rstrip(".").lower() for name in names)

    def include(self, host: str) -> bool:
        """Whether a `Host` header (with or without port) is one of ours."""
        match = _HOST.fullmatch(host.lower())
        if match is None:
            return False
        name = (match["address"] or match["name"]).rstrip(".")
        return name in self._names or _is_address(name)


class Tokens:
    """Proof that a form came from a page we drew for this browser: HMAC of the browser's cookies under our secret.

    Somebody who signs in, or out, gets new ones.
    The secret lives as long as the process; a page left open across a restart gets new tokens with its first refresh.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def visitor(self, request: web.Request) -> tuple[str, bool]:
        """The browser's cookie value, and whether it is new and has to be set."""
        value = request.cookies.get(_named(COOKIE, request), "")
        return (value, False) if _VISITOR.fullmatch(value) else (secrets.token_urlsafe(16), True)

    def token(self, visitor: str, session: str = "") -> str:
        """The token for the forms of this browser."""
        return hmac.new(self._secret, f"{visitor} {session}".encode("ascii"), hashlib.sha256).hexdigest()

    def fits(self, request: web.Request, token: str) -> bool:
        """Whether `token` was made by us for the browser that sends `request`."""
        value = request.cookies.get(_named(COOKIE, request), "")
        if not _VISITOR.fullmatch(value):
            return False
        return hmac.compare_digest(self.token(value, session_of(request)).encode(), token.encode("utf-8", "replace"))


def session_of(request: web.Request) -> str:
    """The cookie of somebody who is signed in, as the browser says; "" for none, or one that is not ours."""
    value = request.cookies.get(_named(SESSION, request), "")
    return value if _TOKEN.fullmatch(value) else ""


def set_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Remember that somebody is signed in. Lax: a link in another program of the office opens the page."""
    response.set_cookie(
        _named(SESSION, request),
        token,
        max_age=SESSION_AGE_S,
        httponly=True,
        samesite="Lax",
        path="/",
        secure=request.secure,
    )


def drop_session(request: web.Request, response: web.StreamResponse) -> None:
    """Nobody is signed in any more."""
    response.del_cookie(_named(SESSION, request), path="/", httponly=True, samesite="Lax", secure=request.secure)


def used_before(request: web.Request) -> str:
    """What this browser shows of having been signed in before; "" for nothing."""
    value = request.cookies.get(_named(USED_BEFORE, request), "")
    return value if _USED_BEFORE.fullmatch(value) else ""


def set_used_before(request: web.Request, response: web.StreamResponse, proof: str) -> None:
    """Remember that somebody has signed in here. Shown to the signing in only."""
    response.set_cookie(
        _named(USED_BEFORE, request),
        proof,
        max_age=COOKIE_AGE_S,
        httponly=True,
        samesite="Strict",
        path="/sign-in",
        secure=request.secure,
    )


def set_visitor(request: web.Request, response: web.Response, visitor: str) -> None:
    """Remember the browser. Not `Secure` where the page is plain HTTP on the LAN."""
    response.set_cookie(
        _named(COOKIE, request),
        visitor,
        max_age=COOKIE_AGE_S,
        httponly=True,
        samesite="Strict",
        path="/",
        secure=request.secure,
    )


def from_our_own_page(request: web.Request) -> bool:
    """Whether the browser says that one of our pages made this request.

    A client that says nothing (no browser does so for a POST) is left to the token.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    ours = {f"https://{request.host.lower()}"}  # also where a proxy on this machine speaks HTTPS for us
    if not request.secure:
        ours.add(f"http://{request.host.lower()}")
    return origin is None or origin.lower() in ours


def _named(cookie: str, request: web.Request) -> str:
    return f"{cookie}{_SECURE}" if request.secure else cookie


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
