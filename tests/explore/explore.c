/* SPDX-License-Identifier: Apache-2.0 */
#include "explore.h"

#include <stdlib.h>

#include "../../kernel/arch/host/host.h"
#include "../../kernel/sched.h"
#include "../ztest/invariants.h"
#include "search.h"

#define DRIVER_PRIORITY 1
#define STACK_USED_MAX  16384

/* Registers that functions keep for their callers on x86-64, pushed below the frame pointer. */
#define PUSHED_BYTES 40

static struct player {
    const struct op *op; /* NULL: the script is over, or has not begun */
    bool alive;
    bool in_a_wait;
    const char *resumes_at; /* from here on its stack matters while it does not run */
    uint64_t registers;     /* a hash of what it keeps until then */
} players[EXPLORE_THREADS];

static struct {
    const struct model *model;
    const struct scenario *scenario;
    unsigned events_done;
    bool at_rest; /* nothing can happen any more */
} run;

static K_SEM_DEFINE(run_ended, 0, 1);

uint64_t hash_number(uint64_t hash, uint64_t number)
{
    /* The finalizer of MurmurHash3 (Appleby), one word at a time. */
    hash ^= number + UINT64_C(0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ hash >> 33;
}

/* Stacks have red zones. */
__attribute__((no_sanitize("address", "undefined"))) uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    uint64_t word;

    for (; count >= sizeof(word); at += sizeof(word), count -= sizeof(word)) {
        word = *(const uint64_t *)(const void *)at;
        hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 29;
    }
    for (; count > 0; at++, count--) {
        hash = hash_number(hash, *at);
    }
    return hash_number(hash, count);
}

k_timeout_t op_timeout(const struct op *op)
{
    return op->ticks == WAIT_FOREVER ? K_FOREVER : K_TICKS(op->ticks);
}

bool player_is_alive(unsigned index)
{
    return players[index].alive;
}

const _wait_q_t *player_waits_in(unsigned index)
{
    return players[index].alive ? worker(index)->pended_on : NULL;
}

bool player_is_in_a_wait(unsigned index)
{
    return players[index].in_a_wait;
}

const struct op *player_op(unsigned index)
{
    return players[index].op;
}

/* The state. */

static uint64_t hash_stack(uint64_t hash, const struct k_thread *thread, const char *from)
{
    const char *end = thread->stack + thread->stack_bytes;

    hash = hash_number(hash, (uintptr_t)from);
    return hash_bytes(hash, from, (size_t)(end - from));
}

/* Moments count from now; whose timeout comes behind this one matters when both are due. */
static uint64_t hash_timeout(uint64_t hash, const struct k_thread *thread)
{
    hash = hash_number(hash, (uint64_t)timeout_remaining_locked(&thread->timeout));
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        if (thread->timeout.node.next == &worker(i)->timeout.node) {
            hash = hash_number(hash, i);
        }
    }
    return hash;
}

static uint64_t hash_thread(uint64_t hash, unsigned index, const char *top)
{
    const struct k_thread *thread = worker(index);

    hash = hash_number(hash, (uintptr_t)players[index].op);
    hash = hash_number(hash, players[index].in_a_wait);
    if (!thread_is_alive(thread)) {
        return hash_number(hash, 0);
    }
    hash = hash_timeout(hash, thread);
    hash = hash_number(hash, thread->state);
    hash = hash_number(hash, (uintptr_t)thread->pended_on);
    hash = hash_number(hash, thread->pended_on == NULL ? 0 : (uintptr_t)thread->ring_next);
    hash = hash_number(hash, (uintptr_t)thread->request);
    hash = hash_number(hash, (uintptr_t)thread->owned);
    hash = hash_number(hash, (uint64_t)(unsigned)thread->wait_result);
    hash = hash_number(hash, (uint8_t)thread->priority | thread->sched_lock_depth << 8);
    if (thread == _kernel.current) {
        return hash_stack(hash, thread, top);
    }
    if (players[index].resumes_at == NULL) {
        return hash_number(hash, 0); /* it has not begun */
    }
    hash = hash_number(hash, players[index].registers);
    return hash_stack(hash, thread, players[index].resumes_at);
}

static unsigned most_urgent_count(void)
{
    const struct k_thread *head = _kernel.ready[__builtin_clz(_kernel.ready_map)];
    const struct k_thread *thread = head;
    unsigned count = 0;

    if (_kernel.current == _kernel.next && _kernel.current->sched_lock_depth != 0) {
        return 1;
    }
    do {
        count++;
        thread = thread->ring_next;
    } while (thread != head);
    return count;
}

