package build

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"workbook/cmd/workbook/internal/box"
)

// TestBuildBox: what runs in a build's box writes in its own folder and nowhere else: no cache, no tree, no
// toolchain, and it reads no file that is nobody's business. The scripts stand for a compiler.
func TestBuildBox(t *testing.T) {
	report := box.Probe(t.Context(), nil)
	for tier := box.Fenced; tier <= report.Own; tier++ {
		cache, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
		for _, dir := range []string{"go-build", "tree"} {
			if err := os.MkdirAll(filepath.Join(cache, dir), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(secret, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		tool := &Toolchain{Go: "/bin/sh", Cache: filepath.Join(cache, "go-build")}
		b := &Builder{Tool: tool, Tree: &Tree{Dir: filepath.Join(cache, "tree")}, cache: cache, box: tier}
		for _, tt := range []struct {
			name, script string
			want         bool
		}{
			{"its folder", `echo x > $WORK/out && chmod 755 $WORK/out && mv $WORK/out $WORK/moved && cat $WORK/moved`, true},
			{"other programs", `/bin/sh -c 'cat /dev/null'`, true},
			{"the cache", `ls $CACHE >/dev/null && echo x > $CACHE/x`, false},
			{"the build cache", `echo x > $CACHE/go-build/x`, false},
			{"the tree", `echo x > $CACHE/tree/x.go`, false},
			{"a cached file", `mv $CACHE/go-build $CACHE/other`, false},
			{"the secret", `cat $SECRET`, false},
			{"the system's users", `cat /etc/passwd`, false},
			{"a large file", `exec head -c 1000000000 /dev/zero > $WORK/large`, false},
		} {
			work := t.TempDir()
			cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", tt.script)
			cmd.Dir, cmd.Env = b.Tree.Dir, []string{"PATH=/usr/bin:/bin", "WORK=" + work, "CACHE=" + cache, "SECRET=" + secret}
			err := b.run(cmd, work)
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
				t.Fatalf("%v: %s: %v", tier, tt.name, err)
			}
			if done := err == nil; done != tt.want {
				t.Errorf("%v: %s: done is %v, want %v", tier, tt.name, done, tt.want)
			}
		}
	}
}
