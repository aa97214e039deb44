#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sequences of bench/worst/*.txt as a C table: worst.py FILE... > table.c"""
import pathlib
import sys

CALLS = {"a": "CALL_ALLOC", "f": "CALL_FREE", "A": "CALL_ALIGNED", "r": "CALL_REALLOC"}
OPERANDS = {"a": 2, "f": 1, "A": 3, "r": 2}


def sequence(path):
    """(heap bytes, [C initialiser of each step]) of one file."""
    heap, steps = None, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        word, *operands = line.split("#")[0].split() or [""]
        if word == "heap":
            heap = int(operands[0])
        elif word in CALLS and len(operands) == OPERANDS[word]:
            slot, bytes_, align = (operands + ["0", "0"])[:3]
            steps.append(f"{{{CALLS[word]}, {int(slot)}, {int(align)}, {int(bytes_)}}}")
        elif word:
            raise SystemExit(f"{path}:{number}: cannot be read: {line}")
    if heap is None or not steps:
        raise SystemExit(f"{path}: needs a heap line and steps")
    return heap, steps


def main(paths):
    print("/* Written by bench/worst.py. */\n#include \"worst.h\"\n")
    print(f"const uint32_t worst_count = {len(paths)};")
    print("const char *const worst_names[] = {" + ", ".join(f'"{p.stem}"' for p in paths) + "};")
    print("const struct sequence worst_sequences[] = {")
    for path in paths:
        heap, steps = sequence(path)
        print(f"    {{{heap}, {len(steps)}, {{{', '.join(steps)}}}}},")
    print("};")


if __name__ == "__main__":
    main([pathlib.Path(word) for word in sys.argv[1:]])
