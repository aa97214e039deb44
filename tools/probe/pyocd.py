# SPDX-License-Identifier: Apache-2.0
"""pyOCD: the current one (command `pyocd`), or Debian's 0.13.1 (`pyocd-flashtool` and others).

0.13.1 has no STM32F405 or F407. The nearest that it has is the STM32F439: the same sectors and flash controller, but a
sector of 128 KiB goes through a buffer larger than the F405's RAM behind it: 128 KiB of image is the limit.
"""
import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from board import TREE, stop
from openocd import free_port
from trouble import advice

OLD_LIMIT = 0x20000


def target(board):
    return board.fact("PYOCD_TARGET")


def old_target(board):
    if not board.fact("PYOCD_0_13_TARGET"):
        stop(f"Debian's pyOCD does not know {target(board)}: use OpenOCD, or the current pyOCD")
    return board.fact("PYOCD_0_13_TARGET")


def is_current():
    if shutil.which("pyocd"):
        return True
    if not shutil.which("pyocd-flashtool"):
        stop("pyOCD is missing: install Debian's package python3-pyocd, or the current one with 'pipx install pyocd'")
    return False


def _environment():
    """Debian's 0.13.1 needs the help of tools/pyocd/sitecustomize.py."""
    path = os.pathsep.join(filter(None, [str(TREE / "tools" / "pyocd"), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}


def run(board, *line):
    if os.environ.get("V"):
        print("+", shlex.join(line), file=sys.stderr)
    done = subprocess.run(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env=_environment(), check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode != 0 or "Traceback" in done.stdout or "no debug probe" in done.stdout:
        stop(advice(done.stdout, target=target(board)))


def flash(board, image):
    if is_current():
        run(board, "pyocd", "flash", "-t", target(board), str(image.elf))
        return
    start, _ = board.rom()
    end = max(address + count for address, count in image.segments())
    if end - start > OLD_LIMIT:
        stop(f"Debian's pyOCD 0.13.1 writes at most {OLD_LIMIT >> 10} KiB to this chip: use OpenOCD or the current pyOCD")
    run(board, "pyocd-flashtool", "-t", old_target(board), str(image.elf.with_suffix(".hex")))
    _verify(board, image, start)
    reset(board)


def _verify(board, image, start):
    wanted = image.elf.with_suffix(".bin").read_bytes()
    with tempfile.NamedTemporaryFile() as read:
        run(board, "pyocd-tool", "-t", old_target(board), "savemem", hex(start), str(len(wanted)), read.name)
        if read.read() != wanted:
            stop(advice("verify failed"))
    print(f"verified {len(wanted)} bytes")


def reset(board):
    if is_current():
        run(board, "pyocd", "reset", "-t", target(board))
    else:
        run(board, "pyocd-tool", "-t", old_target(board), "reset")


@contextlib.contextmanager
def served(board, log, elf):
    """A GDB server; yields its port. It reads the threads from the ELF file's symbols by itself, through GDB."""
    port = free_port()
    if is_current():
        line = ["pyocd", "gdbserver", "-t", target(board), "-p", str(port), "--elf", str(elf)]
    else:
        line = ["pyocd-gdbserver", "-t", old_target(board), "-p", str(port), "-T", str(free_port())]
    with open(log, "w+", encoding="utf-8", errors="replace") as out:
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   env=_environment(), start_new_session=True)
        try:
            text = ""
            while f"port {port}" not in text and "GDB server started" not in text:
                if process.poll() is not None:
                    print(text, end="")
                    stop(advice(text, target=target(board)))
                time.sleep(0.05)
                out.seek(0)
                text = out.read()
            yield port
        finally:
            process.terminate()
            process.wait()
