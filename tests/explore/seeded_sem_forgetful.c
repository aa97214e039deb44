/* SPDX-License-Identifier: Apache-2.0 */
/* The semaphore whose unit dies with the thread to which it was handed. */
#define k_sem_init  forgetful_k_sem_init
#define k_sem_take  forgetful_k_sem_take
#define k_sem_give  forgetful_k_sem_give
#define k_sem_reset forgetful_k_sem_reset

#include "../../kernel/pend.h"

static inline int pend_without_request(unsigned key, _wait_q_t *wait_q, k_timeout_t timeout,
                                       void (*expired)(struct timeout *))
{
    return pend(key, wait_q, NULL, timeout, expired);
}

#define pend(key, wait_q, request, timeout, expired)                                               \
    (ARG_UNUSED(request), pend_without_request(key, wait_q, timeout, expired))

#include "../../kernel/sem.c"

#include "seeded.h"

const struct sem_calls sem_calls_forgetful = {k_sem_take, k_sem_give};
