/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: creation, life and death, priority, sleep, scheduler lock. Zephyr's names and semantics.
 */
#pragma once

#include "../lib/section.h"
#include "arch.h"
#include "thread_extras.h"
#include "timeout.h"
#include "wait_queue.h"

/* Smaller is more urgent. Negative: cooperative, never preempted by another thread; 0 and up:
 * preemptible. */
#define K_PRIO_COOP(x)                   (-(CONFIG_NUM_COOP_PRIORITIES - (x)))
#define K_PRIO_PREEMPT(x)                (x)
#define K_HIGHEST_THREAD_PRIO            (-CONFIG_NUM_COOP_PRIORITIES)
#define K_LOWEST_APPLICATION_THREAD_PRIO (CONFIG_NUM_PREEMPT_PRIORITIES - 1)
#define K_IDLE_PRIO                      CONFIG_NUM_PREEMPT_PRIORITIES

/* Thread options. An essential thread must not end: its abort or return halts the kernel. */
#define K_ESSENTIAL BIT(0)

/* Why a thread is not ready; 0 and QUEUED are ready. The values are the ones that debuggers know.
 */
enum thread_state {
    THREAD_DUMMY = 0x01,
    THREAD_PENDING = 0x02,
    THREAD_SLEEPING = 0x04,
    THREAD_DEAD = 0x08,
    THREAD_SUSPENDED = 0x10,
    THREAD_QUEUED = 0x80,
};

typedef void (*k_thread_entry_t)(void *p1, void *p2, void *p3);
typedef char k_thread_stack_t;
typedef struct k_thread *k_tid_t;

/*
 * What a waiter leaves for whoever serves it. `undo` is called when the thread dies before it has
 * run again: it takes back what was handed over, if anything was.
 */
struct grant {
    void (*undo)(struct grant *grant);
};

struct k_mutex;

struct k_thread {
    struct arch_context context; /* first: the switch code stores here */

    /* Protected by the interrupt lock. */
    struct k_thread *ring_next; /* among the ready ones of its priority, or in `pended_on` */
    struct k_thread *ring_prev;
    struct k_thread *next_group; /* in `pended_on`, see wait_queue.c */
    _wait_q_t *pended_on;        /* NULL unless PENDING */
    struct timeout timeout;      /* of a sleep or of a timed wait */
    struct grant *request; /* from pending until the thread has run again; NULL for plain waits */
    _wait_q_t joiners;
    int wait_result; /* what pend returns: 0 unless who ends the wait says otherwise */
    uint8_t state;
    uint8_t timed; /* 1: pending with a deadline; read together with `state` */
    uint8_t options;
    uint8_t sched_lock_depth;
    int8_t base_priority;
    int8_t priority;   /* its own, or a more urgent one that it inherits */
    uint8_t ring;      /* of its priority in the ready set: 0 is the most urgent */
    uint8_t threshold; /* who is to preempt it is in a ring below this: its own ring, or 0 while it
                          is cooperative or holds the scheduler lock */
    uint32_t ring_bit; /* that ring's in the ready map */
    struct thread_extras extras;
    struct k_mutex *owned; /* mutexes, the latest first */

    /* From here on not cleared at creation. */
    struct k_thread *next_thread; /* list of all threads */
    struct k_thread *prev_thread;
    uintptr_t alive; /* THREAD_ALIVE(this thread) from creation to end, anything else otherwise */

    /* Constant from creation on. */
    k_thread_entry_t entry;
    char *stack;
    size_t stack_bytes;
#ifdef CONFIG_THREAD_NAME
    char name[CONFIG_THREAD_MAX_NAME_LEN];
#endif
};

#define K_THREAD_STACK_LEN(bytes)                                                                  \
    ROUND_UP((bytes) + ARCH_STACK_EXTRA_BYTES, (size_t)ARCH_STACK_ALIGN)
#define K_THREAD_STACK_DEFINE(name, bytes)                                                         \
    k_thread_stack_t name[K_THREAD_STACK_LEN(bytes)] __noinit __aligned(ARCH_STACK_ALIGN)
