"""What the Asterisk driver needs to be told."""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.asterisk.contexts import DEFAULT_INBOUND, DEFAULT_INTERNAL

DEFAULT_NAME = "asterisk"  # of a PBX that is the only one


@dataclass(frozen=True, slots=True)
class Timings:
    """Every wait of the driver, in seconds."""

    connect_s: float = 10.0  # a LAN peer answers in milliseconds; the kernel alone would try for two minutes
    answer_s: float = 5.0  # an action is answered within milliseconds, a refused login after 1 s
    presentation_s: float = 1.0  # an ended call waits for "is the number withheld?"; answered within milliseconds
    ping_every_s: float = 10.0  # a dead peer is otherwise noticed by the kernel after about 15 minutes
    back_off_min_s: float = 0.5
    retry_max_s: float = 5.0  # a PBX that was off takes calls as soon as it is back, and a try costs a LAN nothing
    back_off_max_s: float = 60.0  # a refused login waits so long at once: fail2ban bans after a few tries
    settled_s: float = 30.0  # a link that held so long starts the back-off afresh
    retry_submit_s: float = 1.0  # wait before an event that could not be committed is offered again


@dataclass(frozen=True, slots=True)
class RingerSettings:
    """A second manager user, who may place calls. Raises ValueError for values that would break the protocol's lines.

    `channel` is what is dialled: {number} becomes the digits with the country code, {e164} the same with a "+",
    {national} those without the country code 1. `prompt` are names of sounds.
    """

    host: str
    username: str
    secret: str = field(repr=False)
    channel: str
    port: int = 5038
    name: str = "ringing"
    caller_id: str = ""
    prompt: tuple[str, ...] = ("beep", "{code}", "followme/options")
    timings: Timings = field(default_factory=Timings)

    def __post_init__(self) -> None:
        for value in (self.username, self.secret, self.channel, self.caller_id, *self.prompt):
            if any(ord(character) < 32 for character in value):
                raise ValueError(
                    "a setting of the ringing holds a line break or another control character - write it anew"
                )


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """One Asterisk's manager port. Raises ValueError for values that would break the protocol's lines."""

    host: str
    username: str
    secret: str = field(repr=False)
    port: int = 5038
    name: str = DEFAULT_NAME
    inbound_contexts: tuple[str, ...] = DEFAULT_INBOUND
    internal_contexts: tuple[str, ...] = DEFAULT_INTERNAL
    timings: Timings = field(default_factory=Timings)

    @property
    def key(self) -> str:
        """The name in the keys of this PBX's calls; "" for the one that needs no name, so that a second one may join later."""
        return "" if self.name == DEFAULT_NAME else self.name

    def __post_init__(self) -> None:
        for what, value in (("username", self.username), ("secret", self.secret)):
            if any(ord(character) < 32 for character in value):
                raise ValueError(
                    f"the manager's {what} holds a line break or another control character - write it anew"
                )
