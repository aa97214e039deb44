#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a build gives: an app outside the tree, its files, nothing built twice, headers followed, the library."""
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, App, command, done, equal, make, ok  # noqa: E402

HELLO = """#include <zephyr/kernel.h>
#include "word.h"
int main(void) { printk("hello %s\\n", WORD); sys_exit(STATUS); }
"""
HEADER = '#define WORD "{}"\n#define STATUS {}\n'

for board in ("mps2_an505", "host"):
    app = App(f"outside_{board}", HELLO)
    app.write("word.h", HEADER.format("world", 42))
    status, out, err = app.build(board)
    ok(status == 0, f"{board}: an app outside the tree builds", out + err)
    equal(app.run(board)[:2], (42, "hello world\n"), f"{board}: and runs; its exit status comes through")
    files = ("firmware.elf", "firmware.map", "compile_commands.json")
    files += ("firmware.bin", "firmware.hex") if board != "host" else ()
    missing = [f for f in files if not (app.image(board) / f).is_file()]
    equal(missing, [], f"{board}: all files are there")
    calls = json.loads((app.image(board) / "compile_commands.json").read_text())
    ok(any(call["file"] == str(app.path / "main.c") for call in calls), f"{board}: the app is in compile_commands.json")
    again = app.build(board)[1]
    ok("CC" not in again and "LINK" not in again, f"{board}: a second make builds nothing", again)
    app.write("word.h", HEADER.format("change", 0))
    changed = app.build(board)[1]
    ok(changed.count("CC  ") == 1, f"{board}: a changed header builds what includes it and no more", changed)
    equal(app.run(board)[:2], (0, "hello change\n"), f"{board}: with effect")
    app.write("more.c", "int more(void);\nint more(void) { return 1; }\n")
    app.write("main.c", "int __attribute__((weak)) more(void) { return 0; }\n" + HELLO.replace("STATUS", "more()"))
    app.build(board)
    equal(app.run(board)[0], 1, f"{board}: a new source is built in")
    (app.path / "more.c").unlink()
    app.build(board)
    equal(app.run(board)[0], 0, f"{board}: a deleted one is not any more")
    app.build(board, "OPT=-O0")
    calls = json.loads((app.image(board) / "compile_commands.json").read_text())
    ok(all("-O0" in call["arguments"] for call in calls), f"{board}: another OPT builds everything again")
    other = App(f"outside_{board}", HELLO.replace("hello", "other"))
    other.write("word.h", HEADER.format("app", 0))
    other.build(board)
    equal(other.run(board)[:2], (0, "other app\n"), f"{board}: another folder of the same name is not mixed up")

sized = App("sized", HELLO, "CONFIG_HEAP_MEM_POOL_SIZE=1024\n")
sized.write("word.h", HEADER.format("size", 0))
status, out, err = sized.build("mps2_an505", "size")
rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line and line.split()[-1].isdigit()}
ok(status == 0 and all(int(rows[room][0]) > 0 for room in ("kernel", "heap", "drivers", "boot", "app")),
   "make size shows ROM by room", out + err)
total = command("arm-none-eabi-size", "-A", sized.image() / "firmware.elf")[1]
sections = {line.split()[0]: int(line.split()[1]) for line in total.splitlines() if line.startswith(".")}
equal(int(rows["all"][0]), sections[".text"] + sections[".data"], "its sum is the size of the image")

# The allocator as a library of its own.
LIBRARY_USER = """#include <stdio.h>
#include <stdlib.h>
#include <zephyr/sys/sys_heap.h>
_Noreturn void invariant_failed(const char *i, const void *o, const void *t);
_Noreturn void invariant_failed(const char *i, const void *o, const void *t)
{ (void)o; (void)t; puts(i); exit(3); }
static char memory[4096] __attribute__((aligned(8)));
int main(int argc, char **argv)
{
    struct sys_heap heap;
    void *p;
    (void)argv;
    sys_heap_init(&heap, memory, sizeof(memory));
    p = sys_heap_alloc(&heap, 100);
    printf("%d %zu\\n", p != NULL, sys_heap_usable_size(&heap, p));
    sys_heap_free(&heap, p);
    if (argc > 1) { sys_heap_free(&heap, p); }
    return 0;
}
"""
with tempfile.TemporaryDirectory() as folder:
    source, program = pathlib.Path(folder) / "user.c", pathlib.Path(folder) / "user"
    source.write_text(LIBRARY_USER)
    status, out, err = make("libheap", "CPU=host", "OPT=-O2")
    equal((status, out.split()[-1:]), (0, ["build/libheap/host-O2/libheap.a"]), "make libheap CPU=host")
    command("gcc", "-Wall", "-Werror", "-Iinclude", source, TREE / "build/libheap/host-O2/libheap.a", "-o", program)
    status, out, _ = command(program)
    ok(status == 0 and out.split()[0] == "1" and int(out.split()[1]) >= 100, "the library runs on the PC", out)
    status, out, _ = command(program, "twice")
    ok(status == 3 and "H" in out.splitlines()[-1], "and finds a double free", out)
status, out, err = make("libheap", "CPU=cortex-m4", "OPT=-O2")
ok(status == 0 and (TREE / "build/libheap/cortex-m4-O2/libheap.a").is_file(), "make libheap CPU=cortex-m4", err)
deaf = App("deaf", "#include <signal.h>\nint main(void) { signal(SIGTERM, SIG_IGN); for (;;) { } }\n")
deaf.build("host")
status, out, err = command("tools/run.sh", "host", deaf.image("host") / "firmware.elf", "-", "1", seconds=30)
equal(status, 137, "a test that does not listen to SIGTERM is ended all the same")

help_text = make("help")[1]
ok(len(help_text.splitlines()) <= 24 and max(map(len, help_text.splitlines())) <= 80, "help fits one screen", help_text)
done()
