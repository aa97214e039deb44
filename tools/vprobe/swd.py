# SPDX-License-Identifier: Apache-2.0
"""Serial Wire Debug, bit by bit (IHI 0031 B4)."""
from dap import CTRL_STAT, ORUNDETECT, RDBUFF

OK, FAULT = 0b001, 0b100
LINE_RESET_ONES = 50


def parity(value):
    return bin(value).count("1") & 1


class Wire:
    """clock(bit) drives one cycle; returns what the target drives, or the bit itself."""

    def __init__(self, dap):
        self.dap = dap
        self.ones = 0
        self.posted = 0      # result of the last AP read
        self.locked = True   # until a line reset
        self._idle()

    def _idle(self):
        self.request, self.request_bits = 0, 0
        self.out = []        # bits that the target will drive; None: the host drives, or nobody
        self.data = None     # [value, bits seen] of a write

    def clock(self, bit):
        self.ones = self.ones + 1 if bit and not self.out else 0
        if self.ones >= LINE_RESET_ONES:
            self.locked = False
            self._idle()
            return bit
        if self.out:
            driven = self.out.pop(0)
            return bit if driven is None else driven
        if self.data is not None:
            self._data_bit(bit)
        elif not self.locked:
            self._request_bit(bit)
        return bit

    def driven(self):
        """What the target drives now."""
        return self.out[0] or 0 if self.out else 0

    def _request_bit(self, bit):
        if self.request_bits == 0 and not bit:
            return           # idle
        self.request |= bit << self.request_bits
        self.request_bits += 1
        if self.request_bits == 8:
            self._answer()

    def _answer(self):
        request = self.request
        self._idle()
        bits = request >> 1 & 0xF
        if parity(bits) != request >> 5 & 1 or request >> 6 & 1 or not request >> 7 & 1:
            self.locked = True
            return
        access_port, read, address = bits & 1, bits >> 1 & 1, (bits >> 2) << 2
        allowed = not access_port and (address == 0 or address == CTRL_STAT and read)
        ack = FAULT if self.dap.sticky_error and not allowed else OK
        turnaround, acks = [None], [ack >> i & 1 for i in range(3)]
        if ack != OK and not self.dap.control & ORUNDETECT:
            self.out = turnaround + acks + turnaround  # no data phase (IHI 0031 B4.2.5)
        elif read:
            value = self._read(access_port, address) if ack == OK else 0
            self.out = turnaround + acks + [value >> i & 1 for i in range(32)] + [parity(value)] + turnaround
        else:
            self.out = turnaround + acks + turnaround
            self.data = [0, 0, access_port, address, ack]

    def _read(self, access_port, address):
        if access_port:      # posted: the result comes with the next read
            value, self.posted = self.posted, self.dap.ap_read(address)
            return value
        return self.posted if address == RDBUFF else self.dap.dp_read(address)

    def _data_bit(self, bit):
        value, seen, access_port, address, ack = self.data
        if seen < 32:
            self.data[0], self.data[1] = value | bit << seen, seen + 1
            return
        self._idle()
        if ack == OK and parity(value) == bit:
            (self.dap.ap_write if access_port else self.dap.dp_write)(address, value)
