/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks become free space again, joined with what is free beside them. */
#include "layout.h"

#include "account.h"
#include "check.h"
#include "free.h"
#include "free_index.h"

/* Writes both ends of a free chunk. */
static inline void mark(struct chunk *chunk, uint32_t units)
{
    chunk_set_left_units(chunk_right_by(chunk, units), units);
    chunk_set_free(chunk, units);
}

/* Makes `units` units at `chunk`, between chunks in use, a free chunk. */
static inline void file(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    mark(chunk, units);
    insert_here(z, chunk, units);
}

/* Only the left neighbour is free, and large. */
static NOT_INLINE void merge_left_large(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t left_units = chunk_left_units(chunk);
    struct chunk *left = chunk_left_by(chunk, left_units);

    /* The header stays behind inside free space: it must not look like a block's. */
    chunk_set_free(chunk, units);
    mark(left, units + left_units);
    large_extend(z, left, left_units, units + left_units);
}

/* Only the left neighbour is free, and of a bin's size. */
static NOT_INLINE void merge_left(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t left_units = chunk_left_units(chunk);
    struct chunk *left = chunk_left_by(chunk, left_units);

    chunk_set_free(chunk, units);
    if (indexed(left_units)) {
        bin_remove(z, left, left_units);
    }
    file(z, left, units + left_units);
}

/* Only the right neighbour is free, not the top, and large. */
static NOT_INLINE void merge_right_large(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    struct chunk *right = chunk_right_by(chunk, units);
    uint32_t right_units = chunk_free_units(right);

    units += right_units;
    mark(chunk, units);
    large_remove(z, right, right_units);
    large_insert(z, chunk, units);
}

/* Only the right neighbour is free, and of a bin's size. */
static NOT_INLINE void merge_right(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    struct chunk *right = chunk_right_by(chunk, units);
    uint32_t right_units = chunk_free_units(right);

    if (indexed(right_units)) {
        bin_remove(z, right, right_units);
    }
    file(z, chunk, units + right_units);
}

/* Both neighbours are free, not the top, and of a bin's size. */
static ALWAYS_INLINE void merge_bins(struct z_heap *z, struct chunk *chunk, struct chunk *right,
                                     uint32_t units, uint32_t left_units, uint32_t right_units)
{
    struct chunk *left = chunk_left_by(chunk, left_units);

    chunk_set_free(chunk, units);
    if (indexed(left_units)) {
        bin_remove(z, left, left_units);
    }
    if (indexed(right_units)) {
        bin_remove(z, right, right_units);
    }
    file(z, left, left_units + units + right_units);
}

/* Both neighbours are free; without short cuts: any of them. */
static NOT_INLINE void merge_both(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t left_units = chunk_left_units(chunk);
    struct chunk *left = chunk_left_by(chunk, left_units);
    struct chunk *right = chunk_right_by(chunk, units);
    int32_t right_free;

    chunk_set_free(chunk, units);
    if (SHORT_CUTS || chunk_free(left)) {
        units += left_units;
        remove_here(z, left, left_units);
        chunk = left;
    }
    right_free = chunk_free_or_negative(right);
    if (right_free == 0) {
        set_top(z, chunk);
        return;
    }
    if (SHORT_CUTS || right_free > 0) {
        units += (uint32_t)right_free;
        remove_here(z, right, (uint32_t)right_free);
    }
    file(z, chunk, units);
}

/* At least one neighbour is free: `left` and `right` are their units, negative if in use. Where the
 * case is frequent, bins have a way of their own. */
static ALWAYS_INLINE void merge(struct z_heap *z, struct chunk *chunk, struct chunk *right_chunk,
                                uint32_t units, int32_t left, int32_t right, bool frequent)
{
    KEEP_IN_REGISTER(z);
    if (!SHORT_CUTS) {
        merge_both(z, chunk, units);
    } else if (left >= 0) {
        if (frequent && (uint32_t)right - 1 < HEAP_CLASS_SPAN - 1 && left < HEAP_CLASS_SPAN) {
            merge_bins(z, chunk, right_chunk, units, (uint32_t)left, (uint32_t)right);
        } else if (right >= 0) {
            merge_both(z, chunk, units);
        } else if (left < HEAP_CLASS_SPAN) {
            merge_left(z, chunk, units);
        } else {
            merge_left_large(z, chunk, units);
        }
    } else if (right == 0) {
        set_top(z, chunk);
    } else if (right < HEAP_CLASS_SPAN) {
        merge_right(z, chunk, units);
    } else {
        merge_right_large(z, chunk, units);
    }
}

