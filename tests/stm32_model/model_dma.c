/* SPDX-License-Identifier: Apache-2.0 */
/* The stream DMA controllers: RM0090, chapter 10. */
#include <string.h>

#include "../../drivers/mmio.h"
#include "model.h"

#define FIFO_BYTES 16u

struct stream {
    uint32_t scr; /* EN included */
    uint32_t sndtr;
    uint32_t spar;
    uint32_t smar[2];
    uint32_t sfcr;

    /* Latched when EN is set (10.3.17). */
    uint32_t reload;
    uint32_t peripheral;
    uint32_t memory;

    uint8_t fifo[FIFO_BYTES];
    unsigned fifo_count;
    uint32_t fetched; /* bytes of this run read from memory towards the peripheral */
    bool stopping;
    unsigned stop_countdown;
};

static struct {
    uint32_t isr[2];
    struct stream streams[8];
} controllers[2];

unsigned model_stop_delay;
unsigned model_flag_reads;
unsigned model_memory_writes;
bool model_dma_frozen;
char model_grants[64];
unsigned model_grant_count;

static unsigned number_of(const struct stream *stream, unsigned *controller)
{
    *controller = stream >= controllers[1].streams ? 1 : 0;
    return (unsigned)(stream - controllers[*controller].streams);
}

static void raise(const struct stream *stream, uint32_t flag)
{
    unsigned controller;
    unsigned number = number_of(stream, &controller);

    controllers[controller].isr[number / 4] |= flag << dma_flag_shift(number);
}

void model_leave_flags(unsigned controller, unsigned stream, uint32_t flags)
{
    raise(&controllers[controller].streams[stream], flags);
}

static uint32_t flags_of(const struct stream *stream)
{
    unsigned controller;
    unsigned number = number_of(stream, &controller);

    return controllers[controller].isr[number / 4] >> dma_flag_shift(number) & DMA_FLAGS;
}

static void complain(const struct stream *stream, const char *what)
{
    unsigned controller;

    model_violation(what, number_of(stream, &controller));
}

static uint32_t field(const struct stream *stream, unsigned shift, uint32_t mask)
{
    return stream->scr >> shift & mask;
}

static uint32_t direction(const struct stream *stream)
{
    return field(stream, 6, 3);
}

static uint32_t item_bytes(const struct stream *stream)
{
    return 1u << field(stream, 11, 3);
}

static uint32_t memory_item_bytes(const struct stream *stream)
{
    /* In direct mode MSIZE is forced to PSIZE (10.5.5). */
    return (stream->sfcr & DMA_SFCR_DMDIS) != 0 ? 1u << field(stream, 13, 3) : item_bytes(stream);
}

static uint32_t burst_beats(uint32_t code)
{
    return code == 0 ? 1 : 2u << code;
}

static uint32_t threshold_bytes(const struct stream *stream)
{
    return ((stream->sfcr & 3) + 1) * DMA_FIFO_QUARTER_BYTES;
}

static void bus_error(struct stream *stream)
{
    /* 10.3.18: the stream is disabled by hardware. */
    stream->scr &= ~(uint32_t)DMA_SCR_EN;
    stream->fifo_count = 0;
    raise(stream, DMA_FLAG_ERROR);
}

static bool is_peripheral(uint32_t address)
{
    return address >= 0x40000000u && address < 0x40030000u;
}

/* One access of `bytes` bytes by the controller; false: bus error. */
static bool bus_read(uint32_t address, uint8_t *to, uint32_t bytes)
{
    if (is_peripheral(address)) {
        unsigned usart = address >= USART1 ? 0 : 1;

        *to = (uint8_t)usart_model_read(usart, address - (usart == 0 ? USART1 : USART2));
        return bytes == 1;
    }
    if (!model_in_memory(address)) {
        return false;
    }
    memcpy(to, at(address), bytes);
    return true;
}

static bool bus_write(uint32_t address, const uint8_t *from, uint32_t bytes)
{
    if (is_peripheral(address)) {
        unsigned usart = address >= USART1 ? 0 : 1;

        usart_model_write(usart, address - (usart == 0 ? USART1 : USART2), *from);
        return bytes == 1;
    }
    if (!model_in_memory(address) || address - FLASH < FLASH_BYTES) {
        return false;
    }
    memcpy(at(address), from, bytes);
    model_memory_writes++;
    return true;
}

