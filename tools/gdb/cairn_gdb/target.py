# SPDX-License-Identifier: Apache-2.0
"""Memory and symbols of the program, with the layout that its debug information gives."""
import re

import gdb

LIMIT = 10000  # of any list: a damaged one ends here


class Damaged(Exception):
    """A structure that does not hold together."""


class Absent(Exception):
    """Memory that cannot be read, for example because a core file has not got it."""


def evaluate(expression):
    return gdb.parse_and_eval(expression)


def variable(name):
    """The global or static variable `name`, None when the program has none."""
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    return symbol.value() if symbol else None


def kernel():
    value = variable("_kernel")
    if value is None:
        raise gdb.GdbError("this program has no _kernel: is it a Cairn image, and is its ELF file loaded?")
    return value


def type_named(name, function=None):
    """The type of that name; the struct that the file of `function` means, where files differ."""
    if function is None:
        return gdb.lookup_type(name)
    block = gdb.lookup_global_symbol(function).symtab.static_block()
    # gdb.lookup_type() takes a block and does not keep to it.
    return gdb.lookup_symbol(name.removeprefix("struct "), block, gdb.SYMBOL_STRUCT_DOMAIN)[0].type


def has_field(value_type, name):
    return any(field.name == name for field in value_type.strip_typedefs().fields())


def offset_of(type_name, path, function=None):
    """Bytes from the start of a struct to the member `path`, for example 'timeout.node'."""
    position, place = 0, type_named(type_name, function).strip_typedefs()
    for name in path.split("."):
        field = place[name]
        position += field.bitpos // 8
        place = field.type.strip_typedefs()
    return position


def address(value):
    """Of an object, or of what a pointer points at."""
    return int(value) if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR else int(value.address)


def at(type_name, place, function=None):
    """The object of a type at an address."""
    return gdb.Value(place).cast(type_named(type_name, function).pointer()).dereference()


def container(node_address, type_name, path):
    return at(type_name, node_address - offset_of(type_name, path))


def nodes(head):
    """Addresses of the nodes of a sys_dlist_t; every link is checked."""
    start = previous = int(head.address)
    node = int(head["next"])
    if node == 0:
        return  # never initialised
    for _ in range(LIMIT):
        here = at("struct sys_dnode", node)
        if int(here["prev"]) != previous:
            raise Damaged(f"list at {start:#x}: the node at {node:#x} does not point back")
        if node == start:
            return
        yield node
        previous, node = node, int(here["next"])
    raise Damaged(f"list at {start:#x} does not end")


def memory(place, count):
    try:
        return bytes(gdb.selected_inferior().read_memory(place, count))
    except gdb.MemoryError:
        raise Absent(f"{count} bytes at {place:#x} cannot be read") from None


def name_of(place):
    """The symbol at an address, with the distance from it; the bare address when there is none."""
    words = gdb.execute(f"info symbol {place:#x}", to_string=True).strip()
    match = re.match(r"(\S+)( \+ \d+)? in section", words) or re.match(r"(\S+)( \+ \d+)?$", words)
    return match[1] + (match[2] or "").replace(" ", "") if match and "No symbol" not in words else f"{place:#x}"


def file_of(code):
    """Base name of the source file of the function at an address."""
    found = gdb.find_pc_line(int(code) & ~1)
    return found.symtab.filename.rsplit("/", 1)[-1] if found.symtab else None


_variables = {}  # program file: [(source file, name)]
WANTED = ("k_heap", "sys_heap", "region_pool")


def _named_variables():
    """Where the variables of the types in WANTED are. GDB looks through every library for them, once a program."""
    program = gdb.current_progspace().filename
    if program not in _variables:
        # The names of types are without the word "struct", and GDB takes one backslash away.
        text = gdb.execute("info variables -q -n -t " + "\\\\|".join(WANTED), to_string=True)
        _variables[program] = [
            (file, name) for file, lines in re.findall(r"^File (\S+):\n((?:\d+:.*\n)*)", text, re.MULTILINE)
            for name in re.findall(r"(\w+)(?:\[\d+\])?;$", lines, re.MULTILINE)]
    return _variables[program]


def variables_of(type_name):
    """(name, value) of each global and static variable of a type, arrays of it included."""
    wanted = type_named(type_name).strip_typedefs()
    for file, name in _named_variables():
        value = evaluate(f"'{file}'::{name}")
        place = value.type.strip_typedefs()
        if place == wanted:
            yield name, value
        elif place.code == gdb.TYPE_CODE_ARRAY and place.target().strip_typedefs() == wanted:
            yield from ((f"{name}[{i}]", value[i]) for i in range(place.range()[1] + 1))


def text_of(value, limit=64):
    """A char array up to its NUL."""
    raw = memory(int(value.address), min(value.type.sizeof, limit))
    return raw.split(b"\0")[0].decode("ascii", "replace")
