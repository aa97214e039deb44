/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test harness with the names of Zephyr's ztest. CONFIG_ZTEST=y links it; it provides main().
 *
 * Suites and their tests run in the order of their source lines, each test in a thread of its own:
 * a failed assertion or an expected fault ends that thread and nothing else. Output is TAP ("1..N",
 * "ok 1 - suite.test", "not ok", "# SKIP why"); the program ends with exit status 0 when every test
 * passed or was skipped, else 1.
 *
 * Differences from Zephyr: set-up and tear-down run in a thread, too, so that they may assert; a
 * test that expects a fault and ends without one has failed; order is by line, not by name.
 */
#pragma once

#include <string.h>

#include <zephyr/kernel.h>

struct ztest_place {
    const char *file;
    int line;
};

struct ztest_suite {
    const char *name;
    struct ztest_place place;
    bool (*predicate)(const void *state); /* false: its tests are skipped; NULL: they run */
    void *(*setup)(void);                 /* once; returns the fixture */
    void (*before)(void *fixture);        /* before each test, in its thread */
    void (*after)(void *fixture);         /* after each test, however it ended */
    void (*teardown)(void *fixture);      /* once */
};

struct ztest_unit {
    const char *suite;
    const char *name;
    struct ztest_place place;
    void (*run)(void *fixture);
};

typedef void *(*ztest_suite_setup_t)(void);
typedef void (*ztest_suite_before_t)(void *fixture);
typedef void (*ztest_suite_after_t)(void *fixture);
typedef void (*ztest_suite_teardown_t)(void *fixture);
typedef bool (*ztest_suite_predicate_t)(const void *state);

