"""A sheet drawn from the options of the file, and a form of it read back as changes of the file.

Fields are named by their place in the file: `texting.settle`, `holidays[2].date`, `people.dana.phone`; `people[1].name` is somebody
new, and `people.dana.remove` takes one out. Messages of the reading name the same places, so each finds its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.core.business import Business
from gateway.core.sheets import Complaint, Field, Row, Sheet, SheetLink
from gateway.settings.edit.data import NONE, Bare, Data, Path, data_of, found, put, same
from gateway.settings.edit.plan import HELP, SHEETS, TEMPLATES, Plan, label
from gateway.settings.edit.splice import Change
from gateway.settings.edit.written import inline
from gateway.settings.options import Option, Section, Shape, shape_of
from gateway.settings.problems import Problem, SettingsError
from gateway.settings.schema import PARTS, Part
from gateway.settings.yamlnodes import read_nodes

Form = Mapping[str, Sequence[str]]
_PART: Mapping[str, Part] = {part.section.name: part for part in PARTS}
_SHORTHAND = {"services": "label", "questions": "ask", "replies": "text"}  # 'name: words' is 'name: {label: words}'
_NAMED_BY = ("name", "label", "ask", "text")  # what a new row's own name is made of
_COMMA = frozenset(
    {"window", "day", "phone", "number", "choice", "zip", "name", "time"}
)  # no entry of these holds a comma
REMOVE = "remove"


def link_of(plan: Plan) -> SheetLink:
    return SheetLink(plan.key, plan.title, plan.help, plan.owner_only)


def draw(plan: Plan, data: Data, business: Business, mark: str, texts: Sequence[str]) -> Sheet:
    """A sheet as the file has it. `texts`: names of the texts that can be worded anew."""
    fields: list[Field] = []
    for name in plan.holds:
        if name == TEMPLATES:
            inner = tuple(_template(each, data, business) for each in texts)
            fields.append(Field(name, label(name), HELP[name], "group", fields=inner))
        elif "." in name:
            section, _, option = name.partition(".")
            fields.append(_option(_named_option(section, option), (section,), data))
        else:
            fields.append(_part(_PART[name], data, business, _elsewhere(plan, name)))
    return Sheet(link_of(plan), tuple(fields), mark)


def _elsewhere(plan: Plan, name: str) -> frozenset[str]:
    """Options of a section that other sheets have."""
    held = {each for other in SHEETS if other is not plan for each in other.holds}
    return frozenset(each.partition(".")[2] for each in held if each.startswith(f"{name}."))


def _named_option(section: str, name: str) -> Option[Any]:
    return next(option for option in _PART[section].section.options if option.name == name)


def _part(part: Part, data: Data, business: Business, elsewhere: frozenset[str]) -> Field:
    section = part.section
    if part.shape == "section":
        inner = (_option(option, (section.name,), data) for option in section.options if option.name not in elsewhere)
        return Field(section.name, label(section.name), _title(section), "group", fields=tuple(inner))
    there = found(data, (section.name,))
    rows: tuple[Row, ...]
    if part.shape == "named":
        written = named_entries(section.name, there)
        rows = tuple(
            replace(_row(section, f"{section.name}.{key}", title, inner), there=key in written)
            for key, title, inner in _entries(section.name, there, business)
        )
    else:
        listed = [each for each in there if isinstance(each, dict)] if isinstance(there, list) else []
        rows = _numbered(section, section.name, listed)
    return Field(
        section.name,
        label(section.name),
        _title(section),
        "rows",
        rows=(*rows, _blank(section, section.name, part, rows)),
        named=part.shape == "named",
    )


def _title(section: Section) -> str:
    return HELP.get(section.name, section.title)


def _entries(name: str, there: Data, business: Business) -> Iterator[tuple[str, str, dict[str, Data]]]:
    """Rows with names of their own: key, title, options. Services of the trade that the file does not name come behind."""
    entries = named_entries(name, there)
    for key, inner in entries.items():
        service = business.conversation.services.get(key) if name == "services" else None
        yield key, service.label if service else str(inner.get("name") or inner.get("label") or key), inner
    if name == "services" and not isinstance(there, list):
        for key, service in business.conversation.services.items():
            if key not in entries:
                yield key, service.label, {}


def named_entries(name: str, there: Data) -> dict[str, dict[str, Data]]:
    """What stands under names of one's own, each as a section."""
    found_: dict[str, Data] = {}
    if isinstance(there, dict):
        found_ = dict(there)
    elif isinstance(there, list):
        for each in there:
            found_.update(each if isinstance(each, dict) else {str(each): None})
    short = _SHORTHAND.get(name, "")
    entries: dict[str, dict[str, Data]] = {}
    for key, inner in found_.items():
        entries[key] = (
            dict(inner) if isinstance(inner, dict) else {short: inner} if short and isinstance(inner, str) else {}
        )
    return entries


