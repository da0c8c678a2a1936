"""Plays dialogues through `textback simulate` and tells how they went.

python -m tests.conversation.play                      the figures
python -m tests.conversation.play --show ID            one dialogue as a person would read it
python -m tests.conversation.play --faults             what went wrong, dialogue by dialogue
python -m tests.conversation.play --unseen             the same for `unseen/`
python -m tests.conversation.play --ladder             the same for `ladder/`: emergencies, and our people's telephones
python -m tests.conversation.play --gold-and-pred DIR  gold.jsonl and pred.jsonl for a judge outside
"""

from __future__ import annotations

import argparse
import io
import json
import textwrap
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from gateway.cli.simulate import run
from tests.conversation.judge import Figures, Outcome, Read, Said, judge
from tests.conversation.script import (
    CALLER,
    DIALOGUES,
    LADDER,
    READS,
    UNSEEN,
    Dialogue,
    read_dialogues,
    shop,
    telephones,
)

Effect = dict[str, Any]


def play(dialogues: Iterable[Dialogue]) -> dict[str, list[Effect]]:
    """Everything the box did in each dialogue, by the dialogue's id."""
    done: dict[str, list[Effect]] = {}
    by_shop = sorted(dialogues, key=_shop)
    for (trade, people, books), group in groupby(by_shop, key=_shop):
        lines: list[str] = []
        for dialogue in group:
            lines.append(json.dumps({"event": "scenario", "id": dialogue.id}))
            lines += [json.dumps(event) for event in dialogue.events]
        out = io.StringIO()
        run(shop(trade, people=people, books=books), lines, out)
        current: list[Effect] = []
        for text in out.getvalue().splitlines():
            effect = json.loads(text)
            if effect.get("event") == "scenario":
                current = done[effect["id"]] = []
            else:
                current.append(effect)
    return done


def _shop(dialogue: Dialogue) -> tuple[str, bool, str]:
    return dialogue.trade, dialogue.people, dialogue.books


def outcome(dialogue: Dialogue, effects: list[Effect]) -> Outcome:
    """What the effects mean for the caller of the dialogue."""
    times = [line.at for line in dialogue.turns]

    def turn(effect: Effect) -> int:
        return sum(at <= datetime.fromisoformat(effect["at"]) for at in times)

    peers = {effect["lead"]: effect["peer"] for effect in effects if effect["effect"] == "lead"}
    ours = [effect for effect in effects if peers.get(effect.get("lead"), CALLER) == CALLER]
    leads = [effect for effect in ours if effect["effect"] == "lead"]
    said = tuple(
        Said(turn(effect), effect["body"], effect["purpose"], datetime.fromisoformat(effect["at"]))
        for effect in effects
        if effect["effect"] == "text" and effect["to"] == CALLER and effect["purpose"] != "opener"
    )
    whose = {number: who for who, number in telephones(dialogue).items()}
    read = tuple(
        Read(whose[effect["to"]], effect["body"], datetime.fromisoformat(effect["at"]))
        for effect in effects
        if effect["effect"] == "text" and effect["to"] in whose
    )
    states = [effect["state"] for effect in effects if effect["effect"] == "opt_out" and effect["peer"] == CALLER]
    return Outcome(
        id=dialogue.id,
        lane=leads[-1]["lane"] if leads else "none",
        alert_turns=tuple(sorted({turn(effect) for effect in ours if _alerts(effect)})),
        further=_further(said, len(times)),
        opt_out=bool(states) and states[-1],
        fields=dict(leads[-1]["facts"]) if leads else {},
        said=said,
        read=read,
    )


def _alerts(effect: Effect) -> bool:
    if effect["effect"] == "escalation":
        return bool(effect["state"] == "alerting")
    return bool(effect["effect"] == "text" and effect["purpose"] == "escalation")


def _further(said: tuple[Said, ...], turns: int) -> str:
    """Whether the box has gone on after the caller's last text: not at all, with one last text, or with more to come."""
    last = [text for text in said if text.after_turn >= turns]
    if not last:
        return "no"
    return "yes" if len(last) > 1 or any("?" in text.text for text in last) else "one_final"


def measure(dialogues: list[Dialogue]) -> tuple[Figures, dict[str, Outcome], dict[str, list[Effect]]]:
    """Play and judge."""
    effects = play(dialogues)
    outcomes = {dialogue.id: outcome(dialogue, effects[dialogue.id]) for dialogue in dialogues}
    return judge(dialogues, outcomes), outcomes, effects


