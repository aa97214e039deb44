/* SPDX-License-Identifier: Apache-2.0 */
/* The USARTs: RM0090, chapter 30. */
#include <string.h>

#include "model.h"

#define QUEUE_FRAMES 4096

/* `flags` 0: numbered when it arrives. */
struct frame {
    uint16_t flags;
};

static struct usart {
    uint32_t sr;
    uint32_t seen; /* of the flags that a read of SR and then DR clears */
    uint32_t brr;
    uint32_t cr1;
    uint32_t cr2;
    uint32_t cr3;
    uint8_t rx_data;
    uint8_t tx_data;
    uint8_t shift;
    bool shifting;
    bool line_active; /* a frame has come since the last idle flag */
    unsigned arrived;

    struct frame queue[QUEUE_FRAMES]; /* frames that the outside sends */
    unsigned first;
    unsigned count;
    uint8_t wire[QUEUE_FRAMES]; /* what went out */
    unsigned wire_count;
} usarts[2];

static struct usart *usart_at(uintptr_t base)
{
    return &usarts[base == USART1 ? 0 : 1];
}

#define BY_SEQUENCE (USART_SR_PE | USART_SR_FE | USART_SR_NF | USART_SR_ORE | USART_SR_IDLE)

static uint32_t read_dr(struct usart *usart)
{
    usart->sr &= ~(usart->seen & BY_SEQUENCE);
    usart->seen &= ~(uint32_t)BY_SEQUENCE;
    usart->sr &= ~(uint32_t)USART_SR_RXNE;
    return usart->rx_data;
}

static void load_shift(struct usart *usart)
{
    usart->shift = usart->tx_data;
    usart->shifting = true;
    usart->sr |= USART_SR_TXE;
}

static void write_dr(struct usart *usart, uint32_t value)
{
    if ((usart->sr & USART_SR_TXE) == 0) {
        model_violation("DR written while it is full: a byte is lost", (unsigned)(usart - usarts));
    }
    usart->tx_data = (uint8_t)value;
    usart->sr &= ~(USART_SR_TXE | USART_SR_TC);
    if (!usart->shifting) {
        load_shift(usart);
    }
}

uint32_t usart_model_read(unsigned number, uint32_t offset)
{
    struct usart *usart = &usarts[number];

    switch (offset) {
    case USART_SR:
        usart->seen = usart->sr;
        return usart->sr;
    case USART_DR:
        return read_dr(usart);
    case USART_BRR:
        return usart->brr;
    case USART_CR1:
        return usart->cr1;
    case USART_CR2:
        return usart->cr2;
    case USART_CR3:
        return usart->cr3;
    default:
        model_violation("read of no register", number);
        return 0;
    }
}

void usart_model_write(unsigned number, uint32_t offset, uint32_t value)
{
    struct usart *usart = &usarts[number];

    switch (offset) {
    case USART_SR:
        usart->sr &= value | ~(uint32_t)(USART_SR_RXNE | USART_SR_TC);
        break;
    case USART_DR:
        write_dr(usart, value);
        break;
    case USART_BRR:
        usart->brr = value;
        break;
    case USART_CR1:
        usart->cr1 = value;
        break;
    case USART_CR2:
        usart->cr2 = value;
        break;
    case USART_CR3:
        usart->cr3 = value;
        break;
    default:
        model_violation("write to no register", number);
    }
}

static bool enabled(const struct usart *usart, uint32_t direction)
{
    return (usart->cr1 & USART_CR1_UE) != 0 && (usart->cr1 & direction) != 0 && usart->brr != 0;
}

static void arrive(struct usart *usart, struct frame frame)
{
    usart->line_active = true;
    if (!enabled(usart, USART_CR1_RE)) {
        return;
    }
    if ((usart->sr & USART_SR_RXNE) != 0) {
        usart->arrived += frame.flags == 0;
        usart->sr |= USART_SR_ORE; /* 30.3.3: DR keeps its byte, the shift register's is lost */
        return;
    }
    usart->rx_data = frame.flags == 0 ? (uint8_t)usart->arrived : MODEL_BAD_BYTE;
    usart->arrived += frame.flags == 0;
    usart->sr |= USART_SR_RXNE | frame.flags;
}

static void receive_frame(struct usart *usart)
{
    if (usart->count != 0) {
        struct frame frame = usart->queue[usart->first];

        usart->first = (usart->first + 1) % QUEUE_FRAMES;
        usart->count--;
        arrive(usart, frame);
    } else if (usart->line_active) {
        /* Not again until RXNE has been set again (30.6.1). */
        usart->line_active = false;
        usart->sr |= enabled(usart, USART_CR1_RE) ? USART_SR_IDLE : 0;
    }
}

