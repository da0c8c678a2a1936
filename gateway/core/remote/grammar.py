"""What one of our people wants of the box, from a text as thumbs write it on a roof. Pure, and it never fails.

Forgiving in spelling, not in what follows: where a text could mean two things, or a number in it has no plain sense, it is
Unclear, which does nothing. The code of a matter is never guessed.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.core.conversation.machines import is_tapback
from gateway.core.keywords import Keyword, keyword_language, lone_keyword
from gateway.core.remote import secret, visits
from gateway.core.remote.commands import (
    Acknowledge,
    Away,
    CallOffVisit,
    Close,
    CloseAll,
    Command,
    ConfirmVisit,
    Decline,
    Drill,
    HandBack,
    Help,
    Here,
    Hush,
    Leads,
    OnCall,
    OnCallAsked,
    OnCallAsPlanned,
    Outcome,
    Pause,
    Pin,
    Resume,
    Said,
    Show,
    Snooze,
    Span,
    Status,
    Storm,
    TakeOver,
    Unclear,
    Unhush,
    Write,
)
from gateway.core.remote.spans import take_span, take_until
from gateway.core.remote.vocabulary import (
    ASIDE,
    CLAIMS,
    ONLY_SPANISH,
    OUTCOMES,
    REFUSALS,
    TALK,
    THANKS,
    VERBS,
    WRITING,
    YES_TO_ALL,
    Verb,
    folded,
    slipped,
    tokens,
    verb_of,
)

TAKES_IT: Final = "14"  # the nearest command to a text that perhaps takes an emergency
_CODE: Final = re.compile(r"\d{2,4}", re.ASCII)
_COLON: Final = re.compile(r"\W{0,3}(\d{2,4})\s*:(?!\d\d\b)\s*(\S.*)", re.DOTALL | re.ASCII)
_WORDS: Final = re.compile(r"\W{0,3}([^\W\d_]+)\s*#?\s*(\d{2,4})\b(?:[:,;](?!\d)|-(?=\s))?\s*(\S.*)", re.DOTALL)
_FILLERS: Final = frozenset(
    "please pls hey hi hello ok box textback the now for texting texts text everything mensajes textos el los las la de por favor"
    " durante to all todo ahora with set turn it mode modo".split()
)
_NO_THANKS: Final = frozenset({"it", "so", "much", "you"})  # by themselves
_SELF: Final = frozenset({"me", "i", "im", "i'm", "myself", "yo", "mi"})
_BACK_AGAIN: Final = frozenset(
    {
        "im back",
        "i'm back",
        "i am back",
        "ya volvi",
        "volvi",
        "ya regrese",
        "de vuelta",
        "ya estoy de vuelta",
        "estoy de vuelta",
    }
)
_TODAY: Final = frozenset({"today", "hoy", "until", "till", "hasta", "am", "is", "estoy", "esta"})
_OF_VISITS: Final = frozenset("appointment appt cita visit lead for yes si it".split())
_PLANNED: Final = frozenset("off cancel end none over normal plan schedule regular fin cancelar quitar".split())


def understood(body: str) -> Said:
    """The command of a text. Its PIN, if there was one, is a mark by now (`gateway.core.remote.secret`)."""
    pin, body = secret.marks(body)
    words = tokens(body)
    spanish = not ONLY_SPANISH.isdisjoint(words) or keyword_language(body) == "es"
    command = _command(body, words)
    if isinstance(command, Unclear) and pin is Pin.NONE and _is_talk(words) and not is_tapback(body):
        command = Unclear()
    return Said(command, spanish, pin)


def writes(body: str) -> Write | None:
    """The words for a caller in a text; None where it is something else. Only what is plainly written so is one."""
    if (found := _COLON.fullmatch(body.strip())) is not None:
        rest = tokens(found[2])
        if rest and all(word in THANKS for word in rest):
            return None  # "14: ok" takes it; no caller is to read that
        if len(rest) == 1 and VERBS.get(rest[0]) in (Verb.CONFIRM, Verb.CALL_OFF):
            return None  # nor "14: confirm"
        return Write(int(found[1]), found[2].strip())
    found = _WORDS.fullmatch(body.strip())
    if found is None or folded(found[1]) not in WRITING:
        return None
    return Write(int(found[2]), found[3].strip())


def _command(body: str, words: list[str]) -> Command:
    if is_tapback(body):
        return Unclear(TAKES_IT)  # a mark on one of our texts
    if (written := writes(body)) is not None:
        return written
    if (lone := _lone(body, words)) is not None:
        return lone
    words = [word for word in words if word not in ("$", "&")]
    if _asks(words):
        return Show(int(words[-2] if words[-1] == "?" else words[-1]))
    plain = [word for word in words if word not in ("?", ":")]
    if not plain:
        return Help() if words else Unclear()
    if not REFUSALS.isdisjoint(plain) and not _is_close(plain):
        return _refused(plain)
    if (claimed := _claimed(plain)) is not None:
        return claimed
    verb, rest = _verb(plain)
    if verb is None:
        return _of_outcome(plain) or Unclear(_nearest(plain))
    return _of_verb(verb, rest, plain, body)


def _lone(body: str, words: list[str]) -> Command | None:
    """Keywords that stand alone."""
    if words in (["on"], ["go"], ["texting", "on"]):
        return Resume()
    if words in (["alta"], ["empezar"]):
        return Unhush()
    if " ".join(words) in _BACK_AGAIN:
        return Here("")
    match lone_keyword(body):
        case Keyword.STOP:
            return Hush()
        case Keyword.START:
            return Unhush()
        case Keyword.HELP:
            return Help()
        case None:
            return None


def _asks(words: list[str]) -> bool:
    """ "14?" and "who has 14?" """
    numbers = [word for word in words if _CODE.fullmatch(word)]
    if len(numbers) != 1 or words[-1] != "?" or words[-2] != numbers[0]:
        return False
    return len(words) == 2 or words[0] in ("who", "what", "whats", "what's", "quien", "que", "is", "show")


def _is_code(word: str) -> bool:
    return _CODE.fullmatch(word) is not None


def _codes(words: list[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(word) for word in words if _is_code(word)))


def _refused(words: list[str]) -> Command:
    codes = _codes(words[:1] + words[-1:]) or _codes(words)
    other = next((VERBS[word] for word in words if VERBS.get(word, Verb.TAKE) not in (Verb.TAKE, Verb.VISITS)), None)
    if other is not None:
        return Unclear(other.value)
    return Decline(codes) if len(codes) < 2 and len(words) <= 8 else Unclear(TAKES_IT)


def _claimed(words: list[str]) -> Command | None:
    """A text that says nothing but "I have it", perhaps of which, perhaps of when he will be there."""
    words = [_mended(word) for word in words]
    numbers = [at for at, word in enumerate(words) if word[0].isdigit()]
    others = [word for word in words if not word[0].isdigit()]
    if any(word not in CLAIMS and word not in ASIDE and word not in THANKS for word in others):
        return None
    if not numbers:
        if (CLAIMS | THANKS - _NO_THANKS).isdisjoint(others):
            return None
        return Acknowledge((), courtesy=all(word in THANKS for word in others))
    if not _is_code(words[numbers[0]]):
        return None
    if not others or all(word in ("and", "y", "ok", "mine", "got", "both") for word in others):
        return Acknowledge(_codes(words)) if all(_is_code(words[at]) for at in numbers) else None
    if len(numbers) == 1 and set(others) - {"please", "pls"} in ({"take"}, {"tomo"}, {"tomar"}):
        return TakeOver(int(words[numbers[0]]))
    others_are_times = all(_is_time(words, at) for at in numbers[1:])
    first_is_code = not _is_time(words, numbers[0]) or numbers[0] == 0
    said = not CLAIMS.isdisjoint(others)
    return Acknowledge((int(words[numbers[0]]),)) if others_are_times and first_is_code and said else None


def _mended(word: str) -> str:
    """A word of a claim with one slip in it."""
    if word in CLAIMS or word in ASIDE or word in VERBS or word in OUTCOMES:
        return word
    found = slipped(word, CLAIMS)
    return found[0] if len(found) == 1 else word


def _is_time(words: list[str], at: int) -> bool:
    """Whether a number says when he is there, and no code."""
    behind = words[at + 1 : at + 2]
    before = words[at - 1 : at] if at else []
    return behind in ([["min"], ["mins"], ["minutes"], ["minute"], ["minutos"], ["m"], ["h"], ["hr"], ["hour"]]) or (
        before in (["in"], ["en"], ["at"])
    )


def _verb(words: list[str]) -> tuple[Verb | None, list[str]]:
    """The command's word, first or behind a code, and the others."""
    at = 0
    while at < len(words) and words[at] in _FILLERS and words[at] not in ("text",):
        at += 1
    words = words[at:]
    if not words:
        return None, []
    if _is_code(words[0]) and len(words) > 1:
        verb = VERBS.get(words[1])
        return (verb, [words[0], *words[2:]]) if verb is not None else (None, words)
    verb = verb_of(words[0])
    return (verb, words[1:]) if verb is not None else (None, words)


