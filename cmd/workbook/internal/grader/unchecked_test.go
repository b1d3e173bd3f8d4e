package grader

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/explain"
	"workbook/cmd/workbook/internal/verdict"
)

// unchecked are attacks that do harm as soon as they run. The policy refuses them; here it is not asked.
var unchecked = []string{
	"07-raw-json-into-parent-stdout", "17-gorace-reexec", "28-syscall-exec-true", "29-kill-parent", "39-write-goenv-persist", "40-daemon-outlives",
	"42-ppid-mem", "44-write-own-test-binary-parent-file", "50-netdial", "51-targeted-forge-fd", "52-fork-daemon-procs", "54-disk-fill", "57-gorace-reexec-always",
}

// TestUnchecked: where the policy is not asked, the box holds all the same. What these programs are after
// is looked at afterwards, and they do not pass either.
func TestUnchecked(t *testing.T) {
	f := newFortress(t)
	known := attacks(t, f.ex, "attacks.txtar")
	g := f.graders[box.Open]
	err := g.Build.Tool.Run(t.Context(), build.Command{Dir: g.Build.Tree.Dir, Args: []string{"build", "-race", "net", "os/exec", "path/filepath"}})
	if err != nil {
		t.Fatal(err)
	}
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp) // what runs has this in its environment
	f.each(t, func(t *testing.T, g *Grader, tier box.Tier) {
		if tier == box.Open {
			return
		}
		for _, name := range unchecked {
			i := slices.IndexFunc(known, func(a attack) bool { return a.name == name })
			t.Run(name, func(t *testing.T) { known[i].unleash(t, g, f, tmp) })
		}
	})
}

// unleash runs an attack that the policy would refuse.
func (a attack) unleash(t *testing.T, g *Grader, f *fortress, tmp string) {
	s := Submission{f.ex, a.files}
	trial := *g
	trial.c.NoSchedules = true
	bin, seen, err := trial.compile(t.Context(), s)
	if err != nil || bin == nil {
		t.Fatalf("%v, %+v", err, seen.findings)
	}
	cache := names(t, filepath.Dir(bin.Path))
	in := verdict.Input{Exercise: f.ex.Name, Tests: f.ex.Names}
	if err := trial.run(t.Context(), s, bin, &in); err != nil {
		t.Fatal(err)
	}
	if v := verdict.Judge(in); v.Passed {
		t.Errorf("it passes: %+v", in.Records)
	}
	if left := names(t, tmp); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
	if now := names(t, filepath.Dir(bin.Path)); !slices.Equal(now, cache) {
		t.Errorf("beside its binary there are %v now, and were %v", now, cache)
	}
	for _, pid := range living(tmp) {
		t.Errorf("process %s is left of it", pid)
	}
}

// names lists a folder with all that is below it.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if name != dir {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// living returns the processes that were started with a folder in their environment, this one aside.
func living(dir string) (pids []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		if pid := strings.Split(file, "/")[2]; strings.Contains(string(text), "TMPDIR="+dir+"/") {
			pids = append(pids, pid)
		}
	}
	return pids
}

// TestPatience: a verdict that takes too long to be explained stands without, and nothing that is found
// afterwards changes it.
func TestPatience(t *testing.T) {
	f := newFortress(t)
	racy := controls(f.ex)[3]
	g := *f.graders[box.Open]
	released, told := make(chan struct{}), make(chan struct{})
	g.patience = time.Millisecond
	g.tell = func(v *verdict.Verdict, in explain.Input) {
		defer close(told)
		<-released
		explain.Verdict(v, in)
	}
	v, err := g.Grade(t.Context(), Submission{f.ex, racy.files})
	before, _ := json.Marshal(v)
	close(released)
	<-told
	after, _ := json.Marshal(v)
	if err != nil || string(v.Class) != racy.want || len(v.Findings) == 0 || !strings.Contains(strings.Join(v.Notes, "\n"), "not explained") {
		t.Errorf("the verdict is %+v, %v", v, err)
	}
	if string(before) != string(after) {
		t.Errorf("the verdict was %s and is %s", before, after)
	}
}
