"""Commands about appointments: those of a day are listed, one is confirmed or called off. Moving one is `remote_moves`."""

from __future__ import annotations

from datetime import date, timedelta

from gateway import records
from gateway.core.booking.appointments import State
from gateway.core.conversation.bookwords import noted
from gateway.core.conversation.callwords import Spell, hours
from gateway.core.effects import Declined
from gateway.core.events import AppointmentRuled, Ruling
from gateway.core.remote.commands import Acknowledge, CallOffVisit, ConfirmVisit, Visits
from gateway.core.remote.days import date_of
from gateway.core.remote.sentences import in_one_segment, sentence
from gateway.core.views.calendar import Entry
from gateway.core.wallclock import month_day, weekday
from gateway.queries.calendar import entries
from gateway.turns import booking, leads, remote_matters
from gateway.turns.remote_hand import Done, Hand, Matter, matter


def visits(hand: Hand, command: Visits) -> Done:
    """The appointments of a day, as many as one segment holds; MORE tells the next ones."""
    day = date_of(command.day, today(hand))
    if day is None:
        return Done(hand.says("unclear", nearest="APPTS FRI"), "there is no such day")
    return _listed(hand, day, 0)


def more(hand: Hand, of: str, skip: int) -> Done:
    """The list of a day goes on, or begins again behind its end."""
    return _listed(hand, date.fromisoformat(of), skip)


def confirm(hand: Hand, command: ConfirmVisit) -> Done:
    """What was requested is booked; the caller is told where he may be texted."""
    found = matter(hand.ctx, command.code)
    if found is None:
        return remote_matters.no_such(hand, command.code)
    one = found.visit
    if found.waits and (one is None or one.state is not State.REQUESTED):  # "confirm 14" of who has the emergency
        return remote_matters.acknowledge(hand, Acknowledge((command.code,)))
    if found.waits:
        return Done(
            hand.says("unclear_waits", codes=found.code, code=found.code), "it could mean two things: nothing done"
        )
    if one is not None and one.state is State.CONFIRMED:
        say = hand.says("confirmed_already", code=found.code, who=found.who, visit=shown(hand, one.opening.arrival))
        return Done(say, f"the appointment of {found.code} is confirmed already")
    return _ruled(hand, found, Ruling.CONFIRM, "confirmed")


def call_off(hand: Hand, command: CallOffVisit) -> Done:
    """The appointment is cancelled; the caller is told where he may be texted."""
    found = matter(hand.ctx, command.code)
    if found is None:
        return remote_matters.no_such(hand, command.code)
    return _ruled(hand, found, Ruling.CANCEL, "called_off")


def today(hand: Hand) -> date:
    """The day on the business's wall."""
    return hand.ctx.now.astimezone(hand.ctx.business.zone).date()


def shown(hand: Hand, window: Spell) -> str:
    """ "Wed Mar 4 12-5 PM", in his language."""
    return noted(window, hand.ctx.business.zone, spanish=hand.spanish)


def told(hand: Hand, found: Matter) -> str:
    """Whether the caller is told, in a sentence."""
    name = "they_are_told" if leads.may_be_warned(hand.ctx, found.peer) else "they_are_not"
    return hand.says(name, number=found.number)


def none_stands(hand: Hand, found: Matter) -> Done | None:
    """Why nothing can be done about a matter's appointment: there is none, or it is over. None where something can."""
    one = found.visit
    if one is None:
        return Done(hand.says("no_visit", code=found.code, who=found.who), f"{found.code} has no appointment")
    if one.opening.arrival.ends <= hand.ctx.now:
        say = hand.says("visit_over", code=found.code, visit=shown(hand, one.opening.arrival))
        return Done(say, f"the appointment of {found.code} is over")
    return None


def _ruled(hand: Hand, found: Matter, ruling: Ruling, name: str) -> Done:
    one, lead = found.visit, found.lead
    if (none := none_stands(hand, found)) is not None:
        return none
    assert one is not None
    assert lead is not None
    visit, tells = shown(hand, one.opening.arrival), told(hand, found)
    effects = booking.ruled(hand.ctx, AppointmentRuled(hand.ctx.now, lead.id, ruling, hand.by))
    declined = next((effect.say for effect in effects if isinstance(effect, Declined)), None)
    if declined is not None:
        return Done(hand.says("visit_not_done", code=found.code), f"nothing done: {declined}")
    say = hand.says(name, code=found.code, who=found.who, visit=visit, told=tells)
    return Done(
        say, f"appointment of {found.code}, {noted(one.opening.arrival, hand.ctx.business.zone)}: {ruling}", effects
    )


def _listed(hand: Hand, day: date, skip: int) -> Done:
    ctx = hand.ctx
    rows = entries(ctx.db, ctx.business, day, 1)
    if not rows:
        return Done(hand.says("visits_none", day=_called(hand, day)), f"no appointment stands on {day.isoformat()}")
    skip = skip if skip < len(rows) else 0
    left = rows[skip:]
    name = f"{weekday(day, spanish=hand.spanish)} {month_day(day, spanish=hand.spanish)}"
    rows_told: list[str] = []
    say = ""
    for row in left:
        more_told = [*rows_told, _in_list(hand, row)]
        rest = len(left) - len(more_told)
        listed = hand.says("visits", day=name, rows="; ".join(more_told))
        longer = hand.says("visits_cut", rows=listed, count=rest) if rest else listed
        if rows_told and longer != in_one_segment(longer):
            break
        rows_told, say = more_told, longer
    records.set_listed(ctx.db, hand.person.phone, skip + len(rows_told), ctx.now, day.isoformat())
    return Done(say, f"{len(rows_told)} of {len(rows)} appointments of {day.isoformat()} told")


def _in_list(hand: Hand, row: Entry) -> str:
    """ "12-5 PM 14(?) Dana Reyes, Tune-up, 1423 Clifton Blvd": "(?)" is to be confirmed."""
    code = records.code_of_lead(hand.ctx.db, row.lead_id, hand.ctx.now)
    state = {State.REQUESTED.value: "(?)", State.HELD.value: hand.says("held")}.get(row.state, "")
    parts = (_short(row.name, 20) or row.peer[-4:], _short(row.service, 16), _short(row.place.partition(",")[0], 22))
    plain = sentence("show", code="", who="", number="", what=", ".join(filter(None, parts)), next="").strip(" :.")
    return f"{hours(row, hand.ctx.business.zone)} {code}{state} {plain}"


def _short(words: str, most: int) -> str:
    """As many whole words as there is room for."""
    while len(words) > most and " " in words:
        words = words.rpartition(" ")[0]
    return words[:most].removesuffix(" or").removesuffix(" and")


def _called(hand: Hand, day: date) -> str:
    """ "today", "tomorrow", "on Fri Mar 6" """
    if (ahead := (day - today(hand)) // timedelta(days=1)) in (0, 1):
        return hand.says(("today", "tomorrow")[ahead])
    named = f"{weekday(day, spanish=hand.spanish)} {month_day(day, spanish=hand.spanish)}"
    return hand.says("on_day", day=named)