def _of_verb(verb: Verb, rest: list[str], words: list[str], body: str) -> Command:
    bare = [word for word in rest if word not in _FILLERS]
    match verb:
        case Verb.TAKE | Verb.SHOW:
            if verb is Verb.SHOW and not _codes(bare):
                return OnCallAsked() if "oncall" in words or "guardia" in words else Unclear(verb.value)
            return _with_code(verb, bare)
        case Verb.BACK:
            return HandBack(None) if not bare else _with_code(verb, bare)
        case Verb.WRITE:
            return Unclear(verb.value)
        case Verb.SNOOZE:
            return _snooze(bare)
        case Verb.CLOSE:
            return _close(bare, rest)
        case Verb.PAUSE:
            span, left = take_span(rest)
            left = [word for word in left if word not in _FILLERS]
            return Unclear(verb.value) if left else Pause(span)
        case Verb.STORM:
            return _storm(rest)
        case Verb.ON_CALL:
            return _on_call(rest)
        case Verb.AWAY:
            return _away(rest)
        case Verb.RESUME:
            return Unclear(verb.value) if bare else Resume()
        case Verb.STATUS:
            return Unclear(verb.value) if bare else Status()
        case Verb.LEADS | Verb.MORE:
            left = [word for word in bare if word not in ("open", "leads", "abiertos", "clientes", "jobs")]
            return Unclear(Verb.LEADS.value) if left else Leads(more=verb is Verb.MORE)
        case Verb.VISITS:
            return visits.listed(body) or Unclear(verb.value)
        case Verb.MOVE:
            return visits.moved(body) or Unclear(verb.value)
        case Verb.CONFIRM | Verb.CALL_OFF:
            return _of_visit(verb, bare, words)
        case Verb.DRILL:
            return Unclear(verb.value) if bare else Drill()
        case Verb.HELP:
            return Show(_codes(bare)[0]) if len(bare) == 1 and _codes(bare) else Help()


