"""Inside the virtual machine: bytes between the USB stick's first port and the simulated modem outside.

What programs of this machine have said to the stick stands in /run/words-heard. It ends when the stick is pulled, to be started anew.
"""

import os
import select
import sys
import tty

OUTSIDE, STICK, HEARD = "/dev/virtio-ports/modem", "/dev/ttyGS0", "/run/words-heard"
outside = os.open(OUTSIDE, os.O_RDWR)
stick = os.open(STICK, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
tty.setraw(stick)


def to_stick(data):
    while data:
        try:
            data = data[os.write(stick, data) :]
        except BlockingIOError:
            return  # nobody reads there, as at a stick that is pulled


def to_outside(data):
    if not data:
        sys.exit("the stick was pulled")
    with open(HEARD, "ab") as file:
        file.write(data)
    while data:
        data = data[os.write(outside, data) :]


while True:
    readable, _, _ = select.select([outside, stick], [], [])
    if outside in readable:
        to_stick(os.read(outside, 4096))
    if stick in readable:
        to_outside(os.read(stick, 4096))
