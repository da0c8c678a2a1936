"""Every failure that bit other programs' users, on every dialect, with bytes whole, one by one and cut at random.

Beside each story stands where it was seen: issue trackers of gammu, python-gsmmodem (faucamp, babca), chan_dongle and others,
and measurements of python-gsmmodem-new.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import pytest_asyncio
import serial

from drivers.simulator import pdu as network
from drivers.simulator.modem import Fate
from gateway.core.events import ErrorClass, SegmentReceived, SubmitVerdict
from tests.modem import reference_pdu as reference
from tests.modem.matrix import ARRIVALS, DIALECTS, TIMINGS, Matrix, Stage, Story

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORIES: dict[str, Story] = {}
EMOJI = "🔥 gas leak 👨‍👩‍👧 Zoë"


def story(tell: Story) -> Story:
    """The function's name is the story's."""
    STORIES[tell.__name__] = tell  # type: ignore[attr-defined]
    return tell


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Matrix]:
    made = Matrix(tmp_path_factory.mktemp("modems"))
    yield made
    await made.close()


# ---- bytes and lines


@story
async def a_byte_that_is_no_text_stops_nothing(s: Stage) -> None:
    """babca#121, faucamp#114: the reader died of it, for ever."""
    s.modem.raw(b'\r\n+CUSD: 0,"caf\xe9",15\r\n\xff\xfe\x00\x1e')
    await s.stays_usable()


@story
async def noise_in_front_of_every_line_is_stripped(s: Stage) -> None:
    """raspberry-pi-sim800l#4"""
    s.modem.change_faults(noise=True)
    await s.stays_usable()


@story
async def a_kilobyte_of_garbage_between_two_lines_is_survived(s: Stage) -> None:
    """A line at the wrong speed for a moment."""
    s.modem.raw(bytes(s.modem.faults.random.choices(range(0x7F, 0x100), k=900)) + b"\r\n")
    await s.stays_usable()


@story
async def a_status_line_inside_every_answer_is_no_answer(s: Stage) -> None:
    """faucamp#29 #35, babca#47, gammu#111 #126"""
    s.modem.change_faults(urc_in_answer=True, urc_line="^RSSI:17")
    await s.stays_usable()


@story
async def a_notice_inside_every_answer_and_behind_the_prompt_spoils_no_text(s: Stage) -> None:
    """python-gsmmodem wrote AT+CMGR into the message: 3 of 55 texts"""
    s.modem.change_faults(urc_in_answer=True, urc_behind_prompt=True, urc_line='+CMTI: "SM",1')
    for number in range(3):
        result = await s.send(f"text {number}")
        assert result.verdict is SubmitVerdict.ACCEPTED, result
    assert s.modem.damaged_bodies == []
    s.modem.change_faults(urc_in_answer=False)  # a modem that gives a notice for each answer to a notice never ends
    await s.stays_usable()


@story
async def no_carrier_inside_every_answer_breaks_no_session(s: Stage) -> None:
    """PavelVe: a two-minute outage after each"""
    s.modem.change_faults(urc_in_answer=True, urc_line="NO CARRIER")
    await s.stays_usable()


@story
async def a_modem_whose_echo_cannot_be_switched_off_works(s: Stage) -> None:
    """python-gsmmodem took the echo for the answer; every text was lost"""
    s.modem.change_faults(echo_stuck=True)
    s.modem.state.settings.echo = True
    await s.stays_usable()


@story
async def an_offer_with_ring_in_its_words_is_no_call(s: Stage) -> None:
    """python-gsmmodem: a phantom call"""
    s.modem.urc('+CUSD: 0,"SPRING OFFER: RING now",15')
    await s.stays_usable()
    assert s.rang == [s.number(2)]


@story
async def supply_warnings_and_vendors_chatter_stop_nothing(s: Stage) -> None:
    """gammu froze at them (sms-gammu-gateway)"""
    for said in (
        "UNDER-VOLTAGE WARNNING",
        "OVER-VOLTAGE WARNNING",
        "+ZUSIMR:2",
        "^BOOT:1,0,0,0,75",
        "*PSNWID: 1",
        "DST: 0",
    ):
        s.modem.urc(said)
    await s.stays_usable()


# ---- sending


