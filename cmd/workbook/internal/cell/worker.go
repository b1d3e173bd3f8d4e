package cell

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime/debug"

	"github.com/traefik/yaegi/interp"

	"workbook/cmd/workbook/internal/cell/explore"
)

// A job is what the worker process reads.
type job struct {
	Source  string   // as explore.Rewrite left it
	Imports []string // of the standard library
	Limits  explore.Limits
	Once    bool // run one schedule, drawn by Seed, instead of all
	Seed    uint64
	CPU     int   // seconds of processor time
	Address int64 // bytes of address space
}

// A reply is what the worker process writes.
type reply struct {
	Report explore.Report
	Single explore.Single // of a job that runs one schedule
	Error  string         // why there is neither
}

const (
	workerStack  = 32 << 20
	workerMemory = 512 << 20
)

// WorkerMain is the whole of the process that interprets a cell: it reads a job, bounds itself,
// interprets, and writes its reply. A cell that gets around the interpreter's care ends this
// process, not the workbook.
func WorkerMain(stdin io.Reader, stdout io.Writer) int {
	var j job
	if err := json.NewDecoder(stdin).Decode(&j); err != nil {
		return 2
	}
	debug.SetMaxStack(workerStack)
	debug.SetMemoryLimit(workerMemory)
	debug.SetGCPercent(400)
	limitSelf(j)
	r, err := interpret(j)
	if err != nil {
		r = reply{Error: err.Error()}
	}
	if err := json.NewEncoder(stdout).Encode(r); err != nil {
		return 2
	}
	return 0
}

// interpret runs the job's program under every schedule, or under one.
func interpret(j job) (r reply, err error) {
	in := interp.New(interp.Options{Stdin: eofReader{}, Stdout: io.Discard, Stderr: io.Discard})
	if err := in.Use(symbolsFor(j.Imports)); err != nil {
		return r, fmt.Errorf("loading symbols: %w", err)
	}
	if _, err := in.Eval(j.Source); err != nil {
		return r, fmt.Errorf("the interpreter refuses the cell: %w", err)
	}
	main, err := function(in, explore.MainName)
	if err != nil {
		return r, err
	}
	reset, err := function(in, explore.ResetName)
	if err != nil {
		return r, err
	}
	if j.Once {
		r.Single, err = explore.RunOnce(j.Seed, reset, main)
		return r, err
	}
	r.Report, err = explore.Search(j.Limits, reset, main)
	return r, err
}

func function(in *interp.Interpreter, name string) (func(), error) {
	v, err := in.Eval("main." + name)
	if err != nil {
		return nil, fmt.Errorf("the interpreter refuses the cell: %w", err)
	}
	f, ok := v.Interface().(func())
	if !ok {
		return nil, errors.New("the interpreter lost the cell's main function")
	}
	return f, nil
}

type eofReader struct{}

func (eofReader) Read([]byte) (int, error) { return 0, io.EOF }

// symbolsFor returns the symbols of the imported packages with those replaced that the scheduler knows.
func symbolsFor(imports []string) interp.Exports {
	all := interp.Exports{explore.ImportPath + "/explore": calls()}
	for _, path := range imports {
		key, table := symbolTable(path)
		if table == nil {
			continue
		}
		for name, v := range replaced(path) {
			table[name] = v
		}
		if path == "fmt" {
			all["."] = printers(table)
			key = "fmt/./fmt" // "fmt/fmt" has the interpreter compile generic packages, for 5 ms
		}
		all[key] = table
	}
	return all
}

// calls are what explore.Rewrite put into the program.
func calls() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Point": reflect.ValueOf(explore.Point), "Test": reflect.ValueOf(explore.Test),
		"At": reflect.ValueOf(explore.At), "In": reflect.ValueOf(explore.In),
		"Mark": reflect.ValueOf(explore.Mark), "Yield": reflect.ValueOf(explore.Yield),
		"Go": reflect.ValueOf(explore.Go), "Send": reflect.ValueOf(explore.Send),
		"Recv": reflect.ValueOf(explore.Recv), "Select": reflect.ValueOf(explore.Select),
		"Close": reflect.ValueOf(explore.Close), "Cap": reflect.ValueOf(explore.Cap),
		"Entry": reflect.ValueOf(explore.Entry), "Settle": reflect.ValueOf(explore.Settle),
	}
}
