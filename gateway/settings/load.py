"""From a file to Settings: the sections are read one by one, then looked at together; all problems in one run."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.core.booking.rules import BusyCalendar
from gateway.core.business import Business, Hours, Line, Storm
from gateway.core.conversation.lead import Lane
from gateway.core.conversation.office import ConversationRules, OwnQuestion
from gateway.core.library import texts_for
from gateway.files import EXAMPLE
from gateway.settings import calendars, conversation, devices, emergencies, escalation, questions, schema, texting
from gateway.settings.area import AREA, read_area
from gateway.settings.authority import AUTHORITY, read_authority
from gateway.settings.booking import APPOINTMENT, BOOKING, CREW, judge_booking, read_booking
from gateway.settings.callback import CALL_BACK, ROTA, judge_call_back, read_call_back
from gateway.settings.care import BACKUP, RETENTION, judge_care, read_backup, read_retention
from gateway.settings.cross import examine
from gateway.settings.edit.keeping import mark_of
from gateway.settings.leads import LEADS, judge_leads, named_people, read_desk
from gateway.settings.menu import SERVICE, read_menu
from gateway.settings.notifications import NOTIFICATIONS, judge_notifications, read_notifications
from gateway.settings.on_call import ON_CALL_SECTION, judge_on_call
from gateway.settings.options import (
    Option,
    Place,
    Reading,
    report_unknown,
    scalar,
    taken,
)
from gateway.settings.people import PERSON, judge_people, read_people
from gateway.settings.problems import Problem, SettingsError
from gateway.settings.remote import REMOTE, read_remote
from gateway.settings.replies import REPLY, judge_replies, read_replies
from gateway.settings.ringing import R_SECRET, R_SECRET_FILE, RINGING, judge_ringing, read_ringing
from gateway.settings.sections import Sections, section_node
from gateway.settings.spoken import question_templates
from gateway.settings.texts import judge_texts
from gateway.settings.trades import TradePack, load_pack, pack_files
from gateway.settings.values import (
    Contact,
    LogConfig,
    RingingConfig,
    Settings,
)
from gateway.settings.yamlnodes import MAX_BYTES, Mapping, read_nodes
from gateway.settings.ziplist import read_list


def load(path: Path, *, today: date | None = None) -> Settings:
    """The configuration in a file. Raises SettingsError with everything that is wrong with it.

    `today` (default: the clock's) is only for warnings about lists of dates that run out.
    """
    data, world_readable = _bytes_of(path)
    return replace(parse(data, str(path), world_readable=world_readable, today=today), mark=mark_of(data))


def state_folder(path: Path) -> Path:
    """The state folder that a file names, whatever else is wrong in it. Raises SettingsError when it cannot be read."""
    top, problems = read_nodes(_bytes_of(path)[0], str(path))
    place = Place(str(path), folder=path.parent, problems=problems)
    return _File(top, place).state()


def _bytes_of(path: Path) -> tuple[bytes, bool]:
    """What a file holds, and whether every user of the machine may read it. Raises SettingsError."""
    try:
        if path.exists() and not path.is_file():
            remedy = "name the configuration file with --config"
            raise SettingsError([Problem(str(path), 1, "this is not a file", remedy)])
        if not path.is_file():
            remedy = f"copy {EXAMPLE} there and change it, or name another file with --config"
            raise SettingsError([Problem(str(path), 1, "there is no such file", remedy)])
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        what, remedy = f"the file cannot be read ({reason})", "correct the path or the file's permissions"
        raise SettingsError([Problem(str(path), 1, what, remedy)]) from None
    return data, bool(mode & stat.S_IROTH)


def parse(
    text: str | bytes, file: str = "gateway.yaml", *, world_readable: bool = False, today: date | None = None
) -> Settings:
    """The configuration in a text. `file` is what messages call it; files it names are looked for beside it."""
    top, problems = read_nodes(text, file)
    place = Place(file, folder=Path(file).parent, problems=problems)
    report_unknown(top, schema.TOP, place)
    settings = _File(top, place).settings()
    today = today or datetime.now(UTC).date()
    examine(settings, place, world_readable=world_readable, today=today)
    judge_call_back(settings.business, place)
    judge_booking(settings.business, place)
    calendars.judge_calendars(settings.calendars, settings.business, place)
    judge_people(settings, place)
    judge_on_call(settings.business, place, today)
    escalation.judge_escalation(settings.business, place)
    judge_notifications(settings.business, place)
    judge_leads(settings.business, place)
    judge_replies(settings.business, place)
    judge_ringing(settings, place)
    judge_care(settings.backup, settings.state_dir, place)
    judge_texts(settings.business, place)
    if place.problems:
        raise SettingsError(place.problems)
    return replace(settings, warnings=tuple(sorted(place.warnings, key=lambda doubt: doubt.line)))


class _File:
    """The whole of one file."""

    def __init__(self, top: Mapping, place: Place) -> None:
        self._sections = Sections(top, place)

    def settings(self) -> Settings:
        who = self._who()
        self._sections.place = replace(
            self._sections.place,
            country=who.get(schema.B_COUNTRY),
            area_code=who.get(schema.B_AREA),
            zone=(zone := who.get(schema.B_ZONE)),
        )
        who.place = replace(who.place, country=self._sections.place.country, area_code=self._sections.place.area_code)
        modems = tuple(devices.read_modem(reading) for reading in self._sections.several(devices.MODEM))
        pack, state = self._pack(trade := who.get(schema.B_TRADE)), self.state()
        outside = calendars.read_calendars(
            self._sections.named(calendars.CALENDAR.name, "'north:' with file, url or caldav below it", "calendar")
        )
        rules = self._conversation(pack, state, calendars.rules_of(outside))
        business = Business(
            name=who.get(schema.B_NAME),
            zone=zone,
            country=self._sections.place.country,
            area_code=self._sections.place.area_code,
            lines=tuple(self._lines()),
            sims=tuple(modem.number for modem in modems if modem.number is not None),
            carriers=tuple(dict.fromkeys(sender for modem in modems for sender in modem.carriers)),
            owner=who.get(schema.B_OWNER),
            staff=who.get(schema.B_STAFF),
            extensions=who.get(schema.B_EXTENSIONS),
            hours=self._hours(),
            storms=tuple(self._storms()),
            templates=self._texts(trade, pack, rules.questions),
            policy=texting.read_policy(self._sections.single(texting.TEXTING), self._sections.place.country),
            trade=trade,
            conversation=rules,
            escalation=escalation.read_escalation(
                (who.get(schema.B_OWNER_NAME), who.get(schema.B_OWNER_RINGS), who.get(schema.B_OWNER_LANGUAGE)),
                read_people(self._sections.named(PERSON.name, "'dana:' with name and phone below it", "person")),
                self._sections.single(ON_CALL_SECTION),
                self._sections.single(escalation.ESCALATION),
            ),
            remote=read_remote(self._sections.single(REMOTE)),
            notifications=read_notifications(self._sections.single(NOTIFICATIONS)),
            desk=read_desk(self._sections.single(LEADS)),
            replies=read_replies(self._sections.named(REPLY.name, "'name: \"your words\"'", "text")),
        )
        if modems:
            business = replace(business, rings_at=devices.rings_at(modems[0], business.lines))
        page = self._sections.single(devices.PAGE)
        return Settings(
            business=named_people(business),
            modems=modems,
            asterisk=tuple(devices.read_asterisk(reading) for reading in self._sections.several(devices.ASTERISK)),
            page=devices.read_page(page),
            state_dir=state,
            log=LogConfig(self._sections.single(devices.LOG).get(devices.G_LEVEL)),
            clock=devices.read_clock(self._sections.single(devices.CLOCK)),
            contacts=tuple(self._contacts()),
            source=Path(self._sections.place.file),
            ringing=self._ringing(),
            backup=read_backup(self._sections.single(BACKUP)),
            retention=read_retention(self._sections.single(RETENTION)),
            calendars=outside,
        )

    def _who(self) -> Reading:
        if self._sections.entry(schema.BUSINESS.name) is not None:
            return self._sections.single(schema.BUSINESS)
        line = self._sections.place.line_of(schema.BUSINESS.name)
        self._sections.place.say(
            line, "section 'business' is missing", "write 'business:' with name and timezone below it"
        )
        # What it would have said is not missed a second time.
        return Reading(schema.BUSINESS, Mapping((), line), Place(self._sections.place.file, path=schema.BUSINESS.name))

    def _lines(self) -> Iterator[Line]:
        for entry, place in self._sections.named(schema.LINE.name, "'main:' with a number below it", "line"):
            node = taken(section_node, entry.node, place, None)
            if node is None:
                continue
            line = Reading(schema.LINE, node, place, entry.line)
            yield Line(
                name=entry.key,
                number=line.get(schema.L_NUMBER),
                text_back=line.get(schema.L_TEXT_BACK),
                text_when=line.get(schema.L_WHEN),
                language=line.get(schema.L_LANGUAGE),
                quiet_hours=line.get(schema.L_QUIET),
                always_notify_owner=line.get(schema.L_NOTIFY),
                min_ring_s=line.get(schema.L_MIN_RING),
                min_ring_closed_s=line.get(schema.L_MIN_RING_CLOSED),
                templates=line.get(schema.L_TEMPLATES),
            )

    def _hours(self) -> Hours:
        week = self._sections.single(schema.HOURS)
        hours = Hours(tuple(week.get(option) for option in schema.HOURS_DAYS))
        for holiday in self._sections.listed(schema.HOLIDAY):
            if (day := holiday.get(schema.H_DATE)) is not schema.ANY_DAY:
                _once(day in hours.holidays, holiday, schema.H_DATE, f"{day} is given a second time")
                hours.holidays[day] = holiday.get(schema.H_NAME)
        for half in self._sections.listed(schema.HALF_DAY):
            if (day := half.get(schema.D_DATE)) is not schema.ANY_DAY:
                _once(day in hours.half_days, half, schema.D_DATE, f"{day} is given a second time")
                _once(day in hours.holidays, half, schema.D_DATE, f"{day} is a holiday as well")
                hours.half_days[day] = half.get(schema.D_HOURS)
        return hours

    def _storms(self) -> Iterator[Storm]:
        for storm in self._sections.listed(schema.STORM):
            begins, ends = storm.get(schema.S_FROM), storm.get(schema.S_TO)
            if storm.given(schema.S_FROM) and storm.given(schema.S_TO) and ends <= begins:
                if schema.NO_MOMENT not in (begins, ends):
                    storm.place.say(storm.line_of(schema.S_TO), "the storm is over before it begins", "swap the times")
            else:
                yield Storm(begins, ends)

    def _texts(self, trade: str, pack: TradePack, questions: Sequence[OwnQuestion]) -> dict[str, str]:
        """The trade's texts, the business's questions, and its own wording before all of them."""
        return {**texts_for(trade), **pack.safety, **question_templates(questions), **dict(self._templates())}

    def _templates(self) -> Iterator[tuple[str, str]]:
        for entry, place in self._sections.named(schema.TEMPLATES, "'open: \"your words\"'", "template"):
            text = taken(lambda node, _: scalar(node, "the text in double quotes"), entry.node, place, None)
            if text is not None and not text:
                place.say(entry.line, "the text is empty", "write it in double quotes, or remove the name")
            elif text is not None:
                yield entry.key, " ".join(text.split())

    def _contacts(self) -> Iterator[Contact]:
        for contact in self._sections.listed(schema.CONTACT):
            number, kind = contact.get(schema.C_NUMBER), contact.get(schema.C_KIND)
            yield Contact(number, kind, contact.get(schema.C_NAME))

    def _ringing(self) -> RingingConfig:
        section = self._sections.single(RINGING)
        return read_ringing(section, devices.read_secret(section, section.get(R_SECRET), R_SECRET.name, R_SECRET_FILE))

    def _pack(self, trade: str) -> TradePack:
        pack, problems = load_pack(trade, pack_files(self._sections.place.folder)[trade])
        self._sections.place.problems.extend(problems)
        return pack

    def _conversation(self, pack: TradePack, state: Path, outside: dict[str, BusyCalendar]) -> ConversationRules:
        entry = self._sections.entry(SERVICE.name)
        menu = read_menu(entry.node if entry else None, self._sections.place.at(SERVICE.name), pack)
        section = self._sections.single(conversation.CONVERSATION)
        named = self._sections.named(questions.QUESTION.name, "'name: {ask: \"your question\"}'", "question")
        own = tuple(questions.read_questions(named, menu))
        asked = conversation.read_asked(section, pack, tuple(question.key for question in own))
        return ConversationRules(
            services=menu,
            area=read_area(self._sections.single(AREA), lambda: read_list(state)),
            booking_needs=asked.facts[Lane.BOOK],
            message_needs=asked.facts[Lane.MESSAGE],
            emergency_needs=asked.facts[Lane.ESCALATE],
            questions=tuple(
                replace(question, lanes=asked.own[question.key], needed=question.key in asked.needed)
                for question in own
            ),
            most_texts=section.get(conversation.C_MOST),
            answers_per_hour=section.get(conversation.C_PER_HOUR),
            on=section.get(conversation.C_ON),
            wait_s=section.get(conversation.C_WAIT),
            follow_up=section.get(conversation.C_FOLLOW_UP),
            pictures=section.get(conversation.C_PICTURES),
            languages=section.get(conversation.C_LANGUAGES) or conversation.C_LANGUAGES.default,
            emergencies=emergencies.read_emergencies(self._sections.single(emergencies.EMERGENCIES), pack, menu),
            authority=read_authority(self._sections.single(AUTHORITY), menu),
            call_back=read_call_back(
                self._sections.single(CALL_BACK),
                self._sections.named(ROTA.name, "'ann:' with days and hours below it", "person"),
            ),
            booking=read_booking(
                self._sections.single(BOOKING),
                self._sections.named(CREW.name, "'north:' with places below it", "crew"),
                self._sections.named(APPOINTMENT.name, "'estimate:' with services and windows below it", "appointment"),
                menu,
                outside,
            ),
        )

    def state(self) -> Path:
        entry, option = self._sections.entry(devices.STATE.name), devices.STATE
        if entry is None:
            return Path(option.default)
        return Path(taken(option.kind, entry.node, self._sections.place.at(option.name), option.default))


def _once(again: bool, reading: Reading, option: Option[date], what: str) -> None:
    if again:
        reading.place.say(reading.line_of(option), what, "keep one of the two")
