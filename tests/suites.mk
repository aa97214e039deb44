# SPDX-License-Identifier: Apache-2.0
# The suites (folders of tests/) that `make test` builds and runs, by board. Tests that drive an image from outside are
# scripts tests/*/*.t; they are found by themselves.

SUITES_EVERYWHERE := printk
SUITES_EVERYWHERE += obj_mutex obj_condvar obj_slab obj_msgq obj_queue obj_stack obj_timer obj_event obj_pipe obj_work obj_poll obj_slice obj_usage
SUITES_EVERYWHERE += region_heap shared_multi_heap mem_attr_heap
SUITES_EVERYWHERE += kernel_thread kernel_wait kernel_timeout kernel_time kernel_sem kernel_irq kernel_init kernel_lib kheap kheap_fair kheap_unfair kheap_orders kheap_random
SUITES_EVERYWHERE += uart_async rtt
SUITES_EVERYWHERE += heap heap_model

SUITES_host       := $(SUITES_EVERYWHERE) kheap_race explore obj_race stm32_model stm32_clock
SUITES_mps2_an505 := $(SUITES_EVERYWHERE)
SUITES_mps2_an505 += drivers_dma sweep sweep_objects soak kernel_clock

# The same kernel on Armv7-M: other traps, no stack limit register.
SUITES_ARMV7M     := kernel_thread kernel_clock kernel_time kernel_sem kernel_irq printk sweep
SUITES_mps2_an385 := $(SUITES_ARMV7M)
SUITES_mps2_an386 := $(SUITES_ARMV7M) sweep_objects kernel_fpu
SUITES_netduinoplus2 := printk rtt

# 64, 16 and 8 KiB of RAM. Left out because they do not fit: the heap's own suites, which work on up to 400 KiB, and on
# the smallest board those with several heaps or the most threads.
SUITES_lm3s6965evb := $(filter-out heap heap_model,$(SUITES_EVERYWHERE))
SUITES_microbit    := $(filter-out heap heap_model,$(SUITES_EVERYWHERE))
SUITES_stm32vldiscovery := $(filter-out heap heap_model region_heap shared_multi_heap mem_attr_heap kheap kheap_fair \
	kheap_unfair kheap_random obj_work,$(SUITES_EVERYWHERE))
