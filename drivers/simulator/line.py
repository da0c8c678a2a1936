"""The modem's end of a real pty: the program opens the other end through pyserial and cannot tell it from a tty."""

from __future__ import annotations

import asyncio
import os
import random
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from drivers.simulator.faults import Wire

READ_SIZE = 4096
BACKLOG_LIMIT = 262_144  # a full ME memory listed is 90 KB; a program that reads nothing at all loses what is beyond
CUT_GAP_S = 0.00005  # lets the reader wake between two pieces; 115,200 baud takes 0.09 ms a byte
RANDOM_CUT = 12


class PtyLine:
    """One plugged-in serial line at a time; `unplug` hangs it up, `plug` makes another with a new /dev/pts number."""

    def __init__(self, received: Callable[[bytes], None], link: Path | None, wire: Wire, rng: random.Random) -> None:
        self._received = received
        self._link = link
        self.wire = wire
        self._random = rng
        self._master = -1
        self._slave = -1
        self._backlog = bytearray()
        self._flushing: asyncio.Handle | None = None
        self._next_cut_at = 0.0
        self._writing = False
        self._last_device = ""
        self.device = ""
        self.dropped_bytes = 0

    @property
    def plugged(self) -> bool:
        return self._master >= 0

    @property
    def path(self) -> str:
        """What the program should open: the stable link when there is one."""
        return str(self._link) if self._link else self.device

    def plug(self) -> str:
        """Make the pty and its link; returns `path`. The device name is never the last one (USB reset)."""
        if self.plugged:
            return self.path
        master, slave = os.openpty()
        if os.ttyname(slave) == self._last_device:
            taken = (master, slave)
            master, slave = os.openpty()
            for descriptor in taken:
                os.close(descriptor)
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._master, self._slave = master, slave
        self.device = self._last_device = os.ttyname(slave)
        if self._link:
            fresh = self._link.with_name(self._link.name + ".new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(self.device)
            fresh.replace(self._link)
        asyncio.get_running_loop().add_reader(master, self._read)
        return self.path

    def unplug(self) -> None:
        """Hang up: the program's next read gives b"" or EIO. What was not yet read is lost."""
        if not self.plugged:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._master)
        if self._writing:
            loop.remove_writer(self._master)
            self._writing = False
        if self._flushing:
            self._flushing.cancel()
            self._flushing = None
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1
        self._backlog.clear()
        if self._link:
            with suppress(OSError):
                if str(self._link.readlink()) == self.device:
                    self._link.unlink()

    def write(self, data: bytes) -> None:
        """Send to the program, in the order of the calls; dropped and counted when unplugged or nobody reads."""
        room = BACKLOG_LIMIT - len(self._backlog)
        if not self.plugged or len(data) > room:
            self.dropped_bytes += len(data)
            return
        self._backlog += data
        if not self._writing and self._flushing is None:
            self._flush()

    def _read(self) -> None:
        with suppress(BlockingIOError):
            try:
                data = os.read(self._master, READ_SIZE)
            except BlockingIOError:
                raise
            except OSError:
                return  # the far end went away between the wake-up and the read
            self._received(data)

    def _flush(self) -> None:
        self._flushing = None
        if not self._backlog or not self.plugged:
            return
        loop = asyncio.get_running_loop()
        match self.wire:
            case Wire.WHOLE:
                size = len(self._backlog)
            case Wire.BYTES:
                size = 1
            case Wire.RANDOM:
                size = self._random.randint(1, RANDOM_CUT)
        try:
            written = os.write(self._master, self._backlog[:size])
        except BlockingIOError:
            written = 0
        del self._backlog[:written]
        if written == 0 or (self.wire is Wire.WHOLE and self._backlog):
            if not self._writing:
                loop.add_writer(self._master, self._writable)
                self._writing = True
        elif self._backlog:
            self._next_cut_at = time.monotonic() + CUT_GAP_S
            self._flushing = loop.call_soon(self._flush_when_due)

    def _flush_when_due(self) -> None:
        """A timer of the loop would wait a whole millisecond."""
        if time.monotonic() < self._next_cut_at:
            self._flushing = asyncio.get_running_loop().call_soon(self._flush_when_due)
        else:
            self._flush()

    def _writable(self) -> None:
        asyncio.get_running_loop().remove_writer(self._master)
        self._writing = False
        self._flush()
