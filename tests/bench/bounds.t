#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tools/bounds.py on functions whose longest path is known, and on code whose bound it must refuse to guess."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import command, done, equal, ok  # noqa: E402

# name: (code, longest path by hand), or (code, words of the refusal)
KNOWN = {
    "straight": ("nop; nop; bx lr", 3),
    "either": ("cmp r0, #0; beq 1f; nop; nop; 1: bx lr", 5),
    "early": ("cbz r0, 1f; nop; nop; nop; bx lr; 1: bx lr", 5),
    "block": ("cmp r0, #0; itt eq; moveq r0, #1; bxeq lr; nop; bx lr", 6),
    "push_pop": ("push {r4, lr}; nop; pop {r4, pc}", 3),
    "long_pop": ("push {r4, r8, lr}; ldmia.w sp!, {r4, r8, pc}", 2),
    "one_pop": ("push {lr}; nop; ldr pc, [sp], #4", 3),
    "calls": ("push {lr}; bl straight; bl either; pop {pc}", 1 + 1 + 3 + 1 + 5 + 1),
    "tail": ("nop; b.w straight", 2 + 3),
    "tail_or_not": ("cmp r0, #0; beq.w calls; bx lr", 2 + 12),
    "halts": ("cmp r0, #0; beq 1f; bx lr; 1: nop; nop; nop; nop; bl invariant_failed", 3),
    "loop": ("movs r0, #3; 1: TRIPS 3; subs r0, #1; bne 1b; bx lr", 1 + 3 * 2 + 1),
    "zero_loop": ("b 2f; 1: TRIPS 0; nop; 2: subs r0, #1; bne 1b; bx lr", 1 + 2 + 1),
    "while_loop": ("1: cbz r0, 2f; TRIPS 5; subs r0, #1; b 1b; 2: bx lr", 5 * 3 + 1 + 1),
    "left_inside": ("1: cmp r0, #1; beq 2f; TRIPS 4; cmp r0, #9; beq 3f; subs r0, #1; b 1b; "
                    "3: nop; nop; nop; nop; nop; nop; nop; nop; 2: bx lr", 3 * 6 + 4 + 8 + 1),
    "self": ("1: TRIPS 7; bne 1b; bx lr", 7 + 1),
    "nested": ("1: nop; TRIPS 3; movs r1, #4; 2: nop; TRIPS 4; subs r1, #1; bne 2b; subs r0, #1; bne 1b; bx lr",
               3 * (2 + 4 * 3 + 2) + 1),
    "two_loops": ("1: TRIPS 2; subs r0, #1; bne 1b; 2: TRIPS 3; subs r1, #1; bne 2b; bx lr", 4 + 6 + 1),
    "branching_trip": ("1: TRIPS 3; cmp r0, #0; beq 2f; nop; nop; nop; 2: subs r1, #1; bne 1b; bx lr", 3 * 7 + 1),
    "call_in_loop": ("push {lr}; 1: TRIPS 2; bl straight; bne 1b; pop {pc}", 1 + 2 * 5 + 1),
    "bare_loop": ("1: subs r0, #1; bne 1b; bx lr", "does not say how many trips"),
    "half_annotated": ("1: nop; TRIPS 3; movs r1, #4; 2: nop; subs r1, #1; bne 2b; subs r0, #1; bne 1b; bx lr",
                       "does not say how many trips"),
    "passed_by": ("1: cmp r0, #0; beq 2f; TRIPS 3; nop; 2: subs r1, #1; bne 1b; bx lr", "does not say how many trips"),
    "self_bare": ("1: TRIPS 2; nop; 2: bne 2b; subs r0, #1; bne 1b; bx lr", "does not say how many trips"),
    "doubled": ("1: TRIPS 3; TRIPS 4; bne 1b; bx lr", "two TRIPS_AT_MOST"),
    "two_entries": ("cmp r0, #0; beq 2f; 1: nop; 2: subs r0, #1; TRIPS 3; bne 1b; bx lr", "a loop with 2 entries"),
    "indirect_call": ("push {lr}; blx r0; pop {pc}", "unknown instruction or indirect branch"),
    "indirect_jump": ("bx r0", "unknown instruction or indirect branch"),
    "moved_pc": ("mov pc, r0", "unknown instruction or indirect branch"),
    "table": ("tbb [pc, r0]; .byte 1, 1; nop; bx lr", "unknown instruction or indirect branch"),
    "loaded_pc": ("ldr pc, [r0]", "unknown instruction or indirect branch"),
    "unknown": ("svc 0; bx lr", "unknown instruction or indirect branch"),
    "recursive": ("push {lr}; bl recursive; pop {pc}", "calls itself"),
    "into_data": ("nop; .word 0", "reaches data"),
    "no_return": ("bl invariant_failed", "never returns"),
    "inherited": ("push {lr}; bl bare_loop; pop {pc}", "does not say how many trips"),
}
# Paths that store nothing but to the stack.
FAILING = {
    "stores": ("push {r4, lr}; cmp r0, #0; beq 1f; str r1, [r0]; nop; nop; nop; nop; 1: pop {r4, pc}", 4),
    "spills": ("sub sp, #8; cmp r0, #0; beq 1f; str r1, [sp, #4]; nop; 1: add sp, #8; bx lr", 7),
    "calls_a_store": ("push {lr}; cbz r0, 1f; bl always; nop; nop; 1: pop {pc}", 3),
    "always": ("strh r1, [r0, #2]; bx lr", "never returns"),
    "gives_stack": ("sub sp, #8; mov r0, sp; nop; add sp, #8; bx lr", "could be one to the stack"),
}
# Moving data counts as a call and a return.
MOVING = {"copies": ("push {lr}; bl memcpy; nop; pop {pc}", 5)}
MACRO = ".macro TRIPS n\n999: .pushsection .debug_trips.things, \"\", %progbits\n.word 999b, \\n\n.popsection\n.endm\n"
HEAD = ".syntax unified\n.thumb\n.text\n" + MACRO
C_SOURCE = """
#include "lib/trips.h"
unsigned summed(const unsigned *values, unsigned count);
unsigned summed(const unsigned *values, unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < count; i++) {
        BOUND
        sum = (sum << 3 | sum >> 29) ^ values[i * sum % 7];
    }
    return sum;
}
"""

