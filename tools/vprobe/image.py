# SPDX-License-Identifier: Apache-2.0
"""The loadable parts of an ELF file (System V ABI, chapter 5)."""
import struct

PT_LOAD = 1


def segments(path):
    """Yields (physical address, bytes)."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise SystemExit(f"vprobe: {path}: {error.strerror}") from None
    if data[:6] != b"\x7fELF\x01\x01":
        raise SystemExit(f"vprobe: {path} is no 32-bit little-endian ELF file")
    first, size, count = *struct.unpack_from("<I", data, 28), *struct.unpack_from("<HH", data, 42)
    for i in range(count):
        kind, offset, _, address, bytes_in_file = struct.unpack_from("<5I", data, first + i * size)
        if kind == PT_LOAD and bytes_in_file:
            yield address, data[offset:offset + bytes_in_file]
