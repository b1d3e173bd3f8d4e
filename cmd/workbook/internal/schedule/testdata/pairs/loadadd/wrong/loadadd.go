package loadadd

import "sync/atomic"

type Meter struct{ n atomic.Int64 }

func (m *Meter) Tick()        { m.n.Store(m.n.Load() + 1) }
func (m *Meter) Total() int64 { return m.n.Load() }
