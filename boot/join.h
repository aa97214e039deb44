/* SPDX-License-Identifier: Apache-2.0 */
/* The one place that knows everyone: board facts, drivers, kernel. */
#pragma once

/* What must happen before the first interrupt and the first access to non-secure memory. Context:
 * reset. */
void boot_join_early(void);
