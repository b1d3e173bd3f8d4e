package build

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Parts are the compiled packages, of the standard library and of the tree, that direct builds link.
// They are kept beside the go command's cache, which forgets what no go command has used for days.

// direct reports whether this toolchain's compiler and linker are known well enough to be called
// without the go command: their flags, and package testing's, are no promise of Go's.
func (t *Toolchain) direct() bool {
	return t.OS == "linux" && slices.Contains([]string{"amd64", "arm64"}, t.Arch) &&
		(t.Version == MinGo || strings.HasPrefix(t.Version, MinGo+"."))
}

// partsFile is the importcfg of the parts.
func (b *Builder) partsFile() string {
	return filepath.Join(b.partsDir(), "importcfg-"+b.Tree.Hash)
}

func (b *Builder) partsDir() string { return filepath.Join(b.cache, "parts-"+b.Tool.Version) }

// freshParts is how long parts are taken for used without another look.
const freshParts = maxAge / 2

// parts returns the importcfg of the parts, "" where there are none.
func (b *Builder) parts() string {
	text, err := os.ReadFile(b.partsFile())
	if err != nil || !b.Tool.direct() {
		return ""
	}
	return string(text)
}

// gathered reports whether the parts need no gathering.
func (b *Builder) gathered() bool {
	info, err := os.Stat(b.partsFile())
	return !b.Tool.direct() || err == nil && time.Since(info.ModTime()) < freshParts
}

// gather keeps the parts of the packages, which are built, and of all that they need.
func (b *Builder) gather(ctx context.Context, want []string) error {
	if !b.Tool.direct() {
		return nil
	}
	lines, err := b.list(ctx, "{{.ImportPath}}\t{{.Export}}", slices.Concat([]string{"-export", "-deps", "runtime/race", "runtime/cgo"}, want))
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, line := range lines {
		importPath, archive, _ := strings.Cut(line, "\t")
		if archive == "" {
			continue // unsafe
		}
		part := filepath.Join(b.partsDir(), filepath.Base(archive))
		if err := keep(archive, part); err != nil {
			return trouble(fmt.Errorf("keeping a compiled package: %w", err))
		}
		fmt.Fprintf(&text, "packagefile %s=%s\n", importPath, part)
	}
	b.forget()
	return trouble(writeAtomic(b.partsFile(), []byte(text.String())))
}

// keep makes a file appear at another place too, without a copy where the disk allows that. The go
// command never changes a file of its cache.
func keep(file, as string) error {
	if touch(as) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(as), 0o777); err != nil {
		return err
	}
	if err := os.Link(file, as); err == nil || os.IsExist(err) {
		touch(as)
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return writeAtomic(as, data)
}

// forget removes the parts that no gathering has touched for long.
func (b *Builder) forget() {
	entries, _ := os.ReadDir(b.partsDir())
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > maxAge {
			os.Remove(filepath.Join(b.partsDir(), e.Name()))
		}
	}
}

// touch marks a file as used now, and reports whether it is there.
func touch(file string) bool {
	now := time.Now()
	err := os.Chtimes(file, now, now)
	return err == nil || !os.IsNotExist(err) && exists(file)
}

func exists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().Type() == fs.FileMode(0)
}