@story
async def a_text_that_comes_during_a_send_is_received(s: Stage) -> None:
    """python-gsmmodem: 0 callbacks, stored for ever"""
    s.modem.network.submit_s = 0.15
    sending = asyncio.create_task(s.send())
    await s.until(lambda: s.modem.commands[-1][1].upper().startswith("AT+CMGS="))
    s.modem.receive(s.caller, "during the send")
    assert (await sending).verdict is SubmitVerdict.ACCEPTED
    await s.until(lambda: s.bodies == ["during the send"])


@story
async def a_one_ring_call_during_a_slow_send_is_seen(s: Stage) -> None:
    """python-gsmmodem: the missed call was lost for ever"""
    s.modem.network.submit_s = 0.5
    sending = asyncio.create_task(s.send())
    await s.until(lambda: s.modem.commands[-1][1].upper().startswith("AT+CMGS="))
    s.modem.ring(s.number(1), rings=1, period_s=0.2)
    assert (await sending).verdict is SubmitVerdict.ACCEPTED
    await s.until(lambda: s.ended == [s.number(1)])


@story
async def a_text_sent_while_it_rings_goes_out_and_the_call_goes_on(s: Stage) -> None:
    call = s.modem.ring(s.caller, period_s=0.2)
    await s.until(lambda: s.rang)
    assert (await s.send()).verdict is SubmitVerdict.ACCEPTED
    assert s.ended == []
    call.hang_up()
    await s.until(lambda: s.ended == [s.caller])


@story
async def texts_that_come_just_before_each_send_get_into_no_body(s: Stage) -> None:
    """python-gsmmodem: 7 of 30 sends failed, 7 readers died"""
    for number in range(4):
        s.modem.receive(s.caller, f"incoming {number}")
        assert (await s.send(f"outgoing {number}")).verdict is SubmitVerdict.ACCEPTED
    await s.until(lambda: sorted(s.bodies) == [f"incoming {number}" for number in range(4)])
    assert s.modem.damaged_bodies == []


@story
async def a_late_prompt_is_left_by_escape(s: Stage) -> None:
    """python-gsmmodem: every later command went into the message"""
    s.modem.change_faults(late_prompt=1, late_prompt_s=0.8)
    assert (await s.send("first")).verdict is SubmitVerdict.NOT_TAKEN
    await s.stays_usable()
    assert s.modem.damaged_bodies == []


@story
async def a_prompt_that_never_comes_means_not_taken(s: Stage) -> None:
    s.modem.change_faults(no_prompt=1)
    assert (await s.send("first")).verdict is SubmitVerdict.NOT_TAKEN
    await s.stays_usable()


@story
async def a_prompt_without_a_space_is_a_prompt(s: Stage) -> None:
    """gammu#1176: SIM7670G"""
    with speaking(s, prompt="\r\n>\r\n"):
        await s.stays_usable()


@story
async def a_prompt_behind_noise_is_a_prompt(s: Stage) -> None:
    with speaking(s, prompt="\r\n\xe9\x1e> "):
        await s.stays_usable()


@story
async def an_acceptance_without_a_blank_or_with_a_time_stamp_is_one(s: Stage) -> None:
    """python-gsmmodem raised ValueError after the text was out"""
    for form in ("+CMGS:{ref}", '+CMGS: {ref},"26/11/21,14:00:00-20"', "+CMGS: {ref} "):
        with speaking(s, cmgs=form):
            result = await s.send(form)
            assert (result.verdict, result.ref) == (SubmitVerdict.ACCEPTED, s.modem.sent[-1].ref)


@story
async def a_late_acceptance_is_not_the_next_texts(s: Stage) -> None:
    """faucamp#44: 14 s; gammu#61"""
    s.modem.change_faults(late_cmgs=1, late_cmgs_s=TIMINGS.accept_s + 0.3)
    assert (await s.send("first")).verdict is SubmitVerdict.UNCONFIRMED
    await s.stays_usable()


@story
async def silence_after_the_text_is_not_a_reason_to_send_it_again(s: Stage) -> None:
    """gammu#274 #311: the same text two to n times"""
    for fate in (Fate.TAKEN, Fate.NOT_TAKEN):
        s.modem.faults.silent_after_body = fate
        before = s.modem.cmgs_count
        assert (await s.send("first")).verdict is SubmitVerdict.UNCONFIRMED
        await s.until(lambda: s.line.driver.ready)
        assert s.modem.cmgs_count == before + 1


