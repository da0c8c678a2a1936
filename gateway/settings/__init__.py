"""The configuration: one YAML file in, `Settings` out, or every problem with its line and remedy."""

from __future__ import annotations

from gateway.settings.load import load, parse
from gateway.settings.problems import Problem, SettingsError
from gateway.settings.values import (
    AsteriskConfig,
    CalendarConfig,
    CalendarKind,
    Contact,
    LogConfig,
    LogLevel,
    ModemConfig,
    PageConfig,
    RingingConfig,
    RingVia,
    Role,
    Settings,
)

__all__ = [
    "AsteriskConfig",
    "CalendarConfig",
    "CalendarKind",
    "Contact",
    "LogConfig",
    "LogLevel",
    "ModemConfig",
    "PageConfig",
    "Problem",
    "RingVia",
    "RingingConfig",
    "Role",
    "Settings",
    "SettingsError",
    "load",
    "parse",
]
