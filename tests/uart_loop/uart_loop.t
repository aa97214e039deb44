#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs tests/uart_loop with the UART's line leading back to it through a pipe, and hands its TAP on: [BOARD...]"""
import fcntl
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, make, note, ok  # noqa: E402

# Machine, and whether a byte waits in the UART when the line is full. In the others the emulator itself waits.
BOARDS = {
    "lm3s6965evb": ("lm3s6965evb", False),
    "microbit": ("microbit", True),
    "stm32vldiscovery": ("stm32vldiscovery", False),
    "mps2_an385": ("mps2-an385", True),
    "mps2_an505": ("mps2-an505", True),
}
# What the line holds. Where a byte does not wait in the UART, QEMU's UART waits for the line with all of the emulator,
# which then never reads what it waits for: there must be room for everything.
PIPE_BYTES = {True: 4096, False: 1 << 20}


def run(board):
    machine, stalls = BOARDS[board]
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
        os.mkfifo(f"{folder}/line")
        for end in ("in", "out"):
            os.symlink("line", f"{folder}/line.{end}")
        pipe = os.open(f"{folder}/line", os.O_RDWR)
        fcntl.fcntl(pipe, 1031, PIPE_BYTES[stalls])  # F_SETPIPE_SZ
        result = subprocess.run(
            ["timeout", "-k", "5", "60", "qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none",
             "-no-reboot", "-kernel", str(TREE / "build" / board / "uart_loop/firmware.elf"),
             "-chardev", f"pipe,id=line,path={folder}/line", "-serial", "chardev:line",
             "-semihosting-config", "enable=on,target=native,arg=uart_loop" + (",arg=stalls" if stalls else "")],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd=TREE)
        os.close(pipe)
        return result.returncode, (result.stdout + result.stderr).decode(errors="replace")


for name in sys.argv[1:] or BOARDS:
    status, out, err = make(f"BOARD={name}", "APP=tests/uart_loop")
    if not ok(status == 0, f"{name}: tests/uart_loop builds", out + err):
        continue
    status, text = run(name)
    ran = 0
    for printed in text.splitlines():
        match = re.match(r"(not )?ok \d+ - (\S+)(.*)", printed)
        if match and "# SKIP" not in match[3]:
            ran += 1
            ok(not match[1], f"{name}: {match[2]}", text)
        elif re.match(r"# \d+ bytes", printed):
            note(f"{name}: {printed[1:].strip()}")
    ok(status == 0 and ran >= 10, f"{name}: the image ended well", f"status {status}, {ran} tests\n{text}")
done()
