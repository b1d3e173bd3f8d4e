package main

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// goEnvs is `go env` of the names that tests pass on to programs with a home folder of their own.
var goEnvs = sync.OnceValue(func() map[string]string {
	names := []string{"GOCACHE", "GOMODCACHE", "GOPATH"}
	values := map[string]string{}
	out, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return values
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if i < len(names) {
			values[names[i]] = strings.TrimSpace(line)
		}
	}
	return values
})

func goEnv(name string) string { return goEnvs()[name] }

// repository is the root of the source tree.
func repository() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}
