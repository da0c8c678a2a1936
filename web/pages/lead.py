"""One lead with its conversation, and what a person may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.core.views.calls import CallRow
from gateway.core.views.leadstory import LeadStory, Said
from web.access import visitor
from web.changes import Act, Ask, Form, typed
from web.language import gettext, mark
from web.pages import leadforms, leadplace
from web.shell import Shell, said_by
from web.words import leadwords

WORDS = "words"  # the field in which a text is typed
KEPT = (
    WORDS,
    "note",
    "reason",
    "day",
    "begins",
    "ends",
    "who",
    "crew",
    "window",
    "booking",
    "value",
    "ending",
    "until",
)
# Fields whose words outlive a refusal.

_SAID = {
    "written": mark("Your text is on its way. The box leaves the conversation to you."),
    "taken": mark("The conversation is yours. The box writes nothing more by itself."),
    "have": mark("It is yours. Nobody else is told of it any more, and the caller hears that it was seen."),
    "handed_back": mark("The box answers this person again."),
    "finished": mark("Done. It is off the list."),
    "claimed": mark("This lead is yours."),
    "given": mark("The lead is given on."),
    "released": mark("The lead is the office's again."),
    "reached": mark("Noted: you have spoken with them."),
    "not_reached": mark("Noted: not reached. It is due again later."),
    "later": mark("Put off. It comes back to the list by itself."),
    "booked": mark("Booked, and off the list. What the caller is told of it stands in the conversation below."),
    "confirmed": mark("Confirmed. The caller is told by text."),
    "others": mark("Other times are offered. The box goes on with the answer."),
    "called_off": mark("Cancelled. The caller is told by text."),
    "ended": mark("Closed. It is off the list."),
    "reopened": mark("It is open again, and yours."),
    "noted": mark("Your note is kept."),
    "struck": mark("The note is struck out."),
    "corrected": mark("Put right. The box does not ask for it any more."),
    "should": mark("Thank you. The box will learn from it."),
    "arrived": mark("Noted: the text arrived."),
    "again": mark("The text is being sent again."),
    "marked": mark("Noted."),
    "unmarked": mark("The note is taken back."),
}


@dataclass(frozen=True, slots=True)
class LeadSight:
    """Everything the page of a lead shows, read at `now`."""

    now: datetime
    mark: str
    story: LeadStory


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing of a conversation: a call, or a text."""

    at: datetime
    call: CallRow | None = None
    said: Said | None = None


def thread(story: LeadStory) -> list[Turn]:
    """Calls and texts in the order in which they happened."""
    turns = [Turn(call.started_at, call=call) for call in story.calls]
    turns += [Turn(said.text.at, said=said) for said in story.talk]
    return sorted(turns, key=lambda turn: turn.at)


