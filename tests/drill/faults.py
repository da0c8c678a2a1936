"""The faults of modem, SIM card, network and phone system: each finds a box that is well and leaves one that is well again.

Each is put in from outside; while it lasts the page says what is wrong and what to do, a caller is missed; it is taken away
again, and nobody touches the box: the sentence goes, who called meanwhile is served, and nobody is texted twice.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from drivers.asterisk import problems as line_says
from drivers.modem import problems as modem_says
from drivers.simulator.pbx import SimulatedPbx
from gateway.core.problem import Problem
from tests.drill.faultworld import OFFICE, OWNER, Office

Fault = Callable[[Office], Awaitable[None]]

CARRIER = "8700"  # a short code: adverts, which nobody answers
FOREIGN = """
import sys, time
from pathlib import Path
import serial
Path("/proc/self/comm").write_text("ModemManager")
print("ready", flush=True)
while True:
    try:
        port = serial.Serial(sys.argv[1], exclusive=True)
        break
    except OSError:
        time.sleep(0.001)
print("held", flush=True)
sys.stdin.read()
"""


async def texts_wait(shop: Office, problem: Problem, heal: Callable[[], object]) -> None:
    """During the fault a caller waits; after `heal` he is texted once, like the next one, and the owner has heard of it."""
    told = len(shop.texts_to(OWNER))
    await shop.says(problem)
    waits = await shop.missed()
    await shop.noted(waits, "waiting")
    await shop.broke("modem")
    assert shop.texts_to(waits) == []
    done = heal()
    if isinstance(done, Awaitable):
        await done
    await shop.says_no_more(problem)
    await shop.all_well()
    await shop.is_texted(waits)
    await shop.is_texted(await shop.missed())
    await shop.owner_is_told(told, "well again since")


async def modem_unplugged(shop: Office) -> None:
    shop.modem.unplug()
    problem = modem_says.port_problem(OSError(errno.ENOENT, ""), shop.modem.path)
    await shop.says(problem)
    await shop.doctor_says("port", "fail", "is not there", "Plug the modem in")
    await texts_wait(shop, problem, shop.modem.start)


async def modem_re_enumerated(shop: Office) -> None:
    """It is back by itself under another number; only the name by-id finds it."""
    before = shop.modem.device
    shop.modem.reenumerate(0.5)
    waits = await shop.missed()
    await shop.until(lambda: shop.modem.plugged, "it is back")
    assert shop.modem.device != before
    await shop.all_well()
    await shop.is_texted(waits)
    await shop.is_texted(await shop.missed())


async def modem_hung(shop: Office) -> None:
    shop.modem.faults.deaf = True
    await shop.says(modem_says.NO_ANSWER)
    await shop.doctor_says("modem", "fail", "does not answer")
    await texts_wait(shop, modem_says.NO_ANSWER, lambda: setattr(shop.modem.faults, "deaf", False))


async def sim_removed(shop: Office) -> None:
    """Pulled out in service, and the modem says no word of it."""
    shop.modem.pull_sim()
    await shop.says(modem_says.SIM_MISSING)
    await shop.doctor_says("sim", "fail", "finds no SIM card")
    await texts_wait(shop, modem_says.SIM_MISSING, shop.modem.put_sim)


async def pin_wrong(shop: Office) -> None:
    """Tried once in its life: not again by a session, not by a start, not by the doctor."""
    card = shop.modem.sim
    card.pin = "1234"
    await shop.configure(pin=', pin: "9999"')
    await shop.modem.replug()
    await shop.says(modem_says.PIN_REFUSED)
    await shop.doctor_says("sim", "fail", "refused the configured PIN")
    await shop.again()
    await shop.says(modem_says.PIN_REFUSED)
    await texts_wait(shop, modem_says.PIN_REFUSED, lambda: shop.configure(pin=', pin: "1234"'))
    tries = [line for _, line in shop.modem.commands if line.startswith("AT+CPIN=")]
    assert tries[-2:] == ['AT+CPIN="9999"', 'AT+CPIN="1234"'], tries
    card.pin = None
    await shop.configure(pin="")


async def no_network(shop: Office) -> None:
    shop.modem.change_faults(network_lost=True)
    await shop.says(modem_says.SEARCHING)
    await shop.says(modem_says.NO_NETWORK)
    await shop.doctor_says("network", "warn", "looking for the mobile network")
    await texts_wait(shop, modem_says.NO_NETWORK, lambda: shop.modem.change_faults(network_lost=False))


async def smsc_empty(shop: Office) -> None:
    """The card has lost its message center: seen at the start of a session, and by the first text in one."""
    number, shop.modem.sim.smsc = shop.modem.sim.smsc, ""
    await shop.modem.replug()
    await shop.says(modem_says.NO_SMSC)
    await shop.doctor_says("smsc", "warn", "no message center number")
    waits = await shop.missed()
    await shop.says(modem_says.SMSC_WANTED)
    await shop.doctor_says("smsc", "fail", "no message center number")
    await texts_wait(shop, modem_says.SMSC_WANTED, lambda: setattr(shop.modem.sim, "smsc", number))
    await shop.is_texted(waits)


async def storage_full(shop: Office) -> None:
    """A card that lets nothing be deleted fills up; a customer's text waits in the network until there is room."""
    memory = shop.modem.state.memory(2)
    shop.modem.faults.no_delete = True
    for number in range(memory.capacity):
        shop.modem.receive(CARRIER, f"Offer {number}: twice the data for a week.")
    problem = modem_says.store_full(memory.name, memory.capacity, memory.capacity)
    await shop.says(problem)
    await shop.doctor_says("storage", "warn", "nearly full")
    customer = shop.somebody()
    shop.modem.receive(f"+1{customer}", "my furnace quit")
    assert shop.modem.undelivered == 1
    await shop.is_texted(await shop.missed())  # texting goes on
    shop.modem.faults.no_delete = False
    await shop.says_no_more(problem)
    await shop.until(lambda: shop.letters(customer) == ["my furnace quit"], "the customer's text is there")
    await shop.all_well()
    assert len(shop.letters(CARRIER)) == memory.capacity, "an advert was kept twice, or lost"


