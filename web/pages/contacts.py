"""The contacts: who is known to the business, by hand or out of a file."""

from __future__ import annotations

import csv
import io
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from gateway.core.contactfiles import cards
from gateway.core.contactfiles.entry import SETTABLE, ContactFile, Entry
from gateway.core.policy import ContactKind
from gateway.core.sheetcells import safe_cell
from gateway.core.views.contacts import ContactRow
from web.access import Access, visitor
from web.changes import Ask, Form, typed
from web.language import _, mark
from web.shell import Shell, said_by
from web.uploads import upload

KINDS: Mapping[str, str] = {
    "customer": mark("Customer"),
    "vip": mark("VIP"),
    "vendor": mark("Vendor"),
    "staff": mark("Staff"),
    "no_autotext": mark("Call, don't text"),
    "blocked": mark("Blocked"),
    "opted_out": mark("Wants no texts"),
    "landline": mark("Landline"),
    "autoresponder": mark("Answers by itself"),
}
MEANINGS: Mapping[str, str] = {
    "customer": mark("Somebody you have worked for."),
    "vip": mark("Has a first text of its own, at any hour, if you have written one."),
    "vendor": mark("Is never texted by the box."),
    "staff": mark("One of yours: never texted as a caller."),
    "no_autotext": mark("The box does not text; a call-back goes on your list."),
    "blocked": mark("Gets no text and makes no lead."),
}
_SAID = {
    "saved": mark("Saved."),
    "removed": mark("The contact is removed."),
    "taken": mark("The file is taken in."),
}
LONGEST_SEARCH = 80
PENDING = 3  # files that wait for a yes, of everybody together
PENDING_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Pending:
    """A file that was read and waits for its owner's yes."""

    visitor_id: int
    at: datetime
    file: ContactFile


