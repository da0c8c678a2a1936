"""What must hold whatever happens: the promises of the ladder, the remote control and the telephones that ring, all in one place.

`holds` is asked after every step; the others at the moment at which a text leaves, a telephone is rung, or a key is pressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gateway import records
from gateway.core.effects import RingPhone, TextSent
from gateway.core.outbound import TO_OUR_PEOPLE, Purpose
from gateway.core.policy import ContactKind
from gateway.turns import ladder
from tests.gateway.ladder_shop import DANA, DESK, MIKE, PHONES, PIN, TEXTED

if TYPE_CHECKING:
    from tests.gateway.ladder_walk import Walk

SOMEBODY = ("on-call", "guardia", "office", "oficina")  # whom the caller knows by no name
CLAIMS = frozenset({"alert_sent", "alert_seen", "alert_nobody"})
CLOSE_TOGETHER = timedelta(seconds=60)
MAY_FOLLOW = {  # the states of an escalation
    "alerting": {"alerting", "acknowledged", "exhausted", "over"},
    "exhausted": {"exhausted", "acknowledged", "over"},
    "acknowledged": {"acknowledged", "over"},
    "over": {"over"},
}


class Promises:
    """Looks at a walk and fails where it finds a promise broken."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.states: dict[object, str] = {}
        self.told: dict[tuple[object, str], tuple[int, datetime]] = {}  # by escalation and telephone: text and moment
        self.left: set[str] = set()  # words of our people that have surely left

    # ---- when a text leaves

    def text_left(self, text: TextSent) -> None:

        if text.purpose in TO_OUR_PEOPLE:
            assert text.to in TEXTED, ("a text of ours goes to one of ours who can read it", text)
            assert text.segments == 1 or text.template.startswith("relay "), text
        else:
            assert text.to not in PHONES, text
            self._caller_is_told_what_is_so(text)
            self._nobody_is_texted_who_may_not_be(text)
        if text.purpose is Purpose.ESCALATION and text.template in (ladder.ALARM, "nobody"):
            self._alarm_is_wanted(text)
        if text.purpose is Purpose.STAFF:
            assert self.walk.words.get(text.body), ("words that one of ours has written", text)
            assert text.body not in self.left, ("once", text)
            if text.sure:
                self.left.add(text.body)

    def _caller_is_told_what_is_so(self, text: TextSent) -> None:
        claim = text.template.removesuffix("_es").split("_ask")[0]
        if text.lead_id is None or claim not in CLAIMS:
            return
        alerts = self.walk.rows(
            "SELECT t.state FROM alerts a JOIN texts t ON t.id = a.text_id JOIN escalations e ON e.id = a.escalation_id"
            " WHERE e.lead_id = ?",
            text.lead_id,
        )
        state, person, by = self.walk.rows(
            "SELECT state, person, by FROM escalations WHERE lead_id = ? ORDER BY id DESC LIMIT 1", text.lead_id
        )[0]
        match claim:
            case "alert_sent":
                assert {"accepted", "delivered", "undelivered"} & {str(each) for (each,) in alerts}, alerts
                assert state != "acknowledged", "nobody has confirmed, says the text"
            case "alert_seen":
                assert state in ("acknowledged", "over"), state
                assert str(by) in text.body or (person == "" and any(word in text.body for word in SOMEBODY)), text.body
            case "alert_nobody":
                assert state in ("exhausted", "over"), state

    def _nobody_is_texted_who_may_not_be(self, text: TextSent) -> None:
        if text.purpose is not Purpose.OPT_OUT_CONFIRMATION and text.sure:
            assert ContactKind.OPTED_OUT not in records.kinds_of(self.walk.db, text.to), text
        if text.purpose is Purpose.OPENER:
            assert not records.switch(self.walk.db, "pause"), ("paused", text)

    def _alarm_is_wanted(self, text: TextSent) -> None:
        """It is of an emergency that nobody has, or goes to who has it; a drill says that it is one; and nobody gets two at once."""
        found = self.walk.rows(
            "SELECT e.id, e.state, e.person, e.kind, t.key FROM texts t JOIN escalations e ON t.key LIKE 'escalation:' || e.id || ':%'"
            " WHERE t.id = ?",
            text.text_id,
        )
        ((escalation, state, person, kind, key),) = found
        assert ("DRILL" in text.body) == (kind == "drill"), text
        if text.template != ladder.ALARM:
            return
        names = {"Mike": "owner"}

        whose = names.get(TEXTED[text.to], TEXTED[text.to].lower())
        assert state in ("alerting", "exhausted") or (state == "acknowledged" and person in ("", whose)), (
            text,
            state,
            person,
        )
        worse = str(key).count(":") > 3
        before = self.told.get((escalation, text.to))
        if text.sure and not worse:
            if before is not None and not self.walk.rows(
                "SELECT 1 FROM texts WHERE id = ? AND state = 'undelivered'", before[0]
            ):
                assert abs(self.walk.now - before[1]) >= CLOSE_TOGETHER, ("two alerts at once", text, before)
            self.told[escalation, text.to] = (text.text_id, self.walk.now)

    # ---- when a telephone rings

    def telephone_rings(self, wish: RingPhone) -> None:

        assert wish.to in (MIKE, DANA, DESK), ("who is to be rung", wish)
        assert wish.to not in {other.to for other, _ in self.walk.ringing.values()}, ("one telephone, two calls", wish)
        ((state, code, kind),) = self.walk.rows(
            "SELECT e.state, e.code, e.kind FROM alerts a JOIN escalations e ON e.id = a.escalation_id WHERE a.id = ?",
            wish.alert_id,
        )
        assert state in ("alerting", "exhausted"), ("rung in vain", wish)
        assert (code, kind) == (wish.code, wish.kind), wish

    def key_was_pressed(self, alert_id: int, wish: RingPhone) -> None:
        ((state,),) = self.walk.rows(
            "SELECT e.state FROM alerts a JOIN escalations e ON e.id = a.escalation_id WHERE a.id = ?", alert_id
        )
        assert state in ("acknowledged", "over"), ("a key that was pressed is heard", wish)

    # ---- when somebody who may not gives a command

    @contextmanager
    def nothing_is_commanded(self) -> Iterator[None]:
        before, on = self._what_commands_change(), self._switched_on()
        yield
        assert self._what_commands_change() == before
        assert self._switched_on() <= on  # the time of one may be over

    def _what_commands_change(self) -> list[object]:
        return [
            self.walk.rows("SELECT who, begins, ends FROM on_call_swaps"),
            self.walk.rows("SELECT name, at FROM switches WHERE name LIKE 'away:%'"),
            self.walk.rows("SELECT number, quiet_since FROM phones WHERE quiet_since IS NOT NULL"),
            self.walk.rows("SELECT count(*) FROM texts WHERE purpose = 'staff'"),
            self.walk.rows("SELECT count(*) FROM escalations WHERE kind = 'drill' OR person <> ''"),
            self.walk.rows("SELECT count(*) FROM leads WHERE outcome <> ''"),
            self.walk.rows("SELECT count(*) FROM history WHERE subject LIKE 'remote:%'"),
        ]

    def _switched_on(self) -> set[tuple[object, ...]]:
        return set(self.walk.rows("SELECT name, value FROM switches WHERE name IN ('pause', 'storm') AND value <> ''"))

    def the_clock_was_set(self) -> None:
        """Moments before and after are not compared."""
        self.told.clear()

    # ---- after every step

    def holds(self) -> None:
        self._escalations_go_forward()
        self._codes_are_plain()
        self._rings_are_in_the_books()
        self._our_people_are_no_callers()
        self._no_fault()

    def _escalations_go_forward(self) -> None:
        for number, state, next_at, kind in self.walk.rows("SELECT id, state, next_at, kind FROM escalations"):
            before = self.states.get(number, "alerting")
            assert state in MAY_FOLLOW[before], (number, before, state)
            assert (next_at is not None) == (state == "alerting"), (number, state, next_at)
            if state == "acknowledged" and before != state and kind != "drill":
                self._the_others_know(number)
            if state == "exhausted" and before != state:
                self._everybody_was_told(number)
            self.states[number] = str(state)

    def _the_others_know(self, number: object) -> None:
        """Two must not drive out."""

        ((person,),) = self.walk.rows("SELECT person FROM escalations WHERE id = ?", number)
        for key, phone in records.told_of(self.walk.db, int(str(number))):
            if key != person and phone in TEXTED:
                assert self.walk.rows(
                    "SELECT 1 FROM texts WHERE key LIKE ? AND peer = ?", f"escalation:{number}:%:taken:{key}", phone
                ), (number, key)

    def _everybody_was_told(self, number: object) -> None:
        """Whoever was away meanwhile: nobody on the rungs is left out before it is said that nobody has it."""
        told = {person for (person,) in self.walk.rows("SELECT person FROM alerts WHERE escalation_id = ?", number)}
        assert told >= {"dana", "lee", "desk"}, (number, told)

    def _codes_are_plain(self) -> None:
        found = self.walk.rows("SELECT code FROM escalations WHERE state IN ('alerting', 'exhausted', 'acknowledged')")
        assert len(set(found)) == len(found), found
        assert all(10 <= int(str(code)) <= 99 for (code,) in found), found

    def _rings_are_in_the_books(self) -> None:
        dialled = [number for (number,) in self.walk.rows("SELECT number FROM alerts WHERE state = 'dialling'")]
        assert sorted(map(str, dialled)) == sorted(wish.to for wish, _ in self.walk.ringing.values())
        assert not self.walk.rows(
            "SELECT * FROM alerts a JOIN escalations e ON e.id = a.escalation_id WHERE a.channel = 'call' AND a.state = 'queued'"
            " AND a.due IS NULL"
        )

    def _our_people_are_no_callers(self) -> None:

        marks = ",".join("?" * len(PHONES))
        assert not self.walk.rows(f"SELECT * FROM leads WHERE peer IN ({marks})", *PHONES)
        assert not self.walk.rows(f"SELECT * FROM contacts WHERE number IN ({marks})", *PHONES)
        for peer, number in self.walk.rows("SELECT peer, number FROM relays"):
            assert peer not in PHONES, peer
            assert number in PHONES, number

    def _no_fault(self) -> None:
        assert not self.walk.rows("SELECT what FROM history WHERE subject = 'box:fault'")

    # ---- at the end

    def every_emergency_has_an_end(self) -> None:
        walk = self.walk
        walk.able, walk.trouble, walk.line_up = True, 0.0, True
        for _ in range(40):
            walk.wait(1800)
            self.holds()
        for number, state, lead in walk.rows("SELECT id, state, lead_id FROM escalations WHERE kind <> 'drill'"):
            assert state in ("acknowledged", "exhausted", "over"), (number, state)
            newest = walk.rows("SELECT max(id) FROM escalations WHERE lead_id = ?", lead)
            if state == "exhausted" and newest == [(number,)]:
                ((step,),) = walk.rows("SELECT next_step FROM leads WHERE id = ?", lead)
                assert "NOBODY" in str(step) or "could not be texted" in str(step), step
        alarming = walk.rows("SELECT id FROM leads WHERE lane = 'escalate'")
        assert {lead for (lead,) in alarming} <= {lead for (lead,) in walk.rows("SELECT lead_id FROM escalations")}
        assert not walk.rows("SELECT * FROM alerts WHERE channel = 'call' AND state IN ('queued', 'dialling')")
        assert not walk.ringing
        self._the_pin_is_nowhere()

    def _the_pin_is_nowhere(self) -> None:
        """But where somebody who has no business with it has written it."""
        ours = f"peer IN ({','.join('?' * len(PHONES))})"
        kept = [
            *self.walk.rows(f"SELECT body FROM letters WHERE {ours}", *PHONES),
            *self.walk.rows(f"SELECT body FROM inbound WHERE {ours}", *PHONES),
            *self.walk.rows("SELECT what FROM history WHERE subject LIKE 'remote:%'"),
        ]
        assert not [words for (words,) in kept if PIN in str(words)]
