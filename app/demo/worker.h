/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that compute the CRC of lines, each at a priority of its own. */
#pragma once

#include "message.h"

#define WORKERS 3u

void workers_start(int first_priority);

/* Gives a message to whichever worker is first. */
void workers_submit(struct message *message);

/* Lines that worker `index` has done. */
uint32_t worker_lines(unsigned index);
