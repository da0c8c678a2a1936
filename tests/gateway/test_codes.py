"""The short codes by which telephones speak of a matter: one that is answered late must not hit another matter."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway import records
from gateway.core.conversation.lead import Lead
from gateway.core.escalation.ladder import Kind
from gateway.storage.store import prepare

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class Books:
    """The leads and emergencies of a busy office."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.now = MONDAY
        self._peers = 0

    def lead(self) -> tuple[int, int]:
        """A lead that a person has to do something about, and its code."""
        self._peers += 1
        peer = f"+1216{5550000 + self._peers}"
        lead_id = records.open_lead(self.db, peer, Lead(), 0, self.now)
        records.tell_lead_task(self.db, peer, lead_id, "call them back", None, self.now)
        self.now += MINUTE
        return lead_id, records.code_of_lead(self.db, lead_id, self.now)

    def close(self, lead_id: int) -> None:
        records.close_lead_task(self.db, lead_id, "ann", self.now)

    def flagged(self) -> tuple[int, int]:
        """An emergency without a lead, and its code."""
        record = records.open_escalation(self.db, Kind.FLAGGED, None, "+12165550137", "URGENT", self.now)
        return record.id, record.code


@pytest.fixture
def books() -> Iterator[Books]:
    db = sqlite3.connect(":memory:")
    prepare(db, durable=False)
    yield Books(db)
    db.close()


def test_the_code_that_has_rested_longest_comes_next(books: Books) -> None:
    leads = [books.lead() for _ in range(90)]
    assert [code for _, code in leads] == list(range(10, 100))
    for lead_id, _ in leads:
        books.close(lead_id)
    books.now += DAY
    records.code_of_lead(books.db, leads[20][0], books.now)  # somebody still speaks of it
    books.now += DAY + MINUTE
    assert [books.lead()[1] for _ in range(30)] == [*range(10, 30), *range(31, 41)]


def test_a_code_rests_for_a_day_after_its_matter_however_old_that_was(books: Books) -> None:
    lead_id, code = books.lead()
    alarm_id, of_alarm = books.flagged()
    books.now += 3 * DAY
    books.close(lead_id)
    records.set_over(books.db, alarm_id, books.now)
    books.now += DAY - timedelta(hours=2)
    fresh = [books.lead()[1] for _ in range(89)]
    assert code not in fresh
    assert of_alarm not in fresh
    assert fresh[-1] == 100  # 88 of two digits were free
    books.now += timedelta(hours=2)
    assert books.lead()[1] == code


def test_what_is_open_keeps_its_code_for_ever(books: Books) -> None:
    lead_id, code = books.lead()
    _, of_alarm = books.flagged()
    for _ in range(300):
        other, fresh = books.lead()
        assert fresh not in (code, of_alarm)
        books.close(other)
        books.now += timedelta(hours=3)
    assert records.code_of_lead(books.db, lead_id, books.now) == code


def test_where_every_short_code_is_held_the_longer_ones_take_turns_too(books: Books) -> None:
    for _ in range(90):
        books.lead()
    given = set()
    for _ in range(1000):
        lead_id, code = books.lead()
        given.add(code)
        books.close(lead_id)
        books.now += timedelta(hours=1)
    assert given == set(range(100, 1000))


def test_a_thousandth_matter_has_a_code_that_telephones_can_still_name(books: Books) -> None:
    assert [books.lead()[1] for _ in range(1000)] == list(range(10, 1010))
