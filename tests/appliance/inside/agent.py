"""Inside the virtual machine: carries out the test's commands, one JSON object a line, over a port of its own.

In: {"id": 1, "do": "shell command"}. Out: {"id": 1, "line": "..."} for each line as it is said, then {"id": 1, "rc": 0}.
{"id": 1, "look": "page"} and its like are answered in one line of JSON by this process itself: to start a Python takes an emulated
machine seconds.
"""

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import threading
import urllib.request

PORT = "/dev/virtio-ports/agent"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
}
port = os.open(PORT, os.O_RDWR)
turn = threading.Lock()


def tell(**words):
    data = json.dumps(words).encode() + b"\n"
    with turn:
        while data:
            data = data[os.write(port, data) :]


def carry_out(number, command):
    with subprocess.Popen(
        ["/bin/bash", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    ) as running:
        for line in running.stdout:
            tell(id=number, line=line.decode("utf-8", "replace"))
    tell(id=number, rc=running.returncode)


def page(_asked):
    with urllib.request.urlopen("http://127.0.0.1:8080/", timeout=60) as answer:
        return answer.read(20000).decode()


def door(asked):
    """What the gateway answers at its side door."""
    with socket.socket(socket.AF_UNIX) as there, there.makefile("rb") as lines:
        there.settimeout(60)
        there.connect("/var/lib/textback/control.sock")
        there.sendall(json.dumps(asked["ask"]).encode() + b"\n")
        return json.loads(lines.readline())


def rows(asked):
    """What the records say, read beside the gateway."""
    file = "file:/var/lib/textback/textback.sqlite3?mode=ro"
    with contextlib.closing(sqlite3.connect(file, uri=True, timeout=60)) as db:
        return db.execute(asked["query"]).fetchall()


LOOKS = {"page": page, "door": door, "rows": rows}


def look(asked):
    try:
        said, code = json.dumps(LOOKS[asked["look"]](asked)), 0
    except (OSError, ValueError, sqlite3.Error) as error:
        said, code = str(error), 1
    tell(id=asked["id"], line=said)
    tell(id=asked["id"], rc=code)


typed = b""
tell(id=0, line="here")
while True:
    typed += os.read(port, 65536)
    *lines, typed = typed.split(b"\n")
    for line in lines:
        if line:
            asked = json.loads(line)
            if "look" in asked:
                threading.Thread(target=look, args=(asked,), daemon=True).start()
            else:
                threading.Thread(target=carry_out, args=(asked["id"], asked["do"]), daemon=True).start()
