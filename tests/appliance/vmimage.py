"""The disk, kernel and first programs of a virtual machine: a bare Debian that boots with nothing of this machine's.

It is fetched once per suite and architecture, under `.cache/appliance/vm-SUITE-ARCH/`. The kernel is Debian's own. Its
initramfs is written here - what mkinitramfs makes would take an emulated arm64 a quarter of an hour - and does no more than
to mount the disk, which plays back its journal as after any power cut.
"""

from __future__ import annotations

import lzma
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.appliance.machine import CACHE, run

INSIDE = Path(__file__).parent / "inside"
DISK_GIB = 6
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ARCHIVE = "http://deb.debian.org/debian"
BARE = "systemd-sysv,dbus,udev,ca-certificates,python3"
UNPACKED = ("kmod", "busybox-static", "usbutils")  # beside the bare system, without their scripts
MODULES = (
    "virtio_pci",
    "virtio_mmio",
    "virtio_blk",
    "virtio_console",
    "ext4",
    "crc32c_generic",
)  # before the disk is there
INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /root
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
for m in $(/bin/busybox cat /modules); do /bin/busybox insmod "$m"; done
n=0
until [ -b /dev/vda ] || [ $n -ge 300 ]; do /bin/busybox sleep 0.1; n=$((n + 1)); done
/bin/busybox mount -t ext4 -o noatime /dev/vda /root
/bin/busybox mount -o move /dev /root/dev
/bin/busybox umount /proc /sys
exec /bin/busybox switch_root /root /sbin/init
"""
AGENT_UNIT = """[Unit]
Description=The commands of the test
[Service]
ExecStart=/usr/bin/python3 /usr/local/lib/agent.py
Restart=always
OOMScoreAdjust=-900
[Install]
WantedBy=multi-user.target
"""
# Beside other work an emulated machine takes minutes to start a Python program; a Raspberry Pi takes seconds.
SLOW_STARTS = "[Service]\nTimeoutStartSec=900\n"

# What a Debian does by itself, and would do now, for its clock was off.
BUSY = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "dpkg-db-backup.timer",
)


@dataclass(frozen=True, slots=True)
class Image:
    """What a virtual machine starts from; none of it is written to again."""

    disk: Path
    kernel: Path
    initrd: Path
    architecture: str


def can_emulate(architecture: str) -> bool:
    """This machine can make such an image and start it."""
    tools = ("debootstrap", "mkfs.ext4", "qemu-img", EMULATORS[architecture], "xz")
    return os.geteuid() == 0 and all(map(shutil.which, tools)) and KEYRING.exists()


EMULATORS = {"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}


def packages(
    suite: str, architecture: str, names: Iterable[str], to: Path, *, status: Path | None = None
) -> list[Path]:
    """Debian packages with what they need beyond `status` (a dpkg status file), by an apt of its own."""
    work = to.with_suffix(".apt")
    for part in ("lists/partial", "cache/archives/partial"):
        (work / part).mkdir(parents=True, exist_ok=True)
    (work / "sources.list").write_text(f"deb [signed-by={KEYRING}] {ARCHIVE} {suite} main\n")
    known = work / "status"
    known.write_text(status.read_text() if status else "")
    settings = {
        "Dir::State::Lists": work / "lists",
        "Dir::State::status": known,
        "APT::Architecture": architecture,
        "APT::Architectures::": architecture,
        "Dir::Etc::SourceList": work / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::Cache": work / "cache",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Debug::NoLocking": "1",
    }
    apt = ["apt-get", "-qq", *(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))]
    run(*apt, "update")
    run(*apt, "install", "-y", "--no-install-recommends", "--download-only", *names)
    to.mkdir(parents=True, exist_ok=True)
    for deb in (work / "cache" / "archives").glob("*.deb"):
        shutil.move(deb, to / deb.name)
    shutil.rmtree(work)
    return sorted(to.glob("*.deb"))


def root_of(suite: str, architecture: str) -> Path:
    """A bare Debian with a kernel, its modules and the program that carries out a test's commands."""
    folder = CACHE / f"vm-{suite}-{architecture}"
    if folder.exists():
        return folder
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    root = new / "root"
    run("debootstrap", "--variant=minbase", f"--arch={architecture}", f"--include={BARE}", suite, root, within_s=2400)
    status = root / "var" / "lib" / "dpkg" / "status"
    for deb in packages(suite, architecture, UNPACKED, new / "tools", status=status):
        _unpack(deb, root)
    # linux-image-ARCH is a name alone; the kernel and its modules are in what it needs.
    kernels = packages(suite, architecture, [f"linux-image-{architecture}"], new / "kernel", status=status)
    for deb in kernels:
        if deb.name.startswith("linux-image-"):
            _unpack(deb, root)
    packages(suite, architecture, ["modemmanager"], root / "debs", status=status)
    run("chroot", root, "/sbin/depmod", _kernel(root), within_s=1200)
    folder.parent.mkdir(exist_ok=True)
    new.rename(folder)
    return folder


