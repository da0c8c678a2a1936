"""Who is there for an emergency, and from how many degrees on it is one."""

from __future__ import annotations

from gateway.core.conversation.office import Cover, Emergencies
from gateway.settings import kinds
from gateway.settings.options import AS_IN_TRADE, Option, Reading, Section
from gateway.settings.trades import COLD_F, TradePack

E_COVERED = Option(
    "covered",
    kinds.choice(Cover),
    Cover.ALWAYS,
    "When somebody is on call: always, open (in opening hours) or never. The owner is texted in any case; where nobody is on"
    " call the caller is told so.",
    "always",
)
E_INSTEAD = Option(
    "instead",
    kinds.word("what the caller should do then"),
    "",
    "What a caller with an emergency is told to do when nobody is on call, in your words.",
    example='"You can try Lake County Emergency Plumbing at (216) 555-0177."',
    shown_off=True,
)
E_INSTEAD_ES = Option(
    "instead_es",
    kinds.word("the same in Spanish"),
    "",
    "The same in Spanish.",
    example='"Puede llamar a Lake County Emergency Plumbing al (216) 555-0177."',
    shown_off=True,
)
E_COLD: Option[int | None] = Option(
    "cold_f",
    kinds.optional(kinds.whole(20, 75)),
    None,
    "No heat is an emergency at this many degrees Fahrenheit indoors or less (also with frost outside, or with babies, old"
    " or ill people).",
    AS_IN_TRADE,
    str(COLD_F),
    shown_off=True,
)
E_HOT: Option[int | None] = Option(
    "hot_f",
    kinds.optional(kinds.whole(75, 120)),
    None,
    "No cooling is an emergency at this many degrees or more, also without babies, old or ill people. none: only with them.",
    AS_IN_TRADE,
    "90",
    shown_off=True,
)
EMERGENCIES: Section = Section(
    "emergencies",
    "Who is there for an emergency. Danger to people always is one: the caller gets the safety text at once and the owner is"
    " told, at any hour, whatever is written here. What is urgent and no emergency goes to the top of the office's list only.",
    (E_COVERED, E_INSTEAD, E_INSTEAD_ES, E_COLD, E_HOT),
)


def read_emergencies(section: Reading, pack: TradePack) -> Emergencies:
    """The section with the trade's degrees where it names none; words that nobody will read are doubted."""
    cold, hot = section.get(E_COLD), section.get(E_HOT)
    emergencies = Emergencies(
        section.get(E_COVERED),
        section.get(E_INSTEAD),
        section.get(E_INSTEAD_ES),
        pack.cold_f if cold is None else cold,
        hot if section.given(E_HOT) else pack.hot_f,
    )
    if emergencies.covered is Cover.ALWAYS and (emergencies.instead or emergencies.instead_es):
        given = E_INSTEAD if emergencies.instead else E_INSTEAD_ES
        remedy = "write 'covered: open' or 'covered: never', or remove the text"
        section.place.at(given.name).doubt(section.line_of(given), "somebody is always on call", remedy)
    return emergencies
