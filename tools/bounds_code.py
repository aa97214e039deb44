# SPDX-License-Identifier: Apache-2.0
"""The machine code of a linked Arm image as a graph: what each instruction may execute next, and at what price."""
import re
import struct
import subprocess

CONDITION = "eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
# Instructions that fall through to the next one; STORES write memory.
PLAIN = set("""
    mov movs movw movt mvn mvns add adds addw sub subs subw rsb rsbs adc adcs sbc sbcs neg negs and ands orr orrs orn
    orns eor eors bic bics lsl lsls lsr lsrs asr asrs ror rors rrx mul muls mla mls umull smull umlal smlal udiv sdiv cmp cmn
    tst teq clz rbit rev rev16 revsh uxtb uxth sxtb sxth uxtab uxtah ubfx sbfx bfi bfc adr nop
    ldr ldrb ldrh ldrsb ldrsh ldrd ldm ldmia ldmdb pop dmb
    """.split())
STORES = set("str strb strh strd stm stmia stmdb push".split())


class Refused(Exception):
    """The code is not of a kind whose bound can be computed."""


class Instruction:
    """Where control goes from here, and whether memory other than the stack's is written."""

    def __init__(self, address, mnemonic, operands, conditional):
        self.text = f"{address:#x}: {mnemonic} {operands}".strip()
        self.operands = operands
        self.conditional = conditional  # in an IT block: may have no effect
        self.target = self.call = None
        self.falls_through = self.returns = self.stores = self.ends = False
        base = mnemonic.split(".")[0]
        self._decode(re.sub(f"({CONDITION})$", "", base) if conditional else base)

    def _decode(self, base):
        ops = self.operands
        writes_pc = bool(re.match(r"pc\b", ops)) and base not in ("cmp", "cmn", "tst", "teq") or "pc}" in ops
        branch = re.match(f"b({CONDITION})?$", base)
        if branch or base in ("cbz", "cbnz"):
            self.target = self._address()
            self.falls_through = self.conditional or branch is None or branch[1] is not None
        elif base == "bl":
            self.call = self._address()
            self.falls_through = True
        elif base == "bx" and ops == "lr" or writes_pc and self._pops(base):
            self.returns, self.falls_through = True, self.conditional
        elif base == "udf":
            self.ends = True
        elif (base in PLAIN or re.match(r"it[te]{0,3}$", base)) and not writes_pc:
            self.falls_through = True
        elif base in STORES:
            self.falls_through = True
            self.stores = not (base == "push" or "[sp" in ops or base.startswith("stm") and ops.startswith("sp"))
        else:
            raise Refused(f"{self.text}: unknown instruction or indirect branch")

    def _pops(self, base):
        return (base == "pop" or base in ("ldm", "ldmia") and self.operands.startswith("sp!") or
                base == "ldr" and re.match(r"pc, \[sp\], #\d+$", self.operands) is not None)

    def _address(self):
        match = re.search(r"\b([0-9a-f]+) <", self.operands)
        if match is None:
            raise Refused(f"{self.text}: no target")
        return int(match[1], 16)

    def takes_stack_address(self):
        """Whether another register than sp points into the stack afterwards."""
        words = re.split(r",\s*", self.operands)
        return "[" not in self.operands and "{" not in self.operands and words[0] != "sp" and "sp" in words[1:]


class Image:
    """The functions of a linked image and the trips that its loops are said to make."""

    def __init__(self, path):
        self._lines, self.address_of, self._name_of = {}, {}, {}
        self._read(self._output("objdump", "-d", "--no-show-raw-insn", path))
        self.trips = {}  # {address: [(what, trips)]}
        for what, content in self._trips_sections(path):
            for address, trips in struct.iter_unpack("<II", content):
                self.trips.setdefault(address & ~1, []).append((what, trips))

    @staticmethod
    def _output(tool, *words):
        return subprocess.run(["arm-none-eabi-" + tool, *words], check=True, capture_output=True).stdout.decode()

    def _trips_sections(self, path):
        """[(what, bytes)] of the sections .debug_trips.<what>."""
        with open(path, "rb") as file:
            data = file.read()
        headers = re.findall(r"\s\.debug_trips\.(\w+)\s+([0-9a-f]{8})\s+[0-9a-f]{8}\s+[0-9a-f]{8}\s+([0-9a-f]{8})",
                             self._output("objdump", "-h", path))
        return [(what, data[int(at, 16):int(at, 16) + int(size, 16)]) for what, size, at in headers]

    def _read(self, listing):
        lines = []
        for line in listing.splitlines():
            head = re.match(r"([0-9a-f]+) <([^>]+)>:$", line)
            if head:
                address = int(head[1], 16)
                lines = self._lines.setdefault(address, [])
                self.address_of.setdefault(head[2], address)
                self._name_of.setdefault(address, head[2])
            match = re.match(r"\s+([0-9a-f]+):\t(\S+)\s*(.*)$", line)
            if match:
                lines.append((int(match[1], 16), match[2], re.sub(r"\s*@.*$", "", match[3])))

    def name(self, address):
        return self._name_of.get(address, hex(address))

    def is_function(self, address):
        return address in self._lines

    def code(self, address):
        """[(address, Instruction)] of the function that starts there; None instead of an instruction: data."""
        result, in_block = [], 0
        for where, mnemonic, operands in self._lines[address]:
            if mnemonic.startswith("."):
                result.append((where, None))
                continue
            result.append((where, Instruction(where, mnemonic, operands, in_block > 0)))
            in_block = max(in_block - 1, 0)
            if re.match(r"it[te]{0,3}$", mnemonic):
                in_block = len(mnemonic) - 1
        return result
