# SPDX-License-Identifier: Apache-2.0
"""Loaded by Python itself when this folder is on PYTHONPATH. Helps Debian 12's pyOCD 0.13.1 where it fails:

- It was written for Python 3.8 and intervaltree 2; its GDB server ends at once with Python 3.11 and intervaltree 3.
- It knows the table of threads of Zephyr 1.x only. It is shown the present one, which Cairn exports.
"""
import importlib.util
import threading

threading.Thread.isAlive = threading.Thread.is_alive

try:
    import intervaltree
    import pyocd
except ImportError:
    pyocd = None


def _search(tree, begin, end=None):
    return tree.at(begin) if end is None else tree.overlap(begin, end)


class _States(dict):
    NAMES = {0x01: "Dummy", 0x02: "Pending", 0x04: "Sleeping", 0x08: "Dead", 0x10: "Suspended", 0x40: "Running",
             0x80: "Ready"}

    def __missing__(self, state):
        return "+".join(name for bit, name in self.NAMES.items() if state & bit) or "Ready"


def _update_info(thread):
    from pyocd.core import exceptions
    context, base, offsets = thread._target_context, thread._base, thread._offsets
    try:
        priority = context.read8(base + offsets["t_prio"])
        thread._priority = priority - 256 if priority > 127 else priority
        thread._state = context.read8(base + offsets["t_state"])
        if offsets["t_name"] != 0xFFFFFFFF:
            name = bytes(context.read_memory_block8(base + offsets["t_name"], 32)).split(b"\0")[0]
            thread._name = name.decode("ascii", "replace") or "Unnamed"
    except exceptions.TransferError:
        pass


def _help_zephyr():
    from pyocd.rtos import zephyr
    thread, provider = zephyr.ZephyrThread, zephyr.ZephyrThreadProvider
    symbols = {"_kernel_openocd_offsets": "_kernel_thread_info_offsets",
               "_kernel_openocd_size_t_size": "_kernel_thread_info_size_t_size"}
    look_up = provider._lookup_symbols

    def look_up_present(self, names, symbol_provider):
        found = look_up(self, [symbols.get(name, name) for name in names], symbol_provider)
        return found and {name: found[symbols.get(name, name)] for name in names}

    provider._lookup_symbols = look_up_present
    thread.STATE_NAMES = _States()
    thread.update_info = _update_info


# The command line of then is gone from the present pyOCD, which needs no help.
if pyocd is not None and importlib.util.find_spec("pyocd.tools.flash_tool"):
    if not hasattr(intervaltree.IntervalTree, "search"):
        intervaltree.IntervalTree.search = _search
    _help_zephyr()
