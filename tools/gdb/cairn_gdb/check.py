# SPDX-License-Identifier: Apache-2.0
"""The invariants of docs/invariants.md that can be seen from outside: nothing runs on the target. What has a number there
is reported with it."""
from . import heaps, target, waits
from .target import Damaged
from .threads import all_threads, ring

HARDENING_BYTES = 8  # what may be needed behind a block


def heap_chunks(heap):
    """H10: neighbours agree and sizes sum up (the walk); H11: no free chunk has a free neighbour."""
    heap.load()
    for left, right in zip(heap.chunks, heap.chunks[1:]):
        if left.free and right.free:
            raise Damaged(f"H11 {heap.name}: the free chunk at {heap.address_of(left.at):#x} has a free neighbour")


def heap_index(heap):
    """H12, H13: every free chunk that can hold links is in the index once."""
    smallest = -(-2 * heap.layout.header_bytes // heap.unit)
    wanted = sorted(c.at for c in heap.chunks[:-1] if c.free and c.units >= smallest)
    found = sorted(heap.indexed())
    if wanted != found:
        odd = (set(wanted) ^ set(found) or set(found)).pop()
        raise Damaged(f"H12 {heap.name}: the free chunk at {heap.address_of(odd):#x} is not in the index exactly once")


def heap_statistics(heap):
    if target.has_field(heap.value.type, "allocated_bytes"):
        counted, noted = heap.bytes_in(heap.used()), int(heap.value["allocated_bytes"])
        if counted != noted:
            raise Damaged(f"{heap.name}: {noted} bytes are accounted for, and {counted} are in use")


def heap_waiters(heap):
    """W1: no waiter's request fits. Requests with an alignment are left to the kernel's own check."""
    for thread in waits.queue(heap.wait_q) if heap.wait_q is not None else ():
        request = waits.memory_request(thread)
        if request is None or int(request["align"]) or int(request["request"]["old"]) or "need" in request.type:
            continue
        if int(request["bytes"]) + HARDENING_BYTES <= heap.largest_block():
            raise Damaged(f"W1 {thread.name} waits for {int(request['bytes'])} bytes, and {heap.name} has "
                          f"{heap.largest_block()}")


def wait_queues():
    """Each pending thread is in its queue; queues are in order of priority, and the leaders of groups are chained."""
    for thread in all_threads():
        pending, place = bool(thread.state & 0x02), thread.pended_on()
        if pending != bool(place):
            raise Damaged(f"{thread.name}: it is {thread.state_words()}, but its wait queue is {place:#x}")
        if place:
            queue = waits.queue(target.at("_wait_q_t", place))
            if thread.address not in [t.address for t in queue]:
                raise Damaged(f"{thread.name} is not in the queue that it waits in")
            _queue_order(target.name_of(place), queue)


def _queue_order(name, queue):
    priorities = [t.priority for t in queue]
    if priorities != sorted(priorities):
        raise Damaged(f"{name}: its waiters are not in order of priority")
    leaders = [t for t, before in zip(queue, [None] + queue) if before is None or before.priority != t.priority]
    for leader, following in zip(leaders, leaders[1:] + [None]):
        if int(leader.value["next_group"]) != (following.address if following else 0):
            raise Damaged(f"{name}: {leader.name} does not lead to the next group")


def ready_queue():
    """S4: the ready set holds exactly the threads that are ready, each in the ring of its priority."""
    kernel = target.kernel()
    low, high = kernel["ready"].type.range()
    listed = {}
    for i in range(low, high + 1):
        members = ring(kernel["ready"][i])
        if bool(members) != bool(int(kernel["ready_map"]) & 1 << (31 - i)):
            raise Damaged(f"S4 the map and ready ring {i} disagree")
        listed.update({thread.address: i for thread in members})
    offset = None
    for thread in all_threads():
        ready = bool(thread.state & 0x80)
        if ready != (thread.address in listed):
            raise Damaged(f"S4 {thread.name} is {thread.state_words()}, which its place in the ready set denies")
        if ready:
            level = listed[thread.address] - thread.priority
            if offset not in (None, level):
                raise Damaged(f"S4 {thread.name} is in the ready ring of another priority")
            offset = level


def processor():
    """S3: the thread that runs, and the one that is to run, are alive."""
    kernel = target.kernel()
    known = {t.address for t in all_threads()}
    for role in ("current", "next"):
        if int(kernel["started"]) and int(kernel[role]) not in known and target.name_of(int(kernel[role])) != "nobody":
            raise Damaged(f"S3 the {role} thread is not alive")


def stacks():
    for thread in all_threads():
        low, count = thread.stack()
        if thread.is_current() or not target.has_field(thread.value["context"].type, "psp"):
            continue
        pointer = int(thread.value["context"]["psp"])
        if not low <= pointer <= low + count:
            raise Damaged(f"{thread.name}: its stack pointer {pointer:#x} is outside its stack")


def timeouts():
    """Every timeout is in a list, and none that is past is left."""
    pending = {int(t.address) for t in waits.pending_timeouts()}
    for thread in all_threads():
        linked = int(thread.value["timeout"]["node"]["next"]) != 0
        if linked != (int(thread.value["timeout"].address) in pending):
            raise Damaged(f"{thread.name}: its timeout is running but in no list")


def all_checks():
    """(what is checked, function) of everything, in an order in which the first failure says the most."""
    yield "the processor has a living thread", processor
    yield "the ready set holds the ready threads", ready_queue
    yield "wait queues hold the pending threads, in order", wait_queues
    yield "timeouts are in their lists", timeouts
    yield "stack pointers are inside the stacks", stacks
    for heap in heaps.all_heaps():
        if heap.initialised:
            yield f"heap {heap.name}: chunks", lambda h=heap: heap_chunks(h)
            yield f"heap {heap.name}: index of free chunks", lambda h=heap: heap_index(h.load())
            yield f"heap {heap.name}: statistics", lambda h=heap: heap_statistics(h.load())
            yield f"heap {heap.name}: nobody waits for what is free", lambda h=heap: heap_waiters(h.load())
