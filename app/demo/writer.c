/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"

#include <errno.h>

#include "../../kernel/region_heap.h"

#define STACK_BYTES 1024

/* number, length, CRC or "skipped", excerpt, and what stands between them */
#define REPORT_BYTES (10 + 1 + 10 + 1 + 8 + 1 + EXCERPT_BYTES + 2)

static K_THREAD_STACK_DEFINE(stack, STACK_BYTES);
static struct k_thread thread;
static const struct device *output;
static char *report; /* within the DMA's reach, if anything is: nothing is copied on the way */
static K_SEM_DEFINE(sent, 0, 1);

/* In input order; protected by `lock`. */
static struct message *first;
static struct message **end = &first;
static bool finishing;
static struct k_spinlock lock;
static K_SEM_DEFINE(news, 0, 1);

void writer_expect(struct message *message)
{
    k_spinlock_key_t key = k_spin_lock(&lock);

    message->next_to_write = NULL;
    message->summed = false;
    *end = message;
    end = &message->next_to_write;
    k_spin_unlock(&lock, key);
}

void writer_summed(struct message *message)
{
    k_spinlock_key_t key = k_spin_lock(&lock);

    message->summed = true;
    k_spin_unlock(&lock, key);
    k_sem_give(&news);
}

/* The next message that may be written now, or NULL. */
static struct message *next_ready(void)
{
    k_spinlock_key_t key = k_spin_lock(&lock);
    struct message *message = first != NULL && first->summed ? first : NULL;

    if (message != NULL) {
        first = message->next_to_write;
        if (first == NULL) {
            end = &first;
        }
    }
    k_spin_unlock(&lock, key);
    return message;
}

static bool all_written(void)
{
    k_spinlock_key_t key = k_spin_lock(&lock);
    bool result = finishing && first == NULL;

    k_spin_unlock(&lock, key);
    return result;
}

static size_t format_report(const struct message *message)
{
    char sum[9] = "skipped";
    char excerpt[EXCERPT_BYTES + 1];
    uint32_t length = MIN(message->length, EXCERPT_BYTES);

    for (uint32_t i = 0; i < length; i++) {
        uint8_t byte = message->bytes[i];

        excerpt[i] = byte >= ' ' && byte <= '~' ? (char)byte : '.';
    }
    excerpt[length] = '\0';
    if (!message_is_skipped(message)) {
        snprintk(sum, sizeof(sum), "%08lx", (unsigned long)message->crc);
    }
    return (size_t)snprintk(report, REPORT_BYTES, "%lu %lu %s %s\n", (unsigned long)message->number,
                            (unsigned long)message->length, sum, excerpt);
}

static void send_report(const struct message *message)
{
    size_t length = format_report(message);

    if (uart_tx(output, (const uint8_t *)report, length, SYS_FOREVER_US) != 0) {
        k_oops();
    }
    k_sem_take(&sent, K_FOREVER);
}

static void write_all(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (!all_written()) {
        struct message *message = next_ready();

        if (message == NULL) {
            k_sem_take(&news, K_FOREVER);
            continue;
        }
        send_report(message);
        k_heap_free(&messages, message);
    }
}

void writer_event(const struct uart_event *event)
{
    if (event->type == UART_TX_DONE) {
        k_sem_give(&sent);
    }
}

int writer_start(const struct device *uart, int priority)
{
    output = uart;
    report = region_heap_request(&(struct region_need){.prefer = REGION_DMA}, 0, REPORT_BYTES,
                                 K_NO_WAIT);
    if (report == NULL) {
        return -ENOMEM;
    }
    k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), write_all, NULL, NULL, NULL,
                    priority, 0, K_NO_WAIT);
    k_thread_name_set(&thread, "writer");
    return 0;
}

void writer_finish(void)
{
    k_spinlock_key_t key = k_spin_lock(&lock);

    finishing = true;
    k_spin_unlock(&lock, key);
    k_sem_give(&news);
    (void)k_thread_join(&thread, K_FOREVER);
    region_heap_free(report);
}
