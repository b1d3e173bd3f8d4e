package nilconfig

import "sync/atomic"

type config struct{ region string }

type Service struct {
	ready atomic.Bool
	conf  atomic.Pointer[config]
}

func (s *Service) Load(region string) {
	s.conf.Store(&config{region})
	s.ready.Store(true)
}

func (s *Service) Region() (string, bool) {
	if !s.ready.Load() {
		return "", false
	}
	return s.conf.Load().region, true
}
