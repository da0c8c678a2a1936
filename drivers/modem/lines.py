"""Bytes from a serial line become lines and prompts, whatever the noise and wherever the bytes were cut."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LINE = 4096  # the longest sensible line is a PDU of 2 x 176 octets; more is a baud-rate error
_BEFORE_PROMPT = bytes([*range(0x21), *range(0x7F, 0x100)])  # blanks and noise
_EDGE = "".join(chr(c) for c in range(0x21)) + "".join(chr(c) for c in range(0x7F, 0x100))


@dataclass(frozen=True, slots=True)
class Prompt:
    """The modem waits for the PDU (3GPP TS 27.005 3.5.1 says CR LF > SP; SIM7670 omits the space)."""


Token = str | Prompt


class LineSplitter:
    """Cuts at CR and LF, so CR CR LF ends one line; decodes as Latin-1, so no byte can stop it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.discarded = 0  # bytes of lines longer than MAX_LINE
        self._overlong = False

    def feed(self, data: bytes) -> list[Token]:
        tokens: list[Token] = []
        for byte in data:
            if byte in b"\r\n":
                self._end_line(tokens)
            elif byte == 0x3E and not self._buffer.strip(_BEFORE_PROMPT) and not self._overlong:
                self._buffer.clear()
                tokens.append(Prompt())
            elif self._overlong or len(self._buffer) >= MAX_LINE:
                self._overlong = True
                self.discarded += 1
            else:
                self._buffer.append(byte)
        return tokens

    def _end_line(self, tokens: list[Token]) -> None:
        if self._overlong:
            self.discarded += len(self._buffer)
        else:
            line = self._buffer.decode("latin-1").strip(_EDGE)
            if line:
                tokens.append(line)
        self._overlong = False
        self._buffer.clear()
