"""What an office changes of the configuration, as a page draws it: sheets of fields, and what came of saving one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


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
class FirstLine:
    """A telephone line as the first questions ask for it; the first one is called main."""

    number: str
    name: str = "main"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class FirstAsterisk:
    """The manager port of an Asterisk. Empty contexts are the usual ones."""

    username: str
    secret: str
    host: str = "127.0.0.1"
    port: str = "5038"
    inbound_contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What a box has to know before its first call, each as a person writes it ("" or () where nothing is said).

    `hours`: day (mon ... sun) -> windows such as 08:00-17:00. `modem_role`: text_only, forwarded_line or business_line.
    """

    business: str
    timezone: str
    trade: str = "general"
    country: str = "US"
    area_code: str = ""
    owner_name: str = ""
    owner_cell: str = ""
    lines: tuple[FirstLine, ...] = ()
    hours: Mapping[str, Sequence[str]] = field(default_factory=dict)
    zips: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    modem_port: str = ""
    modem_number: str = ""
    modem_role: str = "text_only"
    asterisk: FirstAsterisk | None = None
