# SPDX-License-Identifier: Apache-2.0
# How one image is built. IMAGES is a list of <board>:<app folder>; each goes to build/<board>/<name of the app folder>.
#
# Images of a board share the objects of the tree's own sources: build/<board>/obj/kernel/sem.<key>.o was compiled with
# build/seen/<key>.h, the options that sem.c or a header of it names, and nothing else can tell two images apart there.

CMSIS := node_modules/@xpack-3rd-party/arm-cmsis-core-m/CMSIS/Core/Include
CROSS := arm-none-eabi-

WARNINGS := -Wall -Wextra -Werror -Wundef -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes -Wcast-align
CFLAGS   := -std=gnu11 -g $(WARNINGS) -fno-common -ffunction-sections -fdata-sections -fno-strict-aliasing
SANITIZE := -fsanitize=address,undefined
host.cflags     := $(or $(OPT),-O1) $(SANITIZE) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
cortex_m.cflags := $(or $(OPT),-Os) -isystem $(CMSIS) -imacros lib/integers.h
host.cc         := gcc
cortex_m.cc     := $(CROSS)gcc

# Facts of each board: ARCH, CPU_FLAGS (with CONFIG_FPU: FPU_FLAGS for its -mfloat-abi), DRIVERS, QEMU_MACHINE; FACTS: another
# board that has the same board.c.
define read_board
ARCH :=
CPU_FLAGS :=
FPU_FLAGS :=
DRIVERS :=
FACTS := $(1)
QEMU_MACHINE :=
include boot/board/$(1)/board.mk
$(1).arch := $$(ARCH)
$(1).cpu := $$(CPU_FLAGS)
$(1).fpu := $$(FPU_FLAGS)
$(1).drivers := $$(DRIVERS)
$(1).facts := $$(FACTS)
$(1).machine := $$(QEMU_MACHINE)
endef
$(foreach b,$(BOARDS),$(eval $(call read_board,$b)))

board_of = $(firstword $(subst :, ,$(1)))
app_of   = $(patsubst $(call board_of,$(1)):%,%,$(1))
id_of    = $(call board_of,$(1))/$(notdir $(call app_of,$(1)))

# Written anew only when it says something else.
SCANNED := $(if $(IMAGES),$(shell find lib heap kernel drivers boot include tests/ztest -name '*.[chS]'))
build/words.new: $(SCANNED) tools/config_words.py
	@mkdir -p build
	@tools/config_words.py $(filter %.c %.S,$(SCANNED)) >$@
build/words: build/words.new
	@cmp -s $< $@ || cp $< $@

# $(1) board, $(2) app folder, $(3) <board>/<name>
define configure
$(3).dir  := build/$(3)
$(3).conf := $$(wildcard boot/board/$(1)/defconfig $(2)/prj.conf $(2)/boards/$$($(1).arch).conf $(2)/boards/$(1).conf) \
	$(EXTRA_CONF)
# Another folder of the same name, other .conf files or another OPT must not find this application's objects.
$(3).inputs := $(abspath $(2)) $$($(3).conf) $$(wildcard $(2)/Kconfig) $(OPT)
ifneq ($$(file <build/$(3)/inputs),$$($(3).inputs))
$$(shell rm -rf build/$(3)/app; mkdir -p build/$(3))
$$(file >build/$(3)/inputs,$$($(3).inputs))
endif
build/$(3)/.config: Kconfig tools/kconfig.py build/$(3)/inputs $$(wildcard $(2)/Kconfig) $$($(3).conf)
	@BOARD=$(1) APP_DIR=$(abspath $(2)) /usr/bin/python3 tools/kconfig.py settle $$@ $$($(3).conf)
build/$(3)/config.mk build/$(3)/autoconf.h &: build/$(3)/.config build/words
	@BOARD=$(1) APP_DIR=$(abspath $(2)) /usr/bin/python3 tools/kconfig.py emit $$< build/$(3)/autoconf.h build/$(3)/config.mk $(3) \
	build/words build/seen
include build/$(3)/config.mk
endef
$(foreach i,$(IMAGES),$(eval $(call configure,$(call board_of,$i),$(call app_of,$i),$(call id_of,$i))))

# The same compiler call for the tree's sources and for an app's; $(1) what is built, $(2) the compiler with its options
define compile
	$(if $(V),,@echo "  $(if $(filter %.S,$<),AS,CC)      $(1)")
	$(file >$(@:.o=.json),{"directory": "$(CURDIR)", "file": "$(abspath $<)", "arguments": [$(foreach f,$(2),"$f"$(comma)) \
	"-c", "$(abspath $<)"]})
	$(Q)$(2) -MMD -MP -c -o $@ $<
endef

# $(1) board, $(2) its folder of objects, $(3) compiler with the options that do not come from Kconfig
define store
STORES += $(2)
$(2).compiler := $(3)
.SECONDEXPANSION:
$(2)/%.o: $$$$(basename $$$$*).c build/seen/$$$$(subst .,,$$$$(suffix $$$$*)).h tools/image.mk
	$$(call compile,$(1) $$<,$$($(2).compiler) -include $$(word 2,$$^))
$(2)/%.o: $$$$(basename $$$$*).S build/seen/$$$$(subst .,,$$$$(suffix $$$$*)).h tools/image.mk
	$$(call compile,$(1) $$<,$$($(2).compiler) -include $$(word 2,$$^))
endef

