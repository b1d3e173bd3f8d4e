package requestid_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"workbook/solutions/goroutine-identity/requestid"
	"workbook/solutions/kit"
)

func TestOneGoroutine(t *testing.T) {
	root := context.Background()
	if got := requestid.ID(root); got != "" {
		t.Errorf("the ID of a context that WithID has not seen is %q, want \"\"", got)
	}
	a := requestid.WithID(root, "a")
	b := requestid.WithID(root, "b")
	inner := requestid.WithID(a, "inner")
	for _, c := range []struct {
		what string
		ctx  context.Context
		want string
	}{
		{`WithID(root, "a")`, a, "a"},
		{`WithID(root, "b")`, b, "b"},
		{`WithID(a, "inner")`, inner, "inner"},
		{`WithID(a, "")`, requestid.WithID(a, ""), ""},
		{"root, from which the others were made,", root, ""},
	} {
		if got := requestid.ID(c.ctx); got != c.want {
			t.Errorf("the ID of %s is %q, want %q: each context has its own", c.what, got, c.want)
		}
	}
}

// mark is a key of the test's.
type mark struct{}

func TestDerivedContext(t *testing.T) {
	ctx := requestid.WithID(context.WithValue(context.Background(), mark{}, "kept"), "a")
	child, cancel := context.WithCancel(ctx)
	defer cancel()
	if got := requestid.ID(child); got != "a" {
		t.Errorf("context.WithCancel was called with a context of the ID \"a\", and the ID of its result is %q: the ID must go along", got)
	}
	if got := ctx.Value(mark{}); got != "kept" {
		t.Errorf("a value that was in the context before WithID is %v after it, want %q", got, "kept")
	}
}

// listener is a context that hears which keys are asked for.
type listener struct {
	context.Context
	heard func(key any)
}

func (l listener) Value(key any) any {
	l.heard(key)
	return l.Context.Value(key)
}

// TestForeignKey asks what keys ID looks for, and whether another package could use the same.
func TestForeignKey(t *testing.T) {
	var keys []any
	requestid.ID(listener{context.Background(), func(key any) { keys = append(keys, key) }})
	for _, key := range keys {
		if !open(key) {
			continue
		}
		ctx := context.WithValue(requestid.WithID(context.Background(), "ours"), key, "theirs")
		if got := requestid.ID(ctx); got != "ours" {
			t.Errorf("another package's key %#v replaced yours, and the ID became %q: everybody can make a key of type %T", key, got, key)
		}
	}
}

// open reports whether any package can make a key that equals this one.
func open(key any) bool {
	typ := reflect.TypeOf(key)
	if typ == nil {
		return true
	}
	switch typ.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return false // equal to itself only
	}
	return typ.PkgPath() == ""
}

func TestParts(t *testing.T) {
	var seen [2]string
	var calls atomic.Int64
	part := func(i int) func(context.Context) {
		return func(ctx context.Context) {
			seen[i] = requestid.ID(ctx)
			calls.Add(1)
		}
	}
	requestid.Handle(requestid.WithID(context.Background(), "a"), []func(context.Context){part(0), part(1)})
	if got := calls.Load(); got != 2 {
		t.Fatalf("Handle was given 2 parts and had made %d calls of parts when it returned", got)
	}
	for i, got := range seen {
		checkID(t, "a", i, got)
	}
	requestid.Handle(context.Background(), nil)
}

// run calls Handle, and then waits for the parts itself: that Handle does is for TestHandleWaits.
func run(ctx context.Context, parts ...func(context.Context)) {
	var wg sync.WaitGroup
	wg.Add(len(parts))
	watched := make([]func(context.Context), len(parts))
	for i, part := range parts {
		watched[i] = func(ctx context.Context) {
			defer wg.Done()
			part(ctx)
		}
	}
	requestid.Handle(ctx, watched)
	wg.Wait()
}

// checkID compares the ID that a part has found with its request's.
func checkID(t *testing.T, want string, part int, got string) {
	switch got {
	case want:
	case "":
		t.Errorf("part %d of request %q found no ID: it runs on another goroutine than WithID did, and only its context comes along", part, want)
	default:
		t.Errorf("part %d of request %q found the ID %q: the requests are mixed up", part, want, got)
	}
}

