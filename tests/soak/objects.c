/* SPDX-License-Identifier: Apache-2.0 */
#include "../../kernel/sched.h"
#include "../ztest/invariants.h"
#include "soak.h"

#define HEAP_BYTES 1024
#define MESSAGES   4
#define MUTEXES    2

static struct k_sem sem;
static struct k_mutex mutexes[MUTEXES];
static struct k_condvar condvar;
static struct k_msgq msgq;
static uint32_t messages[MESSAGES];
static struct k_event event;
static struct k_heap heap;
static char heap_buffer[HEAP_BYTES] __aligned(8);
static struct k_pipe pipe;
static uint8_t pipe_bytes[16];

static unsigned inside[MUTEXES];
static const char *seen_broken;
static bool may_leak;

uint32_t random_below(struct player *player, uint32_t below)
{
    /* Marsaglia's xorshift with 13, 17, 5. */
    player->random ^= player->random << 13;
    player->random ^= player->random >> 17;
    player->random ^= player->random << 5;
    return player->random % below;
}

/* For ever only where an abort ends it. */
static k_timeout_t random_timeout(struct player *player)
{
    uint32_t what = random_below(player, 8);

    if (what == 0) {
        return K_NO_WAIT;
    }
    if (what == 1 && deadly) {
        return K_FOREVER;
    }
    if (what == 2) {
        return K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + random_below(player, 4));
    }
    return K_TICKS(1 + random_below(player, 12));
}

void objects_init(void)
{
    (void)k_sem_init(&sem, 0, K_SEM_MAX_LIMIT);
    for (unsigned i = 0; i < MUTEXES; i++) {
        (void)k_mutex_init(&mutexes[i]);
        inside[i] = 0;
    }
    (void)k_condvar_init(&condvar);
    k_msgq_init(&msgq, (char *)messages, sizeof(messages[0]), MESSAGES);
    k_event_init(&event);
    k_heap_init(&heap, heap_buffer, sizeof(heap_buffer));
    k_pipe_init(&pipe, pipe_bytes, sizeof(pipe_bytes));
    seen_broken = NULL;
    may_leak = false;
}

/* The semaphore. */

static void take(struct player *player, k_timeout_t timeout)
{
    if (k_sem_take(&sem, timeout) == 0) {
        player->taken++;
    }
}

static void give(struct player *player)
{
    player->given++;
    k_sem_give(&sem);
}

/* Messages: sender and number. */

static void send(struct player *player, k_timeout_t timeout)
{
    uint32_t message = (uint32_t)(player - players) << 24 | (player->sent + 1);

    if (k_msgq_put(&msgq, &message, timeout) == 0) {
        player->sent++;
    }
}

static void receive(struct player *player, k_timeout_t timeout)
{
    uint32_t message;
    uint32_t *last_seen;

    if (k_msgq_get(&msgq, &message, timeout) != 0) {
        return;
    }
    player->received++;
    last_seen = &player->last_seen[message >> 24];
    if (!deadly && (message & 0xffffff) <= *last_seen) {
        seen_broken = "a message came twice or out of order";
    }
    *last_seen = message & 0xffffff;
}

/* Mutexes: in order of their number, so that nobody waits in a ring. */

static void enter(unsigned mutex)
{
    if (inside[mutex]++ != 0 && !deadly) {
        seen_broken = "two threads are inside";
    }
}

static void lock_both(struct player *player)
{
    if (k_mutex_lock(&mutexes[0], random_timeout(player)) != 0) {
        return;
    }
    enter(0);
    if (k_mutex_lock(&mutexes[1], random_timeout(player)) == 0) {
        enter(1);
        player->operations++;
        inside[1]--;
        (void)k_mutex_unlock(&mutexes[1]);
    }
    if (random_below(player, 3) == 0) {
        (void)k_condvar_signal(&condvar);
    }
    inside[0]--;
    (void)k_mutex_unlock(&mutexes[0]);
    player->operations += 3;
}

static void await_condition(struct player *player)
{
    if (k_mutex_lock(&mutexes[0], random_timeout(player)) == 0) {
        (void)k_condvar_wait(&condvar, &mutexes[0], random_timeout(player));
        enter(0);
        inside[0]--;
        (void)k_mutex_unlock(&mutexes[0]);
        player->operations += 2;
    }
}

/* The heap. Each block is full of its owner's mark. */

static unsigned char mark_of(const struct player *player)
{
    return (unsigned char)(0xa0 + (player - players));
}

static void look(const struct player *player, const struct block *block)
{
    for (size_t i = 0; i < block->bytes; i++) {
        if (block->mem[i] != mark_of(player)) {
            seen_broken = "a block was damaged";
        }
    }
}

static void allocate(struct player *player, struct block *block, k_timeout_t timeout)
{
    size_t bytes = 1 + random_below(player, random_below(player, 4) == 0 ? 400 : 80);
    unsigned char *mem;
    unsigned key;

    player->asks_bytes = bytes;
    player->in_call = true;
    mem = k_heap_alloc(&heap, bytes, timeout);
    if (mem != NULL) {
        memset(mem, mark_of(player), bytes);
    }
    key = irq_lock();
    *block = (struct block){mem, mem == NULL ? 0 : bytes};
    player->in_call = false;
    irq_unlock(key);
}

static void release(struct player *player, struct block *block)
{
    unsigned key = irq_lock();
    void *mem = block->mem;

    look(player, block);
    *block = (struct block){NULL, 0};
    k_heap_free(&heap, mem);
    irq_unlock(key);
}

