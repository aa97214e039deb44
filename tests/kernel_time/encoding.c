/* SPDX-License-Identifier: Apache-2.0 */
/* How waits are written: encodings, rounding, saturation, conversion, timepoints. */
#include <zephyr/irq_offload.h>

#include "../ztest/ztest.h"

BUILD_ASSERT(CONFIG_SYS_CLOCK_TICKS_PER_SEC == 300, "the expectations below are for 300 Hz");

ZTEST_SUITE(time_encoding, NULL, NULL, NULL, NULL, NULL);

ZTEST(time_encoding, special_values)
{
    zassert_equal(K_NO_WAIT.ticks, 0);
    zassert_equal(K_FOREVER.ticks, -1);
    zassert_equal(K_TICKS(7).ticks, 7);
    zassert_true(K_TIMEOUT_EQ(K_TICKS(0), K_NO_WAIT));
    zassert_true(K_TIMEOUT_EQ(K_TICKS(K_TICKS_FOREVER), K_FOREVER));
    zassert_false(K_TIMEOUT_EQ(K_TICKS(1), K_TICKS(2)));
}

ZTEST(time_encoding, relative_waits_round_up)
{
    zassert_equal(K_NSEC(1).ticks, 1);
    zassert_equal(K_NSEC(3333333).ticks, 1);
    zassert_equal(K_NSEC(3333334).ticks, 2);
    zassert_equal(K_USEC(1).ticks, 1);
    zassert_equal(K_USEC(3333).ticks, 1);
    zassert_equal(K_USEC(3334).ticks, 2);
    zassert_equal(K_MSEC(1).ticks, 1);
    zassert_equal(K_MSEC(3).ticks, 1);
    zassert_equal(K_MSEC(4).ticks, 2);
    zassert_equal(K_MSEC(10).ticks, 3);
    zassert_equal(K_MSEC(11).ticks, 4);
    zassert_equal(K_SECONDS(2).ticks, 600);
    zassert_equal(K_MINUTES(2).ticks, 36000);
    zassert_equal(K_HOURS(2).ticks, 2160000);
    zassert_equal(K_HOURS(1000000).ticks, INT64_C(1080000000000), "32 bits are not enough");
}

ZTEST(time_encoding, negative_waits_are_none)
{
    zassert_equal(K_NSEC(-1).ticks, 0);
    zassert_equal(K_USEC(-1).ticks, 0);
    zassert_equal(K_MSEC(-1).ticks, 0);
    zassert_equal(K_MSEC(INT64_MIN).ticks, 0);
    zassert_equal(K_SECONDS(-5).ticks, 0);
    zassert_equal(K_HOURS(-5).ticks, 0);
}

ZTEST(time_encoding, endless_waits_saturate)
{
    zassert_equal(K_SECONDS(INT64_MAX).ticks, INT64_MAX);
    zassert_equal(K_SECONDS(INT64_MAX / 299).ticks, INT64_MAX);
    zassert_equal(K_SECONDS(INT64_MAX / 301).ticks, INT64_MAX / 301 * 300);
    zassert_equal(K_MSEC(INT64_MAX).ticks, INT64_C(2767011611056432743));
}

ZTEST(time_encoding, absolute_waits)
{
    zassert_equal(K_TIMEOUT_ABS_TICKS(0).ticks, -2);
    zassert_equal(K_TIMEOUT_ABS_TICKS(10).ticks, -12);
    zassert_equal(K_TIMEOUT_ABS_TICKS(-10).ticks, -2, "before the beginning");
    zassert_equal(K_TIMEOUT_ABS_TICKS(INT64_MIN).ticks, -2);
    zassert_equal(K_TIMEOUT_ABS_TICKS(INT64_MAX - 1).ticks, INT64_MIN);
    zassert_equal(K_TIMEOUT_ABS_TICKS(INT64_MAX).ticks, INT64_MIN);
    zassert_equal(K_TIMEOUT_ABS_NS(1).ticks, -3);
    zassert_equal(K_TIMEOUT_ABS_US(3334).ticks, -4);
    zassert_equal(K_TIMEOUT_ABS_MS(10).ticks, -5);
    zassert_equal(K_TIMEOUT_ABS_MS(-10).ticks, -2);
    zassert_equal(K_TIMEOUT_ABS_SEC(1).ticks, -302);
    zassert_equal(K_TIMEOUT_ABS_SEC(INT64_MAX).ticks, INT64_MIN);
}

