/* SPDX-License-Identifier: Apache-2.0 */
#include "region_pool.h"

#include <string.h>

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "irq.h"
#include "memory_wait.h"

BUILD_ASSERT((CONFIG_DCACHE_LINE_SIZE & (CONFIG_DCACHE_LINE_SIZE - 1)) == 0,
             "CONFIG_DCACHE_LINE_SIZE must be a power of two");

/* What is asked of a region's heap. */
struct extent {
    size_t align;
    size_t bytes; /* 0: impossible, which the heap refuses */
};

/* Rule R2. */
static ALWAYS_INLINE struct extent whole_lines(size_t align, size_t bytes)
{
    const size_t rest = CONFIG_DCACHE_LINE_SIZE - 1;
    bool possible = (align & (align - 1)) == 0;

    /* A sum that overflows rounds to 0. */
    return (struct extent){.align = MAX(align, rest + 1),
                           .bytes = possible ? (bytes + rest) & ~rest : 0};
}

static ALWAYS_INLINE struct extent extent_in(const struct region_slot *slot, size_t align,
                                             size_t bytes)
{
    return (slot->attr & REGION_CACHEABLE) != 0 ? whole_lines(align, bytes)
                                                : (struct extent){align, bytes};
}

static ALWAYS_INLINE void *take(struct region_slot *slot, size_t align, size_t bytes)
{
    struct extent extent = extent_in(slot, align, bytes);

    return sys_heap_aligned_alloc(&slot->heap, extent.align, extent.bytes);
}

/* Of the places of memory_wait.h. */
static ALWAYS_INLINE uint32_t place_of(const struct region_pool *pool,
                                       const struct region_slot *slot)
{
    return UINT32_C(1) << (slot - pool->slots);
}

/* The suitable regions that lack `lacking` preferred attributes and are not `closed`. */
static void *take_from_rank(struct region_pool *pool, const struct region_need *need,
                            uint32_t closed, unsigned lacking, struct extent wanted)
{
    void *block = NULL;

    for (unsigned i = 0; i < pool->count && block == NULL; i++, closed >>= 1) {
        struct region_slot *slot = &pool->slots[i];

        if (region_suits(slot->attr, need) && region_lacks(slot->attr, need) == lacking &&
            (closed & 1) == 0) {
            block = take(slot, wanted.align, wanted.bytes);
        }
    }
    return block;
}

/* R1 in full. */
static void *choose_open(struct region_pool *pool, const struct region_need *need, uint32_t closed,
                         struct extent wanted)
{
    unsigned ranks = region_lacks(0, need);
    void *block = NULL;

    for (unsigned lacking = 0; lacking <= ranks && block == NULL; lacking++) {
        block = take_from_rank(pool, need, closed, lacking, wanted);
    }
    return block;
}

/* The choice function. */
static void *choose(struct sys_multi_heap *multi, void *cfg, size_t align, size_t bytes)
{
    return choose_open(CONTAINER_OF(multi, struct region_pool, multi), cfg, 0,
                       (struct extent){align, bytes});
}

/*
 * The region that R1 tries first, if it lacks nothing that is preferred and nobody waits, else
 * `end`, which is pool->end. Nearly every request ends here, so it is one comparison per region: of
 * the bits that matter, those in `set` and no others. What is searched for stands behind the last
 * region, so the end needs no comparison.
 */
static ALWAYS_INLINE struct region_slot *first_choice_locked(struct region_pool *pool,
                                                             struct region_slot *end,
                                                             const struct region_need *need)
{
    uint32_t set = need->must | need->prefer;
    uint32_t matter = set | need->must_not;
    uintptr_t slot = (uintptr_t)pool->slots - sizeof(*end); /* no pointer may point there */

    if (((uintptr_t)wait_queue_head_locked(&pool->wait_q) | (set & need->must_not)) != 0) {
        return end;
    }
    end->attr = set;
    do {
        slot += sizeof(*end);
    } while (((((struct region_slot *)slot)->attr ^ set) & matter) != 0);
    return (struct region_slot *)slot;
}

struct region_request {
    struct memory_request request; /* first: the two functions below get it back */
    struct region_pool *pool;
    struct region_need need;
    size_t align;
    size_t bytes;
};

static struct region_slot *slot_of(const struct region_pool *pool, void *mem)
{
    const struct sys_multi_heap_rec *rec = sys_multi_heap_get_heap(&pool->multi, mem);

    ASSERT(rec != NULL, "H8 address is in no memory region", pool, mem);
    return rec->user_data;
}

static bool resize_in_place_locked(const struct region_request *wanted, void *mem)
{
    struct region_slot *slot = slot_of(wanted->pool, mem);
    struct extent extent = extent_in(slot, wanted->align, wanted->bytes);

    return sys_heap_resize_in_place(&slot->heap, mem, extent.align, extent.bytes);
}

