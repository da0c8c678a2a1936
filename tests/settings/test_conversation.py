"""What the business lets the box ask, for which work, and where."""

# ruff: noqa: E501 - a table of mistakes is read by its columns

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from gateway.cli.check import check
from gateway.core.conversation.lead import Area, Fact, Facts, Lane
from gateway.core.conversation.office import ConversationRules, Cover, Emergencies, OwnQuestion, Service
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.settings import Settings, SettingsError, load, parse
from gateway.settings.trades import PACK_SERVICE, TOP, load_trades, read_pack
from tests.settings.test_bad_configurations import GOOD, TODAY

EXAMPLES = Path(__file__).parents[2] / "config" / "examples"
PLUMBING = GOOD.replace('  area_code: "216"', '  area_code: "216"\n  trade: plumbing')
AT = len(PLUMBING.splitlines()) + 1  # the line on which what is added begins
PACK = load_trades()["plumbing"]


def plumber(more: str) -> Settings:
    return parse(PLUMBING + more, "g.yaml", today=TODAY)


def rules(more: str) -> ConversationRules:
    return plumber(more).business.conversation


def problems(more: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        plumber(more)
    return [str(problem) for problem in caught.value.problems]


# ---- the menu


def test_the_menu_is_the_trades_and_nothing_is_bookable_before_the_business_says_so() -> None:
    menu = rules("").services
    assert {key: service.label for key, service in menu.items()} == PACK.labels
    assert menu["toilet"] == Service(
        "toilet", "Toilet repair or replacement", PACK.labels_es["toilet"], words=PACK.words["toilet"]
    )
    assert not any(service.bookable or service.urgent_escalates for service in menu.values())


def test_what_is_named_changes_the_menu_or_adds_to_it() -> None:
    menu = rules(
        """services:
  toilet: {bookable: yes, words: [bidet*]}
  water_heater: Boilers
  sump_pump: {off: yes}
  well_pump: {label: Well pumps, label_es: Bombas de pozo, palabras: [pozo], urgent_escalates: yes}
"""
    ).services
    assert list(menu) == [*(key for key in PACK.labels if key != "sump_pump"), "well_pump"]
    assert menu["toilet"].bookable
    assert menu["toilet"].words == (*PACK.words["toilet"], "bidet*")
    assert (menu["water_heater"].label, menu["water_heater"].words[-1]) == ("Boilers", "boiler*")
    assert menu["well_pump"] == Service(
        "well_pump",
        "Well pumps",
        "Bombas de pozo",
        urgent_escalates=True,
        words=("pozo", "well* + pump*", "bomba* + pozo*"),
        own_words=("pozo",),
    )


def test_a_list_is_the_whole_menu() -> None:
    menu = rules("services: [toilet, {well_pump: {label: Well pumps, words: [well]}}, repipe_remodel]\n").services
    assert list(menu) == ["toilet", "well_pump", "repipe_remodel"]
    assert menu["repipe_remodel"].label == "New piping or remodel plumbing"


def test_a_locksmith_is_told_at_once_that_somebody_is_locked_out_unless_the_business_says_otherwise() -> None:
    locksmith = GOOD.replace('  area_code: "216"', '  area_code: "216"\n  trade: locksmith')
    menu = parse(locksmith, today=TODAY).business.conversation.services
    assert {key for key, one in menu.items() if one.urgent_escalates} == {
        "house_lockout",
        "car_lockout",
        "business_lockout",
    }
    menu = parse(
        locksmith + "services: {car_lockout: {urgent_escalates: no}}\n", today=TODAY
    ).business.conversation.services
    assert {key for key, one in menu.items() if one.urgent_escalates} == {"house_lockout", "business_lockout"}


def test_a_service_is_named_in_spanish_where_it_has_a_spanish_name() -> None:
    assert Service("a", "Leaks", "Fugas").named("es") == "Fugas"
    assert Service("a", "Leaks").named("es") == Service("a", "Leaks", "Fugas").named("en") == "Leaks"


# ---- what is asked


def test_what_is_asked_is_what_the_trade_asks_unless_the_business_says_otherwise() -> None:
    asked = rules("")
    assert asked.booking_needs == (Fact.SERVICE, Fact.PLACE, Fact.NAME, Fact.TIME)
    assert asked.message_needs == (Fact.SERVICE, Fact.PLACE, Fact.NAME)
    assert asked.emergency_needs == (Fact.ADDRESS,)
    asked = rules(
        "conversation: {ask_to_book: [name, service, address], ask_for_message: [], ask_in_emergency: [address, name]}\n"
    )
    assert asked.booking_needs == (Fact.NAME, Fact.SERVICE, Fact.ADDRESS)
    assert asked.message_needs == ()
    assert asked.emergency_needs == (Fact.ADDRESS, Fact.NAME)


def test_own_questions_are_asked_for_their_services_and_in_the_lanes_that_name_them() -> None:
    asked = rules(
        """conversation: {ask_to_book: [service, place, name, time, home], ask_in_emergency: [address, shut_off]}
questions:
  home: {ask: "Is it a house or an apartment?", ask_es: "¿Es casa o apartamento?", label: Type of home}
  shut_off: "Can you reach the main shut-off?"
  age: {ask: "How old is it?", services: [water_heater, toilet]}
"""
    )
    home = OwnQuestion(
        "home",
        "Is it a house or an apartment?",
        "¿Es casa o apartamento?",
        "Type of home",
        lanes=frozenset({Lane.BOOK}),
        needed=True,
    )
    assert asked.questions[0] == home
    assert (asked.questions[1].label, home.words("es"), asked.questions[1].words("es")) == (
        "Shut off",
        "¿Es casa o apartamento?",
        "Can you reach the main shut-off?",
    )
    by_lane = {lane: [one.key for one in asked.own_questions("toilet", lane)] for lane in Lane}
    assert by_lane == {Lane.BOOK: ["home", "age"], Lane.MESSAGE: ["age"], Lane.ESCALATE: ["shut_off"], Lane.NONE: []}
    assert [one.key for one in asked.own_questions(None, Lane.BOOK)] == ["home"]


def test_the_numbers_of_a_conversation_are_the_businesss_own() -> None:
    asked = rules("conversation: {on: no, wait: 40, most_texts: 3, follow_up: no, languages: es}\n")
    assert (asked.on, asked.wait_s, asked.most_texts, asked.follow_up, asked.languages) == (
        False,
        40,
        3,
        False,
        ("es",),
    )
    assert asked.spoken("en") == "es"
    assert (rules("").spoken("en"), rules("").spoken("es"), rules("").spoken("mixed")) == ("en", "es", "en")


def test_emergencies_are_covered_as_the_business_says() -> None:
    told = rules(
        'emergencies: {covered: open, instead: "Call (216) 555-0177.", instead_es: "Llame al (216) 555-0177.", cold_f: 60}\n'
    )
    assert told.emergencies == Emergencies(Cover.OPEN, "Call (216) 555-0177.", "Llame al (216) 555-0177.", 60, None)


# ---- mistakes and doubts

ZIP = "write five digits such as '44107'"
BAD: list[tuple[str, str]] = [
    ("services: {toilett: {bookable: yes}}", f"{AT}: services.toilett: is not on the menu of plumbing, and has no label - did you mean 'toilet'?"),
    ("services: {pool: {bookable: yes}}", f"{AT}: services.pool: is not on the menu of plumbing, and has no label - write 'label:' with the words callers read"),
    ("services: {Pool Pumps: Pool pumps}", f"{AT}: services: 'Pool Pumps' cannot be the name of a service - use small letters, digits and _, beginning with a letter"),
    ("services: {toilet: {bokable: yes}}", f"{AT}: services.toilet: unknown option 'bokable' - did you mean 'bookable'?"),
    ("services: {toilet: [a]}", f"{AT}: services.toilet: a list stands where a section should - write its label, or its options"),
    ("services: {toilet: {words: ['+']}}", f"{AT}: services.toilet.words: '+' is no word - write a word of letters or digits"),
    ("services: [toilet, toilett]", f"{AT}: services: 'toilett' is not on the menu of your trade - did you mean 'toilet'?"),
    ("services: [toilet, pool]", f"{AT}: services: 'pool' is not on the menu of your trade - write '- new_name: The words callers read'"),
    ("services: [toilet, toilet]", f"{AT}: services: 'toilet' is given a second time - keep one of the two"),
    ("services: everything", f"{AT}: services: 'everything' stands where a section should - write a line for each service"),
    ("area: {zips: [4107]}", f"{AT}: area.zips: '4107' is no ZIP code - did you mean '04107'?"),
    ("area: {zips: ['44107-1234']}", f"{AT}: area.zips: '44107-1234' is longer than a ZIP code - write '44107'"),
    ("area: {zips: [Lakewood]}", f"{AT}: area.zips: 'Lakewood' is no ZIP code - {ZIP}"),
    ("area: {zips: ['00044']}", f"{AT}: area.zips: '00044' is no ZIP code of any state - correct its digits"),
    ("area: {zips: 44107, 44116}", f"{AT}: area: unknown option '44116'"),
    ("area:\n  zips: 44107, 44116", f"{AT + 1}: area.zips: '44107, 44116' is not a list - put it in brackets: a list such as ['44107', '44116']"),
    ("area: {counties: [Cuyahoga]}", f"{AT}: area.counties: 'Cuyahoga' does not name a county with its state - write it as 'Cuyahoga, OH'"),
    ("area: {counties: ['Cuyahoga, OH']}", f"{AT}: area.counties: the list of ZIP codes is not here yet - run `textback area-data` once, or list ZIP codes and cities instead"),
    ("area: {radius: {miles: 25, around: '44107'}}", f"{AT}: area.radius: the list of ZIP codes is not here yet - run `textback area-data` once, or list ZIP codes and cities instead"),
    ("area: {radius: {miles: 25}}", f"{AT}: area.radius: 'around' is missing - write 'around: \"44107\"', with your own value"),
    ("area: {radius: 25}", f"{AT}: area.radius: '25' stands where a section should - write {{miles: 25, around: \"44107\"}}"),
    ("area: {nicknames: {'1': Lakewood}}", f"{AT}: area.nicknames: '1' is no name - write letters, such as OP"),
    ("conversation: {most_texts: 9}", f"{AT}: conversation.most_texts: 9 is too large - write a whole number from 1 to 8"),
    ("conversation: {answers_per_hour: 0}", f"{AT}: conversation.answers_per_hour: 0 is too small - write a whole number from 1 to 30"),
    ("conversation: {pictures: by mail}", f"{AT}: conversation.pictures: 'by mail' is not an e-mail address or a page - write one such as photos@example.com or example.com/photos"),
    ("conversation: {pictures: bit.ly/x}", f"{AT}: conversation.pictures: a shortened link hides where it leads, and carriers filter texts with one ('bit.ly/x') - leave it out, or write the business's own address"),
    ("conversation: {wait: 5 min}", f"{AT}: conversation.wait: '5 min' is too long - write at most 2 min"),
    ("conversation: {ask_to_book: [servis]}", f"{AT}: conversation.ask_to_book: 'servis' is neither a usual fact nor a question of yours - did you mean 'service'?"),
    ("conversation: {languages: [en, fr]}", f"{AT}: conversation.languages: 'fr' is not known - use one of: en, es"),
    ("emergencies: {covered: sometimes}", f"{AT}: emergencies.covered: 'sometimes' is not known - use one of: always, open, never"),
    ("emergencies: {cold_f: 5}", f"{AT}: emergencies.cold_f: 5 is too small - write a whole number from 20 to 75"),
    ("questions: {name: 'Your name?'}", f"{AT}: questions.name: 'name' is a name of the box's own - choose another name"),
    ("questions: {home: 'Is it a house and how old is it?'}", f"{AT}: questions.home.ask: asks 2 things at once; people answer one"),
    ("questions: {home: 'Is it a house? We will be there in 10 minutes.'}", f"{AT}: questions.home.ask: "),
    ("emergencies: {covered: open, instead: 'A technician is on the way.'}", f"{AT}: emergencies.instead: "),
    ("templates: {ask_name: 'What is your name and your address?'}", f"{AT}: templates.ask_name: asks 2 things at once"),
    ("templates: {noted: 'We will be there in 10 minutes.'}", f"{AT}: templates.noted: "),
    ("questions: {home: {services: [toilet]}}", f"{AT}: questions.home: 'ask' is missing - write 'ask: \"Is it a house or an apartment?\"', with your own value"),
    ("questions: {home: {ask: 'Which?', services: [toilett]}}", f"{AT}: questions.home.services: 'toilett' is not on your menu - did you mean 'toilet'?"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "expected"), BAD, ids=[more for more, _ in BAD])
def test_a_mistake_is_named_at_its_line_with_a_remedy(more: str, expected: str) -> None:
    found = problems(more + "\n")
    assert any(problem.startswith(f"g.yaml:{expected}") for problem in found), found


DOUBTS: list[tuple[str, str]] = [
    ("services: {well_pump: Well pumps}", f"{AT}: services.well_pump: is known by the words of its label only - write 'words:' with what your customers call it"),
    ("services: {toilets: {label: Toilets, words: [toilet]}}", f"{AT}: services.toilets: is a service of its own beside 'toilet' - write 'toilet' if you mean that one"),
    ("services: {pool: {off: yes}}", f"{AT}: services.pool: is not on the menu of your trade anyway - remove it"),
    ("services: []", f"{AT}: services: no service is left - name the work you do, or remove the section"),
    ("area: {cities: [Clevland]}", f"{AT}: area: 'Clevland' is a city we do not know - did you mean 'Cleveland'?"),
    ("area: {nicknames: {bo: Qqqqqqqq}}", f"{AT}: area: 'Qqqqqqqq' is a city we do not know - nothing to do if it is spelt as people there spell it"),
    ("area: {zips: ['44107', '44116', '44117', '44118', '41119']}", f"{AT}: area.zips: 41119 lies in KY, the others in OH - correct its digits, or leave it if you mean it"),
    ("services: {pool: {label: Pools, words: [pool]}}", f"{AT}: services.pool: people who write Spanish read 'Pools' - write 'label_es:'"),
    ("services: {toilet: {label: Guaranteed best toilets}}", f"{AT}: services.toilet.label: promises something that the box cannot know ('Guaranteed') - say what happens next without a time, price or promise"),
    ("questions: {home: 'Is it a house?'}", f"{AT}: questions.home: people who write Spanish are asked in English - write 'ask_es:', or leave es out of the languages"),
    ("questions: {home: {ask: 'Tell us of your home.', ask_es: '¿Es casa?'}}", f"{AT}: questions.home.ask: asks nothing, so few people will answer - ask what is needed"),
    ("emergencies: {covered: open}", f"{AT}: emergencies.covered: a caller with an emergency learns only that nobody is on call - write 'instead:' with what the caller should do"),
    ("emergencies: {covered: never, instead: 'Call (216) 555-0177.'}", f"{AT}: emergencies.instead: people who write Spanish read it in English - write 'instead_es:'"),
    ("conversation: {languages: [es]}", f"{AT - 13}: lines.main.language: this line's first text is in a language (en) in which the box does not answer - add it to the languages under 'conversation:'"),
    ("emergencies: {instead: 'Call (216) 555-0177.'}", f"{AT}: emergencies.instead: somebody is always on call - write 'covered: open' or 'covered: never', or remove the text"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "expected"), DOUBTS, ids=[more for more, _ in DOUBTS])
def test_a_doubtful_value_is_named_at_its_line_with_a_remedy(more: str, expected: str) -> None:
    assert f"g.yaml:{expected}" in [str(doubt) for doubt in plumber(more + "\n").warnings]


# ---- trade packs


def test_a_business_may_bring_a_trade_of_its_own_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "trades").mkdir()
    (tmp_path / "trades" / "pest_control.yaml").write_text(
        """services:
  ants: {label: Ants, label_es: Hormigas, words: [ant, ants], palabras: [hormiga*]}
  bees: {label: Bees, words: [bee*, hive*], urgent_escalates: yes}
ask: {message: [service, address]}
emergencies: {cold_f: 40}
safety: {person: "If anybody was stung and cannot breathe well, call 911 now.", person_es: "Si alguien no respira bien, llame al 911 ya."}
"""
    )
    path = tmp_path / "gateway.yaml"
    path.write_text(GOOD.replace('  area_code: "216"', '  area_code: "216"\n  trade: pest_control'))
    business = load(path, today=TODAY).business
    assert business.trade == "pest_control"
    assert business.conversation.services == {
        "ants": Service("ants", "Ants", "Hormigas", words=("ant", "ants", "hormiga*")),
        "bees": Service("bees", "Bees", urgent_escalates=True, words=("bee*", "hive*")),
    }
    assert business.conversation.message_needs == (Fact.SERVICE, Fact.ADDRESS)
    assert business.conversation.booking_needs == ConversationRules().booking_needs
    assert (business.conversation.emergencies.cold_f, business.conversation.emergencies.hot_f) == (40, None)
    assert business.templates["safety_person"].startswith("If anybody was stung")
    assert {"open", "after_hours_es"} <= set(business.templates)  # those of a general contractor


