# SPDX-License-Identifier: Apache-2.0
# heap/ alone, as a library: build/libheap/<cpu><opt>/libheap.a, used with -Iinclude and one function of the program's
# own, invariant_failed() (lib/assert.h).

LIBHEAP_CPUS := host cortex-m0 cortex-m0plus cortex-m3 cortex-m4 cortex-m7 cortex-m23 cortex-m33 cortex-m55
LIBHEAP_OPT  := $(or $(OPT),-Os)
$(if $(filter $(CPU),$(LIBHEAP_CPUS)),,$(error CPU=$(CPU) is not known; the processors are: $(LIBHEAP_CPUS)))

# $(1) cpu, $(2) optimisation
define libheap
$(1)$(2).dir := build/libheap/$(1)$(2)
$(1)$(2).cc := $$(if $$(filter host,$(1)),gcc,$(CROSS)gcc -mcpu=$(1) -mthumb -mfloat-abi=soft)
$(1)$(2).objects := $$(patsubst heap/%.c,build/libheap/$(1)$(2)/%.o,$$(wildcard heap/*.c))

build/libheap/$(1)$(2)/%.o: heap/%.c tools/libheap.mk
	$$(if $(V),,@echo "  CC      libheap $(1)$(2) $$(notdir $$<)")
	@mkdir -p $$(@D)
	$(Q)$$($(1)$(2).cc) $(CFLAGS) $(2) -Iinclude -MMD -MP -c -o $$@ $$<

build/libheap/$(1)$(2)/libheap.a: $$($(1)$(2).objects)
	$(Q)rm -f $$@
	$(Q)$$(if $$(filter host,$(1)),,$(CROSS))ar rcsD $$@ $$^

-include $$($(1)$(2).objects:.o=.d)
endef

# `make check` and `make test` look at these.
LIBHEAP_CHECKED := host-O2 cortex-m0-Os cortex-m4-Os cortex-m4-O2 cortex-m33-O2
LIBHEAPS := $(sort $(if $(filter libheap,$(GOALS)),$(CPU)$(LIBHEAP_OPT)) \
	$(if $(filter test check libheap-all bench bench-images bench-search,$(GOALS)),$(LIBHEAP_CHECKED)))
$(foreach l,$(LIBHEAPS),$(eval $(call libheap,$(firstword $(subst -O, ,$l)),-O$(lastword $(subst -O, ,$l)))))

.PHONY: libheap libheap-all
libheap: build/libheap/$(CPU)$(LIBHEAP_OPT)/libheap.a
	@echo "use with -Iinclude, and define invariant_failed() of lib/assert.h"
	@echo $<
libheap-all: $(LIBHEAP_CHECKED:%=build/libheap/%/libheap.a)
