package schedule

import (
	"go/build"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// skipped are packages of the standard library that the compiler knows by name.
var skipped = map[string]bool{"sync": true, "runtime": true, "testing/synctest": true}

// essential reports whether a refusal is about what could not compile. What remains, assembly and
// linknames, only means that a schedule would not be the whole truth.
func essential(r Reason) bool {
	return !strings.HasPrefix(r.Text, "go:") && !strings.Contains(r.Text, "has no body")
}

// forced rewrites a package that Rewrite refuses.
func (w *world) forced(t *testing.T, in Input) {
	t.Helper()
	r, err := newRewriter(in)
	if err != nil {
		t.Fatal(err)
	}
	r.rewrite()
	w.compiles(t, in, r.out)
}

// TestStandardLibrary rewrites every package of the standard library that imports sync: what comes out
// compiles, or the rewriter says why it cannot be.
func TestStandardLibrary(t *testing.T) {
	w := newWorld(t)
	w.runtime(t)
	files, err := exports()
	if err != nil {
		t.Fatal(err)
	}
	pure := build.Default
	pure.CgoEnabled = false
	done, refused, sites := 0, 0, 0
	for i, path := range slices.Sorted(maps.Keys(files)) {
		p, err := pure.Import(path, "", 0)
		if err != nil || skipped[path] || !slices.Contains(p.Imports, "sync") || testing.Short() && i%8 != 0 {
			continue
		}
		sources := map[string][]byte{}
		for _, name := range p.GoFiles {
			full := filepath.Join(p.Dir, name)
			if sources[full], err = os.ReadFile(full); err != nil {
				t.Fatal(err)
			}
		}
		in, err := w.check(path, sources)
		if err != nil {
			t.Logf("%s does not check as it is: %v", path, err)
			continue
		}
		out := w.rewrite(t, in)
		if len(out.Refused) > 0 && !slices.ContainsFunc(out.Refused, essential) {
			w.forced(t, in)
		}
		sites += len(out.Sites)
		if done++; len(out.Refused) > 0 && slices.ContainsFunc(out.Refused, essential) {
			refused++
			t.Logf("%s: %s", path, out.Refused[slices.IndexFunc(out.Refused, essential)])
		}
	}
	t.Logf("%d packages, %d refused, %d sites", done, refused, sites)
	if done < 5 || refused > 2+done/10 {
		t.Errorf("%d of %d packages were refused", refused, done)
	}
}
