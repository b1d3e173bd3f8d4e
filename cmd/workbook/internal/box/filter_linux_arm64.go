package box

import "golang.org/x/sys/unix"

const (
	arch = unix.AUDIT_ARCH_AARCH64
	x32  = 0
)

// computesHere are the calls that have another name elsewhere.
var computesHere = []uint32{unix.SYS_FSTATAT}
