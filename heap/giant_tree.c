/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#if HEAP_LINK_BYTES == 4

#include "../lib/trips.h"
#include "giant_tree.h"

void giants_init(struct z_heap *z)
{
    z->giants = 0;
}

/* The child on the path of `key`, whose highest bit decides. */
static uint32_t branch(uint32_t key)
{
    return key >> 31;
}

static void ring_insert(struct z_heap *z, struct chunk *chunk, uint32_t node_link)
{
    uint32_t link = link_of(z, chunk);
    uint32_t next = chunk_at(z, node_link)->next;

    chunk->sizes = 0;
    chunk_set_links(chunk, next, node_link);
    chunk_at(z, next)->prev = link;
    chunk_at(z, node_link)->next = link;
}

static void make_leaf(struct z_heap *z, struct chunk *chunk, uint32_t parent)
{
    uint32_t link = link_of(z, chunk);

    chunk->sizes = 1;
    chunk_set_links(chunk, link, link);
    chunk->slot[TREE_LOW] = 0;
    chunk->slot[TREE_HIGH] = 0;
    chunk->slot[TREE_PARENT] = parent;
}

void giant_insert(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t key = units << TREE_KEY_SHIFT;
    uint32_t parent = 0;
    link_t *place = &z->giants;

    z->classes |= MAP_BIT(class_count(z));
    while (*place != 0) {
        TRIPS_AT_MOST(depth, TREE_DEPTH);
        struct chunk *node = chunk_at(z, *place);

        if (chunk_free_units(node) == units) {
            ring_insert(z, chunk, *place);
            return;
        }
        parent = *place;
        place = &node->slot[branch(key)];
        key <<= 1;
    }
    *place = link_of(z, chunk);
    make_leaf(z, chunk, parent);
}

/* Where the link to `node` is kept: in its parent or the control block. */
static link_t *place_of(struct z_heap *z, struct chunk *node)
{
    struct chunk *parent = chunk_at(z, node->slot[TREE_PARENT]);
    uint32_t link = link_of(z, node);

    if (node->slot[TREE_PARENT] == 0) {
        return &z->giants;
    }
    return &parent->slot[parent->slot[TREE_LOW] == link ? TREE_LOW : TREE_HIGH];
}

/* Puts `heir` where `node` is in the tree. */
static void succeed(struct z_heap *z, struct chunk *node, struct chunk *heir)
{
    uint32_t link = link_of(z, heir);

    *place_of(z, node) = link;
    heir->sizes = 1;
    for (unsigned i = TREE_LOW; i <= TREE_PARENT; i++) {
        TRIPS_AT_MOST(slots, 3);
        heir->slot[i] = node->slot[i];
    }
    for (unsigned i = TREE_LOW; i <= TREE_HIGH; i++) {
        TRIPS_AT_MOST(slots, 2);
        if (heir->slot[i] != 0) {
            chunk_at(z, heir->slot[i])->slot[TREE_PARENT] = link;
        }
    }
}

/* Any leaf below `node` may take its place: its bits lead through there, too. */
static struct chunk *detach_leaf(struct z_heap *z, struct chunk *node)
{
    while ((node->slot[TREE_LOW] | node->slot[TREE_HIGH]) != 0) {
        TRIPS_AT_MOST(depth, TREE_DEPTH);
        uint32_t high = node->slot[TREE_HIGH];

        node = chunk_at(z, high != 0 ? high : node->slot[TREE_LOW]);
    }
    *place_of(z, node) = 0;
    return node;
}

static void ring_remove(struct z_heap *z, struct chunk *chunk)
{
    uint32_t link = link_of(z, chunk);

    if (HARDENING >= 2) {
        ASSERT(link_points_back(z, chunk->next, false, link) &&
                   link_points_back(z, chunk->prev, true, link),
               "H6 links of a free chunk are damaged, written after free?", z, chunk);
    }
    chunk_at(z, chunk->next)->prev = chunk->prev;
    chunk_at(z, chunk->prev)->next = chunk->next;
}

void giant_remove(struct z_heap *z, struct chunk *chunk)
{
    uint32_t next = chunk->next;

    ring_remove(z, chunk);
    if (chunk->sizes == 0) {
        return;
    }
    if (next != link_of(z, chunk)) {
        succeed(z, chunk, chunk_at(z, next));
        return;
    }
    struct chunk *leaf = detach_leaf(z, chunk);

    if (leaf != chunk) {
        succeed(z, chunk, leaf);
    }
    if (z->giants == 0) {
        z->classes ^= MAP_BIT(class_count(z));
    }
}

