"""Tools that a test may want and a machine may lack: skipped there, but never where everything must run."""

from __future__ import annotations

import os

import pytest


def everything_must_run() -> bool:
    """CI=true means that all tools are there."""
    return os.environ.get("CI") == "true"


def need(is_here: object, missing: str) -> None:
    """Go on if the tool is here. Else skip the test, or fail it under CI=true; `missing` says what is missing and how to get it."""
    if is_here:
        return
    if everything_must_run():
        pytest.fail(f"CI=true, and {missing}", pytrace=False)
    pytest.skip(missing)