def _numbered(section: Section, path: str, listed: Sequence[dict[str, Data]]) -> tuple[Row, ...]:
    return tuple(_row(section, f"{path}[{count}]", "", inner) for count, inner in enumerate(listed, 1))


def _blank(section: Section, path: str, part: Part | None, rows: Sequence[Row]) -> Row:
    count = 1 if part is not None and part.shape == "named" else len(rows) + 1
    return replace(_row(section, f"{path}[{count}]", "", {}), new=True)


def _row(section: Section, path: str, title: str, inner: dict[str, Data]) -> Row:
    return Row(
        path,
        title,
        tuple(
            _field(option, f"{path}.{option.name}", inner.get(option.name), section.name) for option in section.options
        ),
    )


def _option(option: Option[Any], path: Path, data: Data) -> Field:
    whole = (*path, option.name)
    return _field(option, ".".join(whole), found(data, whole), path[-1])


def _field(option: Option[Any], path: str, value: Data, section: str) -> Field:
    """The field of an option. `path` is its name in a form, `section` where it is described."""
    shape = shape_of(option.kind)
    plain = Field(
        path,
        label(f"{section}.{option.name}"),
        HELP.get(f"{section}.{option.name}", option.meaning),
        shape.kind,
        usual=option.written.strip('"'),
        example=option.example.strip('"'),
        choices=shape.choices,
        low=shape.low,
        high=shape.high,
        nothing=shape.nothing,
        required=option.required,
    )
    if option.inner is not None:
        inner = value if isinstance(value, dict) else {}
        fields = tuple(
            _field(each, f"{path}.{each.name}", inner.get(each.name), option.inner.name)
            for each in option.inner.options
        )
        return replace(plain, kind="section", fields=tuple(replace(each, required=False) for each in fields))
    if shape.kind == "list" and shape.of is not None and shape.of.section is not None:
        several = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
        listed = _numbered(shape.of.section, path, [each for each in several if isinstance(each, dict)])
        return replace(plain, kind="rows", rows=(*listed, _blank(shape.of.section, path, None, listed)))
    if shape.kind == "secret":
        return replace(plain, value="" if value in (None, NONE) else "*")
    if shape.kind == "table":
        lines = tuple(f"{key}: {inline(each)}" for key, each in value.items()) if isinstance(value, dict) else ()
        return replace(plain, values=lines, many=True)
    if shape.kind == "list":
        of = shape.of or Shape()
        all_of_it = value if isinstance(value, list) else [] if value is None else [value]
        words = tuple(each for each in all_of_it if isinstance(each, str))
        return replace(plain, kind=of.kind, values=words, many=True, choices=of.choices, low=of.low, high=of.high)
    return replace(plain, value=value if isinstance(value, str) else "")


def _template(name: str, data: Data, business: Business) -> Field:
    value, path = found(data, (TEMPLATES, name)), f"{TEMPLATES}.{name}"
    written = value if isinstance(value, str) else ""
    usual = "" if written else business.templates.get(name, "")
    return Field(path, label(path), HELP.get(path.removesuffix("_es"), ""), "text", written, usual=usual)


# ---- a form read back


@dataclass(slots=True)
class Filled:
    """What a form asks for. `fields`: beginnings of places in the file as it will be -> the same in the form."""

    changes: list[Change] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


def read(sheet: Sheet, form: Form, data: Data) -> Filled:
    """The changes that a filled-in sheet asks for. What the form does not hold stays as it is in `data`."""
    filled = Filled()
    tops = [each for top in sheet.fields for each in (top.fields if top.kind == "group" else (top,))]
    for each in tops:
        if each.kind == "rows" and "." not in each.path:
            _read_part(each, form, data, filled)
        else:
            path = tuple(each.path.split("."))
            there = found(data, path)
            value = _read(each, form, there, filled)
            if not same(there, value):
                filled.changes.append(Change(path, value))
    return filled


def _read_part(field_: Field, form: Form, data: Data, filled: Filled) -> None:
    there = found(data, (field_.path,))
    if not field_.named:
        value = _read_rows(field_, form, there, filled)
        if not same(there, value):
            filled.changes.append(Change((field_.path,), value if value is not None else []))
        return
    before = named_entries(field_.path, there)
    after = dict(_read_named(field_, form, before, filled))
    if isinstance(there, list):
        whole: list[Data] = [{key: inner} if inner else key for key, inner in after.items() if inner is not None]
        if not same(there, whole):
            filled.changes.append(Change((field_.path,), whole))
        return
    for key, inner in after.items():
        if inner is None and key in before:
            filled.changes.append(Change((field_.path, key), None))
        elif inner is not None and not same(before.get(key, {}), inner):
            filled.changes.append(Change((field_.path, key), inner))


