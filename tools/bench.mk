# SPDX-License-Identifier: Apache-2.0
# Measurements: one bare image for each allocator, the same harness in all (bench/), run in the emulator.

BENCH := build/bench
BENCH_SUBJECTS := cairn cairn-4 cairn-auto cairn-big cairn-Os cairn-M0 newlib-nano picolibc
BENCH_CC := $(CROSS)gcc -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
BENCH_HARNESS := board meter block sample workload
BENCH_OBJECTS := $(BENCH_HARNESS:%=$(BENCH)/obj/%.o)

$(BENCH)/obj/%.o: bench/%.c tools/bench.mk
	$(if $(V),,@echo "  CC      bench $(notdir $<)")
	@mkdir -p $(@D)
	$(Q)$(BENCH_CC) $(CFLAGS) -O2 -Iinclude -MMD -MP -c -o $@ $<

# heap/ with an option that libheap.a leaves at its default: $(1) subject, $(2) options
define bench_heap
$(BENCH)/$(1)/heap/%.o: heap/%.c tools/bench.mk
	$$(if $(V),,@echo "  CC      $(1) $$(notdir $$<)")
	@mkdir -p $$(@D)
	$(Q)$(BENCH_CC) $(CFLAGS) $(2) -Iinclude -MMD -MP -c -o $$@ $$<
