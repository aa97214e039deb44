#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A printed crash becomes a core file, and GDB shows what happened."""
import re

from debugging import FOLDER, build, command, done, limited, make, nothing_left, ok, script

APP = "tests/debug/crash"
LOG, CORE = FOLDER / "log", FOLDER / "core"

LOOK = script("look", """
bt
frame 0
info locals
print $sp
cairn threads
cairn thread main
cairn heaps
cairn check
""")


def crash(board, *words):
    """Builds, runs, and returns the image's folder; the log is in LOG."""
    folder = build(board, APP, *words)
    status, out = limited(folder / "run", seconds=30)
    LOG.write_text(out)
    ok(status == 1 and "coredump: end" in out, f"{board}: it crashes and dumps", out)
    return folder


def look(board, folder):
    status, out = limited("make", "coredump", f"BOARD={board}", f"APP={APP}", f"LOG={LOG}")
    ok(status == 0 and "firmware.elf" in out, f"{board}: make coredump", out)
    return limited("gdb-multiarch", "-nx", "-batch", "-x", "tools/gdb/cairn.py", folder / "firmware.elf",
                   folder / "core", "-x", LOOK)[1]


for board in ("netduinoplus2", "mps2_an505"):
    folder = crash(board)
    out = look(board, folder)
    ok(re.search(r"#0 .*third \(value=42, where=0xa0000000\).*\n#1 .*second \(depth=6\).*\n#2 .*first_entry.*\n#3 .*thread_entry",
                 out), f"{board}: backtrace of the crash, with arguments", out)
    ok("before = 24301" in out, f"{board}: a local variable in a register", out)
    ok(re.search(r"^\* +\d+ +3 .* crasher$", out, re.MULTILINE) and "sleeping           main" in out,
       f"{board}: the threads", out)
    ok(re.search(r"^thread main.*\n(.*\n)*#\d+ .* main \(\) at", out, re.MULTILINE), f"{board}: frames of another thread", out)
    ok(re.search(r"^ +512 .* pool$", out, re.MULTILINE) and "not in this core file" in out, f"{board}: the heaps", out)
    ok("no damage" in out and "broken" not in out, f"{board}: cairn check", out)

(FOLDER / "check.conf").write_text("CONFIG_CRASH_BY_CHECK=y\n")
folder = crash("netduinoplus2", f"EXTRA_CONF={FOLDER}/check.conf")
out = look("netduinoplus2", folder)
ok(re.search(r"in first_entry .*main.c", out) and "k_heap_free" in out, "a failed check: backtrace to who called", out)

text = LOG.read_text()
for what, broken, said in (("no dump", text.replace("coredump: begin", ""), "has no dump"),
                           ("cut off", text[:text.index("coredump: end")], "cut off"),
                           ("lost characters", re.sub(r"(coredump: m \w+ )\w{8}", r"\g<1>00000001", text, 1), "lost")):
    LOG.write_text(broken)
    status, out, err = command("tools/coredump.py", LOG, CORE)
    ok(status == 1 and said in err and not CORE.exists(), f"a log with {what} is refused", err)
status, out, err = make("coredump", "BOARD=netduinoplus2", f"APP={APP}")
ok(status != 0 and "LOG=" in err, "make coredump without LOG says what it wants", err)
nothing_left()
done()
