/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "reader.h"

/* Prints what happened; false: the books do not balance. Context: everything is written. */
bool summary_print(const struct reader_result *result);
