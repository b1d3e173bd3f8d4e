package cell

import (
	"fmt"
	"maps"
	"reflect"
	"time"

	"workbook/cmd/workbook/internal/cell/symbols"
	"workbook/cmd/workbook/internal/schedule/sched"
)

func symbolTable(path string) (string, map[string]reflect.Value) { return symbols.Table(path) }

// replaced returns the scheduler's own versions of a package's symbols.
func replaced(path string) map[string]reflect.Value {
	switch path {
	case "sync":
		return map[string]reflect.Value{
			"Mutex": typ[sched.Mutex](), "RWMutex": typ[sched.RWMutex](),
			"WaitGroup": typ[sched.WaitGroup](), "Once": typ[sched.Once](),
			"Cond": typ[sched.Cond](), "Map": typ[sched.Map](),
			"NewCond": reflect.ValueOf(sched.NewCond), "OnceFunc": reflect.ValueOf(sched.OnceFunc),
		}
	case "sync/atomic":
		all := atomicTypes()
		maps.Copy(all, atomicFuncs[int32]("Int32"))
		maps.Copy(all, atomicFuncs[int64]("Int64"))
		maps.Copy(all, atomicFuncs[uint32]("Uint32"))
		maps.Copy(all, atomicFuncs[uint64]("Uint64"))
		return all
	case "time":
		return map[string]reflect.Value{"Sleep": reflect.ValueOf(func(time.Duration) { sched.Gosched() })}
	case "runtime":
		return map[string]reflect.Value{
			"Gosched": reflect.ValueOf(sched.Gosched), "NumGoroutine": reflect.ValueOf(sched.NumGoroutine),
		}
	}
	return nil
}

// typ is how the interpreter takes a type.
func typ[T any]() reflect.Value { return reflect.ValueOf((*T)(nil)) }

func atomicTypes() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Int32": typ[atomicNumber[int32]](), "Int64": typ[atomicNumber[int64]](),
		"Uint32": typ[atomicNumber[uint32]](), "Uint64": typ[atomicNumber[uint64]](),
		"Bool": typ[atomicBool](), "Value": typ[atomicValue](),
	}
}

func atomicFuncs[T int32 | int64 | uint32 | uint64](name string) map[string]reflect.Value {
	return map[string]reflect.Value{
		"Load" + name: reflect.ValueOf(load[T]), "Store" + name: reflect.ValueOf(store[T]),
		"Add" + name: reflect.ValueOf(add[T]), "Swap" + name: reflect.ValueOf(swap[T]),
		"And" + name: reflect.ValueOf(and[T]), "Or" + name: reflect.ValueOf(or[T]),
		"CompareAndSwap" + name: reflect.ValueOf(compareAndSwap[T]),
	}
}

// printers puts the printing functions into fmt's table. It returns what tells the interpreter to
// hand them values with their String methods.
func printers(table map[string]reflect.Value) map[string]reflect.Value {
	var out sched.Output
	table["Print"] = reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fprint(out, a...) })
	table["Printf"] = reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fprintf(out, f, a...) })
	table["Println"] = reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fprintln(out, a...) })
	methods := []reflect.Type{reflect.TypeFor[fmt.Formatter](), reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer]()}
	byFunc := map[reflect.Value][]reflect.Type{}
	for _, name := range []string{"Errorf", "Fprint", "Fprintf", "Fprintln", "Print", "Printf", "Println", "Sprint", "Sprintf", "Sprintln"} {
		byFunc[table[name]] = methods
	}
	return map[string]reflect.Value{"MapTypes": reflect.ValueOf(byFunc)}
}
