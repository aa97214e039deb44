#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input to the build gets a sentence that says what to change."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import App, done, make, ok  # noqa: E402

MAIN = "int main(void) { return 0; }\n"


def refused(name, output, *expected):
    status, out, err = output
    ok(status != 0 and all(text in out + err for text in expected), name, f"status {status}\n{out}\n{err}")


refused("a misspelt board", make("BOARD=mps2_an550"), "there is no board 'mps2_an550'", "mps2_an505", "host")
refused("a misspelt app", make("APP=app/dmo"), "there is no app 'app/dmo'", "app/demo")
refused("a misspelt variable", make("BORD=host"), "there is no variable BORD", "BOARD", "APP")
refused("a misspelt level", make("libheap", "OPT=-Ofast"), "OPT=-Ofast is not", "-Os")
refused("a misspelt processor", make("libheap", "CPU=cortex-m44"), "CPU=cortex-m44 is not known", "cortex-m4")

refused("an unknown option", App("conf1", MAIN, "CONFIG_ASSERT=y\nCONFIG_ASERT=y\n").build(),
        "prj.conf:2: CONFIG_ASERT is not an option; did you mean CONFIG_ASSERT?")
refused("a value out of range", App("conf2", MAIN, "# many\n\nCONFIG_NUM_COOP_PRIORITIES=31\n").build(),
        "prj.conf:3: CONFIG_NUM_COOP_PRIORITIES=31: out of range, must be 1 to 30")
refused("a value of the wrong type", App("conf3", MAIN, "CONFIG_ASSERT=7\n").build(),
        "prj.conf:1: CONFIG_ASSERT=7: not a value for an option of type bool")
refused("a line that is none", App("conf4", MAIN, "ASSERT=y\n").build(), "prj.conf:1: 'ASSERT=y' is not of the form")
refused("an option whose dependency is off", App("conf5", MAIN, "CONFIG_QEMU_ICOUNT_SHIFT=6\n").build(),
        "prj.conf:1: CONFIG_QEMU_ICOUNT_SHIFT=6: depends on")
refused("ticks that would be wrong by more than 0.1 %", App("conf7", MAIN, "CONFIG_SYS_CLOCK_TICKS_PER_SEC=32768\n").build(),
        "no whole number of cycles")
refused("a main thread beyond the priorities", App("conf8", MAIN, "CONFIG_MAIN_THREAD_PRIORITY=25\n").build(),
        "CONFIG_MAIN_THREAD_PRIORITY must be")
refused("a path with a space", make("APP=/tmp/a b"), "the path may hold letters")
refused("a path with a quote", make("APP=/tmp/a'b"), "the path may hold letters")
refused("a folder without sources", App("conf6", "", "").build("host", "V=1", "EXTRA_CONF=/nonexistent.conf"),
        "/nonexistent.conf")
refused("an essential file of an app", make("APP=tests/build"), "there is no app 'tests/build'")
done()
