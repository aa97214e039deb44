/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Prints what a request by need costs beyond the sys_heap call that it ends in. */
void measure_requests(void);
