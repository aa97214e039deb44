# SPDX-License-Identifier: Apache-2.0
"""GDB on the emulator, on a board through a probe, or on this PC."""
import os
import shlex
import shutil
import signal
import subprocess
import tempfile

import openocd
import pyocd
from board import TREE, stop

EXTENSION = str(TREE / "tools" / "gdb" / "cairn.py")


def _call(program, elf, *commands):
    """Runs GDB in the foreground. GDBFLAGS has more words for it, for example '-batch -x script'."""
    if not shutil.which(program):
        stop(f"{program} is missing: install Debian's package {program}, or run 'make setup'")
    line = [program, "-q", "-x", EXTENSION]
    for command in commands:
        line += ["-ex", command]
    line += shlex.split(os.environ.get("GDBFLAGS", "")) + [str(elf)]
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # GDB's
    try:
        return subprocess.call(line, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    finally:
        signal.signal(signal.SIGINT, handler)


def on_host(image):
    return _call("gdb", image.elf, "break main", "run")


def on_emulator(board, image):
    """Halted at reset, then in main. The stub is a socket in a folder of its own: no port to collide."""
    serial = image.folder / "serial.txt"
    with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
        stub = f"{folder}/gdb"
        line = ["qemu-system-arm", "-M", board.machine, "-display", "none", "-monitor", "none", "-semihosting-config",
                "enable=on,target=native", "-kernel", str(image.elf), "-serial", f"file:{serial}", "-S",
                "-gdb", f"unix:{stub},server=on,wait=off"]
        try:
            qemu = subprocess.Popen(line, stdin=subprocess.DEVNULL, start_new_session=True)
        except FileNotFoundError:
            stop("qemu-system-arm is missing: install Debian's package qemu-system-arm, or run 'make setup'")
        try:
            while not os.path.exists(stub) and qemu.poll() is None:
                pass
            print(f"the firmware's output goes to {serial}", flush=True)
            return _call("gdb-multiarch", image.elf, f"target remote {stub}", "break main", "continue")
        finally:
            qemu.kill()
            qemu.wait()


def on_board(board, image, attach):
    """Through a probe: flashed, reset, and in main; with `attach` wherever the core is."""
    patient = "set remotetimeout 30"  # a server on a busy PC may take more than GDB's 2 seconds
    then = [] if attach else ["monitor reset halt", "break main", "continue"]
    log = image.folder / "gdbserver.log"
    if os.environ.get("FLASHER") == "pyocd":
        with pyocd.served(board, log, image.elf) as port:
            return _call("gdb-multiarch", image.elf, patient, f"target extended-remote localhost:{port}", *then)
    port = openocd.free_port()
    words = ["-c", "$_TARGETNAME configure -rtos Zephyr", "-c", f"gdb_port {port}; telnet_port disabled; "
             "tcl_port disabled", "-c", "init"]
    with openocd.served(board, log, *words, ready=f"Listening on port {port} for gdb"):
        return _call("gdb-multiarch", image.elf, patient, f"target extended-remote localhost:{port}", *then)
