"""Commands by text from your own people's telephones."""

from __future__ import annotations

from gateway.core.remote.rules import RemoteRules
from gateway.settings import kinds
from gateway.settings.options import Option, Reading, Section

_GUESSED_FIRST = frozenset({"1234", "12345", "123456", "4321", "1212", "2580", "1122"})  # and all of one digit
R_PIN = Option(
    "pin",
    kinds.pin,
    "",
    "Asked for where a text changes something for every caller: pause and resume, storm mode, who is on call or away, closing"
    " all leads, drills. The number a text comes from can be faked, and this can not. Write it behind the command: PAUSE 2H"
    " 4711. Without it a pause by text lasts a day at most.",
    example='"4711"',
    shown_off=True,
)
REMOTE: Section = Section(
    "remote", "Your people's telephones as remote controls (reply HELP to the box for the commands).", (R_PIN,)
)


def read_remote(section: Reading) -> RemoteRules:
    """The section; a PIN that is guessed at once is doubted."""
    pin = section.get(R_PIN)
    if pin in _GUESSED_FIRST or (pin and len(set(pin)) == 1):
        place = section.place.at(R_PIN.name)
        place.doubt(section.line_of(R_PIN), "this PIN is guessed at once", "choose another one")
    return RemoteRules(pin)
