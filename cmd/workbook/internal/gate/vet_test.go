package gate

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
)

func TestGoVet(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	v := GoVet{Go: tool, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=")}
	files := map[string][]byte{
		"exercises/a/fine/fine.go": []byte("package fine\n\nfunc F() {}\n"),
		"exercises/a/copy/copy.go": []byte("package copy\n\nimport \"sync\"\n\nfunc F(mu sync.Mutex) {}\n"),
		"exercises/a/bad/bad.go":   []byte("package bad\n\nfunc F() { x() }\n"),
	}
	faults, err := v.Vet(t.Context(), files)
	faults = append(faults[:0:0], faults...)
	sortFaults(faults)
	want := "exercises/a/bad/bad.go:3: go vet: undefined: x\nexercises/a/copy/copy.go:5: go vet: F passes lock by value: sync.Mutex"
	if err != nil || faults.Error() != want {
		t.Errorf("Vet = %v,\n%v\nwant\n%s", err, faults, want)
	}
	delete(files, "exercises/a/copy/copy.go")
	delete(files, "exercises/a/bad/bad.go")
	if faults, err := v.Vet(t.Context(), files); err != nil || len(faults) > 0 {
		t.Errorf("Vet of a clean file = %v, %v", faults, err)
	}
	v.Mod = []byte("nonsense\n")
	if _, err := v.Vet(t.Context(), files); err == nil {
		t.Error("Vet with a broken go.mod succeeded")
	}
	v.Go = "/nonexistent/go"
	if _, err := v.Vet(t.Context(), files); err == nil {
		t.Error("Vet without a go command succeeded")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v.Go = tool
	if _, err := v.Vet(ctx, files); !errors.Is(err, context.Canceled) {
		t.Errorf("Vet that is cancelled = %v", err)
	}
}

func TestReadVet(t *testing.T) {
	files := map[string][]byte{"exercises/a/x/x.go": nil}
	text := "# workbook/exercises/a/x\n# [workbook/exercises/a/x]\nvet: exercises/a/x/x.go:8:2: undefined: y\n./exercises/a/x/x.go:9:1: one\nexercises/a/x/x.go:9:1: one\nother.go:1:1: two\n"
	want := "exercises/a/x/x.go:8: go vet: undefined: y\nexercises/a/x/x.go:9: go vet: one"
	if got := readVet(text, files).Error(); got != want {
		t.Errorf("readVet = %q, want %q", got, want)
	}
}
