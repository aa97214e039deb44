/* SPDX-License-Identifier: Apache-2.0 */
#include "search.h"

#include <stdlib.h>

#include "snapshot.h"

#define DEPTH_MAX   4096
#define STACK_BYTES 65536
/* A power of two, twice the states or more. */
#define SEEN_SIZE (UINT32_C(1) << (IS_ENABLED(CONFIG_EXPLORE_LARGE) ? 25 : 23))

enum news {
    BEGINS,
    CHOOSES, /* between alternatives */
    ENDS,
};

struct node {
    struct snapshot snapshot;
    uint16_t choice;
    uint16_t count;
};

/* From malloc: going back to an earlier moment does not undo it. */
static struct search {
    ucontext_t registers;
    enum news news;
    unsigned states_max;
    struct exploration found;
    bool over;
    uint64_t salt; /* of this search, so that earlier ones need not be forgotten */
    unsigned seen_count;
    unsigned depth;
    struct snapshot root;
    struct node nodes[DEPTH_MAX];
    char stack[STACK_BYTES] __aligned(16);
    uint64_t seen[SEEN_SIZE];
} * searching;

void search_begin(void)
{
    if (searching == NULL) {
        searching = calloc(1, sizeof(*searching));
    }
    snapshots_begin();
}

/* True when the state is new. */
static bool note_state(uint64_t hash)
{
    uint64_t *seen = searching->seen;
    uint32_t at;

    hash = hash_number(hash, searching->salt);
    hash |= hash == 0;
    at = (uint32_t)hash % SEEN_SIZE;
    while (seen[at] != 0) {
        if (seen[at] == hash) {
            return false;
        }
        at = (at + 1) % SEEN_SIZE;
    }
    seen[at] = hash;
    searching->seen_count++;
    searching->found.states++;
    return true;
}

/* The next alternative of the latest choice that has one; NULL: there is none. */
static struct node *next_alternative(void)
{
    while (searching->depth > 0) {
        struct node *node = &searching->nodes[searching->depth - 1];

        if (node->choice + 1u < node->count) {
            node->choice++;
            return node;
        }
        searching->depth--;
    }
    return NULL;
}

static const struct snapshot *where_to_go_on(void)
{
    struct exploration *found = &searching->found;
    struct node *node = NULL;

    if (searching->news == BEGINS) {
        snapshot_take(&searching->root);
        return &searching->root;
    }
    if (searching->news == CHOOSES) {
        node = &searching->nodes[searching->depth - 1];
        snapshot_take(&node->snapshot);
        return &node->snapshot;
    }
    found->runs++;
    if (found->broken == NULL && found->states < searching->states_max) {
        node = next_alternative();
        found->complete = node == NULL;
    }
    searching->over = node == NULL;
    return node == NULL ? &searching->root : &node->snapshot;
}

/* On a stack of its own. */
static void conduct(void)
{
    const struct snapshot *moment;

    snapshot_arrive();
    moment = where_to_go_on();
    if (searching->news == ENDS) {
        snapshot_resume(moment);
    }
    snapshot_go_on(moment);
}

/* Returns at `moment`, once or again and again. */
static void report(enum news news, ucontext_t *moment)
{
    (void)getcontext(&searching->registers);
    searching->registers.uc_stack.ss_sp = searching->stack;
    searching->registers.uc_stack.ss_size = sizeof(searching->stack);
    makecontext(&searching->registers, conduct, 0);
    searching->news = news;
    snapshot_leave(moment, &searching->registers);
}

static void end_run(void)
{
    static ucontext_t nowhere;

    report(ENDS, &nowhere);
}

unsigned search_choose(uint64_t hash, unsigned count)
{
    struct node *node = &searching->nodes[searching->depth];

    if (!note_state(hash)) {
        end_run();
    }
    if (count == 1) {
        return 0;
    }
    search_stop_if(searching->depth == DEPTH_MAX - 1 ? "a run does not end" : NULL);
    node->choice = 0;
    node->count = (uint16_t)count;
    searching->depth++;
    report(CHOOSES, &node->snapshot.registers);
    return searching->nodes[searching->depth - 1].choice;
}

void search_stop_if(const char *broken)
{
    if (broken != NULL) {
        searching->found.broken = broken;
        end_run();
    }
}

struct exploration search(void (*run)(void), unsigned states_max)
{
    searching->found = (struct exploration){NULL, 0, 0, false};
    searching->states_max = states_max;
    searching->over = false;
    searching->depth = 0;
    searching->salt++;
    report(BEGINS, &searching->root.registers);
    if (!searching->over) {
        run();
        end_run();
    }
    return searching->found;
}

void search_print_choices(void)
{
    printk("#   choices:");
    for (unsigned i = 0; i < searching->depth; i++) {
        printk(" %u/%u", searching->nodes[i].choice, searching->nodes[i].count);
    }
    printk("\n");
}
