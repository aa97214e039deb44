/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own formatter: the C library's needs a heap and about a kilobyte of stack, which a fault
 * handler does not have.
 */
#include "printk.h"

#include <string.h>

#ifndef CONFIG_PRINTK
#undef printk
#undef vprintk
#undef printk_sink_set
#undef printk_urgent_set
#undef printk_urgent
#endif

static void (*sink)(char character);

static void (*enter_urgent)(void);

void printk_sink_set(void (*put)(char character))
{
    sink = put;
}

void printk_urgent_set(void (*enter)(void))
{
    enter_urgent = enter;
}

void printk_urgent(void)
{
    if (enter_urgent != NULL) {
        enter_urgent();
    }
}

/* Where characters go: a buffer (`end` not NULL) or the sink. `count` is what the whole text needs.
 */
struct output {
    char *next;
    char *end;
    int count;
};

static void put(struct output *out, char character)
{
    out->count++;
    if (out->end == NULL) {
        if (sink != NULL) {
            sink(character);
        }
    } else if (out->next < out->end) {
        *out->next++ = character;
    }
}

static void put_repeated(struct output *out, char character, int count)
{
    while (count-- > 0) {
        put(out, character);
    }
}

/* One conversion specification, as it is read from the format. */
struct spec {
    bool left;
    bool zero;
    bool alternate;
    char sign; /* '+', ' ' or 0 */
    int width;
    int precision; /* -1: none */
    int length;    /* bytes of the argument */
    char conversion;
};

static const char *read_flags(const char *format, struct spec *spec)
{
    for (;; format++) {
        switch (*format) {
        case '-':
            spec->left = true;
            break;
        case '0':
            spec->zero = true;
            break;
        case '#':
            spec->alternate = true;
            break;
        case '+':
            spec->sign = '+';
            break;
        case ' ':
            spec->sign = spec->sign == '+' ? '+' : ' ';
            break;
        default:
            return format;
        }
    }
}

static const char *read_number(const char *format, va_list *args, int *number)
{
    if (*format == '*') {
        *number = va_arg(*args, int);
        return format + 1;
    }
    while (*format >= '0' && *format <= '9') {
        *number = *number * 10 + (*format++ - '0');
    }
    return format;
}

static const char *read_length(const char *format, struct spec *spec)
{
    spec->length = (int)sizeof(int);
    if (*format == 'h') {
        spec->length = format[1] == 'h' ? 1 : 2;
        return format + (format[1] == 'h' ? 2 : 1);
    }
    if (*format == 'l') {
        spec->length = format[1] == 'l' ? (int)sizeof(long long) : (int)sizeof(long);
        return format + (format[1] == 'l' ? 2 : 1);
    }
    if (*format == 'j') {
        spec->length = (int)sizeof(intmax_t);
        return format + 1;
    }
    if (*format == 'z' || *format == 't') {
        spec->length = (int)sizeof(size_t);
        return format + 1;
    }
    return format;
}

static const char *read_spec(const char *format, va_list *args, struct spec *spec)
{
    *spec = (struct spec){.precision = -1};
    format = read_flags(format, spec);
    format = read_number(format, args, &spec->width);
    if (spec->width < 0) {
        spec->left = true;
        spec->width = -spec->width;
    }
    if (*format == '.') {
        spec->precision = 0;
        format = read_number(format + 1, args, &spec->precision);
    }
    format = read_length(format, spec);
    spec->conversion = *format;
    return *format == '\0' ? format : format + 1;
}

/* `prefix` (sign, 0x) comes before zeros that fill the width, after blanks that do. */
static void put_field(struct output *out, const struct spec *spec, const char *prefix,
                      const char *text, int text_length, int zeros)
{
    int prefix_length = (int)strlen(prefix);
    int blanks = spec->width - prefix_length - zeros - text_length;

    if (spec->zero && !spec->left && spec->precision < 0 && blanks > 0) {
        zeros += blanks;
        blanks = 0;
    }
    put_repeated(out, ' ', spec->left ? 0 : blanks);
    for (int i = 0; i < prefix_length; i++) {
        put(out, prefix[i]);
    }
    put_repeated(out, '0', zeros);
    for (int i = 0; i < text_length; i++) {
        put(out, text[i]);
    }
    put_repeated(out, ' ', spec->left ? blanks : 0);
}

