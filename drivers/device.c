/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <string.h>

#include "../lib/errno.h"

int device_init(const struct device *dev)
{
    int result;

    if (dev->state->initialized) {
        return -EALREADY;
    }
    result = dev->init == NULL ? 0 : dev->init(dev);
    dev->state->error = (uint8_t)-result;
    dev->state->initialized = true;
    return result;
}

bool device_is_ready(const struct device *dev)
{
    return dev != NULL && dev->state->initialized && dev->state->error == 0;
}

const struct device *device_get_binding(const char *name)
{
    if (name == NULL) {
        return NULL;
    }
    STRUCT_SECTION_FOREACH (device, dev) {
        if (strcmp(dev->name, name) == 0) {
            return device_is_ready(dev) ? dev : NULL;
        }
    }
    return NULL;
}