@story
async def each_segment_has_its_own_reference_and_its_own_fate(s: Stage) -> None:
    """python-gsmmodem returned the last one only"""
    s.modem.change_faults(cms_errors=[0, 38, 0, 0])
    results = [await s.send(f"part {n}", ref=7, number=n, total=3) for n in (1, 2, 2, 3)]
    assert [result.verdict for result in results] == ["accepted", "rejected", "accepted", "accepted"]
    assert results[1].error is ErrorClass.TEMPORARY
    sent = s.modem.sent[-3:]
    assert [text.ref for text in sent] == [result.ref for result in results if result.ref is not None]
    assert [text.concat and text.concat.number for text in sent] == [1, 2, 3]


@story
async def error_numbers_and_error_words_mean_the_same(s: Stage) -> None:
    """The verbose "+CMS ERROR: network timeout" is as doubtful as its number."""
    cases: list[tuple[int | str, SubmitVerdict, ErrorClass]] = [
        (38, SubmitVerdict.REJECTED, ErrorClass.TEMPORARY),
        ("network out of order", SubmitVerdict.REJECTED, ErrorClass.TEMPORARY),
        (1, SubmitVerdict.REJECTED, ErrorClass.NUMBER),
        ("Unassigned (unallocated) number", SubmitVerdict.REJECTED, ErrorClass.NUMBER),
        (322, SubmitVerdict.REJECTED, ErrorClass.STORAGE),
        ("memory full", SubmitVerdict.REJECTED, ErrorClass.STORAGE),
        (332, SubmitVerdict.UNCONFIRMED, ErrorClass.UNCLEAR),
        ("network timeout", SubmitVerdict.UNCONFIRMED, ErrorClass.UNCLEAR),
        (500, SubmitVerdict.UNCONFIRMED, ErrorClass.UNCLEAR),
        ("unknown error", SubmitVerdict.UNCONFIRMED, ErrorClass.UNCLEAR),
        # 330: the card has no message center. Nothing could leave, and nothing more is given to it.
        ("SMSC address unknown", SubmitVerdict.NOT_TAKEN, ErrorClass.ACCOUNT),
    ]
    for said, verdict, error in cases:
        s.modem.faults.cms_errors = [said]
        result = await s.send()
        assert (result.verdict, result.error) == (verdict, error), said


@story
async def a_busy_sim_in_the_middle_of_the_day_costs_no_text(s: Stage) -> None:
    """faucamp#10 #11, gammu#93: endless recursion at 14 and 515"""
    for code in (14, 515):
        s.modem.change_faults(cme_busy=1, busy_code=code)
        assert (await s.send()).verdict in {SubmitVerdict.NOT_TAKEN, SubmitVerdict.ACCEPTED}  # or a sweep met it
        s.modem.change_faults(cme_busy=False)
        await s.stays_usable()


@story
async def a_number_that_is_none_is_refused_before_it_reaches_the_modem(s: Stage) -> None:
    """python-gsmmodem sent it to an alphanumeric address"""
    before = s.modem.cmgs_count
    for number in ("(303) 555-0143", "555-0143", "+1 303 555 0143", "", "Miller"):
        result = await s.send(to=number)
        assert (result.verdict, result.error) == (SubmitVerdict.REJECTED, ErrorClass.OUR_BUG)
    assert s.modem.cmgs_count == before


@story
async def texts_of_every_alphabet_arrive_as_they_were_written(s: Stage) -> None:
    """babca#98 #120, gammu#95 #143: emoji not sent, y with dots a crash, a grave accent wrong"""
    for body, ucs2 in ((EMOJI, True), ("ÿ", True), ("a`b", True), ("[x] {y} 5€ @", False), ("ends with @", False)):
        assert (await s.send(body, ucs2=ucs2)).verdict is SubmitVerdict.ACCEPTED
        assert s.modem.sent_texts()[-1].body == body
        s.modem.receive(s.caller, body)
        await s.until(lambda body=body: body in s.bodies)


@story
async def validity_is_always_said_and_a_report_only_asked_for_when_wanted(s: Stage) -> None:
    """python-gsmmodem: network default of days; SRR always on"""
    for wanted in (True, False):
        await s.send(validity_s=3600, want_report=wanted)
        assert (s.modem.sent[-1].validity_s, s.modem.sent[-1].wants_report) == (3600, wanted)


# ---- reports