async def modem_manager_present(shop: Office) -> None:
    """A program of that name takes the port while the modem comes back. Simulated: a process of that name, not the real one."""
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FOREIGN, shop.modem.path, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    problem = modem_says.port_problem(OSError(errno.EAGAIN, ""), shop.modem.path)
    try:
        assert await holder.stdout.readline() == b"ready\n"
        shop.modem.unplug()
        await shop.modem.start()
        assert await holder.stdout.readline() == b"held\n"
        await shop.says(problem)
        await shop.doctor_says("port_held", "fail", "ModemManager", "systemctl disable --now ModemManager")
        await shop.doctor_says("port_grabbers", "warn", "ModemManager runs")

        async def let_go() -> None:
            holder.terminate()
            await holder.wait()

        await texts_wait(shop, problem, let_go)
    finally:
        if holder.returncode is None:
            holder.kill()
            await holder.wait()


async def ami_down(shop: Office) -> None:
    told = len(shop.texts_to(OWNER))
    await shop.pbx.stop()
    where = f"127.0.0.1:{shop.pbx.port}"
    problem = line_says.unreachable(where, ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED)))
    await shop.says(problem)
    await shop.doctor_says("ami_login", "fail", "nothing listens there")
    await shop.broke("asterisk")
    forwarded = await shop.forwarded()  # the modem's own line goes on
    await shop.is_texted(forwarded)
    waits = shop.somebody()
    ringing = asyncio.create_task(shop.pbx.missed_call(waits, OFFICE, ring_s=shop.patient_s / 10))
    await asyncio.sleep(0)  # the call is there before the gateway can see it
    await shop.pbx.start()
    await shop.says_no_more(problem)
    await ringing
    await shop.all_well()
    await shop.is_texted(waits)
    await shop.is_texted(await shop.missed())
    await shop.owner_is_told(told, "well again since", "Asterisk at 127.0.0.1")


async def asterisk_reinstalled(shop: Office) -> None:
    """The phone system dies in the middle of a call and comes back as another version, its clock and names begun anew, its users gone."""
    old = shop.pbx
    old.clock = new_clock = _standing(1_700_000_000)
    before = await shop.missed()
    await shop.is_texted(before)
    lost = shop.somebody()
    dying = asyncio.create_task(old.missed_call(lost, OFFICE, ring_s=60))
    await shop.noted(lost, "ringing")
    await old.stop()
    dying.cancel()
    new = SimulatedPbx(port=old.port, secret="of the new one", trunk="voip")
    new.banner, new.clock = "Asterisk Call Manager/5.0.1\r\n", new_clock
    await new.start()
    shop.pbx = new
    try:
        where = f"127.0.0.1:{new.port}"
        problem = line_says.refused(where, "textback", "Authentication failed")
        await shop.says(problem)
        await shop.doctor_says("ami_login", "fail", "refused the login", "manager.conf")
        await shop.is_texted(await shop.forwarded())
        new.secret = old.secret  # somebody writes the user into the new manager.conf, as the page says
        await shop.says_no_more(problem)
        await shop.is_texted(lost)  # it was in a call when its phone system died
        await shop.is_texted(await shop.missed())
        await shop.is_texted(await shop.missed())
        assert len(shop.texts_to(before)) == 1, "a call of the new one was taken for one of the old one"
        await shop.all_well()
    finally:
        await new.stop()
        shop.pbx = old
        await old.start()
        old.channels.clear()
    await shop.all_well()


def _standing(moment: float) -> Callable[[], float]:
    return lambda: moment


OF_DEVICES: Final[dict[str, Fault]] = {
    "modem unplugged": modem_unplugged,
    "modem re-enumerated": modem_re_enumerated,
    "modem hung": modem_hung,
    "SIM removed": sim_removed,
    "PIN wrong": pin_wrong,
    "no network": no_network,
    "SMSC empty": smsc_empty,
    "storage full": storage_full,
    "ModemManager present": modem_manager_present,
    "AMI down": ami_down,
    "Asterisk reinstalled": asterisk_reinstalled,
}
