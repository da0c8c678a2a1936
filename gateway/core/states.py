"""The states of the United States by the first three digits of a ZIP code, and how their names are written."""

from __future__ import annotations

from typing import Final

# USPS Publication 65 and Domestic Mail Manual L005: sectional centers by state. "005 NY" covers 005 up to the next entry.
_FIRST_PREFIXES: Final = (
    "005 NY,006 PR,008 VI,009 PR,010 MA,028 RI,030 NH,039 ME,050 VT,055 MA,056 VT,060 CT,070 NJ,090 AE,100 NY"
    ",150 PA,197 DE,200 DC,201 VA,202 DC,206 MD,220 VA,247 WV,270 NC,290 SC,300 GA,320 FL,340 AA,341 FL,350 AL,370 TN,386 MS"
    ",398 GA,400 KY,430 OH,460 IN,480 MI,500 IA,530 WI,550 MN,569 DC,570 SD,580 ND,590 MT,600 IL,630 MO,660 KS,680 NE,700 LA"
    ",716 AR,730 OK,733 TX,734 OK,750 TX,800 CO,820 WY,832 ID,840 UT,850 AZ,870 NM,885 TX,889 NV,900 CA,962 AP,967 HI,969 GU"
    ",970 OR,980 WA,995 AK"
)
_STARTS: Final = tuple((int(entry[:3]), entry[4:]) for entry in _FIRST_PREFIXES.split(","))
_NAMES: Final = (
    "alabama AL,alaska AK,arizona AZ,arkansas AR,california CA,colorado CO,connecticut CT,delaware DE,district of columbia DC"
    ",florida FL,georgia GA,hawaii HI,idaho ID,illinois IL,indiana IN,iowa IA,kansas KS,kentucky KY,louisiana LA,maine ME"
    ",maryland MD,massachusetts MA,michigan MI,minnesota MN,mississippi MS,missouri MO,montana MT,nebraska NE,nevada NV"
    ",new hampshire NH,new jersey NJ,new mexico NM,new york NY,north carolina NC,north dakota ND,ohio OH,oklahoma OK"
    ",oregon OR,pennsylvania PA,puerto rico PR,rhode island RI,south carolina SC,south dakota SD,tennessee TN,texas TX,utah UT"
    ",vermont VT,virginia VA,washington WA,west virginia WV,wisconsin WI,wyoming WY"
)
STATES: Final = {entry[:-3]: entry[-2:] for entry in _NAMES.split(",")}
_POSTAL: Final = frozenset(STATES.values())


def state_of_zip(code: str) -> str | None:
    """The state that a five-digit ZIP code lies in, "OH"; None for a prefix that was never given out."""
    prefix = int(code[:3])
    return next((state for start, state in reversed(_STARTS) if start <= prefix), None)


def state_named(written: str) -> str | None:
    """ "Ohio", "ohio", "OH" or "oh." as "OH"; None for what is no state."""
    plain = " ".join(written.casefold().replace(".", "").split())
    return STATES.get(plain) or (plain.upper() if plain.upper() in _POSTAL else None)