/* Defines suite `name`; each function may be NULL. */
#define ZTEST_SUITE(name, predicate, setup, before, after, teardown)                               \
    const STRUCT_SECTION_ITERABLE(ztest_suite, CONCAT(ztest_suite_, name)) = {                     \
        #name, {__FILE__, __LINE__}, predicate, setup, before, after, teardown}

#define ZTEST_ENTRY(suite, fn)                                                                     \
    const STRUCT_SECTION_ITERABLE(ztest_unit, ztest_##suite##_##fn) = {                            \
        #suite, #fn, {__FILE__, __LINE__}, run_##suite##_##fn}

/* A test; the body follows. */
#define ZTEST(suite, fn)                                                                           \
    static void suite##_##fn(void);                                                                \
    static void run_##suite##_##fn(void *fixture)                                                  \
    {                                                                                              \
        ARG_UNUSED(fixture);                                                                       \
        suite##_##fn();                                                                            \
    }                                                                                              \
    ZTEST_ENTRY(suite, fn);                                                                        \
    static void suite##_##fn(void)

/* A test whose body sees the suite's `struct <suite>_fixture *fixture`. */
#define ZTEST_F(suite, fn)                                                                         \
    static void suite##_##fn(struct suite##_fixture *fixture);                                     \
    static void run_##suite##_##fn(void *fixture)                                                  \
    {                                                                                              \
        suite##_##fn(fixture);                                                                     \
    }                                                                                              \
    ZTEST_ENTRY(suite, fn);                                                                        \
    static void suite##_##fn(struct suite##_fixture *fixture)

/* There is no user mode: the same test in the one mode that there is. */
#define ZTEST_USER   ZTEST
#define ZTEST_USER_F ZTEST_F

/* End the running test. From another thread they end that thread, too. Context: thread, ISR. */
void ztest_test_fail(void);
void ztest_test_pass(void);
void ztest_test_skip(void);

/*
 * The running test expects one fault (processor fault, oops, panic), one failing __ASSERT, or that
 * the invariant with this number (such as "H3") is reported as broken. The thread that meets it
 * ends; when it is the test's own, the test passes. The expectation is met once; a test that ends
 * with an unmet one has failed. A fault in an interrupt halts the program all the same.
 */
void ztest_set_fault_valid(bool valid);
void ztest_set_assert_valid(bool valid);
void ztest_expect_invariant(const char *number);

/* Called after an expected fault, in its context. A suite may define its own. */
void ztest_post_fatal_error_hook(unsigned reason, const struct arch_esf *esf);

/* What main() calls; a program may define its own, which then calls ztest_run_all. */
void test_main(void);

/* Runs everything with `state` for the predicates; only one pass in source order is offered. */
#define ztest_run_all(state, shuffle, suite_iterations, case_iterations)                           \
    do {                                                                                           \
        BUILD_ASSERT(!(shuffle) && (suite_iterations) == 1 && (case_iterations) == 1,              \
                     "ztest: neither shuffling nor repetition is offered");                        \
        ztest_run_all_once(state);                                                                 \
    } while (0)
void ztest_run_all_once(const void *state);

#define TC_PRINT(...) printk(__VA_ARGS__)

/* What a false condition means: the test ends as failed, ends as skipped, or goes on but has
 * failed. */
enum ztest_kind {
    ZTEST_ASSERT,
    ZTEST_ASSUME,
    ZTEST_EXPECT,
};

/*
 * Judges one condition; the variable arguments are a printk format with its arguments, then NULL.
 * Returns the condition, if it returns.
 */
bool ztest_check(enum ztest_kind kind, bool condition, struct ztest_place place, const char *text,
                 ...);

static inline __attribute__((format(printf, 1, 2))) void ztest_check_format(const char *format, ...)
{
    ARG_UNUSED(format);
}

/* The format goes to a function that never runs as well, so that the compiler checks it. */
#define ZTEST_CHECK(kind, condition, text, ...)                                                    \
    do {                                                                                           \
        __VA_OPT__(if (0) { ztest_check_format(__VA_ARGS__); })                                    \
        (void)ztest_check(kind, (condition), (struct ztest_place){__FILE__, __LINE__}, text,       \
                          ##__VA_ARGS__, NULL);                                                    \
    } while (0)

#define ZTEST_TRUE(kind, a, ...)     ZTEST_CHECK(kind, !!(a), #a " is false", ##__VA_ARGS__)
#define ZTEST_FALSE(kind, a, ...)    ZTEST_CHECK(kind, !(a), #a " is true", ##__VA_ARGS__)
#define ZTEST_OK(kind, a, ...)       ZTEST_CHECK(kind, (a) == 0, #a " is not 0", ##__VA_ARGS__)
#define ZTEST_NOT_OK(kind, a, ...)   ZTEST_CHECK(kind, (a) != 0, #a " is 0", ##__VA_ARGS__)
#define ZTEST_NULL(kind, a, ...)     ZTEST_CHECK(kind, (a) == NULL, #a " is set", ##__VA_ARGS__)
#define ZTEST_NOT_NULL(kind, a, ...) ZTEST_CHECK(kind, (a) != NULL, #a " is NULL", ##__VA_ARGS__)
#define ZTEST_EQUAL(kind, a, b, ...)                                                               \
    ZTEST_CHECK(kind, (a) == (b), #a " is not equal to " #b, ##__VA_ARGS__)
#define ZTEST_NOT_EQUAL(kind, a, b, ...)                                                           \
    ZTEST_CHECK(kind, (a) != (b), #a " is equal to " #b, ##__VA_ARGS__)
#define ZTEST_EQUAL_PTR(kind, a, b, ...)                                                           \
    ZTEST_CHECK(kind, (const void *)(a) == (const void *)(b), #a " is not equal to " #b,           \
                ##__VA_ARGS__)
#define ZTEST_WITHIN(kind, a, b, d, ...)                                                           \
    ZTEST_CHECK(kind, ((a) >= ((b) - (d))) && ((a) <= ((b) + (d))),                                \
                #a " is not within " #b " +/- " #d, ##__VA_ARGS__)
#define ZTEST_BETWEEN(kind, a, l, u, ...)                                                          \
    ZTEST_CHECK(kind, ((a) >= (l)) && ((a) <= (u)), #a " is not between " #l " and " #u,           \
                ##__VA_ARGS__)
#define ZTEST_MEM_EQUAL(kind, a, b, bytes, ...)                                                    \
    ZTEST_CHECK(kind, memcmp((a), (b), (bytes)) == 0, #a " differs from " #b, ##__VA_ARGS__)
#define ZTEST_STR_EQUAL(kind, a, b, ...)                                                           \
    ZTEST_CHECK(kind, strcmp((a), (b)) == 0, #a " differs from " #b, ##__VA_ARGS__)

#define zassert(cond, text, ...)       ZTEST_CHECK(ZTEST_ASSERT, !!(cond), text, ##__VA_ARGS__)
#define zassert_unreachable(...)       ZTEST_CHECK(ZTEST_ASSERT, false, "reached", ##__VA_ARGS__)
#define zassert_true(...)              ZTEST_TRUE(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_false(...)             ZTEST_FALSE(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_ok(...)                ZTEST_OK(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_not_ok(...)            ZTEST_NOT_OK(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_is_null(...)           ZTEST_NULL(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_not_null(...)          ZTEST_NOT_NULL(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_equal(...)             ZTEST_EQUAL(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_not_equal(...)         ZTEST_NOT_EQUAL(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_equal_ptr(...)         ZTEST_EQUAL_PTR(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_within(...)            ZTEST_WITHIN(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_between_inclusive(...) ZTEST_BETWEEN(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_mem_equal(...)         ZTEST_MEM_EQUAL(ZTEST_ASSERT, __VA_ARGS__)
#define zassert_str_equal(...)         ZTEST_STR_EQUAL(ZTEST_ASSERT, __VA_ARGS__)

#define zassume(cond, text, ...)       ZTEST_CHECK(ZTEST_ASSUME, !!(cond), text, ##__VA_ARGS__)
#define zassume_true(...)              ZTEST_TRUE(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_false(...)             ZTEST_FALSE(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_ok(...)                ZTEST_OK(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_not_ok(...)            ZTEST_NOT_OK(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_is_null(...)           ZTEST_NULL(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_not_null(...)          ZTEST_NOT_NULL(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_equal(...)             ZTEST_EQUAL(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_not_equal(...)         ZTEST_NOT_EQUAL(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_equal_ptr(...)         ZTEST_EQUAL_PTR(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_within(...)            ZTEST_WITHIN(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_between_inclusive(...) ZTEST_BETWEEN(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_mem_equal(...)         ZTEST_MEM_EQUAL(ZTEST_ASSUME, __VA_ARGS__)
#define zassume_str_equal(...)         ZTEST_STR_EQUAL(ZTEST_ASSUME, __VA_ARGS__)

#define zexpect(cond, text, ...)       ZTEST_CHECK(ZTEST_EXPECT, !!(cond), text, ##__VA_ARGS__)
#define zexpect_unreachable(...)       ZTEST_CHECK(ZTEST_EXPECT, false, "reached", ##__VA_ARGS__)
#define zexpect_true(...)              ZTEST_TRUE(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_false(...)             ZTEST_FALSE(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_ok(...)                ZTEST_OK(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_not_ok(...)            ZTEST_NOT_OK(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_is_null(...)           ZTEST_NULL(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_not_null(...)          ZTEST_NOT_NULL(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_equal(...)             ZTEST_EQUAL(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_not_equal(...)         ZTEST_NOT_EQUAL(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_equal_ptr(...)         ZTEST_EQUAL_PTR(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_within(...)            ZTEST_WITHIN(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_between_inclusive(...) ZTEST_BETWEEN(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_mem_equal(...)         ZTEST_MEM_EQUAL(ZTEST_EXPECT, __VA_ARGS__)
#define zexpect_str_equal(...)         ZTEST_STR_EQUAL(ZTEST_EXPECT, __VA_ARGS__)