/*
 * Who is ready is in the threads' states. In which order they are does not matter: any of the most
 * urgent may run next, here and wherever the processor changes hands. Unless somebody keeps it.
 */
static uint64_t hash_state(const char *top)
{
    uint64_t hash = 1;

    hash = hash_number(hash, run.events_done);
    hash = hash_number(hash, (uintptr_t)_kernel.current);
    hash = hash_number(hash, most_urgent_count() == 1 ? (uintptr_t)_kernel.next : 0);
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        hash = hash_thread(hash, i, top);
    }
    return run.model->hash(hash);
}

/* What may happen next. */

/* What a time slice that ends does, `times` times. */
static void rotate(unsigned times)
{
    unsigned key = irq_lock();

    for (unsigned i = 0; i < times; i++) {
        struct k_thread *head = _kernel.ready[__builtin_clz(_kernel.ready_map)];

        thread_requeue_locked(head, head->priority);
    }
    reschedule(choose_next_locked(), key);
}

/* 0: no thread has a deadline. */
static k_ticks_t ticks_to_deadline(void)
{
    k_ticks_t ticks = 0;

    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        k_ticks_t own = k_thread_timeout_remaining_ticks(worker(i));

        if (thread_is_alive(worker(i)) && own != 0 && (ticks == 0 || own < ticks)) {
            ticks = own;
        }
    }
    return ticks;
}

static void abort_player(unsigned index)
{
    if (players[index].alive) {
        run.model->aborted(index, players[index].op != NULL);
        players[index].alive = false;
        players[index].op = NULL;
        k_thread_abort(worker(index));
    }
}

static bool event_is_possible(unsigned index)
{
    const struct op *event = &run.scenario->events[index];

    return event->what != 0 && (run.events_done & 1u << index) == 0 &&
           (event->what != EVENT_ABORT || players[event->item].alive);
}

static void do_event(unsigned index)
{
    const struct op *event = &run.scenario->events[index];

    run.events_done |= 1u << index;
    if (event->what == EVENT_ABORT) {
        abort_player(event->item);
    } else {
        run.model->event(event);
    }
}

/* Does the `wanted`-th of the events that are possible; returns how many there are. */
static unsigned events(unsigned wanted)
{
    unsigned count = 0;

    for (unsigned i = 0; i < EXPLORE_EVENTS; i++) {
        if (event_is_possible(i) && count++ == wanted) {
            do_event(i);
            return count;
        }
    }
    return count;
}

/* Returns true when, at this place, still more may happen. */
static bool something_happens(const char *top)
{
    bool idle = _kernel.next->priority == K_IDLE_PRIO;
    k_ticks_t ticks = ticks_to_deadline();
    /* When nobody can run, time passes here and not in the idle thread, whose sleep may be cut in
     * pieces by an alarm for a timeout that was stopped. */
    unsigned threads = idle && ticks != 0 ? 0 : most_urgent_count();
    unsigned choice =
        search_choose(hash_state(top), threads + (ticks != 0) + events(EXPLORE_EVENTS));

    run.at_rest = idle && ticks == 0 && choice < threads;
    if (run.at_rest) {
        host_unlock_hook = NULL;
        k_sem_give(&run_ended);
    } else if (choice < threads && choice != 0) {
        rotate(choice);
    }
    if (choice < threads) {
        return false;
    }
    choice -= threads;
    if (ticks != 0 && choice-- == 0) {
        timeout_announce((uint32_t)ticks);
    } else {
        (void)events(choice);
    }
    return true;
}

/* What earlier calls left in the stack is no part of the state. */
static __attribute__((noinline)) void scrub_stack(void)
{
    volatile char stale[4096];

    memset((char *)(uintptr_t)stale, 0, sizeof(stale));
}

/*
 * A thread that comes here has run. If it does not go on, it stops in host_deliver(), which called
 * run_handler(), which called at_unlock(). What host_deliver() calls instead keeps for it nothing
 * but the registers, which are below now, and what others write for it is above.
 */
static void note_who_ran(const char *top)
{
    const char *const *at_unlock_frame = (const char *const *)(const void *)(top + PUSHED_BYTES);
    const char *const *run_handler_frame = (const char *const *)(const void *)*at_unlock_frame;
    const char *host_deliver_frame = *run_handler_frame;

    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        if (_kernel.current == worker(i)) {
            players[i].in_a_wait = worker(i)->pended_on != NULL;
            players[i].resumes_at = host_deliver_frame;
            players[i].registers = hash_bytes(1, top, (size_t)(host_deliver_frame - top));
        }
    }
}

