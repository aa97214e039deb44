# SPDX-License-Identifier: Apache-2.0
"""How `print` shows the kernel's structures: in one line what matters, instead of their members."""
import gdb.printing

from . import target, waits
from .threads import Thread


class _Printer:
    def __init__(self, value):
        self.value = value


class ThreadPrinter(_Printer):
    def to_string(self):
        thread = Thread(self.value)
        waiting = waits.what(thread)
        return f"thread {thread.name}, priority {thread.priority}, {thread.state_words()}" + (
            f", waits for {waiting}" if waiting else "")


def _names(wait_q):
    try:
        return ", ".join(t.name for t in waits.queue(wait_q)) or "nobody"
    except target.Damaged as damage:
        return f"damaged: {damage}"


class SemPrinter(_Printer):
    def to_string(self):
        return f"semaphore {int(self.value['count'])} of {int(self.value['limit'])}, waiting: {_names(self.value['wait_q'])}"


class MutexPrinter(_Printer):
    def to_string(self):
        owner = self.value["owner"]
        held = f"owned by {Thread(owner.dereference()).name}, {int(self.value['more']) // 2 + 1} deep" if int(owner) else "free"
        return f"mutex {held}, waiting: {_names(self.value['wait_q'])}"


class HeapPrinter(_Printer):
    def to_string(self):
        heap = self.value["heap"]
        return (f"heap of {int(heap['init_bytes'])} bytes at {int(heap['init_mem']):#x}"
                f"{'' if int(heap['heap']) else ', not initialised'}, waiting: {_names(self.value['wait_q'])}")


class WaitQueuePrinter(_Printer):
    def to_string(self):
        return f"waiting: {_names(self.value)}"


class TimeoutPrinter(_Printer):
    """k_timeout_t: what a call is told."""

    def to_string(self):
        ticks = int(self.value["ticks"])
        if ticks < -1:
            return f"until tick {-2 - ticks}"
        return {0: "K_NO_WAIT", -1: "K_FOREVER"}.get(ticks, f"{ticks} ticks")


def _collection():
    printers = gdb.printing.RegexpCollectionPrettyPrinter("cairn")
    for name, printer in (("k_thread", ThreadPrinter), ("k_sem", SemPrinter), ("k_mutex", MutexPrinter),
                          ("k_heap", HeapPrinter), ("_wait_q_t", WaitQueuePrinter), ("k_timeout_t", TimeoutPrinter)):
        printers.add_printer(name, f"^{name}$", printer)
    return printers


gdb.printing.register_pretty_printer(None, _collection(), replace=True)
