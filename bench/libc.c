/* SPDX-License-Identifier: Apache-2.0 */
/* A C library's malloc as a subject: newlib-nano or picolibc, as the linker is told. */
#include "board.h"
#include "meter.h"
#include "subject.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

extern char library_state_start[], library_state_end[];

/* picolibc keeps errno in thread-local storage. */
void _set_tls(void *tls) __attribute__((weak));

void *_sbrk(ptrdiff_t bytes);
void *sbrk(ptrdiff_t bytes);

static char *arena_next, *arena_end;

void subject_init(void *mem, size_t bytes)
{
    static char fresh[1024];
    static bool saved;
    static uint64_t thread_local_storage[8];
    size_t state = (size_t)(library_state_end - library_state_start);

    if (!saved) {
        memcpy(fresh, library_state_start, state);
        saved = true;
    }
    memcpy(library_state_start, fresh, state);
    if (_set_tls != NULL) {
        _set_tls(thread_local_storage);
    }
    arena_next = mem;
    arena_end = arena_next + bytes;
}

/* The one word a library asks the system: more memory, here up to the end of the arena. */
void *_sbrk(ptrdiff_t bytes)
{
    char *old = arena_next;

    if (bytes > arena_end - arena_next) {
        return (void *)-1;
    }
    arena_next += bytes;
    return old;
}

void *sbrk(ptrdiff_t bytes)
{
    return _sbrk(bytes);
}

void *subject_alloc(size_t bytes)
{
    return (void *)meter_call((meter_fn)malloc, bytes, 0, 0);
}

void subject_free(void *mem)
{
    (void)meter_call((meter_fn)free, (uintptr_t)mem, 0, 0);
}

void *subject_aligned_alloc(size_t align, size_t bytes)
{
    return (void *)meter_call((meter_fn)memalign, align, bytes, 0);
}
