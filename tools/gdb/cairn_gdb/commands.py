# SPDX-License-Identifier: Apache-2.0
"""The commands."""
import gdb

from . import check, heaps, target, threads, waits


class Cairn(gdb.Command):
    """What the kernel knows about threads, heaps, waits and time. Reads only; works on a core file, too."""

    def __init__(self):
        super().__init__("cairn", gdb.COMMAND_STATUS, prefix=True)


class _Command(gdb.Command):
    NAME = ""

    def __init__(self):
        super().__init__("cairn " + self.NAME, gdb.COMMAND_STATUS)

    def invoke(self, argument, _from_tty):
        try:
            self.run(argument.strip())
        except target.Damaged as damage:
            raise gdb.GdbError(f"damaged: {damage}") from None
        except target.Absent as absence:
            raise gdb.GdbError(str(absence)) from None


def ticks_left(timeout):
    left = waits.remaining(timeout)
    return "" if left is None else f"{left} ticks left"


class Threads(_Command):
    """All threads, oldest first: number, priority, state, what each waits for and how long yet."""
    NAME = "threads"

    def run(self, _argument):
        print("     priority  stack at           state              name, what it waits for")
        for number, thread in enumerate(threads.all_threads(), 1):
            words = ", ".join(filter(None, [waits.what(thread) and "waits for " + waits.what(thread),
                                            ticks_left(thread.value["timeout"])]))
            low, count = thread.stack()
            print(f"{'*' if thread.is_current() else ' '}{number:3} {thread.priority:8}  {low:#010x}+{count:<6} "
                  f"{thread.state_words():18} {thread.name}{': ' + words if words else ''}")


class ThreadFrames(_Command):
    """Backtrace of one thread: its number, name or address. Then `up`, `down` and `info locals` are about it, until the
    program runs on, or until `cairn thread` without a word."""
    NAME = "thread"

    def run(self, argument):
        if not argument:
            threads.leave()
            return
        thread = threads.find(argument)
        print(f"thread {thread.name}, priority {thread.priority}, {thread.state_words()}")
        threads.backtrace(threads.enter(thread))


class Heaps(_Command):
    """All heaps that are variables: size, what is in use and free, how much of that is in pieces."""
    NAME = "heaps"

    def run(self, _argument):
        print("     bytes      used      free  largest block  in pieces  waiters  name")
        for heap in heaps.all_heaps():
            if not heap.initialised:
                print(f"{int(heap.value['init_bytes']):10}  not initialised{'':38} {heap.name}")
                continue
            try:
                heap.load()
            except target.Damaged as damage:
                print(f"{int(heap.value['init_bytes']):10}  damaged: {damage}")
                continue
            except target.Absent:
                print(f"{int(heap.value['init_bytes']):10}  not in this core file{'':34} {heap.name}")
                continue
            waiting = len(waits.queue(heap.wait_q)) if heap.wait_q is not None else 0
            print(f"{len(heap.raw):10}{heap.bytes_in(heap.used()):10}{heap.bytes_in(heap.free()):10}"
                  f"{heap.largest_block():15}{heap.fragmentation():9} %{waiting:9}  {heap.name}")


class HeapMap(_Command):
    """The chunks of one heap from left to right, how much of the free space is in pieces, and who waits for memory.
    The heap is named by its variable, or by an expression for a k_heap or a sys_heap."""
    NAME = "heap"

    def run(self, argument):
        if not argument:
            raise gdb.GdbError("which heap? 'cairn heaps' lists them")
        heap = heaps.find(argument)
        if not heap.initialised:
            raise gdb.GdbError(f"{heap.name} is not initialised yet")
        heap.load()
        print(f"heap {heap.name}: {len(heap.raw)} bytes at {heap.start:#x}, in units of {heap.unit}")
        for chunk in heap.chunks:
            state = "top" if chunk is heap.chunks[-1] else "free" if chunk.free else "used"
            block = heap.address_of(chunk.at)
            print(f"  {block:#010x} {chunk.units * heap.unit:8} {state:5}"
                  + (f" block of {chunk.units * heap.unit - heap.layout.header_bytes} bytes" if state == "used" else ""))
        self.totals(heap)
        self.waiters(heap)

    @staticmethod
    def totals(heap):
        used, free = heap.used(), heap.free()
        print(f"{heap.bytes_in(used)} bytes in {len(used)} used chunks, {heap.bytes_in(free)} in {len(free)} free ones, "
              f"{len(heap.raw) - heap.bytes_in(used) - heap.bytes_in(free)} overhead")
        print(f"largest block now: {heap.largest_block()} bytes; {heap.fragmentation()} % of the free bytes are elsewhere")

    @staticmethod
    def waiters(heap):
        for thread in waits.queue(heap.wait_q) if heap.wait_q is not None else ():
            left = ticks_left(thread.value["timeout"])
            print(f"waiting: {thread.name} (priority {thread.priority}) for {waits.what(thread)}"
                  + (f", {left}" if left else ", for ever"))


class Waiters(_Command):
    """Every thread that waits for something, and for what."""
    NAME = "waiters"

    def run(self, _argument):
        waiting = [t for t in threads.all_threads() if t.pended_on()]
        for thread in sorted(waiting, key=lambda t: (t.pended_on(), t.priority)):
            left = ticks_left(thread.value["timeout"]) or "for ever"
            print(f"{thread.name} (priority {thread.priority}) waits for {waits.what(thread)}, {left}")
        if not waiting:
            print("no thread waits for an object")


class Timeouts(_Command):
    """Every running timeout, soonest first."""
    NAME = "timeouts"

    def run(self, _argument):
        print(f"now: tick {waits.now()}")
        for timeout in waits.pending_timeouts():
            print(f"tick {int(timeout['deadline_tick'])} (in {waits.remaining(timeout)}): {waits.owner(timeout)}, "
                  f"calls {target.name_of(int(timeout['expired']) & ~1)}")


class Check(_Command):
    """All invariants that can be seen from outside. An error when one does not hold."""
    NAME = "check"

    def run(self, _argument):
        broken = count = 0
        for words, function in check.all_checks():
            try:
                count += 1
                function()
                print(f"ok      {words}")
            except (target.Damaged, gdb.MemoryError) as damage:
                broken += 1
                print(f"broken  {words}: {damage}")
            except target.Absent as absence:
                count -= 1
                print(f"not     {words}: {absence}")
        if broken:
            raise gdb.GdbError(f"{broken} of {count} checks found damage")
        print(f"{count} checks, no damage")


for command in (Cairn, Threads, ThreadFrames, Heaps, HeapMap, Waiters, Timeouts, Check):
    command()
