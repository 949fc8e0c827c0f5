package engine

import "unsafe"

// key is what deals are counted by. A hash may leave parts of the key out: equality
// decides, and keys alike only lie beside one another.
type key interface {
	comparable
	hash() uint64
}

// table counts by key: open addressing in one run of memory, which a scan visits a few
// million times and the runtime's maps would take most of its time for.
type table[K key] struct {
	slots []slot[K] // two to the power of 64 - shift
	shift int
	used  int
	last  int // where the last key was: neighbours are often alike
}

type slot[K key] struct {
	key  K
	full bool
	total
}

func newTable[K key]() *table[K] { return &table[K]{slots: make([]slot[K], 8), shift: 61} }

// at is the counter of a key, good until the next call.
func (t *table[K]) at(k K) *total {
	if s := &t.slots[t.last]; s.full && s.key == k {
		return &s.total
	}
	if 4*t.used >= 3*len(t.slots) {
		t.grow()
	}
	i := t.find(k)
	s := &t.slots[i]
	if !s.full {
		s.key, s.full = k, true
		t.used++
	}
	t.last = i
	return &s.total
}

// find is the slot a key is in, or would be.
func (t *table[K]) find(k K) int {
	mask := len(t.slots) - 1
	// Days and numbers that run together would lie together: two multiplications, with
	// the high half folded in between, make every bit of the slot depend on every bit.
	h := k.hash() * 0x9e3779b97f4a7c15
	h = (h ^ h>>32) * 0xd6e8feb86659fd93
	for i := int(h >> t.shift); ; i = (i + 1) & mask {
		if s := &t.slots[i]; !s.full || s.key == k {
			return i
		}
	}
}

func (t *table[K]) grow() {
	old := t.slots
	t.slots, t.shift = make([]slot[K], 2*len(old)), t.shift-1
	for i := range old {
		if old[i].full {
			t.slots[t.find(old[i].key)] = old[i]
		}
	}
	t.last = 0
}

// all calls do with every key that counts anything, and its counter.
func (t *table[K]) all(do func(k K, sum *total)) {
	for i := range t.slots {
		if s := &t.slots[i]; s.n != 0 {
			do(s.key, &s.total)
		}
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (t *table[K]) add(o *table[K]) { o.all(func(k K, sum *total) { t.at(k).merge(sum) }) }

func (t *table[K]) take(o *table[K]) { o.all(func(k K, sum *total) { t.at(k).less(sum) }) }

func (t *table[K]) size() int { return len(t.slots) * int(unsafe.Sizeof(slot[K]{})) }
