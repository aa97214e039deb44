/* SPDX-License-Identifier: Apache-2.0 */
/* System exception handlers, which boot puts into the first vectors, and what boot must call for
 * them. */
#pragma once

#include "core.h"

void pendsv_handler(void);
void svc_handler(void);
void systick_handler(void);
void fault_handler(
    void); /* HardFault, MemManage, BusFault, UsageFault, SecureFault, NMI, DebugMonitor */

/* Without CONFIG_CPU_HAS_VTOR: what the vectors in flash lead to, for SVC and all lines. */
void cortex_m_vector_in_ram(void);

/* The table in RAM: 16 system vectors, then the lines. */
extern void (*cortex_m_vectors[])(void);

/* What fault_handler calls: `frame` is what the core stacked. */
struct stacked;
void fault_report(const struct stacked *frame, uint32_t exc_return);

/* Copies the 16 system vectors to the table in RAM, makes every line spurious, sets the system
 * priorities. */
void cortex_m_vectors_init(const void *boot_vectors);

/* Enables the separate fault exceptions and the traps for division by zero and unaligned access. */
void cortex_m_faults_init(void);

/* Turns memory protection on. `boot_vectors`: where the vectors of reset lie. */
void cortex_m_mpu_init(const void *boot_vectors);