/* Not inlined: what is left of its frame would look like a part of the state. */
static __attribute__((noinline)) void interrupt_here(const char *top)
{
    const char *broken;

    do {
        broken = kernel_broken();
        search_stop_if(broken != NULL ? broken : run.model->check());
    } while (something_happens(top));
}

/* Not inlined, so that its frame is a place from which on the stack belongs to the state. */
static __attribute__((noinline)) void at_unlock(void)
{
    const char *top = (const char *)__builtin_frame_address(0) - PUSHED_BYTES;

    __builtin_unwind_init();
    note_who_ran(top);
    interrupt_here(top);
    scrub_stack();
}

/* Threads. */

static void play(void *p1, void *p2, void *p3)
{
    unsigned index = (unsigned)(uintptr_t)p1;
    struct player *player = &players[index];

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (const struct op *op = run.scenario->scripts[index]; op->what != 0; op++) {
        scrub_stack();
        player->op = op;
        run.model->perform(index, op);
    }
    player->op = NULL;
    player->alive = false;
}

/* What earlier runs left in the stack is none either. Not memset, which sanitizers watch: the dead
 * left red zones. */
__attribute__((no_sanitize("address"))) static void clear_stack(const struct k_thread *thread)
{
    volatile uint64_t *end = (volatile uint64_t *)(void *)(thread->stack + thread->stack_bytes);

    for (unsigned i = 1; thread->stack != NULL && i <= STACK_USED_MAX / sizeof(*end); i++) {
        end[-(int)i] = 0;
    }
}

static void start_players(void)
{
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        players[i].op = NULL;
        players[i].in_a_wait = false;
        players[i].resumes_at = NULL;
        players[i].alive = run.scenario->scripts[i][0].what != 0;
        if (players[i].alive) {
            clear_stack(worker(i));
            worker_start(i, play, (void *)(uintptr_t)i, NULL, run.scenario->priority[i], K_NO_WAIT);
        }
    }
}

/* From the beginning to each of its ends. */
static void run_scenario(void)
{
    run.events_done = 0;
    run.at_rest = false;
    run.model->set_up(run.scenario);
    start_players();
    host_unlock_hook = at_unlock;
    (void)k_sem_take(&run_ended, K_FOREVER);
    search_stop_if(run.model->check_end());
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        abort_player(i);
        k_thread_abort(worker(i));
    }
    search_stop_if(run.model->clean_up());
}

static void never_runs(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
}

/* The search must know all stacks. */
static void show_stacks(void)
{
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        worker_start(i, never_runs, NULL, NULL, DRIVER_PRIORITY, K_FOREVER);
    }
    search_begin();
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        k_thread_abort(worker(i));
    }
}

static void fail_if_broken(const struct exploration *found)
{
    if (found->broken != NULL) {
        search_print_choices();
        zassert_unreachable("%s", found->broken);
    }
}

struct exploration explore(const struct model *model, const struct scenario *scenario,
                           unsigned states_max)
{
    struct exploration found;

    k_thread_priority_set(k_current_get(), DRIVER_PRIORITY);
    run.model = model;
    run.scenario = scenario;
    show_stacks();
    found = search(run_scenario, states_max);
    printk("# %s: %u states, %u runs%s%s%s\n", scenario->name, found.states, found.runs,
           found.complete ? ", complete" : "",
           found.broken == NULL ? "" : ", broken: ", found.broken == NULL ? "" : found.broken);
    return found;
}

void explore_all(const struct model *model, const struct scenario *scenario)
{
    struct exploration found = explore(model, scenario, CONFIG_EXPLORE_STATES_MAX);

    fail_if_broken(&found);
    zexpect_true(found.complete, "%s: the budget of states does not suffice", scenario->name);
}

void explore_large(const struct model *model, const struct scenario *scenario)
{
    if (!IS_ENABLED(CONFIG_EXPLORE_LARGE)) {
        ztest_test_skip();
    }
    explore_all(model, scenario);
}

void explore_seeded(const struct model *model, const struct scenario *scenario)
{
    struct exploration found = explore(model, scenario, CONFIG_EXPLORE_STATES_MAX);

    zassert_not_null(found.broken, "%s: the mistake is not found", scenario->name);
}
