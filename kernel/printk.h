/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people, formatted without heap or floating point. */
#pragma once

#include <stdarg.h>

#include "../lib/util.h"

/*
 * Prints: %d %i %u %x %X %o %c %s %p %% with flags - 0 + space #, width, precision, * and the
 * lengths hh h l ll z t j; another conversion is printed as it stands. With CONFIG_PRINTK=n
 * nothing is printed. Context: any. Bound: the characters and the speed of the console.
 */
void printk(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vprintk(const char *format, va_list args);

/* As printk into `buffer`, always NUL-terminated when buffer_bytes > 0; returns the length it
 * wanted. Context: any. */
int snprintk(char *buffer, size_t buffer_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int vsnprintk(char *buffer, size_t buffer_bytes, const char *format, va_list args);

/* Where printk's characters go; set once by boot. Until then they are dropped. Context: before the
 * scheduler. */
void printk_sink_set(void (*put)(char character));

/* For a sink that keeps characters back: `enter` makes it put out what it has, and the rest at
 * once. Context: before the scheduler. */
void printk_urgent_set(void (*enter)(void));

/* From now on text comes out at once: the program ends, or may not be able to do it later. Context:
 * any. */
void printk_urgent(void);

#ifndef CONFIG_PRINTK
/* Nothing of it is in the image, texts included. */
#define printk(...)              ((void)(0 ? snprintk(NULL, 0, __VA_ARGS__) : 0))
#define vprintk(format, args)    ((void)(format), (void)(args))
#define printk_sink_set(put)     ((void)(put))
#define printk_urgent_set(enter) ((void)(enter))
#define printk_urgent()          ((void)0)
#endif