ZTEST(time_encoding, conversions_round_as_named)
{
    zassert_equal(k_ms_to_ticks_floor64(11), 3);
    zassert_equal(k_ms_to_ticks_near64(11), 3);
    zassert_equal(k_ms_to_ticks_ceil64(11), 4);
    zassert_equal(k_ms_to_ticks_near64(12), 4);
    zassert_equal(k_ticks_to_ms_floor64(1), 3);
    zassert_equal(k_ticks_to_ms_near64(1), 3);
    zassert_equal(k_ticks_to_ms_ceil64(1), 4);
    zassert_equal(k_ticks_to_ms_near64(2), 7);
    zassert_equal(k_ticks_to_us_floor32(1), 3333);
    zassert_equal(k_ticks_to_us_ceil32(1), 3334);
    zassert_equal(k_ticks_to_ns_floor64(3), 10000000);
    zassert_equal(k_ticks_to_sec_floor32(599), 1);
    zassert_equal(k_ticks_to_sec_ceil32(599), 2);
    zassert_equal(k_sec_to_ticks_floor32(2), 600);
    zassert_equal(k_us_to_ticks_ceil64(0), 0);
}

ZTEST(time_encoding, conversions_of_large_values_are_exact)
{
    /* 2^40 ms: the product with 300 Hz and beyond must not lose bits. */
    zassert_equal(k_ms_to_ticks_floor64(UINT64_C(1) << 40), UINT64_C(329853488332));
    zassert_equal(k_ms_to_ticks_ceil64(UINT64_C(1) << 40), UINT64_C(329853488333));
    zassert_equal(k_ns_to_ticks_floor64(UINT64_C(1) << 63), UINT64_C(2767011611056));
    zassert_equal(k_ticks_to_ns_floor64(UINT64_C(1) << 40), UINT64_C(3665038759253333333));
}

ZTEST(time_encoding, timepoints)
{
    int64_t now;

    k_sleep(K_TICKS(1)); /* the rest happens within a tick */
    now = k_uptime_ticks();
    zassert_equal(sys_timepoint_calc(K_NO_WAIT).tick, 0);
    zassert_equal(sys_timepoint_calc(K_FOREVER).tick, UINT64_MAX);
    zassert_equal(sys_timepoint_calc(K_TICKS(50)).tick, (uint64_t)now + 50);
    zassert_equal(sys_timepoint_calc(K_TIMEOUT_ABS_TICKS(50)).tick, 50);
    zassert_equal(sys_timepoint_calc(K_TICKS(INT64_MAX)).tick, (uint64_t)now + INT64_MAX);
    zassert_equal(sys_timepoint_calc(K_TIMEOUT_ABS_TICKS(INT64_MAX)).tick, (uint64_t)INT64_MAX - 1);
}

ZTEST(time_encoding, timepoint_gives_the_rest)
{
    k_timepoint_t end;

    k_sleep(K_TICKS(2));
    end = sys_timepoint_calc(K_TICKS(20));
    zassert_equal(sys_timepoint_timeout(end).ticks, 20);
    zassert_false(sys_timepoint_expired(end));
    k_sleep(K_TIMEOUT_ABS_TICKS((k_ticks_t)end.tick - 1));
    zassert_equal(sys_timepoint_timeout(end).ticks, 1);
    k_sleep(K_TIMEOUT_ABS_TICKS((k_ticks_t)end.tick));
    zassert_true(K_TIMEOUT_EQ(sys_timepoint_timeout(end), K_NO_WAIT));
    zassert_true(sys_timepoint_expired(end));
    zassert_true(K_TIMEOUT_EQ(sys_timepoint_timeout(sys_timepoint_calc(K_FOREVER)), K_FOREVER));
    zassert_false(sys_timepoint_expired(sys_timepoint_calc(K_FOREVER)));
    zassert_true(sys_timepoint_expired(sys_timepoint_calc(K_NO_WAIT)));
    zassert_equal(sys_timepoint_timeout(sys_timepoint_calc(K_TICKS(INT64_MAX))).ticks, INT64_MAX);
}

ZTEST(time_encoding, timepoints_compare)
{
    k_timepoint_t a = sys_timepoint_calc(K_TICKS(5));
    k_timepoint_t b = sys_timepoint_calc(K_TICKS(6));

    zassert_true(sys_timepoint_cmp(a, b) < 0);
    zassert_true(sys_timepoint_cmp(b, a) > 0);
    zassert_equal(sys_timepoint_cmp(a, a), 0);
    zassert_true(sys_timepoint_cmp(b, sys_timepoint_calc(K_FOREVER)) < 0);
}
