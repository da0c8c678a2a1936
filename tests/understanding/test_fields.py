"""Place, name and times that a text gives: what is read, and what only looks like it."""

from __future__ import annotations

import pytest

from gateway.core.understanding.folded import fold
from gateway.core.understanding.reader import Reading
from gateway.core.understanding.roles import joined
from gateway.core.understanding.when import wishes
from gateway.reading import load_reader
from gateway.settings.trades import load_trades
from gateway.training.labelled import labelled
from gateway.training.meant_times import roles_of
from gateway.training.same import same

READER = load_reader(load_trades())


def read(text: str, trade: str = "plumbing") -> Reading:
    return READER.read(text, trade)


@pytest.mark.parametrize(
    ("text", "timeline"),
    [
        ("need the kitchen drain cleared, tue or wed afternoon please", "tuesday or wednesday afternoon"),
        ("can someone look at the water heater sat morning before 11", "saturday morning before 11"),
        ("toilet rocks, any weekday after 4 works", "any weekday after 4"),
        ("can somebody come tomorrow please, faucet drips", "tomorrow"),
        ("toilet runs, tom morning ok?", "tomorrow morning"),
        ("sump pump needs replacing, sometime next week between 9 and noon", "next week between 9 and noon"),
        ("drain is slow, no rush", "no rush"),
        ("Need the tub drain snaked, thursday the 12th after 2", "thursday the 12th after 2"),
        ("pueden venir el viernes por la tarde a destapar el lavabo?", "friday afternoon"),
        ("necesito que revisen el calentador el lunes a las 3 de la tarde", "monday 3pm"),
        ("quiero cambiar el inodoro, mañana o pasado mañana", "tomorrow or day after tomorrow"),
        ("el lavabo gotea, sin prisa", "no rush"),
    ],
)
def test_a_wanted_time_is_joined_from_its_pieces_as_worded(text: str, timeline: str) -> None:
    told = read(text).timeline
    assert told is not None
    assert same("timeline", told, timeline), told


@pytest.mark.parametrize("text", ["toilet runs, name's Tom", "my name is tom", "soy tom"])
def test_a_man_named_tom_is_no_day(text: str) -> None:
    assert read(text).timeline is None


@pytest.mark.parametrize(
    "text",
    [
        "toilet has been running since monday",
        "your guy fixed the furnace on saturday and it is dead again",
        "we had this pipe replaced 3 years ago and it leaks again",
    ],
)
def test_what_is_past_is_no_wanted_time(text: str) -> None:
    assert read(text).timeline is None


def test_moving_an_appointment_gives_the_new_time() -> None:
    told = read("can you move my appointment from tuesday to thursday").timeline
    assert told == "thursday"


def test_a_time_to_call_and_a_time_to_come_are_kept_apart() -> None:
    told = read("water heater quote please. call me after 5. Someone can come look on friday")
    assert told.callback_time == "after 5"
    assert told.timeline == "friday"