def _with_code(verb: Verb, bare: list[str]) -> Command:
    bare = [word for word in bare if word not in ("over", "has", "is", "tiene", "lead", "back")]
    if len(bare) != 1 or not _is_code(bare[0]):
        return Unclear(verb.value)
    code = int(bare[0])
    if verb is Verb.TAKE:
        return TakeOver(code)
    return HandBack(code) if verb is Verb.BACK else Show(code)


def _of_visit(verb: Verb, bare: list[str], words: list[str]) -> Command:
    """An appointment is confirmed or called off, of exactly one matter; "cancel the pause" is about something else."""
    bare = [word for word in bare if word not in _OF_VISITS]
    if len(bare) != 1 or not _is_code(bare[0]):
        others = (VERBS[word] for word in words if VERBS.get(word, verb) not in (verb, Verb.VISITS))
        return Unclear(next(others, verb).value)
    return ConfirmVisit(int(bare[0])) if verb is Verb.CONFIRM else CallOffVisit(int(bare[0]))


def _snooze(bare: list[str]) -> Command:
    span, left = take_span(bare)
    if span is not None and span.seconds is None:
        return Unclear(Verb.SNOOZE.value)
    seconds = span.seconds if span is not None else None
    numbers = [word for word in left if _is_code(word) or re.fullmatch(r"\d", word, re.ASCII)]
    if len(numbers) != len(left) or len(numbers) > 2 or (len(numbers) == 2 and seconds is not None):
        return Unclear(Verb.SNOOZE.value)
    if len(numbers) == 2:  # "snooze 14 15": minutes
        seconds = int(numbers[1]) * 60.0
        if not 1 <= int(numbers[1]) <= 120:
            return Unclear(Verb.SNOOZE.value)
    if numbers and not _is_code(numbers[0]):
        return Unclear(Verb.SNOOZE.value)
    return Snooze(int(numbers[0]) if numbers else None, seconds)


def _is_close(words: list[str]) -> bool:
    """A note to a matter that is lost may say no to anything."""
    return any(OUTCOMES.get(word) in ("lost", "spam", "wrong") for word in words) and not {"not", "no"} & set(words[:2])


def _of_outcome(words: list[str]) -> Command | None:
    """ "14 won 450", "won 14 450": an outcome needs no verb."""
    first = words[1] if _is_code(words[0]) and len(words) > 1 else words[0]
    return _close(words, words) if first in OUTCOMES else None


