#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The virtual probe's parts, each against what its protocol says; no emulator and no debugger."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, equal, ok  # noqa: E402

sys.path.insert(0, str(TREE / "tools" / "vprobe"))
import bus  # noqa: E402
import chip  # noqa: E402
import cmsis_dap  # noqa: E402
import comparators  # noqa: E402
import dap  # noqa: E402
import flash  # noqa: E402
import jtag  # noqa: E402
import remote  # noqa: E402
import swd  # noqa: E402
import thumb  # noqa: E402


class Memory:
    """A bus with one kilobyte at 0x20000000 in two places, so that increments can be seen to wrap."""

    def __init__(self):
        self.bytes = {}

    def read(self, size, address):
        if address >= 0x90000000:
            raise bus.Fault
        return sum(self.bytes.get(address + i, 0) << 8 * i for i in range(size))

    def write(self, size, address, value):
        if address >= 0x90000000:
            raise bus.Fault
        self.bytes.update({address + i: value >> 8 * i & 0xFF for i in range(size)})


class Core:
    state = "running"

    def __init__(self):
        self.line = []

    def reset_line(self, asserted):
        self.line.append(asserted)


# The access port

port = dap.Dap(Memory())
equal(port.ap_read(dap.CSW) >> 6 & 1, 1, "AP: DeviceEn is set after power-on")
port.dp_write(dap.CTRL_STAT, 0x50000000)
equal(port.dp_read(dap.CTRL_STAT) & 0xF0000000, 0xF0000000, "DP: power-up requests are acknowledged")
port.dp_write(dap.SELECT, 0xF0)
equal(port.ap_read(dap.IDR & 0xF), chip.AHB_AP_IDR, "AP: IDR is in bank F")
port.dp_write(dap.SELECT, 0x010000F0)
equal(port.ap_read(dap.IDR & 0xF), 0, "AP: a second one reads as absent")
port.dp_write(dap.SELECT, 0)
port.ap_write(dap.CSW, 0x23000012)
port.ap_write(dap.TAR, 0x20000FFC)
port.ap_write(dap.DRW, 0x11223344)
equal(port.ap_read(dap.TAR), 0x20000000, "AP: the increment wraps at 4 KiB")
port.ap_write(dap.CSW, 0x23000010)
port.ap_write(dap.TAR, 0x20000001)
port.ap_write(dap.DRW, 0x0000AB00)
equal(port.bus.bytes[0x20000001], 0xAB, "AP: a byte travels in the lane of its address")
port.ap_write(dap.CSW, 0x23000020)
port.ap_write(dap.TAR, 0x20000010)
port.ap_write(dap.DRW, 0x04030201)
equal((port.bus.read(4, 0x20000010), port.ap_read(dap.TAR)), (0x04030201, 0x20000014), "AP: packed bytes")
port.ap_write(dap.CSW, 0x23000002)
port.ap_write(dap.TAR, 0x90000000)
port.ap_read(dap.DRW)
ok(port.dp_read(dap.CTRL_STAT) & dap.STICKYERR, "AP: a bus fault sets STICKYERR")
port.ap_write(dap.TAR, 0x20000010)
equal(port.ap_read(dap.DRW), 0, "AP: accesses are ignored until it is cleared")
port.dp_write(0, dap.STKERRCLR)
port.ap_write(dap.TAR, 0x20000010)
equal(port.ap_read(dap.DRW), 0x04030201, "AP: and work again behind ABORT.STKERRCLR")
port.dp_write(dap.SELECT, 0x10)
equal(port.ap_read(0), 0x04030201, "AP: banked data register 0")
port.dp_write(dap.SELECT, 0)

# JTAG


def scan(chain, path_to_shift, bits, value, back):
    """Shifts `bits` bits in and out, LSB first, and leaves by exit1 and update."""
    for tms in path_to_shift:
        chain.clock(tms, 0)
    out = 0
    for i in range(bits):
        out |= chain.tdo << i
        chain.clock(int(i == bits - 1), value >> i & 1)
    for tms in back:
        chain.clock(tms, 0)
    return out


def ir(chain, core, boundary=0x1F):
    return scan(chain, (1, 1, 0, 0), 9, boundary << 4 | core, (1, 0))


def dr(chain, bits, value):
    return scan(chain, (1, 0, 0), bits, value, (1, 0))


