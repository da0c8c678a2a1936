"""The gateway as a service, its page, its configuration: what is there to be looked at beside the devices."""

from __future__ import annotations

import ipaddress
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator

from gateway.core.checkup import Finding, Grade
from gateway.doctor.machine import Run, run
from gateway.settings import Settings

UNIT = "textback"
PAGE_S = 5.0
MANY_RESTARTS = 3  # by the watchdog or a fault, since the unit was started by a person or the boot
WARNINGS_SHOWN = 3


def look(settings: Settings, page_url: str, run: Run = run) -> Iterator[Finding]:
    """`page_url`: where the running gateway says that its page is; "" where it does not run, or has no page."""
    yield unit(run)
    yield page(settings, page_url)
    yield configuration(settings)


def unit(run: Run = run) -> Finding:
    """What systemd says of the service."""
    key, title = "service", "Service"
    said = run(
        ("systemctl", "show", UNIT, "-p", "LoadState,ActiveState,SubState,NRestarts,WatchdogUSec,UnitFileState,Result")
    )
    shown = dict(line.split("=", 1) for line in (said or "").splitlines() if "=" in line)
    if shown.get("LoadState") != "loaded":
        say = "The gateway is not installed as a service here, so nobody starts it after a power cut."
        grade = Grade.SKIPPED if said is None else Grade.WARN
        return Finding(key, title, grade, say, "Install it: sudo ./install.sh.")
    if shown.get("ActiveState") not in ("active", "activating", "reloading"):
        say = f"The service does not run: {shown.get('ActiveState')}, {shown.get('Result')}."
        remedy = "Start it: sudo systemctl start textback. “journalctl -u textback” says why it ended."
        return Finding(key, title, Grade.FAIL, say, remedy)
    restarts = int(count) if (count := shown.get("NRestarts", "0")).isdecimal() else 0
    if restarts >= MANY_RESTARTS:
        say = f"systemd had to start the gateway again {restarts} times."
        return Finding(
            key,
            title,
            Grade.WARN,
            say,
            "Send a support bundle (textback support-bundle) to whoever looks after the box.",
        )
    if shown.get("UnitFileState") not in ("enabled", "enabled-runtime", "static"):
        say = "The service runs, but does not start by itself after a power cut."
        return Finding(key, title, Grade.WARN, say, "Enable it: sudo systemctl enable textback.")
    if shown.get("WatchdogUSec", "0") in ("0", "infinity"):
        say = "The service runs, but systemd does not watch whether it hangs."
        return Finding(key, title, Grade.WARN, say, "Install it anew: sudo ./install.sh.")
    return Finding(key, title, Grade.PASS, f"The service runs and is watched; started again {restarts} times.")


def page(settings: Settings, url: str) -> Finding:
    """Whether the page answers at its own address."""
    key, title = "page", "Page"
    if not url:
        say = "The page cannot be looked at while the gateway does not run."
        return Finding(key, title, Grade.SKIPPED, say, "Start the gateway: sudo systemctl start textback.")
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE  # our own certificate is nobody's but ours
    directly = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unchecked)
    )
    try:
        with directly.open(f"{url.rstrip('/')}/healthz", timeout=PAGE_S) as answer:
            answer.read(64)
    except urllib.error.HTTPError:
        pass  # 503 while something else is down: the page answers
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return Finding(
            key,
            title,
            Grade.FAIL,
            f"The page does not answer at {url}: {getattr(reason, 'strerror', None) or reason}.",
            "Look at page: host and port in the settings; then start the gateway again.",
        )
    if only_here(settings.page.host):
        say = f"The page answers at {url}, which only this machine can open."
        return Finding(
            key,
            title,
            Grade.WARN,
            say,
            "Write 0.0.0.0 as page: host in the settings, so that the office can open it from its network.",
        )
    return Finding(key, title, Grade.PASS, f"The page answers at {url}.")


def only_here(host: str) -> bool:
    """An address that only the machine itself can open."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def configuration(settings: Settings) -> Finding:
    """What is doubtful in the configuration."""
    key, title = "configuration", "Settings"
    if settings.setup:
        say = "Nothing is set up yet: no call is seen and nobody is texted."
        return Finding(key, title, Grade.FAIL, say, "Answer the questions on the page.")
    if not settings.warnings:
        return Finding(key, title, Grade.PASS, "Nothing in the settings is doubtful.")
    first = "; ".join(f"line {warning.line}: {warning.what}" for warning in settings.warnings[:WARNINGS_SHOWN])
    count = len(settings.warnings)
    say = f"{'One thing' if count == 1 else f'{count} things'} in the settings {'is' if count == 1 else 'are'} doubtful: {first}."
    return Finding(key, title, Grade.WARN, say, "“textback check” names all of them, each with what to do.")
