#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""ROM and RAM of an image by room, read from the linker's map: size.py firmware.map"""
import re
import sys

ROOMS = ("lib", "heap", "kernel", "drivers", "boot", "app", "tests", "C library", "fill")
# Output sections that take ROM, RAM, or (initialised data) both.
ROM = (".text", ".rodata", ".data")
RAM = (".isr_stack", ".data", ".bss", ".noinit", ".system_heap")


def room_of(path):
    match = re.search(r"build/[^/]+/[^/]+/(?:obj/(\w+)|(app))/", path)
    if match:
        return match[1] or match[2]
    return "C library"


def pieces(text):
    """Yields (output section, size, object path or None) for each placed piece."""
    output, start = None, text.find("Linker script and memory map")
    text = re.sub(r"\n (\S+)\n\s+0x", r"\n \1 0x", text[start:])
    text = re.sub(r"\n(\.\w+)\n\s+0x", r"\n\1 0x", text)
    for line in text.splitlines():
        head = re.match(r"(\.[\w.]+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)", line)
        if head:
            output = head[1]
            continue
        piece = re.match(r" (\S+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)(?:\s+(\S.*))?$", line)
        if piece and output:
            yield output, int(piece[2], 16), piece[1], piece[3]


def main(path):
    rom, ram, heap, stack = dict.fromkeys(ROOMS, 0), dict.fromkeys(ROOMS, 0), 0, 0
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for output, size, name, obj in pieces(text):
        room = "fill" if name == "*fill*" else room_of(obj or "")
        if output in ROM:
            rom[room] += size
        if output in RAM and output not in (".isr_stack", ".system_heap"):
            ram[room] += size
    for section in (".system_heap", ".isr_stack"):
        match = re.search(rf"^\{section}\s+0x[0-9a-f]+\s+0x([0-9a-f]+)", text, re.MULTILINE)
        size = int(match[1], 16) if match else 0
        heap, stack = (size, stack) if section == ".system_heap" else (heap, size)
    print(f"{'room':<16}{'ROM':>10}{'RAM':>10}")
    for room in ROOMS:
        if rom[room] or ram[room]:
            print(f"{room:<16}{rom[room]:>10}{ram[room]:>10}")
    print(f"{'interrupt stack':<16}{'':>10}{stack:>10}")
    print(f"{'system heap':<16}{'':>10}{heap:>10}")
    print(f"{'all':<16}{sum(rom.values()):>10}{sum(ram.values()) + stack + heap:>10}")


main(sys.argv[1])
