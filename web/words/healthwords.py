"""What is wrong with the box, in words for a contractor: each part and each trouble with what it means for callers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway.core.events import Health, HealthReport
from gateway.core.views.box import BoxState
from gateway.core.views.setup import HOLDS
from web.language import _, mark, ngettext
from web.words import sentences, wording

LIGHTS = {Health.UP: "good", Health.STARTING: "warn", Health.DEGRADED: "warn", Health.DOWN: "bad"}
WORDS = {
    Health.UP: mark("Working"),
    Health.STARTING: mark("Starting"),
    Health.DEGRADED: mark("Needs a look"),
    Health.DOWN: mark("Not working"),
}
TITLES = {
    "asterisk": mark("Office line"),
    "modem": mark("Modem"),
    "store": mark("Records"),
    "history": mark("Records"),
    "clock": mark("Clock"),
    "page": mark("This page"),
    "control": mark("Command line"),
    "sender": mark("Sending"),
    "ringing": mark("Ringing phones"),
    "configuration": mark("Settings"),
    "setup": mark("Set-up"),
    "backup": mark("Backup"),
    "program": mark("The program itself"),
}
HELP = {
    "modem": "/help/modem",
    "asterisk": "/help/line",
    "ringing": "/help/ringing",
    "calendar": "/help/booking#calendars",
    "setup": "/setup",
    "store": "/help/health#store",
    "history": "/help/health#store",
    "clock": "/help/health#clock",
    "backup": "/help/data",
    "program": "/help/health#program",
}
# What it means for callers while a part does not work.
_MEANS = {
    "modem": mark(
        "Missed calls are still seen. Texts wait; whoever waits too long is on the call-back list meanwhile."
    ),
    "asterisk": mark("Callers get through to your phones as always, but who is missed is not seen here meanwhile."),
    "store": mark("No caller is texted meanwhile. Your phones ring as always."),
    "clock": mark("Missed calls are on the call-back list meanwhile."),
    "page": mark("Callers notice nothing."),
    "control": mark("Callers notice nothing."),
    "ringing": mark("Callers notice nothing. Your people are texted in an emergency, and not rung."),
    "calendar": mark("Windows are offered by what is known; where that is not sure, you confirm."),
    "configuration": mark("Callers are texted by the settings from before."),
    "setup": mark("Your phones ring as always; nobody is texted."),
    "backup": mark("Callers notice nothing."),
    "program": mark("Callers notice little: a text may come some seconds later."),
}
# `texts.state` and `alerts.state` of what our own people are told.
TOLD = {
    "queued": mark("waits to be sent"),
    "submitting": mark("is being sent"),
    "accepted": mark("sent"),
    "delivered": mark("delivered to the phone"),
    "undelivered": mark("not delivered"),
    "failed": mark("not sent"),
    "expired": mark("too late to send"),
    "cancelled": mark("not needed any more"),
    "unconfirmed": mark("not sure whether it went out"),
    "dialling": mark("is being rung"),
    "rang": mark("rang, nobody pressed the key"),
    "withdrawn": mark("not needed any more"),
}
_CALENDAR = "calendar "  # the beginning of the component; its name follows
_BARS = ((-73, mark("very good")), (-85, mark("good")), (-95, mark("fair")), (-105, mark("weak")))
_DBM = re.compile(r"(-\d{2,3}) dBm")
_LITTLE_ROOM = 200_000_000  # bytes: a day's records have one or two, an upgrade of the box some hundred million
FEW_TEXTS = 10  # fewer than these say nothing of the week
POOR_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the box, or one trouble. `light`: good, warn or bad; `since` None where it is so at this moment only."""

    key: str
    title: str
    light: str
    word: str
    say: str
    remedy: str = ""
    means: str = ""
    since: datetime | None = None
    help: str = ""
    signal: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def items(reports: Sequence[HealthReport], state: BoxState) -> list[Item]:
    """Everything there is to say, the worst first."""
    found = [*map(part, reports), *_troubles(state)]
    order = {"bad": 0, "warn": 1, "good": 2}
    return sorted(found, key=lambda item: order[item.light])


def part(report: HealthReport) -> Item:
    """One component, as it has reported."""
    kind = _kind(report)
    fine = report.health is Health.UP
    return Item(
        key=report.component,
        title=title(report.component),
        light=LIGHTS[report.health],
        word=_(WORDS[report.health]),
        say=report.say,
        remedy=report.remedy,
        means="" if fine or report.health is Health.STARTING else _(_MEANS.get(kind, "")),
        since=report.at,
        help="" if fine else HELP.get(kind, "/help/health"),
        signal=_fact(report.facts.get("signal", "")) if fine else "",
        facts={_FACTS.get(key, key): _fact(value) for key, value in report.facts.items()},
    )


def title(component: str) -> str:
    """A component as the page calls it; one with a name of its own by that."""
    if component.startswith(_CALENDAR):
        return _("Calendar “%(name)s”") % {"name": component.removeprefix(_CALENDAR)}
    return _(TITLES[component]) if component in TITLES else wording.sentence(component.replace("_", " "))


