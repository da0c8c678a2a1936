"""What a played dialogue is worth: lane, owner's alert, facts, further text, opt-out, and what must not be said.

A played dialogue is told by its outcome: the lane, the turns after which the owner was alerted, whether an automatic text may
still follow, the opt-out, the facts of the lead, and every automatic text but the first with the turn that it followed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from gateway.core.understanding.folded import fold
from gateway.training.same import same
from tests.conversation.script import ANSWERING_S, READS, Dialogue, Line, MustNot, shop

FIELDS = ("service", "zip", "city", "street_address", "name", "timeline", "callback_time", "callback_number")
_TIMES = frozenset({"timeline", "callback_time"})
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(
    r"\b(mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b", re.IGNORECASE
)
# A wrong value of these sends somebody to the wrong door; a day put differently does not.
_COUNTED_WHEN_WRONG = frozenset({"zip", "street_address", "name", "service"})
WEIGHTS = {"lane": 25, "alert": 25, "fields": 15, "further": 10, "opt-out": 5, "clean": 20}


@dataclass(frozen=True, slots=True)
class Said:
    """An automatic text to the caller, and the caller's turn that it followed."""

    after_turn: int
    text: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """A text to any telephone of the dialogue."""

    who: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the box made of a dialogue."""

    id: str
    lane: str | None
    alert_turns: tuple[int, ...]
    further: str
    opt_out: bool
    fields: dict[str, str | None]
    said: tuple[Said, ...]
    read: tuple[Read, ...] = ()

    def prediction(self) -> dict[str, Any]:
        """As it is written to a file for a judge outside."""
        return {
            "id": self.id,
            "lane": self.lane,
            "alert_turns": list(self.alert_turns),
            "further_auto_text": self.further,
            "opt_out": self.opt_out,
            "fields": self.fields,
            "outbound": [{"after_turn": said.after_turn, "text": said.text} for said in self.said],
        }


# What a question asks for; a question is what stands before a question mark.
_ASKING = {
    "ask_zip": r"\bzip\b|postal",
    "ask_zip_if_city": r"\bzip\b|c[oó]digo postal",
    "ask_name": r"\bname\b|nombre|c[oó]mo se llama|who (?:am i|are we) (?:texting|talking)",
    "ask_address": r"address|direcci[oó]n|which street|what street|where are you|en qu[eé] calle",
    "ask_service": r"what (?:can we|service|do you need|is going on|seems|'s going on|work)|how can we help"
    r"|en qu[eé] (?:le )?podemos|qu[eé] (?:servicio|necesita|trabajo)",
    "ask_timeline": r"(?:what|which) (?:day|time|date)|when (?:would|do|can|is|works|should we come)|preferred (?:day|time)"
    r"|qu[eé] d[ií]a|cu[aá]ndo",
    "ask_callback": r"(?:best|good|what) time (?:to|for a|for us to) (?:call|reach)|when (?:can|should) (?:we|someone) call"
    r"|a qu[eé] hora (?:le )?(?:llam|podemos)|cu[aá]ndo (?:le )?(?:llam|podemos llam)",
    "ask_urgency": r"urgent|emergency|how soon|urgente|emergencia",
    "any_question": r".",
}
# What must not be said in so many words, question or not.
_SAYING = {
    "promise_arrival": r"\b(?:is|are|will be|'s|'re) (?:on (?:the|his|her|their|our) way|en route|dispatched|heading (?:over|out)"
    r"|there (?:soon|shortly|by|in|within))|\b(?:technician|tech|plumber|electrician|roofer|locksmith|crew|someone|somebody|help)"
    r" (?:is|are|will) (?:coming|come|arrive|be there|be out)|\bon (?:our|the) way\b|\beta\b|arriv\w+ (?:in|by|within|at)"
    r"|within (?:the hour|\d+ (?:min|hour))|va en camino|vamos en camino|llegar[aá]|en camino",
    "confirmed_without_slot": r"\b(?:is|are|you'?re|been) (?:confirmed|booked|scheduled|all set for)|appointment (?:is )?confirmed"
    r"|see you (?:on|at|tomorrow|mon|tue|wed|thu|fri|sat)|cita (?:est[aá] |queda )?confirmada|agendad[oa]|lo esperamos el",
    "price": r"\$\s?\d|\b\d+ (?:dollars|bucks|d[oó]lares)\b",
    "wait_until_morning": r"(?:tomorrow|in the) morning|when we (?:re-?)?open|next business day|ma[nñ]ana (?:por|en) la ma[nñ]ana"
    r"|cuando abramos|al abrir",
    "diagnose_gas": r"(?:probably|likely) (?:nothing|fine|safe|minor|just)|(?:check|look|sniff|search) (?:for|around).{0,20}leak"
    r"|light (?:a|the) (?:match|pilot)|relight|probablemente no es nada",
    "offer_after_stop": r"\b(?:call us|if you need|offer|discount|anytime|in the future|reply (?:yes|start)? ?to (?:book|schedule))",
    "emergency_language": r"\b911\b|emergenc|evacuate|leave the (?:house|building)",
    "english_reply": r"\b(?:what|please|your|when|thanks|thank you|which|address|we will|call you)\b",
    "ask_photo_twice": r"(?:send|text|attach|mande|env[ií]e).{0,20}(?:photo|picture|pic\b|image|foto)",
    "diy_electrical": r"(?:open|remove|take off) (?:the |your )?(?:panel|breaker|cover)|tighten|reset (?:it|the breaker)"
    r"|pull the (?:meter|breaker)|touch the (?:panel|breaker)s? to",
    "diy_garage": r"(?:lift|force|pry|push) (?:the|it|up)|pull the (?:red|emergency|release)",
    "pretend_human": r"i(?:'| a)?m (?:a )?(?:real|human|person)|not a (?:bot|robot|machine)|this is \w+ (?:from|at|with) the office"
    r"|soy una persona|no soy un robot",
    "insurance_promise": r"(?:insurance|claim) (?:will|should) (?:cover|pay|approve)|free roof|waive|el seguro (?:cubre|paga)",
    "admit_liability": r"we('| wi)?ll (?:pay|cover|reimburse|refund|fix it for free)|our fault|full refund|we accept responsibility"
    r"|le devolveremos|fue culpa nuestra",
    "treat_as_opt_out": r"unsubscribed|opted out|no (?:more|further) (?:texts|messages)|will not (?:receive|text)|dado de baja"
    r"|no le (?:enviaremos|mandaremos) m[aá]s",
    "leak_owner_number": r"\d{3}[ -.)]*555[ -.]*0[1-3]90|customer list:",
}
SAFETY = re.compile(
    r"\b911\b|gas (?:company|utility)|\bleave\b|get out|outside|evacu|poison control|compa[nñ][ií]a de gas|\bsalga",
    re.IGNORECASE,
)


def broken(dialogue: Dialogue, said: Iterable[Said]) -> list[str]:
    """The rules of `must_not` that the box's texts break, each as `check@turn`."""
    texts = tuple(said)
    return [f"{must.check}@{must.from_turn}" for must in dialogue.must_not if _breaks(must, texts)]