def as_gold(dialogue: Dialogue) -> dict[str, Any]:
    """A dialogue as a judge outside reads it."""
    before = dialogue.started
    turns = []
    for line in dialogue.talk:
        if line.who in ("caller", "office", "owner"):
            after = round((line.at - before).total_seconds())
            turns.append(
                {"from": "customer" if line.who == "caller" else line.who, "text": line.says, "after_s": after}
            )
            before = line.at
    first, last = dialogue.alert or (None, None)
    expected = {
        "lane": dialogue.lane,
        "alert_owner": dialogue.alert is not None,
        "alert_earliest_turn": first,
        "alert_latest_turn": last,
        "further_auto_text": dialogue.further,
        "opt_out": dialogue.opt_out,
        "fields": dialogue.fields,
        "must_not": [
            {"check": must.check, "from_turn": must.from_turn} | ({} if must.most is None else {"max": must.most})
            for must in dialogue.must_not
        ],
    }
    accept = {
        "lane": list(dialogue.accept["lane"]),
        "further_auto_text": list(dialogue.accept["further"]),
        "alert_forgiven_until_turn": dialogue.alert_forgiven_until,
    }
    return {
        "id": dialogue.id,
        "trade": dialogue.trade,
        "lang": dialogue.lang,
        "call_ended": dialogue.started.isoformat(),
        "turns": turns,
        "expected": expected,
        "accept": accept,
        "note": dialogue.why,
    }


def shown(dialogue: Dialogue, effects: list[Effect], faults: list[str]) -> str:
    """The dialogue as a person would read it: the caller on the left, the box on the right, others in the middle."""
    rows: list[tuple[datetime, int, str, str]] = []
    whose = {number: who for who, number in telephones(dialogue).items()}
    turn = 0
    for line in dialogue.talk:
        if line.who == "box" or line.who.endswith(READS):
            continue
        turn += line.who == "caller"
        head = f"{turn}. " if line.who == "caller" else f"({line.who}) "
        rows.append((line.at, 0 if line.who == "caller" else 20, head, line.says))
    for effect in effects:
        at = datetime.fromisoformat(effect["at"])
        match effect["effect"]:
            case "text":
                to = whose.get(effect["to"], effect["to"])
                who = "" if to == "caller" else f"to the {to}, "
                rows.append((at, 44, f"[{who}{effect['purpose']}] ", effect["body"]))
            case "lead":
                known = ", ".join(f"{name} {value}" for name, value in effect["facts"].items() if value)
                rows.append((at, 20, "* ", f"lead {effect['lead']}: {effect['lane']}, {effect['urgency']}; {known}"))
            case kind:
                rest = {name: value for name, value in effect.items() if name not in ("at", "effect")}
                rows.append((at, 20, "* ", f"{kind} {json.dumps(rest, ensure_ascii=False)}"))
    lines = [f"{dialogue.id} ({dialogue.trade}, {dialogue.lang}): {dialogue.why}", ""]
    for at, indent, head, words in sorted(rows, key=lambda row: row[0]):
        margin = " " * (10 + indent)
        body = textwrap.wrap(head + words, 56) or [head]
        lines.append(f"{at:%a %H:%M}" + " " * (1 + indent) + body[0])
        lines += [margin + more for more in body[1:]]
    return "\n".join([*lines, "", *(f"! {fault}" for fault in faults), ""])


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.conversation.play", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument(
        "--unseen", action="store_true", help="the dialogues that nobody tunes on: look at the figures only"
    )
    parser.add_argument("--ladder", action="store_true", help="emergencies, and the telephones of our own people")
    parser.add_argument("--show", metavar="ID", action="append", default=[], help="print this dialogue; repeatable")
    parser.add_argument("--faults", action="store_true", help="print what went wrong, dialogue by dialogue")
    parser.add_argument("--gold-and-pred", metavar="DIR", type=Path, help="write gold.jsonl and pred.jsonl")
    args = parser.parse_args(argv)
    dialogues = read_dialogues(UNSEEN if args.unseen else LADDER if args.ladder else DIALOGUES)
    if args.show and (unknown := set(args.show) - {d.id for d in dialogues}):
        parser.error(f"no dialogue is called {', '.join(sorted(unknown))}")
    wanted = [d for d in dialogues if d.id in args.show] if args.show else dialogues
    figures, outcomes, effects = measure(wanted)
    for dialogue in wanted if args.show else ():
        print(shown(dialogue, effects[dialogue.id], figures.wrong.get(dialogue.id, [])))
    if args.faults and not args.show:
        for name, faults in figures.wrong.items():
            print(name, *(f"  {fault}" for fault in faults), sep="\n")
    if args.gold_and_pred:
        args.gold_and_pred.mkdir(parents=True, exist_ok=True)
        _write(args.gold_and_pred / "gold.jsonl", map(as_gold, wanted))
        _write(args.gold_and_pred / "pred.jsonl", (outcomes[d.id].prediction() for d in wanted))
    if not args.show:
        _print(figures)
    return 0


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _print(figures: Figures) -> None:
    print(f"{figures.dialogues} dialogues, {sum(figures.expected.values())} lines of the box")
    for name, value in figures.table().items():
        print(f"  {name:<14} {value:6.1f}" if name == "total" else f"  {name:<14} {value:6.3f}")
    print("  owner's alert: " + ", ".join(f"{name} {count}" for name, count in sorted(figures.alerts.items())))
    if figures.rules:
        print("  broken: " + ", ".join(f"{name} x{count}" for name, count in figures.rules.most_common()))


if __name__ == "__main__":
    raise SystemExit(main())
