# SPDX-License-Identifier: Apache-2.0
"""What the scripts tests/*/*.t share: TAP on standard output, and running commands with a time limit."""
import os
import pathlib
import subprocess
import sys
import tempfile

TREE = pathlib.Path(__file__).resolve().parent.parent
_count = 0
_failed = 0


def ok(condition, name, detail=""):
    """One test point; `detail` explains a failure."""
    global _count, _failed
    _count += 1
    if condition:
        print(f"ok {_count} - {name}", flush=True)
        return True
    _failed += 1
    print(f"not ok {_count} - {name}", flush=True)
    # To standard error, where prove lets it through.
    print(f"# failed: {name}", *str(detail).splitlines()[-30:], sep="\n# ", file=sys.stderr, flush=True)
    return False


def equal(got, expected, name):
    return ok(got == expected, name, f"got      {got!r}\nexpected {expected!r}")


def note(text):
    print(f"# {text}", flush=True)


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)


def command(*words, seconds=300, stdin=b"", env=None):
    """Runs words in the tree; returns (exit status, standard output, standard error) as text. 124: time over."""
    # A make that these tests run is not part of the make that runs them.
    outer = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    try:
        result = subprocess.run([str(w) for w in words], cwd=TREE, input=stdin, capture_output=True, timeout=seconds,
                                check=False, env={**outer, **(env or {})})
    except subprocess.TimeoutExpired as over:
        return 124, (over.stdout or b"").decode(errors="replace"), f"no end after {seconds} s"
    return result.returncode, result.stdout.decode(errors="replace"), result.stderr.decode(errors="replace")


def make(*words, **options):
    return command("make", *words, **options)


class App:
    """An application in a folder of its own outside the tree."""

    def __init__(self, name, source, conf="", **files):
        self.name = name
        self._folder = tempfile.TemporaryDirectory(prefix="cairn-")
        self.path = pathlib.Path(self._folder.name) / name
        self.path.mkdir()
        self.write("main.c", source)
        self.write("prj.conf", conf)
        for file, text in files.items():
            self.write(file, text)

    def write(self, file, text):
        (self.path / file).write_text(text)

    def build(self, board="mps2_an505", *words):
        return make(f"BOARD={board}", f"APP={self.path}", *words)

    def run(self, board="mps2_an505", seconds=60, stdin=b""):
        return command(self.image(board) / "run", seconds=seconds, stdin=stdin)

    def image(self, board="mps2_an505"):
        return TREE / "build" / board / self.name


def symbol(elf, name):
    """The value of a symbol of an Arm ELF file, None when it has none."""
    _, text, _ = command("arm-none-eabi-nm", elf)
    for line in text.splitlines():
        words = line.split()
        if words[-1] == name and len(words) == 3:
            return int(words[0], 16)
    return None
