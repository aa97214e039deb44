#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The GDB extension: what it says about a known program, in the plain emulator and on the PC, and that `cairn check` finds
each kind of damage, which a script does to the halted program's memory."""
import os
import re

from debugging import APP, BOARD, FOLDER, build, command, done, equal, limited, nothing_left, ok, script

from tap import App

build()


def debug(name, text, board=BOARD, app=APP):
    env = {"GDBFLAGS": f"-nx -batch -x {script(name, text)}"}
    return limited("make", "debug", f"BOARD={board}", f"APP={app}", env=env)


LOOK = """
break worker_entry
continue
delete
"""

status, out = debug("look", LOOK + """
cairn threads
echo -- waiters\\n
cairn waiters
echo -- timeouts\\n
cairn timeouts
echo -- heaps\\n
cairn heaps
echo -- heap\\n
cairn heap pool
echo -- expression\\n
cairn heap &_system_heap.heap
echo -- hungry\\n
cairn thread hungry
python
while gdb.selected_frame().name() != "k_heap_alloc":
    gdb.execute("up", to_string=True)
end
python print("UP", gdb.selected_frame().name(), gdb.parse_and_eval("heap"))
echo -- back\\n
cairn thread
python print("BACK", gdb.selected_frame().name(), gdb.parse_and_eval("$pc") == gdb.newest_frame().pc())
cairn thread worker
echo -- printers\\n
print pool
print never_given
print hungry_thread
print worker_thread
print (k_timeout_t){-1}
print (k_timeout_t){-12}
echo -- errors\\n
python
for words in ("cairn thread nobody", "cairn heap nothing", "cairn heap"):
    try:
        gdb.execute(words)
    except gdb.error as error:
        print("ERROR", error)
end
echo -- check\\n
cairn check
""")
part = dict(re.findall(r"^-- (\w+)\n(.*?)(?=^-- |\Z)", out, re.MULTILINE | re.DOTALL))
rows = {line.split()[-1] if ":" not in line else line.split(":")[0].split()[-1]: line
        for line in out.split("-- waiters")[0].splitlines() if re.match(r"[* ] +\d+ ", line)}
equal(sorted(rows), ["hungry", "idle", "main", "paused", "sleeper", "taker", "worker"], "threads: all of them")
ok("-2" in rows.get("sleeper", "") and "sleeping" in rows.get("sleeper", "") and "ticks left" in rows.get("sleeper", ""),
   "threads: priority, state, time left", out)
ok(rows.get("worker", "").startswith("*"), "threads: the current one is marked", out)
ok("taker (priority 1) waits for never_given, for ever" in part.get("waiters", ""), "waiters: a semaphore", out)
ok(re.search(r"hungry \(priority 2\) waits for 600 bytes of pool, \d+ ticks left", part.get("waiters", "")),
   "waiters: memory, how much and how long", out)
ok(re.search(r"thread sleeper, calls sleep_expired", part.get("timeouts", "")), "timeouts: whose and what", out)
ticks = [int(n) for n in re.findall(r"^tick (\d+)", part.get("timeouts", ""), re.MULTILINE)]
ok(len(ticks) == 3 and ticks == sorted(ticks), "timeouts: soonest first", out)
ok(re.search(r"^ +1024 .* 1  pool$", part.get("heaps", ""), re.MULTILINE) and "_system_heap" in part["heaps"] and
   "sram2" in part["heaps"], "heaps: kernel heaps, the system heap, regions", out)
states = re.findall(r"^  0x\w+ +\d+ (\w+)", part.get("heap", ""), re.MULTILINE)
equal(states, ["used", "free", "used", "free", "used", "top"], "heap: the chunk map")
sizes = [int(n) for n in re.findall(r"^  0x\w+ +(\d+) ", part.get("heap", ""), re.MULTILINE)]
overhead = re.search(r"(\d+) overhead", part.get("heap", ""))
ok(overhead and sum(sizes) + int(overhead[1]) == 1024, "heap: its bytes sum up", out)
ok("waiting: hungry (priority 2) for 600 bytes of pool" in part.get("heap", ""), "heap: who waits for what", out)
ok("largest block now: 516 bytes" in part.get("expression", ""), "heap: named by an expression", out)
ok(re.search(r"^#\d+ .*k_heap_alloc.*\n#\d+ .*hungry_entry", part.get("hungry", ""), re.MULTILINE),
   "thread: backtrace of a sleeping one", out)
