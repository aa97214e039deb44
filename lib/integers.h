/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taken in before everything else (-imacros), as in Zephyr: 32-bit integers are int, so that "%u"
 * prints a uint32_t without a cast. The compiler's own choice for Arm is long. <stdint.h> is built
 * from these macros.
 */
#undef __INT32_TYPE__
#define __INT32_TYPE__ int
#undef __UINT32_TYPE__
#define __UINT32_TYPE__ unsigned int
#undef __INT_LEAST32_TYPE__
#define __INT_LEAST32_TYPE__ int
#undef __UINT_LEAST32_TYPE__
#define __UINT_LEAST32_TYPE__ unsigned int
