"""Which configuration a command of `textback` works with, and how the commands end."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from gateway.settings import Settings, load
from gateway.settings.devices import STATE

EXIT_OK, EXIT_FAILURE, EXIT_USAGE = 0, 1, 2
INSTALLED_CONFIG = Path("/etc/textback/gateway.yaml")
LOCAL_CONFIG = Path("config/gateway.yaml")
USUAL_STATE = Path(STATE.default)


def is_named(options: argparse.Namespace) -> bool:
    """Whether somebody has said which file."""
    return options.config is not None or bool(os.environ.get("TEXTBACK_CONFIG"))


def config_path(options: argparse.Namespace) -> Path:
    """`--config`, else $TEXTBACK_CONFIG, else the installed file, else config/gateway.yaml."""
    if options.config is not None:
        return Path(options.config)
    if named := os.environ.get("TEXTBACK_CONFIG"):
        return Path(named)
    return INSTALLED_CONFIG if INSTALLED_CONFIG.exists() else LOCAL_CONFIG


def state_of(options: argparse.Namespace) -> Path:
    """The state folder; the usual one on a box that is installed and not set up yet. Raises SettingsError."""
    if not is_named(options) and not config_path(options).exists() and INSTALLED_CONFIG.parent.is_dir():
        return USUAL_STATE
    return settings_of(options).state_dir


def settings_of(options: argparse.Namespace) -> Settings:
    """The configuration. Raises SettingsError."""
    return load(config_path(options))


def settings_if_any(options: argparse.Namespace) -> Settings | None:
    """The configuration, or None where none is named and none is in the usual places."""
    return settings_of(options) if is_named(options) or config_path(options).exists() else None


def settings_to_run(options: argparse.Namespace) -> Settings:
    """The configuration; where there is none yet, what the gateway is set up with from its page."""
    from gateway.settings.edit.first import unconfigured

    path = config_path(options)
    if path.exists() or (is_named(options) and not options.setup):
        return load(path)
    if not is_named(options) and INSTALLED_CONFIG.parent.is_dir():
        path = INSTALLED_CONFIG
    return unconfigured(path, os.environ.get("TEXTBACK_PAGE", ""), os.environ.get("TEXTBACK_STATE", ""))
