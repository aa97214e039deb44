# SPDX-License-Identifier: Apache-2.0
"""Heaps: where they are, and a walk over the chunks of one, read in one go."""
from collections import namedtuple

import gdb

from . import target
from .target import Damaged

Chunk = namedtuple("Chunk", "at units left free")  # at: in units from the control block


SMALL_REACH = (0x7fff + 1) * 8  # bytes of the largest buffer that has the small layout where both are (heap_size.h)


class Layout:
    """Offsets and sizes of the fields that the walk reads, from the debug information. With CONFIG_SYS_HEAP_AUTO the
    structs are there twice, each as the files of one layout mean them."""

    def __init__(self, heap_bytes):
        both = gdb.lookup_global_symbol("big_sys_heap_init")
        self.where = None if both is None else "big_sys_heap_init" if heap_bytes > SMALL_REACH else "small_sys_heap_init"
        header = target.type_named("struct chunk_header", self.where)
        control = target.type_named("struct z_heap", self.where)
        self.link_bytes = header.fields()[0].type.sizeof
        self.header_bytes = header.sizeof
        self.left = target.offset_of("struct chunk_header", "left", self.where)
        self.size = target.offset_of("struct chunk_header", "size", self.where)
        self.used_bit = 1 << (8 * self.link_bytes - 1)
        self.span = control["head"].type.range()[1] + 1
        self.head = control["head"].bitpos // 8


