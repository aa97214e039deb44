/* SPDX-License-Identifier: Apache-2.0 */
#include "ztest.h"

enum result {
    PASSED, /* until something else is known */
    FAILED,
    SKIPPED,
};

static struct {
    const struct ztest_suite *suite;
    const struct ztest_unit *test; /* NULL during set-up and tear-down */
    const void *state;
    void *fixture;
    enum result result;
    const char *skip_reason;
    unsigned number;
    unsigned failures;
} run;

static struct {
    bool fault;
    bool assertion;
    const char *invariant; /* NULL: none */
} expected;

static struct k_thread test_thread;
static K_THREAD_STACK_DEFINE(test_stack, CONFIG_ZTEST_STACK_SIZE);

STRUCT_SECTION_EXTERN(ztest_suite);
STRUCT_SECTION_EXTERN(ztest_unit);

/* Source order: the linker's order is anything the compiler likes. */
static bool comes_before(struct ztest_place a, struct ztest_place b)
{
    int files = strcmp(a.file, b.file);

    return files != 0 ? files < 0 : a.line < b.line;
}

static const struct ztest_suite *suite_after(const struct ztest_suite *previous)
{
    const struct ztest_suite *best = NULL;

    STRUCT_SECTION_FOREACH (ztest_suite, suite) {
        if ((previous == NULL || comes_before(previous->place, suite->place)) &&
            (best == NULL || comes_before(suite->place, best->place))) {
            best = suite;
        }
    }
    return best;
}

static const struct ztest_unit *test_after(const struct ztest_suite *suite,
                                           const struct ztest_unit *previous)
{
    const struct ztest_unit *best = NULL;

    STRUCT_SECTION_FOREACH (ztest_unit, test) {
        if (strcmp(test->suite, suite->name) == 0 &&
            (previous == NULL || comes_before(previous->place, test->place)) &&
            (best == NULL || comes_before(test->place, best->place))) {
            best = test;
        }
    }
    return best;
}

static void print_place(struct ztest_place place, const char *text)
{
    printk("# %s.%s: %s at %s:%d\n", run.suite->name,
           run.test == NULL ? "(set-up or tear-down)" : run.test->name, text, place.file,
           place.line);
}

/* Ends the test from wherever we are; returns only in an ISR. */
static void end_test(enum result result)
{
    if (run.result != FAILED) {
        run.result = result;
    }
    k_thread_abort(&test_thread);
    if (!k_is_in_isr()) {
        k_thread_abort(k_current_get());
    }
}

void ztest_test_fail(void)
{
    end_test(FAILED);
}

void ztest_test_pass(void)
{
    end_test(PASSED);
}

void ztest_test_skip(void)
{
    end_test(SKIPPED);
}

bool ztest_check(enum ztest_kind kind, bool condition, struct ztest_place place, const char *text,
                 ...)
{
    const char *format;
    va_list args;

    if (condition) {
        return true;
    }
    print_place(place, text);
    va_start(args, text);
    format = va_arg(args, const char *);
    if (format != NULL) {
        printk("#   ");
        vprintk(format, args);
        printk("\n");
    }
    va_end(args);
    if (kind == ZTEST_ASSUME) {
        run.skip_reason = text;
        end_test(SKIPPED);
    } else if (kind == ZTEST_ASSERT) {
        end_test(FAILED);
    } else {
        run.result = FAILED;
    }
    return false;
}

void ztest_set_fault_valid(bool valid)
{
    expected.fault = valid;
}

void ztest_set_assert_valid(bool valid)
{
    expected.assertion = valid;
}

void ztest_expect_invariant(const char *number)
{
    expected.invariant = number;
}

__weak void ztest_post_fatal_error_hook(unsigned reason, const struct arch_esf *esf)
{
    ARG_UNUSED(reason);
    ARG_UNUSED(esf);
}

/* An invariant's text begins with its number and a blank. */
static bool is_invariant(const char *text, const char *number)
{
    size_t length = strlen(number);

    return text != NULL && strncmp(text, number, length) == 0 && text[length] == ' ';
}

/* True when an expectation is met, which it then no longer is. */
static bool take_expectation(void)
{
    if (expected.invariant != NULL && is_invariant(k_fatal_check_text(), expected.invariant)) {
        expected.invariant = NULL;
        return true;
    }
    if (expected.assertion && k_fatal_check_text() != NULL) {
        expected.assertion = false;
        return true;
    }
    if (expected.fault) {
        expected.fault = false;
        return true;
    }
    return false;
}

/* Returning ends the thread that is to blame. */
void k_sys_fatal_error_handler(unsigned reason, const struct arch_esf *esf)
{
    if (take_expectation()) {
        ztest_post_fatal_error_hook(reason, esf);
        return;
    }
    printk("# unexpected fatal error %u\n", reason);
    run.result = FAILED;
    if (k_current_get() != &test_thread) {
        k_thread_abort(&test_thread);
    }
}

