# SPDX-License-Identifier: Apache-2.0
"""The core's registers, by DCRSR's selectors (Armv7-M ARM, DDI 0403, C1.6.3), while the core is halted.

QEMU 7.2's stub knows neither the two stack pointers nor CONTROL and the masks. They are had by running MRS and MSR
instructions put at the program counter, which is the one place that surely may be executed.
"""
import chip
import qemu

PC, LR, SP, XPSR, MSP, PSP, SPECIAL, FPSCR, S0 = 15, 14, 13, 16, 17, 18, 20, 33, 64
# SYSm numbers (DDI 0403 B5.1.1), in the order in which MRS reads them into r0 to r5.
SYSM = {"msp": 8, "psp": 9, "primask": 16, "basepri": 17, "faultmask": 19, "control": 20}
SPECIAL_SHIFT = {"primask": 0, "basepri": 8, "faultmask": 16, "control": 24}
THUMB = 1 << 24
IT_AND_ICI = 0x0600FC00


def _mrs(register, sysm):
    return (0xF3EF).to_bytes(2, "little") + (0x8000 | register << 8 | sysm).to_bytes(2, "little")


def _msr(sysm, register):
    return (0xF380 | register).to_bytes(2, "little") + (0x8800 | sysm).to_bytes(2, "little")


class Registers:
    def __init__(self, machine, flash):
        self.gdb, self.qtest, self.flash = machine.gdb, machine.qtest, flash
        self.forget()

    def forget(self):
        """The core has run."""
        self.core = None     # r0 to r15, xPSR
        self.special = None  # by the names of SYSM

    def all(self):
        if self.core is None:
            self.core = self.gdb.core_registers()
        return self.core

    @property
    def pc(self):
        return self.all()[15]

    @property
    def ipsr(self):
        return self.all()[16] & 0x1FF

    def set_core(self, number, value):
        self.gdb.set_register(qemu.XPSR if number == XPSR else number, value)
        self.core = None

    def _run(self, code, count):
        """Executes `count` instructions of `code` and puts what it overwrote back."""
        regs = self.all()
        at = regs[15] & ~1
        if not (chip.within(chip.FLASH, at) or chip.within(chip.RAM, at)):
            at = chip.RAM.start + chip.RAM.size - len(code)
        old = self.qtest.read_bytes(at, len(code))
        self.gdb.write(at, code)
        self.gdb.set_register(qemu.XPSR, regs[16] & ~IT_AND_ICI | THUMB)
        self.gdb.set_register(15, at)
        for _ in range(count):
            self.gdb.step(masked=True)
        self.gdb.write(at, old)

    def specials(self):
        if self.special is None:
            regs = list(self.all())
            self._run(b"".join(_mrs(i, sysm) for i, sysm in enumerate(SYSM.values())), len(SYSM))
            self.special = dict(zip(SYSM, self.gdb.core_registers()))
            for number in range(6):
                self.gdb.set_register(number, regs[number])
            self.gdb.set_register(15, regs[15])
            self.gdb.set_register(qemu.XPSR, regs[16])
            self._mend_unprivileged(regs)
        return self.special

    def _mend_unprivileged(self, regs):
        """Unprivileged code reads stack pointers as 0: the active one is sp, the other starts at the vector table."""
        if self.special["control"] & 1 and self.ipsr == 0:
            self.special["psp" if self.special["control"] & 2 else "msp"] = regs[13]
            if self.special["msp"] == 0:
                self.special["msp"] = self.qtest.read(4, chip.FLASH.start)

    def _active(self, name):
        uses_psp = bool(self.specials()["control"] & 2) and self.ipsr == 0
        return name == ("psp" if uses_psp else "msp")

    def set_special(self, name, value):
        if name in ("msp", "psp") and self._active(name):
            self.set_core(SP, value)
        else:
            regs = list(self.all())
            self.gdb.set_register(0, value)
            self._run(_msr(SYSM[name], 0), 1)
            self.gdb.set_register(0, regs[0])
            self.gdb.set_register(15, regs[15])
            self.gdb.set_register(qemu.XPSR, regs[16])
            self.core = None
        self.special = None

    def read(self, selector):
        if selector <= PC:
            return self.all()[selector]
        if selector == XPSR:
            return self.all()[16]
        if selector in (MSP, PSP):
            return self.specials()["msp" if selector == MSP else "psp"]
        if selector == SPECIAL:
            return sum(self.specials()[name] << shift for name, shift in SPECIAL_SHIFT.items())
        if selector == FPSCR:
            return self.gdb.register(qemu.FPSCR)
        if S0 <= selector < S0 + 32:
            half, pair = (selector - S0) & 1, (selector - S0) >> 1
            return self.gdb.register(qemu.D0 + pair) >> 32 * half & 0xFFFFFFFF
        return 0

    def write(self, selector, value):
        if selector <= XPSR:
            self.set_core(selector, value)
            if selector == SP:
                self.special = None
        elif selector in (MSP, PSP):
            self.set_special("msp" if selector == MSP else "psp", value)
        elif selector == SPECIAL:
            for name, shift in SPECIAL_SHIFT.items():
                if self.specials()[name] != value >> shift & 0xFF:
                    self.set_special(name, value >> shift & 0xFF)
        elif selector == FPSCR:
            self.gdb.set_register(qemu.FPSCR, value)
        elif S0 <= selector < S0 + 32:
            half, pair = (selector - S0) & 1, (selector - S0) >> 1
            both = self.gdb.register(qemu.D0 + pair)
            both = both & ~(0xFFFFFFFF << 32 * half) | value << 32 * half
            self.gdb.set_register(qemu.D0 + pair, both, size=8)
