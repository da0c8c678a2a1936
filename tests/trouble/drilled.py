"""The faults that `tests/drill/test_faults.py` puts into the running program, in one list: what the page says, what callers meet.

The manual shows it (`tests.trouble.catalogue`); a test sees to it that each is tried.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from drivers.asterisk import problems as line
from drivers.modem import problems as modem
from gateway import troubles
from gateway.core.problem import Problem

PORT = "/dev/serial/by-id/usb-modem"
WHERE = "192.168.1.5:5038"


@dataclass(frozen=True, slots=True)
class Drilled:
    """One fault. `says` are the page's sentences, `tried` the name of what tries it; titles and words in English and Spanish."""

    tried: str
    title: tuple[str, str]
    says: tuple[Problem, ...]
    callers: tuple[str, str]


_WAIT = (
    "Missed calls are seen; their texts wait and leave by themselves. Whoever waits too long is on the call-back list.",
    "Las llamadas perdidas se ven; sus textos esperan y salen solos. Quien espera demasiado queda en la lista por llamar.",
)
_FORWARDED = (
    "Calls that are forwarded to the modem are texted. A call that still rings when the link is back is picked up.",
    "Las llamadas desviadas al módem reciben su texto. La que sigue sonando cuando vuelve la conexión se toma.",
)
_LISTED = (
    "Missed calls are on the call-back list; the young ones are texted once the time is known.",
    "Las llamadas perdidas quedan en la lista por llamar; las recientes reciben su texto cuando se sabe la hora.",
)
DRILLED = (
    Drilled(
        "modem unplugged",
        ("The modem is unplugged", "El módem se desconecta"),
        (modem.port_problem(OSError(errno.ENOENT, ""), PORT),),
        _WAIT,
    ),
    Drilled(
        "modem re-enumerated",
        ("The modem comes back under another number", "El módem vuelve con otro número"),
        (modem.port_problem(OSError(errno.ENOENT, ""), PORT),),
        (
            "It is found by its name within seconds, and texts go on.",
            "Se encuentra por su nombre en segundos, y los textos siguen.",
        ),
    ),
    Drilled("modem hung", ("The modem hangs", "El módem se traba"), (modem.NO_ANSWER,), _WAIT),
    Drilled("SIM removed", ("The SIM card is pulled out", "Se saca la tarjeta SIM"), (modem.SIM_MISSING,), _WAIT),
    Drilled(
        "PIN wrong",
        ("The PIN is wrong", "El PIN está mal"),
        (modem.PIN_REFUSED,),
        (
            f"{_WAIT[0]} The PIN is tried once and never again, also after a restart.",
            f"{_WAIT[1]} El PIN se prueba una vez y nunca más, tampoco después de un reinicio.",
        ),
    ),
    Drilled("no network", ("There is no mobile network", "No hay red celular"), (modem.NO_NETWORK,), _WAIT),
    Drilled(
        "SMSC empty",
        ("The SIM card has lost its message center", "La tarjeta SIM perdió su centro de mensajes"),
        (modem.NO_SMSC, modem.SMSC_WANTED),
        _WAIT,
    ),
    Drilled(
        "storage full",
        ("The SIM card is full", "La tarjeta SIM está llena"),
        (modem.store_full("SM", 20, 20),),
        (
            "Callers are texted. Their answers wait in the network until there is room.",
            "Los clientes reciben su texto. Lo que contestan espera en la red hasta que haya lugar.",
        ),
    ),
    Drilled(
        "ModemManager present",
        ("ModemManager takes the modem", "ModemManager toma el módem"),
        (modem.port_problem(OSError(errno.EAGAIN, ""), PORT),),
        _WAIT,
    ),
    Drilled(
        "AMI down",
        ("The phone system is down", "El conmutador no funciona"),
        (line.unreachable(WHERE, ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")),),
        _FORWARDED,
    ),
    Drilled(
        "Asterisk reinstalled",
        ("The phone system is installed anew", "El conmutador se instala de nuevo"),
        (line.refused(WHERE, "textback", "Authentication failed"),),
        (
            f"{_FORWARDED[0]} A call in which the old one died is texted, and none is taken for one of before.",
            f"{_FORWARDED[1]} La llamada que se cortó con el anterior recibe su texto, y ninguna se confunde con una de antes.",
        ),
    ),
    Drilled(
        "test_disk_full_and_disk_read_only_at_the_start",
        ("The disk is full", "El disco está lleno"),
        (troubles.DISK_FULL.problem(starting=False), troubles.DISK_FULL.problem(starting=True)),
        (
            "Calls are kept in memory and texts stay on the SIM card; all of it is done when there is room.",
            "Las llamadas se guardan en la memoria y los textos se quedan en la SIM; todo se hace cuando hay lugar.",
        ),
    ),
    Drilled(
        "test_disk_read_only_in_service",
        ("The disk can only be read", "El disco solo se puede leer"),
        (troubles.READ_ONLY.problem(starting=False), troubles.READ_ONLY.problem(starting=True)),
        (
            "Nothing leaves that cannot be written down. With a mended disk it goes on, and nobody is texted twice.",
            "No sale nada que no se pueda guardar. Con el disco arreglado todo sigue, y a nadie se le escribe dos veces.",
        ),
    ),
    Drilled(
        "test_a_database_corrupted_at_random_offsets",
        ("The records are damaged", "Los registros se dañan"),
        (
            troubles.records_mended("textback.sqlite3.damaged", certain=True),
            troubles.records_mended("textback.sqlite3.damaged", certain=False),
        ),
        (
            "What can be read is saved. Who said STOP is not texted; where that is not certain, nobody is, and a person decides.",
            "Se salva lo que se puede leer. A quien dijo STOP no se le escribe; si eso no es seguro, a nadie, y decide una persona.",
        ),
    ),
    Drilled("test_clock_at_1970", ("The clock shows 1970", "El reloj marca 1970"), (), _LISTED),
    Drilled(
        "test_clock_two_days_ahead",
        ("The clock is two days ahead", "El reloj va dos días adelantado"),
        (),
        (
            "Callers are texted. Once it is put right nobody is texted twice, and the right time is believed.",
            "Los clientes reciben su texto. Cuando se corrige, a nadie se le escribe dos veces, y se cree la hora correcta.",
        ),
    ),
    Drilled(
        "test_dst_night",
        ("The night in which the clocks change", "La noche en que cambia la hora"),
        (),
        (
            "There is nothing to be said: what waits for the morning leaves by the new time, each text and each reminder once.",
            "No hay nada que decir: lo que espera a la mañana sale con la hora nueva, cada texto y cada recordatorio una vez.",
        ),
    ),
    Drilled(
        "test_memory_pressure",
        ("The box has no memory left", "Al aparato no le queda memoria"),
        (troubles.SHORT_OF_MEMORY.problem(starting=False),),
        (
            "Calls that ring are picked up again, what cannot be written down waits. A box that is ended for it is started again.",
            "Las llamadas que suenan se toman otra vez, lo que no se puede guardar espera. Si el programa se cierra por eso, "
            "vuelve a arrancar.",
        ),
    ),
)