static void fifo_drop(struct stream *stream, uint32_t bytes)
{
    stream->fifo_count -= bytes;
    memmove(stream->fifo, stream->fifo + bytes, stream->fifo_count);
}

static bool write_out(struct stream *stream)
{
    uint32_t unit = memory_item_bytes(stream);

    while (stream->fifo_count != 0) {
        uint32_t bytes = stream->fifo_count < unit ? stream->fifo_count : unit;

        if (!bus_write(stream->memory, stream->fifo, bytes)) {
            bus_error(stream);
            return false;
        }
        stream->memory += (stream->scr & DMA_SCR_MINC) != 0 ? bytes : 0;
        fifo_drop(stream, bytes);
    }
    return true;
}

static void load_addresses(struct stream *stream)
{
    stream->peripheral = stream->spar;
    stream->memory = stream->smar[(stream->scr & DMA_SCR_CT) != 0 ? 1 : 0];
    stream->fetched = 0;
}

/* NDTR has reached 0 and the data are where they belong. */
static void end_of_run(struct stream *stream)
{
    raise(stream, DMA_FLAG_COMPLETE);
    if ((stream->scr & (DMA_SCR_CIRC | DMA_SCR_DBM)) == 0) {
        stream->scr &= ~(uint32_t)DMA_SCR_EN;
        return;
    }
    if ((stream->scr & DMA_SCR_DBM) != 0) {
        stream->scr ^= DMA_SCR_CT;
    }
    stream->sndtr = stream->reload;
    load_addresses(stream);
}

static void count_item(struct stream *stream)
{
    stream->sndtr--;
    if (stream->sndtr == stream->reload / 2) {
        raise(stream, DMA_FLAG_HALF);
    }
}

/* From the peripheral port into the FIFO, and from there to memory when the threshold is reached,
 * in direct mode at once. */
static void move_to_memory(struct stream *stream)
{
    uint32_t bytes = item_bytes(stream);
    bool direct = (stream->sfcr & DMA_SFCR_DMDIS) == 0;

    if (!bus_read(stream->peripheral, stream->fifo + stream->fifo_count, bytes)) {
        bus_error(stream);
        return;
    }
    stream->peripheral += (stream->scr & DMA_SCR_PINC) != 0 ? bytes : 0;
    stream->fifo_count += bytes;
    count_item(stream);
    if ((direct || stream->fifo_count >= threshold_bytes(stream) || stream->sndtr == 0) &&
        !write_out(stream)) {
        return;
    }
    if (stream->sndtr == 0) {
        end_of_run(stream);
    }
}

/* The memory port reads ahead: one item in direct mode (10.3.12), else while the FIFO has room. */
static bool fetch(struct stream *stream)
{
    uint32_t unit = memory_item_bytes(stream);
    uint32_t limit = (stream->sfcr & DMA_SFCR_DMDIS) == 0 ? unit : FIFO_BYTES;
    uint32_t all = stream->reload * item_bytes(stream);

    while (stream->fifo_count + unit <= limit && stream->fetched < all) {
        if (!bus_read(stream->memory, stream->fifo + stream->fifo_count, unit)) {
            bus_error(stream);
            return false;
        }
        stream->memory += (stream->scr & DMA_SCR_MINC) != 0 ? unit : 0;
        stream->fifo_count += unit;
        stream->fetched += unit;
    }
    return true;
}

static void move_to_peripheral(struct stream *stream)
{
    uint32_t bytes = item_bytes(stream);

    if (!fetch(stream)) {
        return;
    }
    if (!bus_write(stream->peripheral, stream->fifo, bytes)) {
        bus_error(stream);
        return;
    }
    stream->peripheral += (stream->scr & DMA_SCR_PINC) != 0 ? bytes : 0;
    fifo_drop(stream, bytes);
    count_item(stream);
    if (stream->sndtr == 0) {
        end_of_run(stream);
    } else {
        (void)fetch(stream);
    }
}

static bool wants_bus(unsigned controller, unsigned number)
{
    const struct stream *stream = &controllers[controller].streams[number];

    if ((stream->scr & DMA_SCR_EN) == 0 || stream->stopping) {
        return false;
    }
    return direction(stream) == 2 || usart_model_request(controller, number, field(stream, 25, 7));
}

