"""Passwords and PINs of the page, kept as scrypt (RFC 7914), and the tokens of its sessions.

A stored secret reads `scrypt$N$r$p$salt$hash`, salt and hash in base64: the cost can be raised later without locking
anybody out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

# OWASP's Password Storage Cheat Sheet asks for N=2^17, r=8, p=1 (128 MiB), and allows N=2^14, r=8, p=5 (16 MiB) where memory is
# short: a Pi that handles calls is. About 0.3 s on a Pi 4.
N, R, P = 2**14, 8, 5
SALT_BYTES, HASH_BYTES = 16, 32
MAX_MEMORY = 64 * 1024 * 1024
SHORTEST = 6  # a PIN of six digits outlasts the few tries an hour that the page allows by years
LONGEST = 200
_EASY = frozenset({"password", "passwort", "textback", "letmein", "qwerty", "admin123", "contrasena", "contraseña"})


def judge(secret: str, name: str) -> str:
    """Why a password cannot be used, in a sentence; "" when it can."""
    plain = secret.strip().lower()
    if len(secret) < SHORTEST:
        return f"a password, or PIN, has at least {SHORTEST} characters"
    if len(secret) > LONGEST:
        return f"a password has at most {LONGEST} characters"
    if len(set(plain)) < 3 or plain in _EASY or plain in "01234567890123456789" or plain in "98765432109876543210":
        return "this one is guessed at once - take another one"
    if plain == name.strip().lower():
        return "the name is no password - take another one"
    return ""


def hashed(secret: str) -> str:
    """`secret` as it is kept. Takes 16 MiB and a noticeable time: call it in a thread."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.scrypt(secret.encode(), salt=salt, n=N, r=R, p=P, maxmem=MAX_MEMORY, dklen=HASH_BYTES)
    return "$".join(("scrypt", str(N), str(R), str(P), _text(salt), _text(digest)))


def fits(secret: str, kept: str) -> bool:
    """Whether `secret` is the one that `kept` was made of. Call it in a thread. A damaged `kept` fits nothing."""
    try:
        kind, n, r, p, salt, digest = kept.split("$")
        wanted = base64.b64decode(digest)
        found = hashlib.scrypt(
            secret[:LONGEST].encode("utf-8", "replace"),
            salt=base64.b64decode(salt),
            n=int(n),
            r=int(r),
            p=int(p),
            maxmem=MAX_MEMORY,
            dklen=len(wanted),
        )
    except ValueError:
        return False
    return kind == "scrypt" and hmac.compare_digest(found, wanted)


def new_token() -> str:
    """A session's cookie: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a session's cookie."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
