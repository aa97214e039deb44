# SPDX-License-Identifier: Apache-2.0
"""A board through its debug probe.

    probe flash  BOARD BUILD-FOLDER    write the image, verify, let it run
    probe debug  BOARD BUILD-FOLDER    GDB in main(): emulator, or flashed board, or this PC
    probe attach BOARD BUILD-FOLDER    GDB on the board as it runs
    probe rtt    BOARD BUILD-FOLDER    the console in memory
    probe reset  BOARD                 let it start anew

Environment: PROBE=st-link|cmsis-dap|j-link, FLASHER=openocd|pyocd, GDBFLAGS=words for GDB, V=1.
"""
import os
import sys

import gdb
import openocd
import pyocd
import rtt
from board import Board, Image, stop

FLASHERS = {"openocd": openocd, "pyocd": pyocd}


def flasher():
    wanted = os.environ.get("FLASHER") or "openocd"
    if wanted not in FLASHERS:
        stop(f"there is no flasher '{wanted}'; FLASHER= is one of: {' '.join(FLASHERS)}")
    return FLASHERS[wanted]


def flash(board, image):
    board.need_probe()
    image.check_fits(board)
    flasher().flash(board, image)
    print(f"{image.elf} is in the flash of {board.name} and runs", flush=True)


def debug(board, image):
    if board.fact("ARCH") == "host":
        return gdb.on_host(image)
    if board.machine and not os.environ.get("PROBE"):
        return gdb.on_emulator(board, image)
    flash(board, image)
    return gdb.on_board(board, image, attach=False)


def main(words):
    if len(words) < 2 or words[0] not in ("flash", "debug", "attach", "rtt", "reset"):
        sys.exit(__doc__)
    action, board = words[0], Board(words[1])
    if action == "reset":
        board.need_probe()
        flasher().reset(board)
        return 0
    image = Image(words[2])
    if action == "flash":
        flash(board, image)
    elif action == "debug":
        return debug(board, image)
    elif action == "attach":
        board.need_probe()
        return gdb.on_board(board, image, attach=True)
    else:
        board.need_probe()
        rtt.console(board, image)
    return 0


sys.exit(main(sys.argv[1:]))
