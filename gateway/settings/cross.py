"""The configuration looked at as a whole: what contradicts itself is a problem, what is doubtful a warning."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from gateway.access import certificates
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.hours import in_quiet_hours
from gateway.core.numbers import NumberKind, read_number, spoken
from gateway.core.policy import ContactKind
from gateway.core.wording import FIXED_TEXTS
from gateway.settings import schema
from gateway.settings.options import Place
from gateway.settings.problems import nearest
from gateway.settings.spoken import question_templates
from gateway.settings.times import spelled
from gateway.settings.values import Role, Settings

LONG_SETTLE_S = 60.0  # a caller who waited a minute has dialled the next shop
LATE_OPENER_S = 1800.0  # "we just missed your call" of half an hour ago puzzles people
LATE_DELIVERY_S = 4 * 3600.0  # so late it reads like a call in the middle of something else
LONG_MIN_RING_S = 20.0  # answering machines and impatience end most calls by then
SHORT_COOLDOWN_S = 3600.0  # a caller who tries again within the hour would be texted again
RUNNING_OUT = timedelta(days=45)  # time enough to look up next year's dates
_CELLS = frozenset({NumberKind.TEXTABLE, NumberKind.INTERNATIONAL})
_SEVEN_DIGITS = frozenset({"US", "CA"})  # where a telephone company may still deliver seven digits
_WILDCARDS = ("0.0.0.0", "::")
_BARE_PORTS = ("/dev/ttyUSB", "/dev/ttyACM")
_WITH_SECRETS = ("asterisk", "modem", "remote", "ringing", "calendars.")


def examine(settings: Settings, place: Place, *, world_readable: bool, today: date) -> None:
    """Say every contradiction and every doubt. `today` is for lists of dates that run out."""
    _lines(settings, place)
    _template_references(settings, place)
    _people(settings, place)
    _modems(settings, place)
    _asterisk(settings, place, world_readable)
    _calendar(settings, place, today)
    _numbers_of_policy(settings, place)
    if settings.page.host in _WILDCARDS:
        what = f"the page is open to every network the box is in ({settings.page.host})"
        _doubt(place, "page.host", what, "write the box's own address in the office network")
    page = settings.page
    if bool(page.tls_certificate) != bool(page.tls_key):
        missing = "page.tls_key" if page.tls_certificate else "page.tls_certificate"
        _say(place, missing, "a certificate and its key are named together", "name the other one as well, or neither")
    elif page.tls_certificate and (wrong := certificates.doubt(page.tls_certificate, page.tls_key)):
        _doubt(place, "page.tls_certificate", wrong, "until then the page may not open; calls are handled all the same")
    if settings.page.from_internet:
        what = "the page lets in visitors from the internet, where passwords are guessed all day"
        _doubt(place, "page.from_internet", what, "leave it out, and use a VPN such as Tailscale or WireGuard")


def _lines(settings: Settings, place: Place) -> None:
    business = settings.business
    if not business.lines:
        _doubt(place, "lines", "no line is set up: no call will be texted", "write 'lines:' with your number")
    elif not any(line.text_back for line in business.lines):
        _doubt(place, "lines", "no line is texted", "write 'text_back: yes' for at least one")
    seen: dict[str, str] = {}
    for line in business.lines:
        path = f"lines.{line.name}.number"
        if not line.number:
            continue
        if line.number in seen:
            _say(place, path, f"line '{seen[line.number]}' has the same number", "correct one of the two")
        seen.setdefault(line.number, line.name)
        for modem, where in zip(settings.modems, _places(place, "modem", len(settings.modems)), strict=True):
            if modem.number == line.number and modem.role is not Role.BUSINESS_LINE:
                remedy = f"correct one of the two, or write 'role: business_line' for the modem (line {place.line_of(where)})"
                _say(place, path, "this is the SIM's number", remedy)


def _template_references(settings: Settings, place: Place) -> None:
    known = settings.business.templates
    used = (
        set(FIXED_TEXTS)
        | set(CONVERSATION_TEXTS)
        | {f"{name}{ending}" for name in schema.SITUATIONS for ending in ("", "_es")}
    )
    used |= set(question_templates(settings.business.conversation.questions))
    for line in settings.business.lines:
        for situation, name in line.templates.items():
            used.add(name)
            if name not in known:
                meant = nearest(name, sorted(known))
                remedy = f"did you mean '{meant}'?" if meant else f"write '{name}' below 'templates:'"
                _say(place, f"lines.{line.name}.templates.{situation}", f"there is no template '{name}'", remedy)
    for name in known:
        if name not in used:
            meant = nearest(name, sorted(used))
            remedy = f"did you mean '{meant}'?" if meant else "name it in a line's templates, or remove it"
            _doubt(place, f"templates.{name}", "this text is never used", remedy)


def _people(settings: Settings, place: Place) -> None:
    business = settings.business
    for number, path in [(business.owner, "business.owner_cell"), *((n, "business.staff") for n in business.staff)]:
        if number and read_number(number, business.country, business.area_code).kind not in _CELLS:
            _say(place, path, f"{spoken(number)} cannot get texts", "write a cell phone")
    if business.country in _SEVEN_DIGITS and not business.area_code:
        what = "callers whose number comes without area code cannot be texted"
        _doubt(place, "business.area_code", what, "write your own area code")
    if business.owner is None:
        things = "missed calls that cannot wait" if business.escalation.people else "urgent things"
        _doubt(place, "business.owner_cell", f"nobody is told of {things}", "write owner_cell with a cell phone")
    elif business.owner in business.staff:
        _doubt(place, "business.staff", "the owner's cell stands here as well", "remove it: owner_cell is enough")
    ours = {line.number: f"line '{line.name}'" for line in business.lines}
    if business.owner is not None:
        if business.owner in ours:
            _say(place, "business.owner_cell", f"this is the number of {ours[business.owner]}", "write a cell phone")
        if business.owner in business.sims:
            _say(place, "business.owner_cell", "this is the SIM's number", "write the owner's own cell phone")
    seen: dict[str, int] = {}
    for count, contact in enumerate(settings.contacts, 1):
        path = f"contacts[{count}].number"
        if contact.number and contact.number in seen and ContactKind.CUSTOMER not in (contact.kind,):
            _doubt(
                place, path, f"the number stands in line {seen[contact.number]} as well", "make one entry of the two"
            )
        seen.setdefault(contact.number, place.line_of(path))


def _modems(settings: Settings, place: Place) -> None:
    if not settings.modems:
        _doubt(place, "modem", "no modem is set up: no text can go out", "write 'modem:' with its port and number")
    names = [line.name for line in settings.business.lines]
    numbers = {line.number for line in settings.business.lines}
    heard = any(modem.role is not Role.TEXT_ONLY for modem in settings.modems)
    seen: dict[str, set[str]] = {"name": set(), "port": set()}
    for modem, path in zip(settings.modems, _places(place, "modem", len(settings.modems)), strict=True):
        for key, value in (("name", modem.name), ("port", modem.port)):
            if value and value in seen[key]:
                _say(place, f"{path}.{key}", f"another modem has the {key} '{value}'", f"give each modem its own {key}")
            seen[key].add(value)
        if modem.port.startswith(_BARE_PORTS):
            what = f"{modem.port} can be another device after a restart"
            _doubt(place, f"{path}.port", what, "use the modem's name under /dev/serial/by-id")
        if modem.number is None:
            what = "the SIM's number is not known: calls between our own numbers could be texted"
            _doubt(place, path, what, "write 'number:' with the SIM's number")
        if modem.line is not None and modem.line not in names:
            meant = nearest(modem.line, names)
            remedy = f"did you mean '{meant}'?" if meant else "name one of your lines"
            _say(place, f"{path}.line", f"there is no line '{modem.line}'", remedy)
        if modem.role is Role.TEXT_ONLY and not settings.asterisk and modem is settings.modems[-1] and not heard:
            remedy = "add 'asterisk:', or write 'role: forwarded_line' or 'business_line'"
            _doubt(place, f"{path}.role", "nothing here sees a call", remedy)
        if modem.role is Role.BUSINESS_LINE and modem.number not in numbers:
            _say(place, f"{path}.role", "no line has the SIM's number", "add a line with it, or choose another role")
        if modem.role is Role.FORWARDED_LINE and modem.line is None and len(names) != 1:
            _say(place, f"{path}.role", "it is not said which line is forwarded here", "write 'line:' with its name")


def _asterisk(settings: Settings, place: Place, world_readable: bool) -> None:
    names: set[str] = set()
    for server, path in zip(settings.asterisk, _places(place, "asterisk", len(settings.asterisk)), strict=True):
        if server.name in names:
            what = f"another Asterisk has the name '{server.name}'"
            _say(place, f"{path}.name", what, "give each Asterisk its own name")
        names.add(server.name)
        for context in sorted(set(server.inbound_contexts) & set(server.internal_contexts)):
            what = f"context '{context}' stands in inbound_contexts as well"
            _say(place, f"{path}.internal_contexts", what, "keep one of the two")
        if not server.inbound_contexts:
            what = "without a context no call comes from outside"
            _say(place, f"{path}.inbound_contexts", what, "write the trunk's context, such as [from-trunk]")
    for path in sorted(place.lines) if world_readable else ():
        if path.rpartition(".")[2] in ("secret", "pin", "password") and path.startswith(_WITH_SECRETS):
            elsewhere = "" if path.startswith("remote") else ", or move the secret to a file of its own"
            remedy = f"chmod o-r the file{elsewhere}"
            _doubt(place, path, "every user of this machine can read it here", remedy)


def _calendar(settings: Settings, place: Place, today: date) -> None:
    hours = settings.business.hours
    if not any(hours.weekly):
        _doubt(place, "hours", "no opening hours: it is always after hours", "write the hours of each day")
    else:
        for day in schema.DAYS:
            if f"hours.{day}" not in place.lines:
                _doubt(place, "hours", f"{day} is not named and counts as closed", f"write '{day}: []' to say so")
    if not hours.holidays:
        _doubt(place, "holidays", "no holidays: each day follows its weekday", "write the days on which you are closed")
    elif (last := max(hours.holidays)) < today:
        _doubt(place, "holidays", f"the last holiday was {last}", "add the coming ones")
    elif last - today < RUNNING_OUT:
        _doubt(place, "holidays", f"the list ends with {last}", "add next year's")


def _numbers_of_policy(settings: Settings, place: Place) -> None:
    policy = settings.business.policy
    forwarded = any(modem.role is Role.FORWARDED_LINE for modem in settings.modems)
    if forwarded and policy.min_ring_s and policy.min_ring_modem_s is None:
        what = "only the seconds at the modem count, and a forwarded call has rung in the office before"
        _doubt(place, "texting.min_ring", what, "write 'min_ring_modem: 0 s' below it")
    if policy.settle_s > LONG_SETTLE_S:
        what = f"a caller is texted {spelled(policy.settle_s)} after the call, when the next shop is dialled"
        _doubt(place, "texting.settle", what, "10 s to 15 s are usual")
    if policy.max_age_s > LATE_OPENER_S:
        what = f"somebody who called {spelled(policy.max_age_s)} ago is told that the call was just missed"
        _doubt(place, "texting.max_age", what, "15 min are usual; older calls go on the call-back list")
    if policy.validity_s > LATE_DELIVERY_S:
        what = f"a phone that is switched on after {spelled(policy.validity_s)} still gets the text"
        _doubt(place, "texting.validity", what, "1 h is usual")
    if policy.min_ring_s > LONG_MIN_RING_S:
        what = f"callers who hang up before {spelled(policy.min_ring_s)} are taken for misdials"
        _doubt(place, "texting.min_ring", what, "4 s are usual")
    if policy.missed_means and "no_answer" not in policy.missed_means:
        what = "calls that ring and nobody answers are not texted"
        _doubt(place, "texting.missed_means", what, "add no_answer")
    if policy.repeat_calls == 1:
        what = "the owner is told of every missed call"
        _doubt(place, "texting.repeat_calls", what, "3 are usual; always_notify_owner does it for one line")
    if policy.cooldown_s < SHORT_COOLDOWN_S:
        what = f"a caller who tries again after {spelled(policy.cooldown_s)} is texted again"
        _doubt(place, "texting.cooldown", what, "12 h is usual")
    if not policy.missed_means:
        _doubt(place, "texting.missed_means", "no call counts as missed", "write at least no_answer")
    if policy.settle_s >= policy.max_age_s:
        _say(place, "texting.settle", "a text would be too old when it leaves", "make it shorter than max_age")
    release = policy.quiet_release
    if release is not None and in_quiet_hours(policy, datetime.combine(date.min, release)):
        path, what = "texting.quiet_hours.release", "held texts cannot leave in quiet hours: they leave at the end"
        _doubt(place, path, what, "write a time after the end, or leave release out")
    quiet = [line for line in settings.business.lines if line.quiet_hours != "send"]
    if quiet and policy.quiet_from is None:
        path = f"lines.{quiet[0].name}.quiet_hours"
        _doubt(place, path, "no quiet hours are set", "write 'quiet_hours:' below 'texting:'")
    if settings.business.country not in policy.allowed_countries:
        what = f"your own country ({settings.business.country}) is not among them"
        _doubt(place, "texting.allowed_countries", what, "add it")


def _places(place: Place, section: str, count: int) -> list[str]:
    """The paths of a section that stands once or as a list."""
    if count == 1 and f"{section}[1]" not in place.lines:
        return [section]
    listed = [path for path in place.lines if path.startswith(f"{section}[") and path.endswith("]")]
    return listed[:count]


def _say(place: Place, path: str, what: str, remedy: str) -> None:
    place.say(place.line_of(path), f"{path}: {what}", remedy)


def _doubt(place: Place, path: str, what: str, remedy: str) -> None:
    place.doubt(place.line_of(path), f"{path}: {what}", remedy)
