/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_states.h"

#include "../kernel/irq.h"
#include "../lib/assert.h"

static const struct dma_driver_api *api_of(const struct dma_channel *channel)
{
    return channel->dev->api;
}

static bool is_busy(const struct dma_channel *channel)
{
    return channel->state >= DMA_RUNNING;
}

/* Pieces. */

static void watchdog_expired(struct timeout *timeout)
{
    struct dma_channel *channel = CONTAINER_OF(timeout, struct dma_channel, watchdog);

    /* The callback's place is the channel's interrupt, where nothing is locked. */
    channel->stuck = true;
    api_of(channel)->wake(channel);
}

static void start_piece_locked(struct dma_channel *channel)
{
    const struct dma_job *job = &channel->job;
    const struct dma_block *block = &job->blocks[channel->block];
    uint32_t done = channel->done_bytes;

    channel->piece_bytes = MIN(block->bytes - done, job->piece_max_bytes);
    channel->stuck = false;
    /* How long a peripheral takes is not the controller's business. */
    if (!channel->polled && job->direction == MEMORY_TO_MEMORY) {
        timeout_start_locked(&channel->watchdog, K_MSEC(CONFIG_DMA_STUCK_MS), watchdog_expired);
    }
    api_of(channel)->start_locked(channel, block->source + (block->source_fixed ? 0 : done),
                                  block->dest + (block->dest_fixed ? 0 : done));
}

static uint32_t moved_locked(const struct dma_channel *channel)
{
    uint32_t piece_bytes = channel->piece_bytes;
    uint32_t left_bytes = piece_bytes == 0 ? 0 : api_of(channel)->left_locked(channel);

    return piece_bytes - MIN(left_bytes, piece_bytes);
}

/* Nothing is under way from here on; `moved_bytes` were. */
static void account_locked(struct dma_channel *channel, uint32_t moved_bytes)
{
    channel->done_bytes += moved_bytes;
    channel->total_bytes += moved_bytes;
    channel->piece_bytes = 0;
    channel->stuck = false;
    if (!channel->polled) {
        (void)timeout_stop_locked(&channel->watchdog);
    }
}

static int stop_piece_locked(struct dma_channel *channel)
{
    int result = api_of(channel)->stop_locked(channel);

    if (result == 0) {
        account_locked(channel, moved_locked(channel));
    }
    return result;
}

/* The calls. */

static void look_at_polled_locked(struct dma_channel *channel)
{
    if (!api_of(channel)->is_active_locked(channel)) {
        account_locked(channel, channel->piece_bytes);
        channel->state = DMA_CONFIGURED;
    }
}

static ALWAYS_INLINE void settle_locked(struct dma_channel *channel)
{
    if (channel->polled && channel->state == DMA_RUNNING) {
        look_at_polled_locked(channel);
    }
}

int dma_configure_locked(struct dma_channel *channel, const struct dma_job *job)
{
    settle_locked(channel);
    if (is_busy(channel)) {
        return -EBUSY;
    }
    channel->job = *job;
    channel->state = DMA_CONFIGURED;
    channel->total_bytes = 0;
    return 0;
}

int dma_reload_locked(struct dma_channel *channel, uintptr_t src, uintptr_t dst, size_t size_bytes)
{
    struct dma_job *job = &channel->job;
    struct dma_block *block = &job->blocks[0];

    settle_locked(channel);
    if (channel->state == DMA_INIT || !dma_job_takes(job, src, dst, (uint32_t)size_bytes)) {
        return -EINVAL;
    }
    if (is_busy(channel)) {
        return channel->state == DMA_RUNNING && job->cyclic && job->block_count == 2
                   ? api_of(channel)->swap_locked(channel, src, dst, (uint32_t)size_bytes)
                   : -EBUSY;
    }
    block->source = src;
    block->dest = dst;
    block->bytes = (uint32_t)size_bytes;
    job->block_count = 1;
    return 0;
}

int dma_start_locked(struct dma_channel *channel)
{
    const struct dma_job *job = &channel->job;

    settle_locked(channel);
    if (channel->state != DMA_CONFIGURED) {
        return channel->state == DMA_RUNNING ? 0 : -EINVAL;
    }
    channel->state = DMA_RUNNING;
    channel->block = 0;
    channel->done_bytes = 0;
    channel->total_bytes = 0;
    channel->owed = false;
    channel->polled = job->may_poll && job->callback == NULL && job->block_count == 1 &&
                      job->blocks[0].bytes <= job->piece_max_bytes;
    start_piece_locked(channel);
    return 0;
}

int dma_stop_locked(struct dma_channel *channel)
{
    int result = channel->state == DMA_RUNNING ? stop_piece_locked(channel) : 0;

    if (result == 0 && is_busy(channel)) {
        channel->owed = false;
        channel->state = DMA_CONFIGURED;
    }
    return result;
}

/* A piece begins at a multiple of what the hardware moves at once: what lies beyond one is moved
 * again. */
static void step_back_locked(struct dma_channel *channel)
{
    uint32_t beyond = channel->done_bytes & channel->job.size_mask;

    channel->done_bytes -= beyond;
    channel->total_bytes -= beyond;
}

int dma_suspend_locked(struct dma_channel *channel)
{
    int result;

    settle_locked(channel);
    if (channel->state != DMA_RUNNING) {
        return channel->state == DMA_SUSPENDED ? 0 : -EINVAL;
    }
    if (!channel->job.may_pause) {
        return -ENOSYS;
    }
    result = stop_piece_locked(channel);
    if (result == 0) {
        /* The flag that would have told is gone: resume tells. */
        channel->owed = channel->done_bytes == channel->job.blocks[channel->block].bytes;
        step_back_locked(channel);
        channel->state = DMA_SUSPENDED;
    }
    return result;
}

