"""A booted Debian of its own: systemd in a container (systemd-nspawn), without a network, whose power can be cut.

It is made of a bare Debian (debootstrap) under `.cache/appliance/`, which is fetched once. Debian packages and Python packages
that an installation would get from the internet lie in the machine's own caches, taken from a bundle of install.sh.
It is not a Raspberry Pi: no modem, no watchdog, no clock of its own, and what is written lies in the host's page cache, so that
a cut shows the order of steps and not what a disk had not written yet.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "appliance"
SUITES = {"bookworm": "debian12", "trixie": "debian13"}
SOURCES = ("gateway", "drivers", "web", "config", "systemd")
FILES = ("install.sh", "pyproject.toml", "requirements.txt", "README.md", "LICENSE")
BOOT_WITHIN_S = 60.0
RUN_WITHIN_S = 600.0
PIP_CONF = "[global]\nno-index = true\nfind-links = /wheels\n"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def can_boot() -> bool:
    """This machine can start such containers."""
    return os.geteuid() == 0 and all(map(shutil.which, ("debootstrap", "systemd-nspawn", "nsenter")))


def architecture() -> str:
    """As Debian calls this machine's."""
    return run("dpkg", "--print-architecture").stdout.strip()


def run(*words: str | Path, within_s: float = RUN_WITHIN_S, **options: object) -> subprocess.CompletedProcess[str]:
    """A program on this machine that has to work."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=within_s, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{words}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done  # type: ignore[no-any-return]


def bundle(suite: str) -> Path:
    """A bundle of this checkout for a suite; made anew, for it holds the sources."""
    file = CACHE / f"{suite}.tar"
    run(ROOT / "install.sh", "bundle", file, "--for", f"{SUITES[suite]}-{architecture()}")
    return file


def bare(suite: str) -> Path:
    """A bare Debian with systemd; fetched once."""
    folder = CACHE / suite
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        wanted = "systemd-sysv,dbus,udev,ca-certificates,python3"
        run("debootstrap", "--variant=minbase", f"--include={wanted}", suite, new, within_s=1200)
        new.rename(folder)
    return folder


def checkout(to: Path, *, without_tests: bool = True) -> Path:
    """The product's sources as a person would have unpacked them."""
    to.mkdir(parents=True)
    for name in (*SOURCES, *(() if without_tests else ("tests",))):
        junk = shutil.ignore_patterns("__pycache__", "gateway.yaml")
        shutil.copytree(ROOT / name, to / name, symlinks=True, ignore=junk)
    for name in FILES:
        shutil.copy2(ROOT / name, to / name)
    return to


class Machine:
    """One container. `boot` starts it, `cut` takes its power away, `reboot` is the orderly way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self._log = root.with_suffix(".console").open("ab")

    def boot(self) -> None:
        """Start it and wait until systemd has done what it does at a start."""
        assert self._nspawn is None
        words = ["systemd-nspawn", "-q", "-b", "--register=no", "--keep-unit", "--private-network", "--link-journal=no"]
        # The unified hierarchy: systemd 256 and later want it.
        env = os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        self._nspawn = subprocess.Popen(
            [*words, "-M", f"box{os.getpid()}", "-D", self.root],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=env,
            start_new_session=True,
        )
        self.wait_until(self._find_leader, "the container does not start")
        self.wait_until(
            lambda: self.run("systemctl is-system-running").stdout.strip() in ("running", "degraded"),
            "systemd does not come up",
        )

    def _find_leader(self) -> bool:
        assert self._nspawn is not None
        assert self._nspawn.poll() is None, f"systemd-nspawn ended, see {self._log.name}"
        with suppress(OSError):
            children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
            for child in children:
                if Path(f"/proc/{child}/comm").read_text().strip() in ("systemd", "init"):
                    self._leader = int(child)
                    return True
        return False

    def wait_until(self, true: object, why: str, within_s: float = BOOT_WITHIN_S) -> None:
        """Wait for something that this machine does."""
        end = time.monotonic() + within_s
        while not true():  # type: ignore[operator]
            assert time.monotonic() < end, f"{why} (see {self._log.name})"
            time.sleep(0.2)

    def run(self, command: str, within_s: float = RUN_WITHIN_S) -> subprocess.CompletedProcess[str]:
        """A shell command in it, as root; its errors are among its words."""
        return subprocess.run(
            [*self._inside(), "/bin/bash", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=within_s,
            check=False,
        )

    def start(self, command: str) -> subprocess.Popen[str]:
        """The same, and go on while it runs."""
        return subprocess.Popen(
            [*self._inside(), "/bin/bash", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def _inside(self) -> list[str]:
        into = ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"]
        return [*into, "/usr/bin/env", "-i", f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8"]

    def cut(self) -> None:
        """Power cut: nothing in it runs another instruction."""
        if self._nspawn is None:
            return
        with suppress(ProcessLookupError):
            if self._leader:
                os.kill(self._leader, signal.SIGKILL)  # the end of a PID namespace's first process ends all of it
        with suppress(subprocess.TimeoutExpired):
            self._nspawn.wait(20)
        if self._nspawn.poll() is None:
            self._nspawn.kill()
            self._nspawn.wait(20)
        self._nspawn, self._leader = None, 0

    def reboot(self) -> None:
        """Switched off in order, and on again."""
        self.switch_off()
        self.boot()

    def switch_off(self) -> None:
        """In order."""
        assert self._nspawn is not None
        os.kill(self._leader, signal.SIGRTMIN + 4)  # systemd: poweroff.target
        self._nspawn.wait(BOOT_WITHIN_S)
        self._nspawn, self._leader = None, 0

    def page(self) -> str:
        """The beginning of what the page answers, "" while it does not."""
        ask = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8080/', timeout=5).read(20000).decode())"
        done = self.run(f'python3 -c "{ask}"')
        return done.stdout if done.returncode == 0 else ""

    def close(self) -> None:
        self.cut()
        self._log.close()


@contextmanager
def machine(root: Path, like: Path) -> Iterator[Machine]:
    """A machine at `root` with the disk of another one."""
    root.parent.mkdir(parents=True, exist_ok=True)
    run("cp", "-a", "--reflink=auto", like, root)
    box = Machine(root)
    try:
        yield box
    finally:
        box.close()
        run("rm", "-rf", "--one-file-system", root)


def fill_caches(root: Path, packages: Path) -> None:
    """What a machine would get from the internet, out of a bundle: Debian packages where apt looks first, wheels for pip."""
    unpacked = root.with_suffix(".unpacked")
    unpacked.mkdir()
    run("tar", "-x", "-C", unpacked, "-f", packages, "./bundle")
    shutil.copytree(unpacked / "bundle" / "wheels", root / "wheels")
    for deb in (unpacked / "bundle" / "debs").glob("*.deb"):
        shutil.move(deb, root / "var" / "cache" / "apt" / "archives" / deb.name)
    shutil.rmtree(unpacked)
    # What the sources are built with.
    run("python3", "-m", "pip", "download", "-q", "--no-deps", "-d", root / "wheels", "setuptools>=77,<90")
    (root / "etc" / "pip.conf").write_text(PIP_CONF)
