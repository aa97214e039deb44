/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks become free space again, joined with what is free beside them. */
#include "account.h"
#include "check.h"
#include "free.h"
#include "free_index.h"

/* Writes both ends of a free chunk. */
static inline void mark(struct chunk *chunk, uint32_t units)
{
    uint32_t size = units + CHUNK_FREE;

    KEEP_IN_REGISTER(size);
    chunk_set_left_units(chunk_right_by(chunk, units), units);
    chunk_header(chunk)->size = (link_t)size;
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
    chunk_set_free(chunk, 0);
    mark(left, units + left_units);
    large_extend(z, left, left_units, units + left_units);
}

/* Only the left neighbour is free, and of a bin's size. */
static NOT_INLINE void merge_left(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t left_units = chunk_left_units(chunk);
    struct chunk *left = chunk_left_by(chunk, left_units);

    chunk_set_free(chunk, 0);
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

/* Both neighbours are free; without short cuts: any of them. */
static NOT_INLINE void merge_both(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t left_units = chunk_left_units(chunk);
    struct chunk *left = chunk_left_by(chunk, left_units);
    struct chunk *right = chunk_right_by(chunk, units);

    chunk_set_free(chunk, 0);
    if (SHORT_CUTS || chunk_free(left)) {
        units += left_units;
        remove_here(z, left, left_units);
        chunk = left;
    }
    if (right == top_chunk(z)) {
        set_top(z, chunk);
        return;
    }
    if (SHORT_CUTS || chunk_free(right)) {
        uint32_t right_units = chunk_free_units(right);

        units += right_units;
        remove_here(z, right, right_units);
    }
    file(z, chunk, units);
}

/* At least one neighbour is free: `left_sign` and `right_sign` say which, and how long it is. */
static ALWAYS_INLINE void merge(struct z_heap *z, struct chunk *chunk, uint32_t units,
                                int32_t left_sign, int32_t right_sign)
{
    int32_t large = chunk_sign_of_free(HEAP_CLASS_SPAN);

    if (!SHORT_CUTS) {
        merge_both(z, chunk, units);
    } else if (left_sign < 0) {
        if (right_sign < 0) {
            merge_both(z, chunk, units);
        } else if (left_sign < large) {
            merge_left(z, chunk, units);
        } else {
            merge_left_large(z, chunk, units);
        }
    } else if (chunk_right_by(chunk, units) == top_chunk(z)) {
        set_top(z, chunk);
    } else if (right_sign < large) {
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
    uint32_t units;
    int32_t left_sign;
    int32_t right_sign;

    KEEP_IN_REGISTER(link);
    if (!block_valid(z, chunk, link)) {
        if (mem == NULL) {
            return;
        }
        check_failed(heap, mem);
    }
    units = chunk_used_units(chunk);
    left_sign = chunk_sign(chunk_left_by(chunk, chunk_left_units(chunk)));
    right_sign = chunk_sign(chunk_right_by(chunk, units));
    if (!SHORT_CUTS || (left_sign | right_sign) < 0) {
        merge(z, chunk, units, left_sign, right_sign);
    } else {
        chunk_set_free(chunk, units);
        insert_here(z, chunk, units);
    }
    account_loss(heap, mem, units);
}

/* A block beyond the bins' sizes, whose length stays inside the heap. */
static ALWAYS_INLINE void free_large(struct sys_heap *heap, struct z_heap *z, struct chunk *chunk,
                                     uint32_t units)
{
    struct chunk *right = chunk_right_by(chunk, units);
    uint32_t left_units = chunk_left_units(chunk);
    struct chunk *left = chunk_left_by(chunk, left_units);
    int32_t left_sign = chunk_sign(left);
    int32_t right_sign = chunk_sign(right);

    if (chunk_left_units(right) != units) {
        check_failed(heap, chunk);
    }
    if ((left_sign | right_sign) >= 0) {
        chunk_set_free(chunk, units);
        large_insert(z, chunk, units);
    } else if (left_sign >= 0 || left_sign == chunk_sign_of_free(left_units)) {
        merge(z, chunk, units, left_sign, right_sign);
    } else {
        check_failed(heap, chunk);
    }
}

/*
 * The common cases in one pass: a block that is well inside the heap. Others are looked at closely.
 */
static ALWAYS_INLINE void free_block(struct sys_heap *heap, void *mem)
{
    struct z_heap *z = heap->heap;
    struct chunk *chunk = mem;
    uintptr_t distance = (uintptr_t)mem - (uintptr_t)z;

    KEEP_IN_REGISTER(heap);
    KEEP_IN_REGISTER(chunk);
    if (HARDENING == 1 && link_or_nonsense(distance) < heap->bin_end) {
        uint32_t units = chunk_used_units(chunk);
        struct chunk *right = chunk_right_by(chunk, units);

        if (units - 1 >= HEAP_CLASS_SPAN - 1) {
            if (SHORT_CUTS && units - 1 < z->end - link_or_nonsense(distance)) {
                free_large(heap, z, chunk, units);
                account_loss(heap, mem, units);
                return;
            }
        } else if (chunk_left_units(right) == units) {
            uint32_t left_units = chunk_left_units(chunk);
            struct chunk *left = chunk_left_by(chunk, left_units);
            int32_t left_sign = chunk_sign(left);
            int32_t right_sign = chunk_sign(right);

            KEEP_IN_REGISTER(left_sign);
            if ((left_sign | right_sign) >= 0) {
                chunk_set_free(chunk, units);
                bin_push_link(z, chunk, units, (uint32_t)(distance / HEAP_UNIT_BYTES));
                account_loss(heap, mem, units);
                return;
            }
            if (!SHORT_CUTS && left_sign >= 0 && right == top_chunk(z)) {
                set_top(z, chunk);
                account_loss(heap, mem, units);
                return;
            }
            if (SHORT_CUTS && (left_sign >= 0 || left_sign == chunk_sign_of_free(left_units))) {
                merge(z, chunk, units, left_sign, right_sign);
                account_loss(heap, mem, units);
                return;
            }
            if (SHORT_CUTS) {
                check_failed(heap, chunk);
            }
        }
    }
    free_at_once(heap, chunk);
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