-include $$(patsubst heap/%.c,$(BENCH)/$(1)/heap/%.d,$$(wildcard heap/*.c))
endef
$(eval $(call bench_heap,cairn-4,-O2 -DCONFIG_SYS_HEAP_UNIT_4=1))
$(eval $(call bench_heap,cairn-auto,-O2 -DCONFIG_SYS_HEAP_AUTO=1))
$(eval $(call bench_heap,cairn-big,-O2 -DCONFIG_SYS_HEAP_BIG_ONLY=1))

# $(1) subject, $(2) its objects or archive, $(3) specs of the C library
define bench_image
$(BENCH)/$(1)/bench.elf: $(BENCH_OBJECTS) $(2) bench/an386.ld
	$$(if $(V),,@echo "  LINK    bench $(1)")
	@mkdir -p $$(@D)
	$(Q)$(BENCH_CC) --specs=$(3) -nostartfiles -Wl,--gc-sections $(4) -T bench/an386.ld -o $$@ $$(filter %.o %.a,$$^)
BENCH_IMAGES += $(BENCH)/$(1)/bench.elf
endef
# Its bound is computed although no workload calls it.
bench_realloc := -Wl$(comma)-u$(comma)sys_heap_realloc
heap_objects = $(patsubst heap/%.c,$(BENCH)/$(1)/heap/%.o,$(wildcard heap/*.c))
$(eval $(call bench_image,cairn,$(BENCH)/obj/cairn.o build/libheap/cortex-m4-O2/libheap.a,nano.specs,$(bench_realloc)))
$(eval $(call bench_image,cairn-Os,$(BENCH)/obj/cairn.o build/libheap/cortex-m4-Os/libheap.a,nano.specs,$(bench_realloc)))
$(eval $(call bench_image,cairn-M0,$(BENCH)/obj/cairn.o build/libheap/cortex-m0-Os/libheap.a,nano.specs))
$(eval $(call bench_image,cairn-4,$(BENCH)/obj/cairn.o $(call heap_objects,cairn-4),nano.specs,$(bench_realloc)))
$(eval $(call bench_image,cairn-auto,$(BENCH)/obj/cairn.o $(call heap_objects,cairn-auto),nano.specs,$(bench_realloc)))
$(eval $(call bench_image,cairn-big,$(BENCH)/obj/cairn.o $(call heap_objects,cairn-big),nano.specs,$(bench_realloc)))
$(eval $(call bench_image,newlib-nano,$(BENCH)/obj/libc.o,nano.specs))
$(eval $(call bench_image,picolibc,$(BENCH)/obj/libc.o,picolibc.specs))
-include $(BENCH_OBJECTS:.o=.d) $(BENCH)/obj/cairn.d $(BENCH)/obj/libc.d

# The worst case: an image that searches for it and one that replays what was found. Their realloc moves nothing
# (bench/unmoved.c).
BENCH_WORST := $(sort $(wildcard bench/worst/*.txt))
BENCH_SEQUENCE := $(patsubst %,$(BENCH)/obj/%.o,board meter sequence cairn unmoved) $(BENCH)/libheap-unmoved.a
$(BENCH)/libheap-unmoved.a: build/libheap/cortex-m4-O2/libheap.a
	$(Q)$(CROSS)objcopy --redefine-sym memcpy=unmoved_memcpy --redefine-sym memmove=unmoved_memmove $< $@
$(BENCH)/worst_table.c: bench/worst.py bench/worst $(BENCH_WORST)
	@mkdir -p $(@D)
	$(Q)bench/worst.py $(BENCH_WORST) >$@
$(BENCH)/obj/worst_table.o: $(BENCH)/worst_table.c bench/worst.h bench/sequence.h
	@mkdir -p $(@D)
	$(Q)$(BENCH_CC) $(CFLAGS) -Ibench -c -o $@ $<
$(BENCH)/worst/bench.elf: $(BENCH)/obj/worst.o $(BENCH)/obj/worst_table.o
$(BENCH)/search/bench.elf: $(BENCH)/obj/search.o $(BENCH)/obj/worst_table.o
$(BENCH)/worst/bench.elf $(BENCH)/search/bench.elf: $(BENCH_SEQUENCE) bench/an386.ld
	@mkdir -p $(@D)
	$(Q)$(BENCH_CC) --specs=nano.specs -nostartfiles -Wl,--gc-sections -T bench/an386.ld -o $@ $(filter %.o %.a,$^)
-include $(patsubst %,$(BENCH)/obj/%.d,sequence search worst)

BENCH_WATCHED := -DTRIPS_WATCHED -finstrument-functions -finstrument-functions-exclude-file-list=bench/
# Refusals against an oracle, on this PC: $(1) name, $(2) options of heap/
define bench_oracle
$(BENCH)/oracle$(1): bench/oracle.c $(wildcard heap/*.c) $(wildcard heap/*.h lib/*.h bench/*.h) tools/bench.mk
	$$(if $(V),,@echo "  CC      oracle$(1)")
	@mkdir -p $$(@D)
	$(Q)gcc $(CFLAGS) -O2 $(2) $(BENCH_WATCHED) -Iinclude -o $$@ $$(filter %.c,$$^)
$(BENCH)/oracle$(1).txt: $(BENCH)/oracle$(1) FORCE
	@$$< $(BENCH_ORACLE_OPERATIONS) >$$@
endef
BENCH_ORACLE_OPERATIONS ?= 10000000
$(eval $(call bench_oracle,,))
$(eval $(call bench_oracle,-4,-DCONFIG_SYS_HEAP_UNIT_4=1))
$(eval $(call bench_oracle,-big,-DCONFIG_SYS_HEAP_BIG_ONLY=1))

# Other processors' code, for its bounds: never run.
BENCH_BOUNDS := $(BENCH)/bounds-cortex-m0-Os.elf $(BENCH)/bounds-cortex-m33-O2.elf
$(BENCH)/bounds-%.elf: build/libheap/%/libheap.a bench/halt.c
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc -mcpu=$(firstword $(subst -O, ,$*)) -mthumb -mfloat-abi=soft $(CFLAGS) -O2 -Iinclude \
		--specs=nano.specs -nostartfiles -Wl,--gc-sections,-e,sys_heap_alloc,-u,sys_heap_free \
		-Wl,-u,sys_heap_aligned_alloc,-u,sys_heap_realloc -o $@ bench/halt.c $<

# What a program pays in flash for alloc and free alone: all they reach, the init excluded.
$(BENCH)/size%.elf: build/libheap/cortex-m4%/libheap.a
	@mkdir -p $(@D)
	$(Q)$(BENCH_CC) -nostdlib -Wl,--gc-sections,-e,sys_heap_alloc,-u,sys_heap_alloc,-u,sys_heap_free \
		-Wl,--defsym=invariant_failed=0 -o $@ $<
$(BENCH)/size-auto-O2.elf: $(call heap_objects,cairn-auto)
	$(Q)$(BENCH_CC) -nostdlib -Wl,--gc-sections,-e,sys_heap_alloc,-u,sys_heap_alloc,-u,sys_heap_free \
		-Wl,--defsym=invariant_failed=0 -o $@ $^
BENCH_SIZES := $(BENCH)/size-Os.elf $(BENCH)/size-O2.elf $(BENCH)/size-auto-O2.elf

# Measured anew each time: nothing of an earlier run is shown.
$(BENCH)/%.txt: $(BENCH)/%/bench.elf bench/run.sh FORCE
	@bench/run.sh $< >$@ || { cat $@; exit 1; }
$(BENCH)/size.txt: $(BENCH_SIZES) FORCE
	@$(CROSS)size -A $(BENCH_SIZES) >$@
$(BENCH)/bounds.txt: $(BENCH)/cairn/bench.elf FORCE
	@tools/bounds.sh $< --trips giants=7 >$@
$(BENCH)/bounds-reach.txt: $(BENCH)/cairn/bench.elf FORCE
	@tools/bounds.sh $< >$@
$(BENCH)/bounds-Os.txt: $(BENCH)/cairn-Os/bench.elf FORCE
	@tools/bounds.sh $< --trips giants=7 >$@
$(BENCH)/bounds-4.txt: $(BENCH)/cairn-4/bench.elf FORCE
	@tools/bounds.sh $< --trips giants=15 >$@
$(BENCH)/bounds-big.txt: $(BENCH)/cairn-big/bench.elf FORCE
	@tools/bounds.sh $< >$@
$(BENCH)/bounds-M0.txt: $(BENCH)/bounds-cortex-m0-Os.elf FORCE
	@tools/bounds.sh $< --trips giants=7 >$@

.PHONY: bench bench-images bench-search FORCE
bench-images: $(BENCH_IMAGES) $(BENCH_BOUNDS) $(BENCH)/worst/bench.elf $(BENCH)/search/bench.elf $(BENCH_SIZES) \
	$(BENCH)/oracle $(BENCH)/oracle-4 $(BENCH)/oracle-big
bench: $(patsubst %,$(BENCH)/%.txt,$(BENCH_SUBJECTS) worst size bounds bounds-reach bounds-Os bounds-4 bounds-big bounds-M0 \
		oracle oracle-4 oracle-big)
	@/usr/bin/python3 bench/table.py $(BENCH)
	@echo
	@/usr/bin/python3 bench/kernel/table.py
	@echo
	@/usr/bin/python3 bench/uart/table.py
# Half an hour of search for a worse worst case; what beats bench/worst/ is written there.
bench-search: $(BENCH)/search/bench.elf $(BENCH)/worst/bench.elf
	@bench/search.py $^ 1800
