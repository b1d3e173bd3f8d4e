package cell

import (
	"bytes"
	"os"
	"strconv"
)

// measure adds up what the processes of a group take.
func measure(pgid int) (u usage) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return u
	}
	page := int64(os.Getpagesize())
	for _, e := range entries {
		if name := e.Name(); name[0] < '0' || name[0] > '9' {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		group, pages := parseStat(stat)
		if group == pgid {
			u.processes++
			u.memory += pages * page
		}
	}
	return u
}

// parseStat returns the process group and the resident pages of a /proc/PID/stat line, whose
// command name may hold anything.
func parseStat(stat []byte) (group int, pages int64) {
	i := bytes.LastIndexByte(stat, ')')
	if i < 0 {
		return 0, 0
	}
	f := bytes.Fields(stat[i+1:])
	if len(f) < 22 {
		return 0, 0
	}
	group, _ = strconv.Atoi(string(f[2]))
	pages, _ = strconv.ParseInt(string(f[21]), 10, 64)
	return group, pages
}