def _unpack(deb: Path, root: Path) -> None:
    """A package's files alone. dpkg -x would put a folder in the place of a link such as /lib."""
    words = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"'
    run("bash", "-o", "pipefail", "-c", words, "unpack", deb, root)


def _kernel(root: Path) -> str:
    return next(path.name for path in (root / "lib" / "modules").iterdir())


def prepared(suite: str, architecture: str, files: dict[str, Path | str], root: Path) -> Path:
    """What will be on a disk, with these files, each at its path: a file of this machine, or its text."""
    run("cp", "-a", "--reflink=auto", root_of(suite, architecture) / "root", root)
    _furnish(root)
    for name, content in files.items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copy2(content, path)
        else:
            path.write_text(content)
    return root


def packed(root: Path, architecture: str, to: Path) -> Image:
    """A disk with all that is below `root`."""
    to.mkdir(parents=True, exist_ok=True)
    version = _kernel(root)
    kernel, initrd, disk = to / "vmlinuz", to / "initrd", to / "disk.raw"
    shutil.copy2(root / "boot" / f"vmlinuz-{version}", kernel)
    initrd.write_bytes(_initramfs(root, version))
    run("mkfs.ext4", "-q", "-F", "-d", root, disk, f"{DISK_GIB}G")
    return Image(disk, kernel, initrd, architecture)


def _furnish(root: Path) -> None:
    """Name, disk, and the program that carries out commands."""
    (root / "etc" / "hostname").write_text("office-box\n")
    (root / "etc" / "fstab").write_text("/dev/vda / ext4 defaults,noatime 0 1\n")
    shutil.copy2(INSIDE / "agent.py", root / "usr" / "local" / "lib" / "agent.py")
    shutil.copy2(INSIDE / "modem.sh", root / "usr" / "local" / "lib" / "modem.sh")
    shutil.copy2(INSIDE / "bridge.py", root / "usr" / "local" / "lib" / "bridge.py")
    units = root / "etc" / "systemd" / "system"
    (units / "agent.service").write_text(AGENT_UNIT)
    (units / "service.d").mkdir()
    (units / "service.d" / "slow.conf").write_text(SLOW_STARTS)
    for name in BUSY:
        (units / name).symlink_to("/dev/null")
    wanted = units / "multi-user.target.wants"
    wanted.mkdir(exist_ok=True)
    (wanted / "agent.service").symlink_to("../agent.service")


def _initramfs(root: Path, version: str) -> bytes:
    folder = root / "lib" / "modules" / version
    needs = {}
    for line in (folder / "modules.dep").read_text().splitlines():
        path, _, after = line.partition(":")
        needs[path] = after.split()
    by_name = {Path(path).name.split(".")[0].replace("-", "_"): path for path in needs}
    order: list[str] = []

    def add(path: str) -> None:
        if path not in order:
            for other in reversed(needs[path]):
                add(other)
            order.append(path)

    for name in MODULES:
        if name in by_name:  # else it is in the kernel
            add(by_name[name])
    entries: list[tuple[str, int, bytes]] = [("bin", 0o040755, b""), ("bin/busybox", 0o100755, _busybox(root))]
    names = []
    for number, path in enumerate(order):
        data = (folder / path).read_bytes()
        if path.endswith(".xz"):
            data = lzma.decompress(data)
        name = f"{number:02d}-{Path(path).name.removesuffix('.xz')}"
        entries.append((name, 0o100644, data))
        names.append(f"/{name}")
    entries += [("modules", 0o100644, "\n".join(names).encode()), ("init", 0o100755, INIT.encode())]
    return b"".join(_cpio(*entry) for entry in (*entries, ("TRAILER!!!", 0, b"")))


def _busybox(root: Path) -> bytes:
    return next(path for name in ("bin", "usr/bin") if (path := root / name / "busybox").exists()).read_bytes()


def _cpio(name: str, mode: int, data: bytes) -> bytes:
    """One entry of an archive as the kernel reads it (newc, Documentation/driver-api/early-userspace/buffer-format)."""
    fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return _padded(head) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
