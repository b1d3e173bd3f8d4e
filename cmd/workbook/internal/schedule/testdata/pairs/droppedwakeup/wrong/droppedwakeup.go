package droppedwakeup

import "sync"

type Worker struct {
	mu    sync.Mutex
	todo  []int
	awake chan struct{}
	Done  chan int
}

func NewWorker() *Worker {
	w := &Worker{awake: make(chan struct{}), Done: make(chan int)}
	go w.loop()
	return w
}

func (w *Worker) Add(n int) {
	w.mu.Lock()
	w.todo = append(w.todo, n)
	w.mu.Unlock()
	select {
	case w.awake <- struct{}{}:
	default:
	}
}

func (w *Worker) loop() {
	<-w.awake
	w.mu.Lock()
	n := w.todo[0]
	w.mu.Unlock()
	w.Done <- n
}
