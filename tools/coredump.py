#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a core file that GDB opens out of what a kernel with CONFIG_COREDUMP=y has printed.

    coredump.py LOG CORE       LOG: what came over the console, - for standard input; its last dump counts

The lines are described in kernel/arch/cortex_m/coredump.c. The core file is what GDB itself writes for a bare-metal
Arm (GDB 11 and later, gdb/arm-none-tdep.c): NT_PRSTATUS with the registers in the places of Linux's elf_prstatus, and
a target description that says that it is an M-profile core.
"""
import re
import struct
import sys

ET_CORE, EM_ARM, PT_LOAD, PT_NOTE = 4, 40, 1, 4
NT_PRSTATUS, NT_GDB_TDESC = 1, 0xFF000000
PRSTATUS_BYTES, PRSTATUS_REGISTERS, SIGNAL_AT, SIGSEGV = 148, 72, 12, 11
REGISTERS = [f"r{i}" for i in range(13)] + ["sp", "lr", "pc", "xpsr"]
TYPES = {"sp": "data_ptr", "pc": "code_ptr"}
DESCRIPTION = ('<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target><architecture>arm</architecture>'
               '<feature name="org.gnu.gdb.arm.m-profile">' + "".join(
                   f'<reg name="{name}" bitsize="32" type="{TYPES.get(name, "int")}" regnum="{25 if name == "xpsr" else i}"/>'
                   for i, name in enumerate(REGISTERS)) + "</feature></target>\0").encode()


def fail(message):
    sys.exit(f"coredump: {message}")


class Dump:
    def __init__(self, text):
        starts = [match.end() for match in re.finditer(r"coredump: begin", text)]
        if not starts:
            fail("the log has no dump: was the image built with CONFIG_COREDUMP=y, and did it halt?")
        self.registers, self.areas, total = None, [], 0
        for kind, rest in re.findall(r"coredump: (\w+)((?: [0-9a-f]{8})+)", text[starts[-1]:]):
            words = [int(word, 16) for word in rest.split()]
            if kind == "end":
                if words[0] != total & 0xFFFFFFFF:
                    fail("characters were lost between the board and the log: the sum of the dump is wrong")
                break
            total += sum(words)
            self._line(kind, words)
        else:
            fail("the dump has no end: was the log cut off?")
        if self.registers is None or len(self.registers) != len(REGISTERS):
            fail("the dump has no registers")

    def _line(self, kind, words):
        if kind == "r":
            self.registers = words
        elif kind == "a":
            self.areas.append((words[0], bytearray(words[1] - words[0])))
        elif kind == "m":
            start, memory = self.areas[-1]
            at = words[0] - start
            memory[at:at + 4 * len(words) - 4] = struct.pack(f"<{len(words) - 1}I", *words[1:])


def note(name, kind, data):
    name = name.encode() + b"\0"
    pad = (lambda raw: raw + bytes(-len(raw) % 4))
    return struct.pack("<3I", len(name), len(data), kind) + pad(name) + pad(data)


def core_file(dump):
    status = bytearray(PRSTATUS_BYTES)
    struct.pack_into("<H", status, SIGNAL_AT, SIGSEGV)
    struct.pack_into("<17I", status, PRSTATUS_REGISTERS, *dump.registers)
    notes = note("CORE", NT_PRSTATUS, bytes(status)) + note("GDB", NT_GDB_TDESC, DESCRIPTION)
    parts = [(PT_NOTE, 0, notes, 4)] + [(PT_LOAD, start, bytes(memory), 6) for start, memory in dump.areas]
    offset = 52 + 32 * len(parts)
    header = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", ET_CORE, EM_ARM, 1, 0, 52, 0, 0, 52, 32,
                                                            len(parts), 0, 0, 0)
    table = body = b""
    for kind, address, data, flags in parts:
        table += struct.pack("<8I", kind, offset + len(body), address, 0, len(data), len(data), flags, 1)
        body += data
    return header + table + body


def main(words):
    if len(words) != 2:
        sys.exit(__doc__)
    try:
        raw = sys.stdin.buffer.read() if words[0] == "-" else open(words[0], "rb").read()
    except OSError as error:
        fail(f"{words[0]}: {error.strerror}")
    dump = Dump(raw.decode("ascii", "replace"))
    with open(words[1], "wb") as core:
        core.write(core_file(dump))
    size = sum(len(memory) for _, memory in dump.areas)
    print(f"{words[1]}: registers and {size} bytes of RAM, pc {dump.registers[15]:#010x}")


if __name__ == "__main__":
    main(sys.argv[1:])
