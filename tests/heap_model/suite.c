/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <zephyr/ztest.h>

#ifdef CONFIG_SMALL_RAM
#define MEMORY_BYTES 4096
#else
#define MEMORY_BYTES 65536
#endif

static uint8_t memory[MEMORY_BYTES] __aligned(64);
static struct model_result result;

ZTEST_SUITE(heap_model, NULL, NULL, NULL, NULL, NULL);

static void run(size_t heap_bytes, unsigned target_percent, uint32_t operations)
{
    if (heap_bytes > sizeof(memory)) {
        ztest_test_skip();
    }
    for (unsigned law = 0; law < MODEL_LAWS; law++) {
        struct model_run run = {memory,     heap_bytes, 0x51f15eed + law, law, target_percent,
                                operations, 64};
        const char *wrong = model_execute(&run, &result);

        zassert_is_null(wrong, "law %u: %s", law, wrong);
    }
}

ZTEST(heap_model, a_tiny_heap)
{
    run(400, 80, 1500);
}

ZTEST(heap_model, four_kilobytes_half_full)
{
    run(4096, 50, 1500);
}

ZTEST(heap_model, four_kilobytes_nearly_full)
{
    run(4096, 95, 1500);
}

ZTEST(heap_model, sixteen_kilobytes)
{
    run(16384, 90, 1000);
}

ZTEST(heap_model, sixty_four_kilobytes)
{
    run(65536, 85, 1000);
}

ZTEST(heap_model, each_kind_of_answer_was_met)
{
    zassert_true(result.allocs > 1000);
    zassert_true(result.refused > 1000);
    zassert_true(result.reallocs > 1000);
    zassert_true(result.aligned > 1000);
    TC_PRINT("# %u of %u aligned requests were refused although a chunk had room at the right "
             "place\n",
             (unsigned)result.missed, (unsigned)result.aligned);
}
