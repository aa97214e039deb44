# SPDX-License-Identifier: Apache-2.0
# The suites (folders of tests/) that `make test` builds and runs, by board. Tests that drive an image from outside are
# scripts tests/*/*.t; they are found by themselves.

SUITES_EVERYWHERE := printk

SUITES_host       := $(SUITES_EVERYWHERE)
SUITES_mps2_an505 := $(SUITES_EVERYWHERE)
