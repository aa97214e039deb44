#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The line server from outside: every answer against zlib's CRC-32, files of every kind, readers that stall."""
import fcntl
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import termios
import threading
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, equal, make, note, ok  # noqa: E402

LINE_MAX, EXCERPT = 4096, 40


def answers(data):
    """What the server must say about `data`, before its summary."""
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, 1):
        crc = "skipped" if len(line) > LINE_MAX else f"{zlib.crc32(line):08x}"
        excerpt = "".join(chr(c) if 32 <= c <= 126 else "." for c in line[:EXCERPT])
        yield f"{number} {len(line)} {crc} {excerpt}"


def serve(data, seconds=60, read=None, board="mps2_an505"):
    """Serves `data` as a file; `read(stream)` returns what the server says. (exit status, text, duration)"""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        start = time.monotonic()
        with subprocess.Popen(["timeout", "-k", "5", str(seconds), str(TREE / "build" / board / "demo/run")], stdin=file, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as server:
            text = (read or (lambda stream: stream.read()))(server.stdout)
        return server.returncode, text.decode("ascii", errors="replace"), time.monotonic() - start


def number(text, pattern):
    match = re.search(pattern, text)
    return int(match[1]) if match else None


def books_balance(text, data):
    """The figures of the summary agree with the file and with each other."""
    lines = sum(1 for _ in answers(data))
    waits, grants, wakeups = (number(text, pattern) for pattern in
                              (r"# waits for memory (\d+)", r"grants (\d+)", r"wake-ups (\d+)"))
    workers = re.search(r"by worker((?: \d+)+)", text)
    return (number(text, r"# lines (\d+)") == lines and number(text, r"# lines.* bytes (\d+)") == len(data)
            and number(text, r"# allocations (\d+)") == lines
            and workers and sum(map(int, workers[1].split())) == lines
            and waits is not None and waits == grants == wakeups
            and set(re.findall(r"in use now (\d+)", text)) == {"0"}
            and number(text, r"peak use (\d+)") <= 8192
            and number(text, r"refused DMA accesses (\d+)") == 0)


def check(name, data, seconds=60, read=None, board="mps2_an505"):
    """Serves `data` and compares everything; returns the text for more questions."""
    status, text, duration = serve(data, seconds, read, board)
    expected = list(answers(data))
    got = text.split("\n")
    ok(got[:len(expected)] == expected and all(line.startswith("# ") or not line for line in got[len(expected):]),
       f"{name}: {len(expected)} lines answered in order",
       next((f"line {i}: got {g!r}, expected {e!r}" for i, (g, e) in enumerate(zip(got, expected)) if g != e),
            f"{len(got)} lines of output, the end:\n" + text[-600:]))
    ok(books_balance(text, data), f"{name}: the summary balances", text[-900:])
    equal(status, 0, f"{name}: exit status")
    note(f"{name}: {len(data)} bytes in {duration:.1f} s, waits {number(text, r'memory ([0-9]+)')}, "
         f"waited {number(text, r'waited ([0-9]+)')} ms")
    return text


def waiting_bytes(descriptor):
    return int.from_bytes(fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)), sys.byteorder)


class Stalling:
    """A reader with moods: nothing at all until the smallest pipe is full and for a while after, then small pieces."""

    def __init__(self, first_s, seed):
        self.first_s = first_s
        self.random = random.Random(seed)

    def __call__(self, stream):
        descriptor = stream.fileno()
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 4096)
        end = time.monotonic() + 30
        while waiting_bytes(descriptor) < 4000 and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(self.first_s)
        parts = []
        while True:
            part = os.read(descriptor, self.random.randint(1, 900))
            if not part:
                return b"".join(parts)
            parts.append(part)
            if self.random.random() < 0.05:
                time.sleep(self.random.uniform(0, 0.15))


status, out, err = make("APP=app/demo")
if not ok(status == 0, "app/demo builds", out + err):
    done()

rng = random.Random(20)
tree = pathlib.Path(TREE)

# The long one first and beside the others: it is limited by the emulator's serial port.
long_file = rng.randbytes(1 << 20)
long_result = {}
long_thread = threading.Thread(target=lambda: long_result.update(zip(("status", "text", "s"), serve(long_file, 900))))
long_thread.start()

check("a licence", (tree / "LICENSE").read_bytes())
check("a C source", (tree / "kernel/thread.c").read_bytes())

check("an empty file", b"")
check("one byte", b"x")
check("one empty line", b"\n")
check("no LF at the end", b"first\nsecond")
check("CR is an ordinary byte", b"dos\r\nfile\r\n\r\n")
check("lines of 4095, 4096, 4097 bytes and one after", b"".join(bytes([97 + i]) * n + b"\n" for i, n in
                                                               enumerate((4095, 4096, 4097, 4096))) + b"after\n")
check("a last line that is too long", b"a\n" + b"b" * 5000)
check("64 KiB of NUL", bytes(1 << 16))
check("lines of NUL", (bytes(100) + b"\n") * 50)
check("every byte, each a line", b"".join(bytes([c]) + b"\n" for c in range(256) if c != 10))
check("nothing but 0x04, 0x10 and LF", bytes(rng.choice(b"\x04\x10\n") for _ in range(3000)))
check("many empty lines", b"\n" * 3000)
check("random bytes", rng.randbytes(20000))

text = check("a reader that stalls", b"".join(b"%d %s\n" % (i, b"=" * rng.randint(0, 300)) for i in range(400)),
             120, Stalling(6, 1))
ok(number(text, r"memory (\d+)") > 0, "a reader that stalls: the server ran out of memory and went on", text[-600:])
check("a stalling reader of many short answers", b"ab\n" * 4000, 120, Stalling(1, 2))

# Boards without a DMA controller: the same driver, the core moves the bytes.
for board in ("mps2_an385", "mps2_an386"):
    status, out, err = make(f"BOARD={board}", "APP=app/demo")
    if ok(status == 0, f"{board}: app/demo builds", out + err):
        check(f"{board}, a licence", (tree / "LICENSE").read_bytes(), board=board)
        check(f"{board}, random bytes", rng.randbytes(20000), board=board)
        check(f"{board}, a reader that stalls", b"".join(b"%d %s\n" % (i, b"=" * rng.randint(0, 300))
                                                        for i in range(150)), 120, Stalling(1, 3), board)

status, text, _ = serve(b"a\nb\n", 20, lambda stream: stream.close() or b"")
ok(status not in (0, None), "a reader that goes away: no success is claimed", f"status {status}")

long_thread.join()
expected = list(answers(long_file))
ok(long_result.get("text", "").split("\n")[:len(expected)] == expected,
   f"1 MiB of random bytes: {len(expected)} lines answered in order", long_result.get("text", "")[-600:])
ok(books_balance(long_result["text"], long_file), "1 MiB: the summary balances", long_result["text"][-900:])
equal(long_result["status"], 0, "1 MiB: exit status")
note(f"1 MiB in {long_result['s']:.0f} s")
done()
