/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that <zephyr/kernel.h> promises, one header a noun. */
#pragma once

#include "condvar.h"
#include "event.h"
#include "fatal.h"
#include "init.h"
#include "irq.h"
#include "kheap.h"
#include "malloc.h"
#include "mem_slab.h"
#include "msgq.h"
#include "mutex.h"
#include "pipe.h"
#include "printk.h"
#include "queue.h"
#include "sem.h"
#include "stack.h"
#include "thread.h"
#include "timeout.h"
#include "timer.h"
#include "work.h"
#include "work_delayable.h"