@pytest.mark.parametrize(
    ("text", "callback"),
    [
        ("Please call me tomorrow between 10 and noon", "tomorrow between 10 and noon"),
        ("call me back tonight after 7", "tonight after 7"),
        ("me pueden llamar mañana a las 10? es sobre una cotizacion", "tomorrow at 10"),
        ("marqueme hoy entre las 12 y la 1", "today between 12 and 1"),
    ],
)
def test_when_to_call(text: str, callback: str) -> None:
    told = read(text)
    assert told.callback_time is not None
    assert same("callback_time", told.callback_time, callback), told.callback_time
    assert told.timeline is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not before noon", ["after noon"]),
        ("after 530", ["after 5:30"]),
        ("llamen de 4 a 6 de la tarde", ["4 to 6pm"]),
        ("despues de las siete de la noche", ["after 7pm"]),
        ("mon-wed", ["monday to wednesday"]),
        ("the 16th or 17th", ["the 16th or the 17th"]),
        ("el 12 o 13", ["the 12", "the 13"]),
        ("viernes 3 a las 9 am", ["friday the 3", "9am"]),
        ("any day but tues", ["any day but tuesday"]),
        ("whenever yall can", ["whenever you can"]),
        ("two 20A circuits and a 50A plug", []),
        ("come by at 5 Oak Hollow Ln", []),
        ("after 7 tonight", ["after 7", "tonight"]),
        ("THURSDAY 3PM 78204", ["thursday", "3pm"]),
        ("call after 1600", ["after 4pm"]),
        ("0900 on the 12th", ["9am", "the 12th"]),
        ("weekdays 0800-1000", ["weekdays", "8am to 10"]),
        ("despues de las 18", ["after 6pm"]),
        ("after half past five", ["after 5:30"]),
        ("llamen a las diez y cuarto", ["at 10:15"]),
        ("every other thursday", ["every other thursday"]),
        ("wednesday or the monday after", ["wednesday", "monday after"]),
        ("Any day the week after next", ["any week after next"]),
        ("saturday the fourth", ["saturday the 4th"]),
        ("need it by the ninth", ["by the 9th"]),
        ("el dia quince", ["the 15th"]),
        ("15 JUL", ["july 15"]),
        ("el primer sabado del mes que entra", ["first saturday of next month"]),
        ("primera semana de enero", ["first week of january"]),
        ("the last weekend of the month", ["last weekend of the month"]),
        ("weekend of the 14th", ["weekend of the 14"]),
        ("spring is fine", ["spring"]),
        ("the garage door spring broke", []),
        ("antes del verano", ["before summer"]),
        ("over winter break", ["winter break"]),
        ("after ramadan", ["after ramadan"]),
        ("pal jueves en la mañana", ["thursday", "morning"]),
        ("a week later", ["a week later"]),
        ("whenever suits you", ["whenever suits you"]),
        ("cuando gusten", ["whenever"]),
        ("call me after wheel of fortune, not now", ["after wheel of fortune", "not now"]),
        ("need it stained before the ground freezes", ["before the ground freezes"]),
        ("el domingo despues de misa", ["sunday", "after mass"]),
        ("antes de que empiecen las lluvias", ["before the rains start"]),
        ("before thanksgiving ideally", ["before thanksgiving"]),
        ("before you come", []),
        ("after that", []),
        ("between the 3rd and the 6th", ["between the 3rd and the 6th"]),
        ("del catorce al diecisiete", ["the 14th to the 17th"]),
        ("30 o 31 de mayo", ["may 30 or 31"]),
        ("thursday at the latest", ["by thursday"]),
        ("the thursday after next", ["thursday after next"]),
        ("this week or next", ["this week or next"]),
        ("la proxima semana o la otra", ["next week or the week after"]),
        ("end of next week", ["end of next week"]),
        ("call noon to 1", ["noon to 1"]),
        ("ring me half five", []),
        ("after half five", ["after 5:30"]),
        ("after quarter past 11", ["after 11:15"]),
        ("8 tomorrow would do", ["tomorrow at 8"]),
        ("2 tomorrow 8-9 AM", ["tomorrow", "8 to 9am"]),
        ("cualquier tarde", ["any afternoon"]),
        ("wenever u can", ["whenever"]),
        ("bring it round 10", ["around 10"]),
    ],
)
def test_the_pieces_of_a_time(text: str, said: list[str]) -> None:
    assert [wish.worded() for wish in wishes(fold(text))] == said


def test_pieces_said_twice_are_told_once() -> None:
    assert joined(["friday", "friday afternoon", "friday"]) == "friday afternoon"
    assert joined([]) is None


def test_of_wishes_that_leave_the_time_open_the_first_is_told() -> None:
    assert joined(["no rush", "whenever you can"]) == "no rush"
    assert joined(["tuesday", "no rush"]) == "tuesday no rush"