void giant_extend(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    giant_remove(z, chunk);
    giant_insert(z, chunk, units);
}

static struct chunk *smaller(struct chunk *a, struct chunk *b)
{
    return a == NULL || chunk_free_units(b) < chunk_free_units(a) ? b : a;
}

struct chunk *giant_find(const struct z_heap *z, uint32_t units)
{
    uint32_t key = units << TREE_KEY_SHIFT;
    uint32_t link = z->giants;
    uint32_t later = 0; /* the lowest tree so far that holds larger sizes only */
    struct chunk *best = NULL;

    while (link != 0) {
        TRIPS_AT_MOST(depth, TREE_DEPTH);
        struct chunk *node = chunk_at(z, link);

        if (chunk_free_units(node) >= units) {
            best = smaller(best, node);
        }
        if (branch(key) == TREE_LOW && node->slot[TREE_HIGH] != 0) {
            later = node->slot[TREE_HIGH];
        }
        link = node->slot[branch(key)];
        key <<= 1;
    }
    for (link = later; link != 0;) {
        TRIPS_AT_MOST(depth, TREE_DEPTH);
        struct chunk *node = chunk_at(z, link);

        best = smaller(best, node);
        link = node->slot[node->slot[TREE_LOW] != 0 ? TREE_LOW : TREE_HIGH];
    }
    return best == NULL ? NULL : chunk_at(z, best->next);
}

struct chunk *giant_small(const struct z_heap *z)
{
    return giant_find(z, 0);
}

uint32_t giant_largest(const struct z_heap *z)
{
    uint32_t largest = 0;
    uint32_t link = z->giants;

    while (link != 0) {
        TRIPS_AT_MOST(depth, TREE_DEPTH);
        const struct chunk *node = chunk_at(z, link);

        largest = MAX(largest, chunk_free_units(node));
        link = node->slot[node->slot[TREE_HIGH] != 0 ? TREE_HIGH : TREE_LOW];
    }
    return largest;
}

/* Whether the bits of `units` lead to the node at `wanted`. */
static bool leads_to(const struct z_heap *z, uint32_t units, uint32_t wanted)
{
    uint32_t key = units << TREE_KEY_SHIFT;
    uint32_t link = z->giants;

    for (unsigned depth = 0; link != 0 && link < z->end && depth <= 32; depth++) {
        if (link == wanted) {
            return true;
        }
        link = chunk_at(z, link)->slot[branch(key)];
        key <<= 1;
    }
    return false;
}

/* The ring through the node at `first`; counts it down from *chunks. */
static bool ring_valid(const struct z_heap *z, uint32_t first, uint32_t *chunks)
{
    uint32_t link = first;
    uint32_t units = chunk_units(chunk_at(z, first));

    do {
        const struct chunk *chunk = chunk_at(z, link);

        if (*chunks == 0 || !chunk_free(chunk) || chunk_free_units(chunk) != units ||
            chunk->sizes != (link == first) || !link_points_back(z, chunk->next, false, link)) {
            return false;
        }
        --*chunks;
        link = chunk->next;
    } while (link != first);
    return true;
}

/* The node after `link` in the order node, low tree, high tree; 0 after the last. */
static uint32_t next_node(const struct z_heap *z, uint32_t link)
{
    const struct chunk *node = chunk_at(z, link);

    if ((node->slot[TREE_LOW] | node->slot[TREE_HIGH]) != 0) {
        return node->slot[node->slot[TREE_LOW] != 0 ? TREE_LOW : TREE_HIGH];
    }
    while (node->slot[TREE_PARENT] != 0) {
        const struct chunk *parent = chunk_at(z, node->slot[TREE_PARENT]);

        if (parent->slot[TREE_LOW] == link && parent->slot[TREE_HIGH] != 0) {
            return parent->slot[TREE_HIGH];
        }
        link = node->slot[TREE_PARENT];
        node = parent;
    }
    return 0;
}

bool giants_valid(const struct z_heap *z, uint32_t lowest, uint32_t *chunks)
{
    for (uint32_t link = z->giants; link != 0; link = next_node(z, link)) {
        uint32_t units = link < z->end ? chunk_units(chunk_at(z, link)) : 0;

        if (units < lowest || !leads_to(z, units, link) || !ring_valid(z, link, chunks)) {
            return false;
        }
    }
    return ((z->classes & MAP_BIT(class_count(z))) != 0) == (z->giants != 0);
}

#endif
