# SPDX-License-Identifier: Apache-2.0
ARCH := host
DRIVERS := device uart_async