ok(re.search(r"UP k_heap_alloc 0x\w+ <pool>", out), "thread: up goes along its frames", out)
ok("BACK worker_entry True" in part.get("back", ""), "thread: without a name back to the processor", out)
ok(re.search(r"^#0 .*worker_entry", part.get("back", ""), re.MULTILINE), "thread: the running one", out)
ok("waiting: hungry" in part.get("printers", "") and "semaphore 0 of 1, waiting: taker, paused" in part["printers"] and
   "thread hungry, priority 2, pending, waits for 600 bytes of pool" in part["printers"] and
   "K_FOREVER" in part["printers"] and "until tick 10" in part["printers"], "printers", out)
equal(part.get("errors", "").count("ERROR "), 3, "what does not exist is an error that says what does")
ok("no damage" in part.get("check", "") and "broken" not in part["check"], "check: nothing is damaged", out)

DAMAGES = [  # (what, how, what the check says)
    ("a chunk's size", "set var ((struct chunk_header *)blocks[2])[-1].size = 3", "H10 pool"),
    ("the left neighbour's size", "set var ((struct chunk_header *)blocks[2])[-1].left = 700", "H10 pool"),
    ("a block marked free", "set var ((struct chunk_header *)blocks[2])[-1].size &= 0x7fff", "H11 pool"),
    ("a free chunk's link", "set var ((struct chunk *)blocks[1])->prev = 9", "H12 pool"),
    ("a free chunk marked in use", "set var ((struct chunk_header *)blocks[1])[-1].size |= 0x8000", "H12 pool"),
    ("a lost list", "set var pool.heap.heap->head[8] = 0", "H13 pool"),
    ("a lost giant", "set var region_heap.slots[0].heap.heap->classes = -1", "H13 sram2"),
    ("statistics", "set var pool.heap.allocated_bytes += 8", "pool: 448 bytes are accounted for, and 440 are in use"),
    ("a waiter that could be served",
     "set var ((struct heap_request *)hungry_thread.request)->bytes = 40", "W1 hungry waits for 40 bytes"),
    ("the ready map", "set var _kernel.ready_map = 0", "S4 the map"),
    ("a state", "set var worker_thread.state = 4", "S4 worker"),
    ("a ready thread's priority", "set var worker_thread.priority = 9", "S4 worker"),
    ("a pending thread without queue", "set var taker_thread.pended_on = 0", "taker: it is pending"),
    ("a queue out of order", "set var paused_thread.priority = 0", "not in order of priority"),
    ("a group of waiters", "set var taker_thread.next_group = 0", "taker does not lead to the next group"),
    ("a ring", "set var taker_thread.ring_prev = 0", "does not point back"),
    ("a stack pointer", "set var sleeper_thread.context.psp = 0x20000000", "sleeper: its stack pointer 0x20000000"),
    ("the next thread", "set var _kernel.next = (struct k_thread *)0x20000100", "S3 the next thread is not alive"),
    ("a timeout", "set var sleeper_thread.timeout.node.prev = 0", "does not point back"),
]
# Not the guard at the bottom of the interrupt stack: the emulator lets GDB read only what the core may.
ORIGINAL = "dump binary memory {0} 0x20000400 0x20020000\n".format(FOLDER / "ram")
RESTORE = "restore {0} binary 0x20000400\n".format(FOLDER / "ram")
steps = "".join(f"echo -- {i}\\n\n{how}\npython\ntry:\n    gdb.execute('cairn check')\nexcept gdb.error as error:\n"
                f"    print('FOUND', error)\nend\n{RESTORE}" for i, (_, how, _) in enumerate(DAMAGES))
