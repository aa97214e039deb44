/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying with interrupts locked: the C library's memcpy for small code moves single bytes, and a
 * compiler moves blocks by four registers at most. Armv6-M has load and store multiple for the
 * lower registers only.
 */
#ifdef CONFIG_CPU_ARMV6M
#define BLOCK_BYTES 16
#define BLOCK       {r3-r6}
#define SAVED       {r4-r6}
#else
#define BLOCK_BYTES 32
#define BLOCK       {r3-r9, r12}
#define SAVED       {r4-r9}
#endif

    .syntax unified
    .thumb

/* void arch_copy_words(void *to, const void *from, size_t bytes) */
    .section .text.arch_copy_words, "ax", %progbits
    .global arch_copy_words
    .type arch_copy_words, %function
    .thumb_func
arch_copy_words:
    push    SAVED
    subs    r2, #BLOCK_BYTES
    blo     2f
1:  ldmia   r1!, BLOCK
    stmia   r0!, BLOCK
    subs    r2, #BLOCK_BYTES
    bhs     1b
2:  adds    r2, #BLOCK_BYTES
    beq     4f
3:  ldmia   r1!, {r3}
    stmia   r0!, {r3}
    subs    r2, #4
    bne     3b
4:  pop     SAVED
    bx      lr
    .size arch_copy_words, . - arch_copy_words
