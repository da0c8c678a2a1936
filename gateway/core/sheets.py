"""What an office changes of the configuration, as a page draws it: sheets of fields, and what came of saving one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A configuration that is in use now. `exchanged`: the parts that were started anew for it; `say` is a sentence for the page."""

    exchanged: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, or doubtful, with a value. `path` is the field's, "" where it is the file's as a whole; `line` counts from 1."""

    path: str
    say: str
    remedy: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving. `problems`: nothing was saved; `doubts` are said of what is in use now. `mark` names the file as it is now."""

    problems: tuple[Complaint, ...] = ()
    doubts: tuple[Complaint, ...] = ()
    say: str = ""
    exchanged: tuple[str, ...] = ()
    mark: str = ""

    @property
    def done(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for. `path` is its name in a form, `label` and `help` are English (the page translates them).

    `kind` is that of `gateway.settings.options.Shape`, "rows" for several sections, or "group". `value` is as it stands in the file,
    "" where it does not; `usual` what counts then. `many`: several values, in `values`.
    """

    path: str
    label: str
    help: str
    kind: str
    value: str = ""
    values: tuple[str, ...] = ()
    usual: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    nothing: bool = False
    many: bool = False
    required: bool = False
    fields: tuple[Field, ...] = ()  # of a section
    rows: tuple[Row, ...] = ()
    named: bool = False  # the rows have names of their own, not numbers


@dataclass(frozen=True, slots=True)
class Row:
    """One of several sections. A `new` one is empty; filled in it is added. `title` is its own name or words."""

    path: str
    title: str
    fields: tuple[Field, ...]
    new: bool = False
    there: bool = True  # it stands in the file: one of the trade's may not


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A sheet in the list of all. `owner_only`: an owner may change it, the office may look at it."""

    key: str
    title: str
    help: str
    owner_only: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is changed together. `mark` names the file that it was drawn from and goes back with the form."""

    link: SheetLink
    fields: tuple[Field, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class RawFile:
    """The whole configuration as text, secrets as stars; they stay when the stars do."""

    path: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A configuration that was in use before: until when, who replaced it, and what was changed then."""

    key: str
    until: datetime
    by: str
    say: str


@dataclass(frozen=True, slots=True)
class TextPreview:
    """How a text would read at its longest, its parts on the wire, and what is wrong with it (`errors`) or doubtful."""

    text: str
    segments: int
    costly: bool  # it needs the alphabet of which a text holds 70 characters
    characters: int
    errors: tuple[Complaint, ...] = ()
    doubts: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the file and the running box stand to each other. `changed`: the file is not the one in use; `problems`: why not."""

    path: str
    setup: bool
    changed: bool
    mark: str
    problems: tuple[Complaint, ...] = ()
    doubts: tuple[Complaint, ...] = ()
