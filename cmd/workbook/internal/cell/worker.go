package cell

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime/debug"

	"github.com/traefik/yaegi/interp"

	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// A job is what the worker process reads.
type job struct {
	Source  string   // as schedule.Rewrite left it
	Imports []string // of the standard library
	Limits  sched.Limits
	Once    bool // run one schedule, drawn by Seed, instead of all
	Seed    uint64
	CPU     int   // seconds of processor time
	Address int64 // bytes of address space

	sites []schedule.Site // which the program's calls name; the worker need not know
}

// A reply is what the worker process writes.
type reply struct {
	Report sched.Enumeration
	Single sched.Single // of a job that runs one schedule
	Error  string       // why there is neither
}

// schedImport is the scheduler's import path in an interpreted program.
const schedImport = "workbook/sched"

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
	main, err := function(in, schedule.MainName)
	if err != nil {
		return r, err
	}
	reset, err := function(in, schedule.ResetName)
	if err != nil {
		return r, err
	}
	if j.Once {
		r.Single, err = sched.DrawOne(j.Seed, reset, main)
		return r, err
	}
	r.Report, err = sched.Enumerate(j.Limits, reset, main)
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
	all := interp.Exports{schedImport + "/sched": calls()}
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

// calls are what schedule.Rewrite put into the program.
func calls() map[string]reflect.Value {
	return map[string]reflect.Value{
		"P": reflect.ValueOf(sched.P), "B": reflect.ValueOf(sched.B),
		"At": reflect.ValueOf(sched.At), "In": reflect.ValueOf(sched.In),
		"Mark": reflect.ValueOf(sched.Mark), "Yield": reflect.ValueOf(sched.Yield),
		"Spawn": reflect.ValueOf(sched.Spawn), "ToSend": reflect.ValueOf(sched.ToSend),
		"ToReceive": reflect.ValueOf(sched.ToReceive), "Choose": reflect.ValueOf(sched.Choose),
		"ToClose": reflect.ValueOf(sched.ToClose), "Cap": reflect.ValueOf(sched.Cap),
		"Entry": reflect.ValueOf(sched.Entry), "Settle": reflect.ValueOf(sched.Settle),
	}
}
