#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
Runs the UART suites with somebody at the other end of uart1 and uart2, and hands their TAP on.

    loop.t [BYTES [LINE...]]    how many bytes go each way in the wild runs (default 30000), and over which lines
                                (unix, tcp, pty, stdio; default all, with the core moving the bytes over unix, too);
                                with arguments the calm runs are left out
"""
import os
import pathlib
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
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, make, note, ok  # noqa: E402

BYTES = int(sys.argv[1]) if len(sys.argv) > 1 else 30000
LINES = sys.argv[2:] or ["unix", "tcp", "pty", "stdio"]


class Line:
    """The host's end of a line: two file descriptors, and the words that give the emulator the other end."""

    def __init__(self, kind, name, folder):
        self.reading = self.writing = self.listener = None
        self.other = self.other_writing = subprocess.DEVNULL  # the emulator's standard input and output
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
            self.reading, self.terminal = os.openpty()
            tty.setraw(self.terminal)
            self.writing = self.reading
            backend = f"serial,id={name},path={os.ttyname(self.terminal)}"
        else:
            self.other, self.writing = os.pipe()
            self.reading, self.other_writing = os.pipe()
            backend = f"stdio,id={name},signal=off"
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


def stream(begin, count):
    """What wild.c sends: bytes `begin` to `begin + count`."""
    return bytes((n ^ n >> 8 ^ n >> 16) & 255 for n in range(begin, begin + count))


class Echo:
    """Sends back what comes; wild: checks it, with pauses before reading, and in bursts."""

    def __init__(self, wild):
        self.wild, self.seen, self.wrong, self.stalls, self.rng = wild, 0, None, 0, random.Random(3)

    def __call__(self, line):
        while held := self.take(line):
            if self.wild and self.wrong is None and held != stream(self.seen, len(held)):
                self.wrong = f"bytes {self.seen} and on: {held.hex()} instead of {stream(self.seen, len(held)).hex()}"
            self.seen += len(held)
            line.write(held)

    def take(self, line):
        rng = self.rng
        if not self.wild:
            return line.read(4096)
        if rng.random() < 0.01:
            self.stalls += 1
            time.sleep(rng.uniform(0, 0.2))
        held = line.read(rng.randint(1, 600))
        while held and len(held) < 600 and rng.random() < 0.5 and line.waits(0.05):
            held += line.read(600)
        return held


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


def run(suite, mood, kind, uart="uart1"):
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
        lines = Line(kind, "echo", folder), Line("unix", "counter", folder)
        peer = Echo(mood == "wild")
        threading.Thread(target=play, args=(lines[0], peer), daemon=True).start()
        threading.Thread(target=play, args=(lines[1], counter), daemon=True).start()
        unused = ["-serial", "null"] * 2 if uart == "uart3" else []
        serials = [*unused, *lines[0].words] if unused else [*lines[0].words, *lines[1].words]
        begin = time.monotonic()
        result = subprocess.run(
            ["timeout", "-k", "5", str(60 + BYTES // 500), "qemu-system-arm", "-M", "mps2-an505", "-display", "none",
             "-monitor", "none", "-no-reboot", "-kernel", str(TREE / "build/mps2_an505" / suite / "firmware.elf"),
             "-serial", f"file:{folder}/console", *serials, "-semihosting-config",
             f"enable=on,target=native,arg={suite},arg={mood},arg={uart},arg=bytes={BYTES}"],
            stdin=lines[0].other, stdout=lines[0].other_writing, stderr=subprocess.PIPE, check=False, cwd=TREE)
        seconds = time.monotonic() - begin
        text = pathlib.Path(folder, "console").read_text(errors="replace") + result.stderr.decode(errors="replace")
    return result.returncode, text, peer, seconds


def judge(suite, mood, kind, uart, result):
    status, text, peer, seconds = result
    where = f"{mood}, {kind}" if uart == "uart1" else f"{mood}, {kind}, {uart}"
    ran = 0
    for line in text.splitlines():
        match = re.match(r"(not )?ok \d+ - (\S+)(.*)", line)
        if match and "# SKIP" not in match[3]:
            ran += 1
            if mood == "calm" or match[2].startswith("uart_wild") or match[1]:
                ok(not match[1], f"{where}: {match[2]}")
        elif line.startswith("#"):
            note(line[1:].strip())
    ok(status == 0 and ran > 0, f"{suite}, {where}: the image ended well", f"status {status}\n{text}")
    if mood == "wild":
        ok(peer.wrong is None and peer.seen == BYTES,
           f"{where}: the peer has seen each byte once and in order ({BYTES} bytes, {seconds:.0f} s)",
           f"{peer.seen} bytes; {peer.wrong}")


for suite in ("drivers_uart", "drivers_refusal"):
    status, out, err = make(f"APP=tests/{suite}")
    if not ok(status == 0, f"tests/{suite} builds", out + err):
        done()
if len(sys.argv) == 1:
    for calm in (("drivers_uart", "calm", "unix", "uart1"), ("drivers_refusal", "calm", "unix", "uart1")):
        judge(*calm, run(*calm))
runs = [("drivers_uart", "wild", line, "uart1") for line in LINES]
if len(sys.argv) < 3:
    runs.append(("drivers_uart", "wild", "unix", "uart3"))
# Two at a time: each has a core of the PC to wait with.
with ThreadPoolExecutor(len(runs) if len(sys.argv) > 1 else 2) as pool:
    for wild, result in zip(runs, pool.map(lambda words: run(*words), runs)):
        judge(*wild, result)
done()
