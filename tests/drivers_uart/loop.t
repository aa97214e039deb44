#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
Runs the UART suites with somebody at the other end of uart1 and uart2, and hands their TAP on.

    loop.t [BYTES]     how many bytes go each way in the wild run (default 30000)
"""
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, make, note, ok  # noqa: E402

BYTES = int(sys.argv[1]) if len(sys.argv) > 1 else 30000


def echo(line, wild):
    """Sends back what comes; wild: with pauses before reading, and in bursts."""
    rng = random.Random(3)
    held = b""
    while True:
        if wild and rng.random() < 0.02:
            time.sleep(rng.uniform(0, 0.25))
        part = line.recv(rng.randint(1, 600) if wild else 4096)
        if not part:
            return
        held += part
        if not wild or rng.random() < 0.5 or len(held) > 600:
            line.sendall(held)
            held = b""
        else:
            line.settimeout(0.1)
            try:
                held += line.recv(600)
            except socket.timeout:
                pass
            line.settimeout(None)
            line.sendall(held)
            held = b""


def counter(line):
    """Lets bytes pile up, then counts them and says how many."""
    while True:
        line.settimeout(None)
        if not line.recv(1, socket.MSG_PEEK):
            return
        time.sleep(0.7)
        count = 0
        line.settimeout(0.4)
        try:
            while part := line.recv(4096):
                count += len(part)
        except socket.timeout:
            pass
        line.sendall(b"%d\n" % count)


def peer(listener, play):
    line, _ = listener.accept()
    try:
        play(line)
    except OSError:
        pass
    line.close()


def run(suite, mood):
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
        serials = []
        for name, play in (("echo", lambda line: echo(line, mood == "wild")), ("counter", counter)):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(f"{folder}/{name}")
            listener.listen(1)
            threading.Thread(target=peer, args=(listener, play), daemon=True).start()
            serials += ["-chardev", f"socket,id={name},path={folder}/{name}", "-serial", f"chardev:{name}"]
        result = subprocess.run(
            ["timeout", "-k", "5", str(60 + BYTES // 1000), "qemu-system-arm", "-M", "mps2-an505", "-display", "none",
             "-monitor", "none", "-no-reboot", "-kernel", str(TREE / "build/mps2_an505" / suite / "firmware.elf"), "-serial", "stdio", *serials,
             "-semihosting-config", f"enable=on,target=native,arg={suite},arg={mood},arg=bytes={BYTES}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=TREE)
        return result.returncode, result.stdout.decode(errors="replace")


for suite in ("drivers_uart", "drivers_refusal"):
    status, out, err = make(f"APP=tests/{suite}")
    if not ok(status == 0, f"tests/{suite} builds", out + err):
        done()
for suite, mood in (("drivers_uart", "calm"), ("drivers_uart", "wild"), ("drivers_refusal", "calm")):
    status, text = run(suite, mood)
    ran = 0
    for line in text.splitlines():
        match = re.match(r"(not )?ok \d+ - (\S+)(.*)", line)
        if match and "# SKIP" not in match[3]:
            ran += 1
            ok(not match[1], f"{mood}: {match[2]}")
        elif line.startswith("#"):
            note(line[1:].strip())
    ok(status == 0 and ran > 0, f"{suite}, {mood}: the image ended well", f"status {status}\n{text}")
done()
