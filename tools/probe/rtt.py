# SPDX-License-Identifier: Apache-2.0
"""A terminal on the firmware's console in memory (CONFIG_RTT_CONSOLE), through OpenOCD's RTT server."""
import os
import select
import socket
import sys
import time

import openocd
from board import stop

QUIET_SECONDS = 1.0    # after the end of the input: what is still to come has come
START_SECONDS = 5      # for the firmware to write its control block


def start_words(image, port):
    block = image.symbol("_SEGGER_RTT")
    if block is None:
        stop("the image has no RTT console: set CONFIG_RTT_CONSOLE=y and flash it")
    # The firmware may not have got there yet.
    attempts = (f"for {{set i 0}} {{$i < {START_SECONDS * 20}}} {{incr i}} "
                f"{{ if {{ ![catch {{rtt start}}] }} break; sleep 50 }}")
    return [*openocd.NO_PORTS, "-c", "init", "-c", f'rtt setup {block[0]:#x} {block[1]} "SEGGER RTT"',
            "-c", attempts, "-c", f"rtt server start {port} 0"]


def console(board, image):
    port = openocd.free_port()
    log = image.folder / "openocd.log"
    with openocd.served(board, log, *start_words(image, port), ready=f"Listening on port {port} for rtt"):
        if "Control block found" not in log.read_text():
            stop("the firmware has no RTT control block where the image says: is another image in the flash?")
        print(f"RTT console of {board.name}; Ctrl-C ends it", file=sys.stderr)
        try:
            _terminal(socket.create_connection(("127.0.0.1", port)))
        except KeyboardInterrupt:
            print()


def _terminal(sock):
    inputs, last = [sock, sys.stdin], time.monotonic()
    while len(inputs) == 2 or time.monotonic() - last < QUIET_SECONDS:
        ready, _, _ = select.select(inputs, [], [], 0.1)
        if sock in ready:
            data = sock.recv(4096)
            if not data:
                return
            last = time.monotonic()
            sys.stdout.write(data.decode(errors="replace"))
            sys.stdout.flush()
        if sys.stdin in ready:
            data = os.read(sys.stdin.fileno(), 4096)
            if data:
                sock.sendall(data)
            else:
                inputs, last = [sock], time.monotonic()