class Heap:
    """`value` is a struct sys_heap."""

    def __init__(self, name, value, wait_q=None):
        self.name, self.value, self.wait_q = name, value, wait_q
        self.address = int(value.address)
        self.control_address = int(value["heap"])

    @property
    def initialised(self):
        return self.control_address != 0

    def load(self):
        """Reads the heap's memory; finds out its unit. Raises Damaged when no walk is possible."""
        bytes_in_all = int(self.value["init_bytes"])
        self.layout = Layout(bytes_in_all)
        self.start = int(self.value["init_mem"])
        self.raw = target.memory(self.start, bytes_in_all)
        self.control = target.at("struct z_heap", self.control_address, self.layout.where)
        self.base = self.control_address - self.start
        self.end = int(self.control["end"])
        problem = None
        # 8 bytes, or 4 with CONFIG_SYS_HEAP_UNIT_4: the debug information does not say. Only one can be walked.
        for self.unit in (8, 4):
            try:
                self.chunks = self._walk()
                return self
            except Damaged as damage:
                problem = problem or damage
        self.unit = 8
        raise problem

    def number(self, offset, count):
        """A number at an offset from the control block."""
        place = self.base + offset
        if not 0 <= place <= len(self.raw) - count:
            raise Damaged(f"H4 {self.name}: a link leads out of the heap")
        return int.from_bytes(self.raw[place:place + count], "little")

    def header(self, at):
        """(units, left units, free) of the chunk at a link."""
        start, layout = at * self.unit - self.layout.header_bytes, self.layout
        size = self.number(start + layout.size, layout.link_bytes)
        left = self.number(start + layout.left, layout.link_bytes)
        return size & ~layout.used_bit, left, not size & layout.used_bit

    @property
    def top(self):
        """The link of the space behind the last chunk; the control block holds its address."""
        return ((int(self.control["top"]) - self.control_address) & 0xFFFFFFFF) // self.unit

    def _walk(self):
        """The chunks from left to right. Goes by the left neighbours' sizes, from the top: only so can it tell where
        the control block ends. Each chunk's own size must say the same."""
        if not 0 < self.top <= self.end or self.base + self.end * self.unit > len(self.raw):
            raise Damaged(f"H10 {self.name}: its top or its end is outside the heap")
        chunks, at = [], self.top
        while True:
            units, left, free = self.header(at)
            if at == self.top:
                units = self.end - self.top
            elif units != chunks[-1].at - at:
                raise Damaged(f"H10 {self.name}: the chunk at {self.address_of(at):#x} says {units} units, its right "
                              f"neighbour {chunks[-1].at - at}")
            chunks.append(Chunk(at, units, left, free))
            if left == at:
                return chunks[::-1]
            if left == 0 or left > at:
                raise Damaged(f"H10 {self.name}: the chunk at {self.address_of(at):#x} has a left neighbour of {left} "
                              f"units, and there are {at}")
            at -= left

    def chunk_at(self, link):
        return target.at("struct chunk", self.address_of(link), self.layout.where)

    def address_of(self, link):
        return self.control_address + link * self.unit

    def link_of(self, address):
        return (address - self.control_address) // self.unit

    def used(self):
        return [c for c in self.chunks[:-1] if not c.free]

    def free(self):
        return [c for c in self.chunks[:-1] if c.free] + [c for c in self.chunks[-1:] if c.units]

    def bytes_in(self, chunks):
        return sum(c.units for c in chunks) * self.unit

    def largest_block(self):
        """Bytes of the largest block that the heap can give now; hardening's trailers not counted."""
        return max([c.units * self.unit - self.layout.header_bytes for c in self.free()] or [0])

    def fragmentation(self):
        """Percent of the free bytes that are not in the largest free chunk."""
        free = self.free()
        total = self.bytes_in(free)
        return 100 - 100 * max(c.units for c in free) * self.unit // total if total else 0

    def indexed(self):
        """Links of the free chunks that the index holds, and the bin or class in which each is."""
        control, span = self.control, self.layout.span
        heads = min(self.end - self.chunks[0].at + 1, span)
        for units in range(1, heads):
            head = int(control["head"][units])
            if bool(int(control["bins"]) << units & 0x80000000) != bool(head):
                raise Damaged(f"H13 {self.name}: the map and the list of {units} units disagree")
            yield from self._list(head, range(units, units + 1))
        count = self.header(0)[1] if self.end - self.chunks[0].at >= span else 0
        for number in range(1, count + 1):
            yield from self._class(number)
        # Giants: a list that ends at the heads' own link, or with 32-bit links a tree that ends with 0.
        tree = self.layout.link_bytes == 4
        giants, end = int(control["giants"]), 0 if tree else self.layout.head // self.unit
        if bool(int(control["classes"]) << count & 0x80000000) != (giants != end):
            raise Damaged(f"H13 {self.name}: the map and the giants disagree")
        sizes = range((count + 1) * span, 1 << 31)
        yield from self._tree(giants, sizes) if tree else self._list(giants, sizes, end)

    def _tree(self, root, sizes):
        """Nodes with two children; equals of a node are a ring through it."""
        places, todo, seen = {c.at: c for c in self.chunks[:-1]}, [root], set()
        while todo:
            node = link = todo.pop()
            while link:
                chunk = places.get(link)
                if chunk is None or not chunk.free or chunk.units not in sizes or link in seen:
                    raise Damaged(f"H12 {self.name}: the tree names {self.address_of(link):#x}, which is no free chunk "
                                  "that belongs there, or was named before")
                seen.add(link)
                yield link
                giant = self.chunk_at(link)
                if link == node:
                    todo += [int(giant["slot"][side]) for side in (0, 1) if int(giant["slot"][side])]
                if not int(giant["next"]):
                    raise Damaged(f"H12 {self.name}: the ring of {self.address_of(node):#x} is broken")
                link = int(giant["next"]) if int(giant["next"]) != node else 0

    def _class(self, number):
        root = int(self.control["root"][number - 1])
        if bool(int(self.control["classes"]) << (number - 1) & 0x80000000) != bool(root):
            raise Damaged(f"H13 {self.name}: the map and the host of class {number} disagree")
        if not root:
            return
        host = self.chunk_at(root)
        lowest = number * self.layout.span
        for step in range(self.layout.span):
            if int(host["sizes"]) << step & 0x80000000:
                yield from self._list(int(host["slot"][step]), range(lowest + step, lowest + step + 1))

    def _list(self, link, sizes, end=0):
        previous, places = 0, {c.at: c for c in self.chunks[:-1]}
        for _ in range(target.LIMIT):
            if link in (0, end):
                return
            chunk = places.get(link)
            if chunk is None or not chunk.free or chunk.units not in sizes:
                raise Damaged(f"H12 {self.name}: the index names {self.address_of(link):#x}, which is no free chunk of "
                              f"its list")
            node = self.chunk_at(link)
            if int(node["prev"]) != previous:
                raise Damaged(f"H12 {self.name}: the free chunk at {self.address_of(link):#x} does not point back")
            yield link
            previous, link = link, int(node["next"])
        raise Damaged(f"H12 {self.name}: a list of free chunks does not end")


def all_heaps():
    """Every heap that is a variable: kernel heaps, bare ones, and those of region pools."""
    found = []
    for name, value in target.variables_of("struct k_heap"):
        found.append(Heap(name, value["heap"], value["wait_q"]))
    for name, value in target.variables_of("struct sys_heap"):
        found.append(Heap(name, value))
    for _, pool in target.variables_of("struct region_pool"):
        for i in range(int(pool["count"])):
            slot = pool["slots"][i]
            found.append(Heap(slot["region"]["name"].string(), slot["heap"], pool["wait_q"]))
    unique = {}
    for heap in found:
        unique.setdefault(heap.address, heap)
    return list(unique.values())


def find(words):
    """The heap that a name, or an expression for a k_heap or a sys_heap, names."""
    for heap in all_heaps():
        if heap.name == words:
            return heap
    try:
        value = target.evaluate(words)
    except gdb.error:
        raise gdb.GdbError(f"there is no heap '{words}': 'cairn heaps' lists them") from None
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        value = value.dereference()
    if target.has_field(value.type, "heap") and target.has_field(value.type, "wait_q"):
        return Heap(words, value["heap"], value["wait_q"])
    return Heap(words, value)
