/* SPDX-License-Identifier: Apache-2.0 */
#include "crc32.h"

/* The polynomial, lowest power in the highest bit. */
#define POLYNOMIAL 0xedb88320u

/* Bit by bit: the workers shall have something to do, and a table would cost a kilobyte. */
uint32_t crc32_ieee(const uint8_t *bytes, size_t length)
{
    uint32_t remainder = UINT32_MAX;

    for (size_t i = 0; i < length; i++) {
        remainder ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            remainder = remainder >> 1 ^ ((remainder & 1) != 0 ? POLYNOMIAL : 0);
        }
    }
    return ~remainder;
}
