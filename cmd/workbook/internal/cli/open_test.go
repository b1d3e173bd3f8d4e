package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestHomeless: the cache in the system's temporary folder is one's own, or it is not used.
func TestHomeless(t *testing.T) {
	temp, working := t.TempDir(), t.TempDir()
	dir := homeless(temp, working)
	if filepath.Dir(dir) != temp || homeless(temp, working) != dir {
		t.Errorf("the cache is %s, then %s", dir, homeless(temp, working))
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if got := homeless(temp, working); filepath.Dir(got) != working {
		t.Errorf("a folder that everybody may write to is taken for the cache: %s", got)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(working, dir); err != nil {
		t.Fatal(err)
	}
	if got := homeless(temp, working); filepath.Dir(got) != working {
		t.Errorf("a link of somebody's is followed: %s", got)
	}
}