#define K_THREAD_STACK_ARRAY_DEFINE(name, count, bytes)                                            \
    k_thread_stack_t name[count][K_THREAD_STACK_LEN(bytes)] __noinit __aligned(ARCH_STACK_ALIGN)
#define K_THREAD_STACK_MEMBER(name, bytes)                                                         \
    k_thread_stack_t name[K_THREAD_STACK_LEN(bytes)] __aligned(ARCH_STACK_ALIGN)
#define K_THREAD_STACK_DECLARE(name, bytes) extern k_thread_stack_t name[K_THREAD_STACK_LEN(bytes)]
#define K_THREAD_STACK_SIZEOF(name)         sizeof(name)
#define K_KERNEL_STACK_DEFINE               K_THREAD_STACK_DEFINE
#define K_KERNEL_STACK_ARRAY_DEFINE         K_THREAD_STACK_ARRAY_DEFINE
#define K_KERNEL_STACK_MEMBER               K_THREAD_STACK_MEMBER
#define K_KERNEL_STACK_SIZEOF               K_THREAD_STACK_SIZEOF

/* A thread that the kernel creates before main(). */
struct static_thread {
    struct k_thread *thread;
    k_thread_stack_t *stack;
    size_t stack_bytes;
    k_thread_entry_t entry;
    void *p1;
    void *p2;
    void *p3;
    int priority;
    uint32_t options;
    int32_t delay_ms;
    const char *name;
};

/* Defines thread `name` (its k_tid_t); it starts delay_ms milliseconds after the kernel, -1: when
 * k_thread_start says. */
