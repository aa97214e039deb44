#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Turns Kconfig and the .conf files of a board and an application into what the build reads.

    kconfig.py settle  CONFIG FILE...          merge the .conf files (later ones win) into CONFIG
    kconfig.py emit    CONFIG HEADER MK ID     write autoconf.h and the make fragment, variables prefixed with ID
                       [WORDS FOLDER]          and for each source the part of autoconf.h that it sees, in FOLDER
    kconfig.py menu    CONFIG                  look at and change CONFIG on the terminal

A symbol that does not exist, a value out of its range, or one whose dependencies are not met is an error that names
the file and the line.
"""
import difflib
import hashlib
import os
import pathlib
import re
import sys

try:
    import kconfiglib
except ImportError:
    sys.exit("kconfig.py: Debian's python3-kconfiglib is missing: run 'make setup'")

ASSIGNMENT = re.compile(r"CONFIG_(\w+)\s*=\s*(.*)$")
NOT_SET = re.compile(r"# CONFIG_(\w+) is not set$")


def fail(place, message):
    sys.exit(f"{place}: {message}")


def read_assignments(path):
    """Yields (place, symbol name, value as text) of each line of a .conf file."""
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line, place = line.strip(), f"{path}:{number}"
            unset = NOT_SET.match(line)
            if unset:
                yield place, unset[1], "n"
            elif line and not line.startswith("#"):
                match = ASSIGNMENT.match(line)
                if not match:
                    fail(place, f"'{line}' is not of the form CONFIG_NAME=value")
                yield place, match[1], match[2].strip()


def unquote(text):
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def assign(kconf, place, name, value):
    symbol = kconf.syms.get(name)
    if symbol is None or not symbol.nodes:
        known = [s.name for s in kconf.unique_defined_syms]
        near = difflib.get_close_matches(name, known, 3)
        hint = f"; did you mean {' or '.join('CONFIG_' + n for n in near)}?" if near else ""
        fail(place, f"CONFIG_{name} is not an option{hint} ('make menuconfig' lists all)")
    if not symbol.set_value(unquote(value)):
        kind = kconfiglib.TYPE_TO_STR[symbol.type]
        fail(place, f"CONFIG_{name}={value}: not a value for an option of type {kind}")


def why_not(symbol, value):
    for low, high, condition in symbol.ranges:
        if kconfiglib.expr_value(condition):
            base = 16 if symbol.type == kconfiglib.HEX else 10
            if not int(low.str_value, base) <= int(value, 0) <= int(high.str_value, base):
                return f"out of range, must be {low.str_value} to {high.str_value}"
    if not any(node.prompt for node in symbol.nodes):
        return "this option is computed and cannot be set"
    if symbol.choice and symbol.choice.selection is not symbol:
        return f"another member of its choice is set: CONFIG_{symbol.choice.selection.name}"
    needs = kconfiglib.expr_str(symbol.direct_dep)
    if kconfiglib.expr_value(symbol.direct_dep) == 0:
        return f"depends on {needs}"
    return f"another option makes it {symbol.str_value}"


def same(symbol, value):
    if symbol.type == kconfiglib.INT:
        return int(symbol.str_value or "0") == int(value)
    if symbol.type == kconfiglib.HEX:
        return int(symbol.str_value or "0", 16) == int(value, 16)
    return symbol.str_value == unquote(value)


def settle(kconf, config, files):
    last = {}
    for path in files:
        for place, name, value in read_assignments(path):
            assign(kconf, place, name, value)
            last[name] = (place, value)
    for name, (place, value) in last.items():
        symbol = kconf.syms[name]
        if not same(symbol, value) and not (value == "n" and symbol.str_value in ("n", "")):
            fail(place, f"CONFIG_{name}={value}: {why_not(symbol, value)}")
    kconf.write_config(config, header="", save_old=False)


def pool_size(kconf):
    """Zephyr's rule: the parts are summed and raise a smaller pool, unless told otherwise. Returns (bytes, note)."""
    pool = int(kconf.syms["HEAP_MEM_POOL_SIZE"].str_value)
    parts = {s.name: int(s.str_value or "0") for s in kconf.unique_defined_syms
             if s.name.startswith("HEAP_MEM_POOL_ADD_SIZE_")}
    total = sum(parts.values())
    if pool < 0 or total <= pool:
        return pool, None
    if kconf.syms["HEAP_MEM_POOL_IGNORE_MIN"].str_value == "y":
        return pool, f"the system heap keeps {pool} bytes although its parts sum up to {total}"
    return total, f"the system heap is raised from {pool} to {total} bytes, the sum of HEAP_MEM_POOL_ADD_SIZE_*"


def read_lines(path):
    return pathlib.Path(path).read_text(encoding="utf-8").splitlines(keepends=True)


def seen_parts(header, words, folder):
    """Yields (source, key): folder/key.h holds the lines of header that this source sees; its name tells its content."""
    defines = [line for line in read_lines(header) if line.startswith("#define ")]
    lines, keys = {line.split()[1]: line for line in defines}, {}
    for entry in read_lines(words):
        source, _, names = entry.strip().partition(":")
        if names not in keys:
            part = "#pragma once\n" + "".join(lines[name] for name in names.split() if name in lines)
            keys[names] = hashlib.sha1(part.encode()).hexdigest()[:12]
            path = pathlib.Path(folder, f"{keys[names]}.h")
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(part, encoding="utf-8")
        yield source, keys[names]


def emit(kconf, config, header, fragment, image, words=None, folder=None):
    kconf.load_config(config)
    pool, note = pool_size(kconf)
    if note:
        print(f"note: {note}", file=sys.stderr)
    kconf.write_autoconf(header, header="/* Made by tools/kconfig.py */\n#pragma once\n")
    with open(header, "a", encoding="utf-8") as out:
        out.write(f"#define K_HEAP_MEM_POOL_SIZE {pool}\n")
    with open(fragment, "w", encoding="utf-8") as out:
        for symbol in kconf.unique_defined_syms:
            if symbol.str_value not in ("n", ""):
                out.write(f"{image}.CONFIG_{symbol.name} := {symbol.str_value}\n")
        for source, key in seen_parts(header, words, folder) if words else ():
            out.write(f"{image}.key.{source} := {key}\n")


def main(args):
    if len(args) < 2 or args[0] not in ("settle", "emit", "menu"):
        sys.exit(__doc__)
    os.environ.setdefault("APP_DIR", "/dev/null")
    kconf = kconfiglib.Kconfig(os.path.join(os.path.dirname(__file__), "..", "Kconfig"), warn=False)
    if args[0] == "settle":
        settle(kconf, args[1], args[2:])
    elif args[0] == "emit":
        emit(kconf, *args[1:])
    else:
        import menuconfig
        os.environ["KCONFIG_CONFIG"] = args[1]
        menuconfig.menuconfig(kconf)


if __name__ == "__main__":
    main(sys.argv[1:])
