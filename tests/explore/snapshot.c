/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* names of the registers in a ucontext_t */
#include "snapshot.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../../kernel/sched.h"
#include "../ztest/workers.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define START_SWITCH  __sanitizer_start_switch_fiber
#define FINISH_SWITCH __sanitizer_finish_switch_fiber
#else
#define ASAN_UNPOISON_MEMORY_REGION(start, bytes) ((void)(start), (void)(bytes))
#define START_SWITCH(fake, stack, bytes)          ((void)(fake), (void)(stack), (void)(bytes))
#define FINISH_SWITCH(fake, stack, bytes)         ((void)(fake), (void)(stack), (void)(bytes))
#endif

#define STACKS_MAX     16
#define STACK_USED_MAX 8192
#define PAGES_MAX      4096
#define PAGE_BYTES     UINT64_C(4096)

/* Below the stack pointer a function that calls nobody may have data (System V ABI for x86-64,
 * 3.2.2). */
#define RED_ZONE_BYTES 128

extern char __data_start[], _end[]; /* of the linker's own script */

struct page {
    char *start;
    char original[PAGE_BYTES]; /* as it was before the first write */
};

/* From malloc, so that no snapshot has it. */
static struct tracker {
    const struct k_thread *stack_owners[STACKS_MAX];
    unsigned stack_count;
    struct page written[PAGES_MAX];
    unsigned written_count;
    char handler_stack[65536] __aligned(16);
} * tracker;

/* Not memcpy, which sanitizers watch: there are red zones between variables. */
static void copy_bytes(void *to, const void *from, size_t bytes)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

/* What is left below a stack's used part comes from another future, and is no part of a state. */
static void clear_below(char *used)
{
    size_t words = STACK_USED_MAX / sizeof(uint64_t);
    char *at = used - STACK_USED_MAX;

    __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(UINT64_C(0)) : "memory");
}

static void add_stack(const struct k_thread *thread, void *unused)
{
    ARG_UNUSED(unused);
    if (tracker->stack_count == STACKS_MAX) {
        abort();
    }
    tracker->stack_owners[tracker->stack_count++] = thread;
}

/* Pages inside a stack are none of the data. */
static bool is_in_stack(const char *page)
{
    for (unsigned i = 0; i < tracker->stack_count; i++) {
        const struct k_thread *owner = tracker->stack_owners[i];

        if (page >= owner->stack && page + PAGE_BYTES <= owner->stack + owner->stack_bytes) {
            return true;
        }
    }
    return false;
}

static void protect(char *page, int protection)
{
    if (mprotect(page, PAGE_BYTES, protection) != 0) {
        abort();
    }
}

/* The first write to a page. Calls nothing that was not called before: the linker that binds at the
 * first call writes, too. */
static void count_in(int number, siginfo_t *info, void *unused)
{
    char *start = (char *)((uintptr_t)info->si_addr & ~(PAGE_BYTES - 1));
    struct page *page = &tracker->written[tracker->written_count];

    ARG_UNUSED(unused);
    if (start + PAGE_BYTES <= __data_start || start >= _end ||
        tracker->written_count == PAGES_MAX) {
        (void)signal(number, SIG_DFL); /* a fault like any other */
        return;
    }
    page->start = start;
    copy_bytes(page->original, start, PAGE_BYTES);
    tracker->written_count++;
    protect(start, PROT_READ | PROT_WRITE);
}

