"""The words of the set-up: its steps, what becomes of a test call, and what somebody says yes to before going live."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.core.events import Health, HealthReport
from gateway.core.phonesystem import PhoneSystem, PhoneSystemAnswer
from gateway.core.views.box import BoxState
from gateway.core.views.setup import DAYS, SetupView, Trial, TrialCall
from web import language
from web.language import _, mark, ngettext
from web.words import sentences, wording

TITLES = {
    "business": mark("Your business"),
    "line": mark("Your phone line"),
    "asterisk": mark("Your phone system"),
    "hours": mark("Opening hours"),
    "area": mark("Where you work"),
    "people": mark("Who is told"),
    "services": mark("What you do"),
    "texts": mark("The first texts"),
    "modem": mark("The modem"),
    "forwarding": mark("Forwarding"),
    "others": mark("Other automatic texts"),
    "test-text": mark("A test text"),
    "test-call": mark("Call your number"),
    "go-live": mark("Go live"),
}
# The trades that come along; one of an office's own is called as its file calls it.
TRADES = {
    "cleaning": mark("Cleaning"),
    "electrical": mark("Electrical"),
    "garage_door": mark("Garage door"),
    "general": mark("General"),
    "hvac": mark("Heating and air conditioning"),
    "locksmith": mark("Locksmith"),
    "painting": mark("Painting"),
    "plumbing": mark("Plumbing"),
    "roofing": mark("Roofing"),
}
WEEKDAYS = {
    "mon": mark("Monday"),
    "tue": mark("Tuesday"),
    "wed": mark("Wednesday"),
    "thu": mark("Thursday"),
    "fri": mark("Friday"),
    "sat": mark("Saturday"),
    "sun": mark("Sunday"),
}
ZONES = {
    "America/New_York": mark("Eastern time (New York)"),
    "America/Chicago": mark("Central time (Chicago)"),
    "America/Denver": mark("Mountain time (Denver)"),
    "America/Phoenix": mark("Arizona"),
    "America/Los_Angeles": mark("Pacific time (Los Angeles)"),
    "America/Anchorage": mark("Alaska"),
    "Pacific/Honolulu": mark("Hawaii"),
    "America/Puerto_Rico": mark("Puerto Rico"),
    "America/Halifax": mark("Atlantic time (Halifax)"),
    "Europe/London": mark("London"),
}
TEXT_NAMES = {
    "open": mark("In opening hours"),
    "after_hours": mark("After hours"),
    "weekend": mark("On a weekend"),
    "holiday": mark("On a holiday"),
    "storm": mark("In a storm"),
    "vip": mark("To a VIP"),
}


@dataclass(frozen=True, slots=True)
class Live:
    """One step of a test call. `tone`: good, busy, warn, bad, or idle while it is not its turn."""

    title: str
    tone: str
    say: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list before going live: what is so now, and where it is changed."""

    key: str
    title: str
    say: str
    link: str
    fine: bool = True


def trade(key: str, name: str) -> str:
    """What a trade is called."""
    return _(TRADES[key]) if key in TRADES else name


def services(view: SetupView) -> list[tuple[str, str]]:
    """The menu of the trade in the language of this request: keys and labels."""
    spanish = language.spoken() == "es"
    return [(key, label_es if spanish else label) for key, label, label_es in view.services]


def _told(say: str) -> str:
    """A sentence of the records in the language of this request."""
    return wording.full_sentence(sentences.say(say))


def looked(system: PhoneSystem | None) -> list[Live]:
    """What a phone system said when it was asked, step by step."""
    if system is None:
        return []
    titles = [_("Reached"), _("Login"), _("Tells of calls"), _("Says which calls there are")]
    done = list(_looked(system))
    rest = [Live(title, "idle") for title in titles[len(done) :]]
    return [Live(title, step.tone, step.say, step.remedy) for title, step in zip(titles, done, strict=False)] + rest


def _looked(system: PhoneSystem) -> Iterator[Live]:
    if system.answer not in (PhoneSystemAnswer.CONNECTED, PhoneSystemAnswer.REFUSED):
        say, remedy = _NOT_REACHED[system.answer]
        yield Live("", "bad", _(say), _(remedy))
        return
    yield Live("", "good", _("Asterisk's manager port answers."))
    if system.answer is PhoneSystemAnswer.REFUSED:
        yield Live(
            "",
            "bad",
            _("Asterisk refuses the login."),
            _(
                "Paste the text above into manager.conf anew, with this user, this secret and this box's address behind “permit”, "
                "then run “manager reload”. After several tries Asterisk's own protection may shut the box out for a while."
            ),
        )
        return
    version = _("Asterisk %(version)s") % {"version": system.version} if system.version else ""
    if system.too_much:
        say = _("This user may do more than the box needs: %(what)s.") % {"what": ", ".join(system.too_much)}
        yield Live(
            "", "warn", f"{version}. {say}" if version else say, _("Write exactly the text above into manager.conf.")
        )
    else:
        yield Live("", "good", version)
    yield _right(system.hears, "read = system,call")
    yield _right(system.lists, "write = reporting")


