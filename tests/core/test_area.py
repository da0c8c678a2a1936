"""Where the business works: what tells first, and which of two towns of one name is meant."""

from __future__ import annotations

import pytest

from gateway.core.conversation.lead import Area, Facts
from gateway.core.conversation.office import Cover, Emergencies, ServiceArea, city_key, parted
from gateway.core.states import state_named, state_of_zip

KANSAS_CITY = ServiceArea.of(["64050", "66212"], ["Kansas City", "Independence", "Lee's Summit", "Overland Park"])


@pytest.mark.parametrize(
    ("facts", "inside"),
    [
        (Facts(zip="64050"), Area.INSIDE),
        (Facts(zip="44131"), Area.OUTSIDE),
        (Facts(zip="44131", city="Independence"), Area.OUTSIDE),
        (Facts(zip="64050", city="Topeka"), Area.INSIDE),
        (Facts(city="Independence"), Area.INSIDE),
        (Facts(city="Independence", state="MO"), Area.INSIDE),
        (Facts(city="Independence", state="OH"), Area.OUTSIDE),
        (Facts(city="lees summit"), Area.INSIDE),
        (Facts(city="Topeka"), Area.OUTSIDE),
        (Facts(place="near the old mill"), Area.UNKNOWN),
        (Facts(), Area.UNKNOWN),
    ],
)
def test_a_zip_code_tells_before_a_city_and_a_state_tells_towns_of_one_name_apart(facts: Facts, inside: Area) -> None:
    assert KANSAS_CITY.holds(facts) is inside


def test_a_business_that_names_no_place_works_everywhere() -> None:
    assert ServiceArea().holds(Facts()) is Area.INSIDE
    assert ServiceArea().holds(Facts(zip="99901")) is Area.INSIDE


def test_a_city_may_be_listed_with_its_state() -> None:
    area = ServiceArea.of(cities=["Independence, OH", "Lakewood, Ohio"])
    assert area.holds(Facts(city="Independence")) is Area.INSIDE
    assert area.holds(Facts(city="Independence", state="OH")) is Area.INSIDE
    assert area.holds(Facts(city="Independence", state="MO")) is Area.OUTSIDE
    assert area.holds(Facts(zip="64050")) is Area.OUTSIDE  # cities alone: the ZIP code's state tells as much
    assert area.holds(Facts(zip="44107")) is Area.UNKNOWN
    assert area.names == ("Independence", "Lakewood")


def test_only_zip_codes_leave_a_city_open_but_for_another_state() -> None:
    area = ServiceArea.of(["44107"])
    assert area.holds(Facts(city="Lakewood")) is Area.UNKNOWN
    assert area.holds(Facts(city="Lakewood", state="CO")) is Area.OUTSIDE


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("44107", "OH"), ("66212", "KS"), ("64050", "MO"), ("78201", "TX"), ("79901", "TX"), ("88510", "TX"), ("10001", "NY"),
        ("06101", "CT"), ("20001", "DC"), ("22202", "VA"), ("00901", "PR"), ("99501", "AK"), ("96813", "HI"), ("73101", "OK"),
        ("39901", "GA"), ("89101", "NV"), ("02108", "MA"), ("00100", None),
    ],
)  # fmt: skip
def test_a_zip_code_tells_its_state(code: str, state: str | None) -> None:
    assert state_of_zip(code) == state


def test_states_are_known_by_name_and_by_letters() -> None:
    assert [state_named(word) for word in ("Ohio", "oh.", "OH", "new  mexico", "D.C.", "Ohioo", "")] == [
        "OH", "OH", "OH", "NM", "DC", None, None,
    ]  # fmt: skip
    assert parted("Independence, Mo") == ("Independence", "MO")
    assert parted("Coeur d'Alene") == ("Coeur d'Alene", None)
    assert parted("Lee's Summit, downtown") == ("Lee's Summit, downtown", None)
    assert city_key("Winston-Salem", "NC") == "winston salem,NC"


@pytest.mark.parametrize(
    ("cover", "by_day", "by_night"),
    [(Cover.ALWAYS, True, True), (Cover.OPEN, True, False), (Cover.NEVER, False, False)],
)
def test_emergencies_are_covered_in_the_hours_that_the_business_says(
    cover: Cover, by_day: bool, by_night: bool
) -> None:
    emergencies = Emergencies(cover, "Call 216-555-0199.", "Llame al 216-555-0199.")
    assert (emergencies.covered_now(True), emergencies.covered_now(False)) == (by_day, by_night)
    assert emergencies.alternative("es") == "Llame al 216-555-0199."
    assert Emergencies(cover, "Call 216-555-0199.").alternative("es") == "Call 216-555-0199."