static uint32_t place_of_block(const struct region_pool *pool, void *block)
{
    return place_of(pool, slot_of(pool, block));
}

static uint32_t satisfy_locked(struct memory_request *request, uint32_t closed)
{
    struct region_request *wanted = (struct region_request *)(void *)request;
    struct region_pool *pool = wanted->pool;

    if (request->old != NULL && (place_of_block(pool, request->old) & closed) == 0 &&
        resize_in_place_locked(wanted, request->old)) {
        request->block = request->old;
    } else {
        request->block =
            choose_open(pool, &wanted->need, closed, (struct extent){wanted->align, wanted->bytes});
    }
    return request->block == NULL ? 0 : place_of_block(pool, request->block);
}

/* As in kheap.c: the block moves inside its region, with its content. */
static bool slide_locked(struct region_request *wanted)
{
    struct memory_request *request = &wanted->request;
    struct region_slot *slot = slot_of(wanted->pool, request->old);
    struct extent extent = extent_in(slot, wanted->align, wanted->bytes);

    if (extent.bytes != 0) {
        request->block =
            sys_heap_aligned_realloc(&slot->heap, request->old, extent.align, extent.bytes);
    }
    if (request->block == NULL) {
        return false;
    }
    request->old = request->block;
    return true;
}

static void return_locked(struct memory_request *request)
{
    struct region_request *wanted = (struct region_request *)(void *)request;

    sys_multi_heap_free(&wanted->pool->multi, request->block);
}

/* Where the request would fit if everything else were free. */
static uint32_t places_for(const struct region_request *wanted)
{
    void *old = wanted->request.old;
    const struct region_slot *home = old == NULL ? NULL : slot_of(wanted->pool, old);
    uint32_t places = 0;

    for (unsigned i = 0; i < wanted->pool->count; i++) {
        struct region_slot *slot = &wanted->pool->slots[i];
        struct extent extent = extent_in(slot, wanted->align, wanted->bytes);

        if ((slot == home || region_suits(slot->attr, &wanted->need)) &&
            sys_heap_could_ever_fit(&slot->heap, slot == home ? old : NULL, extent.align,
                                    extent.bytes)) {
            places |= place_of(wanted->pool, slot);
        }
    }
    return places;
}

/* The slow half: nothing fits now. Unlocks. */
static void *wait_for(unsigned key, struct region_request *wanted, k_timeout_t timeout)
{
    wanted->request.places = K_TIMEOUT_EQ(timeout, K_NO_WAIT) ? 0 : places_for(wanted);
    if (wanted->request.places == 0) {
        irq_unlock(key);
        return NULL;
    }
    return memory_wait(key, &wanted->request, timeout) ? wanted->request.block : NULL;
}

static struct region_request request_for(struct region_pool *pool, const struct region_need *need,
                                         struct extent extent, void *old)
{
    return (struct region_request){
        .request = {.satisfy_locked = satisfy_locked,
                    .return_locked = return_locked,
                    .wait_q = &pool->wait_q,
                    .stats = &pool->wait_stats,
                    .old = old},
        .pool = pool,
        .need = *need,
        .align = extent.align,
        .bytes = extent.bytes,
    };
}

/* Without waiting, and not from where others have waited too long. */
static bool pass_locked(struct region_request *wanted, uint32_t closed)
{
    uint32_t place = satisfy_locked(&wanted->request, closed);

    memory_taken_locked(&wanted->pool->wait_q, place);
    return place != 0;
}

/* When the first choice has no room, or others wait. The same arguments, so that handing on costs
 * nothing. */
static __attribute__((noinline)) void *alloc_elsewhere(struct region_pool *pool,
                                                       const struct region_need *need, size_t align,
                                                       size_t bytes, k_timeout_t timeout)
{
    struct region_request wanted = request_for(pool, need, (struct extent){align, bytes}, NULL);
    unsigned key = irq_lock();

    if (!pass_locked(&wanted, memory_closed_locked(&pool->wait_q))) {
        return wait_for(key, &wanted, timeout);
    }
    irq_unlock(key);
    return wanted.request.block;
}

void *region_pool_alloc(struct region_pool *pool, const struct region_need *need, size_t align,
                        size_t bytes, k_timeout_t timeout)
{
    unsigned key = irq_lock();
    struct region_slot *end = pool->end;
    struct region_slot *slot = first_choice_locked(pool, end, need);
    void *block = slot == end ? NULL : take(slot, align, bytes);

    irq_unlock(key);
    return block != NULL ? block : alloc_elsewhere(pool, need, align, bytes, timeout);
}

