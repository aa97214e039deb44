# SPDX-License-Identifier: Apache-2.0
# The suites (folders of tests/) that `make test` builds and runs, by board. Tests that drive an image from outside are
# scripts tests/*/*.t; they are found by themselves. What a board leaves out, and why, is in tests/skipped.txt.

SUITES_EVERYWHERE := printk
SUITES_EVERYWHERE += obj_mutex obj_condvar obj_slab obj_msgq obj_queue obj_stack obj_timer obj_event obj_pipe obj_work obj_poll obj_slice obj_usage
SUITES_EVERYWHERE += region_heap shared_multi_heap mem_attr_heap
SUITES_EVERYWHERE += kernel_thread kernel_wait kernel_timeout kernel_time kernel_sem kernel_irq kernel_init kernel_lib kheap kheap_fair kheap_unfair kheap_orders kheap_random
SUITES_EVERYWHERE += uart_async rtt
SUITES_EVERYWHERE += heap heap_model

# In the emulator, time and interrupts are as the core has them.
SUITES_ON_TARGET := $(SUITES_EVERYWHERE) kernel_clock sweep sweep_objects soak

SUITES_host            := $(SUITES_EVERYWHERE) kheap_race explore obj_race stm32_model stm32_clock
SUITES_lm3s6965evb     := $(SUITES_ON_TARGET)
SUITES_microbit        := $(SUITES_ON_TARGET)
SUITES_mps2_an385      := $(SUITES_ON_TARGET) board_memory
SUITES_mps2_an386      := $(SUITES_ON_TARGET) board_memory kernel_fpu
SUITES_mps2_an500      := $(SUITES_ON_TARGET) board_memory kernel_fpu
SUITES_mps2_an505      := $(SUITES_ON_TARGET) board_memory drivers_dma kernel_fpu
SUITES_mps2_an521      := $(SUITES_ON_TARGET) board_memory drivers_dma
SUITES_mps3_an547      := $(SUITES_ON_TARGET) board_memory kernel_fpu
SUITES_netduinoplus2   := $(SUITES_ON_TARGET) board_memory kernel_fpu
SUITES_stm32vldiscovery := $(SUITES_ON_TARGET)

# <board>/<suite> of tests/skipped.txt.
SKIPPED := $(shell awk -F/ '$$1 !~ /^$(hash)/ { n = split($$1, suites, " "); m = split($$2, boards, " "); \
	for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) print boards[j] "/" suites[i] }' tests/skipped.txt)

# `make test BOARD=...` is about that board alone, its suites only.
TEST_BOARDS   := $(if $(filter command line,$(origin BOARD)),$(BOARD),$(BOARDS))
SUITES        := $(foreach b,$(TEST_BOARDS),$(SUITES_$b:%=$b/%))
SUITES_TO_RUN := $(filter-out $(SKIPPED),$(SUITES))