// TestTwoRequests lets no part look for its ID before the parts of both requests are at work.
func TestTwoRequests(t *testing.T) {
	meet := kit.NewOverlap(4, "parts")
	var seen [2][2]string
	kit.Each(2, func(r int) {
		part := func(i int) func(context.Context) {
			return func(ctx context.Context) {
				meet.Inside()
				seen[r][i] = requestid.ID(ctx)
			}
		}
		ctx := requestid.WithID(context.Background(), name(r))
		run(ctx, part(0), part(1))
	})
	for r := range seen {
		for i, got := range seen[r] {
			checkID(t, name(r), i, got)
		}
	}
}

func name(request int) string { return fmt.Sprintf("r%d", request) }

func TestPartsOverlap(t *testing.T) {
	meet := kit.NewOverlap(3, "parts")
	part := func(context.Context) { meet.Inside() }
	run(context.Background(), part, part, part)
	if err := meet.Err(); err != nil {
		t.Error(err)
	}
}

// TestGoroutineOfPart asks in a goroutine that a part has started.
func TestGoroutineOfPart(t *testing.T) {
	var got string
	run(requestid.WithID(context.Background(), "a"), func(ctx context.Context) {
		kit.Together(func() { got = requestid.ID(ctx) })
	})
	if got != "a" {
		t.Errorf("a part of request \"a\" started a goroutine and gave it its context, and there the ID is %q", got)
	}
}

func TestCancelReachesParts(t *testing.T) {
	ctx, cancel := context.WithCancel(requestid.WithID(context.WithValue(context.Background(), mark{}, "kept"), "a"))
	defer cancel()
	var ended bool
	var kept any
	run(ctx, func(ctx context.Context) {
		cancel()
		ended = ctx.Err() != nil
		kept = ctx.Value(mark{})
	})
	if !ended {
		t.Errorf("the request's context was cancelled, and the part's context does not know: it was not made from the one given to Handle")
	}
	if kept != "kept" {
		t.Errorf("a value in the context given to Handle is %v in the part's context, want %q", kept, "kept")
	}
}

// TestOthersGoOn has a part look at its context when the other one has returned.
func TestOthersGoOn(t *testing.T) {
	over := make(chan struct{})
	run(requestid.WithID(context.Background(), "a"),
		func(context.Context) { close(over) },
		func(ctx context.Context) {
			<-over
			for range 3 {
				runtime.Gosched() // whoever called the first part may go on
			}
			if ctx.Err() != nil {
				t.Errorf("one part had returned, and the context of another one ended with it: it must end when the context given to Handle ends")
			}
		},
	)
}

func TestHandleWaits(t *testing.T) {
	checkWaits(t, 2, 1)
}

// checkWaits lets n parts go through some steps, and wants all to be over when Handle returns.
func checkWaits(t *testing.T, n int64, steps int) {
	var done atomic.Int64
	parts := make([]func(context.Context), n)
	for i := range parts {
		parts[i] = func(context.Context) {
			for range steps {
				runtime.Gosched()
			}
			done.Add(1)
		}
	}
	requestid.Handle(context.Background(), parts)
	if got := done.Load(); got < n {
		t.Errorf("Handle returned while %d of %d parts were not done", n-got, n)
	}
}

func TestStressHandleWaits(t *testing.T) {
	for range 200 {
		checkWaits(t, 8, 20)
		if t.Failed() {
			return
		}
	}
}

func TestStressRequests(t *testing.T) {
	for range 5 {
		var seen [100][3]string
		kit.Each(len(seen), func(r int) {
			parts := make([]func(context.Context), 3)
			for i := range parts {
				parts[i] = func(ctx context.Context) {
					runtime.Gosched()
					seen[r][i] = requestid.ID(ctx)
				}
			}
			run(requestid.WithID(context.Background(), name(r)), parts...)
		})
		for r := range seen {
			for i, got := range seen[r] {
				checkID(t, name(r), i, got)
				if t.Failed() {
					return
				}
			}
		}
	}
}
