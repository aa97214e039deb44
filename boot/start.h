/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

struct boot_vectors;
extern const struct boot_vectors boot_vectors;

/* The first function after reset: on the interrupt stack, interrupts masked only by being disabled.
 */
_Noreturn void reset_handler(void);