def _right(there: bool, line: str) -> Live:
    if there:
        return Live("", "good")
    remedy = _("Write “%(line)s” for this user into manager.conf, then run “manager reload”.") % {"line": line}
    return Live("", "bad", _("This user is not allowed to."), remedy)


_NOT_REACHED = {
    PhoneSystemAnswer.UNKNOWN_NAME: (
        mark("That name is not known on this network."),
        mark("Write the phone system's IP address instead."),
    ),
    PhoneSystemAnswer.NOTHING_LISTENS: (
        mark("Nothing listens there."),
        mark(
            "Does Asterisk run? Under [general] of manager.conf there has to be “enabled = yes”, and on another machine than "
            "this box also “bindaddr = 0.0.0.0”; then run “manager reload”."
        ),
    ),
    PhoneSystemAnswer.NO_ANSWER: (
        mark("Nobody answers at that address."),
        mark(
            "Is the address right, and the phone system on? Its firewall has to let this box in at that port; on FreePBX make "
            "the box's address trusted under Connectivity, Firewall, Networks."
        ),
    ),
    PhoneSystemAnswer.SILENT: (
        mark("Something takes the connection and says nothing."),
        mark("Try again in a minute; if it stays so, restart Asterisk."),
    ),
    PhoneSystemAnswer.STRANGER: (
        mark("What answers there is not Asterisk's manager port."),
        mark("Look up the port in manager.conf; it is 5038 unless that file says otherwise."),
    ),
}


def live_steps(trial: Trial | None, now: datetime, link: HealthReport | None = None) -> list[Live]:
    """What has become of the newest test call, step by step. `link`: that to the phone system which sees the calls."""
    return [*_link(link), *_live(trial, now)]


def _link(link: HealthReport | None) -> Iterator[Live]:
    if link is None:
        return
    if link.health is Health.UP:
        yield Live(_("Your phone system"), "good", _("It tells the box of each call."))
    else:
        yield Live(_("Your phone system"), "bad", _told(link.say), _told(link.remedy))


def _live(trial: Trial | None, now: datetime) -> list[Live]:
    titles = [
        _("Call seen"),
        _("Caller's number"),
        _("Call over"),
        _("Text handed to the modem"),
        _("Taken by the network"),
        _("Delivered to the phone"),
    ]
    done = list(_steps(trial, now)) if trial is not None else []
    rest = [Live(title, "idle") for title in titles[len(done) :]]
    return [Live(title, step.tone, step.say, step.remedy) for title, step in zip(titles, done, strict=False)] + rest


def _steps(trial: Trial, now: datetime) -> Iterator[Live]:
    seen = next((call for call in trial.calls if call.ours), None) or next(iter(trial.calls), None)
    if seen is None:
        yield Live("", "busy", _("Waiting for your call."))
        return
    yield Live("", "good", _("A call came in."))
    number = _number(seen)
    yield number
    if not seen.ours:
        return
    yield from _after(seen, now)


def _number(seen: TrialCall) -> Live:
    shown = wording.number(seen.call.caller)
    if seen.ours:
        return Live("", "good", shown)
    if seen.hidden:
        return Live(
            "",
            "bad",
            _("The call shows your own line as its caller: the forwarding hides who rang."),
            _("Ask your phone company to pass on the caller's own number when it forwards a call."),
        )
    if seen.call.caller == "withheld number":
        return Live(
            "",
            "bad",
            _("The call came without a number."),
            _("Switch on “show my number” on the phone you call from, and call again."),
        )
    return Live(
        "",
        "warn",
        _("%(number)s is not the number that is being tested.") % {"number": shown},
        _("Call from the phone above, or begin the test with that number."),
    )


