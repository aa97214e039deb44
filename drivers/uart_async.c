/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_async.h"

#include <string.h>

#include "../kernel/irq.h"
#include "../kernel/region_heap.h"
#include "../lib/errno.h"

static void tell(struct uart_async *async, struct uart_event event)
{
    if (async->callback != NULL) {
        async->callback(async->dev, &event, async->user_data);
    }
}

static bool needs_bounce(const struct uart_async *async, const void *buf, size_t len)
{
    const struct region *region;

    if (!IS_ENABLED(CONFIG_UART_ASYNC_BOUNCE) || async->reach == 0) {
        return false;
    }
    region = region_heap_find(buf, len);
    return region == NULL || (region->attr & async->reach) != async->reach;
}

#define GIVE_BACK(mem) (IS_ENABLED(CONFIG_UART_ASYNC_BOUNCE) ? region_heap_free(mem) : (void)0)

int uart_async_callback_set(struct uart_async *async, uart_callback_t callback, void *user_data)
{
    unsigned key = irq_lock();

    async->callback = callback;
    async->user_data = user_data;
    irq_unlock(key);
    return 0;
}

/* Transmission. */

static void tx_expired(struct timeout *timeout)
{
    struct uart_async *async = CONTAINER_OF(timeout, struct uart_async, tx.timeout);

    (void)uart_async_tx_abort(async);
}

static int tx_begin_locked(struct uart_async *async, const uint8_t *buf, size_t len,
                           int32_t timeout_us)
{
    struct uart_async_tx *tx = &async->tx;
    uint8_t *bounce = NULL;

    if (tx->wish != UART_ASYNC_NONE) {
        return -EBUSY;
    }
    if (needs_bounce(async, buf, len)) {
        bounce =
            region_heap_alloc(async->reach, 0, 0, MIN(len, (size_t)CONFIG_UART_ASYNC_BOUNCE_BYTES));
        if (bounce == NULL) {
            return -ENOMEM;
        }
    }
    *tx = (struct uart_async_tx){.wish = UART_ASYNC_RUN, .buf = buf, .len = len, .bounce = bounce};
    if (timeout_us > 0) {
        timeout_start_locked(&tx->timeout, K_USEC(timeout_us), tx_expired);
    }
    async->ops->tx_wake(async->dev);
    return 0;
}

int uart_async_tx(struct uart_async *async, const uint8_t *buf, size_t len, int32_t timeout_us)
{
    unsigned key;
    int result;

    if (buf == NULL || len == 0) {
        return -EINVAL;
    }
    key = irq_lock();
    result = tx_begin_locked(async, buf, len, timeout_us);
    irq_unlock(key);
    return result;
}

int uart_async_tx_abort(struct uart_async *async)
{
    unsigned key = irq_lock();
    bool running = async->tx.wish == UART_ASYNC_RUN;

    if (running) {
        async->tx.wish = UART_ASYNC_END;
        async->ops->tx_wake(async->dev);
    }
    irq_unlock(key);
    return running ? 0 : -EFAULT;
}

size_t uart_async_tx_seize(struct uart_async *async)
{
    unsigned key = irq_lock();
    size_t sent = async->tx.wish == UART_ASYNC_NONE ? 0 : async->tx.sent;

    /* What it bounced through stays allocated: whoever calls this may not trust the heap. */
    (void)timeout_stop_locked(&async->tx.timeout);
    async->tx.wish = UART_ASYNC_NONE;
    irq_unlock(key);
    return sent;
}

/* The transfer is over and the driver idle before the program hears of it, so that the callback may
 * start the next one. */
static bool tx_end(struct uart_async *async)
{
    struct uart_async_tx *tx = &async->tx;
    struct uart_event event = {.data.tx = {.buf = tx->buf, .len = tx->sent}};
    unsigned key = irq_lock();
    bool aborted = tx->wish == UART_ASYNC_END;
    bool over = aborted || (tx->wish == UART_ASYNC_RUN && tx->sent == tx->len);

    if (over) {
        event.type = aborted ? UART_TX_ABORTED : UART_TX_DONE;
        (void)timeout_stop_locked(&tx->timeout);
        GIVE_BACK(tx->bounce);
        tx->wish = UART_ASYNC_NONE;
    }
    irq_unlock(key);
    if (over) {
        tell(async, event);
    }
    return over;
}

/* A look without the lock is enough to say no: whoever changes the answer pends the interrupt. */
static bool tx_is_under_way(const struct uart_async_tx *tx)
{
    return tx->wish == UART_ASYNC_RUN && tx->sent != tx->len;
}

void uart_async_tx_service(struct uart_async *async)
{
    while (!tx_is_under_way(&async->tx) && tx_end(async)) {
    }
}

