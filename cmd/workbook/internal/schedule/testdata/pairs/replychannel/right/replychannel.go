package replychannel

type question struct {
	n      int
	answer chan int
}

type Server struct {
	questions chan question
	quit      chan struct{}
}

func Serve() *Server {
	s := &Server{make(chan question), make(chan struct{})}
	go func() {
		for {
			select {
			case q := <-s.questions:
				q.answer <- q.n * q.n
			case <-s.quit:
				return
			}
		}
	}()
	return s
}

// Ask gives up when impatient is closed; the answer has room even so.
func (s *Server) Ask(n int, impatient <-chan struct{}) (int, bool) {
	q := question{n, make(chan int, 1)}
	s.questions <- q
	select {
	case n := <-q.answer:
		return n, true
	case <-impatient:
		return 0, false
	}
}

func (s *Server) Stop() { close(s.quit) }
