/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "../ztest/ztest.h"
#include "events.h"
#include "world.h"

static const struct device *uart;
static unsigned lock_key;

static void act_on_reception(const struct action *action)
{
    switch (action->what) {
    case ENABLE:
        uart_own(action->name);
        zassert_ok(uart_rx_enable(uart, buffer(action->name), (size_t)action->a,
                                  world_microseconds(action->b)));
        zassert_equal(uart_rx_enable(uart, buffer('D'), 1, 0), -EBUSY);
        break;
    case GIVE:
        zassert_equal(uart_rx_buf_rsp(uart, buffer(action->name), (size_t)action->a), action->b);
        if (action->b == 0) {
            uart_own(action->name);
        }
        break;
    case ANSWER:
        answer_requests_with(action->text, (size_t)action->a);
        break;
    case DISABLE:
        zassert_equal(uart_rx_disable(uart), action->a);
        break;
    default: {
        unsigned char character;

        zassert_equal(uart_poll_in(uart, &character), action->a);
        break;
    }
    }
}

static void act_on_transmission(const struct action *action)
{
    switch (action->what) {
    case TX:
        zassert_ok(send_bytes(buffer('A'), (size_t)action->a, world_microseconds(action->b)));
        break;
    case BUSY:
        zassert_equal(uart_tx(uart, buffer('A'), 1, 0), -EBUSY);
        break;
    case CHAIN:
        chain_transmissions((unsigned)action->a, (size_t)action->b);
        break;
    default:
        zassert_equal(uart_tx_abort(uart), action->a);
        break;
    }
}

static void act_outside(const struct action *action)
{
    switch (action->what) {
    case FRAMES:
        world_frames((unsigned)action->a);
        break;
    case BAD:
        world_bad_frame(action->a);
        break;
    case LATE:
        world_late_frames((unsigned)action->a);
        break;
    case PASS:
        world_pass((unsigned)action->a);
        break;
    case QUIET:
        world_quiet(action->a);
        break;
    default:
        world_drain();
        break;
    }
}

static void act(const struct action *action)
{
    switch (action->what) {
    case TX:
    case BUSY:
    case CHAIN:
    case ABORT:
        act_on_transmission(action);
        break;
    case LOCK:
        lock_key = irq_lock();
        break;
    case UNLOCK:
        irq_unlock(lock_key);
        break;
    case SEE:
        zassert_true(events_are(action->text));
        break;
    case SENT:
        zassert_true(sent_events_are(action->text));
        break;
    case WIRE:
        zassert_true(world_wire_carried((size_t)action->a));
        break;
    case ENABLE:
    case GIVE:
    case ANSWER:
    case DISABLE:
    case POLL_IN:
        act_on_reception(action);
        break;
    default:
        act_outside(action);
        break;
    }
}

void scripts_play(unsigned kind)
{
    unsigned played = 0;

    for (unsigned i = 0; i < script_count; i++) {
        const struct script *script = &scripts[i];

        if ((script->needs & ~world_abilities()) != 0) {
            continue;
        }
        printk("# %s, buffers of kind %u\n", script->title, kind);
        uart = world_make(kind);
        for (const struct action *action = script->actions; action->what != END; action++) {
            act(action);
        }
        world_end();
        played++;
    }
    printk("# %u of %u scripts\n", played, script_count);
    zassert_true(played >= script_count / 2);
}