def _kind(report: HealthReport) -> str:
    """A second modem has a name of its own, and the facts of a modem."""
    if report.component in TITLES:
        return report.component
    if report.component.startswith(_CALENDAR):
        return "calendar"
    return "modem" if "signal" in report.facts or "model" in report.facts else report.component


_FACTS = {
    "signal": "Signal",
    "model": "Model",
    "profile": "Kind of modem",
    "delivery reports": "Tells of delivery",
    "last read": mark("Last read"),
    "backups": mark("Backups kept"),
    "size": mark("Size"),
    "newest": mark("Newest backup"),
    "memory": mark("Memory in use"),
    "longest wait": mark("Longest wait of the last minute"),
}


def _fact(value: str) -> str:
    if (found := _DBM.fullmatch(value)) is None:
        return value
    level = int(found[1])
    word = next((word for least, word in _BARS if level >= least), mark("very weak"))
    return f"{_(word)} ({value})"


def _troubles(state: BoxState) -> Iterator[Item]:
    """What no single part reports."""

    def item(key: str, light: str, head: str, say: str, remedy: str, **more: object) -> Item:
        word = _(WORDS[Health.DOWN]) if light == "bad" else _(WORDS[Health.DEGRADED])
        return Item(key, head, light, word, say, remedy, **more)  # type: ignore[arg-type]

    if not state.told.steps:
        yield item(
            "nobody",
            "bad",
            _("Emergencies"),
            _("Nobody is told of an emergency: no phone of your people is set up for it."),
            _("Write your cell phone into the settings: owner_cell under business."),
            means=_("A caller with an emergency hears that nobody could be told, and is asked to call."),
            help="/help/emergencies",
        )
    if state.gone.nobody_told:
        yield item(
            "away",
            "warn",
            _("Emergencies"),
            _("Everybody whom an emergency is told is away. All of them are told all the same."),
            _("Say “Back now” of one of them, or let somebody else be told: escalation in the settings."),
            means=_("Callers notice nothing, unless nobody answers."),
            help="/away",
        )
    if state.gone.rules:
        yield item(
            "away-leads",
            "warn",
            _("Leads"),
            _("Everybody to whom rule %(rules)s of the settings gives leads is away. They get them all the same.")
            % {"rules": ", ".join(map(str, state.gone.rules))},
            _("Say “Back now” of one of them, or put somebody else into the rule: leads in the settings."),
            means=_("Callers may wait longer for an answer."),
            help="/away",
        )
    if state.pause is not None:
        yield item(
            "pause",
            "warn",
            _("Texting"),
            _("Texting is paused %(why)s.") % {"why": _by_whom(state.pause.say)},
            _("Say yes to each point at the end of the set-up.")
            if state.pause.say == HOLDS
            else _("Switch texting on again when it should go on."),
            means=_("Missed calls are listed, and nobody is texted."),
            since=state.pause.since,
            help="/setup/go-live" if state.pause.say == HOLDS else "",
        )
    if state.shadow is not None or state.watches_only:
        yield item(
            "shadow",
            "warn",
            _("Texting"),
            _("The box only watches: it notes who would have been texted, and texts nobody."),
            _("Let it text when you have seen enough: authority in the settings."),
            means=_("Missed calls are listed, and nobody is texted."),
            help="/help/conversation#authority",
        )
    if state.unsure:
        yield item(
            "unsure",
            "warn",
            _("Texts in doubt"),
            ngettext(
                "One text may or may not have gone out.",
                "%(num)d texts may or may not have gone out.",
                state.unsure,
            )
            % {"num": state.unsure},
            _("Say on today's page whether it arrived, or have it sent again."),
            means=_("The box sends no text twice by itself."),
            help="/help/texts#unconfirmed",
        )
    week = state.week
    if week.judged >= FEW_TEXTS and week.delivered < POOR_SHARE * week.judged:
        yield item(
            "delivery",
            "warn",
            _("Delivery"),
            _("Only %(share)d %% of this week's texts have reached a phone.") % {"share": share(state)},
            _("Look at the texts that did not arrive. Many of one carrier: ask yours whether it blocks the SIM."),
            means=_("Whoever could not be reached by text is on the call-back list."),
            help="/help/texts",
        )
    if state.free_bytes is not None and state.free_bytes < _LITTLE_ROOM:
        yield item(
            "disk",
            "warn",
            _("Disk"),
            _("The disk is nearly full: %(room)d MB are left.") % {"room": state.free_bytes // 1_000_000},
            _("Delete files on the box, or put in a larger card."),
            means=_("When it is full, nobody is texted."),
            help="/help/health#store",
        )


def _by_whom(say: str) -> str:
    """A pause by a person is stored as "by Ann"; by the box itself as the reason."""
    said = wording.name(sentences.say(say))
    return said if say.startswith("by ") else f"({said})"


def share(state: BoxState) -> int:
    """Per cent of the week's texts that have reached a phone, of those of which it is known."""
    return round(100 * state.week.delivered / state.week.judged) if state.week.judged else 0


def minutes(seconds: float) -> str:
    """After how long somebody is told."""
    count = round(seconds / 60)
    if not count:
        return _("at once")
    return _("after %(num)d min") % {"num": count}


def told(state: str, say: str) -> str:
    """What became of telling somebody."""
    return sentences.say(say) or (_(TOLD[state]) if state in TOLD else state)
