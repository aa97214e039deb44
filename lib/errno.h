/* SPDX-License-Identifier: Apache-2.0 */
/* The errno values of the C library; functions return them negated. */
#pragma once

#include <errno.h>
