// Package explore rewrites a small concurrent program so that an interpreter can run it under the scheduler.
//
// Rewrite puts a call of the scheduler (package sched, the grader's) before each step of a program: a read or a write of
// memory that goroutines share, a channel operation, a print. The operations of package sync are steps themselves there.
//
// What exploring sees is sequentially consistent interleaving of steps. Reordering by compiler or
// processor, torn values, and the clock are not in it.
package explore