static void put_number(struct output *out, const struct spec *spec, const char *prefix,
                       unsigned long long value, unsigned base)
{
    char digits[3 * sizeof(value)];
    char *first = digits + sizeof(digits);
    const char *alphabet = spec->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    int length;

    for (; value != 0; value /= base) {
        *--first = alphabet[value % base];
    }
    if (first == digits + sizeof(digits) && spec->precision != 0) {
        *--first = '0'; /* a zero has a digit, unless none was asked for */
    }
    length = (int)(digits + sizeof(digits) - first);
    put_field(out, spec, prefix, first, length, MAX(spec->precision - length, 0));
}

static long long signed_argument(va_list *args, int length)
{
    long long value = length > (int)sizeof(int) ? va_arg(*args, long long) : va_arg(*args, int);

    return length == 1 ? (signed char)value : length == 2 ? (short)value : value;
}

static unsigned long long unsigned_argument(va_list *args, int length)
{
    unsigned long long value =
        length > (int)sizeof(int) ? va_arg(*args, unsigned long long) : va_arg(*args, unsigned);

    return length == 1 ? (unsigned char)value : length == 2 ? (unsigned short)value : value;
}

static void put_signed(struct output *out, const struct spec *spec, va_list *args)
{
    long long value = signed_argument(args, spec->length);
    const char prefix[2] = {value < 0 ? '-' : spec->sign, '\0'};
    unsigned long long magnitude = (unsigned long long)value;

    put_number(out, spec, prefix, value < 0 ? 0 - magnitude : magnitude, 10);
}

static void put_hex(struct output *out, const struct spec *spec, unsigned long long value)
{
    const char *prefix = !spec->alternate || value == 0 ? ""
                         : spec->conversion == 'X'      ? "0X"
                                                        : "0x";

    put_number(out, spec, prefix, value, 16);
}

static void put_string(struct output *out, const struct spec *spec, const char *text)
{
    const char *shown = text == NULL ? "(null)" : text;
    size_t length = spec->precision < 0 ? strlen(shown) : strnlen(shown, (size_t)spec->precision);
    struct spec blank = *spec;

    blank.zero = false;
    put_field(out, &blank, "", shown, (int)length, 0);
}

/* False: not a conversion that we know. */
static bool put_conversion(struct output *out, const struct spec *spec, va_list *args)
{
    char character;

    switch (spec->conversion) {
    case 'd':
    case 'i':
        put_signed(out, spec, args);
        return true;
    case 'u':
        put_number(out, spec, "", unsigned_argument(args, spec->length), 10);
        return true;
    case 'o':
        put_number(out, spec, "", unsigned_argument(args, spec->length), 8);
        return true;
    case 'x':
    case 'X':
        put_hex(out, spec, unsigned_argument(args, spec->length));
        return true;
    case 'p':
        put_number(out, spec, "0x", (uintptr_t)va_arg(*args, void *), 16);
        return true;
    case 'c':
        character = (char)va_arg(*args, int);
        put_field(out, spec, "", &character, 1, 0);
        return true;
    case 's':
        put_string(out, spec, va_arg(*args, const char *));
        return true;
    case '%':
        put(out, '%');
        return true;
    default:
        return false;
    }
}

static void put_as_it_stands(struct output *out, const char *start, const char *end)
{
    while (start < end) {
        put(out, *start++);
    }
}

static void format_text(struct output *out, const char *format, va_list *args)
{
    while (*format != '\0') {
        const char *start = format;
        struct spec spec;

        if (*format != '%') {
            put(out, *format++);
            continue;
        }
        format = read_spec(format + 1, args, &spec);
        if (!put_conversion(out, &spec, args)) {
            put_as_it_stands(out, start, format);
        }
    }
}

void vprintk(const char *format, va_list args)
{
    struct output out = {0};
    va_list copy;

    va_copy(copy, args);
    format_text(&out, format, &copy);
    va_end(copy);
}

void printk(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vprintk(format, args);
    va_end(args);
}

int vsnprintk(char *buffer, size_t buffer_bytes, const char *format, va_list args)
{
    char nowhere = '\0';
    char *text = buffer_bytes == 0 ? &nowhere : buffer;
    struct output out = {.next = text, .end = text + (buffer_bytes == 0 ? 0 : buffer_bytes - 1)};
    va_list copy;

    va_copy(copy, args);
    format_text(&out, format, &copy);
    va_end(copy);
    if (buffer_bytes != 0) {
        *out.next = '\0';
    }
    return out.count;
}

int snprintk(char *buffer, size_t buffer_bytes, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintk(buffer, buffer_bytes, format, args);
    va_end(args);
    return length;
}
