# SPDX-License-Identifier: Apache-2.0
"""What can stop the core: the FPB's and DWT's comparators, BKPT instructions, and vector catch.

Registers: Armv7-M ARM (DDI 0403) C1.11 (FPB), C1.8 (DWT). Each becomes a breakpoint or watchpoint of QEMU while the
core runs. QEMU does not halt at a BKPT instruction, so every BKPT in the flash, and every one that the debugger has
written to RAM, is a breakpoint, too: exact, because the program counter only ever equals the start of an instruction.
"""
import chip

FPB, DWT = 0xE0002000, 0xE0001000
FP_CTRL = 0x000
DWT_CTRL, DWT_PCSR, DWT_COMPARATORS = 0x000, 0x01C, 0x020
NUMCOMP = chip.WATCH_COMPARATORS << 28
MATCHED = 1 << 24
PC_MATCH, LOADS, STORES, ACCESSES = 4, 5, 6, 7
KIND = {STORES: 2, LOADS: 3, ACCESSES: 4}  # of the gdb stub
BKPT = 0xBE


class Fpb:
    def __init__(self):
        self.enabled = False
        self.comparators = [0] * (chip.CODE_COMPARATORS + chip.LITERAL_COMPARATORS)

    def read(self, offset):
        if offset == FP_CTRL:
            return chip.LITERAL_COMPARATORS << 8 | chip.CODE_COMPARATORS << 4 | self.enabled
        index = (offset - 8) // 4
        return self.comparators[index] if 0 <= index < len(self.comparators) else 0

    def write(self, offset, value):
        index = (offset - 8) // 4
        if offset == FP_CTRL and value & 2:  # KEY
            self.enabled = bool(value & 1)
        elif 0 <= index < len(self.comparators):
            self.comparators[index] = value

    def addresses(self):
        found = set()
        for value in self.comparators[:chip.CODE_COMPARATORS] if self.enabled else ():
            if value & 1:
                base = value & 0x1FFFFFFC
                found |= {base} if value >> 30 & 1 else set()
                found |= {base + 2} if value >> 31 & 1 else set()
        return found


class Comparator:
    def __init__(self):
        self.address = self.mask = self.function = 0
        self.matched = False

    def watch(self):
        """(kind, first address, bytes) of QEMU's watchpoint, None when it is none."""
        size = 1 << self.mask
        kind = KIND.get(self.function & 15)
        return (kind, self.address & ~(size - 1), size) if kind else None

    def read(self, offset):
        if offset == 8:
            value, self.matched = self.function | MATCHED * self.matched, False
            return value
        return self.address if offset == 0 else self.mask

    def write(self, offset, value):
        if offset == 0:
            self.address = value
        elif offset == 4:
            self.mask = value & 15
        else:
            self.function = value & 15
            self.matched = False


class Dwt:
    def __init__(self):
        self.control = 0
        self.comparators = [Comparator() for _ in range(chip.WATCH_COMPARATORS)]

    def _at(self, offset):
        index, part = divmod(offset - DWT_COMPARATORS, 16)
        return (self.comparators[index], part) if 0 <= index < len(self.comparators) and part < 12 else (None, 0)

    def read(self, offset):
        comparator, part = self._at(offset)
        if comparator:
            return comparator.read(part)
        return NUMCOMP | self.control if offset == DWT_CTRL else 0

    def write(self, offset, value):
        comparator, part = self._at(offset)
        if comparator:
            comparator.write(part, value)
        elif offset == DWT_CTRL:
            self.control = value & 0x0FFFFFFF

    def watches(self):
        return {c.watch() for c in self.comparators} - {None}

    def addresses(self):
        return {c.address & ~1 for c in self.comparators if c.function & 15 == PC_MATCH}

    def match(self, test):
        """Marks the comparators that test(comparator) accepts; true when there is one."""
        hit = [c for c in self.comparators if test(c)]
        for comparator in hit:
            comparator.matched = True
        return bool(hit)


class Bkpts:
    """Addresses that may hold a BKPT instruction."""

    def __init__(self):
        self.flash = set()
        self.ram = set()

    @staticmethod
    def _scan(base, data):
        return {base + at for at in range(0, len(data) - 1, 2) if data[at + 1] == BKPT}

    def flash_changed(self, content, first, end):
        first, end = first & ~1, end + 1 & ~1
        low, high = chip.FLASH.start + first, chip.FLASH.start + end
        self.flash = {a for a in self.flash if not low <= a < high} | self._scan(low, content[first:end])

    def ram_written(self, address, data):
        """`data` covers whole halfwords."""
        self.ram -= set(range(address, address + len(data), 2))
        self.ram |= self._scan(address, data)

    def addresses(self):
        alias = chip.ALIAS.start - chip.FLASH.start
        return self.flash | self.ram | {address + alias for address in self.flash}
