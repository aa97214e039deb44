/* SPDX-License-Identifier: Apache-2.0 */
/* Small enough for one sector of the flash: says when it is ready and what it hears. */
#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

int main(void)
{
    const struct device *console = device_get_binding("rtt0");
    unsigned char character;
    printk("ready\n");
    for (;;) {
        if (console != NULL && uart_poll_in(console, &character) == 0) {
            printk("got '%c'\n", character);
        }
        k_sleep(K_MSEC(1));
    }
}
