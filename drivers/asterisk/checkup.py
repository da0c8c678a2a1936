"""What a look at a manager port amounts to: reachable, let in, told of calls, and no more rights than are needed."""

from __future__ import annotations

import socket

from drivers.asterisk import problems
from drivers.asterisk.settings import AsteriskSettings
from gateway.core.checkup import Finding, Grade, found
from gateway.core.phonesystem import PhoneSystem, PhoneSystemAnswer


def judge(settings: AsteriskSettings, seen: PhoneSystem) -> tuple[Finding, ...]:
    """Findings about the manager user who watches calls."""
    if seen.answer is not PhoneSystemAnswer.CONNECTED:
        return (_unreached(settings, seen.answer),)
    version = f" (Asterisk {seen.version})" if seen.version else ""
    name = settings.name
    findings = [
        Finding("ami_login", "Login", Grade.PASS, f"{_where(settings)} lets us in{version}.", part=name),
        Finding("ami_lists", "Calls in progress", Grade.PASS, "It says which calls are in progress.", part=name)
        if seen.lists
        else found(
            "ami_lists", "Calls in progress", problems.may_not_look(_where(settings), "Permission denied"), name
        ),
    ]
    if seen.hears:
        findings.append(Finding("ami_system", "Events", Grade.PASS, "It tells of what happens.", part=name))
    else:
        findings.append(
            found("ami_system", "Events", problems.may_not_listen(_where(settings), settings.username), name)
        )
    findings.append(_rights(settings, seen))
    return tuple(findings)


def judge_ringing(settings: AsteriskSettings, seen: PhoneSystem) -> tuple[Finding, ...]:
    """Findings about the manager user who rings telephones in an emergency."""
    if seen.answer is not PhoneSystemAnswer.CONNECTED:
        return (_unreached(settings, seen.answer, title="Ringing phones"),)
    if "Originate" not in seen.too_much:
        problem = problems.may_not_originate(_where(settings), settings.username)
        return (found("ami_originate", "Ringing phones", problem, settings.name),)
    say = f"Manager user “{settings.username}” may place calls."
    findings = [Finding("ami_originate", "Ringing phones", Grade.PASS, say, part=settings.name)]
    if "Command" in seen.too_much:
        findings.append(_too_much(settings, ("Command",), "'read = call,dtmf' and 'write = originate,call'"))
    return tuple(findings)


def hearing(name: str, *, hears: bool, deaf: bool, user: str, where: str) -> Finding:
    """Whether the running feed has been told of a call since it logged in."""
    if deaf:
        return found("ami_calls", "Calls really heard of", problems.may_not_listen(where, user), name)
    if hears:
        say = "A call was heard of since the login."
        return Finding("ami_calls", "Calls really heard of", Grade.PASS, say, part=name)
    return Finding(
        "ami_calls",
        "Calls really heard of",
        Grade.SKIPPED,
        "No call has come since the login, so it is not proven that calls are heard of.",
        "Run “textback doctor --ring” and call your number.",
        name,
    )


def _rights(settings: AsteriskSettings, seen: PhoneSystem) -> Finding:
    if seen.too_much:
        return _too_much(settings, seen.too_much, "'read = system,call' and 'write = reporting'")
    say = f"Manager user “{settings.username}” may look and not touch."
    return Finding("ami_rights", "Rights", Grade.PASS, say, part=settings.name)


def _too_much(settings: AsteriskSettings, what: tuple[str, ...], enough: str) -> Finding:
    words = {"Originate": "place calls", "Command": "give Asterisk commands"}
    may = " and ".join(words.get(name, name) for name in what)
    return Finding(
        "ami_rights",
        "Rights",
        Grade.WARN,
        f"Manager user “{settings.username}” may {may}, which is more than the box needs.",
        f"In manager.conf on the phone system {enough} are enough for this user; then 'manager reload' there.",
        settings.name,
    )


def _unreached(settings: AsteriskSettings, answer: PhoneSystemAnswer, title: str = "Login") -> Finding:
    where = _where(settings)
    match answer:
        case PhoneSystemAnswer.UNKNOWN_NAME:
            problem = problems.unreachable(where, socket.gaierror())
        case PhoneSystemAnswer.NOTHING_LISTENS:
            problem = problems.unreachable(where, ConnectionRefusedError())
        case PhoneSystemAnswer.NO_ANSWER:
            problem = problems.unreachable(where, TimeoutError())
        case PhoneSystemAnswer.STRANGER:
            problem = problems.stranger(where, b"something else")
        case PhoneSystemAnswer.REFUSED:
            problem = problems.refused(where, settings.username, "Authentication failed")
        case _:
            problem = problems.silent(where)
    return found("ami_login", title, problem, settings.name)


def _where(settings: AsteriskSettings) -> str:
    return f"{settings.host}:{settings.port}"
