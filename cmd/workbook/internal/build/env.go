package build

import (
	"slices"
	"strings"
)

// kept are the variables of the learner's environment that a go command of ours sees: where
// things are, and which C compiler to use. Everything else is left behind, so that no setting of
// a shell or of `go env -w` changes a verdict.
var kept = []string{
	"PATH", "HOME", "TMPDIR", "TMP", "TEMP", "XDG_CACHE_HOME", "LD_LIBRARY_PATH",
	"GOCACHE", "GOMODCACHE", "GOPATH", "CC",
	"SDKROOT", "DEVELOPER_DIR", // macOS
	"SYSTEMROOT", "SYSTEMDRIVE", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "PATHEXT", "COMSPEC",
	"PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMDATA", // Windows
}

// fixed are the settings of every go command of ours.
var fixed = []string{
	"GOENV=off", "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local", "GOPROXY=off", "GOSUMDB=off",
	"GOVCS=*:off", "GO111MODULE=on", "GOEXPERIMENT=", "GODEBUG=", "CGO_ENABLED=1", "LC_ALL=C",
}

// Env returns the environment of every go command: the kept variables of environ and the fixed
// settings. Names are compared as Windows compares them, without regard to case.
func Env(environ []string) []string {
	var env []string
	for _, kv := range environ {
		name, value, ok := strings.Cut(kv, "=")
		if ok && value != "" && slices.Contains(kept, strings.ToUpper(name)) {
			env = append(env, kv)
		}
	}
	return append(env, fixed...)
}

// lookEnv returns the last value of a variable in an environment, "" where it has none.
func lookEnv(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if k, v, ok := strings.Cut(kv, "="); ok && strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}