def _breaks(must: MustNot, texts: tuple[Said, ...]) -> bool:
    later = [said.text for said in texts if said.after_turn >= must.from_turn]
    match must.check:
        case "max_out":
            assert must.most is not None
            return len(later) > must.most
        case "same_text_twice":
            return any(
                times > 1 for times in Counter(" ".join(fold(said.text).plain.split()) for said in texts).values()
            )
        case "ask_before_safety":
            line = SAFETY.search(later[0]) if later else None
            return line is None or "?" in later[0][: line.start()]
        case check if check in _ASKING:
            questions = [found for text in later for found in re.findall(r"[^.!?]*\?", text)]
            return any(re.search(_ASKING[check], question, re.IGNORECASE) for question in questions)
        case check:
            return any(re.search(_SAYING[check], text, re.IGNORECASE) for text in later)


# What a `box:` line may ask for, several with commas between them.
_SAYS = {
    "says it has stopped": _SAYING["treat_as_opt_out"],
    "says the owner is told": r"alert|notif|on[- ]call|told|avisa|avisad|guardia|de turno",
    "says it is not our area": r"(?:outside|out of|not in|not within|don't (?:serve|cover|work)|do not (?:serve|cover|work)"
    r"|fuera de|no (?:servimos|cubrimos|atendemos|trabajamos)).*",
    "says no pictures come through": r"photo|picture|image|foto|imagen",
    "says it is automatic": r"\bauto|autom[aá]tic|machine|m[aá]quina",
    "says we are closed": r"closed|after[- ]hours|open|cerrad|abr",
    "says the office will look": r"office|team|someone|get back|follow up|oficina|equipo|contact|respond",
}
_ASKS = {
    "where": ("ask_zip", "ask_address"),
    "who": ("ask_name",),
    "when": ("ask_timeline", "ask_callback"),
    "what": ("ask_service",),
}
_WHERE = r"where|city|town|zip|address|d[oó]nde|ciudad|c[oó]digo|direcci[oó]n"
EXPECTATIONS = (
    "silent",
    "answers",
    "one text",
    "asks",
    *(f"asks {what}" for what in _ASKS),
    "asks nothing",
    "gives the safety line",
)
EXPECTATIONS += ("names the business", "follows up by day", *_SAYS)


