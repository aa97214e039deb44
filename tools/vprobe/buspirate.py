# SPDX-License-Identifier: Apache-2.0
"""A Bus Pirate in raw-wire mode on a pseudo terminal: the one way to SWD of a stock OpenOCD without USB.

Commands: Bus Pirate manual, "Bitbang" and "Raw-wire (binary)"; which of them are used and how: OpenOCD 0.12,
src/jtag/drivers/buspirate.c.
"""
import os
import tty

from swd import Wire

NRESET = 1 << 1  # of the pins command


class BusPirate:
    def __init__(self, dap, core, link):
        self.wire, self.core = Wire(dap), core
        self.master, self.slave = os.openpty()  # an open slave: the line survives its client
        tty.setraw(self.master)
        tty.setraw(self.slave)
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(os.ttyname(self.slave), link)
        self.mode = "terminal"
        self.powered = False   # nRESET was high once: what is low before that is no reset
        self.pending = bytearray()

    def fileno(self):
        return self.master

    def serve(self):
        self.pending += os.read(self.master, 65536)
        answers = bytearray()
        while self.pending:
            used = self._command(answers)
            if used == 0:
                break
            del self.pending[:used]
        while answers:
            del answers[:os.write(self.master, answers)]

    def _command(self, answers):
        """Carries out the first pending command; returns its length, 0 when more bytes have to come."""
        code = self.pending[0]
        if self.mode != "raw":
            return self._bitbang(code, answers)
        if code >> 4 == 1:
            count = (code & 0xF) + 1
            if len(self.pending) < 1 + count:
                return 0
            for byte in self.pending[1:1 + count]:
                self._clock_byte(byte)
            answers += b"\x01" * (count + 1)
            return 1 + count
        answers += self._raw(code)
        return 1

    def _bitbang(self, code, answers):
        if code == 0x00:
            self.mode = "bitbang"
            answers += b"BBIO1"
        elif code == 0x05:
            self.mode = "raw"
            answers += b"RAW1"
        elif code == 0x0F:
            self.mode = "terminal"
            answers += b"\x01"
        return 1

    def _raw(self, code):
        if code == 0x00:
            self.mode = "bitbang"
            return b"BBIO1"
        if code == 0x06:
            return bytes([sum(self._read_bit() << i for i in range(8))])
        if code == 0x07:
            return bytes([self._read_bit()])
        if code >> 4 == 2:
            for _ in range((code & 0xF) + 1):
                self.wire.clock(0)
        elif code >> 4 == 4:
            self._pins(code & 0xF)
        return b"\x01"

    def _pins(self, pins):
        if pins & NRESET:
            self.powered = True
        if self.powered:
            self.core.reset_line(not pins & NRESET)

    def _read_bit(self):
        """The Bus Pirate clocks first and looks then: at the bit of the next cycle."""
        self.wire.clock(0)
        return self.wire.driven()

    def _clock_byte(self, byte):
        for i in range(8):
            self.wire.clock(byte >> i & 1)
