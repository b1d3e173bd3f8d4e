package schedule

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzRewrite rewrites whatever compiles: it still compiles then, or the rewriter says why not, and no line
// has moved.
func FuzzRewrite(f *testing.F) {
	for _, pattern := range []string{"testdata/golden/*.go", "testdata/diff/*.go", "testdata/refused/*.go", "testdata/pairs/*/*/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	w := newWorld(f)
	w.runtime(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := w.check("lab/fuzz", map[string][]byte{"fuzz.go": text})
		if err == nil {
			w.rewrite(t, in)
		}
	})
}

// TestRewriteTime holds the promise that an exercise is rewritten in 10 ms; it takes a fraction of that.
func TestRewriteTime(t *testing.T) {
	w := newWorld(t)
	sources := sourceFiles(t, "testdata/pairs/unsubscribe/right/*.go")
	in, err := w.check("lab/unsubscribe", sources)
	if err != nil {
		t.Fatal(err)
	}
	best := time.Hour
	for range 5 {
		begin := time.Now()
		if _, err := Rewrite(in); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(begin))
	}
	if best > 10*time.Millisecond {
		t.Errorf("the best of five took %v", best)
	}
}