static void check_expectations(void)
{
    if (expected.fault || expected.assertion || expected.invariant != NULL) {
        printk("# %s.%s: the expected %s did not happen\n", run.suite->name,
               run.test == NULL ? "-" : run.test->name,
               expected.invariant != NULL ? expected.invariant : "fault");
        run.result = FAILED;
    }
    expected.fault = false;
    expected.assertion = false;
    expected.invariant = NULL;
}

static void check_stack(void)
{
#ifdef CONFIG_INIT_STACKS
    size_t unused;

    if (k_thread_stack_space_get(&test_thread, &unused) != 0 || unused == 0) {
        printk("# %s.%s: the stack is used up, raise CONFIG_ZTEST_STACK_SIZE\n", run.suite->name,
               run.test == NULL ? "-" : run.test->name);
        run.result = FAILED;
    }
#endif
}

typedef void (*phase_t)(void);

static void phase_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (*(const phase_t *)p1)();
}

/* Runs `phase` in the test thread until it ends, in whatever way. */
static void run_in_thread(phase_t phase)
{
    k_thread_create(&test_thread, test_stack, K_THREAD_STACK_SIZEOF(test_stack), phase_entry,
                    &phase, NULL, NULL, CONFIG_ZTEST_THREAD_PRIORITY, 0, K_FOREVER);
    k_thread_name_set(&test_thread, run.test == NULL ? "ztest" : run.test->name);
    k_thread_start(&test_thread);
    (void)k_thread_join(&test_thread, K_FOREVER);
    check_expectations();
    check_stack();
}

static void setup_phase(void)
{
    run.fixture = run.suite->setup();
}

static void test_phase(void)
{
    if (run.suite->before != NULL) {
        run.suite->before(run.fixture);
    }
    run.test->run(run.fixture);
}

static void after_phase(void)
{
    run.suite->after(run.fixture);
}

static void teardown_phase(void)
{
    run.suite->teardown(run.fixture);
}

static void report(const char *skip_reason)
{
    run.number++;
    run.failures += run.result == FAILED;
    printk("%sok %u - %s.%s", run.result == FAILED ? "not " : "", run.number, run.suite->name,
           run.test->name);
    if (run.result == SKIPPED) {
        printk(" # SKIP %s", skip_reason == NULL ? "by the test" : skip_reason);
    }
    printk("\n");
}

static void run_test(void)
{
    run.result = PASSED;
    run.skip_reason = NULL;
    run_in_thread(test_phase);
    if (run.suite->after != NULL) {
        run_in_thread(after_phase);
    }
    report(run.skip_reason);
}

static void report_all(enum result result, const char *skip_reason)
{
    while ((run.test = test_after(run.suite, run.test)) != NULL) {
        run.result = result;
        report(skip_reason);
    }
}

static void run_suite(void)
{
    run.test = NULL;
    run.fixture = NULL;
    if (run.suite->predicate != NULL && !run.suite->predicate(run.state)) {
        report_all(SKIPPED, "predicate");
        return;
    }
    run.result = PASSED;
    if (run.suite->setup != NULL) {
        run_in_thread(setup_phase);
    }
    if (run.result != PASSED) {
        report_all(run.result, "set-up");
        return;
    }
    while ((run.test = test_after(run.suite, run.test)) != NULL) {
        run_test();
    }
    run.result = PASSED;
    if (run.suite->teardown != NULL) {
        run_in_thread(teardown_phase);
    }
    if (run.result == FAILED) {
        printk("Bail out! Tear-down of %s failed\n", run.suite->name);
        sys_exit(1);
    }
}

/* Counts through the suites, so that a test of a suite that does not exist is noticed. */
static unsigned count_tests(void)
{
    unsigned count = 0;

    for (const struct ztest_suite *suite = suite_after(NULL); suite != NULL;
         suite = suite_after(suite)) {
        for (const struct ztest_unit *test = test_after(suite, NULL); test != NULL;
             test = test_after(suite, test)) {
            count++;
        }
    }
    return count;
}

void ztest_run_all_once(const void *state)
{
    unsigned defined =
        (unsigned)(STRUCT_SECTION_END(ztest_unit) - STRUCT_SECTION_START(ztest_unit));
    unsigned count = count_tests();

    printk("1..%u\n", count);
    if (count == 0 || count != defined) {
        printk("Bail out! %u tests are defined, %u of them in suites\n", defined, count);
        sys_exit(1);
    }
    run.state = state;
    run.number = 0;
    for (run.suite = suite_after(NULL); run.suite != NULL; run.suite = suite_after(run.suite)) {
        run_suite();
    }
}

__weak void test_main(void)
{
    ztest_run_all(NULL, false, 1, 1);
}

int main(void)
{
    test_main();
    printk("# %u of %u tests failed\n", run.failures, run.number);
    sys_exit(run.failures == 0 ? 0 : 1);
}
