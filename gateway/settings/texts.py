"""The texts of a configuration under the rules of honest wording: errors refuse it, warnings are shown.

The texts that come with the product are judged as well: the business's name decides whether they still fit one segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.core.business import Business
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.hours import Situation
from gateway.core.lint import Finding, Severity, lint
from gateway.core.wording import FIXED_TEXTS, OCCASIONS, choose_template, template_text
from gateway.settings.options import Place
from gateway.settings.spoken import judge_conversation, judged

_PURPOSES = (
    ("opt_out", "opt_out_confirmation"),
    ("opt_in", "help"),
    ("help", "help"),
    ("owner_", "owner_notice"),
    ("test", "test"),
)
FIXED_SEGMENTS = 2  # the fixed texts carry an office number as well and go out rarely


@dataclass(frozen=True, slots=True)
class Judged:
    """A template that somebody can get, with what is wrong with it. `lines` are those whose callers get it."""

    name: str
    text: str
    lines: tuple[str, ...]
    findings: tuple[Finding, ...]


def judged_openers(business: Business) -> Iterator[Judged]:
    """The openers in use, in the order of the situations, then those for VIPs and weekends.

    A template that two situations share comes once.
    """
    texted = [line for line in business.lines if line.text_back]
    users: dict[str, tuple[str, dict[str, str]]] = {}
    for kind in Situation:
        for line in texted:
            name = choose_template(line, kind)
            users.setdefault(name, (template_text(business, name, kind), {}))[1][line.name] = line.language
    for occasion in OCCASIONS:
        for line in texted:
            name = choose_template(line, occasion)
            if name in business.templates:
                users.setdefault(name, (business.templates[name], {}))[1][line.name] = line.language
    for name, (text, lines) in users.items():
        found = {
            finding: None
            for language in sorted(set(lines.values()))
            for finding in lint(text, business.name, language, stated_minutes=business.policy.stated_minutes)
        }
        yield Judged(name, text, tuple(lines), tuple(found))


def judge_texts(business: Business, place: Place) -> None:
    """Say what is wrong with the openers in use and with fixed texts in the business's own words."""
    if not business.name:
        return  # said already, and no text could name it
    openers = {opener.name: opener.findings for opener in judged_openers(business)}
    for name, text in business.templates.items():
        if name in openers:
            _say(name, openers[name], place)
        elif f"templates.{name}" in place.lines and name in CONVERSATION_TEXTS:
            _say(name, judged(name, text, business.name), place)
        elif f"templates.{name}" in place.lines:
            named_by = {line.language for line in business.lines if name in line.templates.values()}
            language = "es" if name.endswith("_es") or named_by == {"es"} else "en"
            fixed = name in FIXED_TEXTS
            segments, purpose = (FIXED_SEGMENTS, _purpose(name)) if fixed else (1, "opener")
            _say(name, lint(text, business.name, language, segments, purpose, business.policy.stated_minutes), place)
    judge_conversation(business, place)


def _purpose(name: str) -> str:
    return next((purpose for start, purpose in _PURPOSES if name.startswith(start)), "help")


def _say(name: str, findings: Sequence[Finding], place: Place) -> None:
    path = f"templates.{name}"
    for finding in findings:
        what = f"{path}: {finding.say}" + (f" ({finding.where!r})" if finding.where else "")
        if finding.severity is Severity.ERROR:
            place.say(place.line_of(path), what, finding.remedy)
        else:
            place.doubt(place.line_of(path), what, finding.remedy)
