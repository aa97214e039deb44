#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The commands of docs/debugging.md, as they stand there, against the virtual probe."""
import re
import shutil

from debugging import (BOARD, FOLDER, TREE, build, done, equal, limited, nothing_left, ok, script, usual_ports, vprobe)

ECHO = "tests/debug/echo"
TEXT = (TREE / "docs" / "debugging.md").read_text()
commands = [line[2:] for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
image = build(app=ECHO)
GDB = {"GDBFLAGS": f"-nx -batch -x {script('docs', 'info threads')}"}
done_commands = []


def documented(words):
    """The one command of the page that has these words."""
    found = [c for c in commands if all(word in c for word in words.split()) and c not in done_commands]
    if not ok(len(found) >= 1, f"the page has a command with: {words}", "\n".join(commands)):
        return "false"
    done_commands.append(found[0])
    return found[0]


def shell(line, **more):
    return limited("sh", "-c", line, **more)


status, out = shell(documented("make BOARD=netduinoplus2 APP=tests/debug/echo"))
ok(status == 0, "it builds", out)
status, out = shell(documented("vprobe -- make flash"), seconds=100)
ok(status == 0 and "** Verified OK **" in out and "is in the flash of netduinoplus2 and runs" in out, "make flash", out)
status, out = shell(documented("vprobe --image make attach"), env=GDB)
ok(status == 0 and '"main" (Name: main' in out, "make attach", out)
status, out = shell(documented("vprobe --image make rtt"), stdin=b"x")
ok(status == 0 and "ready\ngot 'x'" in out, "make rtt", out)
status, out = shell(documented("vprobe -- make debug PROBE=st-link"), env=GDB, seconds=100)
ok("** Verified OK **" in out and "Breakpoint 1, main" in out and '"idle" (Name: idle' in out, "make debug", out)

# On an empty chip one after the other; the firmware's own answers show that it runs.
shutil.copy(image / "firmware.elf", FOLDER)
rtt = f"printf {{}} | make rtt BOARD={BOARD} APP={ECHO}"
lines = [f"cd {FOLDER}", documented("openocd -f board/stm32f4discovery.cfg program"), f"cd {TREE}", rtt.format("a"),
         documented("make flash FLASHER=pyocd"), rtt.format("b"), documented("make reset FLASHER=pyocd"), rtt.format("c")]
status, out = usual_ports(vprobe, "sh", "-ec", "\n".join(lines), options=(), seconds=150)
ok("** Verified OK **" in out and "ready\ngot 'a'" in out, "openocd program verify reset", out)
ok("verified" in out and "ready\ngot 'b'" in out, "make flash FLASHER=pyocd", out)
ok(status == 0 and "ready\ngot 'c'" in out, "make reset FLASHER=pyocd", out)

crash = build(app="tests/debug/crash")
(crash / "serial.txt").write_text(limited(crash / "run", seconds=30)[1])
status, out = shell(documented("make coredump LOG="))
ok(status == 0 and "registers and" in out, "make coredump", out)
equal([c for c in commands if c not in done_commands], [], "no command of the page is left over")
tools = set(re.findall(r"`cairn (\w+)", TEXT))
known = set(re.findall(r'NAME = "(\w+)"', (TREE / "tools/gdb/cairn_gdb/commands.py").read_text()))
equal(tools, known, "the page has all commands of the GDB extension, and no other")
nothing_left()
done()
