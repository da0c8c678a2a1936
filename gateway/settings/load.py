"""From a file to Settings: the sections are read one by one, then looked at together; all problems in one run."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.core.business import Business, Hours, Line, Policy, Storm
from gateway.core.conversation.lead import Lane
from gateway.core.conversation.office import ConversationRules, OwnQuestion
from gateway.core.library import texts_for
from gateway.files import EXAMPLE
from gateway.settings import conversation, devices, emergencies, escalation, kinds, questions, schema, texting
from gateway.settings.area import AREA, read_area
from gateway.settings.authority import AUTHORITY, read_authority
from gateway.settings.callback import CALL_BACK, ROTA, judge_call_back, read_call_back
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
    RefusedError,
    Section,
    entries,
    mapping,
    report_unknown,
    scalar,
    taken,
)
from gateway.settings.people import PERSON, judge_people, read_people
from gateway.settings.problems import Problem, SettingsError, shown
from gateway.settings.remote import REMOTE, read_remote
from gateway.settings.replies import REPLY, judge_replies, read_replies
from gateway.settings.ringing import R_SECRET, R_SECRET_FILE, RINGING, judge_ringing, read_ringing
from gateway.settings.spoken import question_templates
from gateway.settings.texts import judge_texts
from gateway.settings.trades import TradePack, load_pack, pack_files
from gateway.settings.values import (
    AsteriskConfig,
    Contact,
    LogConfig,
    ModemConfig,
    PageConfig,
    RingingConfig,
    Settings,
)
from gateway.settings.yamlnodes import MAX_BYTES, Entry, Items, Mapping, Node, Scalar, read_nodes
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
    judge_people(settings, place)
    judge_on_call(settings.business, place, today)
    escalation.judge_escalation(settings.business, place)
    judge_notifications(settings.business, place)
    judge_leads(settings.business, place)
    judge_replies(settings.business, place)
    judge_ringing(settings, place)
    judge_texts(settings.business, place)
    if place.problems:
        raise SettingsError(place.problems)
    return replace(settings, warnings=tuple(sorted(place.warnings, key=lambda doubt: doubt.line)))


class _File:
    """The sections of one file. Each is read once: reading is what says the problems."""

    def __init__(self, top: Mapping, place: Place) -> None:
        self._sections = {entry.key: entry for entry in top.entries}
        self._place = place
        place.lines.update({entry.key: entry.line for entry in top.entries})

    def settings(self) -> Settings:
        who = self._who()
        self._place = replace(
            self._place,
            country=who.get(schema.B_COUNTRY),
            area_code=who.get(schema.B_AREA),
            zone=(zone := who.get(schema.B_ZONE)),
        )
        who.place = replace(who.place, country=self._place.country, area_code=self._place.area_code)
        modems = tuple(_modem(reading) for reading in self._several(devices.MODEM))
        pack, state = self._pack(trade := who.get(schema.B_TRADE)), self.state()
        rules = self._conversation(pack, state)
        business = Business(
            name=who.get(schema.B_NAME),
            zone=zone,
            country=self._place.country,
            area_code=self._place.area_code,
            lines=tuple(self._lines()),
            sims=tuple(modem.number for modem in modems if modem.number is not None),
            owner=who.get(schema.B_OWNER),
            staff=who.get(schema.B_STAFF),
            extensions=who.get(schema.B_EXTENSIONS),
            hours=self._hours(),
            storms=tuple(self._storms()),
            templates=self._texts(trade, pack, rules.questions),
            policy=_policy(self._single(texting.TEXTING), self._place.country),
            trade=trade,
            conversation=rules,
            escalation=escalation.read_escalation(
                (who.get(schema.B_OWNER_NAME), who.get(schema.B_OWNER_RINGS), who.get(schema.B_OWNER_LANGUAGE)),
                read_people(self._named(PERSON.name, "'dana:' with name and phone below it", "person")),
                self._single(ON_CALL_SECTION),
                self._single(escalation.ESCALATION),
            ),
            remote=read_remote(self._single(REMOTE)),
            notifications=read_notifications(self._single(NOTIFICATIONS)),
            desk=read_desk(self._single(LEADS)),
            replies=read_replies(self._named(REPLY.name, "'name: \"your words\"'", "text")),
        )
        page = self._single(devices.PAGE)
        return Settings(
            business=named_people(business),
            modems=modems,
            asterisk=tuple(_asterisk(reading) for reading in self._several(devices.ASTERISK)),
            page=_page(page),
            state_dir=state,
            log=LogConfig(self._single(devices.LOG).get(devices.G_LEVEL)),
            contacts=tuple(self._contacts()),
            source=Path(self._place.file),
            ringing=self._ringing(),
        )

    # ---- shapes of sections

    def _entry(self, name: str) -> Entry | None:
        entry = self._sections.get(name)
        return None if entry is None or (isinstance(entry.node, Scalar) and entry.node.empty) else entry

    def _single(self, section: Section) -> Reading:
        place = self._place.at(section.name)
        if (entry := self._entry(section.name)) is None:
            return Reading(section, Mapping((), place.line_of(section.name)), place)
        node = taken(_section_node, entry.node, place, Mapping((), entry.line))
        return Reading(section, node, place, entry.line)

    def _several(self, section: Section) -> Iterator[Reading]:
        """A section that may stand once, or as a list of sections."""
        if (entry := self._entry(section.name)) is not None:
            if isinstance(entry.node, Items):
                yield from self._listed(section)
            elif isinstance(entry.node, Mapping):
                yield Reading(section, entry.node, self._place.at(section.name), entry.line)
            else:
                taken(_section_node, entry.node, self._place.at(section.name), Mapping((), entry.line))

    def _listed(self, section: Section) -> Iterator[Reading]:
        """A list of sections; an entry that is none is said and left out. Entries are counted from 1 in messages."""
        if (entry := self._entry(section.name)) is None:
            return
        example = ", ".join(f"{option.name}: {option.example}" for option in section.options if option.required)
        if not isinstance(entry.node, Items):
            self._place.at(section.name).say(entry.node.line, "a list is needed here", f"write '- {example}' below it")
            return
        for count, node in enumerate(entry.node.nodes, 1):
            place = self._place.at(f"{section.name}[{count}]")
            if isinstance(node, Mapping):
                yield Reading(section, node, place)
            else:
                place.say(node.line, "names and values are needed here", f"write '- {{{example}}}'")

    def _named(self, name: str, wanted: str, what: str) -> Iterator[tuple[Entry, Place]]:
        """Entries whose names are the shop's own choice."""
        if (entry := self._entry(name)) is None:
            return
        place = self._place.at(name)
        nothing: tuple[Entry, ...] = ()
        for inner in taken(lambda node, _: entries(node, wanted), entry.node, place, nothing):
            if kinds.is_name(inner.key):
                place.lines[f"{name}.{inner.key}"] = inner.line
                yield inner, place.at(inner.key)
            else:
                remedy = "use small letters, digits and _, beginning with a letter"
                place.say(inner.line, f"{shown(inner.key)} cannot be the name of a {what}", remedy)

    # ---- the sections

    def _who(self) -> Reading:
        if self._entry(schema.BUSINESS.name) is not None:
            return self._single(schema.BUSINESS)
        line = self._place.line_of(schema.BUSINESS.name)
        self._place.say(line, "section 'business' is missing", "write 'business:' with name and timezone below it")
        # What it would have said is not missed a second time.
        return Reading(schema.BUSINESS, Mapping((), line), Place(self._place.file, path=schema.BUSINESS.name))

    def _lines(self) -> Iterator[Line]:
        for entry, place in self._named(schema.LINE.name, "'main:' with a number below it", "line"):
            node = taken(_section_node, entry.node, place, None)
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
        week = self._single(schema.HOURS)
        hours = Hours(tuple(week.get(option) for option in schema.HOURS_DAYS))
        for holiday in self._listed(schema.HOLIDAY):
            if (day := holiday.get(schema.H_DATE)) is not schema.ANY_DAY:
                _once(day in hours.holidays, holiday, schema.H_DATE, f"{day} is given a second time")
                hours.holidays[day] = holiday.get(schema.H_NAME)
        for half in self._listed(schema.HALF_DAY):
            if (day := half.get(schema.D_DATE)) is not schema.ANY_DAY:
                _once(day in hours.half_days, half, schema.D_DATE, f"{day} is given a second time")
                _once(day in hours.holidays, half, schema.D_DATE, f"{day} is a holiday as well")
                hours.half_days[day] = half.get(schema.D_HOURS)
        return hours

    def _storms(self) -> Iterator[Storm]:
        for storm in self._listed(schema.STORM):
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
        for entry, place in self._named(schema.TEMPLATES, "'open: \"your words\"'", "template"):
            text = taken(lambda node, _: scalar(node, "the text in double quotes"), entry.node, place, None)
            if text is not None and not text:
                place.say(entry.line, "the text is empty", "write it in double quotes, or remove the name")
            elif text is not None:
                yield entry.key, " ".join(text.split())

    def _contacts(self) -> Iterator[Contact]:
        for contact in self._listed(schema.CONTACT):
            number, kind = contact.get(schema.C_NUMBER), contact.get(schema.C_KIND)
            yield Contact(number, kind, contact.get(schema.C_NAME))

    def _ringing(self) -> RingingConfig:
        section = self._single(RINGING)
        return read_ringing(section, _secret(section, section.get(R_SECRET), R_SECRET.name, R_SECRET_FILE))

    def _pack(self, trade: str) -> TradePack:
        pack, problems = load_pack(trade, pack_files(self._place.folder)[trade])
        self._place.problems.extend(problems)
        return pack

    def _conversation(self, pack: TradePack, state: Path) -> ConversationRules:
        entry = self._entry(SERVICE.name)
        menu = read_menu(entry.node if entry else None, self._place.at(SERVICE.name), pack)
        section = self._single(conversation.CONVERSATION)
        named = self._named(questions.QUESTION.name, "'name: {ask: \"your question\"}'", "question")
        own = tuple(questions.read_questions(named, menu))
        asked = conversation.read_asked(section, pack, tuple(question.key for question in own))
        return ConversationRules(
            services=menu,
            area=read_area(self._single(AREA), lambda: read_list(state)),
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
            emergencies=emergencies.read_emergencies(self._single(emergencies.EMERGENCIES), pack, menu),
            authority=read_authority(self._single(AUTHORITY), menu),
            call_back=read_call_back(
                self._single(CALL_BACK), self._named(ROTA.name, "'ann:' with days and hours below it", "person")
            ),
        )

    def state(self) -> Path:
        entry, option = self._entry(devices.STATE.name), devices.STATE
        if entry is None:
            return Path(option.default)
        return Path(taken(option.kind, entry.node, self._place.at(option.name), option.default))