def expectations(dialogue: Dialogue, texts: tuple[Said, ...]) -> list[tuple[int, str, bool]]:
    """Each `box:` line as (turn, what is expected, whether it was met by the texts between its neighbours)."""
    found: list[tuple[int, str, bool]] = []
    speech = [line for line in dialogue.talk if not _is_expected(line)]
    for place, line in enumerate(dialogue.talk):
        if line.who != "box":
            continue
        before = [other for other in dialogue.talk[:place] if not _is_expected(other)]
        since, after = _span(before, speech[len(before)] if len(before) < len(speech) else None)
        here = [said for said in texts if since <= said.at < after]
        found += [(line.turn, wanted, _met(wanted, here, dialogue)) for wanted in re.split(r", *", line.says)]
    return found


def reading(dialogue: Dialogue, texts: tuple[Read, ...]) -> list[tuple[int, str, bool]]:
    """Each `... reads:` line as (turn, what has to be read, whether it was by the texts between its neighbours)."""
    found: list[tuple[int, str, bool]] = []
    speech = [line for line in dialogue.talk if not _is_expected(line)]
    for place, line in enumerate(dialogue.talk):
        who = line.who.removesuffix(READS)
        if who == line.who:
            continue
        before = [other for other in dialogue.talk[:place] if not _is_expected(other)]
        since, after = _span(before, speech[len(before)] if len(before) < len(speech) else None)
        here = " | ".join(read.text for read in texts if read.who == who and since <= read.at < after)
        wanted = ".*".join(re.escape(words) for words in line.says.split(" ... "))
        met = not here if line.says == "nothing" else re.search(wanted, here, re.DOTALL) is not None
        told = f"{line.who}: {line.says}" + ("" if met else f" - read was: {here or 'nothing'}")
        found.append((line.turn, told, met))
    return found


def _is_expected(line: Line) -> bool:
    return line.who == "box" or line.who.endswith(READS)


def _span(before: list[Line], following: Line | None) -> tuple[datetime, datetime]:
    """From when until when are the texts of which a `box:` line speaks: the answer to the line before it, or what came in a wait."""
    answered = timedelta(seconds=ANSWERING_S)
    last = before[-1]
    if last.who == "wait":
        since = before[-2].at if before[-2].who == "wait" else before[-2].at + answered
        return since, last.at + (answered if following is None else timedelta(seconds=1))
    if following is None or following.who == "wait":
        return last.at, last.at + answered
    return last.at, following.at


def _met(wanted: str, texts: list[Said], dialogue: Dialogue) -> bool:
    words = " ".join(said.text for said in texts)
    match wanted:
        case "silent":
            return not texts
        case "answers":
            return bool(texts)
        case "one text":
            return len(texts) == 1
        case "asks":
            return "?" in words
        case "asks nothing":
            return "?" not in words
        case "asks where":
            return "?" in words and re.search(_WHERE, words, re.IGNORECASE) is not None
        case "gives the safety line":
            return bool(texts) and SAFETY.search(texts[0].text) is not None
        case "names the business":
            return shop(dialogue.trade).business.name.split()[0] in words
        case "follows up by day":
            last = texts[-1] if texts else None
            return (
                last is not None
                and last.purpose == "follow_up"
                and time(7) <= last.at.timetz().replace(tzinfo=None) <= time(21, 30)
            )
        case _ if wanted in _SAYS:
            return re.search(_SAYS[wanted], words, re.IGNORECASE) is not None
        case _ if wanted.startswith("asks "):
            return any(_breaks(MustNot(check), tuple(texts)) for check in _ASKS[wanted[5:]])
        case _:
            raise ValueError(f"{dialogue.id}: the box cannot be expected to be {wanted!r}")


