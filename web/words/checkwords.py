"""What a check of everything has found, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.core.checkup import Checkup, Finding, Grade
from web.language import _, mark, ngettext
from web.words import healthwords, sentences

LIGHTS = {Grade.PASS: "good", Grade.WARN: "warn", Grade.FAIL: "bad", Grade.SKIPPED: "none"}
WORDS = {
    Grade.PASS: mark("In order"),
    Grade.WARN: mark("Needs a look"),
    Grade.FAIL: mark("Not in order"),
    Grade.SKIPPED: mark("Not looked at"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding."""

    title: str
    light: str
    word: str
    say: str
    remedy: str


def shown(finding: Finding) -> Shown:
    """A finding as the page has it: of a device with its name in front."""
    title = healthwords.title(finding.title) if finding.key == "health" else sentences.say(finding.title)
    if finding.part and finding.key != "health":
        title = f"{healthwords.title(finding.part)}: {title}"
    return Shown(title, LIGHTS[finding.grade], _(WORDS[finding.grade]), finding.say, finding.remedy)


def summary(checkup: Checkup) -> str:
    """What it comes down to."""
    failed, warned = checkup.count(Grade.FAIL), checkup.count(Grade.WARN)
    if not failed and not warned:
        return _("Everything that could be looked at is in order.")
    parts = []
    if failed:
        parts.append(
            ngettext("One thing is not in order.", "%(num)d things are not in order.", failed) % {"num": failed}
        )
    if warned:
        parts.append(ngettext("One thing needs a look.", "%(num)d things need a look.", warned) % {"num": warned})
    return " ".join(parts)
