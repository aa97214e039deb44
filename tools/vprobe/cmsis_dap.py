# SPDX-License-Identifier: Apache-2.0
"""A CMSIS-DAP probe: command packets in, response packets out (Arm CMSIS-DAP, "Commands").

The packets come through a UNIX socket, each after its length in two bytes; pyocd/hid.py carries them there.
"""
import os
import socket

INFO, HOST_STATUS, CONNECT, DISCONNECT = 0x00, 0x01, 0x02, 0x03
CONFIGURE, TRANSFER, BLOCK, WRITE_ABORT = 0x04, 0x05, 0x06, 0x08
DELAY, RESET_TARGET, PINS, CLOCK, SEQUENCE, SWD_CONFIGURE = 0x09, 0x0A, 0x10, 0x11, 0x12, 0x13
PACKET_BYTES = 64
STRINGS = {1: "Cairn", 2: "Virtual CMSIS-DAP", 3: "vprobe", 4: "1.10"}
ACK_OK, ACK_FAULT, MISMATCH = 1, 4, 0x10
AP, READ, MATCH_VALUE, MATCH_MASK = 1, 2, 0x10, 0x20
PIN_NRESET = 1 << 7
SWD_PORT = 1


class CmsisDap:
    def __init__(self, dap, core, path):
        self.dap, self.core = dap, core
        self.match_mask = 0xFFFFFFFF
        self.match_retries = 0
        if os.path.exists(path):
            os.unlink(path)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(1)
        self.client = None

    def fileno(self):
        return (self.client or self.server).fileno()

    def serve(self):
        if self.client is None:
            self.client, _ = self.server.accept()
            return
        length = self._receive(2)
        packet = self._receive(int.from_bytes(length, "little")) if length else b""
        if not packet:
            self.client.close()
            self.client = None
            return
        answer = self.execute(packet)[:PACKET_BYTES]
        self.client.sendall(len(answer).to_bytes(2, "little") + answer)

    def _receive(self, count):
        data = b""
        while len(data) < count:
            chunk = self.client.recv(count - len(data))
            if not chunk:
                return b""
            data += chunk
        return data

    def execute(self, packet):
        code, rest = packet[0], packet[1:]
        if code == INFO:
            return bytes([code]) + self._info(rest[0])
        if code == CONNECT:
            return bytes([code, SWD_PORT])
        if code == CONFIGURE:
            self.match_retries = int.from_bytes(rest[3:5], "little")
        elif code == TRANSFER:
            return bytes([code]) + self._transfers(rest)
        elif code == BLOCK:
            return bytes([code]) + self._block(rest)
        elif code == WRITE_ABORT:
            self.dap.dp_write(0, int.from_bytes(rest[1:5], "little"))
        elif code == RESET_TARGET:
            return bytes([code, 0, 0])
        elif code == PINS:
            return bytes([code, self._pins(rest[0], rest[1])])
        elif code not in (HOST_STATUS, DISCONNECT, DELAY, CLOCK, SEQUENCE, SWD_CONFIGURE):
            return b"\xff"
        return bytes([code, 0])

    @staticmethod
    def _info(what):
        if what in STRINGS:
            text = STRINGS[what].encode() + b"\0"
            return bytes([len(text)]) + text
        value = {0xF0: b"\x01", 0xFE: b"\x01", 0xFF: PACKET_BYTES.to_bytes(2, "little")}.get(what, b"")
        return bytes([len(value)]) + value

    def _pins(self, output, select):
        if select & PIN_NRESET:
            self.core.reset_line(not output & PIN_NRESET)
        return PIN_NRESET if self.core.state != "reset" else 0

    def _access(self, request, value=None):
        """One register access, reads not posted. Returns (acknowledge, value)."""
        address = request & 0xC
        allowed = not request & AP and (address == 0 or address == 4 and request & READ)
        if self.dap.sticky_error and not allowed:
            return ACK_FAULT, 0
        if request & READ:
            value = self.dap.ap_read(address) if request & AP else self.dap.dp_read(address)
        else:
            (self.dap.ap_write if request & AP else self.dap.dp_write)(address, value)
        # The acknowledge of a posted read tells of the access itself.
        failed = self.dap.sticky_error and request & AP
        return (ACK_FAULT if failed else ACK_OK), value

    def _matched(self, request, wanted):
        for _ in range(self.match_retries + 1):
            ack, value = self._access(request)
            if ack != ACK_OK or value & self.match_mask == wanted & self.match_mask:
                return ack
        return ACK_OK | MISMATCH

    def _transfers(self, rest):
        count, at, done, data, ack = rest[1], 2, 0, b"", ACK_OK
        while done < count and ack == ACK_OK:
            request, at = rest[at], at + 1
            word = int.from_bytes(rest[at:at + 4], "little")
            if not request & READ or request & MATCH_VALUE:
                at += 4
            if request & READ and request & MATCH_VALUE:
                ack = self._matched(request, word)
            elif request & READ:
                ack, value = self._access(request)
                data += value.to_bytes(4, "little") if ack == ACK_OK else b""
            elif request & MATCH_MASK:
                self.match_mask = word
            else:
                ack, _ = self._access(request, word)
            done += 1
        return bytes([done, ack]) + data

    def _block(self, rest):
        count, request, data, ack, done = int.from_bytes(rest[1:3], "little"), rest[3], b"", ACK_OK, 0
        while done < count and ack == ACK_OK:
            word = int.from_bytes(rest[4 + 4 * done:8 + 4 * done], "little")
            ack, value = self._access(request, word)
            data += value.to_bytes(4, "little") if request & READ and ack == ACK_OK else b""
            done += 1
        return done.to_bytes(2, "little") + bytes([ack]) + data
