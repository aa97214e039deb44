# SPDX-License-Identifier: Apache-2.0
"""A debug probe without hardware: plays an STM32F405 with its debug port to OpenOCD and pyOCD, with QEMU as the core.

    vprobe [options] [-- COMMAND WORD...]

With a command it runs until the command ends, and ends with its status; the command finds in its environment
VPROBE_JTAG (port of remote_bitbang), VPROBE_SWD (path of a Bus Pirate's terminal), VPROBE_HID (socket of a CMSIS-DAP
probe for pyocd/hid.py) and VPROBE_REMOTE (port of pyOCD's remote probe); and what makes OpenOCD and pyOCD take vprobe
for the probe that they ask for, so that the commands for a board do as they are. Without one it prints all that, for
`eval`, and runs until it is interrupted.
"""
import argparse
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile

import chip
from buspirate import BusPirate
from bus import Bus
from cmsis_dap import CmsisDap
from core import RUNNING, Core
from dap import Dap
from flash import Flash
from image import segments
from jtag import RemoteBitbang
from qemu import Gone, Machine
from remote import RemoteProbe

HERE = pathlib.Path(__file__).resolve().parent


def options():
    words = sys.argv[1:]
    own, command = (words[:words.index("--")], words[words.index("--") + 1:]) if "--" in words else (words, [])
    parser = argparse.ArgumentParser("vprobe", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", metavar="ELF", help="what the flash holds at first; nothing without it")
    parser.add_argument("--jtag", metavar="PORT", type=int, default=0, help="of remote_bitbang; 0: a free one")
    parser.add_argument("--remote", metavar="PORT", type=int, default=0, help="of pyOCD's remote probe; 0: a free one")
    parser.add_argument("--folder", help="of the SWD terminal `swd` and the CMSIS-DAP socket `hid`; default: temporary")
    parser.add_argument("--serial", default="null", help="the target's serial line, as QEMU's -serial")
    parser.add_argument("--protect", metavar="SECTOR", type=int, action="append", default=[],
                        choices=range(len(chip.SECTORS)), help="write-protect a sector of the flash")
    parser.add_argument("--hold-reset", action="store_true", help="somebody holds the reset line")
    return parser.parse_args(own), command


def load(flash, path):
    for address, data in segments(path):
        if not chip.within(chip.FLASH, address) or not chip.within(chip.FLASH, address + len(data) - 1):
            raise SystemExit(f"vprobe: {path} has {len(data)} bytes at {address:#x}, which is not in the flash")
        flash.load(address - chip.FLASH.start, data)


def loop(core, ends, child):
    """Serves until the child has ended. One thread: what an end asks for has happened before the next is looked at."""
    while child is None or child.poll() is None:
        watched = [*ends, core.gdb] if core.state == RUNNING else ends
        ready, _, _ = select.select(watched, [], [], 0.05)
        try:
            for end in ready:
                if end is not core.gdb:
                    end.serve()
                elif core.state == RUNNING:
                    core.gdb.take_in()
                # A report may also have come behind an answer that was waited for.
                core.take_reports()
        except Gone:
            core.lock_up()


def serve(args, command, folder):
    flash = Flash(args.protect)
    if args.image:
        load(flash, args.image)
    machine = Machine(folder, chip.MACHINE, args.serial)
    child = None
    try:
        core = Core(machine, flash, args.hold_reset)
        bus = Bus(core, machine.qtest, flash)
        # One end at a time is in use; each has the debug port to itself, as after a change of the cable.
        jtag = RemoteBitbang(Dap(bus), core, args.jtag)
        remote = RemoteProbe(Dap(bus), core, args.remote)
        places = {"VPROBE_JTAG": str(jtag.port), "VPROBE_REMOTE": str(remote.port),
                  "VPROBE_SWD": os.path.join(folder, "swd"), "VPROBE_HID": os.path.join(folder, "hid"),
                  "OPENOCD_SCRIPTS": str(HERE.parent / "openocd" / "virtual"), "PYOCD_USB_BACKEND": "hidapiusb",
                  "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE / "pyocd"), os.environ.get("PYTHONPATH")]))}
        ends = [jtag, remote, BusPirate(Dap(bus), core, places["VPROBE_SWD"]),
                CmsisDap(Dap(bus), core, places["VPROBE_HID"])]
        if command:
            child = subprocess.Popen(command, env={**os.environ, **places})
        else:
            print("\n".join(f"export {name}={value}" for name, value in places.items()), flush=True)
        loop(core, ends, child)
        return child.returncode
    finally:
        if child and child.poll() is None:
            child.terminate()
        machine.end()


def main():
    args, command = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="vprobe-") as temporary:
            return serve(args, command, os.path.abspath(args.folder or temporary))
    except KeyboardInterrupt:
        return 130


sys.exit(main())
