# SPDX-License-Identifier: Apache-2.0
"""Stands in for the Python module `hid` (hidapi), as pyOCD uses it: one CMSIS-DAP device, which is vprobe's socket
VPROBE_HID. Put this folder on PYTHONPATH and set PYOCD_USB_BACKEND=hidapiusb."""
import os
import socket

REPORT_BYTES = 64


def enumerate(*_):  # noqa: A001 (hidapi's name)
    if not os.environ.get("VPROBE_HID"):
        return []
    return [{"path": b"vprobe", "vendor_id": 0x0D28, "product_id": 0x0204, "serial_number": "vprobe",
             "manufacturer_string": "Cairn", "product_string": "Virtual CMSIS-DAP", "interface_number": 0,
             "usage_page": 0xFF00, "usage": 1, "release_number": 1}]


class device:  # noqa: N801 (hidapi's name)
    def __init__(self, **_):
        self.sock = None

    def open_path(self, _path):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(os.environ["VPROBE_HID"])

    def open(self, *_):
        self.open_path(None)

    def write(self, report):
        """The first byte is the report's number."""
        packet = bytes(report[1:])
        self.sock.sendall(len(packet).to_bytes(2, "little") + packet)
        return len(report)

    def _receive(self, count):
        data = b""
        while len(data) < count:
            chunk = self.sock.recv(count - len(data))
            if not chunk:
                raise OSError("the probe has gone")
            data += chunk
        return data

    def read(self, _count, _timeout_ms=0):
        packet = self._receive(int.from_bytes(self._receive(2), "little"))
        return list(packet.ljust(REPORT_BYTES, b"\0"))

    def set_nonblocking(self, _value):
        return 0

    def close(self):
        self.sock.close()
