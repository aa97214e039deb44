/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <string.h>

#include "account.h"
#include "check.h"
#include "request.h"
#include "space.h"

static ALWAYS_INLINE void account_resize(struct sys_heap *heap, struct chunk *chunk,
                                         uint32_t old_units, uint32_t units, size_t bytes)
{
    if (old_units == units) {
        canary_set(chunk, units, bytes);
        account_caller(chunk, units);
    } else {
        account_loss(heap, chunk, old_units);
        account_gain(heap, chunk, units, bytes);
    }
}

/* Cuts a block out of the `all` units at `chunk`, which may reach to the top. */
static NOT_INLINE struct chunk *cut(struct z_heap *z, struct chunk *chunk, uint32_t all,
                                    uint32_t gap, uint32_t units)
{
    if (chunk_right_by(chunk, all) == top_chunk(z)) {
        return space_cut_top(z, chunk, gap, units);
    }
    return space_cut(z, chunk, all, gap, units);
}

bool sys_heap_resize_in_place(struct sys_heap *heap, void *mem, size_t align, size_t bytes)
{
    struct z_heap *z = heap->heap;
    struct chunk *chunk = mem;
    uint32_t have;
    uint32_t want = request_units(bytes);
    struct chunk *right;
    uint32_t room;

    harden_operation(heap);
    have = check_block(heap, chunk);
    right = chunk_right_by(chunk, have);
    if (want == 0 || !align_valid(align) || align_gap_units((uintptr_t)mem, align) != 0) {
        return false;
    }
    room = want == have ? 0 : space_units_at(z, right);
    if (QUARANTINE > 0 && have + room < want && quarantine_empty(heap)) {
        room = space_units_at(z, right);
    }
    if (have + room < want) {
        return false;
    }
    if (room != 0) {
        space_claim(z, right, room);
    }
    if (want != have) {
        (void)cut(z, chunk, have + room, 0, want);
    }
    account_resize(heap, chunk, have, want, bytes);
    return true;
}

/*
 * Moves the block into the free space at its left, and at its right, when an aligned block of
 * `want` units fits there. Saves a search and, when nothing else fits, the allocation.
 */
static void *slide_left(struct sys_heap *heap, struct chunk *chunk, size_t align, size_t bytes)
{
    struct z_heap *z = heap->heap;
    uint32_t want = request_units(bytes);
    struct chunk *left = chunk_left_by(chunk, chunk_left_units(chunk));
    uint32_t have = chunk_used_units(chunk);
    struct chunk *right = chunk_right_by(chunk, have);
    uint32_t left_units = space_units_at(z, left);
    uint32_t right_units = space_units_at(z, right);
    uint32_t all = left_units + have + right_units;
    size_t gap = align_gap_units((uintptr_t)left, align);
    struct chunk *moved;

    if (left_units == 0 || all < want || gap > all - want) {
        return NULL;
    }
    if (right_units != 0) {
        space_claim(z, right, right_units);
    }
    space_claim(z, left, left_units);
    /* Where no data lands on it the old header stays behind: it must not look like a block's. */
    chunk_set_free(chunk, have);
    moved = chunk_right_by(left, (uint32_t)gap);
    memmove(moved, chunk, chunk_payload_bytes(MIN(have, want)));
    (void)cut(z, left, all, (uint32_t)gap, want);
    account_loss(heap, chunk, have); /* first, or the peak would count the block twice */
    account_gain(heap, moved, want, bytes);
    return moved;
}

static void *move_to_new_block(struct sys_heap *heap, void *mem, size_t align, size_t bytes)
{
    void *block = sys_heap_aligned_alloc(heap, align, bytes);

    if (block != NULL) {
        memcpy(block, mem, MIN(bytes, sys_heap_usable_size(heap, mem)));
        sys_heap_free(heap, mem);
    }
    return block;
}

void *sys_heap_aligned_realloc(struct sys_heap *heap, void *mem, size_t align, size_t bytes)
{
    void *moved;

    if (mem == NULL) {
        return sys_heap_aligned_alloc(heap, align, bytes);
    }
    if (bytes == 0) {
        sys_heap_free(heap, mem);
        return NULL;
    }
    if (sys_heap_resize_in_place(heap, mem, align, bytes)) {
        return mem;
    }
    if (request_units(bytes) == 0 || !align_valid(align)) {
        return NULL;
    }
    moved = slide_left(heap, mem, align, bytes);
    if (moved == NULL) {
        moved = move_to_new_block(heap, mem, align, bytes);
    }
    if (moved != NULL) {
        account_caller(moved, chunk_used_units(moved));
    }
    return moved;
}

void *sys_heap_realloc(struct sys_heap *heap, void *mem, size_t bytes)
{
    return sys_heap_aligned_realloc(heap, mem, 0, bytes);
}

/* Whether an aligned block of `units` units fits between two units of the heap. */
static bool gap_fits(const struct z_heap *z, uint32_t from, uint32_t to, size_t align,
                     uint32_t units)
{
    size_t gap = align_gap_units((uintptr_t)chunk_at(z, from), align);

    return units <= to - from && gap <= to - from - units;
}

bool sys_heap_could_ever_fit(struct sys_heap *heap, void *old, size_t align, size_t bytes)
{
    const struct z_heap *z = heap->heap;
    uint32_t units = request_units(bytes);
    uint32_t first = control_units(z);
    uint32_t at;
    uint32_t behind;

    if (units == 0 || !align_valid(align)) {
        return false;
    }
    if (old == NULL) {
        return gap_fits(z, first, z->end, align, units);
    }
    behind = check_block(heap, old);
    at = link_of(z, old);
    behind += at;
    return gap_fits(z, first, at, align, units) || gap_fits(z, behind, z->end, align, units) ||
           (align_gap_units((uintptr_t)old, align) == 0 && units <= z->end - at);
}