def _read_named(
    field_: Field, form: Form, before: Mapping[str, dict[str, Data]], filled: Filled
) -> Iterator[tuple[str, dict[str, Data] | None]]:
    for row in field_.rows:
        key = "" if row.new else row.path.removeprefix(f"{field_.path}.")
        if not row.new and _ticked(form, f"{row.path}.{REMOVE}"):
            yield key, None
            continue
        inner = _read_row(row, form, before.get(key, {}), filled)
        if not row.new:
            yield key, inner
        elif inner:
            words = next((inner[name] for name in _NAMED_BY if isinstance(inner.get(name), str)), "")
            key = _own_name(str(words), before, field_.path.rstrip("s"))
            filled.fields[f"{field_.path}.{key}"] = row.path
            yield key, inner


def _own_name(words: str, taken: Mapping[str, object], otherwise: str) -> str:
    """A name for the file: "Pool heaters" -> pool_heaters."""
    plain = re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")[:30].strip("_")
    name = plain if plain[:1].isalpha() else f"{otherwise}_{plain}".strip("_")
    count, unique = 2, name
    while unique in taken:
        unique, count = f"{name}_{count}", count + 1
    return unique


def _read_rows(field_: Field, form: Form, there: Data, filled: Filled) -> Data:
    """A list of sections; None where there is none and none was added."""
    several = [there] if isinstance(there, dict) else there if isinstance(there, list) else []
    before = [each for each in several if isinstance(each, dict)]
    after: list[Data] = []
    for count, row in enumerate(field_.rows):
        if not row.new and _ticked(form, f"{row.path}.{REMOVE}"):
            continue
        inner = _read_row(row, form, before[count] if count < len(before) else {}, filled)
        if inner or not row.new:
            after.append(inner)
            filled.fields[f"{field_.path}[{len(after)}]"] = row.path
    if isinstance(there, dict) and len(after) == 1:
        return after[0]
    return after if after or there is not None else None


def _read_row(row: Row, form: Form, before: dict[str, Data], filled: Filled) -> dict[str, Data]:
    after: Data = dict(before)
    for each in row.fields:
        name = each.path.rpartition(".")[2]
        value = _read(each, form, before.get(name), filled)
        after = put(after, (name,), value, remove=value is None)
    assert isinstance(after, dict)
    return after


def _read(field_: Field, form: Form, there: Data, filled: Filled) -> Data:
    """The value that a form gives a field; `there` where it says nothing of it."""
    if field_.kind == "section":
        before = there if isinstance(there, dict) else {}
        inner = _read_row(Row(field_.path, "", field_.fields), form, before, filled)
        return inner or None
    if field_.kind == "rows":
        return _read_rows(field_, form, there, filled)
    if field_.kind == "secret" and _ticked(form, f"{field_.path}.{REMOVE}"):
        return None
    if field_.path not in form:
        return there
    words = [word.strip() for word in form[field_.path]]
    if field_.kind == "table":
        return _read_table(field_, words, there, filled)
    if field_.many:
        separators = r"[\r\n,]+" if field_.kind in _COMMA else r"[\r\n]+"
        entries: list[Data] = [
            _written(field_, each.strip()) for word in words for each in re.split(separators, word) if each.strip()
        ]
        if not entries:
            return [] if field_.usual == "[]" and there is not None else None
        return there if isinstance(there, str) and entries == [there] else entries
    word = " ".join(words[-1].split())
    if not word:
        return there if field_.kind == "secret" else None
    return _written(field_, word)


def _written(field_: Field, word: str) -> Data:
    if field_.nothing and word.casefold() == NONE:
        return NONE
    if field_.kind == "number" and word.isascii() and word.isdigit():
        return Bare(word)
    return word


def _read_table(field_: Field, words: Sequence[str], there: Data, filled: Filled) -> Data:
    text = "\n".join(line for word in words for line in word.splitlines() if line.strip())
    if not text:
        return None
    try:
        return data_of(read_nodes(text, "")[0])
    except SettingsError as error:
        problem = error.problems[0]
        filled.complaints.append(Complaint(field_.path, problem.what, "write a line such as 'name: value' for each"))
        return there


def _ticked(form: Form, name: str) -> bool:
    return any(form.get(name, ()))


# ---- what is said of a file, at its field

_PLACE = re.compile(r"[a-z_]\w*(?:\.\w+|\[\d+\])*(?=: )", re.ASCII)


def complaint(problem: Problem, fields: Mapping[str, str] | None = None) -> Complaint:
    """A problem of the reading as one of a field; `fields` as in `Filled`."""
    place = _PLACE.match(problem.what)
    if place is None:
        return Complaint("", problem.what, problem.remedy, problem.line)
    path, say = place[0], problem.what[place.end() + 2 :]
    for begins, shown in sorted((fields or {}).items(), key=lambda each: -len(each[0])):
        if path == begins or path.startswith((f"{begins}.", f"{begins}[")):
            return Complaint(shown + path[len(begins) :], say, problem.remedy, problem.line)
    return Complaint(path, say, problem.remedy, problem.line)
