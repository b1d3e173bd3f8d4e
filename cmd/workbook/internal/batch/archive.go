package batch

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"workbook/cmd/workbook/internal/policy"
)

// archive looks for files in a tar, a tar.gz or a zip. Nothing is ever written to disk: the few files that
// are submissions are kept in memory, everything else is passed over. So a name that leads out of the
// archive could do no harm, but an archive that has one was not made by a learner, and is refused.
func (f *finder) archive(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("%s: %s", name, cause(err))
	}
	defer file.Close()
	head := bufio.NewReader(file)
	magic, err := head.Peek(262)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %s", name, cause(err))
	}
	a := &archive{finder: f, name: name, seen: map[string]bool{}}
	switch {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")), bytes.HasPrefix(magic, []byte("PK\x05\x06")):
		err = a.zip(file)
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		var z *gzip.Reader
		if z, err = gzip.NewReader(head); err == nil {
			err = a.tar(z)
		}
	case len(magic) == 262 && bytes.Equal(magic[257:262], []byte("ustar")):
		err = a.tar(head)
	default:
		return fmt.Errorf("%s is no folder, tar, tar.gz or zip", name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// archive is one that is being read.
type archive struct {
	*finder
	name string
	kept int64
	seen map[string]bool // names of submissions' files
}

func (a *archive) tar(r io.Reader) error {
	t := tar.NewReader(&metered{r, a.Limits.Unpacked})
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the archive: %w", err)
		}
		kind := h.FileInfo().Mode().Type()
		if h.Typeflag == tar.TypeLink {
			kind = fs.ModeSymlink // a hard link is as foreign as a soft one
		}
		if err := a.entry(h.Name, kind, func() (io.ReadCloser, error) { return io.NopCloser(t), nil }); err != nil {
			return err
		}
	}
}

// errBomb ends the reading of an archive that unpacks to too much.
var errBomb = errors.New("it unpacks to more than is read of an archive: is it a bomb?")

// metered reads a number of bytes, then fails.
type metered struct {
	r    io.Reader
	left int64
}

func (m *metered) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errBomb
	}
	n, err := m.r.Read(p[:min(int64(len(p)), m.left)])
	m.left -= int64(n)
	return n, err
}

func (a *archive) zip(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	z, err := zip.NewReader(file, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("reading the archive: %w", err)
	}
	for _, e := range z.File {
		if err := a.entry(e.Name, e.Mode().Type(), e.Open); err != nil {
			return err
		}
	}
	return nil
}

// entry looks at one entry of an archive.
func (a *archive) entry(name string, kind fs.FileMode, open func() (io.ReadCloser, error)) error {
	if a.entries++; a.entries > a.Limits.Entries {
		return fmt.Errorf("it has more than %d entries", a.Limits.Entries)
	}
	if err := safe(name); err != nil {
		return err
	}
	clean := path.Clean(strings.TrimSuffix(name, "/"))
	if kind == fs.ModeDir || hidden(clean) {
		return nil
	}
	if _, ex, _ := place(clean, a.byName); ex == nil {
		return nil
	}
	if a.seen[clean] {
		return fmt.Errorf("the entry %q is there twice", name)
	}
	a.seen[clean] = true
	f := File{Name: a.name + ":" + clean}
	if kind != 0 {
		f.refused = cleanLine(clean) + " is a link or a device, and only what the submission itself holds is graded"
		a.add(a.name, clean, f)
		return nil
	}
	text, err := a.read(open)
	if err != nil {
		return fmt.Errorf("the entry %q: %w", name, err)
	}
	f.text = text
	a.add(a.name, clean, f)
	return nil
}

func (a *archive) read(open func() (io.ReadCloser, error)) ([]byte, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, policy.MaxBytes+1))
	if a.kept += int64(len(text)); a.kept > a.Limits.Kept {
		return nil, fmt.Errorf("the archive holds more than %d MB of submissions", a.Limits.Kept>>20)
	}
	return text, err
}

// safe refuses names that mean something outside of the archive on any system.
func safe(name string) error {
	switch {
	case name == "" || strings.ContainsAny(name, "\x00\n\r"),
		strings.HasPrefix(name, "/"), strings.Contains(name, `\`), len(name) > 1 && name[1] == ':' && name[0] != '.',
		strings.Contains("/"+name+"/", "/../"):
		return fmt.Errorf("the entry %q leads out of the archive, so nothing in it is trusted", name)
	}
	return nil
}

// hidden reports whether a part of a path begins with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") && name != "." || strings.Contains(name, "/.")
}
