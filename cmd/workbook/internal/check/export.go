package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// dir is the folder of the export data: one for each toolchain and module.
func (c *Checker) dir() string {
	return filepath.Join(c.c.Cache, "export-"+c.c.Version+"-"+filepath.Base(c.c.Dir))
}

// file is where a package's export data is kept.
func (c *Checker) file(importPath string) string {
	return filepath.Join(c.dir(), strings.ReplaceAll(importPath, "/", "_")+".x")
}

func (c *Checker) has(importPath string) bool {
	_, err := os.Stat(c.file(importPath))
	return err == nil
}

// open is the importer's lookup.
func (c *Checker) open(importPath string) (io.ReadCloser, error) { return os.Open(c.file(importPath)) }

// Ready reports whether every package that was asked for so far is at hand.
func (c *Checker) Ready() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.has("sync") && len(c.wanted) == 0
}

// Warm copies the export data of Common, of the configured packages and of those that were asked
// for in vain into the cache folder. The go command builds what is not in its own cache, with
// -race, as the hidden-test binaries need it too.
func (c *Checker) Warm(ctx context.Context) error {
	c.mu.Lock()
	want := slices.Concat(Common, c.c.Packages, slices.Collect(maps.Keys(c.wanted)))
	c.mu.Unlock()
	want = slices.DeleteFunc(want, func(p string) bool { return p == "unsafe" || c.has(p) })
	if len(want) == 0 {
		return nil
	}
	files, err := c.list(ctx, want)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir(), 0o777); err != nil {
		return fmt.Errorf("keeping export data: %w", err)
	}
	for _, p := range want {
		if err := c.keep(p, files[p]); err != nil {
			return fmt.Errorf("keeping export data of %s: %w", p, err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range want {
		delete(c.wanted, p)
	}
	return nil
}

// list asks the go command for the files that hold the packages' export data.
func (c *Checker) list(ctx context.Context, want []string) (map[string]string, error) {
	cmd := exec.CommandContext(ctx, c.c.Go, slices.Concat([]string{"list", "-e", "-export", "-race"}, c.c.Flags, []string{"-f", "{{.ImportPath}}\t{{.Export}}"}, want)...)
	cmd.Env, cmd.Dir = c.c.Env, c.c.Dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w\n%s", err, strings.TrimSpace(stderr.String()))
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		p, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[p] = file
	}
	return files, nil
}

// keep copies the part of a package's archive that holds its export data, which is the first.
func (c *Checker) keep(importPath, archive string) error {
	if archive == "" {
		return fs.ErrNotExist
	}
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	const magic, header = 8, 60
	head := make([]byte, magic+header)
	if _, err := io.ReadFull(f, head); err != nil {
		return err
	}
	size, err := strconv.Atoi(strings.TrimSpace(string(head[magic+48 : magic+58])))
	if err != nil || !bytes.HasPrefix(head, []byte("!<arch>\n__.PKGDEF")) {
		return errors.New("not a Go archive")
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(f, data); err != nil {
		return err
	}
	return write(c.file(importPath), append(head, data...))
}

// write writes a file so that another process sees all of it or nothing.
func write(file string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
