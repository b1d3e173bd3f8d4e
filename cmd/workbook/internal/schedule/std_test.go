package schedule

import (
	"go/build"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// skipped are packages of the standard library that the compiler knows by name.
var skipped = map[string]bool{"sync": true, "runtime": true, "testing/synctest": true}

// TestStandardLibrary rewrites every package of the standard library that imports sync: what comes out
// compiles, or the rewriter says why it cannot be.
func TestStandardLibrary(t *testing.T) {
	w := newWorld(t)
	w.runtime(t)
	files, err := exports()
	if err != nil {
		t.Fatal(err)
	}
	done, refused, sites := 0, 0, 0
	for i, path := range slices.Sorted(maps.Keys(files)) {
		p, err := build.Import(path, "", 0)
		if err != nil || skipped[path] || !slices.Contains(p.Imports, "sync") || testing.Short() && i%8 != 0 {
			continue
		}
		sources := map[string][]byte{}
		for _, name := range append(slices.Clone(p.GoFiles), p.CgoFiles...) {
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
		sites += len(out.Sites)
		if done++; len(out.Refused) > 0 {
			refused++
			t.Logf("%s: %s", path, out.Refused[0])
		}
	}
	t.Logf("%d packages, %d refused, %d sites", done, refused, sites)
	if done < 5 || refused*2 > done {
		t.Errorf("%d of %d packages were refused", refused, done)
	}
}