NOT_INLINE void free_at_once(struct sys_heap *heap, void *mem)
{
    struct z_heap *z = heap->heap;
    struct chunk *chunk = mem;
    uint32_t link = link_or_nonsense((uintptr_t)mem - (uintptr_t)z);
    struct chunk *right;
    uint32_t units;
    int32_t left_free;
    int32_t right_free;

    KEEP_IN_REGISTER(link);
    if (z == NULL || !block_valid(z, chunk, link)) {
        if (mem == NULL) {
            return;
        }
        check_failed(heap, mem);
    }
    units = chunk_used_units(chunk);
    right = chunk_right_by(chunk, units);
    left_free = chunk_free_or_negative(chunk_left_by(chunk, chunk_left_units(chunk)));
    right_free = chunk_free_or_negative(right);
    if ((left_free & right_free) >= 0) {
        merge(z, chunk, right, units, left_free, right_free, false);
    } else {
        chunk_set_free(chunk, units);
        insert_here(z, chunk, units);
    }
    account_loss(heap, mem, units);
}

/* A longer block, whose length stays inside the heap. */
static ALWAYS_INLINE void free_large(struct sys_heap *heap, struct z_heap *z, struct chunk *chunk,
                                     struct chunk *right, uint32_t units)
{
    uint32_t left_units = chunk_left_units(chunk);
    int32_t left_free = chunk_free_or_negative(chunk_left_by(chunk, left_units));
    int32_t right_free = chunk_free_or_negative(right);

    if (chunk_left_units(right) != units) {
        check_failed(heap, chunk);
    }
    if ((left_free & right_free) < 0) {
        chunk_set_free(chunk, units);
        large_insert(z, chunk, units);
    } else if (left_free < 0 || left_free == (int32_t)left_units) {
        merge(z, chunk, right, units, left_free, right_free, false);
    } else {
        check_failed(heap, chunk);
    }
}

/* The common cases in one pass: a block that is well inside the heap. Others, and all where code is
 * to be short or much is checked, are looked at closely. */
static ALWAYS_INLINE void free_block(struct sys_heap *heap, void *mem)
{
    struct z_heap *z = heap->heap;
    struct chunk *chunk = mem;
    uintptr_t distance = (uintptr_t)mem - (uintptr_t)z;

    KEEP_IN_REGISTER(heap);
    KEEP_IN_REGISTER(chunk);
    if (SHORT_CUTS && HARDENING == 1 && link_or_nonsense(distance) < heap->bin_end) {
        uint32_t units = chunk_used_units(chunk);
        struct chunk *right = chunk_right_by(chunk, units);

        KEEP_IN_REGISTER(right);
        if (units - 1 >= HEAP_CLASS_SPAN - 1) {
            if (units - 1 >= z->end - link_or_nonsense(distance)) {
                check_failed(heap, chunk);
            }
            free_large(heap, z, chunk, right, units);
        } else if (chunk_left_units(right) == units) {
            uint32_t left_units = chunk_left_units(chunk);
            struct chunk *left = chunk_left_by(chunk, left_units);
            int32_t left_free = chunk_free_or_negative(left);
            int32_t right_free = chunk_free_or_negative(right);

            if ((left_free & right_free) < 0) {
                chunk_set_free(chunk, units);
                bin_push_link(z, chunk, units, (uint32_t)(distance / HEAP_UNIT_BYTES));
            } else if (left_free < 0 || left_free == (int32_t)left_units) {
                merge(z, chunk, right, units, left_free, right_free, true);
            } else {
                check_failed(heap, chunk);
            }
        } else {
            check_failed(heap, chunk);
        }
        account_loss(heap, mem, units);
    } else {
        free_at_once(heap, chunk);
    }
}

void sys_heap_free(struct sys_heap *heap, void *mem)
{
    harden_operation(heap);
    if (POISON && mem != NULL) {
        poison(mem, check_block(heap, mem));
    }
#if QUARANTINE > 0
    mem = mem == NULL ? NULL : quarantine_swap(heap, mem);
#endif
    free_block(heap, mem);
}
