# SPDX-License-Identifier: Apache-2.0
"""The STM32F4's flash controller (RM0090 chapter 3), which the emulator has not got.

Holds the content; the emulator's copy follows when flush() is called, because the core's loaders store halfword by
halfword and nobody reads in between.
"""
import chip

REGISTERS = chip.Range(0x40023C00, 0x18)
ACR, KEYR, OPTKEYR, SR, CR, OPTCR = 0x00, 0x04, 0x08, 0x0C, 0x10, 0x14
KEYS = (0x45670123, 0xCDEF89AB)         # RM0090 3.6.2
OPTION_KEYS = (0x08192A3B, 0x4C5D6E7F)  # RM0090 3.7.2

CR_PG, CR_SER, CR_MER, CR_STRT, CR_LOCK = 1 << 0, 1 << 1, 1 << 2, 1 << 16, 1 << 31
SR_WRPERR, SR_PGPERR, SR_PGSERR = 1 << 4, 1 << 6, 1 << 7
SR_ERRORS = 0xF2
OPTCR_LOCK = 1 << 0
OPTCR_DEFAULT = 0x0FFFAAED
PSIZE_BYTES = (1, 2, 4, 8)


class Flash:
    def __init__(self, protected_sectors=()):
        self.content = bytearray(b"\xff" * chip.FLASH.size)
        self.dirty = (0, chip.FLASH.size)  # (first, end) offsets that the emulator does not have yet, or None
        self.optcr = OPTCR_DEFAULT
        for sector in protected_sectors:
            self.optcr &= ~(1 << (16 + sector))  # nWRP: 0 protects
        self.reset()

    def reset(self):
        self.acr = 0
        self.sr = 0
        self.cr = CR_LOCK
        self.optcr |= OPTCR_LOCK
        self.keys_seen = {KEYR: [], OPTKEYR: []}
        self.unlocked_by_core = False

    @property
    def locked(self):
        return bool(self.cr & CR_LOCK)

    def read_register(self, offset):
        return {ACR: self.acr, SR: self.sr, CR: self.cr, OPTCR: self.optcr}.get(offset & ~3, 0)

    def write_register(self, offset, value, by_core):
        if offset == ACR:
            self.acr = value
        elif offset in (KEYR, OPTKEYR):
            self._key(offset, value, by_core)
        elif offset == SR:
            self.sr &= ~(value & SR_ERRORS)
        elif offset == CR and not self.locked:
            self.cr = value & ~CR_STRT
            if value & CR_STRT:
                self._erase()
        elif offset == OPTCR and not self.optcr & OPTCR_LOCK:
            self.optcr = value & ~2     # OPTSTRT falls when the programming is over

    def _key(self, register, value, by_core):
        seen = self.keys_seen[register]
        seen.append(value)
        wanted = KEYS if register == KEYR else OPTION_KEYS
        if tuple(seen) == wanted:
            seen.clear()
            if register == KEYR:
                self.cr &= ~CR_LOCK
                self.unlocked_by_core = by_core
            else:
                self.optcr &= ~OPTCR_LOCK
        # A wrong key locks until the next reset (RM0090 3.6.2): the list can then never match.

    def protected(self, sector):
        return not self.optcr >> (16 + sector) & 1

    def _erase(self):
        if self.cr & CR_MER:
            if any(self.protected(s) for s in range(len(chip.SECTORS))):
                self.sr |= SR_WRPERR
                return
            self._change(0, b"\xff" * chip.FLASH.size)
        elif self.cr & CR_SER:
            sector = self.cr >> 3 & 0xF
            if sector >= len(chip.SECTORS):
                return
            if self.protected(sector):
                self.sr |= SR_WRPERR
                return
            start = sum(chip.SECTORS[:sector]) * 1024
            self._change(start, b"\xff" * chip.SECTORS[sector] * 1024)

    def program(self, offset, data, by_core):
        """A store to the flash array. The core's own loader sets PG where the debugger does not see it."""
        trusted = by_core and not self.unlocked_by_core
        if self.locked or not (trusted or self.cr & CR_PG):
            self.sr |= SR_PGSERR
        elif self.protected(chip.sector_of(chip.FLASH.start + offset)[0]):
            self.sr |= SR_WRPERR
        elif not trusted and len(data) != PSIZE_BYTES[self.cr >> 8 & 3]:
            self.sr |= SR_PGPERR
        else:
            old = self.content[offset:offset + len(data)]
            self._change(offset, bytes(a & b for a, b in zip(old, data)))

    def load(self, offset, data):
        """Puts an image there as if it had always been."""
        self._change(offset, data)

    def _change(self, offset, data):
        self.content[offset:offset + len(data)] = data
        first, end = self.dirty or (offset, offset)
        self.dirty = (min(first, offset), max(end, offset + len(data)))

    def flush(self, write):
        """Calls write(address, data) for what has changed; returns its (first, end) offsets or None."""
        changed, self.dirty = self.dirty, None
        if changed:
            write(chip.FLASH.start + changed[0], bytes(self.content[changed[0]:changed[1]]))
        return changed
