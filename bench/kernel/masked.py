#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The longest run of instructions with the kernel's interrupts masked, from a trace of every instruction: masked.py ELF

QEMU executes one instruction at a time and writes the registers before each. Which instructions mask and unmask comes
from the disassembly; the SVC handler counts as masked, because its priority is that of the most urgent interrupt that
may call the kernel. Start-up, before the first row, does not count. Prints "row instructions function".
"""
import re
import subprocess
import sys

REGISTER = re.compile(rb"R(\d\d)=([0-9a-f]{8})")


def disassembly(elf):
    """{address: (what, register)} of what changes the mask, and {address: function}."""
    text = subprocess.run(["arm-none-eabi-objdump", "-d", "--no-show-raw-insn", elf], capture_output=True, text=True,
                          check=True).stdout
    changes, functions, name = {}, {}, ""
    for line in text.splitlines():
        start = re.match(r"[0-9a-f]+ <(.*)>:", line)
        if start:
            name = start[1]
            continue
        match = re.match(r" *([0-9a-f]+):\t(\S+)\s*(.*)", line)
        if not match:
            continue
        address, instruction, rest = int(match[1], 16), match[2], match[3]
        functions[address] = name
        operands = re.match(r"(PRIMASK|BASEPRI|BASEPRI_MAX), (r\d+|ip|lr)", rest)
        if instruction == "cpsid":
            changes[address] = True
        elif instruction == "cpsie":
            changes[address] = False
        elif instruction == "msr" and operands:
            changes[address] = {"ip": 12, "lr": 14}.get(operands[2]) or int(operands[2].lstrip("r"))
    return changes, functions


def texts(elf):
    """Read a NUL-terminated text at an address."""
    headers = subprocess.run(["arm-none-eabi-objdump", "-h", elf], capture_output=True, text=True, check=True).stdout
    size, _, load, offset = next(line.split()[2:6] for line in headers.splitlines() if " .text " in line)
    image = open(elf, "rb").read()

    def text_at(address):
        at = address - int(load, 16) + int(offset, 16)
        return image[at:image.index(b"\0", at)].decode()
    return text_at


def symbol(elf, name):
    out = subprocess.run(["arm-none-eabi-nm", elf], capture_output=True, text=True, check=True).stdout
    return next(int(line.split()[0], 16) & ~1 for line in out.splitlines() if line.split()[-1] == name)


def trace(elf):
    """The registers before each instruction."""
    process = subprocess.Popen(
        ["timeout", "-k", "5", "300", "qemu-system-arm", "-M", "mps2-an386", "-cpu", "cortex-m4", "-icount",
         "shift=8,sleep=off,align=off", "-display", "none", "-monitor", "none", "-serial", "null",
         "-semihosting-config", "enable=on,target=native", "-singlestep", "-d", "cpu,nochain", "-kernel", elf],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    registers = [0] * 16
    for line in process.stderr:
        if line.startswith(b"R"):
            for number, value in REGISTER.findall(line):
                registers[int(number)] = int(value, 16)
            if line.startswith(b"R12"):
                yield registers
    if process.wait() != 0:
        sys.exit(f"masked.py: the image ended with status {process.returncode}")


def longest(elf):
    changes, functions = disassembly(elf)
    text_at, mark = texts(elf), symbol(elf, "meter_mark")
    rows, row, masked, run, began = {}, None, False, 0, ""
    for registers in trace(elf):
        pc = registers[15]
        if pc == mark:
            row = text_at(registers[0])
            rows.setdefault(row, (0, ""))
        inside = masked or functions.get(pc) == "svc_handler"
        if inside:
            began = functions.get(pc, "?") if run == 0 else began
            run += 1
        else:
            run = 0
        if inside and row is not None and run > rows[row][0]:
            rows[row] = (run, began)
        change = changes.get(pc)
        if change is not None:
            masked = change if isinstance(change, bool) else registers[change] != 0
    return rows


if __name__ == "__main__":
    for name, (count, where) in longest(sys.argv[1]).items():
        print(name, count, where)
