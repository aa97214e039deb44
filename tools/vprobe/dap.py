# SPDX-License-Identifier: Apache-2.0
"""The debug port and its one access port, an AHB-AP (Arm Debug Interface v5, IHI 0031: B2 and chapter 8)."""
import bus as bus_module
import chip

CTRL_STAT, SELECT, RDBUFF = 0x4, 0x8, 0xC
ORUNDETECT, STICKYERR = 1 << 0, 1 << 5
POWER_REQUESTS, POWER_ACKS_SHIFT = 1 << 28 | 1 << 30, 1
WRITABLE = POWER_REQUESTS | ORUNDETECT | 1 << 26 | 0xF << 8 | 0xFFF << 12
STKERRCLR = 1 << 2
CSW, TAR, DRW, BD0, CFG, BASE, IDR = 0x00, 0x04, 0x0C, 0x10, 0xF4, 0xF8, 0xFC
CSW_RESET = 0x23000042  # DDI 0439 table 5-2: HPROT, DbgStatus/DeviceEn, 32 bits
CSW_WRITABLE = 0x7F000037
SINGLE, PACKED = 1, 2   # address increment
TAR_WRAP = 0xFFF        # the increment works inside 4 KiB


class Dap:
    def __init__(self, bus):
        self.bus = bus
        self.power_on()

    def power_on(self):
        self.control = self.select = 0
        self.sticky_error = False
        self.csw, self.tar = CSW_RESET, 0

    # Debug port

    def dp_read(self, address):
        if address == CTRL_STAT:
            acks = (self.control & POWER_REQUESTS) << POWER_ACKS_SHIFT
            return self.control | acks | STICKYERR * self.sticky_error
        return chip.DPIDR if address == 0 else 0

    def dp_write(self, address, value, sticky_write_one_clears=False):
        if address == 0 and value & STKERRCLR:  # ABORT
            self.sticky_error = False
        elif address == CTRL_STAT:
            self.control = value & WRITABLE
            if sticky_write_one_clears and value & STICKYERR:
                self.sticky_error = False
        elif address == SELECT:
            self.select = value

    # Access port

    def _ap_address(self, address):
        """The register that A[3:2] and SELECT name, None in an access port that does not exist."""
        return None if self.select >> 24 else (self.select & 0xF0) | address

    def ap_read(self, address):
        register = self._ap_address(address)
        if self.sticky_error or register is None:
            return 0
        try:
            if register == DRW:
                return self._transfer(None)
            if BD0 <= register < BD0 + 16:
                return self.bus.read(4, self.tar & ~0xF | register - BD0)
        except bus_module.Fault:
            self.sticky_error = True
            return 0
        return {CSW: self.csw, TAR: self.tar, CFG: 0, BASE: chip.ROM_TABLE | 3, IDR: chip.AHB_AP_IDR}.get(register, 0)

    def ap_write(self, address, value):
        register = self._ap_address(address)
        if self.sticky_error or register is None:
            return
        try:
            if register == DRW:
                self._transfer(value)
            elif BD0 <= register < BD0 + 16:
                self.bus.write(4, self.tar & ~0xF | register - BD0, value)
            elif register == CSW:
                self.csw = value & CSW_WRITABLE | CSW_RESET & 0x40
            elif register == TAR:
                self.tar = value
        except bus_module.Fault:
            self.sticky_error = True

    def _transfer(self, value):
        """One access through DRW: a read when `value` is None. Each byte travels in the lane of its address."""
        size, increment = 1 << (self.csw & 7), self.csw >> 4 & 3
        count = 4 // size if increment == PACKED else 1
        result = 0
        for _ in range(count):
            address = self.tar & ~(size - 1)
            lane, mask = 8 * (address & 3), (1 << 8 * size) - 1
            if value is None:
                result |= self.bus.read(size, address) << lane
            else:
                self.bus.write(size, address, value >> lane & mask)
            if increment:
                self.tar = self.tar & ~TAR_WRAP | self.tar + size & TAR_WRAP
        return result
