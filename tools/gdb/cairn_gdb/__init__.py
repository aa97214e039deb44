# SPDX-License-Identifier: Apache-2.0
"""What GDB is taught about Cairn, one noun a module."""
