"""Templates and static files: what the browser gets, ready as bytes or strings."""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.runtime import Macro
from markupsafe import Markup

from gateway.core.conversation.callwords import hours
from web import language
from web.access import visitor_or_none
from web.language import mark
from web.words import healthwords, leadwords, sentences, settingswords, wording

_HERE = Path(__file__).parent
ROWS_KEPT = 300  # ten pages of the inbox, 0.5 MiB
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

# In the order of the manual's first page.
HELP_PAGES = {
    "setup": mark("Setting up a new box"),
    "leads": mark("Leads: what callers want, and what to do"),
    "review": mark("Review: what is worth a look"),
    "outcomes": mark("What each outcome means"),
    "texts": mark("What the states of a text mean"),
    "modem": mark("The modem light is not green"),
    "data": mark("Backups, and how long things are kept"),
    "line": mark("The office line light is not green"),
    "ringing": mark("Phones that ring in an emergency"),
    "doctor": mark("A check of everything"),
    "outages": mark("Outages, and the time"),
    "health": mark("What each light says"),
    "phone": mark("Your phone as remote control"),
    "conversation": mark("What the box asks, and where you work"),
    "booking": mark("Appointments: what may be booked by text"),
    "emergencies": mark("Emergencies: who is told, and who is on call"),
    "notifications": mark("What you are told of by text"),
    "settings": mark("Settings: hours, texts, people, and how they are changed"),
    "trades": mark("Trades of your own"),
    "page": mark("Using this page"),
    "contacts": mark("Contacts: who is known, and files of them"),
    "people": mark("People of this page"),
    "https": mark("HTTPS: a page that nobody reads along"),
    "install": mark("Installing and upgrading"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file, read once at start."""

    body: bytes
    content_type: str
    etag: str


def read_assets() -> dict[str, Asset]:
    """The files of `web/static`, by name."""
    assets = {}
    for path in sorted((_HERE / "static").iterdir()):
        if path.suffix in _TYPES:
            body = path.read_bytes()
            assets[path.name] = Asset(body, _TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:16])
    return assets


class _Compiled(BytecodeCache):
    """Templates compiled once in the life of the process: with other settings the page is drawn anew, not translated anew."""

    _code: ClassVar[dict[str, types.CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key + bucket.checksum] = bucket.code


class Kept:
    """Rows that were drawn, by all that they are drawn from: twenty pages that show the same draw it once."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, str] = {}

    def drawn(self, macro: Macro, row: Hashable, *moments: str) -> str:
        """What `macro` makes of `row` alone and of how the `moments` in it read now, in the language of this request."""
        key = (macro.name, language.spoken(), row, moments)
        html = self._rows.pop(key, None) or macro(row)
        self._rows[key] = html
        if len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]  # the one that was not shown for longest
        return html


class Drawing:
    """Draws pages for one business."""

    def __init__(self, assets: Mapping[str, Asset], business: str, zone: ZoneInfo, version: str) -> None:
        self._times = wording.LocalTime(zone)
        self.env = Environment(
            loader=FileSystemLoader([_HERE / "templates", _HERE / "help"]),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_Compiled(),
        )
        self.env.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
        self.env.filters.update(
            {
                "name": wording.name,
                "sentence": _said(wording.sentence),
                "full_sentence": _said(wording.full_sentence),
                "phrase": _said(wording.name),
                "pause_reason": _marked(wording.pause_reason),
                "is_set_up_first": wording.is_set_up_first,
                "body": wording.body,
                "beginning": wording.beginning,
                "number": wording.number,
                "diallable": wording.diallable,
                "caller_name": wording.caller_name,
                "call_tone": wording.call_tone,
                "text_tone": wording.text_tone,
                "task_title": wording.task_title,
                "lead_words": leadwords.words,
                "lane": leadwords.lane,
                "urgency": leadwords.urgency,
                "holder": leadwords.holder,
                "step": leadwords.step,
                "emergency_state": leadwords.emergency_state,
                "speaker": leadwords.speaker,
                "labels": leadwords.labels,
                "because": leadwords.because,
                "lead_facts": leadwords.facts,
                "other_number": leadwords.other_number,
                "contact_mark": leadwords.contact_mark,
                "lead_standing": leadwords.standing,
                "lead_outcome": leadwords.outcome_words,
                "money": leadwords.money,
                "person": leadwords.person,
                "fact_title": leadwords.fact_title,
                "fact_value": leadwords.fact_value,
                "told": _marked(leadwords.told),
                "shown": leadwords.shown,
                "device": wording.device,
                "choice": settingswords.choice,
                "option_help": _marked(settingswords.option_help),
                "complaint": _marked(settingswords.complaint),
                "row_words": settingswords.row_words,
                "iso": self._times.iso,
                "weekday": self._times.day,
                "hours": lambda window: hours(window, zone),
                "digest": _digest,
            }
        )
        self.env.globals.update(
            business=wording.name(business),
            version=version,
            look=_digest(version + "".join(asset.etag for asset in assets.values())),
            languages=language.LANGUAGES,
            asset={name: f"/static/{name}?v={asset.etag}" for name, asset in assets.items()},
            outcome=_marked(wording.outcome),
            lights=wording.LIGHTS,
            light_words=wording.LIGHT_WORDS,
            part_title=healthwords.title,
            help_pages=HELP_PAGES,
            standings=leadwords.STANDINGS,
            standing_tones=leadwords.STANDING_TONES,
            outcomes=leadwords.OUTCOMES,
            outcome_help=leadwords.OUTCOME_HELP,
            lanes=leadwords.LANES,
            intents=leadwords.INTENTS,
            needed=leadwords.NEEDED,
            kept=Kept().drawn,
        )
        self._templates = frozenset(self.env.list_templates())
        for template in self._templates:
            self.env.get_template(template)  # a broken template stops the start, not the first visitor

    def has(self, template: str) -> bool:
        """Whether there is such a page."""
        return template in self._templates

    @property
    def look(self) -> str:
        """Changes whenever page, script or style change."""
        return str(self.env.globals["look"])

    @property
    def business(self) -> str:
        """The business's name, as it is shown."""
        return str(self.env.globals["business"])

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return self._times.zone

    def midnight(self, now: datetime) -> datetime:
        """When the business's present day began."""
        return self._times.midnight(now)

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """A page, or a part of one. `now` in `values` is the present moment."""
        now = values["now"]
        assert isinstance(now, datetime)
        return self.env.get_template(template).render({**self._moments(now), "day": self._times.day(now), **values})

    def _moments(self, now: datetime) -> dict[str, Callable[..., object]]:
        """How templates write a moment, and how long ago it was."""
        return {
            "clock": lambda moment: self._times.short(moment, now),
            "waited": lambda moment: leadwords.waited(moment, now),
            "left": lambda moment: leadwords.waited(now, moment),
            "away_words": lambda away: {
                name: leadwords.away("" if until is None else self._times.short(until, now)) for name, until in away
            },
        }

    def trouble(self, request: web.Request, title: str, sentence: str, remedy: str) -> str:
        """A page that says what went wrong and what to do."""
        values = {"title": title, "sentence": sentence, "remedy": remedy, "visitor": visitor_or_none(request)}
        return self.env.get_template("trouble.html").render(lang=language.spoken(), **values)


def _marked(shaped: Callable[..., str]) -> Callable[..., str]:
    """What is shown in English on a page of another language says so to those who have it read aloud (WCAG 3.1.2)."""

    def draw(*raw: str) -> str:
        text = shaped(*raw)
        if language.spoken() == language.DEFAULT or not sentences.is_english(text):
            return text
        return Markup('<span lang="en">{}</span>').format(text)

    return draw


def _said(shaped: Callable[[str], str]) -> Callable[[str], str]:
    """A sentence of the box's own, in the language of the page."""
    return _marked(lambda raw: shaped(sentences.say(raw)))


def _digest(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()[:12]
