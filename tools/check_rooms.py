#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The rule of the rooms: a file includes only its own room and rooms of lower rank. No exceptions.

Two closures: only kernel/ and boot/ look inside kernel/arch/; drivers/ take memory from the kernel's region heap, never
from heap/ (the attribute words in heap/region.h are data, not memory). tests/ and bench/ look at everything, and nothing
looks at them, but for the facade of the test harness.
"""
import pathlib
import re
import sys

RANK = {"lib": 0, "heap": 1, "kernel": 2, "drivers": 3, "boot": 4, "app": 5, "tests": 6, "bench": 6}
FACADE_USERS = ("app", "tests", "bench")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)


def complaint(root, source, quote, name):
    """What is wrong with one #include, or None."""
    room = source.relative_to(root).parts[0]
    if quote == "<":
        upward = name.startswith("zephyr/") and room not in FACADE_USERS
        return f"{room}/ includes <{name}>: the facade is for apps and tests" if upward else None
    target = (source.parent / name).resolve()
    if not target.is_relative_to(root) or not target.exists():
        return None  # from another folder of the compiler's include path, for example a generated file
    parts = target.relative_to(root).parts
    if room == "include":
        return None if parts[0] in RANK else f"include/ forwards to {parts[0]}/"
    if parts[0] not in RANK or RANK[parts[0]] > RANK[room]:
        return f"{room}/ (rank {RANK[room]}) includes {'/'.join(parts)}"
    if parts[:2] == ("kernel", "arch") and len(parts) > 2 and room in ("drivers", "app"):
        return f"{room}/ looks inside kernel/arch/"
    if room == "drivers" and parts[0] == "heap" and parts[1] != "region.h":
        return f"drivers/ takes memory from {'/'.join(parts)}"
    return None


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    bad = files = 0
    for room in (*RANK, "include"):
        for source in sorted((root / room).rglob("*.[chS]")):
            files += 1
            for quote, name in INCLUDE.findall(source.read_text()):
                text = complaint(root, source, quote, name)
                if text:
                    bad += 1
                    print(f"{source.relative_to(root)}: {text}")
    print(f"# {files} files, {bad} broken rules")
    return bad != 0


sys.exit(main())
