package batch

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"workbook/cmd/workbook/internal/verdict"
)

// A report of thousands of submissions is held in memory until it is written. Its results are packed meanwhile:
// what a verdict tells takes six times the room that it takes compressed.

// packer packs results. The zero packer is ready to use.
type packer struct {
	mu     sync.Mutex // guards what follows: a compressor is larger than a thousand results
	buffer bytes.Buffer
	writer *flate.Writer
}

// thin returns a result of which only the exercise, the class and whether it passes are left of the verdict, and
// no credits; Full brings the rest back. A result that cannot be packed is returned as it is.
func (p *packer) thin(x Result) Result {
	if x.packed != nil {
		return x
	}
	data, err := marshal(whole(x))
	if err != nil {
		return x
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.writer == nil {
		p.writer, _ = flate.NewWriter(nil, flate.BestSpeed) // no error: the level is one that there is
	}
	p.buffer.Reset()
	p.writer.Reset(&p.buffer)
	if _, err := p.writer.Write(data); err != nil || p.writer.Close() != nil {
		return x
	}
	x.packed = bytes.Clone(p.buffer.Bytes())
	x.Credits = nil
	x.Verdict = verdict.Verdict{Exercise: x.Verdict.Exercise, Class: x.Verdict.Class, Passed: x.Verdict.Passed}
	return x
}

// Packed returns a report as Run does, which holds its results packed.
func (r Report) Packed() Report {
	var p packer
	results := make([]Result, len(r.Results))
	for i, x := range r.Results {
		results[i] = p.thin(x)
	}
	r.Results = results
	return r
}

// Full returns a result with all that is known of it. Those in a report have of their credits and verdicts
// nothing but the exercise, the class and whether it passes.
func (x Result) Full() Result {
	if x.packed == nil {
		return x
	}
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(x.packed)))
	var w whole
	if err == nil {
		err = json.Unmarshal(data, &w)
	}
	if err != nil {
		panic(fmt.Sprintf("batch: unpacking what was packed here: %v", err)) // a mistake of this file's
	}
	return Result(w)
}

// whole is a Result in its JSON form.
type whole Result

// MarshalJSON writes all that is known of a result.
func (x Result) MarshalJSON() ([]byte, error) { return marshal(whole(x.Full())) }
