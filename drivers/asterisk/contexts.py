"""Which dialplan contexts mean a call from outside, and which a call from one of our own phones."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

# FreePBX's own names first, then those of the hand-written dialplans on docs.asterisk.org and in trunk providers' guides.
DEFAULT_INBOUND = (
    "from-trunk", "from-trunk-*", "from-pstn", "from-pstn-*", "from-did", "from-did-*", "from-dahdi", "from-zaptel", "from-analog",
    "from-digital", "from-sip-external", "from-external", "from-outside", "from-provider", "incoming*", "inbound*", "ext-did*",
)  # fmt: skip
DEFAULT_INTERNAL = (
    "from-internal*",
    "internal*",
    "from-phones*",
    "from-extensions*",
    "click-to-call*",
    "outbound*",
    "outgoing*",
)


def is_among(context: str, patterns: Iterable[str]) -> bool:
    """Whether the context is one of the names or shell-style patterns, letter case aside."""
    low = context.lower()
    return any(fnmatchcase(low, pattern.lower()) for pattern in patterns)
