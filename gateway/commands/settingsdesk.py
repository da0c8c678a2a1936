"""What the page changes of the configuration (implements `gateway.ports.settings.SettingsDesk`).

A change is judged as a whole file before anything is written; then the file is exchanged, its former version kept, and the
running box goes by the new one. Two people may save different things one after the other: what the second one has not touched
is taken from the file as it is by then. Two who change the same thing are told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from gateway.core import sheets
from gateway.core.alphabet import segment_count, septets, transliterate
from gateway.core.business import Business
from gateway.core.sheets import (
    Complaint,
    RawFile,
    Saved,
    Sheet,
    SheetLink,
    Standing,
    TextPreview,
    VersionRow,
)
from gateway.core.wording import PLACEHOLDERS, render
from gateway.ports.clock import Clock
from gateway.settings import Problem, Settings, SettingsError, parse
from gateway.settings.edit import forms
from gateway.settings.edit.data import Data, data_of, found, put, same
from gateway.settings.edit.hidden import hidden, revealed
from gateway.settings.edit.keeping import ConfigurationFile, NotSavedError, Snapshot, mark_of
from gateway.settings.edit.plan import SHEETS, Plan, label, plan_of
from gateway.settings.edit.splice import CannotChangeError, Change, changed
from gateway.settings.texts import judged_openers
from gateway.settings.yamlnodes import read_nodes

T = TypeVar("T")
VERSIONS = "settings"  # below the state folder
BY_HAND = (
    "the configuration file was changed by hand and is not in use yet - an owner takes it in under Settings, The file, or puts"
    " another version back"
)
TAKEN = "this was changed outside of the set-up - look at it under Settings, and change it there"
NO_FILE = "there is no configuration yet - answer the first questions of the page"


class Running(Protocol):
    """The box as the desk needs it (`gateway.supervisor.Gateway`)."""

    settings: Settings

    def objections(self, settings: Settings) -> list[Problem]: ...

    async def take_in(self, settings: Settings, by: str, say: str) -> sheets.Taken: ...

    async def reload(self, by: str) -> sheets.Taken: ...


class Desk:
    """One configuration file and the box that runs by it."""

    def __init__(self, box: Running, clock: Clock) -> None:
        self._box = box
        self._clock = clock
        self._lock = asyncio.Lock()

    @property
    def _path(self) -> Path:
        return self._box.settings.source

    @property
    def _file(self) -> ConfigurationFile:
        return ConfigurationFile(self._path, self._box.settings.state_dir / VERSIONS)

    # ---- looking

    def sheets(self) -> Sequence[SheetLink]:
        """All sheets, in the order of a list."""
        return [forms.link_of(plan) for plan in SHEETS]

    async def sheet(self, key: str) -> Sheet:
        """A sheet as the file has it. Raises ValueError when there is none of that key, or no file."""
        plan = _plan(key)
        now = await self._read()
        return await self._try(lambda: self._draw(plan, _data(now), now.mark))

    async def standing(self) -> Standing:
        """How the file and the running box stand to each other."""
        using = self._box.settings
        now = await self._read()
        if using.setup or now.mark == using.mark:
            doubts = tuple(forms.complaint(doubt) for doubt in using.warnings)
            return Standing(str(self._path), using.setup, False, now.mark, (), doubts)
        try:
            settings = await asyncio.to_thread(self._judged, now.data)
        except SettingsError as error:
            return Standing(str(self._path), False, True, now.mark, _complaints(error.problems))
        return Standing(str(self._path), False, True, now.mark, (), _complaints(settings.warnings))

    async def raw(self) -> RawFile:
        """The file as a text, secrets as stars."""
        now = await self._read()
        return RawFile(
            str(self._path), await asyncio.to_thread(lambda: hidden(now.data.decode("utf-8", "replace"))), now.mark
        )

    async def versions(self) -> Sequence[VersionRow]:
        """What was in use before, the newest first."""
        kept = await asyncio.to_thread(self._file.versions)
        return [VersionRow(each.key, each.until, each.by, each.say) for each in kept]

    async def former(self, key: str) -> str:
        """A version that is kept, as a text with stars for secrets. Raises ValueError when it is not."""
        return await self._try(lambda: hidden(self._file.former(key).decode("utf-8", "replace")))

    async def preview(self, path: str, text: str) -> TextPreview:
        """How the text of a field would read at its longest, and what is wrong with it."""
        now = await self._read()
        return await self._try(lambda: self._previewed(tuple(path.split(".")), " ".join(text.split()), now))

    # ---- saving

    async def save(self, key: str, form: Mapping[str, Sequence[str]], mark: str, by: str, owner: bool) -> Saved:
        """Save a filled-in sheet and go by it. Raises ValueError where nothing can be saved at all."""
        plan = _plan(key)
        if plan.owner_only and not owner:
            raise ValueError("only an owner may change this - ask one of them")
        async with self._lock:
            now = await self._in_use()
            base = now if now.mark == mark else await self._try(lambda: self._former(mark))
            data = _data(base)
            filled = await self._try(lambda: forms.read(self._draw(plan, data, mark), form, data))
            if filled.complaints:
                return Saved(tuple(filled.complaints), mark=mark)
            if not filled.changes:
                return Saved(say="Nothing was changed.", mark=now.mark)
            if base is not now:
                await self._expect_untouched(filled.changes, data, _data(now))
            say = f"{plan.title}: {_changed_what(filled.changes)}"
            return await self._save(lambda: changed(now.text, filled.changes), now, by, say, filled.fields, plan)

    async def save_raw(self, text: str, mark: str, by: str) -> Saved:
        """The whole file in place of the one with that mark."""
        async with self._lock:
            now = await self._read()
            if now.mark != mark:
                raise ValueError(await self._conflict())
            before = now.data.decode("utf-8", "replace")
            lines = text.replace("\r\n", "\n") if "\r\n" not in before else text
            return await self._save(lambda: revealed(lines, before), now, by, "the whole file")

    async def restore(self, key: str, mark: str, by: str) -> Saved:
        """A version that was in use before, in place of the file with that mark."""
        async with self._lock:
            now = await self._read()
            if now.mark != mark:
                raise ValueError(await self._conflict())
            data = await self._try(lambda: self._file.former(key))
            return await self._save(lambda: data.decode("utf-8"), now, by, "an earlier version is back")

    async def take_in(self, by: str) -> Saved:
        """Go by the file as it was changed by hand."""
        async with self._lock:
            try:
                taken = await self._box.reload(by)
            except SettingsError as error:
                return Saved(_complaints(error.problems))
            return Saved(
                (), _complaints(self._box.settings.warnings), taken.say, taken.exchanged, self._box.settings.mark
            )

    async def write_first(self, text: str, by: str) -> Saved:
        """Write the first file and go by it. Raises ValueError where there is one already."""
        async with self._lock:
            now = await self._read()
            if now.mark or not self._box.settings.setup:
                raise ValueError("there is a configuration already - change it under Settings")
            return await self._save(lambda: text, now, by, "the first configuration, from the set-up")

    async def splice(self, changes: Sequence[Change], wrote: Sequence[Change], by: str, say: str) -> Saved:
        """Change values in the file as it stands, by hand or not, and go by it.

        `wrote` is what the same answers wrote before: what was not answered anew stays as it stands by now. Raises ValueError
        where something else than that would be overwritten.
        """
        async with self._lock:
            now = await self._read()
            text = await self._try(lambda: changed(now.text, _left(changes, wrote, _data(now))))
            if text == now.text:
                return Saved(say="Nothing was changed.", mark=now.mark)
            return await self._save(lambda: text, now, by, say)

    async def _save(
        self,
        text: Callable[[], str],
        now: Snapshot,
        by: str,
        say: str,
        fields: Mapping[str, str] | None = None,
        plan: Plan | None = None,
    ) -> Saved:
        """Judge, write, go by it. `fields` as in `forms.Filled`; of a sheet only its own doubts are told."""
        try:
            data = (await asyncio.to_thread(text)).encode("utf-8")
            settings = await asyncio.to_thread(self._judged, data)
            if objections := self._box.objections(settings):
                raise SettingsError(objections)
            await asyncio.to_thread(self._file.write, data, now.mark, by, say, self._clock.now())
        except SettingsError as error:
            return Saved(_complaints(error.problems, fields), mark=now.mark)
        except CannotChangeError as error:
            what, _, remedy = str(error).partition(" - ")
            return Saved((Complaint("", what, remedy),), mark=now.mark)
        except UnicodeEncodeError:
            return Saved((Complaint("", "there is a character that is none", "write the text anew"),), mark=now.mark)
        except NotSavedError as error:
            raise ValueError(str(error)) from error
        taken = await self._box.take_in(settings, by, say)
        doubts = [doubt for doubt in _complaints(settings.warnings, fields) if plan is None or _on_sheet(doubt, plan)]
        return Saved((), tuple(doubts), taken.say, taken.exchanged, mark_of(data))

    # ---- reading and judging

    def _judged(self, data: bytes) -> Settings:
        """Raises SettingsError with everything that is wrong with a file that holds these bytes."""
        return replace(parse(data, str(self._path)), mark=mark_of(data))

    def _draw(self, plan: Plan, data: Data, mark: str) -> Sheet:
        business = self._box.settings.business
        return forms.draw(plan, data, business, mark, _texts(business, data))

    async def _read(self) -> Snapshot:
        return await self._try(self._file.read)

    async def _in_use(self) -> Snapshot:
        """The file, which has to be the one by which the box runs."""
        now = await self._read()
        if self._box.settings.setup:
            raise ValueError(NO_FILE)
        if now.mark != self._box.settings.mark:
            raise ValueError(BY_HAND)
        return now

    def _former(self, mark: str) -> Snapshot:
        """The version that a form was drawn from."""
        data = self._file.with_mark(mark) if mark else None
        if data is None:
            raise ValueError("this page was drawn from a file that is gone - open it again and change it there")
        return Snapshot(data, mark)

    async def _expect_untouched(self, changes: Sequence[Change], base: Data, now: Data) -> None:
        """Somebody else has saved meanwhile: that is no matter unless it was the same that he changed."""
        for change in changes:
            if not same(found(base, change.path), found(now, change.path)):
                raise ValueError(await self._conflict())

    async def _conflict(self) -> str:
        versions = await asyncio.to_thread(self._file.versions)
        who = f" by {versions[0].by.removeprefix('page:')}" if versions and versions[0].by else ""
        return (
            f"this was changed{who} while you had the page open, and nothing of yours was saved - look at what is there now and"
            " change it again"
        )

    async def _try(self, work: Callable[[], T]) -> T:
        """Work on the disk or on YAML, in a thread; what goes wrong becomes a sentence."""
        try:
            return await asyncio.to_thread(work)
        except (NotSavedError, CannotChangeError) as error:
            raise ValueError(str(error)) from error
        except SettingsError as error:
            problem = error.problems[0]
            raise ValueError(f"line {problem.line} of the file: {problem.what} - {problem.remedy}") from error

    def _previewed(self, path: tuple[str, ...], text: str, now: Snapshot) -> TextPreview:
        place = ".".join(path)
        errors: tuple[Complaint, ...] = ()
        doubts: tuple[Complaint, ...] = ()
        try:
            doubts = _complaints(parse(changed(now.text, [Change(path, text)]), str(self._path)).warnings)
        except SettingsError as error:
            errors = _complaints(error.problems)
        business = self._box.settings.business
        purpose = "reply" if path[0] == "replies" else "answer" if path[0] in ("questions", "emergencies") else "opener"
        known = {**PLACEHOLDERS["answer"], **PLACEHOLDERS[purpose], "business": business.name}
        body = transliterate(render(text, **known))
        return TextPreview(
            body,
            segment_count(body),
            septets(body) is None,
            len(body),
            tuple(each for each in errors if each.path.startswith(place)),
            tuple(each for each in doubts if each.path.startswith(place)),
        )


def _plan(key: str) -> Plan:
    plan = plan_of(key)
    if plan is None:
        raise ValueError("there is no such sheet")
    return plan


def _left(changes: Sequence[Change], wrote: Sequence[Change], now: Data) -> list[Change]:
    """What is to be written of answers that were given once more. Raises ValueError for what others have changed since."""
    former: Data = {}
    for change in wrote:
        if change.value is not None:
            former = put(former, change.path, change.value)
    once = {change.path for change in wrote}
    left = []
    for change in changes:
        stands, before = found(now, change.path), found(former, change.path)
        if same(stands, change.value) or (change.path in once and same(before, change.value)):
            continue
        if not same(stands, before):
            raise ValueError(TAKEN)
        left.append(change)
    return left


def _data(snapshot: Snapshot) -> Data:
    """What the file says; nothing where it cannot be read. Raises SettingsError for what is no YAML."""
    if not snapshot.mark:
        raise ValueError(NO_FILE)
    return data_of(read_nodes(snapshot.data, "")[0])


def _texts(business: Business, data: Data) -> list[str]:
    """Names of the texts that can be worded anew: those in use, those for every situation, and those of the business's own."""
    names = [opener.name for opener in judged_openers(business)]
    spanish = "es" in {line.language for line in business.lines}
    for name in ("open", "after_hours", "weekend", "holiday", "storm", "vip"):
        names += [name, f"{name}_es"] if spanish else [name]
    own = found(data, ("templates",))
    return list(dict.fromkeys([*names, *(own if isinstance(own, dict) else ())]))


def _complaints(problems: Sequence[Problem], fields: Mapping[str, str] | None = None) -> tuple[Complaint, ...]:
    return tuple(forms.complaint(problem, fields) for problem in problems)


def _on_sheet(doubt: Complaint, plan: Plan) -> bool:
    return any(doubt.path == held or doubt.path.startswith((f"{held}.", f"{held}[")) for held in plan.holds)


def _changed_what(changes: Sequence[Change]) -> str:
    """ "Monday, Tuesday" for the history; never the values, which may be secret."""
    return ", ".join(dict.fromkeys(label(".".join(change.path[:2])) for change in changes))