chain = jtag.Chain(port)
chain.clock(0, 0)
equal(dr(chain, 64, 0), chip.IDCODE_BOUNDARY_SCAN << 32 | chip.IDCODE_JTAG, "JTAG: both IDCODEs after reset, core first")
equal(ir(chain, jtag.APACC), 0x11, "JTAG: IR capture")
dr(chain, 36, 0x20000010 << 3 | (dap.TAR >> 2) << 1)
dr(chain, 36, (dap.DRW >> 2) << 1 | 1)
ir(chain, jtag.DPACC)
answer = dr(chain, 36, (dap.RDBUFF >> 2) << 1 | 1)
equal((answer & 7, answer >> 3 & 0xFFFFFFFF), (jtag.ACK_OK, 0x04030201), "JTAG: a read's result comes with the next scan")
ir(chain, 0xF)
equal(dr(chain, 3, 0b101), 0b100, "JTAG: core and boundary scan in bypass are two bits long")
for _ in range(5):
    chain.clock(1, 0)
equal((chain.state, chain.core_ir), ("reset", jtag.IDCODE), "JTAG: five ones reset")

core = Core()
server = jtag.RemoteBitbang(port, core, 0)
server._operate(b"26" * 5 + b"04" + b"26" + b"04" * 2)  # a reset, then to shift-dr
bits = [server._operate(b"0R4") for _ in range(32)]
equal(sum(int(b) << i for i, b in enumerate(bits)), chip.IDCODE_JTAG, "remote_bitbang: R answers TDO before the clock")
server._operate(b"sr")
equal(core.line, [True, False], "remote_bitbang: s and r move the reset line")
server.server.close()

# SWD


def swd_request(wire, access_port, read, address):
    bits = access_port | read << 1 | address >> 2 << 2
    request = 1 | bits << 1 | swd.parity(bits) << 5 | 1 << 7
    for i in range(8):
        wire.clock(request >> i & 1)
    wire.clock(0)
    return sum(wire.clock(0) << i for i in range(3))


def swd_read(wire, access_port, address):
    ack = swd_request(wire, access_port, 1, address)
    value = sum(wire.clock(0) << i for i in range(32))
    return ack, value, wire.clock(0) == swd.parity(value) and wire.clock(0) == 0


def swd_write(wire, access_port, address, value):
    ack = swd_request(wire, access_port, 0, address)
    wire.clock(0)
    for i in range(32):
        wire.clock(value >> i & 1)
    wire.clock(swd.parity(value))
    return ack


def line_reset(wire):
    for _ in range(50):
        wire.clock(1)
    wire.clock(0)


wire = swd.Wire(dap.Dap(Memory()))
ok(swd_request(wire, 0, 1, 0) == 0, "SWD: nothing answers before a line reset")
line_reset(wire)
equal(swd_read(wire, 0, 0), (swd.OK, chip.DPIDR, True), "SWD: DPIDR and its parity")
swd_write(wire, 0, 8, 0)
wire.dap.bus.write(4, 0x20000000, 0xCAFE0001)
swd_write(wire, 1, dap.CSW, 0x23000012)
equal(swd_write(wire, 1, dap.TAR, 0x20000000), swd.OK, "SWD: a write is acknowledged")
swd_read(wire, 1, dap.DRW)
equal(swd_read(wire, 0, dap.RDBUFF)[1], 0xCAFE0001, "SWD: AP reads are posted, RDBUFF has the last")
swd_write(wire, 0, 4, 0x50000001)
swd_write(wire, 1, dap.TAR, 0x90000000)
swd_read(wire, 1, dap.DRW)
equal(swd_read(wire, 1, dap.DRW)[0], swd.FAULT, "SWD: FAULT while STICKYERR is set")
ok(swd_read(wire, 0, 4)[1] & dap.STICKYERR, "SWD: CTRL/STAT can be read all the same")
swd_write(wire, 0, 0, dap.STKERRCLR)
equal(swd_read(wire, 0, 0)[0], swd.OK, "SWD: ABORT clears it")
for i in range(8):
    wire.clock(0b11111111 >> i & 1)  # parity and stop are wrong
equal(swd_request(wire, 0, 1, 0), 0, "SWD: a malformed request locks the target")
line_reset(wire)
equal(swd_read(wire, 0, 0)[0], swd.OK, "SWD: until a line reset")

# CMSIS-DAP and pyOCD's remote probe

