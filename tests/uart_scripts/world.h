/* SPDX-License-Identifier: Apache-2.0 */
/* What is around a driver that plays the scripts: a model, or an emulator with a peer. */
#pragma once

#include "script.h"

/* FRAME_TIME and so on. */
unsigned world_abilities(void);

/* Readies the UART with buffers of `kind`; everything idle. */
const struct device *world_make(unsigned kind);

/* Has everything end and takes the buffers back; fails the test if one is still the driver's, or a
 * byte was lost. */
void world_end(void);

/* A time limit or quiet time of so many units; -1: none. */
int32_t world_microseconds(int units);

void world_quiet(int units);
void world_frames(unsigned count);
void world_bad_frame(int errors);
void world_late_frames(unsigned count);
void world_pass(unsigned frames);
void world_drain(void);

/* The wire carried exactly the first `count` bytes of buffer A. */
bool world_wire_carried(size_t count);
