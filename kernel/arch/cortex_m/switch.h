/* SPDX-License-Identifier: Apache-2.0 */
/* What the switch code must know of the kernel's structures; thread.c checks it. */
#pragma once

/* Rings of the priorities and the idle thread's, one word each, and their map. */
#define KERNEL_CURRENT_OFFSET ((CONFIG_NUM_COOP_PRIORITIES + CONFIG_NUM_PREEMPT_PRIORITIES + 2) * 4)

#if defined(CONFIG_CPU_HAS_STACK_LIMIT) || defined(CONFIG_MPU_STACK_GUARD)
#define CONTEXT_EXC_RETURN 40
#else
#define CONTEXT_EXC_RETURN 36
#endif
