# SPDX-License-Identifier: Apache-2.0
"""pyOCD's remote probe, protocol version 1: a line of JSON for each request and answer (pyOCD's
docs/remote_probe_protocol.md and pyocd/probe/tcp_probe_client.py; pyOCD 0.30 and later, `-u remote:localhost:PORT`)."""
import json
import socket

FAULT_ERROR, GENERAL_ERROR = 12, 1
PROPERTIES = {"vendor_name": "Cairn", "product_name": "vprobe", "supported_wire_protocols": ["DEFAULT", "SWD"],
              "wire_protocol": "SWD", "capabilities": []}
QUIET = ("hello", "open", "close", "lock", "unlock", "connect", "disconnect", "swj_sequence", "swd_sequence",
         "set_clock", "flush", "reset_probe", "get_memory_interface_for_ap")


class RemoteProbe:
    def __init__(self, dap, core, port):
        self.dap, self.core = dap, core
        self.server = socket.create_server(("127.0.0.1", port))
        self.port = self.server.getsockname()[1]
        self.client = None
        self.received = b""

    def fileno(self):
        return (self.client or self.server).fileno()

    def serve(self):
        if self.client is None:
            self.client, _ = self.server.accept()
            return
        try:
            chunk = self.client.recv(65536)
        except ConnectionError:
            chunk = b""
        if not chunk:
            self.client.close()
            self.client, self.received = None, b""
            return
        *lines, self.received = (self.received + chunk).split(b"\n")
        for line in lines:
            self.client.sendall(json.dumps(self.answer(json.loads(line))).encode() + b"\n")

    def answer(self, request):
        result = {"id": request["id"], "status": 0}
        try:
            value = self.execute(request["request"], request.get("arguments", []))
        except KeyError as unknown:
            return {**result, "status": GENERAL_ERROR, "error": f"unknown request {unknown}"}
        if self.dap.sticky_error and "_ap" in request["request"]:
            return {**result, "status": FAULT_ERROR, "error": "bus fault"}
        return result if value is None else {**result, "result": value}

    def execute(self, name, words):
        if name in QUIET:
            return None
        if name == "readprop":
            return PROPERTIES[words[0]]
        if name == "read_dp":
            return self.dap.dp_read(words[0])
        if name == "write_dp":
            return self.dap.dp_write(*words)
        if name.endswith(("_ap", "_ap_multiple")):
            return self._access_port(name, *words)
        if name == "reset":
            self.core.reset_line(True)
            return self.core.reset_line(False)
        if name == "assert_reset":
            return self.core.reset_line(bool(words[0]))
        if name == "is_reset_asserted":
            return self.core.state == "reset"
        raise KeyError(name)

    def _access_port(self, name, address, operand=None):
        """`address` carries the access port's number and bank, as SELECT does."""
        self.dap.select = address & 0xFF0000F0
        register = address & 0xC
        if name == "read_ap":
            return self.dap.ap_read(register)
        if name == "read_ap_multiple":
            return [self.dap.ap_read(register) for _ in range(operand)]
        for value in [operand] if name == "write_ap" else operand:
            self.dap.ap_write(register, value)
        return None
