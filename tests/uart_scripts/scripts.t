#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every asynchronous UART driver that an emulated board has plays the scripts; this is the other end of the line."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, make, note, ok  # noqa: E402

# Board, machine of the emulator, UART, which serial line of the machine it is (0: the console's own).
DRIVERS = [
    ("mps2_an505", "mps2-an505", "uart1", 1, "CMSDK UART, PL081"),
    ("mps2_an505", "mps2-an505", "uart3", 3, "CMSDK UART, interrupts"),
    ("mps2_an521", "mps2-an521", "uart1", 1, "CMSDK UART, PL081, mps2_an521"),
    ("mps2_an386", "mps2-an386", "uart1", 1, "CMSDK UART, interrupts, Armv7-M"),
    ("mps3_an547", "mps3-an547", "uart1", 1, "CMSDK UART, interrupts, Armv8.1-M"),
    ("lm3s6965evb", "lm3s6965evb", "uart1", 1, "PL011"),
    ("microbit", "microbit", "uart0", 0, "nRF51 UART"),
    ("stm32vldiscovery", "stm32vldiscovery", "uart0", 0, "STM32 USART, interrupts"),
]


class Peer:
    """Sends numbered frames when it is told to, keeps what transmissions send, and compares."""

    def __init__(self):
        self.text, self.wire, self.sent, self.compare = bytearray(), None, 0, False
        self.compared, self.wrong = 0, []

    def hear(self, line, byte):
        if byte < 0x80:
            (self.text if self.wire is None else self.wire).append(byte)
        elif byte == 0xff:
            self.wire, self.sent = bytearray(), 0
        elif byte == 0xfd:
            self.wire = None
        elif byte == 0xfe:
            self.compare = True
        elif self.compare:
            expected = bytes(j ^ 0x40 for j in range(byte & 0x7f))
            if self.wire != expected:
                self.wrong.append(f"{self.wire.hex()} instead of {expected.hex()}")
            self.compare, self.wire = False, bytearray()
            self.compared += 1
        else:
            count = byte & 0x7f
            line.sendall(bytes((self.sent + i) & 255 for i in range(count)))
            self.sent += count

    def run(self, listener):
        line, _ = listener.accept()
        try:
            while part := line.recv(4096):
                for byte in part:
                    self.hear(line, byte)
        except ConnectionResetError:
            pass  # the emulator has gone


def play(board, machine, uart, serial):
    peer = Peer()
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(f"{folder}/line")
        listener.listen(1)
        reader = threading.Thread(target=peer.run, args=(listener,), daemon=True)
        reader.start()
        words = ["-chardev", f"socket,id=line,path={folder}/line"]
        for i in range(serial + 1):
            words += ["-serial", "chardev:line" if i == serial else "null" if i else f"file:{folder}/console"]
        result = subprocess.run(
            ["timeout", "-k", "5", "120", "qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none",
             "-no-reboot", "-kernel", str(TREE / "build" / board / "uart_scripts/firmware.elf"), *words,
             "-semihosting-config", f"enable=on,target=native,arg=uart_scripts,arg=uart={uart}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=TREE)
        reader.join(5)
        console = pathlib.Path(folder, "console")
        text = console.read_text(errors="replace") if console.exists() else ""
    return result.returncode, text + peer.text.decode(errors="replace") + result.stdout.decode(errors="replace"), peer


def judge(name, status, text, peer):
    for line in text.splitlines():
        if match := re.match(r"(not )?ok \d+ - (\S+)", line):
            ok(not match[1], f"{name}: {match[2]}", text)
        elif re.match(r"# \d+ of \d+ scripts", line):
            note(line[2:])
    ok(status == 0, f"{name}: the image ended well", f"status {status}\n{text}")
    ok(peer.compared >= 4 and not peer.wrong, f"{name}: the wire carried what was sent, {peer.compared} times",
       "\n".join(peer.wrong))


for board in dict.fromkeys(driver[0] for driver in DRIVERS):
    status, out, err = make(f"BOARD={board}", "APP=tests/uart_scripts")
    if not ok(status == 0, f"{board}: tests/uart_scripts builds", out + err):
        done()
# All at once: they wait for quiet lines nearly all of the time.
with ThreadPoolExecutor(len(DRIVERS)) as pool:
    for driver, result in zip(DRIVERS, pool.map(lambda driver: play(*driver[:4]), DRIVERS)):
        judge(driver[4], *result)
done()