static void move(struct region_pool *pool, void *block, void *mem, size_t bytes)
{
    struct region_slot *slot = slot_of(pool, mem);
    unsigned key = irq_lock();
    size_t old_bytes = sys_heap_usable_size(&slot->heap, mem);

    irq_unlock(key);
    /* Outside the lock: the content of both blocks is the caller's. */
    memcpy(block, mem, MIN(bytes, old_bytes));
    region_pool_free(pool, mem);
}

/* As in kheap.c. A block that slides stays in its region. */
static bool resize_locked(struct region_request *wanted)
{
    struct region_pool *pool = wanted->pool;
    struct memory_request *request = &wanted->request;
    struct region_slot *home = slot_of(pool, request->old);
    bool grows = wanted->bytes > sys_heap_usable_size(&home->heap, request->old);
    uint32_t closed = grows ? memory_closed_locked(&pool->wait_q) : 0;
    uint32_t place = satisfy_locked(request, closed);

    if (place == 0 && (place_of(pool, home) & closed) == 0 && slide_locked(wanted)) {
        place = place_of(pool, home);
    }
    if (grows) {
        memory_taken_locked(&pool->wait_q, place);
    }
    return place != 0;
}

void *region_pool_realloc(struct region_pool *pool, const struct region_need *need, void *mem,
                          size_t bytes, k_timeout_t timeout)
{
    struct region_request wanted = request_for(pool, need, (struct extent){0, bytes}, mem);
    unsigned key;

    if (mem == NULL || bytes == 0) {
        region_pool_free(pool, mem);
        return region_pool_alloc(pool, need, 0, bytes, timeout);
    }
    key = irq_lock();
    if (resize_locked(&wanted)) {
        /* A block that shrank or slid has changed what is free. */
        reschedule(memory_serve_locked(&pool->wait_q), key);
    } else if (wait_for(key, &wanted, timeout) == NULL) {
        return NULL;
    }
    if (wanted.request.block != wanted.request.old) {
        move(pool, wanted.request.block, mem, bytes);
    }
    return wanted.request.block;
}

void region_pool_free(struct region_pool *pool, void *mem)
{
    unsigned key;

    if (mem == NULL) {
        return;
    }
    key = irq_lock();
    sys_heap_free(&slot_of(pool, mem)->heap, mem);
    reschedule(memory_serve_locked(&pool->wait_q), key);
}

static bool overlaps(const struct region *a, const struct region *b)
{
    return (uintptr_t)a->start - (uintptr_t)b->start < b->size ||
           (uintptr_t)b->start - (uintptr_t)a->start < a->size;
}

static bool overlaps_one(const struct region_pool *pool, const struct region *region)
{
    for (unsigned i = 0; i < pool->count; i++) {
        if (overlaps(pool->slots[i].region, region)) {
            return true;
        }
    }
    for (unsigned i = 0; i < pool->full_count; i++) {
        if (overlaps(pool->full[i], region)) {
            return true;
        }
    }
    return false;
}

static int add_full_locked(struct region_pool *pool, const struct region *region)
{
    if (pool->full_count == MAX_MEMORY_REGIONS) {
        return -ENOMEM;
    }
    pool->full[pool->full_count] = region;
    pool->full_count++;
    return 0;
}

static int add_heap_locked(struct region_pool *pool, const struct region *region)
{
    struct region_slot *slot = &pool->slots[pool->count];
    size_t left = region->size - region->used;

    /* A heap starts at a multiple of 8 inside its region. */
    if (pool->count == MAX_MEMORY_REGIONS || left < Z_HEAP_MIN_SIZE + 8) {
        return -ENOMEM;
    }
    if (pool->count == 0) {
        sys_multi_heap_init(&pool->multi, choose);
    }
    sys_heap_init(&slot->heap, (char *)region->start + region->used, left);
    slot->region = region;
    slot->attr = region->attr;
    sys_multi_heap_add_heap(&pool->multi, &slot->heap, slot);
    pool->count++;
    pool->end = slot + 1;
    return 0;
}

/* Those who wait already may have their block there. */
static void open_to_waiters_locked(struct region_pool *pool)
{
    for (struct k_thread *waiter = wait_queue_head_locked(&pool->wait_q); waiter != NULL;
         waiter = wait_queue_next_locked(&pool->wait_q, waiter)) {
        struct region_request *wanted = (struct region_request *)(void *)waiter->request;

        wanted->request.places = places_for(wanted);
    }
}

int region_pool_add(struct region_pool *pool, const struct region *region)
{
    unsigned key = irq_lock();
    int result = overlaps_one(pool, region)     ? -EINVAL
                 : region->used == region->size ? add_full_locked(pool, region)
                                                : add_heap_locked(pool, region);

    open_to_waiters_locked(pool);
    reschedule(memory_serve_locked(&pool->wait_q), key);
    return result;
}
