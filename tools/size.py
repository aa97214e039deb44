#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
ROM and RAM of an image by room, read from the linker's map: size.py firmware.map [BOARD goals.csv]

goals.csv has lines of board, ROM or RAM, goal, limit: bytes that the image should take, and those that it must not
exceed. RAM is there what is left beside stacks and heaps. Ends with 1 when a limit is exceeded.
"""
import csv
import pathlib
import re
import subprocess
import sys

ROOMS = ("lib", "heap", "kernel", "drivers", "boot", "app", "tests", "all as one", "C library", "fill")
# Output sections that take ROM, RAM, or (initialised data) both.
ROM = (".text", ".rodata", ".data")
RAM = (".isr_stack", ".vectors_in_ram", ".data", ".bss", ".noinit", ".system_heap")


def room_of(path):
    if ".ltrans" in path:  # CONFIG_LTO
        return "all as one"
    match = re.search(r"build/[^/]+/(?:obj[^/]*/(\w+)|[^/]+/(app))/", path)
    if match:
        return match[1] or match[2]
    return "C library"


def pieces(text):
    """Yields (output section, size, object path) of what was placed, by address: merged strings shrink afterwards."""
    text = text[text.find("Linker script and memory map"):]
    text = re.sub(r"\n( ?[.\w]\S*)\n\s+0x", r"\n\1 0x", text)
    output, end, placed = None, 0, []
    for line in text.splitlines() + ["."]:
        head = re.match(r"(\.[\w.]*)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+))?", line)
        piece = re.match(r" (?!\*)\S+\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?$", line)
        if head:
            for (start, size, obj), (following, *_) in zip(placed, placed[1:] + [(end,)]):
                yield output, min(size, following - start), obj
                yield output, max(0, following - start - size), None
            output, placed = head[1], []
            end = int(head[2], 16) + int(head[3], 16) if head[2] else 0
        elif piece and int(piece[2], 16):
            placed.append((int(piece[1], 16), int(piece[2], 16), piece[3] or ""))


def stacks_and_heaps(elf):
    """Bytes of RAM whose names say that they are a thread's stack or a heap's memory."""
    lines = subprocess.run(["arm-none-eabi-nm", "-S", elf], capture_output=True, text=True, check=True).stdout.split("\n")
    words = [line.split() for line in lines if re.search(r" [bBdD] \w*(_stacks?|_buffer)$", line)]
    return sum(int(size, 16) for _, size, _, _ in words)


def compare(have, board, goals):
    """Prints what the image has beside its goals; False: beyond a limit."""
    good = True
    with open(goals, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            if row["board"] != board:
                continue
            got, goal, limit = have[row["memory"]], int(row["goal"]), int(row["limit"])
            print(f"{row['memory']}{' beside stacks and heaps' if row['memory'] == 'RAM' else ''}: {got}, "
                  f"goal {goal} ({abs(goal - got)} {'left' if got <= goal else 'too much'}), "
                  f"at most {limit}")
            good = good and got <= limit
    return good


def main(path, board=None, goals=None):
    rom, ram, heap, stack = dict.fromkeys(ROOMS, 0), dict.fromkeys(ROOMS, 0), 0, 0
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for output, size, obj in pieces(text):
        room = "fill" if obj is None else room_of(obj)
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
    if rom["all as one"]:
        print("all as one: with CONFIG_LTO the compiler takes the rooms together")
    if goals is None:
        return 0
    have = {"ROM": sum(rom.values()), "RAM": sum(ram.values()) - stacks_and_heaps(pathlib.Path(path).with_suffix(".elf"))}
    return 0 if compare(have, board, goals) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