probe = object.__new__(cmsis_dap.CmsisDap)
probe.dap, probe.core, probe.match_mask, probe.match_retries = dap.Dap(Memory()), core, 0xFFFFFFFF, 0
equal(probe.execute(bytes([0, 0xF0])), b"\0\x01\x01", "CMSIS-DAP: it says that it has SWD")
equal(probe.execute(bytes([5, 0, 1, 2])), b"\x05\x01\x01" + chip.DPIDR.to_bytes(4, "little"), "CMSIS-DAP: DPIDR")
probe.execute(bytes([5, 0, 2, 0x01]) + (0x23000012).to_bytes(4, "little") + bytes([0x05]) +
              (0x20000000).to_bytes(4, "little"))
equal(probe.execute(bytes([6, 0, 2, 0, 0x0D]) + bytes(range(8))), b"\x06\x02\x00\x01", "CMSIS-DAP: block write")
equal(probe.dap.bus.read(4, 0x20000004), 0x07060504, "CMSIS-DAP: and it has happened")
probe.execute(bytes([5, 0, 1, 0x05]) + (0x90000000).to_bytes(4, "little"))
equal(probe.execute(bytes([6, 0, 2, 0, 0x0F]))[1:4], b"\x01\x00\x04", "CMSIS-DAP: a fault ends the block and says where")
equal(probe.execute(b"\x77"), b"\xff", "CMSIS-DAP: an unknown command")
core.line.clear()
probe.execute(bytes([0x10, 0x00, 0x80]) + bytes(4))
probe.execute(bytes([0x10, 0x80, 0x80]) + bytes(4))
equal(core.line, [True, False], "CMSIS-DAP: the reset pin")

far = object.__new__(remote.RemoteProbe)
far.dap, far.core = dap.Dap(Memory()), core
equal(far.answer({"id": 3, "request": "read_dp", "arguments": [0]}), {"id": 3, "status": 0, "result": chip.DPIDR},
      "remote probe: read_dp")
far.answer({"id": 4, "request": "write_ap", "arguments": [0, 0x23000012]})
far.answer({"id": 5, "request": "write_ap", "arguments": [4, 0x20000000]})
far.answer({"id": 6, "request": "write_ap_multiple", "arguments": [0xC, [7, 8]]})
far.answer({"id": 7, "request": "write_ap", "arguments": [4, 0x20000000]})
equal(far.answer({"id": 8, "request": "read_ap_multiple", "arguments": [0xC, 2]})["result"], [7, 8],
      "remote probe: blocks")
far.answer({"id": 9, "request": "write_ap", "arguments": [4, 0x90000000]})
equal(far.answer({"id": 10, "request": "read_ap", "arguments": [0xC]})["status"], remote.FAULT_ERROR,
      "remote probe: a bus fault has its status")
equal(far.answer({"id": 11, "request": "fly"})["status"], remote.GENERAL_ERROR, "remote probe: an unknown request")

# The flash controller


def unlock(controller, by_core=False):
    for key in flash.KEYS:
        controller.write_register(flash.KEYR, key, by_core)


def program(controller, offset, data):
    controller.write_register(flash.CR, flash.CR_PG | (1 if len(data) == 2 else 2) << 8, False)
    controller.program(offset, data, False)


memory = flash.Flash(protected_sectors=[1])
program(memory, 0, b"\x12\x34")
equal((memory.content[:2], memory.sr & flash.SR_PGSERR), (b"\xff\xff", flash.SR_PGSERR), "flash: locked after reset")
memory.write_register(flash.SR, flash.SR_PGSERR, False)
unlock(memory)
program(memory, 0, b"\x12\x34")
program(memory, 0, b"\x30\xff")
equal((bytes(memory.content[:2]), memory.sr), (b"\x10\x34", 0), "flash: programming clears bits only")
program(memory, 0x4000, b"\0\0")
equal((memory.content[0x4000], memory.sr), (0xFF, flash.SR_WRPERR), "flash: a protected sector refuses, with WRPERR")
memory.write_register(flash.SR, flash.SR_WRPERR, False)
memory.write_register(flash.CR, flash.CR_PG | 2 << 8, False)
memory.program(8, b"\0\0", False)
equal(memory.sr, flash.SR_PGPERR, "flash: the width must be PSIZE's")
memory.write_register(flash.SR, 0xFF, False)
memory.load(0x4000 * 4, b"x")
memory.write_register(flash.CR, flash.CR_SER | 0 << 3 | flash.CR_STRT, False)
equal((memory.content[0], memory.content[0x10000]), (0xFF, ord("x")), "flash: a sector is erased and no other")
memory.write_register(flash.CR, flash.CR_SER | 1 << 3 | flash.CR_STRT, False)
equal(memory.sr, flash.SR_WRPERR, "flash: a protected sector is not erased")
memory.write_register(flash.CR, flash.CR_LOCK, False)
ok(memory.locked, "flash: LOCK locks")
memory.write_register(flash.KEYR, 1, False)
unlock(memory)
ok(memory.locked, "flash: a wrong key locks it until reset")
memory.reset()
unlock(memory)
ok(not memory.locked, "flash: and no longer")
for key in flash.OPTION_KEYS:
    memory.write_register(flash.OPTKEYR, key, False)
