/* SPDX-License-Identifier: Apache-2.0 */
/* The model on a PC, at length: many heap sizes and laws. The argument is the number of operations
 * of each run. Prints what happened; exit status 1 when something went wrong. */
#include <stdio.h>
#include <stdlib.h>

#include <zephyr/sys/sys_heap.h>

#include "../model.h"

_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item)
{
    printf("%s (%p, %p)\n", invariant, object, item);
    exit(1);
}

static void run(size_t heap_bytes, uint32_t operations, unsigned law, unsigned percent,
                struct model_result *result)
{
    struct model_run run = {aligned_alloc(64, (heap_bytes + 63) / 64 * 64),
                            heap_bytes,
                            0x1234567 + law + percent,
                            law,
                            percent,
                            operations,
                            17};
    const char *wrong = model_execute(&run, result);

    if (wrong != NULL) {
        printf("%zu bytes, law %u, %u %%: %s\n", heap_bytes, law, percent, wrong);
        exit(1);
    }
    free(run.memory);
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {
        Z_HEAP_MIN_SIZE, 200,   333,   512,   1000,   2048,   4096,  9001,
        16384,           32768, 50001, 65536, 131072, 200001, 262144};
    uint32_t operations = argc > 1 ? (uint32_t)atoi(argv[1]) : 1000;
    struct model_result result = {0};
    unsigned runs = 0;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (unsigned law = 0; law < MODEL_LAWS; law++) {
            for (unsigned percent = 50; percent <= 95; percent += 45) {
                run(sizes[i], operations, law, percent, &result);
                runs++;
            }
        }
    }
    printf("%u operations: %u blocks, %u reallocs, %u refused, %u aligned, %u of them missed\n",
           runs * operations, result.allocs, result.reallocs, result.refused, result.aligned,
           result.missed);
    return 0;
}
