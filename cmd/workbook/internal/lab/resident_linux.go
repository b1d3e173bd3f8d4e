package lab

import (
	"os"
	"strconv"
	"strings"
)

// resident returns the bytes of main memory that this process has.
func resident() (uint64, bool) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 54)
			return kb * 1024, err == nil
		}
	}
	return 0, false
}
