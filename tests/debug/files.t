#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The files that editors and pyOCD read: they are what those expect, and name things that exist."""
import json
import pathlib
import re
import shutil

from debugging import TREE, done, equal, ok

launch = json.loads((TREE / ".vscode/launch.json").read_text())["configurations"]
tasks = json.loads((TREE / ".vscode/tasks.json").read_text())["tasks"]
boards = {p.parent.name: p.read_text() for p in (TREE / "boot/board").glob("*/board.mk")}
labels = {task["label"] for task in tasks}
OPENOCD = pathlib.Path("/usr/share/openocd/scripts")

for entry in launch:
    name = entry["name"]
    board = re.match(r"build/(\w+)/demo/firmware.elf$", entry["executable"])
    ok(board and board[1] in boards, f"{name}: the executable is one that make builds", entry["executable"])
    ok(entry["type"] == "cortex-debug" and entry["request"] in ("launch", "attach"), f"{name}: for cortex-debug")
    ok(shutil.which(entry["gdbPath"]), f"{name}: its GDB is the one that make setup installs")
    ok("preLaunchTask" not in entry or entry["preLaunchTask"] in labels, f"{name}: its task exists")
    sources = entry.get("postLaunchCommands", []) + entry.get("postAttachCommands", [])
    ok(any((TREE / s.split()[1]).is_file() for s in sources), f"{name}: loads the GDB extension")
    facts = boards[board[1]]
    if entry["servertype"] == "openocd":
        equal([c for c in entry["configFiles"] if not (OPENOCD / c).is_file()], [], f"{name}: OpenOCD has its files")
        ok(f"OPENOCD_BOARD := {entry['configFiles'][0].split('/')[1][:-4]}" in facts, f"{name}: as make flash has them")
    elif entry["servertype"] == "qemu":
        ok(f"QEMU_MACHINE := {entry['machine']}" in facts, f"{name}: the machine is the board's")
    elif entry["servertype"] == "pyocd":
        ok(f"PYOCD_TARGET := {entry['targetId']}" in facts, f"{name}: the chip is the board's")
for task in tasks:
    board = re.search(r"BOARD=(\w+)", task["command"])[1]
    ok(board in boards, f"{task['label']}: the board exists")
options = dict(line.split(": ", 1) for line in (TREE / "pyocd.yaml").read_text().splitlines() if not line.startswith("#"))
ok(f"PYOCD_TARGET := {options['target_override']}" in boards["stm32f4_disco"], "pyocd.yaml: the chip is the board's")
equal(sorted(options), ["frequency", "rtos.enable", "rtos.name", "target_override"], "pyocd.yaml: its options")
done()
