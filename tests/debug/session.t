#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""GDB sessions through stock OpenOCD, by JTAG and by SWD, and through pyOCD: what a debugger of a board can do."""
import re
import shutil

from debugging import APP, BOARD, FOLDER, IMAGE, build, done, equal, nothing_left, ok, script, vprobe

build()
THREADS = ("main", "idle", "worker", "sleeper", "taker", "hungry", "paused")


def attach(name, text, *words, seconds=60):
    env = {"GDBFLAGS": f"-nx -batch -x {script(name, text)}"}
    return vprobe("make", "attach", f"BOARD={BOARD}", f"APP={APP}", *words, env=env, seconds=seconds)


# Everything in one session by SWD, with the board file's stand-in.
status, out = attach("all", """
monitor reset halt
info registers pc
hbreak work_step
continue
python print("BREAK", gdb.selected_frame().name(), int(gdb.parse_and_eval("work_done")))
next
next
python print("NEXT", int(gdb.parse_and_eval("work_done")))
stepi
finish
delete
watch watched
continue
python print("WATCH", int(gdb.parse_and_eval("watched")), int(gdb.parse_and_eval("work_done")) % 64)
delete
rwatch semihost_wish
continue
delete
info threads
python
for thread in gdb.selected_inferior().threads():
    thread.switch()
    frames, frame = [], gdb.newest_frame()
    while frame and len(frames) < 20:
        frames.append(frame.name() or "?")
        frame = frame.older()
    print("THREAD", thread.name, " ".join(frames))
end
monitor arm semihosting enable
set var semihost_wish = 1
watch semihost_done
continue
delete
set var work_done = 7
print work_done
print $sp
set var $r3 = 0x12345678
print/x $r3
print $msp
monitor cortex_m vector_catch hard_err bus_err
set var crash_wish = 1
continue
monitor reg pc
python print("CAUGHT", gdb.newest_frame().name())
monitor cortex_m vector_catch none
monitor reset halt
maintenance flush register-cache
tbreak main
continue
""")
ok("BREAK work_step" in out, "SWD: hardware breakpoint", out)
ok(re.search(r"NEXT \d+", out) is not None, "SWD: next", out)
ok("Hardware watchpoint" in out and "Old value = 0" in out and "New value = 63" in out and "WATCH 63" in out,
   "SWD: watchpoint, with old and new value", out)
ok("Hardware read watchpoint" in out and "Value = 0" in out, "SWD: read watchpoint", out)
for name in THREADS:
    ok(re.search(rf'"{name}" \(Name: {name}, prio:', out) is not None, f"SWD: info threads has {name}", out)
ok('"sleeper" (Name: sleeper, prio:-2,' in out and '"worker" (Name: worker, prio:5,' in out, "SWD: with priorities", out)
ok(re.search(r"^THREAD sleeper .*k_sleep.*", out, re.MULTILINE) is not None, "SWD: backtrace of a sleeping thread", out)
ok(re.search(r"^THREAD hungry .*k_heap_alloc hungry_entry", out, re.MULTILINE) is not None,
   "SWD: backtrace of one that waits for memory", out)
log = (IMAGE / "gdbserver.log").read_text()
ok("hello through semihosting" in log, "SWD: semihosting", out + log)
ok(" = 7\n" in out and "0x12345678" in out, "SWD: memory and registers are written", out)
ok(re.search(r"CAUGHT fault_handler", out) is not None, "SWD: vector catch", out)
ok(re.search(r"Temporary breakpoint \d+, main", out) is not None, "SWD: reset and a breakpoint in main", out)

# JTAG: OpenOCD's own command line, and its GDB server through a pipe.
jtag = script("jtag", f"""
file {IMAGE}/firmware.elf
target extended-remote | openocd -c "adapter driver remote_bitbang; remote_bitbang host localhost; remote_bitbang port \
\\$::env(VPROBE_JTAG); transport select jtag; set WORKAREASIZE 0" -f target/stm32f4x.cfg -c "\\$_TARGETNAME configure -event \
reset-start {{}}; \\$_TARGETNAME configure -event reset-init {{}}; \\$_TARGETNAME configure -rtos Zephyr; gdb_port pipe; \
telnet_port disabled; tcl_port disabled; log_output {FOLDER}/openocd.log" -c init
monitor reset halt
hbreak work_step
continue
info threads
delete
watch watched
continue
""")
status, out = vprobe("gdb-multiarch", "-nx", "-batch", "-x", jtag)
log = (FOLDER / "openocd.log").read_text() if (FOLDER / "openocd.log").exists() else ""
ok("JTAG tap: stm32f4x.bs tap/device found: 0x06413041" in log, "JTAG: both taps of the chain", log)
ok(re.search(r'"hungry" \(Name: hungry, prio:2', out) is not None, "JTAG: info threads", out + log)
ok("New value = 63" in out, "JTAG: watchpoint", out)

if shutil.which("pyocd-gdbserver") or shutil.which("pyocd"):
    status, out = attach("pyocd", """
hbreak work_step
continue
info threads
python
for thread in gdb.selected_inferior().threads():
    thread.switch()
    print("THREAD", thread.num, gdb.newest_frame().name())
end
delete
watch watched
continue
python print("WATCH", int(gdb.parse_and_eval("watched")) % 64, int(gdb.parse_and_eval("step")) % 64)
""", "FLASHER=pyocd")
    states = dict(re.findall(r'"([a-z]+)" \(\1; ([A-Za-z+]+); Priority', out) +
                  re.findall(r"Thread \d+ \"?(\w+)\"? \(([A-Za-z+]+); Priority", out))
    states.update(re.findall(r'"(\w+)" \(\w+; ([A-Za-z+]+); Priority', out))
    equal({name: states.get(name) for name in THREADS},
          {"main": "Sleeping", "idle": "Ready", "worker": "Running", "sleeper": "Sleeping", "taker": "Pending",
           "hungry": "Pending", "paused": "Pending+Suspended"}, "pyOCD: threads and their states")
    ok("Priority -2" in out, "pyOCD: a negative priority", out)
    # 0.13.1 says SIGTRAP instead of which watchpoint it was.
    ok("WATCH 63 63" in out, "pyOCD: watchpoint", out)
else:
    ok(False, "pyOCD is installed", "make setup installs python3-pyocd")

nothing_left()
done()
