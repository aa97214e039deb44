#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The measuring harness notices when it measures wrongly, and when an allocator, or the oracle's heap, misbehaves."""
import os
import pathlib
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, equal, ok  # noqa: E402

ARM = "arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -mfloat-abi=soft --specs=nano.specs -nostartfiles -O2 -Wl,--gc-sections".split()
HARNESS = [TREE / "bench" / f"{name}.c" for name in ("board", "meter", "block", "sample", "workload")]

WATCHED = ["-DTRIPS_WATCHED", "-finstrument-functions", "-finstrument-functions-exclude-file-list=bench/"]

# A bump allocator that never reuses anything; {} is where each test breaks it.
SUBJECT = """
#include <stdint.h>
#include "bench/meter.h"
#include "bench/subject.h"
static char *next, *end; static unsigned count;
static void *take(size_t align, size_t bytes)
{
    char *mem = (char *)(((uintptr_t)next + align - 1) / align * align);
    count++;
    BREAK
    if (mem > end || bytes > (size_t)(end - mem)) { return 0; }
    next = mem + bytes;
    return mem;
}
static void give(void *mem) { (void)mem; }
void subject_init(void *mem, size_t bytes) { next = mem; end = next + bytes; count = 0; }
void *subject_alloc(size_t bytes) { return (void *)meter_call((meter_fn)take, 8, bytes, 0); }
void *subject_aligned_alloc(size_t align, size_t bytes) { return (void *)meter_call((meter_fn)take, align, bytes, 0); }
void subject_free(void *mem) { (void)meter_call((meter_fn)give, (uintptr_t)mem, 0, 0); }
"""
# Refuses now and then without reason, in front of the heap.
LIAR = """
#include <stddef.h>
struct sys_heap;
static unsigned calls;
void *__real_sys_heap_{name}(struct sys_heap *heap, {types});
void *__wrap_sys_heap_{name}(struct sys_heap *heap, {types});
void *__wrap_sys_heap_{name}(struct sys_heap *heap, {types})
{{
    return ++calls % 1000 == 0 ? NULL : __real_sys_heap_{name}(heap, {words});
}}
"""
LIARS = {"alloc": ("size_t a", "a"), "realloc": ("void *a, size_t b", "a, b"),
         "aligned_alloc": ("size_t a, size_t b", "a, b")}


def build(folder, name, breakage):
    source = folder / f"{name}.c"
    source.write_text(SUBJECT.replace("BREAK", breakage))
    status, _, err = command(*ARM, "-I.", "-Tbench/an386.ld", "-o", folder / f"{name}.elf", *HARNESS, source)
    ok(status == 0, f"{name} builds", err)
    return folder / f"{name}.elf"


def run(image, *words):
    return command("bench/run.sh", image, *words)[:2]


with tempfile.TemporaryDirectory(prefix="cairn-") as name:
    folder = pathlib.Path(name)
    whole = build(folder, "bump", "")
    status, out = run(whole, "W8")
    equal((status, out.splitlines()[0]), (0, "W8 4096 512 256 170 128 39 4096"), "W8 of a bump allocator is known")
    status, out = run(whole, "W4")
    ok(status == 1 and "refused by a heap that is almost empty" in out, "a heap that refuses too early is found", out)
    status, out = run(whole, "W1")
    ok(status == 1 and "the drained heap is not whole" in out, "a heap that loses memory is found", out)
    for fault, breakage, message in (
            ("overlap", "if (count % 16 == 0) { mem -= 8; }", "a block whose content changed"),
            ("outside", "if (count == 30) { return end; }", "a block outside the heap"),
            ("before", "if (count == 30) { return end - 70000; }", "a block outside the heap"),
            ("misaligned", "if (count == 30) { mem += 2; }", "a block not aligned")):
        status, out = run(build(folder, fault, breakage), "W2")
        ok(status == 1 and message in out, f"{fault}: {message}", out)

    # With fewer nanoseconds for an instruction than for a tick of the timer nothing can be exact.
    script = (TREE / "bench/run.sh").read_text().replace("shift=8", "shift=4")
    (folder / "run.sh").write_text(script)
    status, out, _ = command("sh", folder / "run.sh", whole, "W8")
    ok(status == 1 and "does not count instructions exactly" in out, "a clock too coarse is found", out)

    heap = sorted((TREE / "heap").glob("*.c"))
    for call, (types, words) in LIARS.items():
        (folder / "liar.c").write_text(LIAR.format(name=call, types=types, words=words))
        status, _, err = command("gcc", "-O1", "-Iinclude", *WATCHED, f"-Wl,--wrap=sys_heap_{call}", "-o",
                                 folder / "oracle", "bench/oracle.c", *heap, folder / "liar.c")
        ok(status == 0, f"an oracle with a lying {call} builds", err)
        rows = {row.split()[0]: row.split()[1:] for row in command(folder / "oracle", 100000)[1].splitlines()}
        wrong = {name: int(row[2]) for name, row in rows.items() if row}
        ok(wrong.get(call.split("_")[0], 0) > 0, f"{call}: one that refuses without reason is found", rows)

    # Loops that say less trips than they make.
    for room in ("heap", "lib", "include", "kernel"):
        shutil.copytree(TREE / room, folder / room)
    for header in (folder / "heap").glob("*.[ch]"):
        header.write_text(re.sub(r"TRIPS_AT_MOST\((\w+), \w+\)", r"TRIPS_AT_MOST(\1, 1)", header.read_text()))
    status, _, err = command("gcc", "-O1", f"-I{folder}/include", *WATCHED, "-o", folder / "oracle", "-x", "c",
                             TREE / "bench/oracle.c", *sorted((folder / "heap").glob("*.c")))
    ok(status == 0, "an oracle with loops that lie builds", err)
    equal(command(folder / "oracle", 100000)[2], "oracle: a loop makes more trips than it says\n", "and is found")
done()
