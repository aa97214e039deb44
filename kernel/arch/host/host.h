/* SPDX-License-Identifier: Apache-2.0 */
/* What tests and the PC's boot code may know of the simulated processor. */
#pragma once

#include "../../../lib/util.h"

/*
 * Called each time interrupts become unmasked outside of a handler, as an interrupt would be: it
 * may call whatever a handler may. A test counts the calls and acts at the n-th, which sweeps over
 * every place where an interrupt can hit the kernel's own state. NULL: nothing. Not called while it
 * runs.
 */
extern void (*host_unlock_hook)(void);

/* The highest line that can be connected, plus one. */
#define HOST_IRQ_COUNT 32
