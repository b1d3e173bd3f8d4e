package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/watch"
)

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check what the workbook needs from this machine",
		Long: `Check the Go toolchain, the C compiler that the race detector needs, the build cache, the
number of processors, the system's limits on watching files, how much the workbook itself keeps and how to
be rid of it, whether file events arrive in the workspace, and the sandbox that other people's programs
can be run in (the line names its tier, T0 to T2, found out by trying; T3 is what WORKBOOK_TIER=3 claims for a container or virtual machine around the workbook).

Each line is ok, or says what is wrong and the command that mends it. Exit code: 0 all ok, 3 otherwise.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			healthy := true
			for _, f := range a.examine(cmd.Context()) {
				healthy = healthy && f.sound != wrong
				fmt.Fprintf(a.Stdout, "%-5s  %-13s %s\n", f.sound, f.what, f.text)
				if f.mend != "" {
					fmt.Fprintf(a.Stdout, "       %-13s mend: %s\n", "", f.mend)
				}
			}
			if !healthy {
				return &problem{code: codeOurs, err: errors.New("this machine is not ready: see the lines marked wrong")}
			}
			return nil
		},
	}
}

// soundness is how well something is.
type soundness string

const (
	sound  soundness = "ok"
	unwell soundness = "note"  // works, but worth knowing
	wrong  soundness = "wrong" // the workbook cannot do its job
)

// fact is one line of the doctor's.
type fact struct {
	sound soundness
	what  string
	text  string
	mend  string
}

func (a *app) examine(ctx context.Context) []fact {
	facts := a.examineTools(ctx)
	facts = append(facts, examineProcessors())
	facts = append(facts, examineWatches()...)
	facts = append(facts, examineCache(a.cacheDir()))
	return append(facts, a.examineWorkspace(ctx), examineSandbox(box.Probe(ctx, a.Environ)))
}

// examineTools looks at the toolchain. The first trouble hides what it makes impossible to tell.
func (a *app) examineTools(ctx context.Context) []fact {
	tools, err := build.Find(ctx, build.Lookup{Environ: a.Environ})
	var trouble *build.Trouble
	if errors.As(err, &trouble) {
		what := map[build.Kind]string{build.NoCompiler: "C compiler", build.NoHeaders: "C compiler", build.NoRace: "race detector"}[trouble.Kind]
		if what == "" {
			return []fact{{wrong, "go", trouble.Text, trouble.Mend}}
		}
		return []fact{{sound, "go", tools.Version + ", " + tools.Go, ""}, {wrong, what, trouble.Text, trouble.Mend}}
	}
	if err != nil {
		return []fact{{wrong, "go", err.Error(), ""}}
	}
	facts := []fact{{sound, "go", tools.Version + ", " + tools.Go, ""}, {sound, "C compiler", tools.CC, ""}}
	if err := tools.Writable(); errors.As(err, &trouble) {
		return append(facts, fact{wrong, "build cache", trouble.Text, trouble.Mend})
	} else if err != nil {
		return append(facts, fact{wrong, "build cache", err.Error(), ""})
	}
	return append(facts, fact{sound, "build cache", tools.Cache, ""})
}

// examineCache says how much the workbook keeps to be fast, and how to be rid of it.
func examineCache(dir string) fact {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fact{sound, "cache", dir + ": nothing is in it yet", ""}
	}
	var bytes int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // somebody else is using the cache, and clears it up
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		return nil
	})
	return fact{sound, "cache", fmt.Sprintf("%s: %d MB. Old parts go by themselves. To clear it all, which loses no work: %s", dir, (bytes+1<<20-1)>>20, removal(dir)), ""}
}

// removal is the command that removes a folder.
func removal(dir string) string {
	if runtime.GOOS == "windows" {
		return `rmdir /s /q "` + dir + `"`
	}
	return "rm -r '" + strings.ReplaceAll(dir, "'", `'\''`) + "'"
}

// examineProcessors says how many goroutines can really run at once here.
func examineProcessors() fact {
	cpus, procs := runtime.NumCPU(), runtime.GOMAXPROCS(0)
	text := fmt.Sprintf("%d, GOMAXPROCS %d", cpus, procs)
	if procs < 2 {
		return fact{unwell, "processors", text + ": nothing runs in parallel here, so some experiments show little", ""}
	}
	return fact{sound, "processors", text, ""}
}

// examineSandbox says what other people's programs would run in. One's own need none.
func examineSandbox(r box.Report) fact {
	f := fact{sound, "sandbox", r.Line(), ""}
	if r.Own < box.Apart {
		f.sound = unwell
	}
	for _, l := range r.Lack {
		if f.mend == "" {
			f.mend = l.Mend
		}
	}
	return f
}

// The fewest watches and watchers that an editor, a file manager and the workbook get along with.
const (
	fewWatches   = 8192
	fewInstances = 128
)

// examineWatches reads Linux's limits on inotify; other systems have none to read.
func examineWatches() []fact {
	var facts []fact
	for _, limit := range []struct {
		name string
		few  int
	}{{"max_user_watches", fewWatches}, {"max_user_instances", fewInstances}} {
		text, err := os.ReadFile(filepath.Join("/proc/sys/fs/inotify", limit.name))
		if err != nil {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			continue
		}
		f := fact{sound, "file watches", fmt.Sprintf("%s is %d", limit.name, n), ""}
		if n < limit.few {
			f.sound = unwell
			f.text += ": with an editor open it may not be enough, and the workbook looks at intervals then"
			f.mend = fmt.Sprintf("sudo sysctl fs.inotify.%s=%d", limit.name, limit.few*8)
		}
		facts = append(facts, f)
	}
	return facts
}

// examineWorkspace makes a file in the workspace and waits for the event that tells of it.
func (a *app) examineWorkspace(ctx context.Context) fact {
	dir, ok := a.findWorkspace()
	if !ok {
		return fact{unwell, "workspace", "there is none yet", "workbook init"}
	}
	err := watch.Probe(ctx, dir)
	switch {
	case errors.Is(err, watch.ErrNoEvents):
		return fact{unwell, "file events", dir + ": none arrive (a network or shared drive?), so the workbook looks at intervals", ""}
	case err != nil:
		return fact{wrong, "workspace", err.Error(), "workbook init DIR makes one elsewhere"}
	}
	return fact{sound, "file events", "arrive in " + dir, ""}
}
