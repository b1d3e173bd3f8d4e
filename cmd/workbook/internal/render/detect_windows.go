package render

import "syscall"

// virtualTerminal is ENABLE_VIRTUAL_TERMINAL_PROCESSING: a console shows escape sequences as text until
// it is set.
const virtualTerminal = 0x0004

// takesEscapes makes a console obey escape sequences, and reports whether it does.
func takesEscapes(fd uintptr) bool {
	var mode uint32
	console := syscall.Handle(fd)
	if err := syscall.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	if mode&virtualTerminal != 0 {
		return true
	}
	set := syscall.NewLazyDLL("kernel32.dll").NewProc("SetConsoleMode")
	ok, _, _ := set.Call(fd, uintptr(mode|virtualTerminal))
	return ok != 0
}