BAD_PACKS: list[tuple[str, str]] = [
    ("", "1: the file is empty"),
    ("ask: {book: [service]}", "1: there is no menu - write 'services:' and a line for each service"),
    (
        "services: {a: {label: A}}\ncolour: red",
        "2: unknown option 'colour' - use one of: services, ask, emergencies, safety",
    ),
    ("services: {a: {words: [b]}}", "1: services.a: 'label' is missing"),
    ("services: {a: A}", "1: services: 'a' has no label and no words - write 'label:' and 'words:' under it"),
    (
        "services: {a: {label: A, words: [b, '*']}}",
        "1: services.a.words: '*' is no word - write a word of letters or digits",
    ),
    ("services: {a: {label: A}}\nask: {book: [shoe_size]}", "2: ask.book: 'shoe_size' is not known"),
    ("services: {a: {label: A}}\nsafety: {xyz: Run}", "2: safety: unknown danger 'xyz' - use one of: gas, gas_es, co,"),
    ("services: {a: {label: A}}\nsafety: {gas: 'Run 🔥 {now}'}", "2: safety.gas: "),
    ("services: {a: {label: A}}\nsafety: {gas: }", "2: safety: there is no text - write it in double quotes"),
]


@pytest.mark.parametrize(("pack", "expected"), BAD_PACKS, ids=[pack for pack, _ in BAD_PACKS])
def test_a_mistake_in_a_trade_pack_is_named_at_its_line(tmp_path: Path, pack: str, expected: str) -> None:
    (tmp_path / "trades").mkdir()
    file = tmp_path / "trades" / "pest_control.yaml"
    file.write_text(pack)
    path = tmp_path / "gateway.yaml"
    path.write_text(GOOD.replace('  area_code: "216"', '  area_code: "216"\n  trade: pest_control'))
    with pytest.raises(SettingsError) as caught:
        load(path, today=TODAY)
    assert any(str(problem).startswith(f"{file}:{expected}") for problem in caught.value.problems), caught.value


