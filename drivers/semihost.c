/* SPDX-License-Identifier: Apache-2.0 */
#include "semihost.h"

#include "../lib/errno.h"

long semihost_exec(enum semihost_instr instr, void *args)
{
#ifdef CONFIG_SEMIHOST
    register long operation __asm__("r0") = instr;
    register void *parameter __asm__("r1") = args;

    __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(parameter) : "memory");
    return operation;
#else
    ARG_UNUSED(instr);
    ARG_UNUSED(args);
    return -1;
#endif
}

int semihost_command_line(char *buffer, size_t buffer_bytes)
{
    /* SYS_GET_CMDLINE: {where, room}; the room becomes the length. */
    struct {
        char *where;
        size_t bytes;
    } block = {buffer, buffer_bytes};

    buffer[0] = '\0';
    if (semihost_exec(SEMIHOST_GET_CMDLINE, &block) != 0) {
        buffer[0] = '\0';
        return -ENOTSUP;
    }
    return 0;
}
