"""Who wants no more texts, and who wants them again."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway import records
from gateway.core import wording
from gateway.core.effects import Effect, OptOutChanged
from gateway.core.keywords import keyword_language
from gateway.core.numbers import NumberKind, is_foreign, read_number
from gateway.core.outbound import DEFAULT_PRIORITY, PRIORITY, Purpose
from gateway.core.policy import ContactKind
from gateway.core.understanding.language import spoken_in
from gateway.turns import calls, notices, often, relay
from gateway.turns.context import Context

ANSWER_WITHIN = timedelta(minutes=5)  # 47 CFR 64.1200(a)(12): a confirmation within 5 minutes is presumed lawful
ANSWERS_TO_ONE, ANSWERS_WITHIN = 3, timedelta(days=1)  # a person needs one; a fourth is asked for by a machine


def opt_out(
    ctx: Context, peer: str, words: str, key: str, sent_at: datetime | None, *, danger: bool = False
) -> list[Effect]:
    """No more texts to `peer`: at once, before anything queued; one confirmation, the first time only.

    `sent_at` is the service centre's time stamp of the wish, None when there is none to believe: where it was under way for
    more than five minutes nothing is confirmed.

    `danger`: people may be in danger; the confirmation carries the safety line then. It does so too in place of a safety
    text that has not left.
    """
    if ContactKind.OPTED_OUT in records.kinds_of(ctx.db, peer):
        return []
    records.add_contact(ctx.db, peer, ContactKind.OPTED_OUT, name="", basis=words[:300], now=ctx.now)
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"opted out: {words[:300]!r}")
    records.drop_promises(ctx.db, peer)
    danger = danger or any(text.purpose is Purpose.SAFETY for text in records.automatic_to(ctx.db, peer))
    notices.of_opt_out(ctx, peer, key)
    relay.silenced(ctx, peer, words, key)
    effects = calls.cancel_texts(ctx, peer, "asked not to be texted")
    if ctx.clock_sane and sent_at is not None and ctx.now - sent_at > ANSWER_WITHIN:
        minutes = round((ctx.now - sent_at).total_seconds() / 60)
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"not confirmed: the network brought it after {minutes} minutes")
    else:
        name = "opt_out_danger" if danger else "opt_out"
        answer(ctx, f"{key}:opt_out", Purpose.OPT_OUT_CONFIRMATION, peer, name, words)
    return [OptOutChanged(ctx.now, peer, True), *effects]


def opt_in(ctx: Context, peer: str, words: str, key: str) -> list[Effect]:
    """Texts again."""
    records.drop_contact(ctx.db, peer, ContactKind.OPTED_OUT)
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"texts again: {words[:300]!r}")
    # What waits would say the contrary now.
    records.cancel_queued(ctx.db, peer, Purpose.OPT_OUT_CONFIRMATION, "opted in again")
    answer(ctx, f"{key}:opt_in", Purpose.ANSWER, peer, "opt_in")
    return [OptOutChanged(ctx.now, peer, False)]


def warn(ctx: Context, peer: str, key: str) -> None:
    """Somebody who has just opted out is in danger: the confirmation, if it has not left, carries the safety line."""
    if records.cancel_queued(ctx.db, peer, Purpose.OPT_OUT_CONFIRMATION, "one with the safety line takes its place"):
        answer(ctx, f"{key}:opt_out", Purpose.OPT_OUT_CONFIRMATION, peer, "opt_out_danger")


def answer(ctx: Context, key: str, purpose: Purpose, peer: str, name: str, words: str = "") -> bool:
    """Queue a fixed text in the language of the `words` that it answers, else in that in which we last wrote to `peer`.

    False when `peer` is not to be answered by machine, or was so a few times today: two machines would never end.
    """
    if not _may_be_answered(ctx, purpose, peer):
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"gets no automatic answer ({name})")
        return False
    language = _written_in(ctx, words) or language_with(ctx, peer)
    body = wording.fixed_text(ctx.business, name, language, **wording.office_facts(ctx.business, None, ctx.now))
    records.add_text(
        ctx.db,
        key=key,
        purpose=purpose,
        to=peer,
        body=body,
        template=f"{name}_{language}" if language != "en" else name,
        priority=PRIORITY.get(purpose, DEFAULT_PRIORITY),
        due=ctx.now,
        expires=ctx.now + ANSWER_WITHIN,
        now=ctx.now,
    )
    return True


def _written_in(ctx: Context, words: str) -> str | None:
    """The language of a caller's words, as far as the business answers in it; None where they do not tell."""
    told = keyword_language(words) or spoken_in(words)
    return None if told is None else ctx.business.conversation.spoken(told)


def language_with(ctx: Context, peer: str) -> str:
    """The language in which we last wrote to `peer`; English when we never have."""
    template = records.last_template(ctx.db, peer)
    written_for = {line.language for line in ctx.business.lines if template in line.templates.values()}
    return "es" if template.endswith("_es") or written_for == {"es"} else "en"


def _may_be_answered(ctx: Context, purpose: Purpose, peer: str) -> bool:
    if records.switch(ctx.db, "shadow"):
        return False
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    if number.kind not in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL):
        return False
    if is_foreign(number, ctx.business.policy.allowed_countries):
        return False
    if not records.kinds_of(ctx.db, peer).isdisjoint({ContactKind.BLOCKED, ContactKind.AUTORESPONDER}):
        return False
    if purpose is not Purpose.OPT_OUT_CONFIRMATION and often.enough(ctx, peer):
        return False
    alike = (purpose,) if purpose is Purpose.OPT_OUT_CONFIRMATION else (Purpose.ANSWER, Purpose.HELP)
    return records.written_to(ctx.db, peer, alike, ctx.now - ANSWERS_WITHIN) < ANSWERS_TO_ONE
