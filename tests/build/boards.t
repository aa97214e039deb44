#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/boards.md says what the boards' files say; tests/skipped.txt and the table of suite by board."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import TREE, command, done, equal, make, ok  # noqa: E402

TEXT = (TREE / "docs/boards.md").read_text()


def with_included(path, pattern):
    text = path.read_text()
    for other in re.findall(pattern, text, re.MULTILINE):
        base = TREE if "/" in other else path.parent
        text = with_included(base / other, pattern) + text
    return text


def facts(board):
    """The cells of the table that files decide: core, ROM, RAM, DMA, FPU, MPU, shown."""
    mk = with_included(TREE / "boot/board" / board / "board.mk", r"^include (\S+)")
    conf = (TREE / "boot/board" / board / "defconfig").read_text()
    script = with_included(TREE / "linker" / f"{board}.ld", r'^#include "(\S+)"')
    lengths = []
    for alias in ("ROM", "RAM"):
        memory = re.search(rf'REGION_ALIAS\("{alias}", (\w+)\)', script)[1]
        lengths.append(re.search(rf"\b{memory} .*LENGTH = (\w+)", script)[1])
    machine = re.findall(r"^QEMU_MACHINE := (\S+)", mk, re.MULTILINE)
    dma = re.search(r"\bdma_(pl081|stm32)\b", mk)
    yes = {True: "yes", False: "-"}
    return [re.search(r"CONFIG_CPU_CORTEX_(\w+)=y", conf)[1], ", ".join(lengths), dma[1].upper() if dma else "-",
            yes["CONFIG_CPU_HAS_FPU=y" in conf], yes["CONFIG_CPU_HAS_MPU=y" in conf],
            f"QEMU `{machine[-1]}`" if machine else "register model"]


rows = {}
for line in TEXT.splitlines():
    if line.startswith("| `"):
        board, core, memory, _, dma, fpu, mpu, shown = [cell.strip() for cell in line.strip("|").split("|")]
        rows[board.strip("`")] = [core, memory, dma, fpu, mpu, shown]
boards = sorted(path.parent.name for path in (TREE / "boot/board").glob("*/defconfig") if path.parent.name != "host")
equal(sorted(rows), boards, "the table has each board")
for board in boards:
    equal(rows.get(board), facts(board), f"{board}: the row is what its files say")

commands = [line[2:] for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
for line in commands[1:]:
    status, out, err = command("sh", "-c", line, seconds=200)
    ok(status == 0, line, out + err)
ok(commands[0].startswith("make test BOARD="), "the first command runs one board's suites; here, one without any:")
status, out, err = make("test", "BOARD=stm32f4_disco")
ok(status != 0 and "has no emulator" in err and "docs/boards.md" in err, "make test BOARD=stm32f4_disco says why not", out + err)

for board in boards:
    if rows[board][-1] == "register model":
        status, out, err = make(f"BOARD={board}")
        ok(status == 0, f"{board}: app/demo builds", out + err)

_, out, _ = make("-s", "--eval=show: ; @echo $(SUITES); echo $(SUITES_TO_RUN)", "show")
planned, run = (line.split() for line in out.splitlines()[-2:])
skips = {f"{board}/{suite}" for line in (TREE / "tests/skipped.txt").read_text().splitlines() if not line.startswith("#")
         for suite in line.split(" / ")[0].split() for board in line.split(" / ")[1].split()}
ok(skips and skips <= set(planned), "what is skipped is a suite that the board has", skips - set(planned))
equal(sorted(set(planned) - skips), sorted(run), "the rest runs")
equal(sorted(name for name in planned if not (TREE / "tests" / name.split("/")[1] / "prj.conf").exists()), [],
      "each suite is a folder")

with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
    state = pathlib.Path(folder) / "state"
    state.write_text("---\ntests:\n" + "".join(
        f"  build/{name}/run:\n    elapsed: 0.1\n    gen: 1\n    last_result: {int(name == run[-1])}\n    seq: 1\n"
        for name in run[1:]))
    status, out, err = command("tools/matrix.py", "tests/skipped.txt", state, *planned)
table = out.splitlines()
ok(status == 0 and max(map(len, table)) <= 80, "the table fits 80 columns", out + err)
suites = {name.split("/")[1] for name in planned}
cells = [cell for words in map(str.split, table) if words and words[0] in suites for cell in words[1:]]
ok(cells.count("NO") == 1 and cells.count("?") == 1, "one failed, one did not run", out)
equal(sum(cells.count(letter) for letter in "abcdefgh"), len(skips), "skipped ones have the letter of their reason")
equal(cells.count("ok"), len(run) - 2, "the others passed")
done()
