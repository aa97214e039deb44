#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a program says when it dies, and that it goes on when only a thread is to blame."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

# Each kind of core whole; where another board could do something else, it is memory protection.
BOTH = "mps2_an505 mps2_an385"
PROTECTED = BOTH + " mps2_an500 mps3_an547 netduinoplus2"
IN_THREAD = "in thread 'victim'"
NULL = "a null pointer?"

# case: (words of the report, boards); every case ends with exit status 1
FAULTS = {
    "null_read": (["fatal: processor fault", IN_THREAD, NULL, "0x00000000", "pc ", "lr ", "r0 "], PROTECTED),
    "null_write": ([IN_THREAD, NULL, "0x00000010"], PROTECTED),
    "null_call": (["fatal: processor fault", IN_THREAD, "null pointer?", "(INVTRAN)"], "mps2_an505"),
    "unmapped": ([IN_THREAD, "PRECISERR", "0xa0000000", "exception 5"], BOTH),
    "divide_by_zero": ([IN_THREAD, "division by zero"], BOTH),
    "undefined_instruction": ([IN_THREAD, "undefined instruction"], BOTH),
    "even_function_pointer": ([IN_THREAD, "Thumb bit"], BOTH),
    "known_registers": ([IN_THREAD, "r0 11111111 r1 22222222 r2 33333333 r3 44444444 r12 55555555"],
                        BOTH),
    "stack_overflow": (["fatal: stack overflow", IN_THREAD], PROTECTED),
    "isr_stack_overflow": (["fatal: stack overflow in an interrupt over thread", "CONFIG_ISR_STACK_SIZE"], PROTECTED),
    "write_code": (["fatal: processor fault", IN_THREAD, "DACCVIOL"], PROTECTED),
    "run_data": (["fatal: processor fault", IN_THREAD, "IACCVIOL"], PROTECTED),
    "isr_null_read": (["fatal: processor fault in an interrupt over thread", NULL], BOTH),
    "early_null_read": (["fatal: processor fault in boot", NULL], BOTH),
    "with_locks_held": ([IN_THREAD, NULL], BOTH),
    "unknown_line": (["interrupt 25 has no handler", "IRQ_CONNECT"], BOTH),
}
ALL = "host mps2_an505"
FOUND = {
    "oops": (["fatal: kernel oops", IN_THREAD], ALL),
    "panic": (["fatal: kernel panic", IN_THREAD], ALL),
    "isr_oops": (["fatal: kernel oops"], ALL),
    "failing_assert": (["assertion failed: zero == 1 at", "main.c:", "zero is 0", "kernel panic", IN_THREAD], ALL),
    "essential": (["broken invariant: K2", IN_THREAD], ALL),
    "bad_priority": (["broken invariant: K1", IN_THREAD], ALL),
    "idle_suspended": (["broken invariant: S1", IN_THREAD], ALL),
    "isr_take": (["broken invariant: K3"], ALL),
    "isr_sleep": (["broken invariant: K3"], ALL),
    "isr_yield": (["broken invariant: K3"], ALL),
    "isr_join": (["broken invariant: K3"], ALL),
    "isr_heap": (["broken invariant: K3"], ALL),
    "isr_mutex": (["broken invariant: K3"], ALL),
    "isr_poll": (["broken invariant: K3"], ALL),
    "isr_event": (["broken invariant: K3"], ALL),
    "isr_offload": (["broken invariant: K4"], ALL),
}
SURVIVE = {
    "oops": ALL,
    "panic": ALL,
    "bad_priority": ALL,
    "null_read": BOTH,
    "null_call": "mps2_an505",
    "undefined_instruction": BOTH,
    "divide_by_zero": BOTH,
    "stack_overflow": PROTECTED,
    "with_locks_held": BOTH,
}
# The handler returns, but nobody can go on.
DIE_ALL_THE_SAME = {
    "isr_oops": ALL,
    "isr_take": ALL,
    "essential": ALL,
    "isr_null_read": BOTH,
    "isr_stack_overflow": BOTH,
    "unknown_line": BOTH,
}


def run(board, case):
    image = f"build/{board}/kernel_fatal/firmware.elf"
    if board == "host":
        return tap.command(image, seconds=20, env={"FATAL_CASE": case, "ASAN_OPTIONS": "detect_leaks=0"})
    machine = re.search(r"^QEMU_MACHINE := (\S+)", (tap.TREE / f"boot/board/{board}/board.mk").read_text(), re.MULTILINE)
    return tap.command("qemu-system-arm", "-M", machine[1], "-display", "none", "-monitor", "none", "-no-reboot",
                       "-kernel", image, "-serial", "stdio", "-semihosting-config",
                       f"enable=on,target=native,arg=kernel_fatal,arg={case}", seconds=20)


def check(board):
    status, out, err = tap.make(f"BOARD={board}", "APP=tests/kernel_fatal")
    if not tap.ok(status == 0, f"{board}: builds", out + err):
        return
    for case, (words, boards) in {**FAULTS, **FOUND}.items():
        if board in boards.split():
            status, out, err = run(board, case)
            missing = [word for word in words if word not in out]
            tap.ok(status == 1 and not missing and out.rstrip().splitlines()[-1].startswith("halted: "),
                   f"{board}: {case} is reported and halts", f"status {status}, missing {missing}\n{out}{err}")
    for case, boards in SURVIVE.items():
        if board in boards.split():
            status, out, err = run(board, "survive_" + case)
            tap.ok(status == 0 and "survived after 1 errors, semaphore 0" in out and "case is over" not in out,
                   f"{board}: {case} ends its thread only", f"status {status}\n{out}{err}")
    for case, boards in DIE_ALL_THE_SAME.items():
        if board in boards.split():
            status, out, err = run(board, "survive_" + case)
            tap.ok(status == 1 and "halted: " in out, f"{board}: {case} halts although the handler returns",
                   f"status {status}\n{out}{err}")
    status, out, err = run(board, "all_is_well")
    tap.ok(status == 7, f"{board}: sys_exit gives its status", f"status {status}\n{out}{err}")


for name in ["host", *PROTECTED.split()]:
    check(name)
tap.done()
