package workspace

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// snapshotEvery is how many entries may lie behind the snapshot.
const snapshotEvery = 16

// mark is a place in the journal, with the last entry before it to recognise the journal by.
type mark struct {
	Offset int64  `json:"offset"`
	Last   place  `json:"last"`
	Sum    string `json:"sum"` // checksum of the last entry's line
}

// snapshot is what state.json holds, sealed.
type snapshot struct {
	Version  int      `json:"version"`
	Mark     mark     `json:"mark"`
	Progress Progress `json:"progress"`
}

// snapshotVersion is the version of the snapshot's form; another one is not read.
const snapshotVersion = 1

// load finds out where the learner stands: from the snapshot and the journal behind it where they fit
// together, else from the whole journal with what only the snapshot knows.
func (w *Workspace) load() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var s snapshot
	text, err := readRegular(w.meta(snapshotName))
	_, whole := unseal(text, &s)
	known := err == nil && whole && s.Version == snapshotVersion
	if known && w.fits(s.Mark) {
		w.progress, w.mark = s.Progress, s.Mark
		return w.sync()
	}
	if err := w.sync(); err != nil {
		return err
	}
	if known {
		w.progress.join(s.Progress)
	}
	w.unsaved = snapshotEvery
	return nil
}

// openRegular opens a file for reading, and nothing that would have the reader wait.
func openRegular(file string) (*os.File, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return os.Open(file)
}

var errNotRegular = errors.New("not a regular file")

func readRegular(file string) ([]byte, error) {
	f, err := openRegular(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// fits says whether the journal is the one that a mark was made in.
func (w *Workspace) fits(m mark) bool {
	if m.Last.Size == 0 {
		return m.Offset == 0
	}
	f, err := openRegular(w.meta(journalName))
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < m.Offset || m.Last.At < 0 || m.Last.Size < 0 || m.Last.Size > info.Size() {
		return false
	}
	text := make([]byte, m.Last.Size)
	_, err = f.ReadAt(text, m.Last.At)
	return err == nil && checksum(text) == m.Sum
}

// sync reads what was added to the journal since the last time, by anybody. w.mu is held.
func (w *Workspace) sync() error {
	path := w.meta(journalName)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().IsRegular() && info.Size() == w.mark.Offset {
		return nil
	}
	if err != nil {
		return readError(path, "", err)
	}
	if !info.Mode().IsRegular() {
		return &Error{Kind: NotRegular, File: path}
	}
	f, err := os.Open(path)
	if err != nil {
		return readError(path, "", err)
	}
	defer f.Close()
	if info.Size() < w.mark.Offset { // somebody cut it: it is another journal now
		defer w.progress.join(w.progress)
		w.progress, w.mark = Progress{}, mark{}
	}
	text, err := io.ReadAll(io.NewSectionReader(f, w.mark.Offset, info.Size()-w.mark.Offset))
	if err != nil {
		return readError(path, "", err)
	}
	w.replay(text)
	return nil
}

// replay applies the entries of the journal's text behind w.mark.
func (w *Workspace) replay(text []byte) {
	base := w.mark.Offset
	n, damaged := scan(text, base, func(e entry, at place) {
		w.progress.apply(e, at)
		w.mark.Last, w.mark.Sum = at, checksum(text[at.At-base:at.At-base+at.Size])
		w.unsaved++
	})
	w.mark.Offset += n
	w.progress.Damaged += damaged
}

// append writes one entry to the journal, with one call, and takes the snapshot anew now and then.
func (w *Workspace) append(e entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.appendLocked(e)
}

func (w *Workspace) appendLocked(e entry) error {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Time = e.Time.UTC().Truncate(time.Millisecond)
	line, err := seal(e)
	if err != nil {
		return err
	}
	path := w.meta(journalName)
	if err := w.appendLine(path, line, e.Text != nil || e.Bytes != nil); err != nil {
		return writeError(path, "", err)
	}
	if err := w.sync(); err != nil {
		return err
	}
	if w.unsaved >= snapshotEvery {
		_ = w.saveSnapshot() // the journal knows it all
	}
	return nil
}

// appendLine adds a line to the file at path. Where the last line has no end, because its writer was
// killed, it begins a new one. With flush it is on the disk when appendLine returns.
func (w *Workspace) appendLine(path string, line []byte, flush bool) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	lock(f)
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errNotRegular
	}
	last := []byte{'\n'}
	if info.Size() > 0 {
		if _, err := f.ReadAt(last, info.Size()-1); err != nil {
			return err
		}
	}
	if last[0] != '\n' {
		line = append([]byte{'\n'}, line...)
	}
	if n, err := w.write(f, line); err != nil || n < len(line) {
		return cmp.Or(err, io.ErrShortWrite)
	}
	if flush {
		return f.Sync()
	}
	return nil
}

// lock waits a short while for the advisory lock on f. It goes on without: appending is one write at
// the end of the file, and only the look at its last byte could be stale.
func lock(f *os.File) {
	for range 50 {
		if tryLock(f) {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// saveSnapshot replaces state.json. w.mu is held.
func (w *Workspace) saveSnapshot() error {
	line, err := seal(snapshot{snapshotVersion, w.mark, w.progress})
	if err != nil {
		return err
	}
	if err := w.replace(w.meta(snapshotName), line, 0o644); err != nil {
		return writeError(w.meta(snapshotName), "", err)
	}
	w.unsaved = 0
	return nil
}

// saved reads back the text of a journal entry; ok is false where it is damaged.
func (w *Workspace) saved(s save) (text []byte, ok bool) {
	f, err := openRegular(w.meta(journalName))
	if err != nil {
		return nil, false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || s.Size < 0 || s.Size > info.Size() {
		return nil, false
	}
	line := make([]byte, s.Size)
	if _, err := f.ReadAt(line, s.At); err != nil {
		return nil, false
	}
	var e entry
	if _, ok := unseal(line, &e); !ok {
		return nil, false
	}
	text, ok = e.text()
	return text, ok && hash(text) == s.Hash
}
