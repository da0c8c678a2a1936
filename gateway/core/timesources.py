"""Who is believed about the time. Pure.

A Raspberry Pi has no clock of its own: after a power cut it wakes in 1970, or where it was switched off. Several can tell it
the time, and they are asked in this order: the internet (the kernel says that it is synchronised), the mobile network, the
stamps of the service centre on texts that have just come, somebody who has set the clock, a clock module, and last what was
written down: that has passed. Every witness is turned into a `base`, the moment (seconds since 1970) at which the machine was
switched on by what it says; so witnesses heard at different moments can be compared, and a set clock is a base that moved.

A network may say 1980, or leave out its zone: what it says then counts only where another witness agrees. A stamp is when a
text was handed in, so it is the present moment at most; two that are minutes apart and came equally late have come at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

NOT_BEFORE_S = 1_767_225_600.0  # 2026-01-01: this product did not exist before
NEAR_S = 60.0  # networks tell the time to some seconds; what differs less is the same
AGREE_S = 300.0  # two witnesses that differ by less mean the same moment, and a zone left out is at least 15 minutes
BEHIND_S = 300.0  # a clock set right by a few minutes is behind what was just written, and right all the same
FAR_S = 400 * 86_400.0  # so far ahead of everything known a network is only believed when somebody else says so too
APART_S = 240.0  # stamps closer together may have waited together
STAMPS = 6  # the newest stamps that are kept


class Witness(StrEnum):
    """Who says what time it is, the most trusted first."""

    INTERNET = "internet"
    NETWORK = "network"
    TEXTS = "texts"
    SET = "set"  # a person, or a program of the machine, has set the clock while we ran
    MODULE = "module"  # the machine has a clock that runs while it is off
    LAST = "last"  # nobody: the clock goes on from what was written down last, and the settings allow that


# Whose word makes what was written meanwhile something that has passed for sure: not a clock that nobody has confirmed.
SURE = frozenset({Witness.INTERNET, Witness.NETWORK, Witness.TEXTS, Witness.SET})


class Doubt(StrEnum):
    """Why the time is not known."""

    BEHIND = "behind"  # the clock shows a moment that has certainly passed
    UNTOLD = "untold"  # no clock of its own, and nobody has told it the time since it was switched on
    DIFFER = "differ"  # two networks tell different times


@dataclass(frozen=True, slots=True)
class Heard:
    """A modem (`part`) has told a time: one base for each way in which it can be read."""

    by: Witness
    part: str
    bases: tuple[float, ...]
    tick: float  # seconds since the machine was switched on


@dataclass(frozen=True, slots=True)
class Known:
    """The machine at this moment, and what is remembered. `certain`: has passed for sure; `written`: was written down, by a clock
    that may have been wrong. `vouched`: a base that somebody has vouched for since the machine was switched on."""

    base: float  # of the machine's own clock
    tick: float
    synchronised: bool
    keeps_time: bool
    certain: float = NOT_BEFORE_S
    written: float = NOT_BEFORE_S
    vouched: tuple[float, Witness] | None = None
    goes_on: bool = False  # the settings let the box believe its clock when nobody can be asked


@dataclass(frozen=True, slots=True)
class Verdict:
    """The base to go by; `by` None: nobody is believed, and `doubt` says why."""

    base: float
    by: Witness | None = None
    doubt: Doubt | None = None


def judge(known: Known, heard: Sequence[Heard]) -> Verdict:
    """Whom to go by now."""
    if known.synchronised and known.base + known.tick >= NOT_BEFORE_S:
        return Verdict(known.base, Witness.INTERNET)
    told = _networks(known, heard)
    if told is Doubt.DIFFER:
        return Verdict(known.base, None, Doubt.DIFFER)
    if isinstance(told, float):
        return Verdict(_own(known, told), Witness.NETWORK)
    if known.vouched is not None and known.vouched[1] is Witness.SET:
        return Verdict(*known.vouched)
    if (stamped := _texts(known, heard)) is not None:
        return Verdict(_own(known, stamped), Witness.TEXTS)
    if known.vouched is not None:
        return Verdict(*known.vouched)
    behind = max(known.written, known.certain) - (known.base + known.tick)
    if behind > BEHIND_S or known.base + known.tick < NOT_BEFORE_S:
        return Verdict(known.base, None, Doubt.BEHIND)
    if known.keeps_time:
        return Verdict(known.base, Witness.MODULE)
    if known.goes_on:
        return Verdict(known.base, Witness.LAST)
    return Verdict(known.base, None, Doubt.UNTOLD)


def stamps_of(heard: Sequence[Heard]) -> list[Heard]:
    """Stamps on texts, oldest first."""
    return [each for each in heard if each.by is Witness.TEXTS]


def _own(known: Known, base: float) -> float:
    """The machine's own clock where it is right: it runs more evenly than what a network tells now and then."""
    return known.base if abs(known.base - base) <= NEAR_S else base


def _possible(known: Known, base: float, tick: float) -> bool:
    """Not before what has certainly passed."""
    return base + tick >= max(NOT_BEFORE_S, known.certain - BEHIND_S)


def _networks(known: Known, heard: Sequence[Heard]) -> float | Doubt | None:
    """What the mobile networks say, where it is one thing."""
    newest = {each.part: each for each in heard if each.by is Witness.NETWORK}
    others = [each.bases[0] for each in stamps_of(heard)]
    own = [known.base] if known.base + known.tick >= max(known.written, known.certain) - BEHIND_S else []
    if known.vouched is not None:
        own.append(known.vouched[0])
    found: list[float] = []
    for part, each in newest.items():
        elsewhere = [base for name, other in newest.items() if name != part for base in other.bases]
        bases = [base for base in each.bases if _possible(known, base, each.tick)]
        backed = [base for base in bases if any(abs(base - other) <= AGREE_S for other in (*own, *others, *elsewhere))]
        latest = max(known.certain, known.written, NOT_BEFORE_S) + FAR_S
        if backed:
            found.append(backed[0])
        elif len(each.bases) == 1 and bases and bases[0] + each.tick <= latest:
            found.append(bases[0])
    if not found:
        return None
    if all(abs(base - found[0]) <= AGREE_S for base in found):
        return found[0]
    agreeing = [base for base in found if any(abs(base - other) <= AGREE_S for other in (*own, *others))]
    if agreeing and all(abs(base - agreeing[0]) <= AGREE_S for base in agreeing):
        return agreeing[0]
    return Doubt.DIFFER


def _texts(known: Known, heard: Sequence[Heard]) -> float | None:
    """What the stamps on texts say: they agree with the clock, or two of them with each other."""
    stamps = [each for each in stamps_of(heard) if _possible(known, each.bases[0], each.tick)]
    sound = known.base + known.tick >= max(known.written, known.certain) - BEHIND_S
    if sound and any(abs(each.bases[0] - known.base) <= AGREE_S for each in stamps):
        return known.base
    for at, one in enumerate(stamps):
        for other in stamps[at + 1 :]:
            if abs(one.tick - other.tick) >= APART_S and abs(one.bases[0] - other.bases[0]) <= NEAR_S:
                return max(one.bases[0], other.bases[0])
    return None
