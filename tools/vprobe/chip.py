# SPDX-License-Identifier: Apache-2.0
"""Facts of the chip that the probe stands for: an STM32F405, as QEMU's netduinoplus2 emulates it.

RM0090 is ST's reference manual of the STM32F405/407; ADIv5 is Arm IHI 0031; the component identification scheme is in
its chapter D1. What QEMU has no memory for (CCM, backup SRAM) is not there: an access to it faults.
"""
from collections import namedtuple

Range = namedtuple("Range", "start size")

MACHINE = "netduinoplus2"
FLASH = Range(0x08000000, 0x100000)
ALIAS = Range(0x00000000, 0x100000)    # of the flash, when booted from it
RAM = Range(0x20000000, 0x20000)
PERIPHERALS = Range(0x40000000, 0x20000000)
SYSTEM_CONTROL = Range(0xE000E000, 0x1000)
PPB = Range(0xE0000000, 0x100000)

IDCODE_JTAG = 0x4BA00477               # RM0090 38.6.3
IDCODE_BOUNDARY_SCAN = 0x06413041      # RM0090 38.6.3, revision of STM32F405xx/407xx
DPIDR = 0x2BA01477                     # RM0090 38.8.5
AHB_AP_IDR = 0x24770011                # Cortex-M4 TRM (DDI 0439) 5.4
ROM_TABLE = 0xE00FF000

CODE_COMPARATORS, LITERAL_COMPARATORS, WATCH_COMPARATORS = 6, 2, 4  # DDI 0439 1.2

# FLASH sector sizes in KiB, RM0090 table 5.
SECTORS = [16] * 4 + [64] + [128] * 7

# Words that nothing changes: (address, value). RM0090 38.6.1, 39.1, 39.2.
CONSTANTS = {
    0xE0042000: 0x100F6413,            # DBGMCU_IDCODE
    0x1FFF7A10: 0x0043002A, 0x1FFF7A14: 0x5652500B, 0x1FFF7A18: 0x20353033,  # unique identifier
    0x1FFF7A20: 0x0400FFFF,            # upper half at 1FFF7A22: flash size in KiB
    0x1FFFC000: 0x0FFFAAED, 0x1FFFC008: 0x00000FFF,  # option bytes
}
SYSTEM_MEMORY = Range(0x1FFF0000, 0x10000)

DEBUG_CONTROL = (0xE0042004, 0xE0042008, 0xE004200C)  # DBGMCU registers that keep what is written


def within(area, address):
    return area.start <= address < area.start + area.size


def sector_of(address):
    """(number, first address, bytes) of the sector that holds `address`."""
    start = FLASH.start
    for number, kib in enumerate(SECTORS):
        if address < start + kib * 1024:
            return number, start, kib * 1024
        start += kib * 1024
    raise ValueError(f"{address:#x} is not in the flash")


def _identification(part, designer, component_class):
    """Words FD0 to FFC of a component: its maker, part and class (ADIv5 D1.2)."""
    jep106_identity, jep106_bank = designer & 0x7F, designer >> 8
    peripheral = [part & 0xFF, (part >> 8) | (jep106_identity & 0xF) << 4, 0x8 | jep106_identity >> 4, 0]
    return {**{0xFD0 + 4 * i: v for i, v in enumerate([jep106_bank, 0, 0, 0] + peripheral)},
            **{0xFF0 + 4 * i: v for i, v in enumerate([0x0D, component_class << 4, 0x05, 0xB1])}}


ARM, ST = 0x43B, 0x020  # JEP106 bank and identity: Arm 4/3B, ST 0/20


def rom_table():
    """Every constant word of the debug components, ROM table first (RM0090 38.7, table 300)."""
    words = {ROM_TABLE + 4 * i: v for i, v in enumerate(
        (0xFFF0F003, 0xFFF02003, 0xFFF03003, 0xFFF01003, 0xFFF41003, 0xFFF42003, 0))}
    for base, part, designer, component_class in (
            (ROM_TABLE, 0x413, ST, 1), (0xE000E000, 0x00C, ARM, 14), (0xE0001000, 0x002, ARM, 14),
            (0xE0002000, 0x003, ARM, 14), (0xE0000000, 0x001, ARM, 14), (0xE0040000, 0x9A1, ARM, 9),
            (0xE0041000, 0x925, ARM, 9)):
        words.update({base + offset: v for offset, v in _identification(part, designer, component_class).items()})
    return words