@story
async def a_report_is_read_with_its_reference_number_and_status(s: Stage) -> None:
    """faucamp#82: 0x30 "still trying" was a failure"""
    for status in (0x00, 0x30, 0x46):
        ref = (await s.send()).ref
        assert ref is not None
        s.modem.report(ref, status)
        await s.until(
            lambda ref=ref, status=status: (ref, s.caller, status) in [(r.ref, r.to, r.status) for r in s.reports]
        )


@story
async def a_report_split_from_its_announcement_is_one(s: Stage) -> None:
    s.modem.state.settings.cnmi = (2, 1, 0, 1, 0)
    s.modem.change_faults(split_cds_s=0.05)
    ref = (await s.send()).ref
    assert ref is not None
    s.modem.report(ref)
    await s.until(lambda: [report.ref for report in s.reports] == [ref])


@story
async def a_report_in_another_store_than_announced_is_found_and_no_text_is_lost(s: Stage) -> None:
    """asterisk-chan-quectel#75: the wrong message was read and deleted"""
    s.modem.state.settings.cnmi = (2, 1, 0, 2, 0)
    s.modem.change_faults(lose_urc=1)
    s.modem.receive(s.caller, "lies at the announced place", storage="SM")
    ref = (await s.send()).ref
    assert ref is not None
    with speaking(s, cdsi_lies=True):
        s.modem.report(ref)
        await s.until(lambda: s.reports and s.bodies == ["lies at the announced place"])


@story
async def a_report_given_twice_is_one_report(s: Stage) -> None:
    s.modem.change_faults(duplicate_report=True)
    ref = (await s.send()).ref
    assert ref is not None
    s.modem.report(ref)
    await s.until(lambda: s.reports)
    await s.stays_usable()
    assert [report.ref for report in s.reports] == [ref]


# ---- receiving


@story
async def two_notices_at_once_are_two_texts(s: Stage) -> None:
    """python-gsmmodem: in 40 of 40 rounds a text stayed unread"""
    for number in range(3):
        s.modem.receive(s.caller, f"text {number}", storage="ME" if number == 1 else "SM")
    await s.until(lambda: sorted(s.bodies) == ["text 0", "text 1", "text 2"])


@story
async def texts_nobody_announced_are_found_in_every_store(s: Stage) -> None:
    """wdoekes#48 #62, bg111#246: only noticed at restart"""
    s.modem.change_faults(lose_urc=True)
    for store in ("SM", "ME"):
        s.modem.receive(s.caller, f"in {store}", storage=store)
    await s.until(lambda: sorted(s.bodies) == ["in ME", "in SM"])


@story
async def a_text_stays_on_the_modem_until_it_is_committed(s: Stage) -> None:
    """python-gsmmodem deleted unseen texts"""
    s.line.refusing = 2
    s.modem.receive(s.caller, "keep me")
    await s.until(lambda: s.line.refusing == 0)
    await s.until(lambda: s.bodies == ["keep me"])


@story
async def pdus_nobody_can_read_are_kept_and_take_no_other_text_with_them(s: Stage) -> None:
    """python-gsmmodem: index shifted, the wrong message deleted; the store filled up"""
    good = network.encode_deliver(s.caller, "good", network.now())
    zero_time = network.encode_deliver(s.caller, "no time", network.now())
    stamp = zero_time.index("0000", 20) + 4
    s.modem.receive_pdu("0004FF")
    s.modem.receive_pdu(good[:-4])
    s.modem.receive_pdu(zero_time[:stamp] + "0" * 14 + zero_time[stamp + 14 :])
    s.modem.receive_pdu(good)
    await s.until(lambda: len(s.segments) == 4)
    assert sorted(segment.kind for segment in s.segments) == ["text", "text", "undecodable", "undecodable"]
    assert sorted(s.bodies)[-2:] == ["good", "no time"]


@story
async def parts_in_any_order_twice_and_with_long_references_make_one_text(s: Stage) -> None:
    """serialport-gsm#111, sms2mqtt#24, faucamp: first letter of every part lost at 16 bits"""
    body = f"{'My water heater burst, the cellar is wet. ' * 4}{EMOJI}"
    pdus = s.modem.receive(s.caller, body, parts_out_of_order=True, ref16=True, ref=4711, cut_pairs=True)
    s.modem.receive_pdu(pdus[0])
    await s.until(lambda: len(s.segments) == len(pdus))
    assert s.joined == body


