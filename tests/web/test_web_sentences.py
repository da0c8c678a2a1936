"""What the box writes down in English is said in Spanish on a Spanish page."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from drivers.asterisk import problems as line
from drivers.modem import problems as modem
from gateway.cli import simulate
from gateway.core.problem import Problem
from gateway.core.understanding import situations
from gateway.queries.rows import STATE_WORDS
from gateway.settings import SettingsError, parse
from gateway.settings.edit.answers import sketch
from tests.conversation.play import play
from tests.conversation.script import DIALOGUES, LADDER, read_dialogues
from tests.tools import words
from web import drawing, language
from web.words import sentences, wording

BOOK = sentences._spanish()
KEPT = {
    "calls": "say",
    "texts": "say",
    "tasks": "say",
    "history": "what",
    "leads": "why",
    "alerts": "say",
    "reviews": "say",
}


@pytest.fixture(name="in_spanish")
def spanish():
    language.speak("es")
    yield
    language.speak("en")


@pytest.fixture
def written_down(monkeypatch):
    """Every sentence that a simulated box has written into its records."""
    found: set[str] = set()
    made, closed = simulate.Simulation.__init__, simulate.Simulation.close

    def begin(self, *args, **options):
        made(self, *args, **options)
        self._db.execute("CREATE TEMP TABLE said (words TEXT)")
        for number, (table, column) in enumerate((*KEPT.items(), ("leads", "next_step"))):
            for when in ("INSERT", f"UPDATE OF {column}"):
                self._db.execute(
                    f"CREATE TEMP TRIGGER hear_{number}_{when[:6]} AFTER {when} ON main.{table} WHEN new.{column} <> ''"
                    f" BEGIN INSERT INTO said VALUES (new.{column}); END"
                )

    def end(self):
        found.update(words for (words,) in self._db.execute("SELECT words FROM said"))
        closed(self)

    monkeypatch.setattr(simulate.Simulation, "__init__", begin)
    monkeypatch.setattr(simulate.Simulation, "close", end)
    return found


def test_every_sentence_of_the_days_that_are_played_is_known(written_down):
    dialogues = read_dialogues(DIALOGUES)
    play([*dialogues[:: max(1, len(dialogues) // 60)], *read_dialogues(LADDER)])
    assert len(written_down) > 150
    assert sorted(words for words in written_down if BOOK.say(words) is None) == []


def problems():
    for module in (modem, line):
        for value in vars(module).values():
            if isinstance(value, Problem):
                yield value


def test_every_problem_of_the_modem_and_the_line_is_known_with_its_remedy():
    found = list(problems())
    assert len(found) > 15
    assert [text for problem in found for text in (problem.say, problem.remedy) if BOOK.say(text) is None] == []


def test_every_sentence_about_the_box_that_the_manual_explains_is_known():
    page = (drawing._HERE / "help" / "help_health.html").read_text()
    told = [html.unescape(found) for found in re.findall(r"<d[td](?: id=\"[a-z_]+\")?>(.*?)</d[td]>", page)]
    assert len(told) > 40
    assert [words for words in told if BOOK.say(words) is None] == []


def test_every_state_of_a_text_and_every_situation_is_known():
    told = {one.says for one in situations.SITUATIONS}
    assert [words for words in (*STATE_WORDS.values(), *told) if BOOK.say(words) is None] == []


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("already texted 3 days ago", "ya se le mandó un texto hace 3 días"),
        (
            "says nothing else than that it cannot wait: “pipe burst”",
            "no dice otra cosa que algo que no puede esperar: “pipe burst”",
        ),
        ("Already texted 2 h ago", "ya se le mandó un texto hace 2 h"),
        ("too old, on the call-back list", "demasiado tarde, en la lista por llamar"),
        (
            "limit of 30 texts per hour reached, on the call-back list",
            "se llegó al límite de 30 textos por hora, en la lista por llamar",
        ),
        ("not sent: the network rejected the text (error 21)", "no enviado: la red rechazó el texto (error 21)"),
        (
            "waits for an answer (name); not known yet: name, time; call (216) 555-0134 (wife)",
            "espera respuesta (nombre); falta saber: nombre, hora; llame al (216) 555-0134 (wife)",
        ),
        (
            "call Tue Mar 3, 8-9 AM, as promised (Ann); wants a call",
            "llame mar 3 mar, 8-9 AM, como se prometió (Ann); quiere que le llamen",
        ),
        ("quiet hours, held until 8:00 AM", "horas de silencio, espera hasta 8:00 AM"),
        ("confirm the appointment: next tuesday morning", "confirme la cita: el próximo martes en la mañana"),
        ("done: Mike, by text", "listo: Mike, por texto"),
        ("the office (102) has spoken with the caller", "la oficina (102) ya habló con el cliente"),
    ],
)
def test_what_changes_in_a_sentence_is_taken_over(english, said):
    assert BOOK.say(english) == said


def test_what_a_caller_wrote_is_never_changed():
    assert BOOK.say("opted out: 'the office has settled the matter'") == (
        "no quiere más textos: 'the office has settled the matter'"
    )


@pytest.mark.usefixtures("in_spanish")
def test_a_sentence_that_nobody_knows_stays_and_says_that_it_is_english():
    draw = drawing._said(wording.full_sentence)
    assert draw("the frobnicator of the box is upside <down>") == Markup(
        '<span lang="en">The frobnicator of the box is upside &lt;down&gt;.</span>'
    )
    assert draw("the modem works.") == "El módem funciona."
    assert draw("elija un día y una hora") == "Elija un día y una hora."


@pytest.mark.usefixtures("in_spanish")
def test_moments_are_written_as_they_are_read():
    times = wording.LocalTime(ZoneInfo("America/Chicago"))
    now = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)
    assert times.short(now, now) == "2:00 PM"
    assert times.short(datetime(2026, 3, 4, 20, 0, tzinfo=UTC), now) == "mié 2:00 PM"
    assert times.short(datetime(2026, 1, 4, 20, 0, tzinfo=UTC), now) == "4 ene, 2:00 PM"
    assert times.day(now) == "sábado 7 de marzo"


def test_both_sides_of_a_sentence_have_the_same_blanks():
    blanks = re.compile(r"\{[a-z]+[0-9]?\}")
    for pattern in BOOK.patterns:
        missing = set(blanks.findall(pattern.said)) - set(blanks.findall(pattern.english))
        assert not missing, pattern.english


def test_no_sentence_is_written_down_twice():
    pairs = [english for english, _said in sentences.read("sentences.es.txt")]
    assert sorted({english for english in pairs if pairs.count(english) > 1}) == []


# What people have typed, names of services, of lines and of people stand on a Spanish page as they are.
ENGLISH_WORDS = {
    "Overdue",
    "Emergency",
    "Search",
    "Done",
    "Texted",
    "Missed",
    "Inbox",
    "Calls",
    "Health",
    "Help",
    "Call",
}
EVERY_PAGE = (
    "/",
    "/calls",
    "/health",
    "/me",
    "/review",
    "/contacts",
    "/search?q=leak",
    "/leads/1",
    "/help/",
    "/sign-in",
)


@pytest.mark.parametrize("path", EVERY_PAGE)
async def test_no_page_drawn_in_spanish_shows_an_english_word_of_ours(browse, office, path):
    client = await browse(office)
    answer = await client.get(path, headers={"Accept-Language": "es"})
    page = re.sub(r"<bdi>.*?</bdi>|<blockquote.*?</blockquote>|<[^>]*>", "\n", await answer.text(), flags=re.DOTALL)
    shown = {" ".join(line.split()) for line in page.splitlines()} - {""}
    assert answer.status == 200
    assert sorted(shown & ENGLISH_WORDS) == []
    said = {html.escape(message.id, quote=False) for message in words.kept("es") if differs(message)}
    assert sorted(shown & said) == []


def differs(message) -> bool:
    """A message whose English must not be seen: it has words, and its Spanish is another."""
    return isinstance(message.id, str) and " " in message.id.strip() and message.id != message.string


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("line", {"kind": "forwarded", "number": "12"}),
        ("line", {"kind": "sim", "number": "", "sim": "abc"}),
        ("hours", {"mon_from": "08:00", "mon_to": "later"}),
        ("hours", {"mon_from": "18:00", "mon_to": "08:00"}),
        ("area", {"zips": "441"}),
        ("area", {"miles": "x", "around": "44102"}),
        ("people", {"owner_cell": "911"}),
        ("business", {"name": "", "timezone": "America/New_York"}),
        ("business", {"name": "Acme", "timezone": "Mars/Olympus"}),
        ("business", {"name": "Acme", "timezone": "", "area_code": "2"}),
        ("business", {"name": "Acme", "timezone": "America/New_York", "country": "Mexico"}),
        ("asterisk", {"host": "a b", "port": "1"}),
        ("asterisk", {"host": "pbx", "port": "manager"}),
        ("modem", {"port": "ttyUSB0"}),
    ],
)
def test_what_the_set_up_refuses_is_known(step, answers):
    line = {"kind": "asterisk", "number": "+12165550100"}
    with pytest.raises(SettingsError) as refused:
        parse(sketch({"line": line, step: answers}))
    for problem in refused.value.problems:
        say = re.sub(r"^[a-z_]+(?:\.[a-z_0-9]+)*: ", "", problem.what)
        assert BOOK.say(f"{say} - {problem.remedy}") is not None, (say, problem.remedy)