/* 10.3.4: the higher software priority, then the lower stream number. */
static struct stream *arbitrate(unsigned controller)
{
    struct stream *best = NULL;

    for (unsigned i = 0; i < 8; i++) {
        struct stream *stream = &controllers[controller].streams[i];

        if (wants_bus(controller, i) &&
            (best == NULL || field(stream, 16, 3) > field(best, 16, 3))) {
            best = stream;
        }
    }
    return best;
}

static void grant(struct stream *stream)
{
    unsigned controller;
    unsigned number = number_of(stream, &controller);

    if (model_grant_count < sizeof(model_grants) - 1) {
        model_grants[model_grant_count++] = (char)((controller == 0 ? 'a' : 'A') + (int)number);
    }
    if (direction(stream) == 1) {
        move_to_peripheral(stream);
    } else {
        move_to_memory(stream);
    }
}

void dma_model_beat(void)
{
    for (unsigned controller = 0; controller < 2 && !model_dma_frozen; controller++) {
        struct stream *stream = arbitrate(controller);

        if (stream != NULL) {
            grant(stream);
        }
    }
}

/* 10.3.14: what was under way ends, the FIFO is written out when it goes to memory, and the
 * complete flag says that the stream has stopped. */
static void stopped(struct stream *stream)
{
    stream->stopping = false;
    if (direction(stream) == 1 || write_out(stream)) {
        stream->scr &= ~(uint32_t)DMA_SCR_EN;
        raise(stream, DMA_FLAG_COMPLETE);
    }
    stream->fifo_count = 0;
}

void dma_model_access_passed(void)
{
    for (unsigned i = 0; i < 16; i++) {
        struct stream *stream = &controllers[i / 8].streams[i % 8];

        if (stream->stopping && stream->stop_countdown != UINT32_MAX &&
            stream->stop_countdown-- == 0) {
            stopped(stream);
        }
    }
}

void model_let_go(void)
{
    model_stop_delay = 0;
    for (unsigned i = 0; i < 16; i++) {
        controllers[i / 8].streams[i % 8].stop_countdown = 0;
    }
}

/* Rules for EN 0 -> 1: 10.3.6, 10.3.12, 10.3.17, 10.5.5. */
static bool may_start(struct stream *stream)
{
    uint32_t burst = burst_beats(field(stream, 23, 3)) * memory_item_bytes(stream);
    bool fifo = (stream->sfcr & DMA_SFCR_DMDIS) != 0;
    unsigned controller;

    (void)number_of(stream, &controller);
    if (flags_of(stream) != 0) {
        complain(stream, "enabled with a flag of the last run set");
    }
    if (stream->sndtr == 0) {
        complain(stream, "enabled with nothing to move");
        return false;
    }
    if (direction(stream) == 2 &&
        (controller == 0 || !fifo || (stream->scr & (DMA_SCR_CIRC | DMA_SCR_DBM)) != 0)) {
        complain(stream, "memory to memory by DMA1, in direct mode or circular");
        return false;
    }
    if (!fifo && (field(stream, 21, 3) != 0 || field(stream, 23, 3) != 0)) {
        complain(stream, "bursts in direct mode");
    }
    if (fifo && threshold_bytes(stream) % burst != 0) {
        raise(stream, DMA_FLAG_FIFO); /* and the stream stays off */
        return false;
    }
    if (stream->smar[0] % burst != 0 || stream->spar % item_bytes(stream) != 0) {
        complain(stream, "address that is no multiple of a burst");
    }
    return true;
}

static void write_scr(struct stream *stream, uint32_t value)
{
    const uint32_t always = DMA_SCR_EN | DMA_SCR_INTERRUPTS;

    if ((stream->scr & DMA_SCR_EN) == 0) {
        stream->scr = value & 0x0ffffffeu;
        if ((value & DMA_SCR_EN) != 0 && may_start(stream)) {
            stream->scr |= DMA_SCR_EN;
            stream->reload = stream->sndtr;
            stream->fifo_count = 0;
            stream->stopping = false;
            load_addresses(stream);
            if (direction(stream) == 1) {
                (void)fetch(stream);
            }
        }
        return;
    }
    if (((stream->scr ^ value) & ~(always | DMA_SCR_CT)) != 0) {
        complain(stream, "protected bits of SxCR changed while EN is set");
    }
    stream->scr = (stream->scr & ~DMA_SCR_INTERRUPTS) | (value & DMA_SCR_INTERRUPTS);
    if ((value & DMA_SCR_EN) == 0 && !stream->stopping) {
        stream->stopping = true;
        stream->stop_countdown = model_stop_delay;
    }
}

