/* SPDX-License-Identifier: Apache-2.0 */
/* The queue that looks, then waits. */
#define k_queue_append        late_k_queue_append
#define k_queue_prepend       late_k_queue_prepend
#define k_queue_insert        late_k_queue_insert
#define k_queue_alloc_append  late_k_queue_alloc_append
#define k_queue_alloc_prepend late_k_queue_alloc_prepend
#define k_queue_append_list   late_k_queue_append_list
#define k_queue_merge_slist   late_k_queue_merge_slist
#define k_queue_get           late_k_queue_get
#define k_queue_cancel_wait   late_k_queue_cancel_wait
#define k_queue_remove        late_k_queue_remove
#define k_queue_unique_append late_k_queue_unique_append
#define k_queue_peek_head     late_k_queue_peek_head
#define k_queue_peek_tail     late_k_queue_peek_tail
#define k_queue_init          late_k_queue_init

#include "late.h"

#include "../../kernel/queue.c"

#include "seeded.h"

const struct queue_calls queue_calls_late = {k_queue_get, k_queue_append};
