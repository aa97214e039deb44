/* SPDX-License-Identifier: Apache-2.0 */
/* Small words that every room may use. Names follow Zephyr's sys/util.h where it has one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(n)            (1UL << (n))
#define BIT_MASK(n)       (BIT(n) - 1UL)
#define KB(x)             ((x) << 10)

/* Plain arithmetic without casts, so that the linker script can use them, too. */
#define ROUND_UP(x, align)   ((((x) + ((align)-1)) / (align)) * (align))
#define ROUND_DOWN(x, align) (((x) / (align)) * (align))
#define DIV_ROUND_UP(n, d)   (((n) + (d)-1) / (d))

#ifndef MIN
#define MIN(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b) (((a) > (b)) ? (a) : (b))
#endif
#define CLAMP(value, low, high) (((value) <= (low)) ? (low) : MIN(value, high))

#define CONTAINER_OF(ptr, type, member) ((type *)(((uintptr_t)(ptr)) - offsetof(type, member)))

/* For thread parameters and user data, which are pointers. */
#define POINTER_TO_UINT(x) ((unsigned)(uintptr_t)(x))
#define UINT_TO_POINTER(x) ((void *)(uintptr_t)(x))
#define POINTER_TO_INT(x)  ((int)(intptr_t)(x))
#define INT_TO_POINTER(x)  ((void *)(intptr_t)(x))

#define STRINGIFY_(x) #x
#define STRINGIFY(x)  STRINGIFY_(x)
#define CONCAT_(a, b) a##b
#define CONCAT(a, b)  CONCAT_(a, b)

#define BUILD_ASSERT(cond, ...) _Static_assert(cond, "" __VA_ARGS__)
#define ARG_UNUSED(x)           ((void)(x))

/* IS_ENABLED(CONFIG_X): 1 when Kconfig made CONFIG_X=y, else 0; usable in C conditions. */
#define IS_ENABLED(config)                IS_ENABLED_1(config)
#define IS_ENABLED_1(value)               IS_ENABLED_2(IS_ENABLED_MARK_##value)
#define IS_ENABLED_MARK_1                 0,
#define IS_ENABLED_2(...)                 IS_ENABLED_3(__VA_ARGS__ 1, 0, 0)
#define IS_ENABLED_3(ignored, value, ...) value

/* Zephyr's attribute words. newlib's headers define some of them with the same meaning. */
#ifndef __used
#define __used __attribute__((used))
#endif
#ifndef __unused
#define __unused __attribute__((unused))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
#ifndef __packed
#define __packed __attribute__((packed))
#endif
#ifndef __aligned
#define __aligned(bytes) __attribute__((aligned(bytes)))
#endif
#define __in_section(name) __attribute__((section(name)))
#define __must_check       __attribute__((warn_unused_result))
#define __noinit           __in_section(".noinit")
#define likely(condition)  __builtin_expect((condition) != 0, 1)
#define ALWAYS_INLINE      inline __attribute__((always_inline))
#define FUNC_NORETURN      _Noreturn

static inline bool is_power_of_two(size_t x)
{
    return x != 0 && (x & (x - 1)) == 0;
}

/* Both return true on overflow; *result is then undefined. */
static inline bool size_mul_overflow(size_t a, size_t b, size_t *result)
{
    return __builtin_mul_overflow(a, b, result);
}

static inline bool size_add_overflow(size_t a, size_t b, size_t *result)
{
    return __builtin_add_overflow(a, b, result);
}

/* Number of zero bits above the highest set bit; 32 for 0. */
static inline unsigned u32_count_leading_zeros(uint32_t x)
{
    return x == 0 ? 32u : (unsigned)__builtin_clz(x);
}