def _after(seen: TrialCall, now: datetime) -> Iterator[Live]:
    call, text = seen.call, seen.text
    if call.ended_at is None:
        yield Live("", "busy", _("It rings. Let it ring until it ends by itself, or hang up after a few rings."))
        return
    if text is None:
        yield Live("", "bad", _told(call.say), _("Put that right and call once more."))
        return
    if text.state == "queued" and seen.due is not None and seen.due > now:
        seconds = max(1, round((seen.due - now).total_seconds()))
        say = ngettext("The box waits one more second", "The box waits %(num)d s", seconds) % {"num": seconds}
        yield Live("", "busy", f"{say}, {_('in case the office rings back first.')}")
        return
    yield Live("", "good", _("The office did not ring back."))
    match text.state:
        case "queued":
            yield Live("", "busy", _("It waits for the modem."))
        case "submitting":
            yield Live("", "busy", _("The modem has it."))
        case "failed" | "expired" | "cancelled":
            yield Live("", "bad", _told(text.say), _("Look at the health page: the modem says what is wrong."))
        case "unconfirmed":
            yield Live("", "good")
            say = _("The modem fell silent just then; nobody knows whether it went out.")
            yield Live("", "warn", say, _("Look at your phone; then call once more."))
        case _:
            yield Live("", "good")
            yield Live("", "good")
            yield _delivered(text.state)


def _delivered(state: str) -> Live:
    if state == "delivered":
        return Live("", "good", _("Look at it: this is what a caller reads."))
    if state == "undelivered":
        return Live(
            "",
            "bad",
            _("The network could not deliver it."),
            _("Is the phone on, and can it receive texts? Try another one."),
        )
    return Live("", "busy", _("Look at your phone. Not every carrier reports the delivery."))


def was_texted(trial: Trial | None) -> bool:
    """Whether a test call has been texted for sure."""
    calls = trial.calls if trial is not None else ()
    return any(call.ours and call.text is not None and call.text.state in ("accepted", "delivered") for call in calls)


def points(view: SetupView, state: BoxState) -> list[Point]:
    """What somebody says yes to before callers are texted."""
    arrived = view.answer("test-call", "arrived") == "yes" or was_texted(view.trial)
    open_days = [_(WEEKDAYS[day]) for day in DAYS if view.answer("hours", f"{day}_from")]
    off = set(view.answer("services", "off").split())
    on = [label for key, label in services(view) if key not in off]
    towns = re.split(r"[;\n]", view.answer("area", "cities"))
    places = ", ".join(part.strip() for part in (view.answer("area", "zips"), *towns) if part.strip())
    if view.answer("area", "miles"):
        around = _("%(miles)s miles around %(zip)s") % {
            "miles": view.answer("area", "miles"),
            "zip": view.answer("area", "around"),
        }
        places = f"{places}; {around}" if places else around
    names = list(dict.fromkeys(person.name for step in state.told.steps for person in step.people))
    return [
        Point(
            "phone",
            _("Phone"),
            _("A test call was seen and texted.") if arrived else _("No test call has been texted yet."),
            "/setup/test-call",
            arrived,
        ),
        Point(
            "hours",
            _("Hours"),
            _("Open: %(days)s.") % {"days": ", ".join(open_days)} if open_days else _("No day has opening hours."),
            "/setup/hours",
            bool(open_days),
        ),
        Point(
            "services",
            _("Services"),
            ", ".join(on) or _("The menu of your trade."),
            "/setup/services",
        ),
        Point("area", _("Area"), places or _("Everywhere: nobody is told that he is too far away."), "/setup/area"),
        Point(
            "emergencies",
            _("Emergencies"),
            _("These people are told, one after the other: %(names)s.") % {"names": ", ".join(names)}
            if names
            else _("Nobody is told of an emergency."),
            "/setup/people",
            bool(names),
        ),
        Point(
            "booking",
            _("Booking"),
            _("The box promises no time and no price. It notes what the caller wants; your office confirms."),
            "/help/conversation",
        ),
        Point(
            "handoff",
            _("Hand-off"),
            _(
                "What the box cannot answer waits for a person, at the head of the inbox. Somebody looks there every day."
            ),
            "/help/leads",
        ),
        Point(
            "notifications",
            _("Notifications"),
            _("The owner is texted of emergencies at once, and of the rest as the settings say."),
            "/help/notifications",
        ),
        Point(
            "review",
            _("Review"),
            _("Once a week somebody reads some conversations and looks at what was not understood."),
            "/help/leads",
        ),
        Point(
            "consent",
            _("Opt-out and consent"),
            _(
                "Only who has called is texted. Each first text says that it is automatic and offers STOP; STOP is for good."
            ),
            "/help/texts",
        ),
    ]