static void transmit_frame(struct usart *usart)
{
    if (!usart->shifting) {
        return;
    }
    if (usart->wire_count < QUEUE_FRAMES) {
        usart->wire[usart->wire_count++] = usart->shift;
    }
    usart->shifting = false;
    if ((usart->sr & USART_SR_TXE) == 0) {
        load_shift(usart);
    } else {
        usart->sr |= USART_SR_TC;
    }
}

void usart_model_frame(void)
{
    for (unsigned i = 0; i < 2; i++) {
        transmit_frame(&usarts[i]);
        receive_frame(&usarts[i]);
    }
}

bool usart_model_line(unsigned number)
{
    const struct usart *usart = &usarts[number];
    uint32_t sr = usart->sr;
    uint32_t cr1 = usart->cr1;

    return ((sr & USART_SR_IDLE) != 0 && (cr1 & USART_CR1_IDLEIE) != 0) ||
           ((sr & (USART_SR_RXNE | USART_SR_ORE)) != 0 && (cr1 & USART_CR1_RXNEIE) != 0) ||
           ((sr & USART_SR_TC) != 0 && (cr1 & USART_CR1_TCIE) != 0) ||
           ((sr & USART_SR_TXE) != 0 && (cr1 & USART_CR1_TXEIE) != 0) ||
           ((sr & USART_SR_PE) != 0 && (cr1 & USART_CR1_PEIE) != 0) ||
           ((sr & (USART_SR_FE | USART_SR_NF | USART_SR_ORE)) != 0 &&
            (usart->cr3 & USART_CR3_EIE) != 0 && (usart->cr3 & USART_CR3_DMAR) != 0);
}

/* Tables "DMA1 request mapping" and "DMA2 request mapping". */
static const struct {
    uint8_t controller;
    uint8_t stream;
    uint8_t channel;
    uint8_t usart;
    bool transmit;
} routes[] = {
    {1, 2, 4, 0, false}, {1, 5, 4, 0, false}, {1, 7, 4, 0, true}, /* USART1 */
    {0, 5, 4, 1, false}, {0, 6, 4, 1, true},                      /* USART2 */
};

bool usart_model_request(unsigned controller, unsigned stream, unsigned channel)
{
    for (unsigned i = 0; i < ARRAY_SIZE(routes); i++) {
        const struct usart *usart = &usarts[routes[i].usart];

        if (routes[i].controller == controller && routes[i].stream == stream &&
            routes[i].channel == channel) {
            return routes[i].transmit
                       ? (usart->cr3 & USART_CR3_DMAT) != 0 && (usart->sr & USART_SR_TXE) != 0 &&
                             enabled(usart, USART_CR1_TE)
                       : (usart->cr3 & USART_CR3_DMAR) != 0 && (usart->sr & USART_SR_RXNE) != 0;
        }
    }
    return false;
}

static void enqueue(struct usart *usart, struct frame frame)
{
    if (usart->count < QUEUE_FRAMES) {
        usart->queue[(usart->first + usart->count++) % QUEUE_FRAMES] = frame;
    }
}

void model_send(uintptr_t base, size_t count)
{
    while (count-- > 0) {
        enqueue(usart_at(base), (struct frame){0});
    }
}

void model_send_bad(uintptr_t base, uint32_t flags)
{
    enqueue(usart_at(base), (struct frame){(uint16_t)flags});
}

bool model_frame_now(uintptr_t base)
{
    struct usart *usart = usart_at(base);

    if ((usart->sr & USART_SR_RXNE) != 0) {
        return false;
    }
    arrive(usart, (struct frame){0});
    return true;
}

unsigned model_arrived(uintptr_t base)
{
    return usart_at(base)->arrived;
}

size_t model_received(uintptr_t base, uint8_t *bytes, size_t max)
{
    struct usart *usart = usart_at(base);
    size_t count = MIN(max, usart->wire_count);

    memcpy(bytes, usart->wire, count);
    usart->wire_count = 0;
    return count;
}

void usart_model_reset(void)
{
    memset(usarts, 0, sizeof(usarts));
    usart_model_quiet();
}

void usart_model_quiet(void)
{
    for (unsigned i = 0; i < 2; i++) {
        struct usart *usart = &usarts[i];

        usart->sr = USART_SR_RESET;
        usart->seen = 0;
        usart->shifting = false;
        usart->line_active = false;
        usart->arrived = 0;
        usart->count = 0;
        usart->wire_count = 0;
    }
}