class ContactsPage:
    """The endpoints of `/contacts`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._pending: OrderedDict[str, Pending] = OrderedDict()

    def add(self) -> None:
        """Give the pages their addresses."""
        shell = self._shell
        shell.routes.get("/contacts", self.page)
        shell.routes.get("/contacts/one", self.one)
        shell.routes.get("/contacts/file", self.file_page)
        shell.routes.get("/contacts/export.csv", self.export_csv, Access.OWNER)
        shell.routes.get("/contacts/export.vcf", self.export_cards, Access.OWNER)
        shell.routes.post("/contacts/file", self.read_file)
        shell.button("/contacts/file/take", ("taken", _SAID["taken"]), self._take, "/contacts", self._refuse_file)
        shell.button("/contacts/save", ("saved", _SAID["saved"]), self._save, "/contacts", self._refuse)
        shell.button("/contacts/remove", ("removed", _SAID["removed"]), self._remove, "/contacts", self._refuse)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /contacts`: the list. `q` words, `kind`, and `name`, `number` of the last row before."""
        words = " ".join(request.query.get("q", "").split())[:LONGEST_SEARCH]
        kind = request.query.get("kind", "")
        kind = kind if kind in KINDS else ""
        after = (request.query.get("name", ""), request.query["number"]) if request.query.get("number") else None
        data = self._shell.data
        found = await data.contacts.page(words, kind, after)
        more = ""
        if found.next is not None:
            name, number = found.next
            more = "/contacts?" + urlencode({"q": words, "kind": kind, "name": name, "number": number})
        return self._shell.draw(
            request,
            "contacts.html",
            said=said_by(request, _SAID),
            rows=found.rows,
            more=more,
            words=words,
            kind=kind,
            kinds=KINDS,
            counts=await data.contacts.counts(),
            further=after is not None,
        )

    async def one(self, request: web.Request) -> web.Response:
        """`GET /contacts/one`: `number`, or a new one."""
        return await self._one(request, request.query.get("number", ""))

    async def file_page(self, request: web.Request) -> web.Response:
        """`GET /contacts/file`: where a file is handed in."""
        return self._file(request)

    async def read_file(self, request: web.Request) -> web.Response:
        """`POST /contacts/file`: what a file comes down to, before it is taken in."""
        handed = await upload(request, self._shell.tokens, "file")
        kind = handed.typed("kind")
        try:
            if not handed.data:
                raise ValueError("choose a file first")
            if kind and kind not in {each.value for each in SETTABLE}:
                raise ValueError("choose what the numbers are")
            read = await self._shell.commands.contacts.read(handed.data, kind)
        except ValueError as refusal:
            return self._file(request, sorry=_(str(refusal)), kind=kind, status=409)
        known = await self._shell.data.contacts.known([entry.number for entry in read.entries])
        key = self._keep(Pending(visitor(request).id, self._shell.clock.now(), read))
        return self._shell.draw(
            request,
            "contacts_preview.html",
            file=read,
            new=sum(entry.number not in known for entry in read.entries),
            out=sum("opted_out" in known.get(entry.number, ()) for entry in read.entries),
            shown=[(entry, known.get(entry.number, frozenset())) for entry in read.entries[:20]],
            key=key,
            kinds=KINDS,
        )

    async def export_csv(self, request: web.Request) -> web.StreamResponse:
        """`GET /contacts/export.csv`: everything, safe to open in a spreadsheet."""
        response = _download("text/csv", "contacts.csv")
        await response.prepare(request)
        await response.write(("\ufeff" + _line("name", "number", "kind", "since", "said by")).encode())
        async for part in self._shell.data.contacts.everybody():
            lines = []
            for row in part:
                since = min(each.since for each in row.marks).date().isoformat()
                lines.append(_line(row.name, row.number, "; ".join(sorted(row.kinds)), since, row.marks[0].basis))
            await response.write("".join(lines).encode())
        await response.write_eof()
        return response

    async def export_cards(self, request: web.Request) -> web.StreamResponse:
        """`GET /contacts/export.vcf`: everything, for telephones."""
        response = _download("text/vcard", "contacts.vcf")
        await response.prepare(request)
        async for part in self._shell.data.contacts.everybody():
            entries = (Entry(row.number, row.name, frozenset(map(ContactKind, row.kinds))) for row in part)
            await response.write("".join(cards.written(entries)).encode())
        await response.write_eof()
        return response

    async def _save(self, ask: Ask) -> None:
        wanted = {each.value for each in SETTABLE if ask.typed(each.value)}
        had = set(ask.typed("had").split()) & {each.value for each in SETTABLE}
        number = ask.typed("number")
        if not had and not ask.typed("known") and not wanted:
            raise ValueError("say what this number is: a customer, a vendor ...")
        await self._shell.commands.contacts.put(number, ask.typed("name"), wanted - had, had - wanted, ask.by)

    async def _remove(self, ask: Ask) -> None:
        row = await self._shell.data.contacts.one(ask.typed("number"))
        if row is None:
            raise ValueError("this contact is removed already")
        drop = row.kinds & {each.value for each in SETTABLE}
        if not drop:
            raise ValueError("nothing of this contact can be removed here")
        await self._shell.commands.contacts.put(row.number, "", (), drop, ask.by)

    async def _take(self, ask: Ask) -> None:
        self._forget_old()
        pending = self._pending.get(ask.typed("key"))
        if pending is None or pending.visitor_id != ask.visitor.id:
            raise ValueError("this file is not there any more - hand it in again")
        await self._shell.commands.contacts.take(pending.file.entries, ask.by)
        self._pending.pop(ask.typed("key"), None)

    def _keep(self, pending: Pending) -> str:
        self._forget_old()
        while len(self._pending) >= PENDING:
            self._pending.popitem(last=False)
        key = secrets.token_urlsafe(16)
        self._pending[key] = pending
        return key

    def _forget_old(self) -> None:
        now = self._shell.clock.now()
        for key in [key for key, each in self._pending.items() if not timedelta(0) <= now - each.at <= PENDING_FOR]:
            del self._pending[key]

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        return await self._one(request, typed(form, "number"), sorry=_(sorry), form=form, status=409)

    async def _refuse_file(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        del form
        return self._file(request, sorry=_(sorry), status=409)

    def _file(self, request: web.Request, *, sorry: str = "", kind: str = "", status: int = 200) -> web.Response:
        return self._shell.draw(
            request, "contacts_file.html", sorry=sorry, kind=kind, kinds=KINDS, settable=SETTABLE, status=status
        )

    async def _one(
        self, request: web.Request, number: str, *, sorry: str = "", form: Form | None = None, status: int = 200
    ) -> web.Response:
        row = await self._shell.data.contacts.one(number) if number else None
        if row is None and number and form is None:
            raise web.HTTPNotFound
        known = row or ContactRow(number, "", ())
        chosen = known.kinds if form is None else frozenset(each.value for each in SETTABLE if typed(form, each.value))
        return self._shell.draw(
            request,
            "contact.html",
            row=row,
            number=number,
            name=known.name if form is None else typed(form, "name"),
            chosen=chosen,
            kinds=KINDS,
            meanings=MEANINGS,
            settable=SETTABLE,
            sorry=sorry,
            status=status,
        )


def _download(kind: str, name: str) -> web.StreamResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": f"{kind}; charset=utf-8"}
    return web.StreamResponse(headers=headers)


def _line(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
