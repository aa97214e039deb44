/* SPDX-License-Identifier: Apache-2.0 */
#include "time_slice.h"

#ifdef CONFIG_TIMESLICING

#include "arch.h"
#include "init.h"
#include "irq.h"
#include "sched.h"

/* All of it is protected by the interrupt lock. */
static struct {
    struct timeout timeout;         /* the next look */
    k_ticks_t slice;                /* of threads without their own; 0: none */
    k_ticks_t gap;                  /* between two looks while nobody runs */
    k_ticks_t period;               /* between the last look and the next */
    k_ticks_t ran;                  /* since when `running` was first found running, in ticks */
    const struct k_thread *running; /* found at the last look; NULL: one without a slice */
    bool threads_have_own;
    int priority; /* the most urgent that has the common slice */
} slicer;

#ifdef CONFIG_TIMESLICE_PER_THREAD
static k_ticks_t own_slice(const struct k_thread *thread)
{
    return thread->extras.slice.ticks;
}

/* Interrupts are open meanwhile. */
static void tell(struct k_thread *thread)
{
    const struct thread_slice slice = thread->extras.slice;

    if (slice.ticks != 0 && slice.expired != NULL) {
        irq_unlock(0);
        slice.expired(thread, slice.data);
        (void)irq_lock();
    }
}
#else
static k_ticks_t own_slice(const struct k_thread *thread)
{
    ARG_UNUSED(thread);
    return 0;
}

static void tell(struct k_thread *thread)
{
    ARG_UNUSED(thread);
}
#endif

static k_ticks_t slice_of(const struct k_thread *thread)
{
    k_ticks_t slice = own_slice(thread);
    bool common = thread->priority >= MAX(slicer.priority, 0) && thread->priority != K_IDLE_PRIO;

    return slice == 0 && common ? slicer.slice : slice;
}

static void end_slice(struct k_thread *thread)
{
    tell(thread);
    if (thread == _kernel.current) {
        thread_requeue_locked(thread, thread->priority);
    }
    if (choose_next_locked() == SWITCH_NEEDED) {
        arch_switch_request();
    }
    slicer.running = _kernel.next;
    slicer.ran = 0;
}

static void look(struct timeout *timeout)
{
    struct k_thread *current = _kernel.current;
    k_ticks_t slice = slice_of(current);

    slicer.ran = current == slicer.running ? slicer.ran + slicer.period : 0;
    slicer.running = slice == 0 ? NULL : current;
    slicer.period = current->priority == K_IDLE_PRIO ? slicer.gap : 1;
    timeout_restart_locked(timeout, slicer.period);
    if (slice != 0 && slicer.ran >= slice) {
        end_slice(current);
    }
}

/* From now on a slice of `ticks` is to be kept. */
static void begin_locked(k_ticks_t ticks)
{
    slicer.running = NULL;
    slicer.ran = 0;
    slicer.gap = slicer.gap == 0 ? ticks : MIN(ticks, slicer.gap);
    slicer.period = 1;
    (void)timeout_stop_locked(&slicer.timeout);
    timeout_start_locked(&slicer.timeout, K_NO_WAIT, look);
}

void k_sched_time_slice_set(int32_t slice_ms, int priority)
{
    k_ticks_t ticks = K_MSEC(slice_ms).ticks;
    unsigned key = irq_lock();

    slicer.slice = ticks;
    slicer.priority = priority;
    if (ticks != 0) {
        begin_locked(ticks);
    } else if (!slicer.threads_have_own) {
        (void)timeout_stop_locked(&slicer.timeout);
    }
    irq_unlock(key);
}

#ifdef CONFIG_TIMESLICE_PER_THREAD
void k_thread_time_slice_set(struct k_thread *thread, int32_t slice_ticks,
                             k_thread_timeslice_fn_t expired, void *data)
{
    unsigned key = irq_lock();

    thread->extras.slice = (struct thread_slice){slice_ticks, expired, data};
    slicer.threads_have_own = true;
    if (slice_ticks != 0) {
        begin_locked(slice_ticks);
    }
    irq_unlock(key);
}
#endif

static int start_slicing(void)
{
    k_sched_time_slice_set(CONFIG_TIMESLICE_SIZE, CONFIG_TIMESLICE_PRIORITY);
    return 0;
}
SYS_INIT(start_slicing, POST_KERNEL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);

#endif
