#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The line server as a person at a terminal sees it."""
import os
import pty
import re
import select
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, done, equal, make, ok  # noqa: E402

if not ok(make("APP=app/demo")[0] == 0, "app/demo builds"):
    done()

child, terminal = pty.fork()
if child == 0:
    os.execvp("timeout", ["timeout", "-k", "5", "--foreground", "60", str(TREE / "build/mps2_an505/demo/run")])


def screen(until, seconds=20):
    """What appears until the regular expression matches."""
    text, end = "", time.monotonic() + seconds
    while not re.search(until, text, re.DOTALL) and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                text += os.read(terminal, 4096).decode().replace("\r\n", "\n")
            except OSError:
                break
    return text


def typed(keys, until):
    os.write(terminal, keys)
    return screen(until)


text = screen("make run < file\n")
equal(text.count("\n"), 5, "it explains itself in five lines")
ok("Ctrl-D" in text and "CRC-32" in text and "8192" in text, "and says what to do", text)
equal(typed(b"hello\r", "hello\n.*hello\n"), "hello\n1 5 3610a686 hello\n", "Enter ends a line, keys are echoed")
equal(typed(b"world\n", "world\n.*world\n"), "world\n2 5 3a771143 world\n", "so does LF")
equal(typed(b"hellp\x7fo\r", "\n.*\n"), "hellp\b \bo\n3 5 3610a686 hello\n", "backspace corrects")
equal(typed(b"\x7f\x08hello\r", "\n.*\n"), "hello\n4 5 3610a686 hello\n", "but not beyond the beginning")
equal(typed("hé\x7fello\r".encode(), "\n.*\n"), "hé\b \bello\n5 5 3610a686 hello\n", "a character of two bytes is one")
equal(typed(b"zz\x15hello\r", "\n.*\n"), "zz\b \b\b \bhello\n6 5 3610a686 hello\n", "Ctrl-U takes back the line")
equal(typed(b"a\x10\x04b\r", "\n.*\n"), "ab\n7 3 7184bd75 a.b\n", "Ctrl-P takes the next key as it is")
text = typed(b"tail\x04", "uptime")
ok(text.startswith("tail\n8 4 7c37b45d tail\n# lines 8, bytes 44, skipped 0\n"), "Ctrl-D ends, also inside a line", text)
_, status = os.waitpid(child, 0)
equal(os.waitstatus_to_exitcode(status), 0, "exit status")
done()
