package batch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"workbook/cmd/workbook/internal/verdict"
)

// Journal keeps a batch's results on disk as they come, one line each, only ever appended to. A line that
// was being written when the machine or the process died is not believed, since its checksum is not there.
type Journal struct {
	file *os.File
	mu   sync.Mutex // guards end, and writing to file
	end  int64      // of what is written
}

// kept is where a journal holds a result; the zero value is nowhere.
type kept struct {
	journal *Journal
	at      int64
	bytes   int // of the line
}

// ErrOtherBatch is returned for a journal of other exercises, another grader or another sandbox.
var ErrOtherBatch = errors.New("the journal is of another batch: its exercises, its workbook or its sandbox differ")

// Create begins a journal. What is at its place is replaced; a batch that still writes there goes on
// writing into what nobody sees.
func Create(file, identity string) (*Journal, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return nil, fmt.Errorf("making a folder for the journal: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".journal-*")
	if err != nil {
		return nil, fmt.Errorf("beginning the journal: %w", err)
	}
	j := &Journal{file: temp}
	_, err = j.write("batch", identity)
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		temp.Close()
		os.Remove(temp.Name())
		return nil, fmt.Errorf("beginning the journal: %w", err)
	}
	return j, nil
}

// Resume opens a journal and returns what it holds, to be read while it is open. A missing journal is begun.
func Resume(file, identity string) (*Journal, []Result, error) {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		j, err := Create(file, identity)
		return j, nil, err
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the journal: %w", err)
	}
	j := &Journal{file: f}
	results, err := j.readAll(identity)
	if err == nil {
		err = f.Truncate(j.end) // what follows is half a line, and a new one must not be glued to it
	}
	if err == nil {
		_, err = f.Seek(j.end, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("reading the journal: %w", err)
	}
	return j, results, nil
}

// line is a line of the journal: the first one says what batch it is of.
type line struct {
	Sum   string          `json:"sum"` // of Data
	Kind  string          `json:"kind"`
	Data  json.RawMessage `json:"data"`
	bytes int
}

func sum(kind string, data []byte) string {
	s := sha256.Sum256(append([]byte(kind+"\n"), data...))
	return hex.EncodeToString(s[:8])
}

// readAll returns the results of every line up to the first bad one, which is the journal's end.
func (j *Journal) readAll(identity string) ([]Result, error) {
	r := bufio.NewReader(j.file)
	first, ok := readLine(r)
	var batch string
	if !ok || first.Kind != "batch" || json.Unmarshal(first.Data, &batch) != nil || batch != identity {
		return nil, ErrOtherBatch
	}
	j.end = int64(first.bytes)
	var results []Result
	for {
		l, ok := readLine(r)
		x, err := l.result()
		if !ok || err != nil {
			return results, nil
		}
		results = append(results, x.thin(kept{j, j.end, l.bytes}))
		j.end += int64(l.bytes)
	}
}

func readLine(r *bufio.Reader) (line, bool) {
	text, err := r.ReadBytes('\n')
	if err != nil {
		return line{}, false
	}
	return parseLine(text)
}

func parseLine(text []byte) (line, bool) {
	var l line
	if json.Unmarshal(text, &l) != nil || l.Sum != sum(l.Kind, l.Data) {
		return line{}, false
	}
	l.bytes = len(text)
	return l, true
}

// result is what a line holds.
func (l line) result() (x Result, err error) {
	if l.Kind != "result" {
		return x, fmt.Errorf("a line of the journal is no result: %q", l.Kind)
	}
	return x, json.Unmarshal(l.Data, &x)
}

// Add keeps a result, and returns what stands for it in memory: Full reads the rest.
func (j *Journal) Add(r Result) (Result, error) {
	at, err := j.write("result", r)
	if err != nil {
		return r, fmt.Errorf("writing the journal: %w", err)
	}
	return r.thin(at), nil
}

// write appends a line and returns where it is.
func (j *Journal) write(kind string, what any) (kept, error) {
	data, err := marshal(what)
	if err != nil {
		return kept{}, err
	}
	text, err := marshal(line{Sum: sum(kind, data), Kind: kind, Data: data})
	if err != nil {
		return kept{}, err
	}
	text = append(text, '\n')
	j.mu.Lock()
	defer j.mu.Unlock()
	at := j.end
	n, err := j.file.Write(text) // one write: a killed process leaves whole lines and half a one at most
	j.end += int64(n)
	return kept{j, at, len(text)}, err
}

// thin returns a result of which only the exercise, the class and whether it passes are left of the verdict,
// and no credits: a report of thousands of submissions is held in memory until it is written.
func (x Result) thin(at kept) Result {
	x.kept = at
	x.Credits = nil
	x.Verdict = verdict.Verdict{Exercise: x.Verdict.Exercise, Class: x.Verdict.Class, Passed: x.Verdict.Passed}
	return x
}

// Full returns a result with all that is known of it. The error is about reading the journal that holds it.
func (x Result) Full() (Result, error) {
	if x.kept.journal == nil {
		return x, nil
	}
	text := make([]byte, x.kept.bytes)
	if _, err := x.kept.journal.file.ReadAt(text, x.kept.at); err != nil {
		return x, fmt.Errorf("reading the journal: %w", err)
	}
	l, ok := parseLine(text)
	if !ok {
		return x, fmt.Errorf("reading the journal: what it held of %q was changed meanwhile", x.Submission)
	}
	return l.result()
}

// whole is a Result in its JSON form.
type whole Result

// MarshalJSON writes all that is known of a result.
func (x Result) MarshalJSON() ([]byte, error) {
	x, err := x.Full()
	if err != nil {
		return nil, err
	}
	return marshal(whole(x))
}

// marshal is json.Marshal without escapes of HTML, which marshalling again would apply to the data of a line.
func marshal(what any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(what)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// Close ends the journal. Everything added is on the disk then.
func (j *Journal) Close() error {
	return errors.Join(j.file.Sync(), j.file.Close())
}
