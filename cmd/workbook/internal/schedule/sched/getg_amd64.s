#include "textflag.h"

// func getg() uintptr
// The assembler turns the TLS pair into what each operating system needs.
TEXT ·getg(SB), NOSPLIT, $0-8
	MOVQ TLS, CX
	MOVQ 0(CX)(TLS*1), AX
	MOVQ AX, ret+0(FP)
	RET