class LeadPage:
    """The endpoints of `/leads/{id}`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        routes, commands = self._shell.routes, self._shell.commands
        number = "{id:[0-9]{1,18}}"  # fits SQLite's 64-bit row id
        routes.get(f"/leads/{number}", self.page)
        routes.get(f"/fragment/leads/{number}", self.fragment)

        def button(verb: str, said: str, act: Act) -> None:
            change = self._shell.changes.endpoint(act, (said, _SAID[said]), "/leads/{id}", self._refuse)
            routes.post(f"/leads/{number}/{verb}", change)

        # talking
        button(
            "text",
            "written",
            lambda ask: commands.write(
                ask.id, ask.typed(WORDS), ask.by, ask.typed("seen"), _upto(ask), sure=bool(ask.typed("sure"))
            ),
        )
        button("take", "taken", lambda ask: commands.take_over(ask.id, ask.by))
        button("hand-back", "handed_back", lambda ask: commands.hand_back(ask.id, ask.by))
        button("arrived", "arrived", lambda ask: commands.settle_unsure(_number(ask, "text_id"), True, ask.by))
        button("again", "again", lambda ask: commands.resend_unsure(_number(ask, "text_id"), ask.by))
        # whose it is
        button("have", "have", lambda ask: commands.have_it(ask.id, ask.by))
        button("claim", "claimed", lambda ask: commands.leads.claim(ask.id, ask.typed("seen"), ask.by))
        button("assign", "given", lambda ask: commands.leads.assign(ask.id, ask.typed("to"), ask.typed("seen"), ask.by))
        button("release", "released", lambda ask: commands.leads.assign(ask.id, "", ask.typed("seen"), ask.by))
        # calling, putting off, ending
        button("reached", "reached", lambda ask: commands.leads.called(ask.id, True, ask.by))
        button("not-reached", "not_reached", lambda ask: commands.leads.called(ask.id, False, ask.by))
        button("later", "later", self._later)
        button("book", "booked", self._book)
        button("confirm", "confirmed", lambda ask: commands.leads.rule(ask.id, "confirm", ask.by, _upto(ask)))
        button("others", "others", lambda ask: commands.leads.rule(ask.id, "others", ask.by, _upto(ask)))
        button("call-off", "called_off", lambda ask: commands.leads.rule(ask.id, "cancel", ask.by, _upto(ask)))
        button("end", "ended", self._end)
        button("done", "finished", lambda ask: commands.finish(ask.id, ask.by, _upto(ask)))
        button("reopen", "reopened", lambda ask: commands.leads.reopen(ask.id, ask.by))
        # writing down, putting right
        button("note", "noted", lambda ask: commands.leads.note(ask.id, ask.typed("note"), ask.by))
        button("strike", "struck", lambda ask: commands.leads.strike_note(_number(ask, "note_id"), ask.by))
        button("correct", "corrected", self._correct)
        button("should", "should", self._should)
        button(
            "mark", "marked", lambda ask: commands.mark(ask.id, ask.typed("kind"), True, ask.by, ask.typed("reason"))
        )
        button("unmark", "unmarked", lambda ask: commands.mark(ask.id, ask.typed("kind"), False, ask.by))

    async def page(self, request: web.Request) -> web.Response:
        """`GET /leads/{id}`"""
        return await self._draw(request, "lead.html", said=said_by(request, _SAID))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/leads/{id}`: the parts of the page that change."""
        return await self._draw(request, "lead_fragment.html")

    async def _later(self, ask: Ask) -> None:
        shell = self._shell
        now = shell.clock.now()
        story = await shell.data.lead(ask.id, now)
        opens_at = None if story is None else story.opens_at
        until = leadforms.later(ask.typed("when"), ask.typed("until"), now, opens_at, shell.drawing.zone)
        await shell.commands.leads.later(ask.id, until, ask.by, _upto(ask))

    async def _book(self, ask: Ask) -> None:
        visit = leadforms.appointment(ask.typed, self._shell.drawing.zone)
        await self._shell.commands.leads.book(
            ask.id,
            visit.begins,
            visit.ends,
            ask.by,
            crew=visit.crew,
            who=visit.who,
            note=ask.typed("booking"),
            tell=bool(ask.typed("tell")),
            upto=_upto(ask),
        )

    async def _end(self, ask: Ask) -> None:
        worth = leadforms.cents(ask.typed("value"))
        how, words = ask.typed("outcome"), ask.typed("ending")
        await self._shell.commands.leads.end(ask.id, how, worth, words, ask.by, _upto(ask))

    async def _correct(self, ask: Ask) -> None:
        await self._shell.commands.leads.correct(ask.id, leadforms.changed_facts(ask.form), ask.by, _upto(ask))

    async def _should(self, ask: Ask) -> None:
        labels, counts = leadforms.changed_labels(ask.form), bool(ask.typed("counts"))
        await self._shell.commands.leads.correct_text(_number(ask, "letter_id"), labels, counts, ask.by)

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        drafts = {name: typed(form, name) for name in KEPT}
        return await self._draw(request, "lead.html", sorry=gettext(sorry), drafts=drafts, status=409)

    async def _draw(
        self,
        request: web.Request,
        template: str,
        *,
        said: str = "",
        sorry: str = "",
        drafts: dict[str, str] | None = None,
        status: int = 200,
    ) -> web.Response:
        # The mark before reading: a change in between is drawn twice, never missed.
        now, mark_before = self._shell.clock.now(), self._shell.live.mark
        lead_id, place = int(request.match_info["id"]), leadplace.place_in(request.query)
        story = await self._shell.data.lead(lead_id, now, place)
        if story is None:
            raise web.HTTPNotFound
        me = visitor(request).name
        return self._shell.draw(
            request,
            template,
            status=status,
            now=now,
            sight=LeadSight(now, mark_before, story),
            story=story,
            lead=story.lead,
            thread=thread(story),
            turn=leadplace.Turns(lead_id, place, story),
            me=me,
            mine=story.lead.claimed and story.lead.assignee == me,
            replies=leadwords.replies(story, me),
            known=dict(story.known),
            kinds=[noted.kind for noted in story.marks],
            said=said,
            sorry=sorry,
            drafts=dict.fromkeys(KEPT, "") | (drafts or {}),
            opened="book" if request.query.get("open") == "book" else "",
        )


def _upto(ask: Ask) -> str:
    """How far the page had come on which somebody has pressed."""
    return ask.typed("upto")


def _number(ask: Ask, field: str) -> int:
    """The id in a field of a form. Raises ValueError with a sentence for what our page never writes there."""
    written = ask.typed(field)
    if not written.isdecimal() or len(written) > 18:
        raise ValueError("this form is not whole: open the page again")
    return int(written)