memory.write_register(flash.OPTCR, flash.OPTCR_DEFAULT & ~1 | 2, False)
ok(not memory.protected(1), "flash: option bytes take protection away")
written = []
memory.flush(lambda address, data: written.append((address, len(data))))
memory.load(10, b"abc")
memory.flush(lambda address, data: written.append((address, data)))
equal(written[1:], [(chip.FLASH.start + 10, b"abc")], "flash: flush gives what has changed")
equal([chip.sector_of(a)[0] for a in (0x08000000, 0x0800C000, 0x08010000, 0x08020000, 0x080FFFFF)], [0, 3, 4, 5, 11],
      "flash: sectors of 16, 64 and 128 KiB")

# Instructions that reach the flash

R = [0x1000 * (i + 1) for i in range(16)]


def access(first, second=0):
    return thumb.decode(first, second, R)


equal(access(0x6048)[:5], (True, 4, False, 0, 0x2004), "thumb: str r0, [r1, #4]")
equal(access(0x8048)[:5], (True, 2, False, 0, 0x2002), "thumb: strh r0, [r1, #2]")
equal(access(0x7848)[:5], (False, 1, False, 0, 0x2001), "thumb: ldrb r0, [r1, #1]")
equal(access(0x9A01)[:5], (False, 4, False, 2, 0xE004), "thumb: ldr r2, [sp, #4]")
equal(access(0x50D1)[:5], (True, 4, False, 1, 0x7000), "thumb: str r1, [r2, r3]")
equal(access(0xF824, 0x6B02), (True, 2, False, 6, 0x5000, (4, 0x5002), 4), "thumb: strh.w r6, [r4], #2")
equal(access(0xF8C4, 0x1010), (True, 4, False, 1, 0x5010, None, 4), "thumb: str.w r1, [r4, #16]")
equal(access(0xF844, 0x1D04), (True, 4, False, 1, 0x4FFC, (4, 0x4FFC), 4), "thumb: str.w r1, [r4, #-4]!")
equal(access(0xF834, 0x1023), (False, 2, False, 1, 0x5000 + (0x4000 << 2), None, 4), "thumb: ldrh.w r1, [r4, r3, lsl #2]")
equal((access(0xBF00), access(0xF3EF, 0x8008)), (None, None), "thumb: what is no access is none")

# Comparators

fpb = comparators.Fpb()
fpb.write(8, 0x08000100 | 1 << 30 | 1)
fpb.write(12, 0x08000200 | 2 << 30 | 1)
equal(fpb.addresses(), set(), "FPB: nothing while it is off")
fpb.write(0, 1)
equal(fpb.addresses(), set(), "FPB: FP_CTRL needs KEY")
fpb.write(0, 3)
equal(fpb.addresses(), {0x08000100, 0x08000202}, "FPB: lower and upper halfword")
dwt = comparators.Dwt()
dwt.write(0x20, 0x20000014)
dwt.write(0x24, 3)
dwt.write(0x28, comparators.STORES)
equal(dwt.watches(), {(2, 0x20000010, 8)}, "DWT: a watchpoint of 8 bytes")
dwt.match(lambda c: True)
equal((dwt.read(0x28) >> 24 & 1, dwt.read(0x28) >> 24 & 1), (1, 0), "DWT: MATCHED is cleared by a read")
bkpts = comparators.Bkpts()
bkpts.ram_written(0x20000000, bytes([0x00, 0xBE, 0x00, 0xBF]))
equal(bkpts.ram, {0x20000000}, "BKPT: found among what was written")
bkpts.ram_written(0x20000000, bytes([0x00, 0xBF]))
equal(bkpts.ram, set(), "BKPT: and forgotten when overwritten")
content = bytearray(b"\xff" * 64)
content[10:12] = b"\xab\xbe"
bkpts.flash_changed(content, 0, 64)
equal(bkpts.addresses(), {chip.FLASH.start + 10, 10}, "BKPT: found in the flash and its alias")

status, _, err = command("/usr/bin/python3", "tools/vprobe", "--image", "/nowhere.elf")
equal((status, err), (1, "vprobe: /nowhere.elf: No such file or directory\n"), "an image that is not there")
done()
