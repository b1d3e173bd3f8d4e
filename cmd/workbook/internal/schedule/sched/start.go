package sched

import (
	"os"
	"reflect"
)

// Start names the running goroutine by the go statement that started it. It is called as
// `defer Start(site)()`, first thing in the goroutine: the function it returns records the
// goroutine's end, and its panic.
//
//go:norace
func Start(site int32) func() {
	if s := active; s != nil {
		if s.begin(site, nil) != nil {
			return endGoroutine
		}
	}
	return nothing
}

func nothing() {}

// Go makes f, a function that a go statement names, begin as a goroutine of the schedule: Start with
// the statement's site and then, if point is a site, a scheduling point, since f has none of its own.
func Go[F any](site, point int32, f F) F {
	if active == nil {
		return f
	}
	return begun(site, point, f).(F)
}

// begun is Go for a function of any type.
func begun(site, point int32, f any) any {
	begin := func() func() {
		end := Start(site)
		if point > 0 {
			P(point)
		}
		return end
	}
	if f, ok := f.(func()); ok && f != nil {
		return func() {
			defer begin()()
			f()
		}
	}
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return f
	}
	call := v.Call
	if v.Type().IsVariadic() {
		call = v.CallSlice
	}
	return reflect.MakeFunc(v.Type(), func(args []reflect.Value) []reflect.Value {
		defer begin()()
		return call(args)
	}).Interface()
}

// EnvVar names the environment variable that the parent sets, to any value, for a process that is
// going to explore or replay: package initialisation is then left to the first schedule, since what
// its goroutines block on has to belong to a bubble.
const EnvVar = "WORKBOOK_SCHEDULE"

// Init runs a package's init functions, unless the process is going to explore. Generated files call
// it in the order of initialisation.
func Init(start func()) {
	if os.Getenv(EnvVar) == "" {
		table.mu.Lock()
		table.started = true
		table.mu.Unlock()
		start()
	}
}

// Starts reports whether a go statement that the initial value of a variable leads to is to start its goroutine: in a
// process that is going to explore, not before the first reset.
//
//go:norace
func Starts() bool { return table.reset || os.Getenv(EnvVar) == "" }

// OnReset registers a function that gives a package's variables their initial values. Registered
// functions run in the order of registration at the start of every schedule; goroutines that they
// start may outlive the test without being a leak.
func OnReset(f func()) {
	table.mu.Lock()
	defer table.mu.Unlock()
	table.resets = append(table.resets, f)
}

// Zero gives a variable its zero value.
func Zero[T any](p *T) {
	var zero T
	*p = zero
}