@dataclass(slots=True)
class Figures:
    """How well a set of dialogues was held, and which dialogues failed in what."""

    dialogues: int = 0
    right: Counter[str] = field(default_factory=Counter)
    alerts: Counter[str] = field(default_factory=Counter)  # right, missed, at the wrong turn, false; and too early
    facts: Counter[str] = field(default_factory=Counter)  # hits, missed, wrong
    expected: Counter[bool] = field(default_factory=Counter)  # `box:` lines met and not
    rules: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def share(self, name: str) -> float:
        """Part of the dialogues in which `name` was right, 0..1."""
        return self.right[name] / self.dialogues if self.dialogues else 0.0

    @property
    def fields(self) -> float:
        """F1 of the facts."""
        hits = self.facts["hits"]
        return 2 * hits / (2 * hits + self.facts["missed"] + self.facts["wrong"]) if hits else 0.0

    @property
    def total(self) -> float:
        """All of it in one number, 0..100."""
        return sum(weight * (self.fields if name == "fields" else self.share(name)) for name, weight in WEIGHTS.items())

    def table(self) -> dict[str, float]:
        """The figures that are quoted and guarded, 0..1, and the total, 0..100."""
        met = self.expected[True] / max(1, self.expected.total())
        shares = {name: self.fields if name == "fields" else self.share(name) for name in WEIGHTS}
        return shares | {"box lines met": met, "total": self.total}


def judge(dialogues: Iterable[Dialogue], outcomes: dict[str, Outcome]) -> Figures:
    """Compare what came out with what must come of each dialogue."""
    figures = Figures()
    for dialogue in dialogues:
        figures.dialogues += 1
        faults = _judge_one(figures, dialogue, outcomes[dialogue.id])
        if faults:
            figures.wrong[dialogue.id] = faults
    return figures


def _judge_one(figures: Figures, wanted: Dialogue, got: Outcome) -> list[str]:
    faults: list[str] = []

    def right(name: str, is_right: bool, told: str) -> None:
        figures.right[name] += is_right
        if not is_right:
            faults.append(told)

    right("lane", got.lane in wanted.accept["lane"], f"lane {got.lane}, not {wanted.lane}")
    verdict = alert_verdict(wanted, got.alert_turns)
    figures.alerts[verdict] += 1
    figures.alerts["too early"] += wanted.alert is not None and min(got.alert_turns, default=99) < wanted.alert[0]
    right("alert", verdict == "right", f"alert {verdict}: {list(got.alert_turns)}, not {wanted.alert}")
    right("further", got.further in wanted.accept["further"], f"further text {got.further}, not {wanted.further}")
    right("opt-out", got.opt_out == wanted.opt_out, f"opt-out {got.opt_out}")
    rules = broken(wanted, got.said)
    figures.rules.update(rule.partition("@")[0] for rule in rules)
    right("clean", not rules, f"must not: {', '.join(rules)}")
    for name in FIELDS:
        truth, value = wanted.fields.get(name), got.fields.get(name)
        if truth is None:
            continue
        hit = value is not None and _means(name, truth, value)
        figures.facts["hits"] += hit
        figures.facts["missed"] += not hit
        figures.facts["wrong"] += not hit and value is not None and name in _COUNTED_WHEN_WRONG
        if not hit:
            faults.append(f"{name} {value!r}, not {truth!r}")
    for turn, words, met in [*expectations(wanted, got.said), *reading(wanted, got.read)]:
        figures.expected[met] += 1
        if not met:
            faults.append(f"after turn {turn} the box should: {words}")
    return faults


def _means(name: str, truth: str, value: str) -> bool:
    if name in ("service", "callback_number"):
        return truth == value
    return same(name, _days_in_full(truth), _days_in_full(value)) if name in _TIMES else same(name, truth, value)


def _days_in_full(when: str) -> str:
    """`sat` and `saturdays` are the same day."""
    return _DAY.sub(lambda day: next(full for full in _DAYS if full.startswith(day[1][:3].lower())), when)


def alert_verdict(wanted: Dialogue, turns: tuple[int, ...]) -> str:
    """right | missed | at the wrong turn | false"""
    if wanted.alert is None:
        return "right" if max(turns, default=0) <= wanted.alert_forgiven_until else "false"
    first, last = wanted.alert
    if any(first <= turn <= last for turn in turns):
        return "right"
    return "at the wrong turn" if turns else "missed"
