"""The list of ZIP codes with their places, made once by `textback area-data` for areas by county or by distance.

A line of the file is `zip,latitude,longitude,state,county,cities`: degrees with three decimals (some 100 m), the post
office's own city first and the other names of places there behind it, parted by `;`. The running gateway reads the file only
where the configuration names counties or a radius.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

from gateway.core.conversation.office import city_key

FILE = "zipcodes.csv"
HEAD = "zip,latitude,longitude,state,county,cities"
EARTH_MILES = 3958.8  # mean radius, IUGG
MILES_A_DEGREE = 68.7  # of latitude, where it is shortest
REMEDY = "run `textback area-data` once, or list ZIP codes and cities instead"


class ZipListError(Exception):
    """The list cannot be used; `what` completes "the list of ZIP codes ..."."""

    def __init__(self, what: str, remedy: str = REMEDY) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


class Place(NamedTuple):
    """One ZIP code: where its middle is, its county without the word, and the names of places in it, parted by `;`."""

    zip: str
    latitude: float
    longitude: float
    state: str
    county: str
    cities: str


@dataclass(frozen=True, slots=True)
class ZipList:
    """Every ZIP code there is."""

    places: tuple[Place, ...]

    def in_county(self, county: str, state: str) -> set[str]:
        wanted = city_key(county)
        return {place.zip for place in self.places if place.state == state and city_key(place.county) == wanted}

    def counties(self, state: str) -> list[str]:
        """The names of a state's counties."""
        return sorted({place.county for place in self.places if place.state == state and place.county})

    def within(self, miles: float, around: str) -> set[str]:
        """The ZIP codes whose middles lie within some miles of another's; empty when that one is not in the list."""
        centre = next((place for place in self.places if place.zip == around), None)
        if centre is None:
            return set()
        degrees = miles / MILES_A_DEGREE
        near = (place for place in self.places if abs(place.latitude - centre.latitude) <= degrees)
        return {place.zip for place in near if distance(centre, place) <= miles}

    def cities_of(self, zips: Collection[str]) -> tuple[list[str], list[str]]:
        """The cities all of whose ZIP codes are among some, as "Lakewood, OH"; and those of which only a part are."""
        states = {place.state for place in self.places if place.zip in zips}
        there = [place for place in self.places if place.state in states]
        inside = {city for place in there if place.zip in zips for city in _cities(place)}
        outside = {city for place in there if place.zip not in zips for city in _cities(place)}
        return sorted(inside - outside), sorted(inside & outside)


def _cities(place: Place) -> list[str]:
    return [f"{city}, {place.state}" for city in place.cities.split(";")]


def distance(one: Place, other: Place) -> float:
    """Miles as the crow flies (haversine)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    half = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(min(1.0, half)))


def read_list(folder: Path) -> ZipList:
    """The list in a state folder. Raises ZipListError."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ZipListError("is not here yet") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a text file"
        raise ZipListError(f"cannot be read ({reason})") from None
    if not lines or lines[0] != HEAD:
        raise ZipListError("is of another kind")
    try:
        return ZipList(tuple(_place(line) for line in lines[1:]))
    except ValueError:
        raise ZipListError("is damaged") from None


def _place(line: str) -> Place:
    code, latitude, longitude, state, county, cities = line.split(",")
    return Place(code, float(latitude), float(longitude), state, county, cities)


def written(places: Iterable[Place]) -> str:
    """The file's text, sorted by ZIP code."""
    rows = sorted(
        f"{place.zip},{place.latitude:.3f},{place.longitude:.3f},{place.state},{_plain(place.county)},"
        + ";".join(_plain(city) for city in place.cities.split(";"))
        for place in places
    )
    return "\n".join((HEAD, *rows)) + "\n"


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[,;\s]", " ", name).split())
