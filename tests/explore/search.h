/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Depth first through everything that a run can choose. Where there is a choice a snapshot is
 * taken; the run goes on with the first alternative, and when it has ended, with the others. It
 * also ends in a state that was seen before.
 */
#pragma once

#include "explore.h"

/* Before the first search, and while all threads that take part exist. */
void search_begin(void);

/* Lets `run` run again and again, until every state is seen, something is broken or there are
 * `states_max` states. Context: a thread. */
struct exploration search(void (*run)(void), unsigned states_max);

/* The number, below `count`, of what comes next in a state with this hash. Context: inside `run`,
 * any thread, interrupts locked; it does not return when the state has been seen. */
unsigned search_choose(uint64_t hash, unsigned count);

/* Ends the search if `broken` is not NULL; then it does not return. Context: as search_choose. */
void search_stop_if(const char *broken);

/* The choices of the last run. */
void search_print_choices(void);
