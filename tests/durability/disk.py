"""The order in which SQLite writes and syncs its files, kept, and every state in which a power cut may leave them.

A shim over SQLite's own VFS, in the process under test and under the real library: each file's write, truncate and sync
are noted before they go on to the system. What was synced is on the disk; of what was written since, any part may be, in
any order, and the last sector may be torn. The log's index (-shm) is memory and is gone.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_P = ctypes.c_void_p
# Paths stay pointers: SQLite keeps the one it opened a file by, so it must be its own and not a copy of ours.
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, _P, ctypes.c_int, ctypes.POINTER(ctypes.c_int))
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int)

# sqlite3_vfs and sqlite3_io_methods as arrays of pointer-sized words (sqlite.org/c3ref/vfs.html, io_methods.html):
# iVersion+szOsFile, mxPathname, pNext, zName, pAppData, xOpen, xDelete ...; iVersion, xClose, xRead, xWrite, xTruncate, xSync ...
_VFS_WORDS, _XOPEN, _XDELETE, _NAME = 22, 5, 6, 3
_IO_WORDS, _XWRITE, _XTRUNCATE, _XSYNC = 19, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Act:
    """`what`: write, truncate, sync, delete; or `done`, when the program was told that its transaction is safe."""

    what: str
    file: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True)
class Recorder:
    """The acts on the files of one folder, in order."""

    folder: Path
    acts: list[Act] = field(default_factory=list)
    refuse: str = ""  # "write" or "sync": that act fails with SQLITE_IOERR

    def done(self) -> None:
        self.acts.append(Act("done"))

    def states(self, rng: random.Random, per_cut: int) -> Iterator[tuple[int, dict[str, bytes]]]:
        """(acts that had happened, what is on the disk) for power cuts behind every act, `per_cut` of each."""
        for cut in range(len(self.acts) + 1):
            if cut and self.acts[cut - 1].what == "done":
                continue  # nothing happened to the disk
            for variant in range(per_cut):
                yield cut, self._after(cut, rng, variant)

    def _after(self, cut: int, rng: random.Random, variant: int) -> dict[str, bytes]:
        """Variant 0 drops everything that was not synced, 1 keeps it all, the others keep and tear at random."""
        disk: dict[str, bytearray] = {}
        synced: dict[str, int] = {}
        for place, act in enumerate(self.acts[:cut]):
            if act.what in ("sync", "delete"):
                synced[act.file] = place
        for place, act in enumerate(self.acts[:cut]):
            if act.what in ("sync", "done"):
                continue
            certain = place <= synced.get(act.file, -1)
            if not certain and (variant == 0 or (variant > 1 and rng.random() < 0.5)):
                continue
            if act.what == "delete":
                disk.pop(act.file, None)
                continue
            content = disk.setdefault(act.file, bytearray())
            if act.what == "truncate":
                del content[act.offset :]
                continue
            data = act.data
            if not certain and variant > 1 and rng.random() < 0.3:  # torn between two sectors
                data = data[: rng.randrange(0, len(data) + 1, SECTOR)]
            if len(content) < act.offset:
                content += bytes(act.offset - len(content))
            content[act.offset : act.offset + len(data)] = data
        return {name: bytes(content) for name, content in disk.items()}


@contextmanager
def recorded(folder: Path) -> Iterator[Recorder]:
    """Everything that SQLite does to the files in `folder`, in this process, is noted while the context is open."""
    library = ctypes.CDLL("libsqlite3.so.0")
    library.sqlite3_vfs_find.restype = _P
    library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
    library.sqlite3_vfs_register.argtypes = [_P, ctypes.c_int]
    library.sqlite3_vfs_unregister.argtypes = [_P]
    real = library.sqlite3_vfs_find(None)
    words = (ctypes.c_void_p * _VFS_WORDS).from_address(real)
    shim = (ctypes.c_void_p * _VFS_WORDS)(*words)
    name = ctypes.create_string_buffer(b"recorder")
    shim[_NAME] = ctypes.addressof(name)
    recorder = Recorder(folder)
    tap = _Tap(recorder, words)
    shim[_XOPEN] = ctypes.cast(tap.open, _P).value
    shim[_XDELETE] = ctypes.cast(tap.delete, _P).value
    library.sqlite3_vfs_register(ctypes.addressof(shim), 1)
    try:
        yield recorder
    finally:
        library.sqlite3_vfs_register(real, 1)
        library.sqlite3_vfs_unregister(ctypes.addressof(shim))


class _Tap:
    """The functions put in between. Kept alive for as long as SQLite may call them."""

    def __init__(self, recorder: Recorder, words: ctypes.Array[ctypes.c_void_p]) -> None:
        self._recorder = recorder
        self._names: dict[int, str] = {}
        self._methods: dict[int, object] = {}
        self._kept: list[object] = []
        open_, delete = _OPEN(words[_XOPEN]), _DELETE(words[_XDELETE])

        def tapped_open(vfs: int, path: int | None, file: int, flags: int, out: object) -> int:
            result = open_(vfs, path, file, flags, out)  # type: ignore[arg-type]
            if result == 0 and path is not None:
                self._tap(file, _path(path))
            return result

        def tapped_delete(vfs: int, path: int, sync: int) -> int:
            self._note(_path(path), "delete")
            return delete(vfs, path, sync)

        self.open = _OPEN(tapped_open)
        self.delete = _DELETE(tapped_delete)

    def _note(self, path: Path, what: str, offset: int = 0, data: bytes = b"") -> None:
        if path.parent == self._recorder.folder:
            self._recorder.acts.append(Act(what, path.name, offset, data))

    def _tap(self, file: int, path: Path) -> None:
        """Give the open file a table of methods of its own."""
        slot = ctypes.c_void_p.from_address(file)
        if slot.value is None:
            return
        original = (ctypes.c_void_p * _IO_WORDS).from_address(slot.value)
        table = (ctypes.c_void_p * _IO_WORDS)(*original)
        write_, truncate_, sync_ = _WRITE(original[_XWRITE]), _TRUNCATE(original[_XTRUNCATE]), _SYNC(original[_XSYNC])

        def write(handle: int, data: int, size: int, offset: int) -> int:
            if self._recorder.refuse == "write":
                return 778  # SQLITE_IOERR_WRITE
            self._note(path, "write", offset, ctypes.string_at(data, size))
            return write_(handle, data, size, offset)

        def truncate(handle: int, size: int) -> int:
            self._note(path, "truncate", size)
            return truncate_(handle, size)

        def sync(handle: int, flags: int) -> int:
            if self._recorder.refuse == "sync":
                return 1034  # SQLITE_IOERR_FSYNC
            result = sync_(handle, flags)
            self._note(path, "sync")
            return result

        taps = (_WRITE(write), _TRUNCATE(truncate), _SYNC(sync))
        for place, tap in zip((_XWRITE, _XTRUNCATE, _XSYNC), taps, strict=True):
            table[place] = ctypes.cast(tap, _P).value
        slot.value = ctypes.addressof(table)
        self._kept += [table, taps]


def _path(pointer: int) -> Path:
    return Path(ctypes.string_at(pointer).decode())
