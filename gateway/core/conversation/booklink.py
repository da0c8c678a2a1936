"""A booking page of the business's own, told to who is asked for a time."""

from __future__ import annotations

from typing import Final

ASK_TIME: Final = "ask_time"
LINKED: Final = "ask_time_link"


def with_link(template: str, link: str) -> str:
    """The name of the text that names the page, where there is one ("": there is none)."""
    return LINKED if link and template == ASK_TIME else template
