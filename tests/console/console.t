#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The deferred console: printk never waits, what is lost is told where it is lost, and the end of the text arrives."""
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, equal, make, note, ok  # noqa: E402


def run(word, pause_s=0.0, piece=4096, between_s=0.0):
    """The text of a run whose reader sleeps for pause_s first, then takes pieces with pauses between them."""
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/line")
        listener.listen(1)
        with subprocess.Popen(
                ["timeout", "-k", "5", "60", "qemu-system-arm", "-M", "mps2-an505", "-display", "none", "-monitor",
                 "none", "-no-reboot", "-kernel", str(TREE / "build/mps2_an505/console/firmware.elf"), "-chardev",
                 f"socket,id=line,path={folder}/line", "-serial", "chardev:line", "-semihosting-config",
                 f"enable=on,target=native,arg=console,arg={word}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=TREE) as image:
            line, _ = listener.accept()
            time.sleep(pause_s)
            parts = []
            while part := line.recv(piece):
                parts.append(part)
                time.sleep(between_s)
            line.close()
    return image.returncode, b"".join(parts).decode(errors="replace")


def ascending(numbers):
    return all(a < b for a, b in zip(numbers, numbers[1:]))


status, out, err = make("APP=tests/console")
if not ok(status == 0, "tests/console builds", out + err):
    done()

for name, pause_s, piece, between_s in (("a reader", 0, 4096, 0), ("a reader that sleeps", 3, 4096, 0),
                                        ("a slow reader", 0, 64, 0.002)):
    status, text = run("flood", pause_s, piece, between_s)
    equal(status, 0, f"{name}: exit status")
    summary = re.search(r"= (\d+) (\d+) (\d+)\n$", text)
    if not ok(summary, f"{name}: the last line arrives", text[-300:]):
        continue
    printed, lost, longest_ms = map(int, summary.groups())
    body = text[:summary.start()]
    marks = [int(mark) for mark in re.findall(r"\[(\d+) lost\]", body)]
    rest = re.sub(r"\[\d+ lost\]", "", body)
    equal(sum(marks), lost, f"{name}: what is lost is told in the text")
    equal(len(rest) + lost, printed, f"{name}: every other character arrives, once")
    ok(re.fullmatch(r"[a-z0-9 \n]*", rest), f"{name}: nothing that was not printed", repr(rest[:300]))
    for source in "abi":
        whole = [int(n) for n in re.findall(rf"(?:^|(?<=\n)){source} (\d+) [a-z]*\n", body)]
        # While the reader sleeps, what is whole is what the line and the ring hold.
        enough = 1 if pause_s else 6
        ok(ascending(whole) and len(whole) >= enough, f"{name}: lines of {source} in order, {len(whole)} whole ones", whole)
    note(f"{name}: {printed} characters, {lost} lost, longest printk {longest_ms} ms")
    if pause_s or between_s:
        ok(lost > 0 and longest_ms < 1000, f"{name}: printk does not wait for it", f"{lost} lost, {longest_ms} ms")

TAIL = "".join(f"line {i} of the end\n" for i in range(15))
for word, expected_status, after in (("exit", 7, r"$"), ("panic", 1, r"fatal: kernel panic"),
                                     ("fault", 1, r"fatal: processor fault.*bus address 0x00000000")):
    status, text = run(word, 2)
    equal(status, expected_status, f"{word}: exit status")
    match = re.match(rf"(x*){TAIL}(\d+) before\n{after}", text, re.DOTALL)
    ok(match and len(match[1]) == int(match[2]), f"{word}: the whole text, once", text[-900:])
done()
