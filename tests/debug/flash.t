#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the tools say when flashing goes wrong. (That it goes right is docs.t's.)"""
import re
import shutil

from debugging import BOARD, ENVIRONMENT, FOLDER, build, command, done, limited, note, nothing_left, ok, vprobe

APP = "tests/debug/echo"
IMAGE = build(app=APP)
wrong = build("mps2_an505", APP)
EMPTY = ()


def last(out):
    """The advice: the last line that is not make's."""
    return [line for line in out.splitlines() if not line.startswith("make")][-1]


def flash(*words, options=EMPTY, **more):
    return vprobe("make", "flash", f"BOARD={BOARD}", f"APP={APP}", *words, options=options, **more)


status, out = flash("PROBE=st-link", options=("--protect", "0"))
ok(status != 0 and "device protected" in out and "flash protect 0 0 last off" in last(out),
   "a write-protected sector: what takes the protection away", out)
NO_PORTS = "gdb_port disabled; telnet_port disabled; tcl_port disabled"
remedy = re.search(r"openocd (-f .*) takes", out)
ERASE = f"openocd -c '{NO_PORTS}' -f board/stm32f4discovery.cfg -c 'init; reset halt; flash erase_sector 0 0 0; exit'"
status, out = vprobe("sh", "-c", f"{ERASE}; echo before $?\nopenocd -c '{NO_PORTS}' {remedy and remedy[1]}\n{ERASE}; "
                     "echo after $?", options=("--protect", "0"))
ok("before 1" in out and "after 0" in out, "and it does", out)
status, out = flash(options=("--hold-reset",))
ok(status != 0 and "holds its reset line low" in last(out), "a core that is held in reset", out)
status, out = flash("FLASHER=pyocd", options=("--hold-reset",))
ok(status != 0 and last(out).startswith("error: "), "a core that is held in reset, with pyOCD", out)
for probe, message in (("st-link", "open failed"), ("cmsis-dap", "unable to find"), ("j-link", "No J-Link")):
    status, out = limited("make", "flash", "BOARD=stm32f4_disco", f"APP={APP}", f"PROBE={probe}")
    ok(status != 0 and message in out and f"no {probe} was found: connect" in last(out), f"no {probe} is plugged in", out)
status, out = limited("make", "flash", "BOARD=stm32f4_disco", f"APP={APP}", "FLASHER=pyocd")
ok(status != 0 and "was found: connect" in last(out), "no probe for pyOCD", out)
status, out = limited("make", "flash", "BOARD=mps2_an505", f"APP={APP}")
ok(status != 0 and "mps2_an505 is an emulated board without a debug probe" in out and BOARD in out,
   "a board without a probe", out)
status, out = limited("make", "flash", f"BOARD={BOARD}", f"APP={APP}", "PROBE=dongle")
ok(status != 0 and "there is no probe 'dongle'" in out and "st-link" in out, "an unknown probe", out)
status, out = limited("make", "flash", f"BOARD={BOARD}", f"APP={APP}", "FLASHER=dfu")
ok(status != 0 and "there is no flasher 'dfu'" in out, "an unknown flasher", out)
status, out = vprobe("/usr/bin/python3", "tools/probe", "flash", BOARD, wrong, options=EMPTY)
ok(status != 0 and "is not for netduinoplus2: it has" in last(out) and "0x10000000" in out and "Programming" not in out,
   "an image for another chip is refused before the flash is touched", out)
status, out = vprobe("openocd", "-c", NO_PORTS, "-f", "board/stm32f4discovery.cfg", "-c", f"program {wrong}/firmware.elf verify reset exit", options=EMPTY)
ok(status == 1 and "no flash bank found for address 0x10000000" in out and "Verified" not in out,
   "bare OpenOCD finds out, too; the core that locked up does not take the probe along", out)
path = {"PATH": str(FOLDER / "bin")}
(FOLDER / "bin").mkdir()
for tool in ("sh", "env", "timeout", "arm-none-eabi-readelf", "arm-none-eabi-nm"):
    (FOLDER / "bin" / tool).symlink_to(shutil.which(tool))
for flasher, package in (("openocd", "openocd"), ("pyocd", "python3-pyocd")):
    status, out, err = command("/usr/bin/python3", "tools/probe", "flash", BOARD, IMAGE,
                               env={**ENVIRONMENT, **path, "FLASHER": flasher})
    ok(status != 0 and package in err and "install" in err, f"{flasher} is not installed: which package has it", err)
note("pyOCD newer than Debian's 0.13.1 is not run here: no Debian package has it")
nothing_left()
done()
