# SPDX-License-Identifier: Apache-2.0
"""OpenOCD 0.12: the words that name a board and its probe, and what is done with them."""
import contextlib
import os
import shlex
import socket
import subprocess
import sys
import time

from board import PROBES, stop
from trouble import advice

# What runs to its end serves nobody, and must not fail because another OpenOCD has the usual ports.
NO_PORTS = ("-c", "gdb_port disabled; telnet_port disabled; tcl_port disabled")


def words(board):
    """The command line up to what is to be done. The board's own file is used when its own probe is."""
    interface, transport = PROBES[board.probe()]
    if board.fact("OPENOCD_BOARD") and board.probe() == board.own_probe:
        return ["-f", f"board/{board.fact('OPENOCD_BOARD')}.cfg"]
    return ["-f", interface, "-c", f"transport select {transport}", "-f", f"target/{board.fact('OPENOCD_TARGET')}.cfg"]


def command(board, *more):
    line = ["openocd", *words(board), *more]
    if os.environ.get("V"):
        print("+", shlex.join(line), file=sys.stderr)
    return line


def missing():
    stop("openocd is missing: install Debian's package openocd, or run 'make setup'")


def run(board, *more):
    """Runs to its end and shows what it says; returns (exit status, output)."""
    try:
        process = subprocess.Popen(command(board, *more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace")
    except FileNotFoundError:
        missing()
    output = ""
    for line in process.stdout:
        output += line
        print(line, end="", flush=True)
    return process.wait(), output


def fail(board, output):
    stop(advice(output, probe=board.probe(), words=shlex.join(words(board))))


def flash(board, image):
    status, output = run(board, *NO_PORTS, "-c", f"program {{{image.elf}}} verify reset exit")
    if status != 0 or "** Verified OK **" not in output:
        fail(board, output)


def reset(board):
    status, output = run(board, *NO_PORTS, "-c", "init", "-c", "reset run", "-c", "shutdown")
    if status != 0 or "Error:" in output:
        fail(board, output)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextlib.contextmanager
def served(board, log, *more, ready):
    """Runs in the background with its output in `log`, until the block ends. Starts the block when the log says
    `ready`. In a session of its own: Ctrl-C is GDB's."""
    with open(log, "w+", encoding="utf-8", errors="replace") as out:
        try:
            process = subprocess.Popen(command(board, *more), stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        except FileNotFoundError:
            missing()
        try:
            text = ""
            while ready not in text:
                if process.poll() is not None:
                    print(text, end="")
                    fail(board, text)
                time.sleep(0.02)
                out.seek(0)
                text = out.read()
            yield
        finally:
            process.terminate()
            process.wait()
