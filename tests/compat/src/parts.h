/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

void done(const char *part, bool ok);

void init_part(void);
void isr_part(void);
void heap_part(void);
void time_part(void);
