/* SPDX-License-Identifier: Apache-2.0 */
/* The message queue that looks, then waits. */
#define k_msgq_init      late_k_msgq_init
#define k_msgq_put       late_k_msgq_put
#define k_msgq_put_front late_k_msgq_put_front
#define k_msgq_get       late_k_msgq_get
#define k_msgq_peek      late_k_msgq_peek
#define k_msgq_peek_at   late_k_msgq_peek_at
#define k_msgq_purge     late_k_msgq_purge
#define k_msgq_get_attrs late_k_msgq_get_attrs

#include "late.h"

#include "../../kernel/msgq.c"

#include "seeded.h"

const struct msgq_calls msgq_calls_late = {k_msgq_put, k_msgq_get};