@story
async def a_text_that_reads_like_an_answer_is_whole(s: Stage) -> None:
    """pygsm#3: empty text, and the message deleted"""
    for body in ("OK see you at 5\r\nOK\r\nthe leak is bad", "ERROR", "> RING\r\nNO CARRIER"):
        s.modem.receive(s.caller, body)
        await s.until(lambda body=body: body in s.bodies)


@story
async def a_text_pushed_instead_of_stored_is_received(s: Stage) -> None:
    """python-gsmmodem ignored +CMT"""
    s.line.refusing = 1
    s.modem.receive(s.caller, "pushed", direct=True)
    await s.until(lambda: s.bodies == ["pushed"])


@story
async def a_full_store_is_emptied_and_what_waits_in_the_network_comes(s: Stage) -> None:
    """asterisk-chan-dongle#47, raspisms#166, VoCat#125: deaf without a word"""
    memory = s.modem.state.memories["SM"]
    room, memory.capacity = memory.capacity, 3
    s.line.refusing = 10_000
    for number in range(5):
        s.modem.receive(s.caller, f"number {number}", storage="SM")
    assert s.modem.undelivered == 2
    s.line.refusing = 0
    await s.until(lambda: len(s.segments) == 5)
    memory.capacity = room


@story
async def the_same_store_under_two_names_gives_each_text_one_identity(s: Stage) -> None:
    """gammu#378 #590"""
    text = network.encode_deliver(s.caller, "seen twice", network.now())
    for store in ("SM", "ME"):
        s.modem.receive_pdu(text, storage=store)
    await s.until(lambda: not any(memory.slots for memory in s.modem.state.memories.values()))
    assert s.bodies == ["seen twice"]


@story
async def a_text_between_commit_and_deletion_is_offered_again_as_the_same(s: Stage) -> None:
    """gammu#217 #527, kalkun#85, HA#40462: one text, three conversations"""

    def power_cut(line: str) -> None:
        if line.startswith("AT+CMGD"):
            s.modem.on_command.remove(power_cut)
            s.modem.change_faults(hang=True)  # the command arrives and is not carried out any more
            s.modem.unplug()

    s.modem.on_command.append(power_cut)
    s.modem.receive(s.caller, "once")
    await s.until(lambda: not s.modem.plugged)
    assert s.bodies == ["once"]
    s.modem.change_faults(hang=False)
    await s.modem.start()
    await s.ready()
    await s.until(lambda: not any(memory.slots for memory in s.modem.state.memories.values()))
    assert s.bodies == ["once"]
    assert sum(isinstance(event, SegmentReceived) for event in s.events) >= 2  # once more for each sweep meanwhile


@story
async def a_notice_of_a_store_that_cannot_be_chosen_is_followed_by_a_sweep(s: Stage) -> None:
    """gammu#550 #490 #373: stores under other names, index 0"""
    s.modem.change_faults(lose_urc=1)
    s.modem.receive(s.caller, "somewhere", storage="ME")
    s.modem.urc('+CMTI: "MT",0')
    await s.until(lambda: s.bodies == ["somewhere"])


@story
async def stored_reports_nobody_announced_are_found(s: Stage) -> None:
    s.modem.state.settings.cnmi = (2, 1, 0, 2, 0)
    ref = (await s.send()).ref
    assert ref is not None
    s.modem.change_faults(lose_urc=1)
    s.modem.report(ref)
    await s.until(lambda: [report.ref for report in s.reports] == [ref])