def test_every_pack_of_the_product_is_read_without_a_problem_and_names_everything_in_both_languages() -> None:
    for trade, pack in load_trades().items():
        assert set(pack.labels) == set(pack.labels_es) == set(pack.words), trade
        assert all(pack.labels_es.values()), trade
        assert all(pack.words.values()), trade
    assert read_pack("services: {a: {label: A, words: [b]}}", "x", "f")[1] == []


# ---- what is shown

HELP = Path(__file__).parents[2] / "web" / "help"


def shown_in(page: str) -> list[str]:
    return re.findall(r"<pre>\n(.*?)</pre>", (HELP / f"help_{page}.html").read_text(), re.DOTALL)


def test_the_configuration_that_the_manual_shows_is_right() -> None:
    services, area, asked, alone = shown_in("conversation")
    business = GOOD.replace('  area_code: "216"', '  area_code: "216"\n  trade: hvac')
    business = business.replace(": []", ': ["08:00-17:00"]')  # open on the days of the rota that is shown
    settings = parse(business + services + asked + alone, today=TODAY)
    assert [str(doubt) for doubt in settings.warnings] == []
    assert {"pool_heater", "thermostat"} <= set(settings.business.conversation.services)
    listed = "".join(line for line in area.splitlines(True) if "counties" not in line and "radius" not in line)
    assert parse(business + listed, today=TODAY).business.conversation.area.nicknames == (("the Wood", "Lakewood"),)
    with pytest.raises(SettingsError) as caught:
        parse(business + area, today=TODAY)
    assert {problem.what.partition(":")[0] for problem in caught.value.problems} == {"area.counties"}


