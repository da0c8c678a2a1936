"""Vendors' quirks as data: `config/modems/*.yaml`, one file per family, chosen by what +CGMI and +CGMM say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from drivers.modem.urc import Dialect
from gateway.files import MODEM_PROFILES

FALLBACK = "generic"


class ProfileError(ValueError):
    """A profile that cannot be used; the text names file, entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class InitCommand:
    """A command of the start-up. A refused `required` one makes the modem unusable; any other is skipped."""

    send: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """How one family of modems wants to be treated."""

    name: str
    manufacturer: tuple[str, ...]  # parts of the +CGMI answer, lower case
    model: tuple[str, ...]  # parts of the +CGMM answer, lower case
    init: tuple[InitCommand, ...]
    dialect: Dialect
    cnmi: tuple[str, ...]  # ladder: the first one the modem takes is used
    stores: tuple[str, ...]  # where texts and reports may lie, when AT+CPMS=? does not say
    reset: str
    pin_attempts: str  # command whose answer begins with the PIN attempts left; "" when there is none
    hang_up: tuple[str, ...]
    time_set_up: tuple[str, ...] = ()  # has the network set the modem's clock
    time: tuple[str, ...] = ()  # shows what time the network told


_LISTS = ("manufacturer", "model", "noise", "call_over", "cnmi", "stores", "hang_up", "time_set_up", "time")
_TEXTS = ("reset", "pin_attempts")


def load_profiles(folder: Path | None = None) -> dict[str, Profile]:
    """All profiles of `folder` by name. What a file leaves out is taken from generic.yaml. Raises ProfileError."""
    folder = folder or MODEM_PROFILES
    generic = _read(folder / f"{FALLBACK}.yaml")
    profiles = {}
    for path in sorted(folder.glob("*.yaml")):
        profiles[path.stem] = _profile(path, {**generic, "manufacturer": [], "model": [], **_read(path)})
    return profiles


def choose(profiles: dict[str, Profile], manufacturer: str, model: str, wanted: str | None = None) -> Profile:
    """The profile `wanted` by name, else the one whose manufacturer or model fits, else the generic one."""
    if wanted is not None:
        if wanted not in profiles:
            raise ProfileError(f"modem: unknown profile {wanted!r}; there are {', '.join(sorted(profiles))}")
        return profiles[wanted]
    for of_model in (True, False):  # a model's own profile wins over its manufacturer's
        for profile in profiles.values():
            parts, said = (profile.model, model) if of_model else (profile.manufacturer, manufacturer)
            if any(part in said.lower() for part in parts):
                return profile
    return profiles[FALLBACK]


def _read(path: Path) -> dict[str, object]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # plain strings only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProfileError(f"{path}: cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise ProfileError(f"{path}: must be a list of 'name: value' entries")
    return data


def _profile(path: Path, data: dict[str, object]) -> Profile:
    unknown = sorted(set(data) - {*_LISTS, *_TEXTS, "init"})
    if unknown:
        raise ProfileError(f"{path}: unknown entry {unknown[0]!r}")
    lists = {name: _texts(path, name, data.get(name, [])) for name in _LISTS}
    texts = {name: _text(path, name, data.get(name, "")) for name in _TEXTS}
    if not lists["cnmi"]:
        raise ProfileError(f"{path}: cnmi: needs at least one entry")
    return Profile(
        name=path.stem,
        manufacturer=tuple(part.lower() for part in lists["manufacturer"]),
        model=tuple(part.lower() for part in lists["model"]),
        init=_init(path, data.get("init", [])),
        dialect=Dialect(lists["noise"], lists["call_over"]),
        cnmi=lists["cnmi"],
        stores=lists["stores"],
        reset=texts["reset"],
        pin_attempts=texts["pin_attempts"],
        hang_up=lists["hang_up"],
        time_set_up=lists["time_set_up"],
        time=lists["time"],
    )


def _init(path: Path, value: object) -> tuple[InitCommand, ...]:
    if not isinstance(value, list):
        raise ProfileError(f"{path}: init: must be a list")
    commands = []
    for entry in value:
        if isinstance(entry, dict) and set(entry) <= {"send", "required"} and "send" in entry:
            if (required := entry.get("required", "no")) not in {"yes", "no"}:
                raise ProfileError(f"{path}: init: required: must be yes or no")
            commands.append(InitCommand(_command(path, entry["send"]), required == "yes"))
        else:
            commands.append(InitCommand(_command(path, entry)))
    return tuple(commands)


def _command(path: Path, value: object) -> str:
    text = _text(path, "init", value)
    if not text.upper().startswith("AT"):
        raise ProfileError(f"{path}: init: {text!r} is not an AT command")
    return text


def _texts(path: Path, name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(value):
        raise ProfileError(f"{path}: {name}: must be a list of texts")
    return tuple(_text(path, name, item) for item in value)


def _text(path: Path, name: str, value: object) -> str:
    if not isinstance(value, str) or not value.isascii() or not (value.isprintable()):
        raise ProfileError(f"{path}: {name}: must be a text of printable ASCII characters")
    return value