@story
async def whatever_is_no_customers_text_is_told_apart_and_kept(s: Stage) -> None:
    """MDdIdd#95, botletics#128: picture notices clog the store; voice mail, ports, classes, silent probes"""
    sender = reference.digits(s.caller[1:])
    texts = (reference.gsm7_user_data(reference.septets_of(f"heating {n}")) for n in itertools.count())
    to_wap_push, to_an_application = bytes.fromhex("05040B8423F0"), bytes.fromhex("050413881388")
    picture = bytes.fromhex("0106246170706C69636174696F6E2F766E642E7761702E6D6D732D6D65737361676500AF84")
    offered = {
        "text": [
            reference.deliver(sender, next(texts), dcs=0x10),  # class 0
            reference.deliver(sender, next(texts), stamp=bytes.fromhex("62111241038000")),  # another time zone
            reference.deliver(sender, next(texts), stamp=bytes(7)),  # no time at all
            reference.deliver(sender, next(texts), pid=0x41),  # one that replaces an earlier one
            reference.deliver(reference.letters("MILLER INC"), next(texts)),
        ],
        "voicemail_notice": [reference.deliver(sender, next(texts), dcs=0xC8)],
        "binary": [
            reference.deliver(sender, next(texts), pid=0x40),  # silent
            reference.deliver(sender, reference.octet_user_data(b"\x00\x01\xff"), dcs=0x04),
            reference.deliver(
                sender, reference.gsm7_user_data(reference.septets_of("app"), to_an_application), header=True
            ),
        ],
        "mms_notice": [
            reference.deliver(sender, reference.octet_user_data(picture, to_wap_push), dcs=0x04, header=True)
        ],
        "undecodable": [reference.deliver(sender, next(texts), dcs=0x20)],
    }
    for place, pdu in enumerate(itertools.chain.from_iterable(offered.values())):
        s.modem.receive_pdu(pdu, storage="ME" if place % 2 else "SM")
    wanted = sorted(kind for kind, pdus in offered.items() for _ in pdus)
    await s.until(lambda: len(s.segments) == len(wanted))
    assert sorted(segment.kind for segment in s.segments) == wanted
    assert "MILLER INC" in {segment.sender for segment in s.segments}


@story
async def letters_of_other_languages_are_letters(s: Stage) -> None:
    """python-gsmmodem: Spanish accents of the shift table vanished"""
    septets = reference.septets_of("¿Cuándo? Mañana Ó", behind=reference.SPANISH_BEHIND_ESC)
    data = reference.gsm7_user_data(septets, b"\x24\x01\x02")
    s.modem.receive_pdu(reference.deliver(reference.digits(s.caller[1:]), data, header=True))
    await s.until(lambda: s.bodies == ["¿Cuándo? Mañana Ó"])


@story
async def a_modem_that_cannot_announce_texts_yet_is_asked_again(s: Stage) -> None:
    """Its message store gets ready some seconds after power-up, and nobody says when."""
    with speaking(s, refused=s.dialect.refused | {"+CNMI"}, boot=()):
        await s.modem.replug()
        await s.ready()
        assert s.modem.state.settings.cnmi[1] == 0
    await s.until(lambda: s.modem.state.settings.cnmi[1] == 1)
    s.cnmi = s.modem.state.settings.cnmi


# ---- calls


@story
async def ring_and_caller_id_may_come_apart_and_in_any_order(s: Stage) -> None:
    """faucamp#64 #83, babca#44, TinyGSM#721: number None"""
    for gap_s, first in ((0.002, False), (0.05, True), (0.25, False), (0.25, True)):
        before = len(s.ended)
        call = s.modem.ring(s.caller, clip_gap_s=gap_s, clip_first=first, period_s=0.3)
        await s.until(lambda before=before: len(s.rang) > before)
        call.hang_up()
        await s.until(lambda before=before: len(s.ended) > before)
    assert s.rang == s.ended == [s.caller] * 4


@story
async def a_national_caller_keeps_his_digits_and_gets_no_plus(s: Stage) -> None:
    """babca#20: "5551230001" became a number in Brazil"""
    for said, caller in (
        ('"2165550137",129,"",,"",0', "2165550137"),
        ('"2165550137",161', "2165550137"),
        ("2165550137,129,,,,0", "2165550137"),  # Huawei EM770W
        ('"12165550137",145,,,,0', "+12165550137"),  # without the plus
        ('"+12165550137",145', "+12165550137"),
        ('"911",129', "911"),
    ):
        before = len(s.ended)
        s.modem.urc("RING", f"+CLIP: {said}", "NO CARRIER")
        await s.until(lambda before=before: len(s.ended) > before)
        assert s.ended[before:] == [caller], said


@story
async def a_withheld_number_is_withheld_in_every_spelling(s: Stage) -> None:
    """babca#24, faucamp#112; a trunk that shows the number nevertheless"""
    for said in (
        ' "",128,"",0,"",1',
        ' "",128,,,,1',
        ",128,,,,1",
        ' "",128,"",,"",2',
        ' "",128,"",,"",3',
        ' "2165550137",129,"",,"",1',
        ' "+12165550137",145,"",,"",1',
        ' "unavailable",128',
    ):
        before = len(s.ended)
        s.modem.urc("RING", f"+CLIP:{said}", "NO CARRIER")
        await s.until(lambda before=before: len(s.ended) > before)
        assert s.ended[before:] == [None], said


