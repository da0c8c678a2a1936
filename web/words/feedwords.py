"""What a calendar says of an appointment, in the language of the request."""

from __future__ import annotations

from gateway.core.booking.appointments import State
from gateway.core.booking.icaltext import Happening, Status, uid_of
from gateway.core.views.feeds import Published
from web.language import _
from web.words import wording

NOTE_LENGTH = 2000  # characters, as a person may write them
ABOUT_LENGTH = 600

_STATUS = {
    State.REQUESTED: Status.TENTATIVE,
    State.CONFIRMED: Status.CONFIRMED,
    State.DONE: Status.CONFIRMED,
    State.CANCELLED: Status.CANCELLED,
}


def happening(one: Published, installation: str, page: str) -> Happening:
    """An appointment as an event. `page` is where the page was asked: "http://192.168.1.20:8080"."""
    status = _STATUS[State(one.state)]
    link = f"{page}/leads/{one.lead_id}"
    return Happening(
        uid=uid_of(one.number, installation),
        begins=one.begins,
        ends=one.ends,
        changed=one.changed_at,
        sequence=one.revision,
        status=status,
        summary=_summary(one, status),
        location=wording.showable(one.place, wording.SENTENCE_LENGTH),
        description="\n".join(_description(one, link)),
        categories=(wording.name(one.crew),),
        url=link,
    )


def _summary(one: Published, status: Status) -> str:
    """Programs that do not know the state of an event show it in the title all the same."""
    who = wording.name(one.name) or wording.number(one.phone)
    what = f"{wording.name(one.service) or _('Appointment')}: {who}"
    match status:
        case Status.TENTATIVE:
            return _("%(what)s (to be confirmed)") % {"what": what}
        case Status.CANCELLED:
            return _("Cancelled: %(what)s") % {"what": what}
        case Status.CONFIRMED:
            return what


def _description(one: Published, link: str) -> list[str]:
    lines = [_("Phone: %(number)s") % {"number": wording.number(one.phone)}]
    if one.about:
        lines.append(_("About: %(words)s") % {"words": wording.showable(one.about, ABOUT_LENGTH)})
    if one.note:
        lines.append(_("Note: %(words)s") % {"words": wording.showable(one.note, NOTE_LENGTH)})
    lines.append(_("Everything about it, at the office: %(link)s") % {"link": link})
    return lines
