"""The simulated office of `tests.trouble`."""

from __future__ import annotations

from tests.trouble.conftest import hurry, modem, pbx

__all__ = ["hurry", "modem", "pbx"]