def test_a_deadline_behind_an_event_is_learnt_as_before() -> None:
    text = labelled(
        {
            "text": "we close on the 14th, want it done",
            "lang": "en",
            "intent": "new_service",
            "urgency": "routine",
            "timeline": "before the 14th",
        },
        "plumbing",
        "one",
    )
    assert roles_of(text, wishes(fold(text.text))) == ["timeline, before"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kitchen faucet leaks, 66204 - Deb", "Deb"),
        ("hi my name is Carol Ann Whitaker and my sink is clogged", "Carol Ann Whitaker"),
        ("this is Grace, toilet runs all night", "Grace"),
        ("this is Will Hartley, need a price on a water heater", "Will Hartley"),
        ("Soy la señora Marta Ruiz, se tapo el fregadero", "Marta Ruiz"),
        ("le habla Don Eusebio Treviño, necesito un plomero", "Eusebio Treviño"),
        ("need a toilet set in Olathe. ask for Nacho", "Nacho"),
        ("faucet drips. Thx Deshawn", "Deshawn"),
        ("This is Pastor Jim Odell at the church, our boiler room drain is slow", "Jim Odell"),
        ("the drain is slow again, thanks, Priya N", "Priya N"),
    ],
)
def test_whom_to_ask_for(text: str, name: str) -> None:
    assert read(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "water heater leaks a little. Overland Park",
        "your guy Marcus left mud all over my stairs",
        "no hot water since this morning. Olathe",
        "will you be here soon?",
        "Whenever you can",
    ],
)
def test_places_staff_and_everyday_words_are_no_names(text: str) -> None:
    assert read(text).name is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("drain is slow at 8214 Outlook Dr Overland Park", "8214 Outlook Dr"),
        ("my address is 7421 wornall rd olathe, kitchen sink is clogged", "7421 wornall rd"),
        ("its 3704 E 112 and the sewer is slow", "3704 E 112"),
        ("faucet drips, 1255 Parkside Lane, no, 1265", "1265 Parkside Lane"),
        ("leak under the sink. 2110 Elm St apt 4, 66101", "2110 Elm St"),
        ("house is 31190 Center Ridge, sump pump hums", "31190 Center Ridge"),
    ],
)
def test_a_street_address_ends_where_the_street_ends(text: str, address: str) -> None:
    told = read(text).street_address
    assert told is not None
    assert same("street_address", told, address), told


@pytest.mark.parametrize(
    "text",
    [
        "need 3 toilets set",
        "200 amp panel upgrade quote",
        "key for a 2018 Tahoe",
        "2 bedrooms and a bath",
        "its 48 inside",
        "quote for 1900 sqft",
    ],
)
def test_other_numbers_are_no_address(text: str) -> None:
    assert read(text, "general").street_address is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("faucet drips, 66204", "66204"),
        ("ZIP is 66062-1234, drain is slow", "66062"),
        ("toilet leaks at 12718 Catalina, Leawood", None),
        ("question about invoice 44107", None),
        ("pool heater is 40000 btu", None),
        ("moved here from Tampa 33609, now 44107, sink leaks", "44107"),
    ],
)
def test_the_zip_code(text: str, code: str | None) -> None:
    assert read(text).zip == code


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("my kitchen sink leaks, I'm in Waterbury CT", "Waterbury"),
        ("drain is slow. kck", "Kansas City"),
        ("do you come out to Lees Summit?", "Lee's Summit"),
        ("toilet rocks, Cleveland Hts 44118", "Cleveland Heights"),
        ("moved from Houston to Boerne, need locks changed", "Boerne"),
        ("need a faucet at 4417 Denver Ave", None),
    ],
)
def test_the_city(text: str, town: str | None) -> None:
    assert read(text).city == town


def test_a_spanish_address_may_have_its_number_behind() -> None:
    told = read("Vivo en la calle Fulton 3312, gotea la llave").street_address
    assert told in ("3312 Fulton", "3312 calle Fulton")


def test_a_state_behind_a_city_is_no_street() -> None:
    told = read("pipe leaks, 25 Main St Waterbury CT")
    assert told.street_address == "25 Main St"
    assert told.city == "Waterbury"