@story
async def a_burst_of_everything_loses_nothing(s: Stage) -> None:
    """python-gsmmodem handled the first line of a burst"""
    s.modem.change_faults(lose_urc=2)
    for number in range(2):
        s.modem.receive(s.caller, f"text {number}", storage="SM")
    first = s.dialect.first_index
    notices = [f'+CMTI: "SM",{first}', f'+CMTI: "SM",{first + 1}']
    s.modem.urc("^RSSI:17", "RING", "^RSSI:18", f'+CLIP: "{s.caller}",145,"",,"",0', *notices, "NO CARRIER")
    await s.until(lambda: s.ended and len(s.segments) == 2)
    assert s.ended == [s.caller]


@story
async def the_same_number_again_is_another_call(s: Stage) -> None:
    """python-gsmmodem: "the same call, ring 4" """
    for calls in (1, 2):
        s.modem.ring(s.caller, rings=2, period_s=0.1)
        await s.until(lambda calls=calls: len(s.ended) == calls)
    assert s.rang == s.ended == [s.caller] * 2


@story
async def every_way_to_say_that_it_is_over_ends_the_call_once(s: Stage) -> None:
    """python-gsmmodem never ended a call"""
    for over in (
        ("NO CARRIER",),
        ("BUSY",),
        ("NO ANSWER",),
        ("^CEND:1,0,104,16", "NO CARRIER"),
        ("^CEND:1,0,104",),
        ("VOICE CALL: END: 000041", "NO CARRIER"),
        (f"MISSED_CALL: 11:01AM {s.caller}", "NO CARRIER"),
        ("NO CARRIER", f"MISSED_CALL: 11:01AM {s.caller}"),
        ("HANGUP: 1",),
    ):
        before = len(s.ended)
        s.modem.urc("RING", f'+CLIP: "{s.caller}",145,"",,"",0')
        await s.until(lambda before=before: len(s.rang) > before)
        s.modem.urc(*over)
        await s.until(lambda before=before: len(s.ended) > before)
        assert len(s.ended) == before + 1, over


@story
async def a_call_without_an_end_is_over_when_the_rings_stop(s: Stage) -> None:
    """PavelVe#40: the modem stayed busy, the sensor silent"""
    s.modem.change_faults(silent_hangup=True)
    s.modem.ring(s.caller, rings=2, period_s=0.2)
    await s.until(lambda: s.ended == [s.caller])


@story
async def the_call_list_names_the_caller_whom_nobody_named(s: Stage) -> None:
    """sms_forwarding#21; SIM800 has a field more in its list"""
    s.modem.state.settings.clip = False
    call = s.modem.ring(s.caller, period_s=0.3)
    await s.until(lambda: s.rang)
    call.hang_up()
    await s.until(lambda: s.ended)
    s.modem.state.settings.clip = True
    assert s.rang == s.ended == [s.caller]


@story
async def a_second_caller_who_waits_is_a_call_of_his_own(s: Stage) -> None:
    first = s.modem.ring(s.caller, period_s=0.3)
    await s.until(lambda: len(s.rang) == 1)
    second = s.modem.ring(s.number(1))
    await s.until(lambda: len(s.rang) == 2)
    first.hang_up()
    await s.until(lambda: len(s.ended) == 1)
    second.hang_up()
    await s.until(lambda: len(s.ended) == 2)
    assert s.rang == s.ended == [s.caller, s.number(1)]


# ---- the line


@story
async def a_modem_unplugged_after_the_text_leaves_it_unsure(s: Stage) -> None:
    """python-gsmmodem blocked 35 s and said it had failed: sent twice"""
    for fate in (Fate.TAKEN, Fate.NOT_TAKEN):
        s.modem.faults.power_cut = fate
        for _ in range(10):
            result = await s.send("first")
            if result.verdict is not SubmitVerdict.NOT_TAKEN:
                break
            await s.until(
                lambda: s.line.driver.ready
            )  # its word of the start before came late: no text was given to it
        assert result.verdict is SubmitVerdict.UNCONFIRMED
        await s.modem.replug()
        await s.until(lambda: s.line.driver.ready)
    await s.stays_usable()


