# SPDX-License-Identifier: Apache-2.0
"""OpenOCD's remote_bitbang adapter, and the JTAG chain behind it.

Wire protocol: OpenOCD's doc/manual/jtag/drivers/remote_bitbang.txt: one character an operation. TAP states: IEEE 1149.1
figure 6-1. JTAG-DP scans: IHI 0031 B3. Chain of the STM32F4: RM0090 38.6: TDI, boundary scan, core, TDO.
"""
import socket

import chip
from dap import RDBUFF

# state: (next with TMS 0, next with TMS 1)
TAP = {
    "reset": ("idle", "reset"), "idle": ("idle", "select-dr"),
    "select-dr": ("capture-dr", "select-ir"), "capture-dr": ("shift-dr", "exit1-dr"),
    "shift-dr": ("shift-dr", "exit1-dr"), "exit1-dr": ("pause-dr", "update-dr"),
    "pause-dr": ("pause-dr", "exit2-dr"), "exit2-dr": ("shift-dr", "update-dr"),
    "update-dr": ("idle", "select-dr"),
    "select-ir": ("capture-ir", "reset"), "capture-ir": ("shift-ir", "exit1-ir"),
    "shift-ir": ("shift-ir", "exit1-ir"), "exit1-ir": ("pause-ir", "update-ir"),
    "pause-ir": ("pause-ir", "exit2-ir"), "exit2-ir": ("shift-ir", "update-ir"),
    "update-ir": ("idle", "select-dr"),
}
ABORT, DPACC, APACC, IDCODE = 0x8, 0xA, 0xB, 0xE
CORE_IR_BITS, BOUNDARY_IR_BITS = 4, 5
IR_CAPTURE = 0b00001_0001  # boundary scan's 00001, then the core's 0001 next to TDO
BOUNDARY_IDCODE = 0b00001
ACK_OK = 0b010


class Chain:
    def __init__(self, dap):
        self.dap = dap
        self.previous = 0  # result of the last read
        self.shift, self.bits = 0, 1
        self.enter("reset")

    def enter(self, state):
        self.state = state
        if state == "reset":
            self.core_ir, self.boundary_ir = IDCODE, BOUNDARY_IDCODE
        elif state == "capture-ir":
            self.shift, self.bits = IR_CAPTURE, CORE_IR_BITS + BOUNDARY_IR_BITS
        elif state == "update-ir":
            self.core_ir = self.shift & 0xF
            self.boundary_ir = self.shift >> CORE_IR_BITS
        elif state == "capture-dr":
            self._capture()
        elif state == "update-dr":
            self._update()

    def _core_bits(self):
        return {IDCODE: 32, DPACC: 35, APACC: 35, ABORT: 35}.get(self.core_ir, 1)

    def _capture(self):
        core = {IDCODE: chip.IDCODE_JTAG, DPACC: self.previous << 3 | ACK_OK, APACC: self.previous << 3 | ACK_OK,
                ABORT: ACK_OK}.get(self.core_ir, 0)
        boundary, boundary_bits = (chip.IDCODE_BOUNDARY_SCAN, 32) if self.boundary_ir == BOUNDARY_IDCODE else (0, 1)
        self.shift = boundary << self._core_bits() | core
        self.bits = self._core_bits() + boundary_bits

    def _update(self):
        value = self.shift & (1 << self._core_bits()) - 1
        read, address, data = value & 1, (value >> 1 & 3) << 2, value >> 3
        if self.core_ir == DPACC:
            if not read:
                self.dap.dp_write(address, data, sticky_write_one_clears=True) if address else None
            elif address != RDBUFF:
                self.previous = self.dap.dp_read(address) if address else 0
        elif self.core_ir == APACC:
            if read:
                self.previous = self.dap.ap_read(address)
            else:
                self.dap.ap_write(address, data)

    @property
    def tdo(self):
        return self.shift & 1

    def clock(self, tms, tdi):
        if self.state in ("shift-dr", "shift-ir"):
            self.shift = self.shift >> 1 | tdi << self.bits - 1
        self.enter(TAP[self.state][tms])


class RemoteBitbang:
    """A server for one client at a time."""

    def __init__(self, dap, core, port):
        self.chain, self.core = Chain(dap), core
        self.server = socket.create_server(("127.0.0.1", port))
        self.port = self.server.getsockname()[1]
        self.client = None
        self.tck = 0

    def fileno(self):
        return (self.client or self.server).fileno()

    def serve(self):
        if self.client is None:
            self.client, _ = self.server.accept()
            self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return
        try:
            data = self.client.recv(65536)
            answers = self._operate(data)
            if answers:
                self.client.sendall(answers)
        except ConnectionError:
            data = b""
        if not data or b"Q" in data:
            self.client.close()
            self.client = None

    def _operate(self, data):
        answers = bytearray()
        chain = self.chain
        for operation in data:
            if 0x30 <= operation <= 0x37:              # '0' + (tck << 2 | tms << 1 | tdi)
                tck = operation >> 2 & 1
                if tck and not self.tck:
                    chain.clock(operation >> 1 & 1, operation & 1)
                self.tck = tck
            elif operation == 0x52:                    # 'R'
                answers.append(0x30 + chain.tdo)
            elif 0x72 <= operation <= 0x75:            # 'r' + (trst << 1 | srst)
                if operation - 0x72 & 2:
                    chain.enter("reset")
                self.core.reset_line(bool(operation - 0x72 & 1))
        return bytes(answers)
