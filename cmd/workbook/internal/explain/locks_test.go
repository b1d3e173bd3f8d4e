package explain

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// TestHeldAt holds what is known of locks at the calls of use, by the number given to them.
func TestHeldAt(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"between", "mu.Lock(); use(1); mu.Unlock(); use(2)", "1:mu 2:"},
		{"deferred", "mu.Lock(); defer mu.Unlock(); use(1); if ok { use(2) }", "1:mu 2:mu"},
		{"deferred literal", "mu.Lock(); defer func() { use(1); mu.Unlock() }(); use(2)", "1:mu 2:mu"},
		{"early return", "mu.Lock(); if ok { mu.Unlock(); use(1); return }; use(2); mu.Unlock()", "1: 2:mu"},
		{"released on one way", "mu.Lock(); if ok { mu.Unlock() }; use(1)", "1:"},
		{"taken on both ways", "if ok { mu.Lock() } else { mu.Lock() }; use(1)", "1:mu"},
		{"taken on one way", "if ok { mu.Lock() }; use(1)", "1:"},
		{"else", "mu.Lock(); if ok { mu.Unlock() } else { use(1); return }; use(2)", "1:mu 2:"},
		{"loop", "for ok { mu.Lock(); use(1); mu.Unlock(); use(2) }; use(3)", "1:mu 2: 3:"},
		{"condition", "mu.Lock(); for use(1) { ok = false }; mu.Unlock()", "1:mu"},
		{"range", "mu.Lock(); for range 3 { use(1) }; mu.Unlock(); use(2)", "1:mu 2:"},
		{"switch", "mu.Lock(); switch { case ok: mu.Unlock(); return; default: use(1) }; use(2)", "1:mu 2:mu"},
		{"switch released", "mu.Lock(); switch { case ok: mu.Unlock(); default: use(1) }; use(2)", "1:mu 2:"},
		{"switch tag", "mu.Lock(); switch use(1) { case true: mu.Unlock() }; use(2)", "1:mu 2:"},
		{"select", "mu.Lock(); select { case <-ch: use(1); mu.Unlock(); case ch <- 1: mu.Unlock() }; use(2)", "1:mu 2:"},
		{"read lock", "rw.RLock(); use(1); rw.RUnlock(); rw.Lock(); use(2); rw.Unlock()", "1:rw(r) 2:rw"},
		{"two", "mu.Lock(); rw.Lock(); use(1); mu.Unlock(); use(2)", "1:mu,rw 2:rw"},
		{"goroutine", "mu.Lock(); go func() { use(1) }(); use(2); mu.Unlock()", "1: 2:mu"},
		{"called literal", "mu.Lock(); func() { use(1); mu.Unlock() }(); use(2)", "1:mu 2:"},
		{"stored literal", "mu.Lock(); f := func() { use(1) }; mu.Unlock(); f()", "1:"},
		{"try", "if mu.TryLock() { use(1); mu.Unlock() }; use(2)", "1:mu 2:"},
		{"not try", "if !mu.TryLock() { use(1); return }; use(2)", "1: 2:mu"},
		{"helper", "lock(); use(1); unlock(); use(2)", "1:mu 2:"},
		{"whole helper", "whole(); use(1)", "1:"},
		{"recursive helper", "again(3); use(1)", "1:"},
		{"field", "var c struct{ m sync.Mutex }; c.m.Lock(); use(1); c.m.Unlock(); use(2)", "1:m 2:"},
		{"embedded", "var c struct{ sync.Mutex }; c.Lock(); use(1); c.Unlock(); use(2)", "1:Mutex 2:"},
		{"label", "l: mu.Lock(); use(1); if ok { mu.Unlock(); goto l }; use(2)", "1:mu 2:mu"},
		{"own locker", "s.Lock(); use(1); s.Unlock(); use(2)", "1:s 2:"},
	}
	const head = `package x
import "sync"
var ( mu sync.Mutex; rw sync.RWMutex; ok bool; ch chan int; s Spin )
type Spin struct { n int }
func (s *Spin) Lock() {}
func (s *Spin) Unlock() {}
func lock() { mu.Lock() }
func unlock() { mu.Unlock() }
func whole() { mu.Lock(); defer mu.Unlock(); again(1) }
func again(n int) { if n > 0 { again(n-1) }; lock(); unlock() }
func use(n int) bool { return ok }
func f() { `
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSource(Input{Files: map[string][]byte{"x.go": []byte(head + tt.body + "\n}\n")}})
			if got := heldAtUses(s); got != tt.want {
				t.Errorf("%s\nholds %q, want %q", tt.body, got, tt.want)
			}
		})
	}
}

func heldAtUses(s *source) string {
	var out []string
	ast.Inspect(s.files["x.go"].tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "use" {
			return true
		}
		var names []string
		for _, h := range s.heldAt(call.Pos()) {
			name := h.obj.Name()
			if h.read {
				name += "(r)"
			}
			names = append(names, name)
		}
		out = append(out, fmt.Sprintf("%s:%s", call.Args[0].(*ast.BasicLit).Value, strings.Join(names, ",")))
		return true
	})
	return strings.Join(out, " ")
}