def _section_node(node: Node, place: Place) -> Mapping:
    return mapping(node, f"its options below '{place.path.rpartition('.')[2]}:', indented")


def _once(again: bool, reading: Reading, option: Option[date], what: str) -> None:
    if again:
        reading.place.say(reading.line_of(option), what, "keep one of the two")


def _policy(reading: Reading, country: str) -> Policy:
    night = reading.get(texting.T_QUIET)
    stated_s = reading.get(texting.T_STATED)
    return Policy(
        settle_s=reading.get(texting.T_SETTLE),
        min_ring_s=reading.get(texting.T_MIN_RING),
        min_ring_closed_s=reading.get(texting.T_MIN_RING_CLOSED),
        min_ring_modem_s=reading.get(texting.T_MIN_RING_MODEM),
        min_abandoned_s=reading.get(texting.T_MIN_ABANDONED),
        missed_means=frozenset(end.value for end in reading.get(texting.T_MISSED)),
        cooldown_s=reading.get(texting.T_COOLDOWN),
        conversation_open_s=reading.get(texting.T_OPEN),
        takeover_s=reading.get(texting.T_TAKEOVER),
        repeat_calls=reading.get(texting.T_REPEAT_CALLS),
        repeat_within_s=reading.get(texting.T_REPEAT_WITHIN),
        max_age_s=reading.get(texting.T_MAX_AGE),
        duplicate_s=reading.get(texting.T_DUPLICATE),
        per_minute=reading.get(texting.T_MINUTE),
        per_hour=reading.get(texting.T_HOUR),
        per_day=reading.get(texting.T_DAY),
        quiet_from=night.begins if night else None,
        quiet_to=night.ends if night else None,
        quiet_release=(night.release or night.ends) if night else None,
        validity_s=reading.get(texting.T_VALIDITY),
        stated_minutes=None if stated_s is None else round(stated_s / 60),
        allowed_countries=reading.get(texting.T_COUNTRIES) or frozenset({country}),
    )


