package explain

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
)

// check type-checks the learner's files as far as it goes. Nothing is read from disk: imported
// packages are those of known, where it is given, else the outlines below, else empty.
func (s *source) check(known *types.Package) {
	s.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits:  map[ast.Node]types.Object{},
	}
	type key struct{ dir, name string }
	groups := map[key][]*ast.File{}
	var order []key
	for _, name := range s.names {
		f := s.files[name]
		if f.tree == nil || f.tree.Name == nil {
			continue
		}
		k := key{path.Dir(name), f.tree.Name.Name}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], f.tree)
	}
	imp := newImporter(known)
	for _, k := range order {
		conf := types.Config{Importer: imp, Error: func(error) {}, FakeImportC: true}
		pkg, _ := conf.Check(k.name, s.fset, groups[k], s.info)
		for _, f := range groups[k] {
			s.pkgs[f] = pkg
		}
	}
}

// importer serves the packages that a known package imports, else outlines.
type importer map[string]*types.Package

var errNoOutline = errors.New("no outline of this package")

func newImporter(known *types.Package) importer {
	imp := importer{}
	var add func(p *types.Package)
	add = func(p *types.Package) {
		for _, i := range p.Imports() {
			if imp[i.Path()] == nil && i.Complete() {
				imp[i.Path()] = i
				add(i)
			}
		}
	}
	if known != nil {
		add(known)
	}
	return imp
}

// Import implements types.Importer.
func (imp importer) Import(name string) (*types.Package, error) {
	if p := imp[name]; p != nil {
		return p, nil
	}
	text, ok := outlines[name]
	if !ok {
		return nil, errNoOutline
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: imp, Error: func(error) {}}
	p, _ := conf.Check(name, fset, []*ast.File{f}, nil)
	imp[name] = p
	return p, nil
}

// typeText is a type as the learner writes it, "" where it could not be told.
func (s *source) typeText(t types.Type) string {
	if t == nil || t == types.Typ[types.Invalid] {
		return ""
	}
	if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
		return ""
	}
	return types.TypeString(t, func(p *types.Package) string {
		for _, own := range s.pkgs {
			if own == p {
				return ""
			}
		}
		return p.Name()
	})
}

// outlines declare what the diagnosis needs to recognise of the standard library: locks and the like.
var outlines = map[string]string{
	"sync": `package sync
type Locker interface { Lock(); Unlock() }
type Mutex struct { _ int }
func (m *Mutex) Lock()
func (m *Mutex) Unlock()
func (m *Mutex) TryLock() bool
type RWMutex struct { _ int }
func (m *RWMutex) Lock()
func (m *RWMutex) Unlock()
func (m *RWMutex) RLock()
func (m *RWMutex) RUnlock()
func (m *RWMutex) TryLock() bool
func (m *RWMutex) TryRLock() bool
func (m *RWMutex) RLocker() Locker
type WaitGroup struct { _ int }
func (w *WaitGroup) Add(n int)
func (w *WaitGroup) Done()
func (w *WaitGroup) Wait()
func (w *WaitGroup) Go(f func())
type Once struct { _ int }
func (o *Once) Do(f func())
func OnceFunc(f func()) func() { return nil }
func OnceValue[T any](f func() T) func() T { return nil }
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) { return nil }
type Cond struct { L Locker; _ int }
func NewCond(l Locker) *Cond
func (c *Cond) Wait()
func (c *Cond) Signal()
func (c *Cond) Broadcast()
type Pool struct { New func() any; _ int }
func (p *Pool) Get() any
func (p *Pool) Put(x any)
type Map struct { _ int }
func (m *Map) Load(k any) (any, bool)
func (m *Map) Store(k, v any)
func (m *Map) LoadOrStore(k, v any) (any, bool)
func (m *Map) LoadAndDelete(k any) (any, bool)
func (m *Map) Delete(k any)
func (m *Map) Swap(k, v any) (any, bool)
func (m *Map) CompareAndSwap(k, old, new any) bool
func (m *Map) CompareAndDelete(k, old any) bool
func (m *Map) Range(f func(k, v any) bool)
func (m *Map) Clear()
`,
	"sync/atomic": `package atomic
type Bool struct { _ int }
func (x *Bool) Load() bool
func (x *Bool) Store(v bool)
func (x *Bool) Swap(v bool) bool
func (x *Bool) CompareAndSwap(old, new bool) bool
` + outlineInt("Int32", "int32") + outlineInt("Int64", "int64") + outlineInt("Uint32", "uint32") + outlineInt("Uint64", "uint64") + `
type Pointer[T any] struct { _ *T }
func (x *Pointer[T]) Load() *T
func (x *Pointer[T]) Store(v *T)
func (x *Pointer[T]) Swap(v *T) *T
func (x *Pointer[T]) CompareAndSwap(old, new *T) bool
type Value struct { _ any }
func (x *Value) Load() any
func (x *Value) Store(v any)
func (x *Value) Swap(v any) any
func (x *Value) CompareAndSwap(old, new any) bool
`,
	"time": `package time
type Duration int64
const (
	Nanosecond Duration = 1
	Microsecond = 1000 * Nanosecond
	Millisecond = 1000 * Microsecond
	Second = 1000 * Millisecond
	Minute = 60 * Second
	Hour = 60 * Minute
)
type Time struct { _ int }
func Now() Time
func Since(t Time) Duration
func Sleep(d Duration)
func After(d Duration) <-chan Time
func Tick(d Duration) <-chan Time
type Timer struct { C <-chan Time }
func NewTimer(d Duration) *Timer
func AfterFunc(d Duration, f func()) *Timer
func (t *Timer) Stop() bool
func (t *Timer) Reset(d Duration) bool
type Ticker struct { C <-chan Time }
func NewTicker(d Duration) *Ticker
func (t *Ticker) Stop()
func (t *Ticker) Reset(d Duration)
`,
	"context": `package context
import "time"
type Context interface { Deadline() (time.Time, bool); Done() <-chan struct{}; Err() error; Value(key any) any }
type CancelFunc func()
type CancelCauseFunc func(error)
func Background() Context
func TODO() Context
func WithCancel(parent Context) (Context, CancelFunc)
func WithCancelCause(parent Context) (Context, CancelCauseFunc)
func WithTimeout(parent Context, d time.Duration) (Context, CancelFunc)
func WithDeadline(parent Context, t time.Time) (Context, CancelFunc)
func WithValue(parent Context, key, val any) Context
func Cause(c Context) error
`,
}

func outlineInt(name, of string) string {
	head := "func (x *" + name + ") "
	return "type " + name + " struct { _ " + of + " }\n" +
		head + "Load() " + of + "\n" + head + "Store(v " + of + ")\n" +
		head + "Add(v " + of + ") " + of + "\n" + head + "Swap(v " + of + ") " + of + "\n" +
		head + "And(v " + of + ") " + of + "\n" + head + "Or(v " + of + ") " + of + "\n" +
		head + "CompareAndSwap(old, new " + of + ") bool\n" +
		"func Add" + name + "(p *" + of + ", d " + of + ") " + of + "\n" +
		"func Load" + name + "(p *" + of + ") " + of + "\n" +
		"func Store" + name + "(p *" + of + ", v " + of + ")\n" +
		"func Swap" + name + "(p *" + of + ", v " + of + ") " + of + "\n" +
		"func CompareAndSwap" + name + "(p *" + of + ", old, new " + of + ") bool\n"
}