define build
$(3).arch := $$($(1).arch)
$(3).ztest := $$(if $$($(3).CONFIG_ZTEST),$$(wildcard tests/ztest/*.c))
$(3).app_sources := $$(wildcard $(2)/*.c $(2)/src/*.c)
$$(if $$($(3).app_sources),,$$(error no *.c or src/*.c in '$(2)'))
$(3).sources := $$(wildcard heap/*.c kernel/*.c kernel/arch/$$($(3).arch)/*.c boot/board/$$($(1).facts)/*.c) \
	$$($(1).drivers:%=drivers/%.c) $$(if $$($(3).CONFIG_RTT),drivers/rtt.c) $$(if $$(filter cortex_m,$$($(3).arch)),$$(wildcard boot/*.c)) $$($(3).ztest)
$(3).assembly := $$(wildcard kernel/arch/$$($(3).arch)/*.S)
$(3).cc := $$($$($(3).arch).cc)
$(3).cpu := $$(if $$($(3).CONFIG_FPU),$$(filter-out -mfloat-abi=%,$$($(1).cpu)) $$($(1).fpu),$$($(1).cpu))
# The compiler's own idea of __atomic_compare_exchange_4 has an argument more than the function that it calls.
$(3).lto := $$(if $$($(3).CONFIG_LTO),-flto=1 -Wno-lto-type-mismatch)
$(3).compiler := $$($(3).cc) $(CFLAGS) $$($$($(3).arch).cflags) $$($(3).cpu) $$($(3).lto) -Iinclude
$(3).store := build/$(1)/obj$(OPT)$$(if $$($(3).CONFIG_FPU),-fpu)$$(if $$($(3).lto),-lto)
$(3).tree := $$(foreach s,$$($(3).sources) $$($(3).assembly),$$($(3).store)/$$(basename $$s).$$($(3).key.$$s).o)
$(3).app := $$($(3).app_sources:$(2)/%.c=build/$(3)/app/%.o)
$(3).objects := $$($(3).tree) $$($(3).app)
$$(shell mkdir -p $$(sort $$(dir $$($(3).app))))
OBJECTS += $$($(3).objects)
# A source that is gone must be gone from the image.
ifneq ($$(file <build/$(3)/objects),$$($(3).objects))
$$(file >build/$(3)/objects,$$($(3).objects))
endif

# Where nobody calculates with fractions, no thread becomes one that uses them because the compiler copies with their
# registers.
$$(if $$(filter $$($(3).store),$$(STORES)),,$$(eval $$(call store,$(1),$$($(3).store),$$($(3).compiler) \
	$$(if $$($(3).CONFIG_FPU),-mgeneral-regs-only))))
# Programs outside the tree need not keep its rules.
$(3).lenient := $(if $(filter $(CURDIR)/$(2),$(abspath $(2))),,$(filter-out -Wno-all,$(patsubst -W%,-Wno-%,\
	$(filter-out -Werror,$(WARNINGS)))) -Wall -Wno-error)
build/$(3)/app/%.o: $(2)/%.c build/$(3)/autoconf.h tools/image.mk
	$$(call compile,$(3) $$(notdir $$<),$$($(3).compiler) -I$(2) -include build/$(3)/autoconf.h $$($(3).lenient))

ifeq ($$($(3).arch),host)
build/$(3)/firmware.elf: $$($(3).objects) build/$(3)/objects
	$$(if $(V),,@echo "  LINK    $(3)")
	$(Q)gcc $(SANITIZE) -Wl,--gc-sections -Wl,-Map=build/$(3)/firmware.map -o $$@ $$($(3).objects)
else
build/$(3)/image.ld: linker/sections.ld $(wildcard linker/*.ld) heap/heap_size.h build/$(3)/autoconf.h tools/image.mk
	$(Q)$$($(3).cc) -E -P -x assembler-with-cpp -I. -include build/$(3)/autoconf.h -DBOARD_LD='"$(1).ld"' -o $$@ $$<

build/$(3)/firmware.elf: $$($(3).objects) build/$(3)/objects build/$(3)/image.ld tools/link.sh
	$$(if $(V),,@echo "  LINK    $(3)")
	$(Q)tools/link.sh $$($(3).cc) $$($(3).cpu) $$($(3).lto) $$($$($(3).arch).cflags) -nostartfiles --specs=nano.specs -Wl,--gc-sections \
	-Wl,--orphan-handling=error -Wl,--fatal-warnings -Wl,-Map=build/$(3)/firmware.map -T build/$(3)/image.ld \
	-o $$@ $$($(3).objects)
	$(Q)$(CROSS)objcopy -O binary $$@ $$(@:.elf=.bin)
	$(Q)$(CROSS)objcopy -O ihex $$@ $$(@:.elf=.hex)
endif

build/$(3)/compile_commands.json: build/$(3)/firmware.elf tools/compile_commands.sh
	$(Q)tools/compile_commands.sh build/$(3) > $$@

build/$(3)/run: build/$(3)/config.mk boot/board/$(1)/board.mk tools/image.mk
	@printf '#!/bin/sh\nexec %s %s %s %s %s "$$$$@"\n' '$(CURDIR)/tools/run.sh' '$$(or $$($(1).machine),$$(if $$(filter host,$$($(3).arch)),host,none))' \
	'$(CURDIR)/build/$(3)/firmware.elf' '$$(or $$($(3).CONFIG_QEMU_ICOUNT_SHIFT),-)' \
	'$$(if $$($(3).CONFIG_ZTEST),$$($(3).CONFIG_QEMU_TIME_LIMIT),-)' > $$@
	@chmod +x $$@
endef
$(foreach i,$(IMAGES),$(eval $(call build,$(call board_of,$i),$(call app_of,$i),$(call id_of,$i))))

$(if $(OBJECTS),$(shell mkdir -p $(sort $(dir $(OBJECTS)))))
-include $(patsubst %.o,%.d,$(sort $(OBJECTS)))

SUITE_RUNS := $(SUITES_TO_RUN:%=build/%/run)
$(foreach r,$(SUITE_RUNS),$(eval $(r): $(dir $(r))firmware.elf))
