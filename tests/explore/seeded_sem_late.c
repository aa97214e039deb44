/* SPDX-License-Identifier: Apache-2.0 */
/* The semaphore that looks, then waits. */
#define k_sem_init  late_k_sem_init
#define k_sem_take  late_k_sem_take
#define k_sem_give  late_k_sem_give
#define k_sem_reset late_k_sem_reset

#include "late.h"

#include "../../kernel/sem.c"

#include "seeded.h"

const struct sem_calls sem_calls_late = {k_sem_take, k_sem_give};
