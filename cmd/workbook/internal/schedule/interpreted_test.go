package schedule

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestInterpreted compares programs rewritten for an interpreter with testdata/interpreted. What comes out is a Go
// program again, that type-checks with the runtime.
func TestInterpreted(t *testing.T) {
	w := newWorld(t)
	w.runtime(t)
	entries := map[string][]int{"grows": {8, 14, 16, 17}}
	for _, name := range []string{"channels", "grows", "steps"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "interpreted", name)
			src, err := os.ReadFile(path + ".go")
			if err != nil {
				t.Fatal(err)
			}
			in, err := w.check("lab/"+name, map[string][]byte{name + ".go": src})
			if err != nil {
				t.Fatal(err)
			}
			in.Interpreted = &Interpreted{Entries: entries[name]}
			out, err := Rewrite(in)
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Extra) > 0 || len(out.Refused) > 0 || len(out.Files) != 1 {
				t.Errorf("extra files %v, refused %v, files %v", slices.Collect(maps.Keys(out.Extra)), out.Refused, len(out.Files))
			}
			compare(t, path+".golden", describe(out))
			text := out.Files[name+".go"]
			if _, err := w.check("lab/again", map[string][]byte{name + ".go": slices.Concat(text, []byte("\nfunc main() { Main__() }\n"))}); err != nil {
				t.Errorf("what was rewritten does not compile: %v", err)
			}
			was := strings.Split(string(src), "\n")
			for i, line := range strings.Split(string(text), "\n")[:len(was)] {
				if got, want := strings.TrimSpace(line), strings.TrimSpace(was[i]); (got == "") != (want == "") || want == "}" && !strings.HasSuffix(got, "}") {
					t.Errorf("line %d is %q, before %q", i+1, got, want)
				}
			}
		})
	}
}
