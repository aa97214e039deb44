# SPDX-License-Identifier: Apache-2.0
"""The core as a debugger sees it: halt, run, step, reset, and the registers that say so (Armv7-M ARM, DDI 0403, C1.6).

States: halted (for the debugger), running, lockup (no instruction to run: an empty flash), reset (the reset line is
held). Only while it runs does QEMU run.
"""
import sys

import chip
import comparators
import flash as flash_module
import thumb
from registers import Registers

AIRCR, VTOR, DFSR = 0xE000ED0C, 0xE000ED08, 0xE000ED30
DHCSR, DCRSR, DCRDR, DEMCR = 0xE000EDF0, 0xE000EDF4, 0xE000EDF8, 0xE000EDFC
DHCSR_KEY = 0xA05F
C_DEBUGEN, C_HALT, C_STEP, C_MASKINTS = 1, 2, 4, 8
S_REGRDY, S_HALT, S_LOCKUP, S_RETIRE_ST, S_RESET_ST = 1 << 16, 1 << 17, 1 << 19, 1 << 24, 1 << 25
VECTKEY = 0x05FA
SYSRESETREQ, VECTRESET = 1 << 2, 1 << 0
DFSR_HALTED, DFSR_BKPT, DFSR_DWTTRAP, DFSR_VCATCH = 1, 2, 4, 8
VC_CORERESET = 1
# DEMCR bit -> exception number that it catches.
VECTOR_CATCH = {1 << 10: 3, 1 << 9: 3, 1 << 4: 4, 1 << 8: 5, 1 << 5: 6, 1 << 6: 6, 1 << 7: 6}

HALTED, RUNNING, LOCKUP, RESET = "halted", "running", "lockup", "reset"