status, out = debug("damage", LOOK + ORIGINAL + steps + "echo -- end\\n\ncairn check\n")
part = dict(re.findall(r"^-- (\w+)\n(.*?)(?=^-- |\Z)", out, re.MULTILINE | re.DOTALL))
for i, (what, _, said) in enumerate(DAMAGES):
    found = part.get(str(i), "")
    ok("FOUND" in found and re.search(rf"^broken .*{re.escape(said)}", found, re.MULTILINE), f"check finds {what}",
       found or out)
ok("no damage" in part.get("end", ""), "check: and nothing when all is restored", out)

# Another core, and the PC.
build("mps2_an505")
status, out = debug("an505", LOOK + "cairn thread sleeper\ncairn heaps\ncairn check\n", board="mps2_an505")
ok("no damage" in out and re.search(r"^#\d .*k_sleep", out, re.MULTILINE) and "psram" in out, "mps2_an505: all of it", out)

(FOLDER / "fpu.conf").write_text("CONFIG_FPU=y\n")
EXTRA = f"EXTRA_CONF={FOLDER}/fpu.conf"
build("mps2_an386", APP, EXTRA)
env = {"GDBFLAGS": f"-nx -batch -x {script('fpu', LOOK + 'print third' + chr(10) + 'cairn thread sleeper' + chr(10) + 'cairn check')}"}
status, out = limited("make", "debug", "BOARD=mps2_an386", f"APP={APP}", EXTRA, env=env)
ok("= 0.333" in out and re.search(r"^#\d .*k_sleep.*\n(#\d .*\n)*#\d .*thread_entry \(\)", out, re.MULTILINE) and
   "no damage" in out, "mps2_an386: frames of a thread that uses floating point", out)

host = App("on_host", """#include <zephyr/kernel.h>
K_HEAP_DEFINE(lake, 2048);
K_HEAP_DEFINE(sea, 1 << 20);
void *fish, *whales[8];
static void wait_entry(void *p1, void *p2, void *p3)
{ ARG_UNUSED(p1); ARG_UNUSED(p2); ARG_UNUSED(p3); fish = k_heap_alloc(&lake, 1500, K_FOREVER); }
K_THREAD_DEFINE(fisher, 16384, wait_entry, NULL, NULL, NULL, -1, 0, 1);
void look(void);
__attribute__((noinline)) void look(void) { __asm__ volatile(""); }
int main(void)
{
    void *block = k_heap_alloc(&lake, 900, K_NO_WAIT);
    for (unsigned i = 0; i < 8; i++) { whales[i] = k_heap_alloc(&sea, 50000 + (i & 4) * 1000, K_NO_WAIT); }
    for (unsigned i = 0; i < 8; i += 2) { k_heap_free(&sea, whales[i]); }
    k_msleep(5);
    look();
    k_heap_free(&lake, block);
    sys_exit(0);
}
""", "CONFIG_SYS_HEAP_AUTO=y\n")
status, out, err = host.build("host")
ok(status == 0, "the PC: the program builds", err)
path = script("host", "break look\nrun\ncairn threads\ncairn heaps\ncairn heap lake\ncairn check\n"
              # The sea is a big heap, the lake a small one. The tree's root loses both children.
              "set $root = (unsigned *)((char *)sea.heap.heap + *(unsigned *)sea.heap.heap * 8)\n"
              "set var $root[3] = 0\nset var $root[4] = 0\ncairn check\nkill\n")
status, out, err = command("timeout", "-k", "5", "60", "gdb", "-nx", "-batch", "-x", "tools/gdb/cairn.py", "-x", path,
                           host.image("host") / "firmware.elf", env={"ASAN_OPTIONS": "detect_leaks=0", **os.environ})
ok("no damage" in out and "lake" in out and "fisher" in out and "waiting: fisher" in out, "the PC: all but frames",
   out + err)
ok(re.search("^broken .*H12 sea", out, re.MULTILINE), "check finds a damaged tree of giants", out + err)
nothing_left()
done()
