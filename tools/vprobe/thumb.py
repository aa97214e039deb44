# SPDX-License-Identifier: Apache-2.0
"""Loads and stores of the Thumb instruction set, as far as code that drives a flash controller uses them.

Encodings: Armv7-M ARM (DDI 0403) A5.2.4 (16-bit), A5.3.7 to A5.3.10 (32-bit).
"""
from collections import namedtuple

Access = namedtuple("Access", "store size signed register address writeback length")
# writeback: (register, value) or None; length: bytes of the instruction.

M32 = 0xFFFFFFFF
# Register-offset group, by bits 11:9 of the instruction: (store, bytes, signed).
_REGISTER = [(True, 4, False), (True, 2, False), (True, 1, False), (False, 1, True),
             (False, 4, False), (False, 2, False), (False, 1, False), (False, 2, True)]


def is_wide(first):
    return first >> 11 in (0b11101, 0b11110, 0b11111)


def _narrow(op, regs):
    rn, rt = op >> 3 & 7, op & 7
    imm5 = op >> 6 & 31
    if op >> 12 == 0b0101:
        store, size, signed = _REGISTER[op >> 9 & 7]
        return store, size, signed, rt, regs[rn] + regs[op >> 6 & 7]
    if op >> 13 == 0b011:
        size = 1 if op >> 12 & 1 else 4
        return not op >> 11 & 1, size, False, rt, regs[rn] + imm5 * size
    if op >> 12 == 0b1000:
        return not op >> 11 & 1, 2, False, rt, regs[rn] + imm5 * 2
    if op >> 12 == 0b1001:
        return not op >> 11 & 1, 4, False, op >> 8 & 7, regs[13] + (op & 0xFF) * 4
    return None


def _wide(first, second, regs):
    """Returns (store, size, signed, rt, address, writeback)."""
    if first >> 9 != 0b1111100:
        return None
    rn, rt, size = first & 15, second >> 12, 1 << (first >> 5 & 3)
    store, signed = not first >> 4 & 1, bool(first >> 8 & 1)
    if rn == 15 or size == 8:
        return None
    if first >> 7 & 1:
        return store, size, signed, rt, regs[rn] + (second & 0xFFF), None
    if not second >> 11 & 1:
        return store, size, signed, rt, regs[rn] + (regs[second & 15] << (second >> 4 & 3)), None
    before, up, write = second >> 10 & 1, second >> 9 & 1, second >> 8 & 1
    moved = regs[rn] + (second & 0xFF if up else -(second & 0xFF))
    return store, size, signed, rt, moved if before else regs[rn], (rn, moved & M32) if write else None


def decode(first, second, regs):
    """The access of the instruction at a halfword pair with the registers r0 to r15, None when it is no plain one."""
    if is_wide(first):
        found = _wide(first, second, regs)
        return found and Access(*found[:4], found[4] & M32, found[5], 4)
    found = _narrow(first, regs)
    return found and Access(*found[:4], found[4] & M32, None, 2)