#define K_THREAD_DEFINE(name, stack_size, entry_fn, arg1, arg2, arg3, prio, opts, delay)           \
    K_THREAD_STACK_DEFINE(name##_stack, stack_size);                                               \
    static struct k_thread name##_thread;                                                          \
    const STRUCT_SECTION_ITERABLE(static_thread, name##_static) = {                                \
        &name##_thread, name##_stack,   sizeof(name##_stack),                                      \
        (entry_fn),     (void *)(arg1), (void *)(arg2),                                            \
        (void *)(arg3), (prio),         (opts),                                                    \
        (delay),        #name};                                                                    \
    const k_tid_t name = &name##_thread

/*
 * Makes `thread` a thread that calls entry(p1, p2, p3) on `stack` after `delay` (K_NO_WAIT: now,
 * K_FOREVER: when k_thread_start says) and returns it. Until then nobody else may use it.
 * Context: thread, ISR, before the scheduler.
 * Fails iff: `priority` is out of range, the stack is too small for a first frame, or `thread` is
 * alive (each halts with K1). Bound: constant; with CONFIG_INIT_STACKS linear in the stack,
 * interrupts open.
 */
k_tid_t k_thread_create(struct k_thread *thread, k_thread_stack_t *stack, size_t stack_bytes,
                        k_thread_entry_t entry, void *p1, void *p2, void *p3, int priority,
                        uint32_t options, k_timeout_t delay);

/* Starts a thread created with a delay that is not over. Context: thread, ISR. Bound: constant. */
void k_thread_start(k_tid_t thread);

/*
 * Ends `thread`: it leaves every queue, a block that was handed to it but not yet seen goes back,
 * its joiners wake, and each mutex that it owns goes to the first waiter. What it owns otherwise
 * stays allocated. Does nothing when it is already dead;
 * does not return when it is the caller. Context: thread, ISR. Fails iff: the thread is essential
 * (halts with K2). Bound: a step, between which interrupts are opened, for each joiner, mutex, and
 * thing handed over; that of a k_heap_free when a block goes back.
 */
void k_thread_abort(k_tid_t thread);

/*
 * Waits until `thread` has ended.
 * Context: thread; ISR with K_NO_WAIT. Fails iff: -EBUSY alive and K_NO_WAIT, -EAGAIN alive at the
 * deadline, -EDEADLK the caller itself or a thread that is joining the caller. Bound: one wait.
 */
int k_thread_join(struct k_thread *thread, k_timeout_t timeout);

/*
 * Keeps `thread` from running until k_thread_resume. A wait or sleep goes on meanwhile: its timeout
 * runs, and an object may be handed over, which the thread sees when it is resumed. Does nothing to
 * a thread that is returning from its entry function or aborts itself. Context: thread, ISR. Bound:
 * constant.
 */
void k_thread_suspend(k_tid_t thread);

/* Undoes k_thread_suspend; nothing when not suspended. Context: thread, ISR. Bound: constant. */
void k_thread_resume(k_tid_t thread);

/*
 * Changes the thread's own priority; a waiting thread moves behind the equals of its new priority,
 * and so does a ready one. As long as the thread inherits a more urgent one through a mutex, that
 * one stays in force, and k_thread_priority_get returns it. Context: thread, ISR. Fails iff: out of
 * range (halts with K1). Bound: linear in the waiters of its wait queue, and in the chain of owners
 * if that is a mutex's.
 */
void k_thread_priority_set(k_tid_t thread, int priority);
int k_thread_priority_get(k_tid_t thread);

/* Copies at most CONFIG_THREAD_MAX_NAME_LEN - 1 characters; NULL means the caller. Returns 0.
 * Context: any. */
int k_thread_name_set(k_tid_t thread, const char *name);

/* The name, "" when it has none, NULL without CONFIG_THREAD_NAME. Context: any. Bound: constant. */
const char *k_thread_name_get(k_tid_t thread);

/* Copies the name with its NUL. Fails iff: -ENOSPC it does not fit, -EINVAL thread NULL, -ENOSYS no
 * names. */
int k_thread_name_copy(k_tid_t thread, char *buffer, size_t buffer_bytes);

/* Writes the state as words joined by "+" ("queued", "pending+suspended") to `buffer` and returns
 * it. Context: any. */
const char *k_thread_state_str(k_tid_t thread, char *buffer, size_t buffer_bytes);

/* The running thread; in an ISR the interrupted one. Context: any. Bound: constant. */
k_tid_t k_current_get(void);
#define k_sched_current_thread_query k_current_get
#define _current                     k_current_get()

/* True in a thread that another one may preempt at any moment. Context: any. Bound: constant. */
int k_is_preempt_thread(void);

/* True before the kernel has started its first thread. Context: any. Bound: constant. */
bool k_is_pre_kernel(void);

/* Lets the ready threads of equal priority run first, also when cooperative; under the scheduler
 * lock once it is unlocked. Context: thread. Bound: constant. */
void k_yield(void);

/*
 * Sleeps for `timeout` or until k_wakeup; K_NO_WAIT yields. Returns the milliseconds that were
 * left, rounded up, and -1 after K_FOREVER. Context: thread. Bound: one wait.
 */
int32_t k_sleep(k_timeout_t timeout);
static inline int32_t k_msleep(int32_t ms)
{
    return k_sleep(K_MSEC(ms));
}

/* As k_sleep; returns the microseconds that were left. Context: thread. */
int32_t k_usleep(int32_t us);

/* Ends the sleep of `thread`; nothing when it does not sleep or waits for an object. Context:
 * thread, ISR. */
void k_wakeup(k_tid_t thread);

/* Ticks until the sleep or timed wait of `thread` ends, 0 when it has none. Context: any. Bound:
 * constant. */
k_ticks_t k_thread_timeout_remaining_ticks(const struct k_thread *thread);

/*
 * No other thread runs until the matching k_sched_unlock, interrupts do. Nests up to 255. A thread
 * that blocks is switched out all the same and holds the lock again when it goes on. Context:
 * thread. Bound: constant.
 */
void k_sched_lock(void);
void k_sched_unlock(void);

/* Calls visit(thread, data) for every living thread, with interrupts locked. Context: any. Bound:
 * linear. */
typedef void (*k_thread_user_cb_t)(const struct k_thread *thread, void *data);
void k_thread_foreach(k_thread_user_cb_t visit, void *data);

#ifdef CONFIG_SCHED_SWITCH_COUNT
/* Switches to another thread since boot, modulo 2^32. Context: any. Bound: constant. */
uint32_t k_sched_switch_count_get(void);
#endif
