/* SPDX-License-Identifier: Apache-2.0 */
/* The formatter against the C standard's words; on the PC also against the C library itself. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>
#include <zephyr/ztest.h>

ZTEST_SUITE(printk, NULL, NULL, NULL, NULL, NULL);

#ifdef CONFIG_ARCH_HOST
#define SAME_AS_LIBRARY(expected, ...)                                                             \
    do {                                                                                           \
        char library[80];                                                                          \
        snprintf(library, sizeof(library), __VA_ARGS__);                                           \
        zassert_str_equal(library, expected, "the expectation itself is wrong");                   \
    } while (0)
#else
#define SAME_AS_LIBRARY(expected, ...)
#endif

#define GIVES(expected, ...)                                                                       \
    do {                                                                                           \
        char text[80];                                                                             \
        int length = snprintk(text, sizeof(text), __VA_ARGS__);                                    \
        zassert_str_equal(text, expected, "got '%s', expected '%s'", text, expected);              \
        zassert_equal(length, (int)strlen(expected), "length %d", length);                         \
        SAME_AS_LIBRARY(expected, __VA_ARGS__);                                                    \
    } while (0)

ZTEST(printk, test_integers)
{
    GIVES("0 -1 2147483647", "%d %i %d", 0, -1, INT_MAX);
    GIVES("-2147483648", "%d", INT_MIN);
    GIVES("4294967295 37777777777", "%u %o", UINT_MAX, UINT_MAX);
    GIVES("deadbeef DEADBEEF", "%x %X", 0xdeadbeefu, 0xdeadbeefu);
    GIVES("0xff 0XFF 0", "%#x %#X %#x", 255u, 255u, 0u);
}

ZTEST(printk, test_lengths)
{
    GIVES("-9223372036854775807", "%lld", -INT64_C(9223372036854775807) + 0LL);
    GIVES("18446744073709551615", "%llu", 18446744073709551615ULL);
    GIVES("-5 251", "%hhd %hhu", -5, 251);
    GIVES("-5 65531", "%hd %hu", -5, 65531);
    GIVES("7 8 9", "%ld %zu %lu", 7L, (size_t)8, 9UL);
    GIVES("123456789012345", "%jd", (intmax_t)123456789012345);
}

ZTEST(printk, test_width_and_flags)
{
    GIVES("[   42][42   ][00042]", "[%5d][%-5d][%05d]", 42, 42, 42);
    GIVES("[  -42][-42  ][-0042]", "[%5d][%-5d][%05d]", -42, -42, -42);
    GIVES("[+42][ 42][+0042]", "[%+d][% d][%+05d]", 42, 42, 42);
    GIVES("[  007][007  ]", "[%5.3d][%-5.3d]", 7, 7);
    GIVES("[   42][42   ]", "[%*d][%*d]", 5, 42, -5, 42);
    GIVES("[0x00ff]", "[%#06x]", 255u);
    GIVES("[]", "[%.0d]", 0);
}

ZTEST(printk, test_text)
{
    GIVES("[ab][   ab][ab   ]", "[%s][%5s][%-5s]", "ab", "ab", "ab");
    GIVES("[abc][  abc]", "[%.3s][%5.3s]", "abcdef", "abcdef");
    GIVES("[x][    x] 100%", "[%c][%5c] %d%%", 'x', 'x', 100);
}

ZTEST(printk, test_null_text_and_pointer)
{
    char text[32];
    const char *volatile nothing = NULL; /* volatile, or the compiler would object */

    snprintk(text, sizeof(text), "%s", nothing);
    zassert_str_equal(text, "(null)");
    snprintk(text, sizeof(text), "%p", (void *)(uintptr_t)0x1234);
    zassert_str_equal(text, "0x1234");
}

ZTEST(printk, test_unknown_conversion_stands_as_it_is)
{
    char text[32];
    const char *format = "%d %q %d"; /* not a literal argument, or the compiler would object */

    snprintk(text, sizeof(text), format, 1, 2);
    zassert_str_equal(text, "1 %q 2");
}

ZTEST(printk, test_buffer_too_small)
{
    char text[6] = "xxxxx";

    zassert_equal(snprintk(text, sizeof(text), "%s", "abcdefgh"), 8);
    zassert_str_equal(text, "abcde");
    zassert_equal(snprintk(text, 1, "%d", 12345), 5);
    zassert_str_equal(text, "");
    text[0] = 'y';
    zassert_equal(snprintk(text, 0, "%d", 12345), 5);
    zassert_equal(text[0], 'y', "a buffer of no bytes was written");
}
