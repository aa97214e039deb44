# SPDX-License-Identifier: Apache-2.0
"""What threads wait for, and until when."""
import re

from . import target
from .threads import all_threads, ring

# A request is told by the file of its undo function, or of its satisfy function when it is for memory.
REQUESTS = {"kheap.c": "struct heap_request", "region_pool.c": "struct region_request"}
PLAIN = ("request", "grant", "old", "block")


def memory_request(thread):
    """The struct that describes which memory `thread` waits for, None when it waits for something else."""
    grant = int(thread.value["request"])
    if grant == 0 or thread.pended_on() == 0:
        return None
    undo = target.at("struct grant", grant)["undo"]
    if target.file_of(undo) != "memory_wait.c":
        return None
    request = target.at("struct memory_request", grant)
    kind = REQUESTS.get(target.file_of(request["satisfy_locked"]))
    return target.at(kind, grant) if kind else None


def object_name(thread):
    """What the thread's wait queue belongs to."""
    place = thread.pended_on()
    for other in all_threads():
        if place == int(other.value["joiners"].address):
            return f"the end of {other.name}"
    return re.sub(r"\+\d+$", "", target.name_of(place))


def what(thread):
    """In words what `thread` waits for, '' when it does not."""
    if thread.pended_on() == 0:
        return ""
    request = memory_request(thread)
    if request is None:
        return object_name(thread)
    align = int(request["align"])
    return f"{int(request['bytes'])} bytes{f' at a multiple of {align}' if align else ''} of {object_name(thread)}"


def now():
    wheel = target.variable("wheel")
    return None if wheel is None else int(wheel["soonest"]) - 1


def remaining(timeout):
    """Ticks until a pending timeout expires, None when it is not pending."""
    if int(timeout["node"]["next"]) == 0 or now() is None:
        return None
    return int(timeout["deadline_tick"]) - now()


def pending_timeouts():
    """Every struct timeout that is running, soonest first."""
    wheel = target.variable("wheel")
    if wheel is None:
        return [t.value["timeout"] for t in all_threads() if int(t.value["timeout"]["node"]["next"])]
    low, high = wheel["lists"].type.range()
    found = [target.container(node, "struct timeout", "node")
             for i in range(low, high + 1) for node in target.nodes(wheel["lists"][i])]
    return sorted(found, key=lambda timeout: int(timeout["deadline_tick"]))


def owner(timeout):
    """Whose timeout it is."""
    place = int(timeout.address)
    for thread in all_threads():
        if place == int(thread.value["timeout"].address):
            return f"thread {thread.name}"
    return target.name_of(place)


def queue(wait_q):
    """The threads in a wait queue, in order."""
    return ring(wait_q["head"])