def _close(bare: list[str], rest: list[str]) -> Command:
    if rest and all(word in YES_TO_ALL or word in ("leads", "done") for word in rest) and YES_TO_ALL & set(rest):
        return CloseAll()
    wrong = Unclear(Verb.CLOSE.value)
    numbers = [word for word in bare if word[0].isdigit()]
    outcomes = list(dict.fromkeys(OUTCOMES[word] for word in bare if word in OUTCOMES))
    if not numbers or not _is_code(numbers[0]) or len(numbers) > 2 or len(outcomes) > 1:
        return wrong
    said = [word for word in bare if not word[0].isdigit() and word not in OUTCOMES and word not in VERBS]
    if not outcomes:
        return Close(int(numbers[0]), Outcome.DONE) if len(bare) == 1 else wrong
    outcome = Outcome(outcomes[0])
    cents: int | None = None
    if len(numbers) == 2:
        thousands = bare[bare.index(numbers[1]) + 1 :][:1] == ["k"] if numbers[1] != numbers[0] else False
        cents = _cents(numbers[1], thousands=thousands)
        if cents is None or outcome not in (Outcome.WON, Outcome.LOST):
            return wrong
    if outcome is Outcome.WON and not REFUSALS.isdisjoint(said):
        return wrong
    note = [word for word in said if word not in ("k", "dollars", "dolares", "usd", "bucks", "por", "for", "at")]
    return Close(int(numbers[0]), outcome, cents, " ".join(note)[:80])


def _cents(number: str, *, thousands: bool) -> int | None:
    """ "450", "1,200", "450.50", "450,50" in cents; None for what is no amount of money."""
    found = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,7})(?:[.,](\d{1,2}))?", number, re.ASCII)
    if found is None:
        return None
    cents = int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    cents = cents * 1000 if thousands else cents
    return cents if cents <= 10_000_000_00 else None


def _storm(rest: list[str]) -> Command:
    span, left = take_span(rest)
    left = [word for word in left if word not in _FILLERS or word == "on"]
    if left in (["off"], ["over"], ["no"], ["apagar"], ["fin"]) and span is None:
        return Storm(False, None)
    if left in (["on"], ["si"], ["activar"]) or (not left and span is not None):
        return Storm(True, span)
    return Unclear(Verb.STORM.value)


def _on_call(rest: list[str]) -> Command:
    span, left = take_span(rest)
    left = [
        word
        for word in left
        if word not in _FILLERS and word not in ("is", "are", "con", "a", "es", "esta", "who", "oncall")
    ]
    if not left:
        return OnCallAsked() if span is None else Unclear(Verb.ON_CALL.value)
    if any(word[0].isdigit() for word in left) or len(left) > 3:
        return Unclear(Verb.ON_CALL.value)
    if span is None and all(word in _PLANNED for word in left):
        return OnCallAsPlanned()
    return OnCall("" if left == left[:1] and left[0] in _SELF else " ".join(left), span)


def _away(rest: list[str]) -> Command:
    span, left = take_until(rest)
    left = [word for word in left if word not in _FILLERS and word not in _TODAY]
    over = span is None and not _PLANNED.isdisjoint(left)
    left = [word for word in left if not over or word not in _PLANNED]
    if any(word[0].isdigit() for word in left) or len(left) > 3:
        return Unclear(TAKES_IT if _codes(left) else Verb.AWAY.value)
    who = "" if len(left) == 1 and left[0] in _SELF else " ".join(left)
    return Here(who) if over else Away(who, span)


def _is_talk(words: list[str]) -> bool:
    """Whether words that are no command are ordinary talk, in which a command's word may stand by chance."""
    plain = [word for word in words if word.isalnum()]
    if len(plain) < 3 or any(map(_is_code, plain)):
        return False
    return plain[0] in TALK or plain[0] not in VERBS or plain[1] in ("me", "us", "you", "u")


def _nearest(words: list[str]) -> str:
    """How the command is written that comes nearest to words that are none."""
    for word in words:
        if word in VERBS and word not in ("in", "on", "me", "away") and VERBS[word] is not Verb.VISITS:
            return VERBS[word].value
        if word in OUTCOMES:
            return Verb.CLOSE.value
        near = slipped(word, VERBS)
        if near:
            return VERBS[near[0]].value
    return TAKES_IT if _codes(words) else ""


__all__ = ["Said", "Span", "understood", "writes"]