@story
async def a_modem_that_comes_back_under_another_name_is_found_by_its_own(s: Stage) -> None:
    """gammu#198 #838, RaspiSMS#209, HA#63006: never came back"""
    before = s.modem.device
    s.modem.reenumerate(0.05)
    await s.until(lambda: not s.line.driver.ready)
    assert (await s.send()).verdict is SubmitVerdict.NOT_TAKEN
    await s.until(lambda: s.line.driver.ready)
    assert s.modem.device != before
    await s.stays_usable()


@story
async def a_modem_unplugged_while_it_rings_ends_that_call_once(s: Stage) -> None:
    s.modem.ring(s.caller, period_s=0.3)
    await s.until(lambda: s.rang)
    await s.modem.replug()
    await s.until(lambda: s.ended)
    await s.stays_usable()
    assert s.ended == [s.caller, s.number(2)]


@story
async def a_modem_that_restarts_in_mid_send_leaves_the_text_unsure_and_is_set_up_again(s: Stage) -> None:
    """gammu#687, GPRS_SIM900#39"""
    s.modem.network.submit_s = 60.0  # it has restarted long before the network answers
    sending = asyncio.create_task(s.send())
    await s.until(lambda: s.modem.commands[-1][1].upper().startswith("AT+CMGS="))
    await s.until(lambda: s.modem.waits_for_network)
    s.modem.reenumerate(0.05)
    assert (await sending).verdict is SubmitVerdict.UNCONFIRMED
    s.modem.network.submit_s = 0.0
    await s.stays_usable()


@story
async def a_modem_that_forgot_its_settings_without_a_word_is_set_up_again(s: Stage) -> None:
    """An undervoltage reset of a board on a UART: no line says so, and no caller is named any more."""
    s.modem.forget()
    await s.until(lambda: s.modem.state.settings.clip and not s.modem.state.settings.echo)
    await s.stays_usable()


@story
async def a_modem_that_says_numbers_instead_of_ok_is_understood(s: Stage) -> None:
    """ATV0 and ATQ1 left behind by another program"""
    for left in ("ATV0", "ATQ1"):
        s.modem.unplug()
        await s.until(lambda: not s.line.driver.ready)
        await s.modem.start()
        s.modem.state.settings.verbose = left != "ATV0"
        s.modem.state.settings.quiet = left == "ATQ1"
        await s.until(lambda: s.line.driver.ready)
        await s.stays_usable()


@story
async def a_modem_that_answers_nothing_while_it_chatters_is_noticed_and_served_again(s: Stage) -> None:
    """chan_dongle: stops answering while still sending ^RSSI; gammu#4 #266: hangs for ever"""
    s.modem.change_faults(hang=True)
    s.modem.urc("^RSSI:17")
    await s.until(lambda: not s.line.driver.ready)
    s.modem.change_faults(hang=False)
    await s.stays_usable()


@story
async def a_lost_network_holds_texts_back_and_nothing_is_lost(s: Stage) -> None:
    """HA#71162"""
    s.modem.change_faults(network_lost=True)
    await s.until(lambda: not s.line.driver.ready)
    assert (await s.send()).verdict is SubmitVerdict.NOT_TAKEN
    s.modem.receive(s.caller, "sent meanwhile")
    s.modem.change_faults(network_lost=False)
    await s.until(lambda: s.bodies == ["sent meanwhile"])
    await s.stays_usable()


@story
async def a_second_program_cannot_take_bytes_from_the_line(s: Stage) -> None:
    """VoCat, wammu#45: a diagnostic program stole the port"""
    with pytest.raises(serial.SerialException):
        serial.Serial(s.modem.device, exclusive=True)
    await s.stays_usable()


@contextmanager
def speaking(s: Stage, **habits: object) -> Iterator[None]:
    """The modem with other habits for a while."""
    s.modem.dialect = s.modem.state.dialect = replace(s.dialect, **habits)  # type: ignore[arg-type]
    yield
    s.modem.dialect = s.modem.state.dialect = s.dialect


@pytest.mark.parametrize("arrival", ARRIVALS)
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STORIES)
async def test_what_bit_others_bites_nobody_here(name: str, dialect: str, arrival: str, matrix: Matrix) -> None:
    await matrix.play(STORIES[name])
    matrix.verdict(STORIES[name], dialect, arrival)
