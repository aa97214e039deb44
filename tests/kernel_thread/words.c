/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked about threads: names, states, the list. */
#include <errno.h>
#include <string.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

static K_SEM_DEFINE(sem, 0, 10);

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), 5);
}

ZTEST_SUITE(thread_words, NULL, NULL, before, workers_end, NULL);

static void pend(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_sem_take(&sem, K_FOREVER);
}

static void sleep(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    k_sleep(K_FOREVER);
}

ZTEST(thread_words, name_is_kept_and_cut)
{
    char longer[2 * CONFIG_THREAD_MAX_NAME_LEN];

    worker_start(0, pend, NULL, NULL, 4, K_NO_WAIT);
    zassert_str_equal(k_thread_name_get(worker(0)), "");
    zassert_ok(k_thread_name_set(worker(0), "a name"));
    zassert_str_equal(k_thread_name_get(worker(0)), "a name");
    memset(longer, 'x', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    zassert_ok(k_thread_name_set(worker(0), longer));
    zassert_equal(strlen(k_thread_name_get(worker(0))), CONFIG_THREAD_MAX_NAME_LEN - 1);
    zassert_ok(k_thread_name_set(NULL, "me"));
    zassert_str_equal(k_thread_name_get(k_current_get()), "me");
}

ZTEST(thread_words, name_is_copied_whole_or_not)
{
    char buffer[8] = "-------";

    k_thread_name_set(k_current_get(), "seven77");
    zassert_equal(k_thread_name_copy(k_current_get(), buffer, 7), -ENOSPC);
    zassert_str_equal(buffer, "-------");
    zassert_ok(k_thread_name_copy(k_current_get(), buffer, 8));
    zassert_str_equal(buffer, "seven77");
    zassert_equal(k_thread_name_copy(NULL, buffer, 8), -EINVAL);
}

static const char *state_of(k_tid_t thread)
{
    static char buffer[40];

    return k_thread_state_str(thread, buffer, sizeof(buffer));
}

ZTEST(thread_words, states)
{
    zassert_str_equal(state_of(k_current_get()), "queued");
    worker_start(0, pend, NULL, NULL, 4, K_NO_WAIT);
    zassert_str_equal(state_of(worker(0)), "pending");
    k_thread_suspend(worker(0));
    zassert_str_equal(state_of(worker(0)), "pending+suspended");
    k_thread_resume(worker(0));
    worker_start(1, sleep, NULL, NULL, 4, K_NO_WAIT);
    zassert_str_equal(state_of(worker(1)), "sleeping");
    worker_start(2, sleep, NULL, NULL, 6, K_NO_WAIT);
    zassert_str_equal(state_of(worker(2)), "queued");
    k_thread_suspend(worker(2));
    zassert_str_equal(state_of(worker(2)), "suspended");
    k_thread_abort(worker(2));
    zassert_str_equal(state_of(worker(2)), "dead");
}

ZTEST(thread_words, state_that_does_not_fit_is_cut)
{
    char buffer[6];
    char none[1] = {'x'};

    worker_start(0, pend, NULL, NULL, 4, K_NO_WAIT);
    k_thread_suspend(worker(0));
    zassert_str_equal(k_thread_state_str(worker(0), buffer, sizeof(buffer)), "pendi");
    zassert_str_equal(k_thread_state_str(worker(0), none, 0), "");
    zassert_equal(none[0], 'x');
}

struct census {
    unsigned count;
    unsigned self;
    unsigned worker_0;
    unsigned worker_1;
};

static void count_thread(const struct k_thread *thread, void *data)
{
    struct census *census = data;

    census->count++;
    census->self += thread == k_current_get();
    census->worker_0 += thread == worker(0);
    census->worker_1 += thread == worker(1);
}

static struct census take_census(void)
{
    struct census census = {0};

    k_thread_foreach(count_thread, &census);
    return census;
}

ZTEST(thread_words, foreach_visits_the_living_once)
{
    struct census start = take_census();
    struct census now;

    zassert_equal(start.self, 1);
    zassert_equal(start.worker_0, 0);
    zassert_true(start.count >= 3, "this thread, main and idle");
    worker_start(0, pend, NULL, NULL, 4, K_NO_WAIT);
    worker_start(1, sleep, NULL, NULL, 4, K_FOREVER);
    now = take_census();
    zassert_equal(now.count, start.count + 2);
    zassert_equal(now.worker_0, 1);
    zassert_equal(now.worker_1, 1);
    k_thread_abort(worker(0));
    now = take_census();
    zassert_equal(now.count, start.count + 1);
    zassert_equal(now.worker_0, 0);
    zassert_equal(now.worker_1, 1);
}