/* 10.3.9: of a running double buffer, the address that is not in use. */
static void write_smar(struct stream *stream, unsigned which, uint32_t value)
{
    bool running = (stream->scr & DMA_SCR_EN) != 0;
    bool in_use = ((stream->scr & DMA_SCR_CT) != 0) == (which == 1);

    if (running && ((stream->scr & DMA_SCR_DBM) == 0 || in_use)) {
        complain(stream, "memory address in use written");
        bus_error(stream);
        return;
    }
    stream->smar[which] = value;
}

static uint32_t *plain_register(struct stream *stream, uint32_t offset)
{
    return offset == DMA_SNDTR  ? &stream->sndtr
           : offset == DMA_SPAR ? &stream->spar
           : offset == DMA_SFCR ? &stream->sfcr
                                : NULL;
}

static void write_stream(struct stream *stream, uint32_t offset, uint32_t value)
{
    uint32_t *reg = plain_register(stream, offset);

    if (offset == DMA_SCR) {
        write_scr(stream, value);
    } else if (offset == DMA_SM0AR || offset == DMA_SM1AR) {
        write_smar(stream, offset == DMA_SM1AR, value);
    } else if (reg == NULL) {
        complain(stream, "write to no register");
    } else if ((stream->scr & DMA_SCR_EN) != 0) {
        complain(stream, "protected register written while EN is set");
    } else {
        *reg = offset == DMA_SNDTR ? value & 0xffffu : value;
    }
}

void dma_model_write(unsigned controller, uint32_t offset, uint32_t value)
{
    if (offset >= DMA_STREAM(0)) {
        uint32_t in_streams = offset - DMA_STREAM(0);

        write_stream(&controllers[controller].streams[in_streams / 0x18], in_streams % 0x18, value);
    } else if (offset == DMA_IFCR(0) || offset == DMA_IFCR(4)) {
        controllers[controller].isr[offset == DMA_IFCR(4)] &= ~value;
    } else {
        model_violation("write to a register that is read only", controller);
    }
}

static uint32_t read_stream(struct stream *stream, uint32_t offset)
{
    uint32_t *reg = plain_register(stream, offset);

    return offset == DMA_SCR     ? stream->scr
           : offset == DMA_SM0AR ? stream->smar[0]
           : offset == DMA_SM1AR ? stream->smar[1]
           : reg != NULL         ? *reg
                                 : 0;
}

uint32_t dma_model_read(unsigned controller, uint32_t offset)
{
    if (offset >= DMA_STREAM(0)) {
        uint32_t in_streams = offset - DMA_STREAM(0);

        return read_stream(&controllers[controller].streams[in_streams / 0x18], in_streams % 0x18);
    }
    model_flag_reads++;
    return offset < DMA_IFCR(0) ? controllers[controller].isr[offset == DMA_ISR(4)] : 0;
}

bool dma_model_line(unsigned controller, unsigned number)
{
    const struct stream *stream = &controllers[controller].streams[number];
    uint32_t flags = flags_of(stream);

    return ((flags & DMA_FLAG_COMPLETE) != 0 && (stream->scr & DMA_SCR_TCIE) != 0) ||
           ((flags & DMA_FLAG_HALF) != 0 && (stream->scr & DMA_SCR_HTIE) != 0) ||
           ((flags & DMA_FLAG_ERROR) != 0 && (stream->scr & DMA_SCR_TEIE) != 0) ||
           ((flags & DMA_FLAG_DIRECT) != 0 && (stream->scr & DMA_SCR_DMEIE) != 0) ||
           ((flags & DMA_FLAG_FIFO) != 0 && (stream->sfcr & DMA_SFCR_FEIE) != 0);
}

void dma_model_reset(void)
{
    memset(controllers, 0, sizeof(controllers));
    for (unsigned i = 0; i < 16; i++) {
        controllers[i / 8].streams[i % 8].sfcr = 0x21; /* 10.5.10 */
    }
    model_stop_delay = 2;
    model_dma_frozen = false;
    memset(model_grants, 0, sizeof(model_grants));
    model_grant_count = 0;
}
