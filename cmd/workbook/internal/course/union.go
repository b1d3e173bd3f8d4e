package course

import (
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// Union returns a file system whose root holds one folder for each entry of parts.
func Union(parts map[string]fs.FS) fs.FS {
	return union(maps.Clone(parts))
}

type union map[string]fs.FS

// Open implements fs.FS.
func (u union) Open(name string) (fs.File, error) {
	if name == "." {
		return &rootDir{entries: u.entries()}, nil
	}
	part, rest, err := u.split("open", name)
	if err != nil {
		return nil, err
	}
	f, err := part.Open(rest)
	if err != nil {
		return nil, renamed(err, name)
	}
	if d, ok := f.(fs.ReadDirFile); ok && rest == "." {
		return partDir{d, name}, nil
	}
	return f, nil
}

// ReadFile implements fs.ReadFileFS.
func (u union) ReadFile(name string) ([]byte, error) {
	if name == "." {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	part, rest, err := u.split("open", name)
	if err != nil {
		return nil, err
	}
	b, err := fs.ReadFile(part, rest)
	return b, renamed(err, name)
}

// split finds the part that holds name.
func (u union) split(op, name string) (part fs.FS, rest string, err error) {
	if !fs.ValidPath(name) {
		return nil, "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	first, rest, ok := strings.Cut(name, "/")
	if !ok {
		rest = "."
	}
	part, ok = u[first]
	if !ok {
		return nil, "", &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return part, rest, nil
}

func (u union) entries() []fs.DirEntry {
	var all []fs.DirEntry
	for _, name := range slices.Sorted(maps.Keys(u)) {
		all = append(all, fs.FileInfoToDirEntry(dirInfo(name)))
	}
	return all
}

// renamed makes err speak of name instead of a part's own name for the file.
func renamed(err error, name string) error {
	if pe, ok := err.(*fs.PathError); ok {
		return &fs.PathError{Op: pe.Op, Path: name, Err: pe.Err}
	}
	return err
}

// rootDir is the union's root, opened.
type rootDir struct{ entries []fs.DirEntry }

func (d *rootDir) Stat() (fs.FileInfo, error) { return dirInfo("."), nil }
func (d *rootDir) Close() error               { return nil }

func (d *rootDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

func (d *rootDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 || n > len(d.entries) {
		if n > 0 && len(d.entries) == 0 {
			return nil, io.EOF
		}
		n = len(d.entries)
	}
	list := d.entries[:n]
	d.entries = d.entries[n:]
	return list, nil
}

// partDir is the root of a part, opened under the part's name.
type partDir struct {
	fs.ReadDirFile
	name string
}

func (d partDir) Stat() (fs.FileInfo, error) { return dirInfo(d.name), nil }

// dirInfo describes a folder that has only a name.
type dirInfo string

func (d dirInfo) Name() string       { return path.Base(string(d)) }
func (d dirInfo) Size() int64        { return 0 }
func (d dirInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (d dirInfo) ModTime() time.Time { return time.Time{} }
func (d dirInfo) IsDir() bool        { return true }
func (d dirInfo) Sys() any           { return nil }
