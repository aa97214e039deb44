# SPDX-License-Identifier: Apache-2.0
"""The emulator as the probe uses it: run control and registers over its GDB stub, memory over its qtest socket.

The GDB stub stops the machine at the first byte that it receives while running, obeys the MPU and ignores stores to
device registers; qtest does none of that, works while the machine runs, and ignores stores to ROM. So each does its
part. GDB remote protocol: GDB manual, appendix E. qtest: comment at the top of QEMU's softmmu/qtest.c.
"""
import base64
import os
import socket
import subprocess
import time

PACKET_BYTES = 1024  # of a memory write: the stub's packets hold 4096 characters, two a byte
XPSR = 25
D0 = 26
FPSCR = 42


class Gone(Exception):
    """The emulator has ended."""


class Qtest:
    """Memory as the core's bus sees it, without the MPU."""

    UNITS = {1: "b", 2: "w", 4: "l"}

    OWED_MAX = 64  # answers that a socket's buffer surely holds

    def connect(self, sock):
        self.sock = sock
        self.answers = sock.makefile("r", encoding="ascii")
        self.owed = 0  # answers to writes, which are waited for only before a read

    def _send(self, line):
        try:
            self.sock.sendall(line.encode() + b"\n")
        except ConnectionError:
            raise Gone("the emulator has ended") from None

    def _answer(self):
        try:
            answer = self.answers.readline()
        except ConnectionError:
            answer = ""
        if not answer:
            raise Gone("the emulator has ended")
        if not answer.startswith("OK"):
            raise RuntimeError(f"qtest answered {answer!r}")
        return answer[2:].strip()

    def settle(self):
        """Waits until all writes have happened."""
        while self.owed:
            self.owed -= 1
            self._answer()

    def command(self, line):
        self._send(line)
        self.settle()
        return self._answer()

    def read(self, size, address):
        return int(self.command(f"read{self.UNITS[size]} {address:#x}"), 16)

    def write(self, size, address, value):
        self._send(f"write{self.UNITS[size]} {address:#x} {value:#x}")
        self.owed += 1
        if self.owed == self.OWED_MAX:
            self.settle()

    def read_bytes(self, address, count):
        return base64.b64decode(self.command(f"b64read {address:#x} {count:#x}"))


class Gdb:
    """The stub. Acknowledgements are never sent: the stub takes the next packet for one, while a lone '+' sent to a
    running machine would stop it."""

    def connect(self, sock):
        self.sock = sock
        self.received = b""
        self.command("?")
        self.command("qXfer:features:read:target.xml:0,800")  # without it the stub knows no single registers

    def fileno(self):
        return self.sock.fileno()

    @staticmethod
    def frame(text):
        return f"${text}#{sum(text.encode()) & 0xff:02x}".encode()

    def send(self, *packets):
        """Sends without waiting; each packet but a final 'c' or 's' is owed an answer()."""
        self._put(b"".join(self.frame(p) for p in packets))

    def _put(self, data):
        try:
            self.sock.sendall(data)
        except ConnectionError:
            raise Gone("the emulator has ended") from None

    def take_in(self):
        try:
            chunk = self.sock.recv(65536)
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise Gone("the emulator has ended")
        self.received += chunk

    def packet(self):
        """A packet that has come whole, or None."""
        end = self.received.find(b"#")
        if end < 0 or len(self.received) < end + 3:
            return None
        text = self.received[self.received.index(b"$") + 1:end].decode("ascii")
        self.received = self.received[end + 3:]
        return text

    def answer(self):
        packet = self.packet()
        while packet is None:
            self.take_in()
            packet = self.packet()
        return packet

    def command(self, packet, expect=None):
        self.send(packet)
        answer = self.answer()
        if expect is not None and answer != expect:
            raise RuntimeError(f"gdb stub: {packet!r} was answered {answer!r}")
        return answer

    def interrupt(self):
        """Stops a running machine; returns its stop reply, which may tell of an event just before."""
        self._put(b"\x03")
        return self.answer()

    def step(self, masked):
        """One instruction, with interrupts and timers held back when `masked`."""
        self.command(f"Qqemu.sstep={7 if masked else 1}", "OK")
        return self.command("s")

    def write(self, address, data):
        """Stores to memory, ROM included."""
        for at in range(0, len(data), PACKET_BYTES):
            part = data[at:at + PACKET_BYTES]
            self.command(f"M{address + at:x},{len(part):x}:{part.hex()}", "OK")

    def core_registers(self):
        """r0 to r15 and xPSR."""
        raw = bytes.fromhex(self.command("g"))
        values = [int.from_bytes(raw[i * 4:i * 4 + 4], "little") for i in range(16)]
        return values + [int.from_bytes(raw[64:68], "little")]

    def register(self, number):
        return int.from_bytes(bytes.fromhex(self.command(f"p{number:x}")), "little")

    @staticmethod
    def set_packet(number, value, size=4):
        return f"P{number:x}={value.to_bytes(size, 'little').hex()}"

    def set_register(self, number, value, size=4):
        self.command(self.set_packet(number, value, size), "OK")

    def breakpoint(self, kind, address, length, insert):
        """kind 0: instruction, 2: store, 3: load, 4: either."""
        self.command(f"{'Z' if insert else 'z'}{kind},{address:x},{length:x}")

    def monitor(self, text):
        """A command of the emulator's monitor; its words come back as packets that begin with O."""
        self.send("qRcmd," + text.encode().hex())
        while self.answer() != "OK":
            pass


class Machine:
    """A QEMU of our own, stopped before its first instruction."""

    def __init__(self, folder, machine, serial):
        self.folder = folder
        self.words = ["qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none", "-serial", serial, "-S",
                      "-gdb", f"unix:{folder}/gdb,server=on,wait=off", "-qtest",
                      f"unix:{folder}/qtest,server=on,wait=off", "-qtest-log", "/dev/null"]
        self.gdb, self.qtest = Gdb(), Qtest()
        self.process = None
        self.start()

    def start(self):
        """Also in the place of one that has ended."""
        if self.process:
            self.end()
        try:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except FileNotFoundError:
            raise SystemExit("vprobe: qemu-system-arm is missing: install Debian's qemu-system-arm") from None
        self.gdb.connect(self._connect("gdb"))
        self.qtest.connect(self._connect("qtest"))

    def _connect(self, name):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                sock = socket.socket(socket.AF_UNIX)
                sock.connect(os.path.join(self.folder, name))
                return sock
            except OSError:
                sock.close()
                time.sleep(0.01)
        self.end()
        raise SystemExit("vprobe: the emulator did not start: " + self.process.stderr.read().decode().strip())

    def last_words(self):
        """What an emulator that has ended by itself said: why the core locked up, and its registers."""
        self.process.wait()
        return self.process.stderr.read().decode(errors="replace").strip()

    def end(self):
        self.process.kill()
        self.process.wait()
        for name in ("gdb", "qtest"):
            if os.path.exists(os.path.join(self.folder, name)):
                os.unlink(os.path.join(self.folder, name))