size_t uart_async_tx_window(struct uart_async *async, const uint8_t **bytes)
{
    struct uart_async_tx *tx = &async->tx;

    uart_async_tx_service(async);
    if (tx->wish != UART_ASYNC_RUN) {
        return 0;
    }
    if (tx->bounce == NULL) {
        *bytes = tx->buf + tx->sent;
        return tx->len - tx->sent;
    }
    if (tx->sent == tx->copied) {
        tx->chunk = tx->copied;
        tx->copied += MIN(tx->len - tx->chunk, (size_t)CONFIG_UART_ASYNC_BOUNCE_BYTES);
        memcpy(tx->bounce, tx->buf + tx->chunk, tx->copied - tx->chunk);
    }
    *bytes = tx->bounce + (tx->sent - tx->chunk);
    return tx->copied - tx->sent;
}

void uart_async_tx_failed(struct uart_async *async)
{
    (void)uart_async_tx_abort(async);
    uart_async_tx_service(async);
}

/* Reception. */

static void rx_expired(struct timeout *timeout)
{
    struct uart_async *async = CONTAINER_OF(timeout, struct uart_async, rx.timeout);
    struct uart_async_rx *rx = &async->rx;
    k_ticks_t due_tick = rx->last_byte_tick + rx->quiet.ticks + 1;

    /* Bytes only note their tick; the rest of the time is waited for here, not after each byte. */
    if (due_tick > k_uptime_ticks()) {
        timeout_start_locked(&rx->timeout, K_TIMEOUT_ABS_TICKS(due_tick), rx_expired);
    } else {
        rx->report_due = true;
        async->ops->rx_wake(async->dev);
    }
}

/* Makes sure that there is memory to bounce through if `buf` needs it; *bounced says whether. */
static bool rx_reach_locked(struct uart_async *async, const uint8_t *buf, size_t len, bool *bounced)
{
    *bounced = needs_bounce(async, buf, len);
    if (*bounced && async->rx.bounce == NULL) {
        async->rx.bounce = region_heap_alloc(async->reach, 0, 0, CONFIG_UART_ASYNC_BOUNCE_BYTES);
    }
    return !*bounced || async->rx.bounce != NULL;
}

static int rx_begin_locked(struct uart_async *async, uint8_t *buf, size_t len, int32_t timeout_us)
{
    struct uart_async_rx *rx = &async->rx;

    if (rx->wish != UART_ASYNC_NONE) {
        return -EBUSY;
    }
    *rx = (struct uart_async_rx){
        .buf = buf,
        .len = len,
        .quiet = timeout_us == SYS_FOREVER_US ? K_FOREVER : K_USEC(timeout_us),
        .request_due = true,
    };
    if (!rx_reach_locked(async, buf, len, &rx->buf_bounced)) {
        return -ENOMEM;
    }
    rx->wish = UART_ASYNC_RUN;
    async->ops->rx_wake(async->dev);
    return 0;
}

int uart_async_rx_enable(struct uart_async *async, uint8_t *buf, size_t len, int32_t timeout_us)
{
    unsigned key;
    int result;

    if (buf == NULL || len == 0) {
        return -EINVAL;
    }
    key = irq_lock();
    result = rx_begin_locked(async, buf, len, timeout_us);
    irq_unlock(key);
    return result;
}

static int rx_next_locked(struct uart_async *async, uint8_t *buf, size_t len)
{
    struct uart_async_rx *rx = &async->rx;

    if (rx->wish != UART_ASYNC_RUN) {
        return -EACCES;
    }
    if (rx->next != NULL) {
        return -EBUSY;
    }
    if (!rx_reach_locked(async, buf, len, &rx->next_bounced)) {
        return -ENOMEM;
    }
    rx->next = buf;
    rx->next_len = len;
    return 0;
}

int uart_async_rx_buf_rsp(struct uart_async *async, uint8_t *buf, size_t len)
{
    unsigned key;
    int result;

    if (buf == NULL || len == 0) {
        return -EINVAL;
    }
    key = irq_lock();
    result = rx_next_locked(async, buf, len);
    irq_unlock(key);
    return result;
}

int uart_async_rx_disable(struct uart_async *async)
{
    unsigned key = irq_lock();
    bool running = async->rx.wish == UART_ASYNC_RUN;

    if (running) {
        async->rx.wish = UART_ASYNC_END;
        async->ops->rx_wake(async->dev);
    }
    irq_unlock(key);
    return running ? 0 : -EFAULT;
}

/* The rules of D2, one a function: each makes the event and the change that goes with it, or says
 * that it does not apply. */

static bool stopped_locked(struct uart_async_rx *rx, struct uart_event *event)
{
    if (rx->stop_reason == 0) {
        return false;
    }
    event->type = UART_RX_STOPPED;
    event->data.rx_stop = (struct uart_event_rx_stop){
        .reason = (enum uart_rx_stop_reason)rx->stop_reason,
        .data = {.buf = rx->buf, .offset = rx->reported, .len = rx->filled - rx->reported}};
    rx->stop_reason = 0;
    return true;
}

