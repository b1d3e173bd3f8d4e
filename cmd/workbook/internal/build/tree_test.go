package build

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

var kitFS = fstest.MapFS{
	"solutions/kit/kit.go":      {Data: []byte("package kit\n")},
	"solutions/kit/kit_test.go": {Data: []byte("package kit\n")},
	"solutions/kit/sub/sub.go":  {Data: []byte("package sub\n")},
	"solutions/kit/notes.md":    {Data: []byte("notes\n")},
	"solutions/a/b/b.go":        {Data: []byte("package b\n")},
}

func TestTree(t *testing.T) {
	cache := t.TempDir()
	tree, err := newTree(cache, kitFS, []Require{{"example.org/m", "v1.2.3", []string{"example.org/m v1.2.3 h1:x", "example.org/m v1.2.3/go.mod h1:y"}}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"workbook/harness", "workbook/sched", "workbook/solutions/kit", "workbook/solutions/kit/sub"}; !slices.Equal(tree.packages(), want) {
		t.Errorf("packages %v, want %v", tree.packages(), want)
	}
	mod, err := os.ReadFile(filepath.Join(tree.Dir, "go.mod"))
	if want := "module workbook\n\ngo 1.26\n\nrequire example.org/m v1.2.3\n"; string(mod) != want {
		t.Errorf("go.mod is %q, %v, want %q", mod, err, want)
	}
	for _, name := range []string{"solutions/a", "solutions/kit/kit_test.go", "solutions/kit/notes.md", "exercises"} {
		if _, err := os.Stat(filepath.Join(tree.Dir, name)); err == nil {
			t.Errorf("%s is in the tree", name)
		}
	}
	other, err := newTree(cache, fstest.MapFS{}, nil)
	if err != nil || other.Dir == tree.Dir {
		t.Errorf("a course without a kit has the tree %s (%v), the one with a kit %s", other.Dir, err, tree.Dir)
	}
}

// TestTreeMends: what somebody changed or removed is put right.
func TestTreeMends(t *testing.T) {
	cache := t.TempDir()
	tree, err := newTree(cache, kitFS, nil)
	if err != nil {
		t.Fatal(err)
	}
	kit := filepath.Join(tree.Dir, "solutions/kit/kit.go")
	if err := os.WriteFile(kit, []byte("package evil\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(tree.Dir, "harness")); err != nil {
		t.Fatal(err)
	}
	if _, err := newTree(cache, kitFS, nil); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(kit); string(data) != "package kit\n" {
		t.Errorf("the kit is %q, %v", data, err)
	}
	if _, err := os.Stat(filepath.Join(tree.Dir, "harness/harness.go")); err != nil {
		t.Error(err)
	}
}

// TestTreeAtOnce: several processes lay out the tree, and each finds it whole.
func TestTreeAtOnce(t *testing.T) {
	cache := t.TempDir()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			tree, err := newTree(cache, kitFS, nil)
			if err != nil {
				t.Error(err)
				return
			}
			for name, want := range tree.files {
				if got, err := os.ReadFile(filepath.Join(tree.Dir, name)); string(got) != string(want) {
					t.Errorf("%s is %q, %v", name, got, err)
				}
			}
		})
	}
	wg.Wait()
	left, _ := filepath.Glob(filepath.Join(cache, "tree-*", "*", ".new-*"))
	if len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

func TestTreeReadOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := newTree(filepath.Join(file, "cache"), kitFS, nil); err == nil || !strings.Contains(err.Error(), "writing the grader's tree") {
		t.Errorf("newTree in no folder = %v", err)
	}
}

// TestPrune keeps what was used last, and what may be running.
func TestPrune(t *testing.T) {
	cache := t.TempDir()
	bin := filepath.Join(cache, "bin")
	if err := os.Mkdir(bin, 0o777); err != nil {
		t.Fatal(err)
	}
	add := func(name string, age time.Duration) {
		at := time.Now().Add(-age)
		file := filepath.Join(bin, name)
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	for i := range maxBinaries {
		add("used"+string(rune('A'+i)), time.Duration(i)*time.Second)
	}
	add("young", minAge/2)
	add("older", 2*minAge)
	add("ancient", 2*maxAge)
	prune(bin, maxBinaries)
	for name, want := range map[string]bool{"usedA": true, "young": true, "older": false, "ancient": false} {
		if _, err := os.Stat(filepath.Join(bin, name)); (err == nil) != want {
			t.Errorf("%s kept: %v, want %v", name, err == nil, want)
		}
	}
}
