"""Who may use the page (implements `gateway.ports.gate.Gate`).

Names, roles and sessions are no matter of the telephone line: they are written beside the one door, each change in one
transaction with its line of history. Passwords never get into the journal of inputs.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import re
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from gateway import records
from gateway.access import passwords
from gateway.access.attempts import Attempts, known, stranger
from gateway.core.visitors import DeviceRow, LoginRow, PageRole, Visitor
from gateway.ports.clock import Clock
from gateway.ports.gate import SignInRefused
from gateway.storage.store import Store

IDLE = timedelta(days=30)  # a browser that nobody has used for so long is signed out
LONGEST = timedelta(days=180)  # and every one after so long
SEEN_EVERY = timedelta(hours=6)  # the use of a session is written down at most so often
WAITING_TRIES = 4  # each takes 16 MiB for a moment
BROWSERS_EACH = 20  # of one person that are signed in; the one that was not used for longest is signed out
REFUSALS_NOTED = 100  # in a quarter of an hour; a machine that guesses does not fill the history
LONGEST_NAME = 40
LONGEST_DEVICE = 200
LANGUAGES = ("", "en", "es")
_BROWSER = re.compile(r"([0-9]{1,18})\.([A-Za-z0-9_-]{22})\.([0-9a-f]{64})")  # login, nonce, proof
Result = TypeVar("Result")


class Logins:
    """Those who may use the page of one box. `people` gives the business's own people, key and name."""

    def __init__(self, store: Store, clock: Clock, people: Callable[[], Mapping[str, str]] = dict) -> None:
        self._store = store
        self._clock = clock
        self._people = people
        self._attempts = Attempts()
        self._hashing = asyncio.Semaphore(1)
        self._waiting = 0
        self._known: dict[str, tuple[Visitor, records.SessionRecord]] = {}
        self._changed = 0  # how often names, roles or sessions have changed
        self._some = False
        self._nobody = ""
        self._refusals: list[datetime] = []

    async def exist(self) -> bool:
        """Whether anybody may use the page yet."""
        if not self._some:
            self._some = bool(await self._store.read(records.all_logins))
        return self._some

    async def visitor(self, token: str) -> Visitor | None:
        """Who is signed in with this cookie."""
        if not token:
            return None
        hashed, now = passwords.token_hash(token), self._clock.now()
        found = self._known.get(hashed)
        if found is None:
            changed = self._changed
            found = await self._store.read(lambda db: _found(db, hashed))
            if found is None:
                return None
            if changed == self._changed:  # else somebody may have been signed out while we read
                self._known[hashed] = found
        visitor, session = found
        if now - session.began_at > LONGEST or now - session.seen_at > IDLE:
            self._known.pop(hashed, None)
            return None
        if now - session.seen_at > SEEN_EVERY:
            self._known.pop(hashed, None)
            await self._store.write(lambda db: records.set_session_seen(db, session.id, now))
        return visitor

    async def sign_in(self, name: str, secret: str, address: str, device: str, browser: str = "") -> str:
        """The cookie of a new session. `browser` is what `browser` once gave to it. Raises SignInRefused with a sentence."""
        now = self._clock.now()
        name = " ".join(name.split())[:LONGEST_NAME]
        login = await self._store.read(lambda db: records.login_by_name(db, name))
        nonce = "" if login is None else _nonce(browser, login)
        counted = known(nonce) if nonce else stranger(address, name)
        wait = self._attempts.wait(counted, now)
        if wait > timedelta(0):
            minutes = max(1, round(wait.total_seconds() / 60))
            raise SignInRefused(
                f"too many wrong tries - wait {minutes} minute{'s' if minutes > 1 else ''}", wait.total_seconds()
            )
        if self._waiting >= (WAITING_TRIES if nonce else WAITING_TRIES - 1):
            raise SignInRefused("too many people sign in at this moment - try again in a few seconds", 5)
        self._attempts.tried(counted, now)
        self._nobody = self._nobody or await self._in_thread(lambda: passwords.hashed(passwords.new_token()))
        kept = login.secret if login is not None else self._nobody  # an unknown name takes as long as a known one
        right = await self._in_thread(lambda: passwords.fits(secret, kept))
        if login is None or not right:
            await self._note_refusal(login, address, now)
            raise SignInRefused("name and password do not fit together", 0)
        self._attempts.right(counted)
        token, person = passwords.new_token(), login

        def write(db: sqlite3.Connection) -> None:
            if records.login_by_id(db, person.id) != person:  # removed, or another password, meanwhile
                raise SignInRefused("name and password do not fit together", 0)
            records.end_old_sessions(db, now - LONGEST, now - IDLE)
            for session in records.sessions(db, person.id)[BROWSERS_EACH - 1 :]:
                records.end_session(db, session.id)
            records.add_session(db, person.id, passwords.token_hash(token), _device(device), now)
            records.note(db, now, "box:page", f"{person.name} signed in from {_place(address)}")

        await self._change(write)
        return token

    async def browser(self, token: str) -> str:
        """What a browser keeps to show later that this person has signed in there: it opens nothing by itself.

        Worth nothing any more as soon as the password is another one.
        """
        found = await self._store.read(lambda db: _found(db, passwords.token_hash(token)))
        if found is None:
            return ""
        login = await self._login(found[0].id)
        nonce = secrets.token_urlsafe(16)
        return f"{login.id}.{nonce}.{_proof(login, nonce)}"

    async def _note_refusal(self, login: records.LoginRecord | None, address: str, now: datetime) -> None:
        """An unknown name is not written down: it may be a password, typed into the wrong field."""
        self._refusals = [at for at in self._refusals if timedelta(0) <= now - at <= timedelta(minutes=15)]
        if len(self._refusals) >= REFUSALS_NOTED:
            return
        self._refusals.append(now)
        who = "with a name that nobody has" if login is None else f"as {login.name}"
        words = f"a sign-in {who} from {_place(address)} was refused"
        await self._store.write(lambda db: records.note(db, now, "box:sign-in", words))

    async def sign_out(self, token: str) -> None:
        """End the session of this cookie; "" ends none."""
        if not token:
            return
        hashed = passwords.token_hash(token)

        def write(db: sqlite3.Connection) -> None:
            session = records.session_by_token(db, hashed)
            if session is not None:
                records.end_session(db, session.id)

        await self._change(write)

    async def first(self, name: str, secret: str, device: str) -> str:
        """Make the owner's login on a box that has none yet, and sign in. Raises ValueError with a sentence."""
        now, token = self._clock.now(), passwords.new_token()
        name, kept = await self._checked(name, secret)

        def write(db: sqlite3.Connection) -> None:
            if records.all_logins(db):
                raise ValueError("somebody has done this already - sign in, or ask who has")
            login_id = records.add_login(db, name, PageRole.OWNER, kept, now)
            records.add_session(db, login_id, passwords.token_hash(token), _device(device), now)
            records.note(db, now, "box:page", f"{name} is the first who may use the page, as owner")

        await self._change(write)
        return token

    async def rows(self, token: str = "") -> Sequence[LoginRow]:
        """Everybody who may use the page; `token` is the cookie of the browser that asks."""
        mine = passwords.token_hash(token)

        def read(db: sqlite3.Connection) -> list[LoginRow]:
            return [
                LoginRow(
                    login.id,
                    login.name,
                    PageRole(login.role),
                    login.person,
                    login.created_at,
                    tuple(
                        DeviceRow(each.id, each.device, each.began_at, each.seen_at, each.token == mine)
                        for each in records.sessions(db, login.id)
                    ),
                )
                for login in records.all_logins(db)
            ]

        return await self._store.read(read)

    def people(self) -> Mapping[str, str]:
        """The business's own people by key, as callers read their names."""
        return self._people()

    async def add(self, name: str, role: str, secret: str, by: str, person: str = "") -> None:
        """Let somebody use the page. Raises ValueError with a sentence."""
        now, wanted = self._clock.now(), _role(role)
        self._check_person(person)
        name, kept = await self._checked(name, secret)

        def write(db: sqlite3.Connection) -> None:
            if records.login_by_name(db, name) is not None:
                raise ValueError(f"there is a {name} already - take another name")
            login_id = records.add_login(db, name, wanted, kept, now)
            records.note(db, now, "box:page", f"{by}: {name} may use the page, as {wanted}")
            if person:
                records.set_login_person(db, login_id, person)
                records.note(db, now, "box:page", f"{by}: {name} is {person}, whose name callers may read")

        await self._change(write)

    async def set_secret(self, login_id: int, secret: str, by: str, token: str = "") -> None:
        """Another password; every browser of that person but the one with the cookie `token` is signed out."""
        now = self._clock.now()
        login = await self._login(login_id)
        kept = await self._kept(login.name, secret)

        def write(db: sqlite3.Connection) -> None:
            _present(db, login_id)
            records.set_secret(db, login_id, kept, now)
            records.end_sessions(db, login_id, passwords.token_hash(token) if token else "")
            records.note(db, now, "box:page", f"{by}: another password for {login.name}")

        await self._change(write)
        self._attempts.forgive(login.name)

    async def confirm(self, login_id: int, secret: str) -> None:
        """Somebody who is signed in shows once more who he is. Raises SignInRefused."""
        now, login = self._clock.now(), await self._login(login_id)
        counted = known(f"sessions of {login.id}")  # his own: whoever guesses elsewhere does not stand in his way
        if (wait := self._attempts.wait(counted, now)) > timedelta(0):
            raise SignInRefused("too many wrong tries - wait a quarter of an hour", wait.total_seconds())
        self._attempts.tried(counted, now)
        if not await self._in_thread(lambda: passwords.fits(secret, login.secret)):
            raise SignInRefused("this is not your present password", 0)
        self._attempts.right(counted)

    async def set_role(self, login_id: int, role: str, by: str) -> None:
        """What somebody may do. Raises ValueError when nobody would be owner any more."""
        now, wanted = self._clock.now(), _role(role)

        def write(db: sqlite3.Connection) -> None:
            login = _present(db, login_id)
            if wanted is not PageRole.OWNER:
                _keep_an_owner(db, login)
            records.set_role(db, login_id, wanted)
            records.note(db, now, "box:page", f"{by}: {login.name} is {wanted} now")

        await self._change(write)

    async def set_person(self, login_id: int, person: str, by: str) -> None:
        """Who of the business's people this is, by key; "" for nobody. Raises ValueError with a sentence."""
        now = self._clock.now()
        self._check_person(person)

        def write(db: sqlite3.Connection) -> None:
            login = _present(db, login_id)
            records.set_login_person(db, login_id, person)
            records.note(db, now, "box:page", f"{by}: {login.name} is {_who(person)}")

        await self._change(write)

    async def set_language(self, login_id: int, language: str) -> None:
        """The language of somebody's pages."""
        if language not in LANGUAGES:
            raise ValueError("the page has no such language")
        await self._change(lambda db: records.set_login_language(db, login_id, language))

    async def remove(self, login_id: int, by: str) -> None:
        """Somebody may not use the page any more. Raises ValueError for the last owner."""
        now = self._clock.now()

        def write(db: sqlite3.Connection) -> None:
            login = _present(db, login_id)
            _keep_an_owner(db, login)
            records.remove_login(db, login_id)
            records.note(db, now, "box:page", f"{by}: {login.name} may not use the page any more")

        await self._change(write)

    async def end_session(self, session_id: int, by: str, login_id: int | None = None) -> None:
        """Sign a browser out; with `login_id` only when it is that person's."""
        now = self._clock.now()

        def write(db: sqlite3.Connection) -> None:
            for login in records.all_logins(db):
                if login_id not in (None, login.id):
                    continue
                for session in records.sessions(db, login.id):
                    if session.id == session_id:
                        records.end_session(db, session_id)
                        records.note(db, now, "box:page", f"{by}: a browser of {login.name} is signed out")

        await self._change(write)

    async def end_sessions(self, login_id: int, by: str) -> None:
        """Sign out every browser of somebody."""
        now = self._clock.now()

        def write(db: sqlite3.Connection) -> None:
            login = _present(db, login_id)
            records.end_sessions(db, login_id)
            records.note(db, now, "box:page", f"{by}: every browser of {login.name} is signed out")

        await self._change(write)

    async def _change(self, write: Callable[[sqlite3.Connection], None]) -> None:
        try:
            await self._store.write(write)
        finally:
            self._changed += 1
            self._known.clear()

    async def _login(self, login_id: int) -> records.LoginRecord:
        return await self._store.read(lambda db: _present(db, login_id))

    async def _checked(self, name: str, secret: str) -> tuple[str, str]:
        """The name in order, and the password as it is kept. Raises ValueError with a sentence."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise ValueError(f"write a name of at most {LONGEST_NAME} characters")
        if not any(character.isalnum() for character in name) or ":" in name:
            raise ValueError("write a name of letters, without a colon")  # the history reads "Ann: ..."
        return name, await self._kept(name, secret)

    async def _kept(self, name: str, secret: str) -> str:
        if why := passwords.judge(secret, name):
            raise ValueError(why)
        return await self._in_thread(lambda: passwords.hashed(secret))

    def _check_person(self, person: str) -> None:
        if person and person not in self._people():
            raise ValueError("there is nobody of this name among your people any more - choose again")

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        self._waiting += 1
        try:
            async with self._hashing:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


class OpenHouse(Logins):
    """A page that needs no signing in, of a box with nothing to hide: the demonstration."""

    def __init__(self, store: Store, clock: Clock, people: Callable[[], Mapping[str, str]] = dict) -> None:
        super().__init__(store, clock, people)
        self._guest = Visitor(0, "Somebody", PageRole.OWNER)

    async def exist(self) -> bool:
        """Nobody has to sign in."""
        return True

    async def visitor(self, token: str) -> Visitor | None:
        """Everybody is the same guest."""
        del token
        return self._guest


def _found(db: sqlite3.Connection, hashed: str) -> tuple[Visitor, records.SessionRecord] | None:
    session = records.session_by_token(db, hashed)
    login = None if session is None else records.login_by_id(db, session.login_id)
    if session is None or login is None:
        return None
    return Visitor(login.id, login.name, PageRole(login.role), login.person, login.language), session


def _nonce(browser: str, login: records.LoginRecord) -> str:
    """What tells a browser of this person from all others; "" for one in which he has not signed in before."""
    match = _BROWSER.fullmatch(browser)
    if match is None or int(match[1]) != login.id or not hmac.compare_digest(match[3], _proof(login, match[2])):
        return ""
    return match[2]


def _proof(login: records.LoginRecord, nonce: str) -> str:
    """Only the box can make it: the stored secret never leaves it."""
    return hmac.new(login.secret.encode(), f"browser {login.id} {nonce}".encode(), hashlib.sha256).hexdigest()


def _place(address: str) -> str:
    """An address for the history."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return "an unknown address"


def _who(person: str) -> str:
    return f"{person}, whose name callers may read" if person else "nobody callers know"


def _present(db: sqlite3.Connection, login_id: int) -> records.LoginRecord:
    login = records.login_by_id(db, login_id)
    if login is None:
        raise ValueError("this person may not use the page any more")
    return login


def _keep_an_owner(db: sqlite3.Connection, login: records.LoginRecord) -> None:
    owners = [each.id for each in records.all_logins(db) if each.role == PageRole.OWNER]
    if owners == [login.id]:
        raise ValueError(f"{login.name} is the only owner - make somebody else owner first")


def _role(role: str) -> PageRole:
    try:
        return PageRole(role)
    except ValueError:
        raise ValueError("choose office or owner") from None


def _device(raw: str) -> str:
    return "".join(character for character in raw[:LONGEST_DEVICE] if character.isprintable())
