package sched

import (
	"sync"
	"unsafe"
)

// RWMutex is sync.RWMutex. Under the scheduler it follows the real one's algorithm, with the
// scheduler in place of its semaphores and addresses of its own for the same edges: a writer is
// ordered after all readers, readers are not ordered among themselves.
type RWMutex struct {
	real        sync.RWMutex
	readerCount int32 // less rwMaxReaders while a writer holds or waits for the readers
	readerWait  int32
	writer      bool // the real one's w is locked
	w           byte // the addresses of the edges
	readerSem   byte
	writerSem   byte
}

const rwMaxReaders = 1 << 30

// enter is the running goroutine with the scheduler locked and synchronisation hidden; g is nil,
// and nothing held, in free mode.
//
//go:norace
func (rw *RWMutex) enter() (*scheduler, *gor) {
	s := active
	if s == nil {
		return nil, nil
	}
	raceRead(unsafe.Pointer(&rw.w))
	raceDisable()
	g := s.self()
	if g == nil {
		raceEnable()
		return nil, nil
	}
	s.lk.lock()
	return s, g
}

//go:norace
func (s *scheduler) exit() {
	s.lk.unlock()
	raceEnable()
}

// RLock locks rw for reading.
//
//go:norace
func (rw *RWMutex) RLock() {
	s, g := rw.enter()
	if g == nil {
		rw.real.RLock()
		return
	}
	s.arrive(g, unsafe.Pointer(rw), waitReadLock)
	rw.readerCount++
	if rw.readerCount < 0 {
		s.block(g, unsafe.Pointer(rw), waitReadLock) // the writer grants it
	} else {
		g.take(unsafe.Pointer(rw), true)
		s.lk.unlock()
	}
	raceEnable()
	raceAcquire(unsafe.Pointer(&rw.readerSem))
}

// TryRLock tries to lock rw for reading and reports whether it succeeded.
//
//go:norace
func (rw *RWMutex) TryRLock() bool {
	s, g := rw.enter()
	if g == nil {
		return rw.real.TryRLock()
	}
	s.arrive(g, nil, waitNothing)
	if rw.readerCount < 0 {
		s.exit()
		return false
	}
	rw.readerCount++
	g.take(unsafe.Pointer(rw), true)
	s.exit()
	raceAcquire(unsafe.Pointer(&rw.readerSem))
	return true
}

// RUnlock undoes a single RLock call.
//
//go:norace
func (rw *RWMutex) RUnlock() {
	if active != nil {
		raceReleaseMerge(unsafe.Pointer(&rw.writerSem))
	}
	s, g := rw.enter()
	if g == nil {
		rw.real.RUnlock()
		return
	}
	rw.readerCount--
	if r := rw.readerCount; r < 0 {
		if r+1 == 0 || r+1 == -rwMaxReaders {
			s.fatal(g, "fatal error: sync: RUnlock of unlocked RWMutex")
		}
		rw.readerWait--
		if rw.readerWait == 0 {
			s.grant(unsafe.Pointer(rw), waitReaders)
		}
	}
	s.drop(g, unsafe.Pointer(rw))
	s.exit()
}

// Lock locks rw for writing.
//
//go:norace
func (rw *RWMutex) Lock() {
	s, g := rw.enter()
	if g == nil {
		rw.real.Lock()
		return
	}
	s.arrive(g, unsafe.Pointer(rw), waitWriter)
	for rw.writer {
		s.block(g, unsafe.Pointer(rw), waitWriter)
		s.lk.lock()
	}
	rw.writer = true
	r := rw.readerCount
	rw.readerCount -= rwMaxReaders
	if r != 0 {
		rw.readerWait += r
	}
	if r != 0 && rw.readerWait != 0 {
		s.block(g, unsafe.Pointer(rw), waitReaders)
	} else {
		g.take(unsafe.Pointer(rw), false)
		s.lk.unlock()
	}
	raceEnable()
	raceAcquire(unsafe.Pointer(&rw.readerSem))
	raceAcquire(unsafe.Pointer(&rw.writerSem))
}

// TryLock tries to lock rw for writing and reports whether it succeeded.
//
//go:norace
func (rw *RWMutex) TryLock() bool {
	s, g := rw.enter()
	if g == nil {
		return rw.real.TryLock()
	}
	s.arrive(g, nil, waitNothing)
	if rw.writer || rw.readerCount != 0 {
		s.exit()
		return false
	}
	rw.writer = true
	rw.readerCount -= rwMaxReaders
	g.take(unsafe.Pointer(rw), false)
	s.exit()
	raceAcquire(unsafe.Pointer(&rw.readerSem))
	raceAcquire(unsafe.Pointer(&rw.writerSem))
	return true
}

// Unlock unlocks rw for writing. The readers that wait have the lock from now on; after them the
// writers compete.
//
//go:norace
func (rw *RWMutex) Unlock() {
	if active != nil {
		raceRelease(unsafe.Pointer(&rw.readerSem))
	}
	s, g := rw.enter()
	if g == nil {
		rw.real.Unlock()
		return
	}
	rw.readerCount += rwMaxReaders
	if rw.readerCount >= rwMaxReaders {
		s.fatal(g, "fatal error: sync: Unlock of unlocked RWMutex")
	}
	rw.writer = false
	s.drop(g, unsafe.Pointer(rw))
	s.grant(unsafe.Pointer(rw), waitReadLock)
	for i := 0; i < s.n; i++ {
		if w := s.gs[i]; w.state == blocked && w.obj == unsafe.Pointer(rw) && w.waits == waitWriter {
			s.ready(w)
		}
	}
	s.exit()
}

// grant gives a lock to all goroutines that wait for it in one way.
//
//go:norace
func (s *scheduler) grant(obj unsafe.Pointer, waits uint8) {
	for i := 0; i < s.n; i++ {
		if w := s.gs[i]; w.state == blocked && w.obj == obj && w.waits == waits {
			w.take(obj, waits == waitReadLock)
			s.ready(w)
		}
	}
}

// RLocker returns a Locker that implements Lock and Unlock by calling rw.RLock and rw.RUnlock.
func (rw *RWMutex) RLocker() Locker { return (*rlocker)(rw) }

type rlocker RWMutex

//go:norace
func (r *rlocker) Lock() { (*RWMutex)(r).RLock() }

//go:norace
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }
