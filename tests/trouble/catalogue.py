"""Every sentence of the health line, and the manual's pages of them.

`python -m tests.trouble.catalogue` writes both pages anew after a sentence has changed; a test compares them. What differs
from box to box stands in them as an example.
"""

from __future__ import annotations

import errno
import html
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.asterisk import problems as line
from drivers.calendars import problems as calendar
from drivers.modem import problems as modem
from gateway import troubles
from gateway.core.booking.outside import doubts
from gateway.core.problem import Problem
from gateway.doctor.program import TOO_BIG, TOO_BUSY
from tests.trouble.drilled import DRILLED
from web import language
from web.words import sentences

FOLDER = Path(__file__).parents[2] / "web" / "help"
PAGES = {"en": FOLDER / "help_health.html", "es": FOLDER / "es" / "help_health.html"}
PORT = "/dev/serial/by-id/usb-modem"
KEPT = "textback.sqlite3.damaged-20260302T150000Z"
WHERE = "192.168.1.5:5038"
UNSURE = troubles.clock_unsure(
    datetime(1970, 1, 1, 0, 1, tzinfo=UTC), datetime(2026, 3, 2, 15, 0, tzinfo=UTC), ZoneInfo("America/New_York")
)
UNTOLD = troubles.clock_untold(datetime(2026, 3, 2, 15, 0, tzinfo=UTC), ZoneInfo("America/New_York"))


LAST = "Mar 2, 10:14 AM"
UNREADABLE = (
    calendar.no_answer("Connection refused"),
    calendar.too_slow(),
    calendar.not_trusted(),
    calendar.not_allowed(),
    calendar.refused(signed_in=True),
    calendar.refused(signed_in=False),
    calendar.refused(signed_in=True, digest=True),
    calendar.missing(),
    calendar.answered(500),
    calendar.elsewhere("login.example.com"),
    calendar.cut_off(),
    calendar.no_caldav(),
    calendar.no_file("No such file or directory"),
    calendar.too_big(16 * 1024 * 1024),
    calendar.not_understood("what came is no calendar"),
    calendar.not_understood("it ends in the middle"),
    calendar.not_understood("its parts do not end as they begin"),
    calendar.too_much("it has more than 20,000 entries in the coming weeks"),
    calendar.too_much("it has more than 5,000 busy times in the coming weeks"),
    calendar.too_much("it has more than 500 time zones"),
    calendar.too_much("an entry has more than 2,000 lines about time"),
    calendar.too_much("too many of its entries repeat in a way that cannot be followed"),
    calendar.too_long(),
    calendar.not_worked("exit status 1"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """The sentences of one light."""

    slug: str
    title: str
    intro: str
    problems: tuple[Problem, ...]


GROUPS = (
    Group(
        "line",
        "Office line",
        "The link to your phone system. Calls that are forwarded to the modem do not need it.",
        (
            line.unreachable(WHERE, ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")),
            line.unreachable(WHERE, OSError(errno.EHOSTUNREACH, "No route to host")),
            line.unreachable("pbx.office.lan:5038", socket.gaierror(socket.EAI_NONAME, "Name or service not known")),
            line.silent(WHERE),
            line.stranger(WHERE, b"HTTP/1.1 400 Bad Request\r\n"),
            line.refused(WHERE, "textback", "Authentication failed"),
            line.lost(WHERE, "Asterisk has been silent for 5 s"),
            line.may_not_look(WHERE, "Permission denied"),
            line.may_not_listen(WHERE, "textback"),
            line.not_written(OSError("cannot write to the database: disk I/O error")),
            line.records_unread("/var/log/asterisk/cdr-csv/Master.csv", "Permission denied"),
        ),
    ),
    Group(
        "modem",
        "Modem",
        "While the modem cannot send, calls are still seen. A caller who waits too long goes on the call-back list.",
        (
            modem.port_problem(OSError(errno.ENOENT, ""), PORT),
            modem.port_problem(OSError(errno.EACCES, ""), PORT),
            modem.port_problem(OSError(errno.EAGAIN, ""), PORT),
            modem.port_problem(OSError("Could not configure port: (25, 'Inappropriate ioctl for device')"), PORT),
            modem.port_problem(OSError(errno.ENOMEM, "Cannot allocate memory"), PORT),
            modem.NO_ANSWER,
            modem.POWER_CYCLE,
            modem.NO_NOTICES,
            modem.SETUP_REFUSED,
            modem.LOW_POWER,
            modem.SIM_MISSING,
            modem.SIM_FAILED,
            modem.SIM_BUSY,
            modem.PIN_NEEDED,
            modem.PIN_REFUSED,
            modem.PIN_LAST_TRY,
            modem.PIN_UNSURE,
            modem.PIN_NOT_NOTED,
            modem.PUK_NEEDED,
            modem.SEARCHING,
            modem.NO_NETWORK,
            modem.NO_SIGNAL,
            modem.DENIED,
            modem.REFUSING,
            modem.NO_SMSC,
            modem.SMSC_WANTED,
            modem.NO_VOICE,
            modem.CALLS_REFUSED,
            modem.store_full("SM", 18, 20),
        ),
    ),
    Group(
        "ringing",
        "Ringing phones",
        "Whether the phone system can ring your people in an emergency. They are texted in any case.",
        (
            line.cannot_ring(line.refused(WHERE, "textback-ring", "Authentication failed")),
            line.may_not_originate(WHERE, "textback-ring"),
            line.trunk_refuses(WHERE, "Asterisk could not place the call (cause 34)"),
        ),
    ),
    Group(
        "store",
        "Records",
        "What the box writes down: calls, texts, and who is never texted. A text that cannot be written down is not sent.",
        (
            *(ailment.problem(starting=False) for ailment in troubles.AILMENTS),
            troubles.DISK_FULL.problem(starting=True),
            troubles.records_mended(KEPT, certain=True),
            troubles.records_mended(KEPT, certain=False),
            troubles.records_mended(KEPT, certain=False, filled="Mar 2, 2026, 3:15 AM"),
        ),
    ),
    Group(
        "clock",
        "Clock",
        "Hours, quiet hours and “never twice” need the right time.",
        (UNSURE, UNTOLD, troubles.networks_differ()),
    ),
    Group(
        "calendar",
        "Calendars of the crews",
        "What they say last counts for as long as “fresh” says in the settings; then the box asks you to confirm.",
        (
            troubles.calendar_unread("north", UNREADABLE[0].why, UNREADABLE[0].remedy, LAST, "Mar 2, 11:14 AM"),
            troubles.calendar_unread("north", UNREADABLE[1].why, UNREADABLE[1].remedy, LAST, ""),
            *(troubles.calendar_unread("north", each.why, each.remedy, "", "") for each in UNREADABLE),
            troubles.calendar_doubtful("north", doubts(2, 1, 1)),
        ),
    ),
    Group(
        "backup",
        "Backup",
        "Every night a backup is made, read back and tried. See “Backups, and how long things are kept”.",
        (
            troubles.backup_failed(troubles.BackupTrouble.FULL),
            troubles.backup_failed(troubles.BackupTrouble.READ_ONLY),
            troubles.backup_failed(troubles.BackupTrouble.DAMAGED),
            troubles.backup_failed(troubles.BackupTrouble.OTHER),
            troubles.backup_not_copied("/media/usb/textback", troubles.BackupTrouble.MISSING),
            troubles.backup_not_copied("/media/usb/textback", troubles.BackupTrouble.FULL),
            troubles.backup_not_copied("/media/usb/textback", troubles.BackupTrouble.READ_ONLY),
            troubles.backup_not_copied("/media/usb/textback", troubles.BackupTrouble.FORBIDDEN),
            troubles.backup_old(datetime(2026, 3, 2, 8, 15, tzinfo=UTC), ZoneInfo("America/New_York")),
        ),
    ),
    Group(
        "program",
        "The program itself",
        "How late it gets its turn, and how much memory it holds: about 110 MB, and at most 300.",
        (TOO_BUSY, TOO_BIG),
    ),
    Group(
        "box",
        "The rest of the box",
        "These lights are shown only while something is wrong.",
        (
            troubles.certificate_problem(
                "certificate /var/lib/textback/tls/page.pem cannot be read: No such file or directory"
            ),
            troubles.page_problem("cannot listen on 127.0.0.1 port 8080: address already in use"),
            troubles.side_door_problem("AF_UNIX path too long"),
            troubles.part_failed("sender", ValueError()),
            troubles.not_set_up(),
            troubles.settings_refused(1, "hours.mon: '8-5' is not a window of time: did you mean '08:00-17:00'?"),
        ),
    ),
)


_INTRO = {
    "en": (
        'The <a href="/health">health page</a> says how the whole box is, the worst first: what is wrong and since when,'
        " what to do, and what it means for callers meanwhile. Beside it stand the last call and text, how many of the"
        " week’s texts arrived, and who would be told if an emergency came in at this minute. A test text goes to one of"
        " your people, and a drill goes up the real list: both show there what becomes of them. While something does not"
        " work, every page says so at its head.",
        "Every light has a sentence. Here are all of them, with what to do. The same words are in"
        " <code>textback status</code> and in the log of the box. Whatever can heal by itself does: a light turns green"
        " again without anybody touching the box.",
    ),
    "es": (
        'La <a href="/health">página Estado</a> dice cómo está todo el sistema, lo peor primero: qué anda mal y desde '
        "cuándo, qué hacer, y qué significa mientras tanto para los clientes. Al lado están la última llamada y el último"
        " texto, cuántos textos de la semana llegaron, y a quién se avisaría si en este minuto entrara una emergencia. Un"
        " texto de prueba va a alguien de su gente, y un simulacro sube por la lista de verdad: ahí se ve qué pasa con "
        "los dos. Mientras algo no funciona, todas las páginas lo dicen arriba.",
        "Cada luz tiene una frase. Aquí están todas, con lo que hay que hacer. En inglés, las mismas frases están en "
        "<code>textback status</code> y en el registro del sistema. Lo que puede arreglarse solo, se arregla: una luz "
        "vuelve a verde sin que nadie toque el aparato.",
    ),
}
_SPANISH = {
    "line": ("Línea de la oficina", "La conexión con su conmutador. Las llamadas desviadas al módem no la necesitan."),
    "modem": (
        "Módem",
        "Mientras el módem no puede mandar, las llamadas se siguen viendo. Quien espere demasiado queda en la lista por llamar.",
    ),
    "ringing": (
        "Teléfonos que suenan",
        "Si el conmutador puede llamar a su gente en una emergencia. De todos modos reciben textos.",
    ),
    "store": (
        "Registros",
        "Lo que el sistema guarda: llamadas, textos y a quién nunca se le escribe. Un texto que no se puede guardar no se manda.",
    ),
    "clock": ("Reloj", "El horario, las horas de silencio y el “nunca dos veces” necesitan la hora correcta."),
    "calendar": (
        "Calendarios de las cuadrillas",
        "Lo último que dijeron cuenta por el tiempo que dice “fresh” en los ajustes; después el sistema le pide a usted que confirme.",
    ),
    "backup": (
        "Copia de seguridad",
        "Cada noche se hace una copia de seguridad, se vuelve a leer y se prueba. Vea “Copias de seguridad, y cuánto se "
        "guardan las cosas”.",
    ),
    "program": (
        "El programa mismo",
        "Con cuánta demora le toca su turno, y cuánta memoria ocupa: unos 110 MB, y como mucho 300.",
    ),
    "box": ("Lo demás del sistema", "Estas luces aparecen solo mientras algo anda mal."),
}
_TRIED = (
    ("What was tried", "Lo que se ha probado"),
    (
        "Each of these was put into the whole program while it ran, with a simulated modem and phone system. The page said so, nobody was"
        " texted twice, and when the fault was over the box went on by itself.",
        "Cada una de estas fallas se provocó en el programa completo mientras funcionaba, con un módem y un conmutador simulados. La página"
        " lo dijo, a nadie se le escribió dos veces, y al terminar la falla el sistema siguió solo.",
    ),
)


def page(speaks: str = "en") -> str:
    """The template of the manual's page in a language."""
    language.speak(speaks)
    try:
        return _page(speaks)
    finally:
        language.speak("en")


def _page(speaks: str) -> str:
    place = ("en", "es").index(speaks)
    parts = ['{% extends "manual.html" %}', "{% block text %}", *(f"<p>{each}</p>" for each in _INTRO[speaks])]
    for group in GROUPS:
        title, intro = (group.title, group.intro) if speaks == "en" else _SPANISH[group.slug]
        parts.append(f'<h2 id="{group.slug}">{title}</h2>')
        parts.append(f"<p>{intro}</p>")
        parts.append("<dl>")
        for problem in group.problems:
            parts.append(f"<dt>{_shown(problem.say)}</dt>")
            parts.append(f"<dd>{_shown(problem.remedy)}</dd>")
        parts.append("</dl>")
    parts += [f'<h2 id="tried">{_TRIED[0][place]}</h2>', f"<p>{_TRIED[1][place]}</p>", "<ul>"]
    for one in DRILLED:
        said = " ".join(dict.fromkeys(f"“{_first(problem.say)}”" for problem in one.says))
        words = f"{said} {one.callers[place]}".strip()
        parts.append(f"<li><strong>{one.title[place]}.</strong> {words}</li>")
    return "\n".join([*parts, "</ul>", "{% endblock %}", ""])


def _first(words: str) -> str:
    return _shown(words).partition(". ")[0].rstrip(".") + "."


def _shown(words: str) -> str:
    return html.escape(sentences.say(words), quote=False)


if __name__ == "__main__":
    for each, place in PAGES.items():
        place.write_text(page(each), "utf-8")
