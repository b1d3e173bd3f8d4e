package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// sharedCache is the workbook's cache folder for all tests of this package, so that the grader's tree is
// made once. WORKBOOK_TEST_CACHE keeps it from one run to the next.
var sharedCache = os.Getenv("WORKBOOK_TEST_CACHE")

func TestMain(m *testing.M) { testscript.Main(cached{m}, map[string]func(){"workbook": main}) }

// cached runs the tests with the shared cache, which goes when they have ended.
type cached struct{ *testing.M }

func (c cached) Run() int {
	if sharedCache != "" {
		return c.M.Run()
	}
	dir, err := os.MkdirTemp("", "workbook-cache-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	sharedCache = dir
	return c.M.Run()
}

// TestScripts runs testdata/script/*.txtar: each is one behaviour of the commands.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("XDG_CACHE_HOME", filepath.Join(home, ".cache"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
			env.Setenv("WORKBOOK_CACHE", sharedCache)
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
				env.Setenv(name, goEnv(name))
			}
			env.Setenv("REPO", repository())
			for name, program := range map[string]string{"GO": "go", "REAL": "workbook"} {
				path, err := exec.LookPath(program)
				if err != nil {
					return err
				}
				env.Setenv(name, path)
			}
			env.Setenv("REAL", filepath.Dir(env.Getenv("REAL")))
			return os.MkdirAll(home, 0o755)
		},
	})
}
