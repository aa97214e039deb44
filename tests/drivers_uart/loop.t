#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
Runs the UART suites with somebody at the other end of uart1 and uart2, and hands their TAP on.

    loop.t [BYTES [LINE...]]    how many bytes go each way in the wild runs (default 20000), and over which lines
                                (unix, tcp, pty, pipe; default all)
"""
import os
import random
import re
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tty

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, make, note, ok  # noqa: E402

BYTES = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
LINES = sys.argv[2:] or ["unix", "tcp", "pty", "pipe"]


class Line:
    """The host's end of a line: two file descriptors, and the words that give the emulator the other end."""

    def __init__(self, kind, name, folder):
        self.reading = self.writing = self.listener = None
        path = f"{folder}/{name}"
        if kind == "unix":
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(path)
            backend = f"socket,id={name},path={path}"
        elif kind == "tcp":
            self.listener = socket.socket()
            self.listener.bind(("127.0.0.1", 0))
            backend = f"socket,id={name},host=127.0.0.1,port={self.listener.getsockname()[1]}"
        elif kind == "pty":
            self.reading, self.other = os.openpty()
            tty.setraw(self.other)
            self.writing = self.reading
            backend = f"serial,id={name},path={os.ttyname(self.other)}"
        else:
            os.mkfifo(f"{path}.in")
            os.mkfifo(f"{path}.out")
            self.writing = os.open(f"{path}.in", os.O_RDWR)
            self.reading = os.open(f"{path}.out", os.O_RDWR)
            backend = f"pipe,id={name},path={path}"
        if self.listener:
            self.listener.listen(1)
        self.words = ["-chardev", backend, "-serial", f"chardev:{name}"]

    def open(self):
        if self.listener:
            self.connection, _ = self.listener.accept()
            self.reading = self.writing = self.connection.fileno()

    def waits(self, seconds):
        """Whether bytes come within this time."""
        return bool(select.select([self.reading], [], [], seconds)[0])

    def read(self, limit):
        return os.read(self.reading, limit)

    def write(self, data):
        while data:
            data = data[os.write(self.writing, data):]


def echo(line, wild):
    """Sends back what comes; wild: with pauses before reading, and in bursts."""
    rng = random.Random(3)
    while True:
        if wild and rng.random() < 0.02:
            time.sleep(rng.uniform(0, 0.25))
        held = line.read(rng.randint(1, 600) if wild else 4096)
        while wild and held and len(held) < 600 and rng.random() < 0.5 and line.waits(0.1):
            held += line.read(600)
        if not held:
            return
        line.write(held)


def counter(line):
    """Lets bytes pile up, then counts them and says how many."""
    while True:
        line.waits(None)
        time.sleep(0.7)
        count = 0
        while line.waits(0.4):
            part = line.read(4096)
            if not part:
                return
            count += len(part)
        line.write(b"%d\n" % count)


def play(line, peer, *arguments):
    try:
        line.open()
        peer(line, *arguments)
    except OSError:
        pass  # the emulator has gone


def run(suite, mood, kind):
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
        lines = Line(kind, "echo", folder), Line("unix", "counter", folder)
        for line, peer in zip(lines, ((echo, mood == "wild"), (counter,))):
            threading.Thread(target=play, args=(line, *peer), daemon=True).start()
        result = subprocess.run(
            ["timeout", "-k", "5", str(60 + BYTES // 1000), "qemu-system-arm", "-M", "mps2-an505", "-display", "none",
             "-monitor", "none", "-no-reboot", "-kernel", str(TREE / "build/mps2_an505" / suite / "firmware.elf"),
             "-serial", "stdio", *lines[0].words, *lines[1].words,
             "-semihosting-config", f"enable=on,target=native,arg={suite},arg={mood},arg=bytes={BYTES}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=TREE)
        return result.returncode, result.stdout.decode(errors="replace")


for suite in ("drivers_uart", "drivers_refusal"):
    status, out, err = make(f"APP=tests/{suite}")
    if not ok(status == 0, f"tests/{suite} builds", out + err):
        done()
runs = [("drivers_uart", "calm", "unix"), ("drivers_refusal", "calm", "unix"),
        *(("drivers_uart", "wild", line) for line in LINES)]
for suite, mood, kind in runs:
    status, text = run(suite, mood, kind)
    ran = 0
    for line in text.splitlines():
        match = re.match(r"(not )?ok \d+ - (\S+)(.*)", line)
        if match and "# SKIP" not in match[3]:
            ran += 1
            if mood == "calm" or match[2].startswith("uart_wild") or match[1]:
                ok(not match[1], f"{mood}, {kind}: {match[2]}")
        elif line.startswith("#"):
            note(line[1:].strip())
    ok(status == 0 and ran > 0, f"{suite}, {mood}, {kind}: the image ended well", f"status {status}\n{text}")
done()
