# SPDX-License-Identifier: Apache-2.0
"""What the build knows about a board and an image, as far as a debug probe needs it."""
import os
import pathlib
import re
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
PROBES = {  # name: (OpenOCD's interface file, transport)
    "st-link": ("interface/stlink.cfg", "hla_swd"),
    "cmsis-dap": ("interface/cmsis-dap.cfg", "swd"),
    "j-link": ("interface/jlink.cfg", "swd"),
}


def stop(message):
    sys.exit(f"error: {message}")


class Board:
    def __init__(self, name):
        self.name = name
        text = (TREE / "boot" / "board" / name / "board.mk").read_text()
        self.facts = dict(re.findall(r"^(\w+)\s*:=\s*(.*?)\s*$", text, re.MULTILINE))
        self.own_probe = self.facts.get("BOARD_PROBE")

    def fact(self, name):
        return self.facts.get(name, "")

    @property
    def machine(self):
        return self.fact("QEMU_MACHINE")

    def probe(self):
        """The probe to use: PROBE=, else the one on the board."""
        wanted = os.environ.get("PROBE") or self.own_probe or "cmsis-dap"
        if wanted not in PROBES:
            stop(f"there is no probe '{wanted}'; PROBE= is one of: {' '.join(PROBES)}")
        return wanted

    def need_probe(self):
        if self.fact("OPENOCD_TARGET"):
            return
        with_probe = [b for b in sorted(os.listdir(TREE / "boot" / "board")) if Board(b).fact("OPENOCD_TARGET")]
        stop(f"{self.name} is an emulated board without a debug probe: use 'make run' and 'make debug'; "
             f"boards to flash: {' '.join(with_probe)}")

    def rom(self):
        """(first address, bytes) of the memory that holds the image."""
        script = (TREE / "linker" / f"{self.name}.ld").read_text()
        region = re.search(r'REGION_ALIAS\("ROM", (\w+)\)', script)[1]
        origin, length = re.search(rf"\b{region} .*?ORIGIN = (\w+), LENGTH = (\w+)", script).groups()
        unit = {"K": 1024, "M": 1048576}.get(length[-1], 1)
        return int(origin, 0), int(length.rstrip("KM"), 0) * unit


class Image:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.elf = self.folder / "firmware.elf" if self.folder.is_dir() else self.folder

    def symbol(self, name):
        """(address, bytes), or None."""
        text = self._tool("nm", "-S", str(self.elf))
        match = re.search(rf"^(\w+) (\w+) \w {name}$", text, re.MULTILINE)
        return (int(match[1], 16), int(match[2], 16)) if match else None

    def segments(self):
        """(first address, bytes) of what is to be written."""
        text = self._tool("readelf", "-lW", str(self.elf))
        rows = re.findall(r"^\s*LOAD\s+\w+ \w+ (\w+) (\w+)", text, re.MULTILINE)
        return [(int(a, 16), int(n, 16)) for a, n in rows if int(n, 16)]

    @staticmethod
    def _tool(name, *words):
        try:
            done = subprocess.run([f"arm-none-eabi-{name}", *words], capture_output=True, text=True, check=True)
        except FileNotFoundError:
            stop("the Arm tools are missing: run 'make setup'")
        except subprocess.CalledProcessError as failed:
            stop(failed.stderr.strip())
        return done.stdout

    def check_fits(self, board):
        """Stops when the image is for another chip: OpenOCD would write what it can and only then complain."""
        start, length = board.rom()
        for address, count in self.segments():
            if not (start <= address and address + count <= start + length):
                stop(f"{self.elf} is not for {board.name}: it has {count} bytes at {address:#010x}, and the flash is at "
                     f"{start:#010x} to {start + length - 1:#010x}; build it with 'make BOARD={board.name}'")
