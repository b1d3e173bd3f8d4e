package sched

import (
	"reflect"
	"testing"
	"unsafe"
)

// testOutput is what the test has logged. testing has no way to read it, or to drop it between
// thousands of schedules, so that the field is looked up by name and type; where a version of Go has
// none, failures have no text. With -test.v the log goes to standard output at once and is not here.
type testOutput struct {
	field *[]byte
}

func outputOf(t *testing.T) testOutput {
	f := reflect.ValueOf(t).Elem().FieldByName("output")
	if !f.IsValid() || f.Type() != reflect.TypeFor[[]byte]() {
		return testOutput{}
	}
	return testOutput{field: (*[]byte)(unsafe.Pointer(f.UnsafeAddr()))}
}

// reset and read are called between schedules, when nobody logs; a goroutine that a schedule has
// abandoned no longer runs.
//
//go:norace
func (o testOutput) reset() {
	if o.field != nil {
		*o.field = (*o.field)[:0]
	}
}

//go:norace
func (o testOutput) read() string {
	if o.field == nil {
		return ""
	}
	return string(*o.field)
}