def _secret(reading: Reading, written: str | None, name: str, file: Option[str]) -> str:
    """A secret that stands in the file itself or in a file of its own ("" when in neither)."""
    path = reading.get(file)
    if not path:
        return written or ""
    place = reading.place.at(file.name)
    if written:
        place.say(reading.line_of(file), f"'{name}' is given as well", "keep one of the two")
    try:
        return kinds.small_file(place.folder / path)
    except RefusedError as refused:
        place.say(reading.line_of(file), refused.what, refused.remedy)
        return ""


def _asterisk(reading: Reading) -> AsteriskConfig:
    secret = _secret(reading, reading.get(devices.A_SECRET), devices.A_SECRET.name, devices.A_SECRET_FILE)
    if not secret and not reading.given(devices.A_SECRET_FILE):
        reading.place.say(reading.line, "'secret' is missing", "write secret, or secret_file with the path of a file")
    return AsteriskConfig(
        name=reading.get(devices.A_NAME),
        host=reading.get(devices.A_HOST),
        port=reading.get(devices.A_PORT),
        username=reading.get(devices.A_USER),
        secret=secret,
        inbound_contexts=reading.get(devices.A_INBOUND),
        internal_contexts=reading.get(devices.A_INTERNAL),
    )


def _modem(reading: Reading) -> ModemConfig:
    pin = _secret(reading, reading.get(devices.M_PIN), devices.M_PIN.name, devices.M_PIN_FILE)
    if pin and not kinds.is_pin(pin):
        remedy = "write 4 to 8 digits on the file's first line"
        reading.place.say(reading.line_of(devices.M_PIN_FILE), "the file does not hold a PIN", remedy)
    return ModemConfig(
        name=reading.get(devices.M_NAME),
        port=reading.get(devices.M_PORT),
        baud=reading.get(devices.M_BAUD),
        rtscts=reading.get(devices.M_RTSCTS),
        pin=pin or None,
        number=reading.get(devices.M_NUMBER),
        on_ring=reading.get(devices.M_ON_RING),
        role=reading.get(devices.M_ROLE),
        line=reading.get(devices.M_LINE),
        profile=reading.get(devices.M_PROFILE),
    )


def _page(reading: Reading) -> PageConfig:
    return PageConfig(
        reading.get(devices.P_HOST),
        reading.get(devices.P_PORT),
        reading.get(devices.P_NAMES),
        reading.get(devices.P_INTERNET),
        reading.get(devices.P_CERTIFICATE),
        reading.get(devices.P_KEY),
    )
