"""The serial ports of the box, as somebody who has just plugged a modem in may know them."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.core.views.setup import SerialPort

SERIAL = Path("/dev/serial/by-id")


def serial_ports() -> tuple[SerialPort, ...]:
    """The serial ports under their lasting names; where there are none, those that the kernel has counted."""
    found = sorted(SERIAL.iterdir()) if SERIAL.is_dir() else []
    found = found or sorted(path for kind in ("ttyUSB*", "ttyACM*") for path in Path("/dev").glob(kind))
    return tuple(SerialPort(str(path), _device(path.name)) for path in found)


def _device(name: str) -> str:
    """`usb-HUAWEI_HUAWEI_Mobile-if00-port0` is HUAWEI HUAWEI Mobile, connection 0."""
    found = re.fullmatch(r"usb-(.+?)(?:-if(\d\d))?(?:-port\d+)?", name)
    if found is None:
        return name
    return found[1].replace("_", " ") + (f", connection {int(found[2])}" if found[2] else "")
