"""What the kernel knows of a running process (proc(5)), and of the folder it writes to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """A process so far: processor seconds, kibibytes of memory, bytes sent to the disk and bytes given to write(2)."""

    cpu_s: float
    rss_kib: int
    pss_kib: int
    peak_kib: int
    disk_bytes: int
    threads: int
    files: int


def usage(pid: int) -> Usage:
    """Raises OSError when the process has gone."""
    root = Path("/proc") / str(pid)
    status = _fields(root / "status")
    return Usage(
        cpu_s=sum(int(path.read_text().split()[0]) for path in root.glob("task/*/schedstat")) / 1e9,
        rss_kib=int(status["VmRSS"].split()[0]),
        pss_kib=int(_fields(root / "smaps_rollup")["Pss"].split()[0]),
        peak_kib=int(status["VmHWM"].split()[0]),
        disk_bytes=int(_fields(root / "io")["write_bytes"]),
        threads=int(status["Threads"]),
        files=len(list((root / "fd").iterdir())),
    )


def fingerprint(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Size, time of the last change of content and of the last change at all, of everything below `folder`."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        found[str(path.relative_to(folder))] = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return found


def counts_writes(folder: Path) -> bool:
    """Whether writes to `folder` reach a disk at all; on a tmpfs the kernel counts none."""
    kinds: list[tuple[str, str]] = []
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        if os.path.commonpath([where, folder.resolve()]) == where:
            kinds.append((where, kind))
    return max(kinds, key=lambda mount: len(mount[0]))[1] not in ("tmpfs", "ramfs")


def _fields(path: Path) -> dict[str, str]:
    pairs = (line.partition(":") for line in path.read_text().splitlines())
    return {name: value.strip() for name, _, value in pairs}
