/* SPDX-License-Identifier: Apache-2.0 */
/* Replays the sequences of bench/worst/ with every block and every refusal verified. */
#include "board.h"
#include "meter.h"
#include "worst.h"

int main(void);

int main(void)
{
    struct extremes extremes;

    meter_init();
    for (uint32_t i = 0; i < worst_count; i++) {
        sequence_run(&worst_sequences[i], true, &extremes);
        for (uint32_t kind = 0; kind < KINDS; kind++) {
            if (extremes.cost[kind] > 0) {
                board_write(worst_names[i]);
                board_write(" ");
                REPORT(kind_names[kind], extremes.cost[kind]);
            }
        }
    }
    board_write("done\n");
    return 0;
}
