#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An interrupt at every instruction of the UART driver; the judge sits at the other end of the line."""
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, make, note, ok  # noqa: E402

EBUSY, EFAULT = 16, 14


def judge_poll(sent, reports, result):
    """Every byte once and in order, the character of the interrupt once, anywhere."""
    return sent.replace("Z", "", 1) == "abc" and sent.count("Z") <= 1 and reports == ["3D"] and result == 0


def judge_abort(sent, reports, result):
    """As many bytes as reported; an abort that was accepted is told as one."""
    if result == 0 and reports[0].endswith("A"):
        return len(reports) == 1 and sent == "abc"[:int(reports[0][:-1])]
    return result in (0, -EFAULT) and reports == ["3D"] and sent == "abc"


def judge_tx(sent, reports, result):
    """The second transfer is refused, or comes whole behind the first, or it was the first."""
    if result == -EBUSY:
        return sent == "abc" and reports == ["3D"]
    first, rest = reports[0], reports[1:]
    if first == "2D":
        return sent[:2] == "ab" and sent[2:] == "abc"[:sum(int(r[:-1]) for r in rest)]
    return result == 0 and first == "3D" and sent[:3] == "abc" and sent[3:] == "ab"[:sum(int(r[:-1]) for r in rest)]


JUDGES = {"poll": judge_poll, "abort": judge_abort, "tx": judge_tx}


def feed(line):
    count = 0
    try:
        while True:
            line.sendall(bytes((count + i) % 256 for i in range(64)))
            count += 64
    except OSError:
        pass


def peer(listener, written):
    line, _ = listener.accept()
    threading.Thread(target=feed, args=(line,), daemon=True).start()
    try:
        while part := line.recv(65536):
            written.append(part)
    except ConnectionResetError:
        pass  # the emulator has gone with bytes of ours unread


status, out, err = make("APP=tests/sweep_uart")
if not ok(status == 0, "tests/sweep_uart builds", out + err):
    done()


def sweep(uart, serial):
    written = []
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(f"{folder}/line")
        listener.listen(1)
        reader = threading.Thread(target=peer, args=(listener, written), daemon=True)
        reader.start()
        unused = ["-serial", "null"] * (serial - 1)
        result = subprocess.run(
            ["timeout", "-k", "5", "240", "qemu-system-arm", "-M", "mps2-an505", "-display", "none", "-monitor", "none",
             "-no-reboot", "-icount", "shift=6,sleep=off,align=off", "-kernel",
             str(TREE / "build/mps2_an505/sweep_uart/firmware.elf"), "-serial", "stdio", *unused, "-chardev",
             f"socket,id=line,path={folder}/line", "-serial", "chardev:line", "-semihosting-config",
             f"enable=on,target=native,arg=sweep_uart,arg=peer,arg={uart}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=TREE)
        reader.join(10)
    return result.returncode, result.stdout.decode(errors="replace"), b"".join(written).decode("ascii", errors="replace")


def judge(name, status, text, written):
    for line in text.splitlines():
        match = re.match(r"(not )?ok \d+ - (\S+)", line)
        if match:
            ok(not match[1], f"{name}: {match[2]}")
        elif line.startswith("# "):
            note(line[2:])
    ok(status == 0, f"{name}: the image ended well", f"status {status}\n{text}")
    kind, counts, wrong = None, {}, []
    for line in written.splitlines():
        if line.startswith("* "):
            kind = line[2:]
            continue
        match = re.fullmatch(r"([abcZ]*)\|((?:\d[DA])+) (-?\d+)", line)
        counts[kind] = counts.get(kind, 0) + 1
        if not match or not JUDGES[kind](match[1], re.findall(r"\d[DA]", match[2]), int(match[3])):
            wrong.append(f"{kind}: {line!r}")
    for kind in JUDGES:
        ok(counts.get(kind, 0) > 500 and not [w for w in wrong if w.startswith(kind)],
           f"{name}: the peer agrees: {kind}, {counts.get(kind, 0)} points", "\n".join(wrong[:20]))


judge("DMA", *sweep("uart1", 1))
judge("core", *sweep("uart3", 3))
done()
