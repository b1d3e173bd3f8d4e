#include "textflag.h"

// The race detector's runtime needs one function of libgcc, which counts the bits of DI that are set. Where the Go
// linker finds it here, it asks no C compiler for libgcc and searches no archive, a quarter of its time. Called
// from C: it may change AX, CX and DI.
TEXT __popcountdi2(SB), NOSPLIT|NOFRAME, $0-0
	MOVQ DI, AX
	SHRQ $1, AX
	MOVQ $0x5555555555555555, CX
	ANDQ CX, AX
	SUBQ AX, DI
	MOVQ $0x3333333333333333, CX
	MOVQ DI, AX
	ANDQ CX, AX
	SHRQ $2, DI
	ANDQ CX, DI
	ADDQ DI, AX
	MOVQ AX, DI
	SHRQ $4, DI
	ADDQ DI, AX
	MOVQ $0x0F0F0F0F0F0F0F0F, CX
	ANDQ CX, AX
	MOVQ $0x0101010101010101, CX
	IMULQ CX, AX
	SHRQ $56, AX
	RET
