# SPDX-License-Identifier: Apache-2.0
"""GDB commands that know Cairn: `source tools/gdb/cairn.py`, which `make debug` does, then `help cairn`.

All of it reads memory and symbols only: it works in the emulator, on a halted board and on a core file, and it does not
change what it looks at.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import cairn_gdb.commands  # noqa: E402,F401
import cairn_gdb.printers  # noqa: E402,F401