def test_the_trade_pack_that_the_manual_shows_is_right() -> None:
    (pack,) = shown_in("trades")
    read, wrong = read_pack(pack, "pest_control", "f")
    assert wrong == []
    assert (list(read.labels), set(read.safety)) == (["ants", "wasps"], {"safety_person", "safety_person_es"})
    assert all(f"{name}:" in pack for name in (*TOP, *PACK_SERVICE.names))  # the manual leaves nothing out


def test_check_prints_the_menu_the_area_and_the_questions_as_they_came_out(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(
        PLUMBING
        + """services: [{toilet: {bookable: yes}}, {well: {label: Wells, words: [well], urgent_escalates: yes}}]
area: {zips: ["66212", "64050"], cities: [Independence]}
conversation: {ask_to_book: [service, name, home], languages: [en]}
questions: {home: "Is it a house or an apartment?"}
emergencies: {covered: never, instead: "You can try (216) 555-0177."}
"""
    )
    out = io.StringIO()
    assert check(path, out, io.StringIO(), today=TODAY) == 0
    lines = out.getvalue().splitlines()
    begins = lines.index("Menu (plumbing); * may be booked, ! tells the owner at once when urgent:")
    assert lines[begins + 1 : begins + 9] == [
        f"  toilet*: Toilet repair or replacement / {PACK.labels_es['toilet']}",
        "  well!: Wells",
        "Area: 2 ZIP codes, 1 city",
        "Asked to book: service, name, home",
        "Asked for a message: service, place, name",
        "Asked in an emergency: address",
        "On call for emergencies: never",
        "  ask_home: Is it a house or an apartment? (1 segment, 30 septets)",
    ]
    path.write_text(PLUMBING + "conversation: {on: no}\n")
    out = io.StringIO()
    assert check(path, out, io.StringIO(), today=TODAY) == 0
    assert "Conversations are off: the first text goes out, answers wait on the page." in out.getvalue()


def test_the_check_prints_every_text_of_a_conversation_as_it_will_read(tmp_path: Path) -> None:
    def printed(more: str) -> dict[str, str]:
        path, out = tmp_path / "gateway.yaml", io.StringIO()
        path.write_text(PLUMBING + more)
        assert check(path, out, io.StringIO(), today=TODAY) == 0
        pairs = (line.strip().partition(": ") for line in out.getvalue().splitlines())
        return {name: text for name, _, text in pairs if name in CONVERSATION_TEXTS}

    in_english = {name for name in CONVERSATION_TEXTS if not name.endswith("_es")} - {
        "instead",
        "no_pictures_but",
        "ask_time_link",
    }
    in_english = {name for name in in_english if not name.startswith("pictures_but_")}
    own = "templates: {noted: Thanks! It is on our list.}\n"
    away = "emergencies: {covered: never, instead: You can try (216) 555-0177.}\n"
    texts = printed("conversation: {languages: [en]}\n" + own + away)
    assert set(texts) == in_english
    assert texts["noted"] == "Thanks! It is on our list. (1 segment, 26 septets)"
    assert "You can try (216) 555-0177." in texts["not_covered"]
    assert set(printed("")) == in_english | {f"{name}_es" for name in in_english}
    pictures = printed("conversation: {pictures: photos@example.com}\n")
    assert "photos@example.com" in pictures["no_pictures_but"]
    assert "photos@example.com" in pictures["no_pictures_but_es"]
    assert "no_pictures" not in pictures
    assert {name[:7] for name in printed("conversation: {on: no}\n")} == {"safety_"}


# ---- the example businesses

BOOKABLE = {
    "hvac": {"maintenance", "replacement_estimate"},
    "plumbing": {"drain_cleaning", "toilet", "faucet_fixture", "water_heater"},
    "electrical": {"ev_charger", "generator", "breaker_panel"},
    "roofing": {"inspection", "roof_replacement", "gutters"},
    "painting": {"interior", "exterior", "cabinets", "deck_fence"},
    "cleaning": {"recurring", "deep_clean", "move_out"},
    "garage_door": {"maintenance", "new_door", "opener"},
    "locksmith": {"rekey", "smart_lock"},
    "general": {"deck_porch", "fence_gate", "flooring", "handyman"},
}
ABROAD = {"216": ("44131", "OH", "MO"), "913": ("64050", "MO", "OH"), "210": ("78201", "TX", "FL")}


@pytest.mark.parametrize("trade", BOOKABLE)
def test_an_example_business_books_works_and_escalates_as_it_says(trade: str) -> None:
    business = load(EXAMPLES / f"{trade}.yaml", today=TODAY).business
    agreed = business.conversation
    assert business.trade == trade
    assert {key for key, service in agreed.services.items() if service.bookable} == BOOKABLE[trade]
    assert {key: service.label for key, service in agreed.services.items()} == load_trades()[trade].labels
    assert agreed.booking_needs == (Fact.SERVICE, Fact.PLACE, Fact.NAME, Fact.TIME)
    code, home, elsewhere = ABROAD[business.area_code]
    town = {"216": "Independence", "913": "Independence", "210": "Converse"}[business.area_code]
    assert agreed.area.holds(Facts(zip=code)) is Area.INSIDE
    assert agreed.area.holds(Facts(city=town, state=home)) is Area.INSIDE
    assert agreed.area.holds(Facts(city=town, state=elsewhere)) is Area.OUTSIDE
    assert agreed.area.holds(Facts(zip="10001", city=town)) is Area.OUTSIDE
    assert agreed.emergencies.covered is (Cover.OPEN if trade in ("painting", "cleaning") else Cover.ALWAYS)
