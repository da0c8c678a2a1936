"""The answers of the first set-up as a configuration: what each step changes in a file, and a short file to judge them by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from gateway.core.phonesystem import MANAGER_PORT, MANAGER_USER
from gateway.core.views.setup import DAYS, Answers, asked_of, has_phone_system
from gateway.settings.edit.data import Bare, Data, put
from gateway.settings.edit.splice import Change

_PLACEHOLDERS = {
    "business": {"name": "Your business", "timezone": "America/New_York", "trade": "general"},
    "line": {"kind": "forwarded", "number": "+12125550100"},
    "hours": {},
}
_ROLES = {"forwarded": "forwarded_line", "sim": "business_line", "asterisk": "text_only"}
_SEVERAL = re.compile(r"[,;\s]+")


def sketch(answers: Mapping[str, Answers], state: str = "") -> str:
    """A configuration that holds the answers and no more, to be judged: the real one has a thousand lines of comments.

    `state` is the folder in which the list of ZIP codes lies; "" for the usual one.
    """
    answers = {**_PLACEHOLDERS, **answers}
    data: Data = {"state": state} if state else {}
    for step in asked_of(answers):
        for change in changes(step, answers):
            if change.value is not None:
                data = put(data, change.path, change.value)
    return _flow(data)


def _flow(data: Data) -> str:
    match data:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {_flow(value)}" for key, value in data.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, data)) + "]"
        case Bare():
            return str(data)
        case _:
            return json.dumps(data or "", ensure_ascii=False)


def changes(step: str, answers: Mapping[str, Answers]) -> Iterator[Change]:
    """What the answers of one step say in a configuration that is there."""
    said = answers.get(step, {})
    match step:
        case "business":
            for name in ("name", "timezone", "trade"):
                if said.get(name):
                    yield Change(("business", name), said[name])
            yield Change(("business", "area_code"), said.get("area_code") or None)
            if said.get("country"):
                yield Change(("business", "country"), said["country"])
        case "line":
            yield Change(("lines", "main", "number"), _line_number(said))
            if answers.get("modem", {}).get("port"):
                yield Change(("modem", "number"), said.get("sim") or None)
                yield Change(("modem", "role"), _ROLES.get(said.get("kind", ""), "text_only"))
            if not has_phone_system(answers):
                yield Change(("asterisk",), None)
            elif "asterisk" in answers:
                yield from changes("asterisk", answers)
        case "asterisk":
            if has_phone_system(answers) and said:
                port = said.get("port") or MANAGER_PORT
                yield Change(("asterisk", "host"), said.get("host") or "127.0.0.1")
                yield Change(("asterisk", "port"), Bare(port) if port.isdecimal() else port)
                yield Change(("asterisk", "username"), said.get("username") or MANAGER_USER)
                yield Change(("asterisk", "secret"), said.get("secret", ""))
        case "hours":
            for day in DAYS:
                windows: list[Data] = list(_windows(said, day))
                yield Change(("hours", day), windows)
        case "area":
            zips: list[Data] = list(_several(said.get("zips", "")))
            cities: list[Data] = list(_cities(said))
            yield Change(("area", "zips"), zips or None)
            yield Change(("area", "cities"), cities or None)
            if said.get("miles") and said.get("around"):
                yield Change(("area", "radius"), {"miles": Bare(said["miles"]), "around": said["around"]})
        case "people":
            yield Change(("business", "owner_cell"), said.get("owner_cell") or None)
            yield Change(("business", "owner_name"), said.get("owner_name") or None)
            people: dict[str, Data] = {
                f"person_{number}": {
                    "name": said.get(f"name_{number}") or f"Person {number}",
                    "phone": said[f"cell_{number}"],
                }
                for number in (1, 2, 3)
                if said.get(f"cell_{number}")
            }
            if people:
                rungs: list[Data] = [
                    {"tell": ["on_call"], "times": Bare("2"), "every": "5 min"},
                    {"tell": list(people), "times": Bare("2"), "every": "5 min"},
                ]
                yield Change(("people",), people)
                yield Change(("escalation", "ladder"), rungs)
        case "services":
            off = set(said.get("off", "").split())
            services: dict[str, Data] = {key: {"off": Bare("yes")} for key in sorted(off)}
            yield Change(("services",), services or None)
        case "modem":
            if said.get("port"):
                line = answers.get("line", {})
                yield Change(("modem", "port"), said["port"])
                yield Change(("modem", "number"), line.get("sim") or None)
                yield Change(("modem", "role"), _ROLES.get(line.get("kind", ""), "text_only"))
        case _:
            return


def _line_number(line: Answers) -> str:
    return line.get("number", "") or (line.get("sim", "") if line.get("kind") == "sim" else "")


def _windows(hours: Answers, day: str) -> tuple[str, ...]:
    begins, ends = hours.get(f"{day}_from", ""), hours.get(f"{day}_to", "")
    return (f"{begins}-{ends}",) if begins or ends else ()


def _several(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _SEVERAL.split(written.strip()) if part))


def _cities(area: Answers) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in re.split(r"[;\n]", area.get("cities", "")) if (each := part.strip())))
