package build

// remembered is how many programs a Builder knows something of: a few times what is built together.
const remembered = 256

// recent remembers the last entries that were put into it: at least so many, and at most twice as many, since a
// class has thousands of programs and each is built once. It is not safe for concurrent use.
type recent[V any] struct {
	least      int
	young, old map[string]V
}

func newRecent[V any](least int) *recent[V] {
	return &recent[V]{least: least, young: map[string]V{}}
}

func (r *recent[V]) put(key string, v V) {
	if len(r.young) >= r.least {
		r.young, r.old = map[string]V{}, r.young
	}
	r.young[key] = v
}

func (r *recent[V]) get(key string) (V, bool) {
	v, ok := r.young[key]
	if !ok {
		v, ok = r.old[key]
	}
	return v, ok
}
