/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chunks of HEAP_CLASS_SPAN units and more.
 *
 * Class i, from 1, spans the 32 sizes from 32 * i. Which of them exist and the first chunk of each
 * stands in a table inside one of the class's own free chunks, its host: the table needs no memory
 * of its own, and an empty class needs no table. The first chunk of a size is its head; others of
 * the size are listed behind it and come and go without touching the table. A head that is the only
 * one of its size has no links, a giant (giants.h) always has one.
 */
#pragma once

#include "free_index.h"

static inline uint32_t class_of(uint32_t units)
{
    return units / HEAP_CLASS_SPAN;
}

static inline uint32_t step_of(uint32_t units)
{
    return units % HEAP_CLASS_SPAN;
}

static inline struct chunk *class_host(const struct z_heap *z, uint32_t class)
{
    return chunk_at(z, z->root[class - 1]);
}

/* Makes `host` the host of a class, with the table of `old` and the map `sizes`. */
static inline void class_move_table(struct z_heap *z, uint32_t class, uint32_t host_link,
                                    const struct chunk *old, bit_map_t sizes)
{
    struct chunk *host = chunk_at(z, host_link);

    z->root[class - 1] = (link_t)host_link;
    host->sizes = sizes;
    host->piece[0] = old->piece[0];
    if (TABLE_PIECES > 1) {
        host->piece[TABLE_PIECES / 2] = old->piece[TABLE_PIECES / 2];
    }
    if (TABLE_PIECES == 4) {
        host->piece[TABLE_PIECES / 4] = old->piece[TABLE_PIECES / 4];
        host->piece[TABLE_PIECES - 1] = old->piece[TABLE_PIECES - 1];
    }
}

/* Takes out a chunk that is the only one of its size. */
static inline void class_remove_only(struct z_heap *z, struct chunk *chunk, uint32_t class,
                                     uint32_t step)
{
    struct chunk *host = class_host(z, class);
    bit_map_t sizes = host->sizes ^ MAP_BIT(step);

    harden_unlink(z, chunk, host->slot[step], 0);
    if (sizes == 0) {
        z->root[class - 1] = 0;
        z->classes ^= MAP_BIT(class - 1);
    } else if (host != chunk) {
        host->sizes = sizes;
    } else {
        class_move_table(z, class, host->slot[map_first(sizes)], host, sizes);
    }
}

/* Takes out one of several of a size. */
static inline void class_remove_equal(struct z_heap *z, struct chunk *chunk, uint32_t class,
                                      uint32_t step)
{
    uint32_t next = chunk->next;
    uint32_t prev = chunk->prev;
    struct chunk *host;

    harden_unlink(z, chunk, class_host(z, class)->slot[step], 0);
    chunk_at(z, next)->prev = (link_t)prev;
    if (prev != 0) {
        chunk_at(z, prev)->next = (link_t)next;
        return;
    }
    host = class_host(z, class);
    host->slot[step] = (link_t)next;
    if (host == chunk) {
        class_move_table(z, class, next, host, host->sizes);
    }
}

/* Puts `chunk` second among those of its size. */
static inline void class_insert_second(struct z_heap *z, struct chunk *chunk, uint32_t head)
{
    uint32_t link = link_of(z, chunk);
    uint32_t next = chunk_at(z, head)->next;

    chunk_set_links(chunk, next, head);
    chunk_at(z, next)->prev = (link_t)link;
    chunk_at(z, head)->next = (link_t)link;
}

static inline void class_insert(struct z_heap *z, struct chunk *chunk, uint32_t class,
                                uint32_t step)
{
    uint32_t link = link_of(z, chunk);
    uint32_t root = z->root[class - 1];
    struct chunk *host = chunk_at(z, root);

    if (root == 0) {
        z->root[class - 1] = (link_t)link;
        z->classes |= MAP_BIT(class - 1);
        chunk->sizes = MAP_BIT(step);
        chunk->slot[step] = (link_t)link;
        chunk_set_links(chunk, 0, 0);
    } else if ((host->sizes << step & MAP_BIT(0)) != 0) {
        class_insert_second(z, chunk, host->slot[step]);
    } else {
        host->sizes |= MAP_BIT(step);
        host->slot[step] = (link_t)link;
        chunk_set_links(chunk, 0, 0);
    }
}

/* Lets the only chunk of one size be the only one of another; false if that has some already. The
 * table stays where it is, also in the chunk itself. */
static inline bool class_move_step(struct z_heap *z, struct chunk *chunk, uint32_t class,
                                   uint32_t from, uint32_t to)
{
    struct chunk *host = class_host(z, class);

    if ((host->sizes << to & MAP_BIT(0)) != 0) {
        return false;
    }
    host->sizes ^= MAP_BIT(from) | MAP_BIT(to);
    host->slot[to] = (link_t)link_of(z, chunk);
    return true;
}

/* Takes a chunk of a size that exists: the second one if there is, whose absence no table notes. */
static inline struct chunk *class_take(struct z_heap *z, uint32_t class, uint32_t step)
{
    uint32_t head_link = class_host(z, class)->slot[step];
    struct chunk *head = chunk_at(z, head_link);
    uint32_t second = head->next;

    if (!SHORT_CUTS) {
        struct chunk *chunk = second == 0 ? head : chunk_at(z, second);

        large_remove(z, chunk, class * HEAP_CLASS_SPAN + step);
        return chunk;
    }
    if (second == 0) {
        class_remove_only(z, head, class, step);
        return head;
    }
    harden_unlink(z, chunk_at(z, second), head_link, 0);
    head->next = chunk_at(z, second)->next;
    chunk_at(z, head->next)->prev = (link_t)head_link;
    return chunk_at(z, second);
}
