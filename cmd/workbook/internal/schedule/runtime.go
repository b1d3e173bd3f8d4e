package schedule

import (
	"embed"
	"strings"
)

//go:embed sched/*.go sched/*.s
var runtimeFS embed.FS

// Runtime returns the source of the runtime that rewritten packages import, by base name: one Go
// package of the standard library's means only.
func Runtime() map[string][]byte {
	files := map[string][]byte{}
	entries, err := runtimeFS.ReadDir("sched")
	if err != nil {
		return files // embedded: the folder is there
	}
	for _, e := range entries {
		text, err := runtimeFS.ReadFile("sched/" + e.Name())
		if err == nil && !strings.HasSuffix(e.Name(), "_test.go") {
			files[e.Name()] = text
		}
	}
	return files
}
