# SPDX-License-Identifier: Apache-2.0
"""Threads, and the stack of one that does not run."""
from collections import namedtuple

import gdb
import gdb.unwinder

from . import target

FrameId = namedtuple("FrameId", "sp pc")  # GDB's manual, "Unwinding Frames in Python"
FRAME_BYTES = 32  # Armv7-M ARM B1.5.7
XPSR_ALIGNED = 1 << 9
FRAME_REGISTERS = ("r0", "r1", "r2", "r3", "r12", "lr", "pc", "xpsr")


class Thread:
    def __init__(self, value):
        self.value = value
        self.address = int(value.address)

    @property
    def name(self):
        named = target.has_field(self.value.type, "name")
        return (target.text_of(self.value["name"]) if named else "") or f"{self.address:#x}"

    @property
    def priority(self):
        return int(self.value["priority"])

    @property
    def state(self):
        return int(self.value["state"])

    def state_words(self):
        """The names of the bits, as enum thread_state gives them."""
        bits = [f for f in target.type_named("enum thread_state").fields() if self.state & f.enumval]
        return "+".join(f.name.replace("THREAD_", "").lower() for f in bits) or "ready"

    def is_current(self):
        return int(target.kernel()["current"]) == self.address

    def pended_on(self):
        return int(self.value["pended_on"])

    def stack(self):
        """(lowest address, bytes)."""
        return int(self.value["stack"]), int(self.value["stack_bytes"])

    def saved_registers(self):
        """Name -> value of a thread on Cortex-M that does not run."""
        context = self.value["context"]
        if not target.has_field(context.type, "r4_r11"):
            raise gdb.GdbError("the threads of a program on the PC are contexts of its C library: no registers to show")
        psp = int(context["psp"])
        registers = {f"r{4 + i}": int(context["r4_r11"][i]) for i in range(8)}
        raw = target.memory(psp, FRAME_BYTES)
        words = [int.from_bytes(raw[i:i + 4], "little") for i in range(0, FRAME_BYTES, 4)]
        registers.update(zip(FRAME_REGISTERS, words))
        # Of a thread that has used floating point the switch keeps those registers below this frame.
        registers["sp"] = psp + FRAME_BYTES + (4 if words[7] & XPSR_ALIGNED else 0)
        return registers


def all_threads():
    found, value = [], target.kernel()["threads"]
    while int(value) != 0:
        found.append(Thread(value.dereference()))
        value = found[-1].value["next_thread"]
        if len(found) > target.LIMIT:
            raise target.Damaged("the list of threads does not end")
    return found[::-1]  # oldest first


def ring(head):
    """The threads of a ring, which is held by a pointer to its first; every link is checked."""
    first, found = int(head), []
    while int(head) != 0 and (not found or int(head) != first):
        found.append(Thread(head.dereference()))
        head = head["ring_next"]
        if int(head) == 0 or int(head["ring_prev"]) != found[-1].address or len(found) > target.LIMIT:
            raise target.Damaged(f"the thread behind {found[-1].name} in its ring does not point back")
    return found


def find(words):
    """The thread that a number of `cairn threads`, a name, or an address names."""
    threads = all_threads()
    if words.isdigit() and 1 <= int(words) <= len(threads):
        return threads[int(words) - 1]
    for thread in threads:
        if words in (thread.name, f"{thread.address:#x}"):
            return thread
    raise gdb.GdbError(f"there is no thread '{words}': 'cairn threads' lists them")


class _Frozen(gdb.unwinder.Unwinder):
    """Lets the frame that the processor is in seem to have been called by a thread that does not run: frame 1 and what
    is behind it are the thread's. No register is written, so it works on a core file and disturbs nothing."""

    def __init__(self):
        super().__init__("cairn-thread")
        self.registers = None
        self.live = None

    def __call__(self, frame):
        if self.registers is None:
            return None
        live = tuple(int(frame.read_register(r)) & 0xFFFFFFFF for r in ("sp", "pc"))
        if live != self.live:
            return None
        # Stack address 0: GDB takes a stack that does not grow outwards for a damaged one.
        info = frame.create_unwind_info(FrameId(gdb.Value(0), gdb.Value(live[1])))
        for name, value in self.registers.items():
            register = frame.read_register(name)
            info.add_saved_register(name, gdb.Value(value).cast(register.type))
        return info


_frozen = _Frozen()
gdb.unwinder.register_unwinder(None, _frozen, replace=True)


def leave(_event=None):
    """Back to the processor's own frames."""
    if _frozen.registers is not None:
        _frozen.registers = None
        gdb.invalidate_cached_frames()


gdb.events.cont.connect(leave)


def enter(thread):
    """Makes the frames of `thread` the ones that GDB shows, from frame 1 on."""
    leave()
    if thread.is_current():
        gdb.newest_frame().select()
        return gdb.newest_frame()
    frame = gdb.newest_frame()
    _frozen.live = tuple(int(frame.read_register(r)) & 0xFFFFFFFF for r in ("sp", "pc"))
    _frozen.registers = thread.saved_registers()
    gdb.invalidate_cached_frames()
    frame = gdb.newest_frame().older()
    frame.select()
    return frame


def backtrace(frame):
    """Prints the frames from `frame` outwards, numbered from 0."""
    first, number = frame, 0
    while frame is not None and frame.pc() != 0 and number < 64:
        frame.select()
        line = gdb.execute("frame", to_string=True).splitlines()[0]
        print(f"#{number}  " + line.split(maxsplit=1)[1])
        frame, number = frame.older(), number + 1
    first.select()
