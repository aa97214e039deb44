/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <zephyr/types.h>

/* CRC-32 of ISO 3309 (zip, PNG, zlib's crc32) of `length` bytes. */
uint32_t crc32_ieee(const uint8_t *bytes, size_t length);