int dma_resume_locked(struct dma_channel *channel)
{
    if (channel->state != DMA_SUSPENDED) {
        return channel->state == DMA_RUNNING ? 0 : -EINVAL;
    }
    channel->state = DMA_RUNNING;
    if (channel->owed) {
        api_of(channel)->wake(channel);
    } else {
        start_piece_locked(channel);
    }
    return 0;
}

static uint32_t pending_bytes(const struct dma_channel *channel, uint32_t done_bytes)
{
    const struct dma_job *job = &channel->job;
    uint32_t pending = job->blocks[channel->block].bytes - done_bytes;

    for (unsigned i = channel->block + 1u; i < job->block_count && !job->cyclic; i++) {
        pending += job->blocks[i].bytes;
    }
    return pending;
}

int dma_status_locked(struct dma_channel *channel, struct dma_status *status)
{
    uint32_t moved;

    settle_locked(channel);
    if (channel->state == DMA_INIT) {
        return -EINVAL;
    }
    moved = moved_locked(channel);
    /* One by one: UARTs call this for each byte, and clearing it all first costs a call. */
    status->busy = is_busy(channel);
    status->dir = channel->job.direction;
    status->read_position = status->busy ? channel->done_bytes + moved : 0;
    status->write_position = status->read_position;
    status->pending_length = status->busy ? pending_bytes(channel, status->read_position) : 0;
    status->free = channel->job.cyclic ? status->pending_length : 0;
    status->total_copied = channel->total_bytes + moved;
    return 0;
}

/* The interrupt. */

enum news {
    NO_NEWS,
    HALF_DONE,
    PIECE_DONE,
    BLOCK_DONE,
    LIST_DONE,
    FAILED,
};

/* What is told, taken while it is true: a more urgent interrupt may configure the channel anew. */
struct call {
    dma_callback_t callback; /* NULL: nobody is told */
    void *user_data;
    int status;
};

static enum news complete_piece_locked(struct dma_channel *channel)
{
    const struct dma_job *job = &channel->job;

    ASSERT(channel->piece_bytes != 0 || channel->owed, "D10 a DMA piece ends that was not begun",
           channel->dev, channel);
    if (job->cyclic) {
        channel->total_bytes += channel->piece_bytes; /* the hardware goes on by itself */
        return BLOCK_DONE;
    }
    account_locked(channel, channel->piece_bytes);
    channel->owed = false;
    if (channel->done_bytes < job->blocks[channel->block].bytes) {
        return PIECE_DONE;
    }
    if (channel->block + 1u == job->block_count) {
        channel->state = DMA_CONFIGURED;
        return LIST_DONE;
    }
    channel->block++;
    channel->done_bytes = 0;
    return BLOCK_DONE;
}

/* A channel that does not stop stays RUNNING: its memory is still the controller's. */
static enum news fail_locked(struct dma_channel *channel)
{
    if (stop_piece_locked(channel) == 0) {
        channel->state = DMA_CONFIGURED;
    }
    return FAILED;
}

/* What the hardware, or the watchdog, has to say. An interrupt that belongs to what dma_stop has
 * ended finds nothing under way. */
static enum news look_locked(struct dma_channel *channel, int *error)
{
    uint32_t events = api_of(channel)->events_take_locked(channel);
    bool refused = (events & DMA_EVENT_ERROR) != 0;
    bool complete = (events & DMA_EVENT_COMPLETE) != 0 || channel->owed;

    if (channel->state != DMA_RUNNING) {
        return NO_NEWS;
    }
    *error = refused ? -EIO : -ETIMEDOUT;
    if (refused || (channel->stuck && !complete)) {
        return fail_locked(channel);
    }
    if (complete) {
        return complete_piece_locked(channel);
    }
    return (events & DMA_EVENT_HALF) != 0 ? HALF_DONE : NO_NEWS;
}

static struct call call_for_locked(const struct dma_channel *channel, enum news news, int error)
{
    const struct dma_job *job = &channel->job;
    bool wanted = news == LIST_DONE || (news == BLOCK_DONE && job->tell_blocks) ||
                  (news == HALF_DONE && job->tell_halves) || (news == FAILED && job->tell_errors);

    return (struct call){
        .callback = wanted ? job->callback : NULL,
        .user_data = job->user_data,
        .status = news == FAILED      ? error
                  : news == LIST_DONE ? DMA_STATUS_COMPLETE
                  : news == HALF_DONE ? DMA_STATUS_HALF_COMPLETE
                                      : DMA_STATUS_BLOCK,
    };
}

/* The callback may have stopped, suspended or restarted the channel. */
static void start_next_piece(struct dma_channel *channel)
{
    unsigned key = irq_lock();

    if (channel->state == DMA_RUNNING && channel->piece_bytes == 0 && !channel->owed) {
        start_piece_locked(channel);
    }
    irq_unlock(key);
}

void dma_channel_serve(struct dma_channel *channel)
{
    int error = 0;
    unsigned key = irq_lock();
    enum news news = look_locked(channel, &error);
    struct call call = call_for_locked(channel, news, error);

    irq_unlock(key);
    if (call.callback != NULL) {
        call.callback(channel->dev, call.user_data, channel->number, call.status);
    }
    if (news != NO_NEWS) {
        start_next_piece(channel);
    }
}