class Core:
    def __init__(self, machine, flash, hold_reset=False):
        self.machine, self.gdb, self.qtest, self.flash = machine, machine.gdb, machine.qtest, flash
        self.registers = Registers(machine, flash)
        self.fpb, self.dwt, self.bkpts = comparators.Fpb(), comparators.Dwt(), comparators.Bkpts()
        self.hold_reset = hold_reset  # somebody else holds the line
        self.control = 0              # C_ bits of DHCSR
        self.demcr = self.dfsr = self.dcrdr = 0
        self.was_reset = False
        self.state = RESET
        self.inserted = set()         # (kind, address, length) that QEMU has
        self.code = {}                # address: two halfwords
        self.in_loop = False          # code in RAM programs the flash
        self.reset()

    # Stopping and going on

    def halt(self, reason):
        self.dfsr |= reason
        self.state = HALTED
        self.flush()

    def flush(self):
        changed = self.flash.flush(self.gdb.write)
        if changed:
            self.bkpts.flash_changed(self.flash.content, *changed)

    def stop(self, reason=DFSR_HALTED):
        """Stops QEMU if it runs. True when this did it; false when the core was not running or met an event first."""
        while self.state == RUNNING:
            reply = self.gdb.interrupt()
            self.registers.forget()
            if reply.startswith("T02"):
                self.halt(reason)
                return True
            self.on_stop(reply)
        return False

    def resume(self):
        self.flush()
        regs = self.registers.all()
        if not regs[16] & 1 << 24 or regs[15] >= 0xE0000000:
            self.state = LOCKUP
            return
        self.in_loop = False
        self._arm()
        self.qtest.settle()
        self.registers.forget()
        self.code.clear()
        self.gdb.send("c")
        self.state = RUNNING

    def paused(self):
        """Context: lets a look at a running core happen while it is stopped, unseen by the debugger."""
        return _Pause(self)

    def step(self):
        self.qtest.settle()
        if self._at_bkpt():
            self.halt(DFSR_BKPT)
            return
        self._disarm_watches()
        self.gdb.step(masked=bool(self.control & C_MASKINTS))
        self.registers.forget()
        self.halt(DFSR_HALTED)

    def take_reports(self):
        """Handles the stops that QEMU has reported."""
        while self.state == RUNNING:
            reply = self.gdb.packet()
            if reply is None:
                break
            self.on_stop(reply)

    def on_stop(self, reply):
        """QEMU has stopped by itself."""
        self.registers.forget()
        _, watch, rest = reply.partition("watch:")
        if watch:
            self._on_watch(int(rest.partition(";")[0], 16))
        else:
            self._on_breakpoint()

    def _on_breakpoint(self):
        pc = self.registers.pc
        if self.dwt.match(lambda c: c.function & 15 == comparators.PC_MATCH and c.address & ~1 == pc):
            self.halt(DFSR_DWTTRAP)
        elif pc in self.fpb.addresses() or self._at_bkpt():
            self.halt(DFSR_BKPT)
        elif self.registers.ipsr in self._caught() and self._caught()[self.registers.ipsr] == pc:
            self.halt(DFSR_VCATCH)
        else:
            self.gdb.step(masked=True)  # a place that was one of these when QEMU was told
            self.resume()

    def _on_watch(self, address):
        if address in (chip.FLASH.start, chip.ALIAS.start, flash_module.REGISTERS.start):
            self._flash_access()
            return
        self._disarm_watches()
        self.gdb.step(masked=True)      # QEMU stops before the access, a DWT after it
        self.registers.forget()
        self.dwt.match(lambda c: c.watch() is not None and c.watch()[1] == address)
        self.halt(DFSR_DWTTRAP)

    # Breakpoints and watchpoints of QEMU

    def _at_bkpt(self):
        pc = self.registers.pc
        return pc in self.bkpts.addresses() and self.qtest.read(2, pc) >> 8 == comparators.BKPT

    def _caught(self):
        """Exception number -> handler address of the vectors to stop at."""
        numbers = {n for bit, n in VECTOR_CATCH.items() if self.demcr & bit and self.control & C_DEBUGEN}
        table = self.qtest.read(4, VTOR) if numbers else 0
        return {n: self.qtest.read(4, table + 4 * n) & ~1 for n in numbers}

    def _arm(self):
        wanted = self._flash_traps()
        if self.control & C_DEBUGEN:
            places = self.fpb.addresses() | self.dwt.addresses() | self.bkpts.addresses() | set(self._caught().values())
            wanted |= {(0, address, 2) for address in places} | self.dwt.watches()
        self._insert(wanted)

    def _insert(self, wanted):
        for kind, address, length in self.inserted - wanted:
            self.gdb.breakpoint(kind, address, length, insert=False)
        for kind, address, length in wanted - self.inserted:
            self.gdb.breakpoint(kind, address, length, insert=True)
        self.inserted = wanted

    def _disarm_watches(self):
        self._insert({b for b in self.inserted if b[0] == 0})

    # The flash controller, for code on the core

    def _flash_traps(self):
        """A flash that is unlocked takes stores. The controller's registers are watched, but not once a loader of the
        debugger is in its loop: it polls them at each halfword and would take three times as long. QEMU's zeros there
        say 'not busy, no error' as well."""
        traps = set()
        registers = self.flash.locked or self.flash.unlocked_by_core and not self.in_loop
        if not self.flash.locked:
            traps |= {(2, chip.FLASH.start, chip.FLASH.size), (2, chip.ALIAS.start, chip.ALIAS.size)}
        if registers:
            traps.add((4, flash_module.REGISTERS.start, flash_module.REGISTERS.size))
        return traps

    def _flash_access(self):
        """The instruction at the program counter reaches the flash or its registers: it is done here."""
        regs = self.registers.all()
        access = thumb.decode(*self._code_at(regs[15]), regs)
        if access is None:
            print(f"vprobe: no model of the flash access at pc {regs[15]:#010x}", file=sys.stderr)
            self._disarm_watches()
            self.gdb.step(masked=True)
            self.resume()
            return
        packets = [self.gdb.set_packet(15, regs[15] + access.length)]
        if access.store:
            value = regs[access.register].to_bytes(4, "little")[:access.size]
            self._core_store(access.address, value)
            self._note_loop(regs[15], access.address)
        else:
            value = self.flash.read_register(access.address - flash_module.REGISTERS.start)
            value >>= 8 * (access.address & 3)
            packets.append(self.gdb.set_packet(access.register, value & (1 << 8 * access.size) - 1))
        if access.writeback:
            packets.append(self.gdb.set_packet(*access.writeback))
        if self._flash_traps() - self.inserted:
            self._arm()
        self.gdb.send(*packets, "c")
        for _ in packets:
            self.gdb.answer()
        self.registers.forget()

    def _note_loop(self, pc, address):
        was, fine = self.in_loop, not self.flash.sr & flash_module.SR_ERRORS
        in_array = not chip.within(flash_module.REGISTERS, address)
        self.in_loop = fine and (was or in_array and chip.within(chip.RAM, pc))
        if self.in_loop != was:
            self._arm()

    def _code_at(self, pc):
        """The halfwords at `pc`; remembered until the debugger has had its turn: a loader is a loop."""
        if pc not in self.code:
            self.code[pc] = self.qtest.read(2, pc), self.qtest.read(2, pc + 2)
        return self.code[pc]

    def _core_store(self, address, data):
        if chip.within(flash_module.REGISTERS, address):
            offset = address - flash_module.REGISTERS.start
            self.flash.write_register(offset & ~3, int.from_bytes(data, "little") << 8 * (offset & 3), by_core=True)
        else:
            self.flash.program(address & chip.FLASH.size - 1, data, by_core=True)

    def lock_up(self):
        """QEMU has ended, as it does when the core locks up. A new one takes its place; registers and RAM are lost."""
        print(f"vprobe: the core has locked up; RAM and registers are lost\n{self.machine.last_words()}", file=sys.stderr)
        self.machine.start()
        self.inserted = set()
        self.bkpts.ram.clear()
        self.registers.forget()
        self.flash.load(0, bytes(self.flash.content))
        self.flush()
        self.state = LOCKUP

    # Reset

    def reset(self):
        """A system reset. C_HALT does not outlive it; DEMCR and the comparators do (DDI 0403 C1.4.1)."""
        self.stop()
        self.flush()
        self.gdb.monitor("system_reset")
        self.registers.forget()
        self.flash.reset()
        self.was_reset = True
        self.control &= ~C_HALT
        if self.hold_reset:
            self.state = RESET
        elif self.demcr & VC_CORERESET and self.control & C_DEBUGEN:
            self.halt(DFSR_VCATCH)
        else:
            self.resume()

    def reset_line(self, asserted):
        if asserted and self.state != RESET:
            self.stop()
            self.state = RESET
            self.was_reset = True
        elif not asserted and self.state == RESET and not self.hold_reset:
            self.reset()

    # DHCSR and its neighbours

    def _read_dhcsr(self):
        value = self.control & ~(C_HALT | C_STEP) | S_REGRDY
        value |= {HALTED: S_HALT | C_HALT, RUNNING: S_RETIRE_ST, LOCKUP: S_LOCKUP, RESET: S_RESET_ST}[self.state]
        if self.was_reset:
            value |= S_RESET_ST
            self.was_reset = False
        return value

    def _write_dhcsr(self, value):
        if value >> 16 != DHCSR_KEY:
            return
        self.control = value & 15
        if not value & C_DEBUGEN:
            self.control &= ~C_HALT
        if self.state in (RUNNING, LOCKUP) and self.control & C_HALT:
            if not self.stop() and self.state == LOCKUP:
                self.halt(DFSR_HALTED)
        elif self.state == HALTED and not self.control & C_HALT:
            if self.control & C_STEP:
                self.step()
            else:
                self.resume()

    def _write_dcrsr(self, value):
        if self.state not in (HALTED, LOCKUP):
            return
        selector = value & 0x7F
        if value >> 16 & 1:
            self.registers.write(selector, self.dcrdr)
        else:
            self.dcrdr = self.registers.read(selector)

    def read_debug(self, address):
        """A word of the debug registers; None when `address` is not one of them."""
        if address == DHCSR:
            return self._read_dhcsr()
        if address == comparators.DWT + comparators.DWT_PCSR:
            with self.paused():
                return self.registers.pc
        if comparators.FPB <= address < comparators.FPB + 0x100:
            return self.fpb.read(address - comparators.FPB)
        if comparators.DWT <= address < comparators.DWT + 0x100:
            return self.dwt.read(address - comparators.DWT)
        return {DCRSR: 0, DCRDR: self.dcrdr, DEMCR: self.demcr, DFSR: self.dfsr}.get(address)

    def write_debug(self, address, value):
        """True when `address` is a debug register."""
        if address == DHCSR:
            self._write_dhcsr(value)
        elif address == DCRSR:
            self._write_dcrsr(value)
        elif address == DCRDR:
            self.dcrdr = value
        elif address == DEMCR:
            self.demcr = value
        elif address == DFSR:
            self.dfsr &= ~value
        elif address == AIRCR and value >> 16 == VECTKEY and value & (SYSRESETREQ | VECTRESET):
            self.reset()
        elif comparators.FPB <= address < comparators.FPB + 0x100:
            self.fpb.write(address - comparators.FPB, value)
        elif comparators.DWT <= address < comparators.DWT + 0x100:
            self.dwt.write(address - comparators.DWT, value)
        else:
            return False
        return True


class _Pause:
    def __init__(self, core):
        self.core = core

    def __enter__(self):
        self.stopped = self.core.stop(reason=0)

    def __exit__(self, *_):
        if self.stopped:
            self.core.resume()
