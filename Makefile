# SPDX-License-Identifier: Apache-2.0
# The one entry. `make help` says what there is; tools/image.mk builds one image, tests/suites.mk lists the suites.

BOARD     ?= mps2_an505
APP       ?= app/demo
OPT       ?=
CPU       ?= cortex-m4
EXTRA_CONF ?=
V         ?=

PROBE     ?=
FLASHER   ?=
LOG       ?=

VARIABLES := BOARD APP OPT CPU EXTRA_CONF V PROBE FLASHER LOG
export PROBE FLASHER V
BOARDS    := $(patsubst boot/board/%/board.mk,%,$(wildcard boot/board/*/board.mk))
APPS      := $(patsubst %/prj.conf,%,$(wildcard app/*/prj.conf tests/*/prj.conf))
OPTS      := -O0 -O1 -O2 -O3 -Os -Og
Q         := $(if $(V),,@)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Bad input: one sentence with the valid words.
typed   := $(foreach v,$(.VARIABLES),$(if $(filter command line,$(origin $v)),$v))
unknown := $(filter-out $(VARIABLES) MAKEFLAGS MFLAGS CURDIR -*,$(typed))
$(if $(unknown),$(error there is no variable $(firstword $(unknown)); the variables are: $(VARIABLES)))
$(if $(filter $(BOARD),$(BOARDS)),,$(error there is no board '$(BOARD)'; the boards are: $(BOARDS)))
$(if $(filter $(OPT),$(OPTS)),,$(if $(OPT),$(error OPT=$(OPT) is not an optimisation level; the levels are: $(OPTS))))

GOALS := $(or $(MAKECMDGOALS),all)
comma := ,
hash  := \#

# Building uses all processors; what talks to a terminal runs alone.
ifeq ($(filter run menuconfig debug attach rtt,$(GOALS)),)
MAKEFLAGS += -j$(shell nproc)
endif

# First of all and before anything needs a tool: `make setup run` is one command.
ifneq ($(filter setup,$(GOALS)),)
ifeq ($(MAKE_RESTARTS),)
$(shell tools/setup.sh </dev/null >&2)
$(if $(filter 0,$(.SHELLSTATUS)),,$(error setup failed, see above))
endif
.PHONY: setup
setup:
	@:
endif

# What is built: one image, or every suite.
APP_GOALS := all run size menuconfig flash debug attach rtt
ifneq ($(filter $(APP_GOALS),$(GOALS)),)
odd := % : ; & ! * ? ' " ( ) [ ] < > | $$ $(comma) $(hash)
$(if $(word 2,$(APP))$(strip $(foreach c,$(odd),$(findstring $c,$(APP)))),$(error APP='$(APP)': the path may hold \
letters, digits and . _ + - / only))
app := $(patsubst $(CURDIR)/%,%,$(abspath $(APP)))
$(if $(wildcard $(app)/.),,$(error there is no app '$(APP)'; in this tree: $(filter app/%,$(APPS)), and the suites tests/*))
$(if $(wildcard $(app)/prj.conf),,$(error there is no app '$(APP)': the folder has no prj.conf (it may be empty)))
IMAGES += $(BOARD):$(app)
endif

include tests/suites.mk
ifneq ($(filter test suites,$(GOALS)),)
$(if $(SUITES),,$(error board '$(BOARD)' has no emulator, so no suite runs on it; docs/boards.md says what shows its drivers))
IMAGES += $(subst /,:tests/,$(SUITES_TO_RUN))
endif

include tools/image.mk
include tools/libheap.mk
include tools/bench.mk

THIS := build/$(BOARD)/$(notdir $(app))

.PHONY: all run size menuconfig flash debug attach rtt reset coredump test suites soak soak-uart explore check help clean
all: $(THIS)/firmware.elf $(THIS)/run $(THIS)/compile_commands.json
	$(Q)tools/capacity.sh $<

run: all
	@$(THIS)/run

size: all
	@/usr/bin/python3 tools/size.py $(THIS)/firmware.map $(addprefix $(BOARD) ,$(wildcard $(app)/size.csv))

menuconfig: $(THIS)/.config
	@BOARD=$(BOARD) APP_DIR=$(app) /usr/bin/python3 tools/kconfig.py menu $<
	@echo "saved in $<, kept until prj.conf changes; copy what you like into $(app)/prj.conf"

# With a board through its debug probe; debug also in the emulator and on this PC.
flash debug attach rtt: all
	@/usr/bin/python3 tools/probe $@ $(BOARD) $(THIS)

reset:
	@/usr/bin/python3 tools/probe reset $(BOARD)

# Builds nothing: the image is the one that crashed.
CRASHED := build/$(BOARD)/$(notdir $(patsubst %/,%,$(APP)))
coredump:
	$(if $(LOG),,$(error say where the printed crash is: make coredump LOG=file))
	@tools/coredump.py $(LOG) $(CRASHED)/core
	@echo "gdb-multiarch -x tools/gdb/cairn.py $(CRASHED)/firmware.elf $(CRASHED)/core"

suites: $(SUITE_RUNS)

# Scripts are not about one board.
SCRIPTS := $(if $(filter command line,$(origin BOARD)),,$(sort $(wildcard tests/*/*.t)))
test: suites $(if $(SCRIPTS),libheap-all bench-images)
	@tools/test.sh "$(SUITES)" $(SUITE_RUNS) $(SCRIPTS)

# Minutes; a shorter one is a suite of `make test`.
soak:
	@$(MAKE) BOARD=mps2_an505 APP=tests/soak EXTRA_CONF=tests/soak/long.conf run

# Minutes: scenarios that are too large for a suite of `make test`.
explore:
	@$(MAKE) BOARD=host APP=tests/explore EXTRA_CONF=tests/explore/long.conf run

# Half an hour and more: 2 MiB each way over each kind of line, then 16 MiB over one.
soak-uart:
	@tests/drivers_uart/loop.t 2097152
	@tests/drivers_uart/loop.t 16777216 unix

check: libheap-all bench-images
	@tools/check.sh

clean:
	rm -rf build

help:
	@cat docs/make.txt