static void use_heap(struct player *player, k_timeout_t timeout)
{
    struct block *block = &player->blocks[random_below(player, BLOCKS)];

    if (block->mem == NULL) {
        allocate(player, block, timeout);
    } else {
        release(player, block);
    }
}

/* Bytes and bits have no account. */

static void use_pipe(struct player *player, k_timeout_t timeout)
{
    uint8_t bytes[8] = {0};
    size_t count = 1 + random_below(player, sizeof(bytes));

    if (random_below(player, 2) == 0) {
        (void)k_pipe_write(&pipe, bytes, count, timeout);
    } else {
        (void)k_pipe_read(&pipe, bytes, count, timeout);
    }
}

static void use_event(struct player *player, k_timeout_t timeout)
{
    uint32_t bits = 1 + random_below(player, 15);

    switch (random_below(player, 4)) {
    case 0:
        (void)k_event_post(&event, bits);
        break;
    case 1:
        (void)k_event_clear(&event, bits);
        break;
    case 2:
        (void)k_event_wait_safe(&event, bits, false, timeout);
        break;
    default:
        (void)k_event_wait_all(&event, bits, false, timeout);
    }
}

/* What threads and interrupts may do alike. */
static void play(struct player *player, uint32_t what, k_timeout_t timeout)
{
    player->operations++;
    switch (what) {
    case 0:
        take(player, timeout);
        break;
    case 1:
        give(player);
        break;
    case 2:
        send(player, timeout);
        break;
    case 3:
        receive(player, timeout);
        break;
    case 4:
        use_pipe(player, timeout);
        break;
    case 5:
        use_event(player, timeout);
        break;
    default:
        use_heap(player, timeout);
    }
}

void play_in_thread(unsigned index)
{
    struct player *player = &players[index];
    uint32_t what = random_below(player, 14);

    switch (what) {
    case 9:
        lock_both(player);
        break;
    case 10:
        await_condition(player);
        break;
    case 11:
        player->operations++;
        (void)k_sleep(K_TICKS(random_below(player, 3)));
        break;
    case 12:
        player->operations++;
        k_wakeup(worker(random_below(player, PLAYERS)));
        break;
    case 13:
        player->operations += 2;
        k_sched_lock();
        give(player);
        k_sched_unlock();
        break;
    default:
        play(player, what, random_timeout(player));
    }
}

static void change_a_thread(struct player *player)
{
    unsigned index = random_below(player, PLAYERS);

    switch (random_below(player, 4)) {
    case 0:
        k_thread_priority_set(worker(index), 1 + (int)random_below(player, 6));
        break;
    case 1:
        k_thread_suspend(worker(index));
        break;
    default:
        k_thread_resume(worker(index));
    }
    player->operations++;
}

void play_in_interrupt(void)
{
    struct player *player = &players[INTERRUPT];
    uint32_t what = random_below(player, 12);

    if (what < 9) {
        play(player, what, K_NO_WAIT);
    } else if (what == 9) {
        change_a_thread(player);
    } else {
        player->operations++;
        k_wakeup(worker(random_below(player, PLAYERS)));
    }
}

/* A thread in the call that does not wait may have its block already. */
static void abort_thread(unsigned index)
{
    const struct k_thread *thread = worker(index);

    may_leak = may_leak || (players[index].in_call && thread->pended_on == NULL);
    players[index].in_call = false;
    k_thread_abort(worker(index));
}

void forget_player(unsigned index)
{
    if (index != INTERRUPT) {
        abort_thread(index);
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        release(&players[index], &players[index].blocks[i]);
    }
}

const char *objects_broken(void)
{
    unsigned key = irq_lock();
    const char *broken = seen_broken;

    if (sem.count != 0 && sem.wait_q.head != NULL) {
        broken = "a thread waits beside a unit";
    }
    for (unsigned i = 0; i < MUTEXES; i++) {
        if (mutexes[i].owner == NULL && mutexes[i].wait_q.head != NULL) {
            broken = "a thread waits for a free mutex";
        }
    }
    if (msgq.used_msgs != 0 && msgq.used_msgs != MESSAGES && msgq.wait_q.head != NULL) {
        broken = "a thread waits beside a message, and beside room";
    }
    for (unsigned i = 0; i < PLAYERS; i++) {
        if (worker(i)->pended_on == &heap.wait_q && !waiter_must_not_pass(worker(i)) &&
            players[i].asks_bytes <= sys_heap_largest_free_block(&heap.heap)) {
            broken = "W1 a thread sleeps beside its block";
        }
    }
    if (!sys_heap_validate(&heap.heap)) {
        broken = "the heap is not valid";
    }
    irq_unlock(key);
    return broken;
}

const char *accounts_broken(void)
{
    struct sys_memory_stats memory;
    struct k_heap_wait_stats waits;
    uint32_t units = sem.count;
    uint32_t in_queue = msgq.used_msgs;

    for (unsigned i = 0; i <= PLAYERS; i++) {
        units += players[i].taken - players[i].given;
        in_queue += players[i].received - players[i].sent;
    }
    if (!deadly && units != 0) {
        return "units are lost or made";
    }
    if (!deadly && in_queue != 0) {
        return "messages are lost or made";
    }
    (void)sys_heap_runtime_stats_get(&heap.heap, &memory);
    if (memory.allocated_bytes != 0 && !may_leak) {
        return "a block is lost";
    }
    (void)k_heap_wait_stats_get(&heap, &waits);
    return waits.grants == waits.wakeups ? NULL : "W2 grants and wake-ups differ";
}
