# SPDX-License-Identifier: Apache-2.0
"""What the scripts of this folder share: the target's image, the virtual probe, GDB scripts, and a look for processes
that were left running."""
import fcntl
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, equal, make, note, ok  # noqa: E402,F401

PYTHON = "/usr/bin/python3"
BOARD = "netduinoplus2"
APP = "tests/debug/target"
IMAGE = TREE / "build" / BOARD / "target"

_folder = tempfile.TemporaryDirectory(prefix="cairn-debug-")
FOLDER = pathlib.Path(_folder.name)
# All that is started makes its temporary files here, so that its command line tells that it is ours.
ENVIRONMENT = {"TMPDIR": str(FOLDER), "GDBFLAGS": "-nx -batch"}


def limited(*words, seconds=60, stdin=b"", env=None):
    """As tap.command; when time is over all that was started ends, too. Returns (status, both outputs). GDB 13 now and
    then falls over itself when a remote target answers late: what it says then is not about us, so it is asked again."""
    for _ in range(2):
        status, out, err = command("timeout", "-k", "5", seconds, *words, seconds=seconds + 10, stdin=stdin,
                                   env={**ENVIRONMENT, **(env or {})})
        if "software/gdb/bugs" not in err:
            break
    return status, out + err


def build(board=BOARD, app=APP, *words):
    """The target's image; scripts of this folder may run side by side."""
    (TREE / "build").mkdir(exist_ok=True)
    with open(TREE / "build" / ".debug-tests", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, err = make(f"BOARD={board}", f"APP={app}", *words)
        if status:
            print(f"Bail out! {board} {app} does not build: {err[-300:]}")
            sys.exit(1)
    return TREE / "build" / board / pathlib.Path(app).name


def vprobe(*words, options=("--image", IMAGE / "firmware.elf"), **more):
    """Runs a command with the virtual probe in the place of a board."""
    return limited(PYTHON, "tools/vprobe", *options, "--", *words, **more)


def usual_ports(function, *words, **more):
    """For OpenOCD as the documentation has it: its ports are always the same."""
    with open(TREE / "build" / ".openocd-ports", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return function(*words, **more)


def script(name, text):
    path = FOLDER / f"{name}.gdb"
    path.write_text("set pagination off\nset width 0\nset confirm off\n" + text)
    return path


def nothing_left():
    """No process of ours runs any more."""
    def left():
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(FOLDER) in line and int(process.name) != os.getpid():
                found.append(line)
        return found
    deadline = time.monotonic() + 5
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)
    equal(left(), [], "nothing is left running")
