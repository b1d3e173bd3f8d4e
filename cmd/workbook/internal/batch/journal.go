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
)

// Journal keeps a batch's results on disk as they come, one line each, only ever appended to. A line that
// was being written when the machine or the process died is not believed, since its checksum is not there.
type Journal struct {
	mu   sync.Mutex // guards writing to file
	file *os.File
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
	err = j.write("batch", identity)
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

// Resume opens a journal and returns what it holds. A missing journal is begun.
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
	results, end, err := j.readAll(identity)
	if err == nil {
		err = f.Truncate(end) // what follows is half a line, and a new one must not be glued to it
	}
	if err == nil {
		_, err = f.Seek(end, io.SeekStart)
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

// readAll returns the results of every line up to the first bad one, and where that begins.
func (j *Journal) readAll(identity string) ([]Result, int64, error) {
	r := bufio.NewReader(j.file)
	first, ok := readLine(r)
	var batch string
	if !ok || first.Kind != "batch" || json.Unmarshal(first.Data, &batch) != nil || batch != identity {
		return nil, 0, ErrOtherBatch
	}
	end := int64(first.bytes)
	var results []Result
	for {
		l, ok := readLine(r)
		var x Result
		if !ok || l.Kind != "result" || json.Unmarshal(l.Data, &x) != nil {
			return results, end, nil
		}
		results = append(results, x)
		end += int64(l.bytes)
	}
}

func readLine(r *bufio.Reader) (line, bool) {
	text, err := r.ReadBytes('\n')
	var l line
	if err != nil || json.Unmarshal(text, &l) != nil || l.Sum != sum(l.Kind, l.Data) {
		return line{}, false
	}
	l.bytes = len(text)
	return l, true
}

// Add keeps a result.
func (j *Journal) Add(r Result) error {
	if err := j.write("result", r); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	return nil
}

func (j *Journal) write(kind string, what any) error {
	data, err := marshal(what)
	if err != nil {
		return err
	}
	text, err := marshal(line{Sum: sum(kind, data), Kind: kind, Data: data})
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err = j.file.Write(append(text, '\n')) // one write: a killed process leaves whole lines and half a one at most
	return err
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
