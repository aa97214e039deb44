# SPDX-License-Identifier: Apache-2.0
# What stlink.cfg, cmsis-dap.cfg and jlink.cfg of this folder have in common. OpenOCD finds them before its own files of
# these names when the folder is given with -s: vprobe in the place of the probe, so that board/*.cfg and target/*.cfg
# are used as they are.
adapter driver buspirate
buspirate port $::env(VPROBE_SWD)

# They ask for ST-Link's own transport or for the one that is set already; vprobe's is plain SWD.
rename transport transport_of_openocd
proc transport {word args} {
	if { $args eq "hla_swd" } { set args swd }
	tailcall "transport $word" {*}$args
}

# And for other speeds at each reset, which the driver of this adapter does not know and would call an error.
rename adapter adapter_of_openocd
proc adapter {word args} {
	if { $word eq "speed" && [command mode] ne "config" } { return }
	tailcall "adapter $word" {*}$args
}
