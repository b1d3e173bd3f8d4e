package build

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// marker is a file that says which files of GOCACHE a warm build needs. The build is taken for
// warm while they are there: the go command removes what was not used for days.
func (b *Builder) marker() string {
	return filepath.Join(b.cache, "warm-"+b.Tool.Version+"-"+b.Tree.Hash+".json")
}

// Packages are the import paths of the tree's own packages, the harness and the kit.
func (b *Builder) Packages() []string { return b.Tree.packages() }

// Warm builds, with -race, what every hidden-test binary needs: the named packages of the standard
// library, the harness and the course's test kit. Cold that takes tens of seconds. progress is
// called from the caller's goroutine while there is something to build, and never otherwise.
func (b *Builder) Warm(ctx context.Context, std []string, progress func(done, total int)) error {
	sweepWork(os.TempDir())
	if b.warm() && b.gathered() {
		return nil
	}
	if err := b.Tree.use(); err != nil {
		return trouble(err)
	}
	want := slices.Concat(std, b.Packages())
	deps, err := b.list(ctx, "{{.ImportPath}}", append([]string{"-deps"}, want...))
	if err != nil {
		return err
	}
	total := len(deps)
	progress(0, total)
	if err := b.buildAll(ctx, want, func(done int) { progress(min(done, total), total) }); err != nil {
		return err
	}
	progress(total, total)
	sweep(b.cache, filepath.Base(b.Tree.Dir))
	if err := b.gather(ctx, want); err != nil {
		return err
	}
	files, err := b.list(ctx, "{{.Export}}", append([]string{"-export"}, want...))
	if err != nil {
		return err
	}
	data, err := json.Marshal(slices.DeleteFunc(files, func(f string) bool { return f == "" }))
	if err != nil {
		return fmt.Errorf("noting what is built: %w", err)
	}
	return trouble(writeAtomic(b.marker(), data))
}

// warm reports whether everything that the marker names is still there.
func (b *Builder) warm() bool {
	data, err := os.ReadFile(b.marker())
	if err != nil {
		return false
	}
	var files []string
	if json.Unmarshal(data, &files) != nil || len(files) == 0 || !strings.HasPrefix(files[0], b.Tool.Cache) {
		return false
	}
	for _, f := range files {
		if _, err := os.Stat(f); err != nil {
			return false
		}
	}
	return true
}

// list runs `go list -race` and returns its lines.
func (b *Builder) list(ctx context.Context, format string, args []string) ([]string, error) {
	text, err := b.command(ctx, append([]string{"list", "-race", Lean, "-f", format}, args...)...)
	if err != nil {
		return nil, b.failed(ctx, "go list", text, err)
	}
	return strings.Split(strings.TrimSpace(text), "\n"), nil
}

func (b *Builder) failed(ctx context.Context, what, text string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if t := machineTrouble(b.Tool, text); t != nil {
		return t
	}
	return fmt.Errorf("%s: %w\n%s", what, err, strings.TrimSpace(text))
}

// buildAll builds packages, and says how many are done: -v prints a package when its turn comes.
func (b *Builder) buildAll(ctx context.Context, want []string, done func(int)) error {
	cmd := exec.CommandContext(ctx, b.Tool.Go, append([]string{"build", "-race", Lean, "-v"}, want...)...)
	cmd.Dir, cmd.Env = b.Tree.Dir, append(slices.Clone(b.Tool.Env), "PWD="+b.Tree.Dir)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	g, err := Start(cmd)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { // ends with the command; its word is taken below
		err := g.Wait()
		w.Close()
		ended <- err
	}()
	var text strings.Builder
	count := 0
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if line := lines.Text(); strings.ContainsAny(line, " :#\t") {
			text.WriteString(line + "\n") // not a package's path
		} else {
			done(count)
			count++
		}
	}
	io.Copy(io.Discard, r)
	if err := <-ended; err != nil {
		return b.failed(ctx, "go build", text.String(), err)
	}
	return nil
}
