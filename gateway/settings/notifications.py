"""What the business's own people are told, when and how: at once, in the daily digest, or not at all."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final

from gateway.core.business import Business
from gateway.core.escalation.people import OWNER
from gateway.core.hours import in_quiet_hours
from gateway.core.notify import USUAL, USUAL_AT_NIGHT, How, Kind, Notifications
from gateway.settings import kinds, times
from gateway.settings.options import Option, Place, Reading, Section
from gateway.settings.problems import suggestion

_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MEANINGS: Final[dict[Kind, str]] = {
    Kind.MISSED_CALL: "A missed call on a line with always_notify_owner.",
    Kind.REPEAT_CALLER: "Somebody whose calls were missed several times in a row (texting: repeat_calls).",
    Kind.RATE_LIMIT: "A limit of texts is reached: further callers get none. Told once an hour.",
    Kind.URGENT_LEAD: "A customer writes of something urgent that is no emergency.",
    Kind.NEW_LEAD: "A conversation has brought a lead with which a person goes on.",
    Kind.OVERDUE_LEAD: "A lead that nobody has answered by its time.",
    Kind.TEXT_TROUBLE: "A text to a caller of which nobody knows whether it went out, or which did not arrive.",
    Kind.OPT_OUT: "Somebody wants no more texts.",
    Kind.COMPLAINT: "Somebody complains.",
    Kind.APPOINTMENT_REQUESTED: "A caller has asked for an appointment by text that one of you has to confirm.",
    Kind.APPOINTMENT_SOON: "An appointment of today or tomorrow was booked, moved or cancelled by text.",
    Kind.APPOINTMENT_BOOKED: "An appointment of a later day was booked by text.",
    Kind.APPOINTMENT_CHANGED: "An appointment of a later day was moved or cancelled by text.",
    Kind.TEXTING_TROUBLE: "The network takes no texts; and again when it does.",
    Kind.PHONE_TROUBLE: "Modem or phone system are out of order for ten minutes; and again when they are well.",
    Kind.RECORDS_TROUBLE: "The records were damaged, and callers are not texted until you switch that on again.",
}
_NEVER: Final = (
    "emergencies are told at once, by day and night, and cannot be switched off",
    "remove this line",
)
N_WHO: Option[tuple[str, ...]] = Option(
    "who",
    kinds.each(kinds.name, "[owner, mike]"),
    (OWNER,),
    "Whom notices and digest go to: owner, or people by their names under people. Emergencies have a list of their own.",
    "[owner]",
)
N_KINDS: Final[dict[Kind, Option[How]]] = {
    kind: Option(kind.value, kinds.choice(How), USUAL[kind], _MEANINGS[kind], USUAL[kind].value) for kind in Kind
}
_AT_NIGHT: Final = tuple(kind for kind in Kind if kind in USUAL_AT_NIGHT)
N_NIGHT: Option[frozenset[Kind]] = Option(
    "in_quiet_hours",
    kinds.set_of(kinds.choice(Kind), f"[{_AT_NIGHT[0].value}]"),
    USUAL_AT_NIGHT,
    "Of these a telephone rings in quiet hours too (texting: quiet_hours). Everything else that is told at once waits for the"
    " end of the quiet hours.",
    f"[{', '.join(kind.value for kind in _AT_NIGHT)}]",
)
N_AT: Option[time | None] = Option(
    "digest_at",
    kinds.optional(times.time_of_day),
    None,
    "When the daily digest goes out, such as 17:30. none: there is no digest, and what would stand in it is on the page only."
    " On a day with nothing to tell none is sent.",
    "none",
    '"17:30"',
)
N_DAYS: Option[tuple[str, ...]] = Option(
    "digest_days",
    kinds.each(kinds.one_of(*_WEEK), "[mon, tue, wed]"),
    (),
    "On which days, such as [mon, wed, fri]. []: on the days on which you open; the next one tells of the days between.",
    "[]",
)
NOTIFICATIONS: Section = Section(
    "notifications",
    "What you are told of by text: instant, digest (in the daily digest) or off. All of it is on the page anyway. Emergencies are"
    " not in this list: they are told at once, by day and night, and cannot be switched off.",
    (N_WHO, *N_KINDS.values(), N_NIGHT, N_AT, N_DAYS),
    dict.fromkeys(("emergency", "emergencies", "escalation", "escalations", "danger", "alarm"), _NEVER),
)


def read_notifications(section: Reading) -> Notifications:
    """The business's choice."""
    days = section.get(N_DAYS)
    return Notifications(
        who=tuple(_once(section.get(N_WHO))),
        how={kind: section.get(option) for kind, option in N_KINDS.items()},
        at_night=section.get(N_NIGHT),
        digest_at=section.get(N_AT),
        digest_days=frozenset(_WEEK.index(day) for day in days) if days else None,
    )


def judge_notifications(business: Business, place: Place) -> None:
    """Say what cannot be, and doubt what has no effect."""
    rules = business.notifications
    known = [OWNER, *(person.key for person in business.people.everybody)]
    for key in rules.who:
        if key not in known:
            _say(place, N_WHO, f"there is nobody called '{key}'", suggestion(key, tuple(dict.fromkeys(known))))
    if not rules.who:
        _doubt(place, N_WHO, "nobody is told of anything but emergencies", "write 'who: [owner]'")
    written = [kind for kind, option in N_KINDS.items() if f"notifications.{option.name}" in place.lines]
    if rules.digest_at is None:
        for kind in written:
            if rules.how.get(kind) is How.DIGEST:
                _doubt(place, N_KINDS[kind], "there is no digest", "write 'digest_at: \"17:30\"'")
        return
    if in_quiet_hours(business.policy, datetime.combine(datetime.min.date(), rules.digest_at)):
        _say(place, N_AT, "this lies in the quiet hours (texting: quiet_hours)", "choose a time of the day")
    shut = [
        day for number, day in enumerate(_WEEK) if number in (rules.digest_days or ()) and not _opens(business, number)
    ]
    if shut and any(business.hours.weekly):
        what = f"a digest on {', '.join(shut)}, when you do not open"
        _doubt(place, N_DAYS, what, "leave the day out, unless you want it")


def _once(keys: tuple[str, ...]) -> dict[str, None]:
    return dict.fromkeys(keys)


def _opens(business: Business, weekday: int) -> bool:
    return bool(business.hours.weekly[weekday])


def _say(place: Place, option: Option[Any], what: str, remedy: str) -> None:
    path = f"notifications.{option.name}"
    place.say(place.line_of(path), f"{path}: {what}", remedy)


def _doubt(place: Place, option: Option[Any], what: str, remedy: str) -> None:
    path = f"notifications.{option.name}"
    place.doubt(place.line_of(path), f"{path}: {what}", remedy)
