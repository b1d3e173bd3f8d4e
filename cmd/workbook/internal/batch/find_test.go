package batch

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

// entry is one of an archive or of a folder.
type entry struct{ name, text, link string }

func file(name, text string) entry { return entry{name, text, ""} }

func tarred(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.text)), Typeflag: tar.TypeReg}
		if e.link != "" {
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, e.link, 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(0o644)
		text := e.text
		if e.link != "" {
			h.SetMode(os.ModeSymlink | 0o777)
			text = e.link
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// foldered writes entries to a folder.
func foldered(t testing.TB, entries ...entry) string {
	t.Helper()
	dir := t.TempDir()
	for _, e := range entries {
		name := filepath.Join(dir, filepath.FromSlash(e.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		err := os.WriteFile(name, []byte(e.text), 0o666)
		if e.link != "" {
			os.Remove(name)
			err = os.Symlink(e.link, name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// told is the tasks in a line each, with the text or why there is none.
func told(tasks []Task) string {
	var b strings.Builder
	for _, task := range tasks {
		files, refused := task.files()
		text := string(files[task.Exercise.File])
		if len(refused) > 0 {
			text = string(refused[0].Class)
		}
		fmt.Fprintf(&b, "%s %s %s\n", task.Submission, task.Exercise.Name, text)
	}
	return b.String()
}

// class is a class's hand-ins in every layout.
var class = []entry{
	file("alice/exercises/atomicity/counter/counter.go", "a1"),
	file("alice/exercises/once/lazy/lazy.go", "starter\r\n"),
	file("alice/solutions/atomicity/counter/counter.go", "shown"),
	file("alice/counter.go", "a less exact place"),
	file("alice/exercises/atomicity/counter/counter_test.go", "package x"),
	file("alice/.workbook/counter/counter.go", "journal"),
	file("bob/counter/counter.go", "b1"),
	file("bob/once/lazy/lazy.go", "b2"),
	file("group 7/carol/counter.go", "c1"),
	file("group 7/carol/notes.txt", "hello"),
	file("solutions/counter.go", "one called solutions"),
}

const classTold = `alice counter a1
bob counter b1
bob lazy b2
group 7/carol counter c1
solutions counter one called solutions
`

// TestLayouts: folders and archives of the same files are the same submissions.
func TestLayouts(t *testing.T) {
	dir := t.TempDir()
	paths := map[string]string{"folder": foldered(t, class...)}
	for name, data := range map[string][]byte{"class.tar": tarred(t, class...), "class.tar.gz": gzipped(t, tarred(t, class...)), "class.zip": zipped(t, class...)} {
		paths[name] = filepath.Join(dir, name)
		if err := os.WriteFile(paths[name], data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, path := range paths {
		tasks, unbegun, err := Search{Course: small(), Limits: DefaultLimits}.Find([]string{path, path})
		if err != nil || told(tasks) != classTold || unbegun != 1 {
			t.Errorf("%s: %v, %d not begun\n%swant 1 and\n%s", name, err, unbegun, told(tasks), classTold)
		}
	}
}

// TestOne: a path may be a submission itself, and the exercises asked for must be there.
func TestOne(t *testing.T) {
	dir := foldered(t, file("bob/exercises/atomicity/counter/counter.go", "b1"), file("x/bob/counter.go", "x1"))
	tasks, _, err := Search{Course: small(), Only: []string{"counter", "lazy"}, Limits: DefaultLimits}.Find([]string{filepath.Join(dir, "bob")})
	if want := "bob counter b1\nbob lazy policy\n"; err != nil || told(tasks) != want {
		t.Errorf("%v\n%swant\n%s", err, told(tasks), want)
	}
	both := []string{filepath.Join(dir, "bob"), filepath.Join(dir, "x", "bob")}
	tasks, _, err = Search{Course: small(), Limits: DefaultLimits}.Find(both)
	if err != nil || len(tasks) != 2 || tasks[0].Submission == tasks[1].Submission {
		t.Errorf("two of one name: %v\n%s", err, told(tasks))
	}
	tasks, _, err = Search{Course: small(), Limits: DefaultLimits}.Find([]string{filepath.Join(dir, "x", "bob", "counter.go")})
	if want := "bob counter x1\n"; err != nil || told(tasks) != want {
		t.Errorf("a file: %v\n%swant\n%s", err, told(tasks), want)
	}
}

// TestHostile: archives that are out to do harm are refused in words, and a link is nobody's work.
func TestHostile(t *testing.T) {
	tight := Limits{Entries: 50, Unpacked: 1 << 20, Kept: 200 << 10}
	many := make([]entry, 60)
	for i := range many {
		many[i] = file(fmt.Sprintf("s%d/readme", i), "")
	}
	long := strings.Repeat("x", 60<<10)
	for _, tt := range []struct {
		name    string
		entries []entry
		want    string // in the error, or what is told
	}{
		{"up", []entry{file("../../etc/counter.go", "x")}, "leads out of the archive"},
		{"inner up", []entry{file("a/../../counter.go", "x")}, "leads out of the archive"},
		{"absolute", []entry{file("/etc/counter.go", "x")}, "leads out of the archive"},
		{"backslash", []entry{file(`..\counter.go`, "x")}, "leads out of the archive"},
		{"drive", []entry{file("C:/counter.go", "x")}, "leads out of the archive"},
		{"newline", []entry{file("a\n::error::/counter.go", "x")}, "leads out of the archive"},
		{"link", []entry{{"eve/counter.go", "", "/etc/passwd"}, file("bob/counter.go", "b")}, "bob counter b\neve counter policy\n"},
		{"link to a folder", []entry{{"eve/counter", "", "/etc"}, file("bob/counter.go", "b")}, "bob counter b\n"},
		{"twice", []entry{file("eve/counter.go", "good"), file("eve/./counter.go", "bad")}, "is there twice"},
		{"count", many, "more than 50 entries"},
		{"kept", []entry{file("a/counter.go", long), file("b/counter.go", long), file("c/counter.go", long), file("d/counter.go", long)}, "MB of submissions"},
		{"large file", []entry{file("a/counter.go", long+long)}, "a counter " + (long + long)[:64<<10+1] + "\n"},
		{"not Go", []entry{file("a/counter.go", "\x00\xff")}, "a counter \x00\xff\n"},
		{"control characters", []entry{file("a\x1b[2J/counter.go", "x")}, "a\\x1b[2J counter x\n"},
	} {
		for kind, data := range map[string][]byte{"tar": tarred(t, tt.entries...), "tgz": gzipped(t, tarred(t, tt.entries...)), "zip": zipped(t, tt.entries...)} {
			t.Run(tt.name+" "+kind, func(t *testing.T) { checkArchive(t, data, tight, tt.want) })
		}
	}
	bomb := gzipped(t, tarred(t, file("a/readme", strings.Repeat("0", 64<<20)), file("b/counter.go", "x")))
	if len(bomb) > 100<<10 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	checkArchive(t, bomb, tight, "is it a bomb?")
	checkArchive(t, bomb[:len(bomb)/2], DefaultLimits, "reading the archive")
	checkArchive(t, []byte("no archive at all"), tight, "is no folder, tar, tar.gz or zip")
	checkArchive(t, nil, tight, "is no folder, tar, tar.gz or zip")
}

func checkArchive(t *testing.T, data []byte, limits Limits, want string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "in", "hand-ins")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	tasks, _, err := Search{Course: small(), Limits: limits}.Find([]string{path})
	if got := told(tasks); err == nil && got != want || err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("%v, %.300q, want %.300q", err, got, want)
	}
	if err != nil && (strings.ContainsAny(err.Error(), "\n\x1b") || !strings.Contains(err.Error(), path)) {
		t.Errorf("the error is %q", err)
	}
	var left []string
	filepath.WalkDir(dir, func(p string, _ os.DirEntry, _ error) error { left = append(left, p); return nil })
	if len(left) != 3 {
		t.Errorf("something was written: %v", left)
	}
}

// TestFolders: links in folders are not followed, and what cannot be read is said.
func TestFolders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	secret := foldered(t, file("counter.go", "secret"))
	dir := foldered(t, entry{"eve/counter.go", "", filepath.Join(secret, "counter.go")}, entry{"mallory", "", secret}, file("bob/counter.go", "b"))
	tasks, _, err := Search{Course: small(), Limits: DefaultLimits}.Find([]string{dir})
	if want := "bob counter b\neve counter policy\n"; err != nil || told(tasks) != want {
		t.Errorf("%v\n%swant\n%s", err, told(tasks), want)
	}
	if err := os.Remove(filepath.Join(dir, "bob", "counter.go")); err != nil {
		t.Fatal(err)
	}
	if _, refused := tasks[0].files(); len(refused) != 1 || refused[0].Class != verdict.Fault {
		t.Errorf("a file that is gone: %+v", refused)
	}
	if _, _, err := (Search{Course: small(), Limits: Limits{Entries: 2}}).Find([]string{dir}); err == nil || !strings.Contains(err.Error(), "more than 2 files") {
		t.Errorf("too many files: %v", err)
	}
	if _, _, err := (Search{Course: small(), Limits: DefaultLimits}).Find([]string{filepath.Join(dir, "nobody")}); err == nil {
		t.Error("a missing path is no error")
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(tarred(f, class...))
	f.Add(gzipped(f, tarred(f, class...)))
	f.Add(zipped(f, class...))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "in")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		tasks, _, err := Search{Course: small(), Limits: Limits{Entries: 100, Unpacked: 1 << 20, Kept: 1 << 20}}.Find([]string{path})
		for _, task := range tasks {
			if strings.ContainsAny(task.Submission, "\n\x1b") || strings.Contains("/"+task.Submission+"/", "/../") {
				t.Errorf("a submission is called %q", task.Submission)
			}
		}
		if err != nil && len(tasks) > 0 {
			t.Errorf("tasks beside the error %v", err)
		}
	})
}
