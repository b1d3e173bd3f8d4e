package closeselect

type Server struct{ quit chan struct{} }

func (s *Server) Stop() {
	select {
	case <-s.quit:
	default:
		close(s.quit)
	}
}
