/* SPDX-License-Identifier: Apache-2.0 */
/* A device: a name, constant facts, an interface of function pointers, and data. Zephyr's names. */
#pragma once

#include "../kernel/init.h"

struct device_state {
    bool initialized;
    uint8_t error; /* positive errno of a failed initialisation */
};

struct device {
    const char *name;
    const void *config; /* facts of the board */
    const void *api;    /* the interface, e.g. struct uart_driver_api */
    struct device_state *state;
    void *data; /* protected as the driver says */
    int (*init)(const struct device *dev);
};

#define DEVICE_NAME_GET(dev_id) CONCAT(__device_, dev_id)
#define DEVICE_GET(dev_id)      (&DEVICE_NAME_GET(dev_id))
#define DEVICE_DECLARE(dev_id)  extern const struct device DEVICE_NAME_GET(dev_id)

/*
 * Defines the device `dev_id`, found by `dev_name`, and has it initialised at `level` and `prio` of
 * SYS_INIT. The fourth argument is Zephyr's power management, which Cairn does not have: NULL.
 */
#define DEVICE_DEFINE(dev_id, dev_name, init_fn, pm, data_ptr, config_ptr, level, prio, api_ptr)   \
    BUILD_ASSERT((pm) == NULL, "there is no power management");                                    \
    static struct device_state CONCAT(__device_state_, dev_id);                                    \
    const STRUCT_SECTION_ITERABLE(device, DEVICE_NAME_GET(dev_id)) = {                             \
        .name = (dev_name),                                                                        \
        .config = (config_ptr),                                                                    \
        .api = (api_ptr),                                                                          \
        .state = &CONCAT(__device_state_, dev_id),                                                 \
        .data = (data_ptr),                                                                        \
        .init = (init_fn)};                                                                        \
    static int CONCAT(__device_init_, dev_id)(void)                                                \
    {                                                                                              \
        return device_init(DEVICE_GET(dev_id));                                                    \
    }                                                                                              \
    SYS_INIT(CONCAT(__device_init_, dev_id), level, prio)

/*
 * Initialises `dev` once. Context: before the scheduler, thread.
 * Fails iff: -EALREADY it was tried before, otherwise what the driver's init returned. Bound: the
 * driver's.
 */
int device_init(const struct device *dev);

/* True when the initialisation has succeeded; false for NULL. Context: any. Bound: constant. */
bool device_is_ready(const struct device *dev);

/* The ready device called `name`, or NULL. Context: any. Bound: linear in devices. */
const struct device *device_get_binding(const char *name);