# The most chunks beyond the last size class that fit into a heap of up to `limit` bytes, each apart from the next.
GIANTS = """
#include <stdio.h>
#include <stdlib.h>
#include <heap/heap_size.h>
int main(int argc, char **argv)
{
    long most = 0, limit = atol(argv[argc - 1]);
    for (long bytes = Z_HEAP_MIN_SIZE; bytes <= limit; bytes++) {
        long units = HEAP_UNITS_IN(bytes), room = units - HEAP_CONTROL_UNITS(units);
        long shortest = HEAP_CLASS_SPAN * (HEAP_CLASSES(units) + 1), giants = (room + 1) / (shortest + 1);
        most = giants > most ? giants : most;
    }
    printf("%ld\\n", most);
    return 0;
}
"""


def assembled(folder):
    text = HEAD
    for name, (code, _) in {**KNOWN, **FAILING, **MOVING}.items():
        text += f".thumb_func\n.global {name}\n.type {name}, %function\n{name}:\n"
        text += "".join(line.strip() + "\n" for line in code.split(";")) + f".size {name}, . - {name}\n"
    for name in ("invariant_failed", "memcpy"):
        text += f".thumb_func\n.global {name}\n{name}:\n1: subs r0, #1\nbne 1b\nbx lr\n"
    (folder / "known.s").write_text(text)
    return linked(folder, "known.s")


def linked(folder, source):
    elf = folder / (source + ".elf")
    status, _, err = command("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-O2", "-I.", "-nostdlib",
                             "-Wl,--entry=0", "-o", elf, folder / source)
    ok(status == 0, f"{source} builds", err)
    return elf


def bound(elf, what, *options):
    status, out, err = command("tools/bounds.py", *options, elf, what)
    return status, (out + err).strip()


with tempfile.TemporaryDirectory(prefix="cairn-") as name:
    folder = pathlib.Path(name)
    elf = assembled(folder)
    for mode, table in (("", KNOWN), ("/failing", FAILING), ("/moving", MOVING)):
        for function, (_, expected) in table.items():
            status, text = bound(elf, function + mode)
            if isinstance(expected, int):
                equal((status, text), (0, f"{function}{mode} {expected}"), f"{function}{mode}: {expected} by hand")
            else:
                ok(status == 1 and text.startswith(f"{function}{mode} none: ") and expected in text,
                   f"{function}{mode}: refused: {expected}", text)

    # The annotation of C code; one trip more costs one trip more.
    costs = []
    for line in ("TRIPS_AT_MOST(values, 10);", "TRIPS_AT_MOST(values, 11);", "TRIPS_AT_MOST(values, 12);", ""):
        (folder / "c.c").write_text(C_SOURCE.replace("BOUND", line))
        costs.append(bound(linked(folder, "c.c"), "summed"))
    words = [int(text.split()[1]) if status == 0 else None for status, text in costs]
    ok(None not in words[:3] and words[2] - words[1] == words[1] - words[0] > 5, "TRIPS_AT_MOST in C counts", costs)
    ok(words[3] is None and "does not say how many trips" in costs[3][1], "without it C is refused", costs[3])

    equal(bound(elf, "straight=3")[0], 0, "a limit that holds")
    equal(bound(elf, "straight=2"), (1, "straight 3, more than 2"), "a limit that does not hold fails")
    equal(bound(elf, "loop", "--trips", "things=2"), (0, "loop 6"), "--trips lowers the trips")
    equal(bound(elf, "loop", "--trips", "things=9"), (0, "loop 8"), "and does not raise them")
    equal(bound(elf, "loop", "--trips", "others=2"), (0, "loop 8"), "nor those of other loops")
    equal(bound(elf, "call_in_loop", "--calls"), (0, "call_in_loop 12\n    6 itself\n    2 x 3 straight"),
          "--calls says what a bound is made of")
    equal(bound(elf, "tail_or_not", "--calls"),
          (0, "tail_or_not 14\n    2 itself\n    12 calls\n        4 itself\n        3 straight\n        5 either"),
          "and shows calls of calls")
    equal(bound(elf, "nosuch")[0], 1, "a function that is not there fails")
    ok("does not say how many trips" in bound(elf, "copies")[1], "copying is a loop unless it is excluded")
    # What --trips giants=7 rests on, and GIANTS_MAX.
    (folder / "giants.c").write_text(GIANTS)
    for unit, reach in ((8, 262144), (4, 131072)):
        command("gcc", "-I.", f"-DCONFIG_SYS_HEAP_UNIT_{unit}=1", "-o", folder / "giants", folder / "giants.c")
        equal([command(folder / "giants", limit)[1] for limit in (reach // 4, reach)], ["7\n", "31\n"],
              f"{unit}-byte units: up to {reach // 4} bytes 7 giants, up to {reach} bytes 31")
done()
