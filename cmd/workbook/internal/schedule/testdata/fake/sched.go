// Package sched stands in for the runtime where a test only wants to compile what was rewritten.
package sched

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
)

type (
	Mutex     = sync.Mutex
	RWMutex   = sync.RWMutex
	Once      = sync.Once
	Cond      = sync.Cond
	WaitGroup = sync.WaitGroup
	Pool      = sync.Pool
	Map       = sync.Map
	Locker    = sync.Locker
)

type Site struct {
	File             string
	Line             int32
	Op               string
	Text, Var, Guard string
	Quiet            bool
}

func P(site int32)                                  {}
func B(site int32) bool                             { return true }
func V[T any](site int32, v T) T                    { return v }
func N[T any](site int32, v T) T                    { return v }
func W[T any](site int32, p *T)                     {}
func Start(site int32) func()                       { return func() {} }
func Go[F any](site, point int32, f F) F            { return f }
func Gosched()                                      { runtime.Gosched() }
func SynctestTest(t *testing.T, f func(*testing.T)) { synctest.Test(t, f) }
func SynctestWait()                                 { synctest.Wait() }
func Sites(first int32, table []Site)               {}
func OnReset(f func())                              {}
func Init(start func())                             { start() }
func Zero[T any](p *T)                              { var z T; *p = z }
func NewCond(l Locker) *Cond                        { return sync.NewCond(l) }
func OnceFunc(f func()) func()                      { return sync.OnceFunc(f) }
func OnceValue[T any](f func() T) func() T          { return sync.OnceValue(f) }
func OnceValues[A, B any](f func() (A, B)) func() (A, B) {
	return sync.OnceValues(f)
}

type RecvCase[T any] struct{ c <-chan T }
type SendCase[T any] struct {
	c chan<- T
	V T
}
type Case interface{ isCase() }

func (*RecvCase[T]) isCase()                        {}
func (*SendCase[T]) isCase()                        {}
func Recv[T any](c <-chan T) *RecvCase[T]           { return &RecvCase[T]{c} }
func Send[T any](c chan<- T) *SendCase[T]           { return &SendCase[T]{c: c} }
func (s *SendCase[T]) Of(v T) *SendCase[T]          { s.V = v; return s }
func (r *RecvCase[T]) C() <-chan T                  { return r.c }
func (s *SendCase[T]) C() chan<- T                  { return s.c }
func Select(site int32, hasDefault bool, c ...Case) {}
