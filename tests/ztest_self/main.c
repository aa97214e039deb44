/* SPDX-License-Identifier: Apache-2.0 */
/* What the harness says of tests that fail, skip or fault: most of these are meant to fail, and
 * ztest_self.t checks which. */
#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

struct good_fixture {
    int setups;
    int befores;
    int afters;
};

static struct good_fixture good;

static void *good_setup(void)
{
    good.setups++;
    return &good;
}

static void good_before(void *fixture)
{
    ((struct good_fixture *)fixture)->befores++;
}

static void good_after(void *fixture)
{
    ((struct good_fixture *)fixture)->afters++;
}

static void good_teardown(void *fixture)
{
    printk("# good: %d set-up, %d before, %d after\n", ((struct good_fixture *)fixture)->setups,
           ((struct good_fixture *)fixture)->befores, ((struct good_fixture *)fixture)->afters);
}

ZTEST_SUITE(good, NULL, good_setup, good_before, good_after, good_teardown);

ZTEST_F(good, z_first_by_line_not_by_name)
{
    zassert_equal(fixture->setups, 1);
    zassert_equal(fixture->befores, 1);
    zassert_equal(fixture->afters, 0);
}

ZTEST_F(good, a_second)
{
    zassert_equal(fixture->befores, 2);
    zassert_equal(fixture->afters, 1);
}

ZTEST_USER(good, every_true_assertion_holds)
{
    static const char text[] = "text";
    int number = 5;

    zassert(number == 5, "plain");
    zassert_true(number);
    zassert_false(number - 5);
    zassert_ok(number - 5);
    zassert_not_ok(number);
    zassert_equal(number, 5, "with a message: %d", number);
    zassert_not_equal(number, 6);
    zassert_is_null(NULL);
    zassert_not_null(text);
    zassert_equal_ptr(text, &text[0]);
    zassert_within(number, 7, 2);
    zassert_between_inclusive(number, 5, 5);
    zassert_mem_equal(text, "text", 5);
    zassert_str_equal(text, "text", NULL);
    zassume_true(number);
    zexpect_true(number);
}

ZTEST(good, passes_early)
{
    ztest_test_pass();
    zassert_unreachable();
}

static void bad_after(void *fixture)
{
    ARG_UNUSED(fixture);
}

ZTEST_SUITE(bad, NULL, NULL, NULL, bad_after, NULL);

/* One test a macro, each with a condition that does not hold. */
#define FAILS(name, ...)                                                                           \
    ZTEST(bad, name)                                                                               \
    {                                                                                              \
        volatile int number = 5;                                                                   \
        const char *volatile text = "text";                                                        \
                                                                                                   \
        ARG_UNUSED(number);                                                                        \
        ARG_UNUSED(text);                                                                          \
        __VA_ARGS__;                                                                               \
        printk("# went on after %s\n", #name);                                                     \
    }

FAILS(plain, zassert(number == 6, "plain text"))
FAILS(true_, zassert_true(number == 6))
FAILS(false_, zassert_false(number))
FAILS(ok_, zassert_ok(number))
FAILS(not_ok_, zassert_not_ok(number - 5))
FAILS(equal, zassert_equal(number, 6, "message %d of %s", number, text))
FAILS(not_equal, zassert_not_equal(number, 5))
FAILS(is_null, zassert_is_null(text))
FAILS(not_null, text = NULL; zassert_not_null(text))
FAILS(equal_ptr, zassert_equal_ptr(text, &number))
FAILS(within_low, zassert_within(number, 8, 2))
FAILS(within_high, zassert_within(number, 2, 2))
FAILS(between_low, zassert_between_inclusive(number, 6, 9))
FAILS(between_high, zassert_between_inclusive(number, 1, 4))
FAILS(mem_equal, zassert_mem_equal(text, "tex2", 4))
FAILS(str_equal, zassert_str_equal(text, "texts"))
FAILS(unreachable, zassert_unreachable("here"))
FAILS(by_word, ztest_test_fail())
FAILS(expectation, zexpect_equal(number, 6))

ZTEST(bad, expected_fault_that_does_not_come)
{
    ztest_set_fault_valid(true);
}

ZTEST(bad, another_invariant)
{
    ztest_expect_invariant("K");
    k_thread_priority_set(k_current_get(), 99);
}

ZTEST(bad, unexpected_oops)
{
    k_oops();
}

static void isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    zassert_unreachable("in an interrupt");
}

ZTEST(bad, in_an_interrupt)
{
    irq_offload(isr, NULL);
    printk("# went on after in_an_interrupt\n");
}

static struct k_thread child;
static K_THREAD_STACK_DEFINE(child_stack, 1024);

static void child_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    zassert_unreachable("in another thread");
    printk("# went on in another thread\n");
}

ZTEST(bad, in_another_thread)
{
    k_thread_create(&child, child_stack, K_THREAD_STACK_SIZEOF(child_stack), child_entry, NULL,
                    NULL, NULL, 0, 0, K_NO_WAIT);
    k_msleep(5);
    printk("# went on after in_another_thread\n");
}

static void before_that_fails(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_unreachable("before");
}

ZTEST_SUITE(bad_before, NULL, NULL, before_that_fails, NULL, NULL);
ZTEST(bad_before, never_runs)
{
    printk("# went on in never_runs\n");
}

ZTEST_SUITE(bad_after, NULL, NULL, NULL, before_that_fails, NULL);
ZTEST(bad_after, fails_behind)
{
}

static void *setup_that_fails(void)
{
    zassert_unreachable("set-up");
    return NULL;
}

ZTEST_SUITE(bad_setup, NULL, setup_that_fails, NULL, NULL, NULL);
ZTEST(bad_setup, never_runs)
{
    printk("# went on in never_runs\n");
}

static bool not_here(const void *state)
{
    ARG_UNUSED(state);
    return false;
}

ZTEST_SUITE(skipped, not_here, NULL, NULL, NULL, NULL);
ZTEST(skipped, by_predicate)
{
    zassert_unreachable();
}

ZTEST_SUITE(skipping, NULL, NULL, NULL, NULL, NULL);
ZTEST(skipping, by_word)
{
    ztest_test_skip();
    zassert_unreachable();
}

ZTEST(skipping, by_assumption)
{
    zassume_equal(1, 2);
    zassert_unreachable();
}

static unsigned hook_reason;

void ztest_post_fatal_error_hook(unsigned reason, const struct arch_esf *esf)
{
    ARG_UNUSED(esf);
    hook_reason = reason;
}

ZTEST_SUITE(expecting, NULL, NULL, NULL, NULL, NULL);
ZTEST(expecting, oops)
{
    ztest_set_fault_valid(true);
    k_oops();
    zassert_unreachable();
}

ZTEST(expecting, hook_saw_the_oops)
{
    zassert_equal(hook_reason, K_ERR_KERNEL_OOPS);
}

ZTEST(expecting, assertion)
{
    ztest_set_assert_valid(true);
    __ASSERT(hook_reason == 99, "reason %u", hook_reason);
    zassert_unreachable();
}

ZTEST(expecting, invariant)
{
    ztest_expect_invariant("K1");
    k_thread_priority_set(k_current_get(), 99);
    zassert_unreachable();
}
