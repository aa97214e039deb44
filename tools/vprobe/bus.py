# SPDX-License-Identifier: Apache-2.0
"""What is at an address, for the AHB access port: memory, the debug components, the flash; else a bus fault.

QEMU's qtest does not tell of a fault, so the ranges of chip.py decide.
"""
import chip
import flash as flash_module
from qemu import Gone

WINDOW = 1024  # bytes read ahead from RAM while the core is halted: a debugger reads word by word


class Fault(Exception):
    """Nothing answers at this address."""


class Bus:
    def __init__(self, core, qtest, flash):
        self.core, self.qtest, self.flash = core, qtest, flash
        self.constants = {**chip.rom_table(), **chip.CONSTANTS}
        self.kept = {address: 0 for address in chip.DEBUG_CONTROL}
        self.window = None  # (state of the core that it holds for, first address, bytes)

    def read(self, size, address):
        try:
            return self._read(size, address)
        except Gone:
            self.core.lock_up()
            raise Fault from None

    def write(self, size, address, value):
        try:
            self._write(size, address, value)
        except Gone:
            self.core.lock_up()
            raise Fault from None

    def _read(self, size, address):
        if chip.within(chip.RAM, address):
            return int.from_bytes(self._ram(address, size), "little")
        if chip.within(chip.FLASH, address) or chip.within(chip.ALIAS, address):
            offset = address & chip.FLASH.size - 1
            return int.from_bytes(self.flash.content[offset:offset + size], "little")
        word = self._word(address & ~3)
        if word is None:
            return self.qtest.read(size, address)
        return word >> 8 * (address & 3) & (1 << 8 * size) - 1

    def _ram(self, address, size):
        if self.core.registers.core is None or self.core.state != "halted":
            self.window = None  # it runs, or has run: registers are read at each halt
            return self.qtest.read(size, address).to_bytes(size, "little")
        if not self.window or not 0 <= address - self.window[0] <= WINDOW - size:
            start = min(address, chip.RAM.start + chip.RAM.size - WINDOW)
            self.window = (start, self.qtest.read_bytes(start, WINDOW))
        at = address - self.window[0]
        return self.window[1][at:at + size]

    def _word(self, address):
        """The word at `address` where it is not QEMU's; None where it is."""
        if address in self.constants:
            return self.constants[address]
        if address in self.kept:
            return self.kept[address]
        if chip.within(chip.SYSTEM_MEMORY, address):
            return 0xFFFFFFFF
        if chip.within(flash_module.REGISTERS, address):
            return self.flash.read_register(address - flash_module.REGISTERS.start)
        if chip.within(chip.PPB, address):
            own = self.core.read_debug(address)
            if own is not None:
                return own
            return None if chip.within(chip.SYSTEM_CONTROL, address) else 0
        if not chip.within(chip.PERIPHERALS, address):
            raise Fault
        return None

    def _write(self, size, address, value):
        self.window = None
        if chip.within(chip.RAM, address):
            self.qtest.write(size, address, value)
            self.core.code.clear()
            first, end = address & ~1, address + size + 1 & ~1
            halfwords = value.to_bytes(size, "little") if size > 1 else self.qtest.read_bytes(first, end - first)
            self.core.bkpts.ram_written(first, halfwords)
        elif chip.within(chip.FLASH, address) or chip.within(chip.ALIAS, address):
            self.flash.program(address & chip.FLASH.size - 1, value.to_bytes(size, "little"), by_core=False)
        elif address in self.kept:
            self.kept[address] = value
        elif chip.within(flash_module.REGISTERS, address):
            self.flash.write_register(address - flash_module.REGISTERS.start, value, by_core=False)
        elif chip.within(chip.PPB, address):
            if not self.core.write_debug(address, value) and chip.within(chip.SYSTEM_CONTROL, address):
                self.qtest.write(size, address, value)
        elif chip.within(chip.PERIPHERALS, address):
            self.qtest.write(size, address, value)
        elif not chip.within(chip.SYSTEM_MEMORY, address):
            raise Fault
