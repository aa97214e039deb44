# SPDX-License-Identifier: Apache-2.0
"""What to do about what OpenOCD and pyOCD say. Their own words are kept: these come below them."""
import re

ACCESS = ("you may not use the probe: install the udev rules that come with Debian's openocd, be in group 'plugdev', "
          "and plug it in again")
ADVICE = [  # (what is said, what to do); the first match counts
    (r"LIBUSB_ERROR_ACCESS|Permission denied", ACCESS),
    (r"Error: open failed|unable to find a matching CMSIS-DAP|No J-Link device found|no debug probe connected|"
     r"No connected debug probes|No available debug probes|unable to find CMSIS-DAP",
     "no {probe} was found: connect the board's debug USB port to this PC, or name another probe with PROBE= "
     "(st-link, cmsis-dap, j-link)"),
    (r"Can't find interface/|Can't find target/|Can't find board/",
     "this OpenOCD lacks a file that it needs: install OpenOCD 0.12 or later"),
    (r"Address already in use|couldn't bind",
     "another program has the port: end the other OpenOCD, GDB or IDE session"),
    (r"timed out while waiting for target halted|external reset detected.*\n.*not halted|Timed out.*halt",
     "the core does not halt: something holds its reset line low (a pressed button, a jumper, a second probe)"),
    (r"device protected|write.?protected|WRPERR",
     "the flash is write-protected: openocd {words} -c 'init; reset halt; flash protect 0 0 last off; reset; exit' "
     "takes the protection away; then flash again"),
    (r"no flash bank found for address|Memory regions.*not in|no flash memory",
     "the image has bytes outside the chip's flash: it is built for another board"),
    (r"cannot read IDR|Error connecting DP|init mode failed|unable to connect to the target|No ACK|JTAG scan chain "
     r"interrogation failed",
     "the probe works but no chip answers: is the board powered, and are SWDIO, SWCLK and GND connected?"),
    (r"UNEXPECTED|expected 1 of|Cannot identify target|auto_probe failed",
     "the chip that answers is not the one of this board: check BOARD="),
    (r"TransferFaultError",
     "the chip refused a memory access of pyOCD: use OpenOCD, or the current pyOCD with 'pyocd pack install {target}'"),
    (r"[Tt]arget type .* not recognized|unknown target",
     "pyOCD does not know the chip yet: pyocd pack install {target}"),
    (r"Verify Failed|verify failed|contents differ|checksum mismatch",
     "the flash does not hold what was written: flash again; if that does not help, use shorter wires"),
]
FALLBACK = "no idea what went wrong: see above; V=1 shows the commands"


def advice(output, **words):
    for said, todo in ADVICE:
        if re.search(said, output):
            return todo.format_map({"probe": "debug probe", "words": "", "target": "CHIP", **words})
    return FALLBACK