static bool ready_locked(struct uart_async_rx *rx, struct uart_event *event)
{
    bool due = rx->report_due || rx->filled == rx->len || rx->wish == UART_ASYNC_END;

    if (!due || rx->buf == NULL || rx->filled == rx->reported) {
        rx->report_due = false;
        return false;
    }
    event->type = UART_RX_RDY;
    event->data.rx = (struct uart_event_rx){
        .buf = rx->buf, .offset = rx->reported, .len = rx->filled - rx->reported};
    rx->reported = rx->filled;
    (void)timeout_stop_locked(&rx->timeout);
    return true;
}

static bool released_locked(struct uart_async_rx *rx, struct uart_event *event)
{
    uint8_t **slot = &rx->buf;

    if (rx->buf == NULL) {
        slot = &rx->next;
    }
    if (*slot == NULL ||
        (rx->wish == UART_ASYNC_RUN && (slot == &rx->next || rx->filled != rx->len))) {
        return false;
    }
    event->type = UART_RX_BUF_RELEASED;
    event->data.rx_buf.buf = *slot;
    *slot = NULL;
    return true;
}

static bool disabled_locked(struct uart_async_rx *rx, struct uart_event *event)
{
    if (rx->buf != NULL || rx->next != NULL) {
        return false;
    }
    event->type = UART_RX_DISABLED;
    (void)timeout_stop_locked(&rx->timeout);
    GIVE_BACK(rx->bounce);
    rx->bounce = NULL;
    rx->wish = UART_ASYNC_NONE;
    return true;
}

/* Not reached when reception ends: then one of the rules before it applies. */
static bool requested_locked(struct uart_async_rx *rx, struct uart_event *event)
{
    if (rx->buf == NULL) {
        rx->buf = rx->next;
        rx->len = rx->next_len;
        rx->buf_bounced = rx->next_bounced;
        rx->filled = 0;
        rx->reported = 0;
        rx->next = NULL;
        rx->request_due = true;
    }
    if (!rx->request_due) {
        return false;
    }
    event->type = UART_RX_BUF_REQUEST;
    rx->request_due = false;
    return true;
}

static bool (*const rules[])(struct uart_async_rx *, struct uart_event *) = {
    stopped_locked, ready_locked, released_locked, disabled_locked, requested_locked,
};

/* The first rule that applies while the wish is not `hold`, under the lock; told after it. */
static bool rx_step(struct uart_async *async, enum uart_async_wish hold)
{
    struct uart_async_rx *rx = &async->rx;
    struct uart_event event = {0};
    bool applies = false;
    unsigned key = irq_lock();
    unsigned count = rx->wish == UART_ASYNC_NONE || rx->wish == hold ? 0 : ARRAY_SIZE(rules);

    for (unsigned i = 0; i < count && !applies; i++) {
        applies = rules[i](rx, &event);
    }
    irq_unlock(key);
    if (applies) {
        tell(async, event);
    }
    return applies;
}

/* No rule applies, as long as nothing but bytes come. Without the lock, as tx_is_under_way. */
static bool rx_is_under_way(const struct uart_async_rx *rx)
{
    return rx->wish == UART_ASYNC_RUN && !rx->request_due && !rx->report_due && rx->buf != NULL &&
           rx->filled != rx->len;
}

void uart_async_rx_tell(struct uart_async *async, enum uart_async_wish hold)
{
    while (!rx_is_under_way(&async->rx) && rx_step(async, hold)) {
    }
}

size_t uart_async_rx_window(struct uart_async *async, uint8_t **place)
{
    struct uart_async_rx *rx = &async->rx;

    uart_async_rx_service(async);
    if (rx->wish != UART_ASYNC_RUN) {
        return 0;
    }
    if (rx->buf_bounced) {
        *place = rx->bounce;
        return MIN(rx->len - rx->filled, (size_t)CONFIG_UART_ASYNC_BOUNCE_BYTES);
    }
    *place = rx->buf + rx->filled;
    return rx->len - rx->filled;
}

static void note_arrival_locked(struct uart_async_rx *rx)
{
    if (K_TIMEOUT_EQ(rx->quiet, K_NO_WAIT)) {
        rx->report_due = true;
    } else if (!K_TIMEOUT_EQ(rx->quiet, K_FOREVER)) {
        rx->last_byte_tick = k_uptime_ticks();
        if (!sys_dnode_is_linked(&rx->timeout.node)) {
            timeout_start_locked(&rx->timeout, rx->quiet, rx_expired);
        }
    }
}

void uart_async_rx_moved(struct uart_async *async, size_t count)
{
    struct uart_async_rx *rx = &async->rx;
    unsigned key;

    if (rx->buf_bounced) {
        memcpy(rx->buf + rx->filled, rx->bounce, count);
    }
    key = irq_lock();
    rx->filled += count;
    note_arrival_locked(rx);
    irq_unlock(key);
    uart_async_rx_service(async);
}

void uart_async_rx_failed(struct uart_async *async, size_t count, enum uart_rx_stop_reason reason)
{
    unsigned key = irq_lock();

    async->rx.stop_reason = (uint8_t)reason;
    async->rx.wish = UART_ASYNC_END;
    irq_unlock(key);
    uart_async_rx_moved(async, count);
}