void snapshots_begin(void)
{
    /* The page may be the end of the stack in use. */
    struct sigaction action = {.sa_sigaction = count_in, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    if (tracker != NULL) {
        return;
    }
    tracker = calloc(1, sizeof(*tracker));
    k_thread_foreach(add_stack, NULL);
    if (sigaltstack(
            &(stack_t){.ss_sp = tracker->handler_stack, .ss_size = sizeof(tracker->handler_stack)},
            NULL) != 0 ||
        sigaction(SIGSEGV, &action, NULL) != 0) {
        abort();
    }
    for (uintptr_t page = (uintptr_t)__data_start & ~(PAGE_BYTES - 1); page < (uintptr_t)_end;
         page += PAGE_BYTES) {
        if (!is_in_stack((const char *)page)) {
            protect((char *)page, PROT_READ);
        }
    }
}

static const struct k_thread *owner_of(const char *pointer)
{
    for (unsigned i = 0; i < tracker->stack_count; i++) {
        const struct k_thread *owner = tracker->stack_owners[i];

        if (pointer >= owner->stack && pointer < owner->stack + owner->stack_bytes) {
            return owner;
        }
    }
    abort();
}

static char *stack_pointer(const ucontext_t *registers)
{
    return (char *)registers->uc_mcontext.gregs[REG_RSP];
}

/* Where the used part of a stack begins: of a thread that is alive, or of the one, perhaps dead, on
 * whose stack the snapshot was asked for. */
static char *used_from(const struct k_thread *owner, const ucontext_t *asked)
{
    char *end = owner->stack + owner->stack_bytes;
    char *pointer = stack_pointer(asked);

    if (pointer < owner->stack || pointer >= end) {
        if (!thread_is_alive(owner)) {
            return end;
        }
        pointer = stack_pointer(owner->context.registers);
    }
    return pointer - RED_ZONE_BYTES;
}

static void make_room(struct snapshot *snapshot, size_t bytes)
{
    if (snapshot->room_bytes < bytes) {
        free(snapshot->copy);
        snapshot->room_bytes = bytes + bytes / 2;
        snapshot->copy = malloc(snapshot->room_bytes);
    }
}

/* Puts a part behind the others. */
static void append(struct snapshot *snapshot, const void *from, size_t bytes)
{
    copy_bytes(snapshot->copy + snapshot->bytes, from, bytes);
    snapshot->bytes += bytes;
}

void snapshot_take(struct snapshot *snapshot)
{
    size_t most = tracker->written_count * PAGE_BYTES;

    for (unsigned i = 0; i < tracker->stack_count; i++) {
        const struct k_thread *owner = tracker->stack_owners[i];

        most +=
            (size_t)(owner->stack + owner->stack_bytes - used_from(owner, &snapshot->registers));
    }
    make_room(snapshot, most);
    snapshot->pages = tracker->written_count;
    snapshot->bytes = 0;
    for (unsigned i = 0; i < snapshot->pages; i++) {
        append(snapshot, tracker->written[i].start, PAGE_BYTES);
    }
    for (unsigned i = 0; i < tracker->stack_count; i++) {
        const struct k_thread *owner = tracker->stack_owners[i];
        char *from = used_from(owner, &snapshot->registers);

        append(snapshot, from, (size_t)(owner->stack + owner->stack_bytes - from));
    }
}

static void restore_pages(const struct snapshot *snapshot)
{
    for (unsigned i = 0; i < tracker->written_count; i++) {
        const struct page *page = &tracker->written[i];
        const char *was = i < snapshot->pages ? snapshot->copy + i * PAGE_BYTES : page->original;

        copy_bytes(page->start, was, PAGE_BYTES);
    }
}

void snapshot_go_on(const struct snapshot *snapshot)
{
    const struct k_thread *owner = owner_of(stack_pointer(&snapshot->registers));

    START_SWITCH(NULL, owner->stack, owner->stack_bytes);
    (void)setcontext(&snapshot->registers);
    abort();
}

void snapshot_resume(const struct snapshot *snapshot)
{
    const char *copy = snapshot->copy + snapshot->pages * PAGE_BYTES;

    restore_pages(snapshot);
    for (unsigned i = 0; i < tracker->stack_count; i++) {
        const struct k_thread *owner = tracker->stack_owners[i];
        char *end = owner->stack + owner->stack_bytes;
        char *from = used_from(owner, &snapshot->registers);
        size_t bytes = (size_t)(end - from);

        /* Frames that are gone, some of them deeper, have left their red zones. */
        ASAN_UNPOISON_MEMORY_REGION(from - STACK_USED_MAX, (size_t)(end - from) + STACK_USED_MAX);
        clear_below(from);
        copy_bytes(from, copy, bytes);
        copy += bytes;
    }
    snapshot_go_on(snapshot);
}

void snapshot_leave(ucontext_t *moment, ucontext_t *to)
{
    void *fake_stack = NULL;

    START_SWITCH(&fake_stack, to->uc_stack.ss_sp, to->uc_stack.ss_size);
    (void)swapcontext(moment, to);
    FINISH_SWITCH(fake_stack, NULL, NULL);
}

void snapshot_arrive(void)
{
    FINISH_SWITCH(NULL, NULL, NULL);
}
