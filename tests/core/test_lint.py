"""What the lint finds in a text, what it leaves alone, and that it never fails."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.library import LIBRARY, ROOM_FOR_NAME_ES
from gateway.core.lint import Finding, Severity, lint, repair
from gateway.core.questions import questions
from gateway.core.wording import FIXED_TEXTS, PLACEHOLDERS

LONG_NAME = "Heartland Garage Door Repair"
GOOD = LIBRARY["hvac"]["open"]

PROMISES = [
    "A technician is on the way.",
    "Help is on its way!",
    "We'll be there within 30 minutes.",
    "Our tech will arrive today.",
    "Your appointment is confirmed.",
    "We'll call you back in 10 minutes.",
    "We'll call you tomorrow at 8.",
    "We guarantee our work.",
    "The visit is $89.",
    "We'll call you right back.",
    "You're all set for Monday.",
    "Satisfaction guaranteed.",
    "Un técnico va en camino.",
    "Llegaremos en 30 minutos.",
    "Su cita está confirmada.",
    "Le garantizamos el trabajo.",
    "La visita cuesta $50.",
    "Le llamaremos mañana por la mañana.",
    "Enviaremos un técnico hoy mismo.",
    "We'll fix it today.",
    "No problem, a plumber is coming.",
    "We will respond within 1 hour.",
    "Le llamamos en 5 minutos.",
    "We're sending someone out.",
    "Someone will be with you right away.",
    "We'll have your heat running by noon.",
    "We will have someone at your home within the hour.",
    "Expect a call in 5-10 minutes.",
    "A member of our team will reach out within minutes.",
    "You can expect us by 5 PM.",
    "Your technician Bob is 15 minutes away.",
    "Our plumber arrives at 3pm.",
    "We respond in under 60 seconds.",
    "Repairs from just $99.",
    "It will cost about 150 dollars.",
    "We'll get you fixed up today.",
    "Estamos en camino.",
    "Un técnico llegará pronto.",
    "El técnico estará ahí en una hora.",
    "Su cita está programada para mañana.",
    "Le devolveremos la llamada en 10 minutos.",
    "Garantizamos satisfacción.",
    "Lo arreglamos hoy.",
    "Llegamos en 20 minutos.",
    "Nos comunicaremos con usted hoy.",
    "Le devolvemos la llamada enseguida.",
    "Service call fee is only $49.",
    "Visita por solo 50 dolares.",
    "Your spot is confirmed",
    "We are on our way",
    "Tech en route",
    "We'll be out there this afternoon",
    "Someone will call you back in a few minutes",
    "We promise to call",
    "You will hear from us within 15 min",
]

HYPES = [
    "Act now!",
    "Don't wait!",
    "Limited time only.",
    "Hurry, spots are filling fast.",
    "We're the best in town!!!",
    "#1 rated in Ohio",
    "5-star service",
    "¡Actúe ya!",
    "No espere más.",
    "Somos los mejores.",
    "Tiempo limitado.",
    "Call NOW before it's too late.",
    "¡Últimos cupos!",
    "Your #1 choice for HVAC!",
    "Don't miss out",
    "Last chance to book",
    "Best prices, best service, best team!!!",
    "URGENT: respond immediately or lose your spot",
    "You won't believe it",
    "Oferta por tiempo limitado",
    "¡Llame ya!",
    "Apúrese",
    "No pierda esta oportunidad",
    "La mejor empresa de la ciudad",
    "Respond now or your request will be cancelled",
]

ADVERTISINGS = [
    "Special offer this week.",
    "Ask about our 10% off tune-up.",
    "Free estimates!",
    "Get a free quote.",
    "Save $50 on your next visit.",
    "New customers get a discount.",
    "Oferta especial.",
    "Presupuesto gratis.",
    "10% de descuento.",
    "Ahorre hoy con nuestra promoción.",
    "Follow us on Facebook.",
    "Estimados gratuitos.",
    "20% off all repairs",
    "Ask about our summer specials",
    "Check out our website for deals",
    "Free inspection with any repair",
    "Use code SAVE10",
    "Inspección gratuita",
    "Pregunte por nuestras ofertas",
    "Promoción de verano",
    "Descuento del 15%",
    "Financing available",
]

PERSONS = [
    "Hi, this is Mike.",
    "I'm Sarah from the office.",
    "I'll call you.",
    "This is Dave with {business}.",
    "Mike here, what's up?",
    "Text me what you need.",
    "My name is Ana.",
    "Soy Carlos.",
    "Habla María de la oficina.",
    "Le llamo más tarde, gracias.",
    "Me llamo Ana.",
    "Yo le ayudo.",
    "What's going on? - Mike",
    "Thanks, Sarah",
    "i will check it",
    "A real person will answer.",
    "Estoy con usted.",
    "This is Mike from {business}.",
    "Hi it's Jen with {business}",
    "It's me, Bob",
    "Hey, Tom here.",
    "I missed your call",
    "I am with a customer",
    "Sorry I couldn't get to the phone",
    "Call me back",
    "Soy María de {business}",
    "Le habla Juan",
    "No pude contestar",
    "Perdón, estaba ocupado",
    "Te llamo luego",
    "Yo mismo le llamaré",
    "Mi nombre es Juan",
    "You're texting with a real human",
    "-Dave",
    "Soy el dueño",
    "As the owner, I read every text",
]

SEVERAL_QUESTIONS = [
    "What do you need and when?",
    "What's your name and address?",
    "What's wrong? Where are you?",
    "Reply with your name, address and problem.",
    "¿Qué necesita y cuándo?",
    "¿Cuál es su nombre y dirección?",
    "How can we help? Reply with your zip.",
    "¿Qué necesita? ¿Dónde está?",
    "Please send your name, ZIP and what's wrong.",
    "What is your name? What is your address? What is the problem?",
    "What do you need, where are you, and when?",
    "Please reply with your name, address, and a description.",
    "Name, address and problem?",
    "¿Cuál es su nombre y qué necesita?",
    "Envíe su nombre, dirección y problema.",
    "What's going on and what's the address?",
    "Is it heat or AC? How old is the unit?",
    "Tell us your name and what you need",
]

UNKNOWN_FACTS = [
    "We're on another call.",
    "We are helping another customer.",
    "Estamos con otro cliente.",
]

LINKS = [
    "See bit.ly/abc",
    "Book: tinyurl.com/x1",
    "https://t.co/zz",
]

HARMLESS = [
    "we cannot promise a time.",
    "We can't give prices by text.",
    "If there's immediate danger call 911.",
    "If you smell gas, leave right away and call 911.",
    "What is the best number to reach you?",
    "No podemos prometer una hora.",
    "Feel free to reply here.",
    "Nothing is confirmed until the office replies.",
    'Reply "call me" if you prefer.',
    "This is an automated text.",
    "This is Auto-text.",
    "This is {business}.",
    "Emergency? Text URGENT.",
    "We're closed until Monday at 8 AM.",
    "We open {next_opening}.",
    "Our office will get back to you.",
    "Are you a new customer?",
    "¿De dónde sale el agua?",
    "Emergency? Call 911. What's going on?",
    "No damos precios por texto.",
    "Is the AC out?",
    "Reply LEAK if water is running.",
    "We don't have a time for you yet.",
    "Le saluda {business}.",
    "¿Habla español?",
    "Soy un asistente automático.",
    "I'm an automated assistant.",
    "We can't guarantee a time.",
    "Please do not reply with card numbers.",
    "What can we help with today?",
    "What would you like fixed?",
    "Do you have heat now?",
    "We'll save the date.",
    "Is it okay to text you?",
    "Sorry we couldn't get to the phone.",
    "No estamos abiertos ahora.",
    "What's the address?",
    "What's your zip code?",
    "Text STOP to end, HELP for help.",
    "Is water coming in or is the power out?",
    "Can we stop by?",
    "What's the problem, and is it urgent?",
    "How can we help you today?",
    "Do you want a call or a text back?",
    "Our office opens at 8 AM.",
    "We can't take calls after 5 PM.",
    "We can't say when a technician will be free.",
    "No technician is on the way yet.",
    "No hay un técnico en camino todavía.",
    "Tell us what's going on and the office will follow up.",
    "Text us what you need.",
    "Somebody from the office will follow up.",
    "We are closed for Christmas.",
    "Cerramos a las 5 PM.",
    "Abrimos mañana a las 8 AM.",
    "We open tomorrow at 8 AM.",
    "If someone is in danger call 911.",
    "No time is promised.",
    "Please don't send photos, they can't be received.",
    "What's going on with your furnace?",
    "Is anyone hurt?",
    "Sorry to have missed you.",
    "This number is text only.",
    "This line is for texts only.",
    "This is the office of {business}.",
    "Thanks for calling {business}.",
    "Gracias por llamar a {business}.",
    "Perdón por no contestar.",
    "Lamentamos no haber contestado.",
    "¿Qué le pasa a su calefacción?",
    "Si huele a gas, salga de inmediato y llame al 911.",
    "Leave now and call 911.",
    "Is your door stuck open or closed?",
    "Which door, front or back?",
    "We don't offer prices by text.",
    "We never send links.",
    "Your reply goes to the office.",
    "Nobody has been sent yet.",
    "Replies are read when the office opens.",
    "Is this for a home in Cleveland?",
    "Water off? Good.",
    "Is it safe to stay inside?",
    "Calls cost nothing extra.",
    "Msg rates may apply.",
    "Message and data rates may apply.",
    "Do not wait inside if you smell gas.",
]


def rules(findings: list[Finding]) -> set[str]:
    return {finding.rule.value for finding in findings}


def about(words: str, name: str = "Miller") -> set[str]:
    """The rules that the words break, put after the name of the business."""
    return rules(lint("{business}: " + words, name))


@pytest.mark.parametrize("words", PROMISES)
def test_a_promise_is_found(words: str) -> None:
    assert "promise" in about(words)


@pytest.mark.parametrize("words", HYPES)
def test_hype_and_made_up_urgency_are_found(words: str) -> None:
    assert "hype" in about(words)


@pytest.mark.parametrize("words", ADVERTISINGS)
def test_advertising_is_found(words: str) -> None:
    assert "advertising" in about(words)


@pytest.mark.parametrize("words", PERSONS)
def test_posing_as_a_person_is_found(words: str) -> None:
    assert "person" in about(words)


@pytest.mark.parametrize("words", SEVERAL_QUESTIONS)
def test_asking_several_things_at_once_is_found(words: str) -> None:
    assert "several_questions" in about(words)


@pytest.mark.parametrize("words", UNKNOWN_FACTS)
def test_an_excuse_that_the_box_cannot_know_is_doubted(words: str) -> None:
    assert "unknown_fact" in about(words)


@pytest.mark.parametrize("words", LINKS)
def test_a_shortened_link_is_refused(words: str) -> None:
    found = [f for f in lint("{business}: " + words, "Miller") if f.rule == "link"]
    assert [f.severity for f in found] == [Severity.ERROR]


@pytest.mark.parametrize("words", HARMLESS)
def test_honest_words_are_left_alone(words: str) -> None:
    honesty = {"promise", "hype", "advertising", "person", "several_questions", "unknown_fact", "link", "shouting"}
    assert about(words) & honesty == set()


@pytest.mark.parametrize(
    ("name", "words", "language"),
    [
        pytest.param(name, words, "es" if name.endswith("_es") else "en", id=f"{trade}-{name}")
        for trade, texts in LIBRARY.items()
        for name, words in texts.items()
    ],
)
def test_the_library_passes_the_lint_with_a_long_business_name(name: str, words: str, language: str) -> None:
    room = ROOM_FOR_NAME_ES if language == "es" and name != "open_es" else len(LONG_NAME)
    assert lint(words, LONG_NAME[:room], language) == [], name


@pytest.mark.parametrize("name", FIXED_TEXTS)
def test_the_fixed_texts_pass_the_lint(name: str) -> None:
    purpose = "help" if name.startswith(("help", "opt_in")) else name.removesuffix("_es")
    purpose = {"opt_out": "opt_out_confirmation", "opt_out_danger": "opt_out_confirmation"}.get(purpose, purpose)
    purpose = "owner_notice" if purpose.startswith("owner_") else purpose
    assert purpose in PLACEHOLDERS
    assert lint(FIXED_TEXTS[name], LONG_NAME, "es" if name.endswith("_es") else "en", purpose=purpose) == []


def test_a_good_opener_without_its_parts_is_told_which_part_is_missing() -> None:
    assert rules(lint(GOOD.replace("{business}", "Hello"), "Miller")) == {"business_name"}
    assert rules(lint(GOOD.replace("STOP to end", "thanks"), "Miller")) == {"stop"}
    assert rules(lint(GOOD.replace("sorry we missed your call", "hello"), "Miller")) == {"missed_call"}
    assert rules(lint(GOOD.replace("Auto-text, ", ""), "Miller")) == {"automatic"}
    assert rules(lint(GOOD.replace("Emergency: text URGENT. ", ""), "Miller")) == {"emergency"}
    assert rules(lint(GOOD.replace("?", "."), "Miller")) == {"no_question"}


def test_the_name_may_stand_in_the_template_itself_in_any_spelling() -> None:
    assert lint(GOOD.replace("{business}", "o\u2019neil heating"), "O'Neil Heating") == lint(
        GOOD.replace("{business}", "o\u2019neil heating"), "O\u2019Neil Heating"
    )
    assert "business_name" not in rules(lint(GOOD.replace("{business}", "Miller Heating"), "Miller Heating"))


@pytest.mark.parametrize(
    "name",
    ["Free Flow Plumbing", "Mike's Guaranteed Roofing", "Best In Town HVAC", "ACME SUPER DEAL", "A", "24/7 Keys!"],
)
def test_the_words_of_the_business_s_own_name_are_never_held_against_it(name: str) -> None:
    for words in LIBRARY["general"].values():
        assert [f for f in lint(words, name, max_segments=2) if f.rule != "emergency"] == []
        spelt = words.replace("{business}", name)
        assert [f for f in lint(spelt, name, max_segments=2) if f.rule != "emergency"] == []


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    found = lint(GOOD + " " + "x" * 40, "Miller Heating & Air")
    assert rules(found) == {"too_long"}
    assert "needs 2 segments (192 of 160 characters), one is allowed" in found[0].say
    assert found[0].remedy == "cut at least 32 characters"
    assert lint(GOOD + " " + "x" * 40, "Miller Heating & Air", max_segments=2) == []


def test_curly_quotes_are_only_warned_of_because_they_go_out_straight() -> None:
    found = lint(GOOD.replace("'", "\u2019"), "Miller")
    assert rules(found) == {"not_gsm7"}
    assert found[0].severity is Severity.WARNING
    assert "right single quotation mark" in found[0].say
    assert found[0].remedy == "it goes out as: " + GOOD


def test_what_has_no_plain_spelling_is_refused_and_an_emoji_is_named() -> None:
    emoji = lint(GOOD + "\U0001f525", "Miller")
    assert [(f.severity, f.rule.value) for f in emoji if f.severity == "error"] == [
        ("error", "too_long"),
        ("error", "emoji"),
    ]
    assert "fire" in next(f for f in emoji if f.rule == "emoji").say
    assert "not_gsm7" in rules(lint("{business}: \u4f60\u597d", "Miller"))


def test_an_unknown_placeholder_is_an_error_with_a_guess() -> None:
    found = lint(GOOD.replace("{business}", "{busines}"), "Miller")[0]
    assert (found.rule, found.where, found.remedy) == ("placeholder", "{busines}", "did you mean {business}?")
    assert "placeholder" in rules(lint(GOOD + " {", "Miller"))
    assert "placeholder" in rules(lint(GOOD + " [Name]", "Miller"))
    assert "placeholder" in rules(lint(FIXED_TEXTS["owner_repeat"], "Miller", purpose="opener"))


def test_an_empty_text_is_refused() -> None:
    assert rules(lint("  \n", "Miller")) == {"empty"}


def test_the_agreed_response_time_may_be_stated_and_no_other() -> None:
    words = "{business}: we missed your call. We'll call back within 10 minutes."
    assert "promise" in rules(lint(words, "Miller"))
    assert "promise" not in rules(lint(words, "Miller", stated_minutes=10))
    assert "promise" in rules(lint(words, "Miller", stated_minutes=15))
    assert "promise" not in rules(lint(words.replace("10 minutes", "2 hours"), "Miller", stated_minutes=120))


def test_capitals_are_shouted_unless_they_are_keywords_or_short() -> None:
    assert "shouting" in about("PLEASE reply")
    assert "shouting" not in about("Is the AC or HVAC out? Reply LEAK or STOP. ZIP code?")


def test_a_confirmation_of_an_opt_out_may_not_ask_anything() -> None:
    assert rules(lint("{business}: done. Are you sure?", "Miller", purpose="opt_out_confirmation")) == {"question"}


def test_an_owner_notice_may_be_blunt() -> None:
    assert lint("CALL BACK NOW!! {caller}", "Miller", purpose="owner_notice") == []


def test_emergency_tags_are_no_questions() -> None:
    assert questions("Miller: emergency? Text URGENT. What is wrong?", "Miller") == ["what is wrong"]
    assert questions("Urgente? Escriba URGENTE.") == []


def test_errors_come_before_warnings() -> None:
    found = lint("Hi  there", "Miller")
    assert [f.severity for f in found] == sorted((f.severity for f in found), key=["error", "warning"].index)
    assert {f.severity for f in found} == {Severity.ERROR, Severity.WARNING}


def test_a_repaired_template_needs_no_further_repair() -> None:
    assert (
        repair("{ business }:  we\u2019re closed \u2014 sorry!! \U0001f525 Bye .")
        == "{business}: we're closed - sorry! Bye."
    )


texts = st.text() | st.lists(st.sampled_from([*PROMISES, *PERSONS, *HYPES, "{business}", "{", "?", "\ud800"])).map(
    " ".join
)


@given(texts, st.text(), st.sampled_from([*PLACEHOLDERS, "something else"]))
def test_no_string_makes_the_lint_fail_and_every_finding_says_what_to_do(text: str, name: str, purpose: str) -> None:
    for finding in lint(text, name, purpose=purpose):
        assert finding.say
        assert finding.remedy


@given(texts)
@example("0\U0001d15e")  # a note that falls apart into a head, which goes, and a stem that stands on it
def test_repairing_is_done_once_and_never_makes_a_text_dearer(text: str) -> None:
    mended = repair(text)
    assert repair(mended) == mended
    if is_gsm7(text):
        assert segment_count(mended) <= segment_count(text)
