package database

import (
	"maps"
	"sync"
)

// Moves is what journals were added to since somebody last asked: by company the highest number. It
// is told after the commit, by whichever process wrote; what is lost on the way a poll finds.
type Moves struct {
	// C receives where there is something to take.
	C <-chan struct{}

	c      chan struct{}
	db     *DB
	id     int
	mu     sync.Mutex
	to     map[string]Seq
	missed bool
}

// Moves begins to collect; Stop ends it.
func (db *DB) Moves() *Moves {
	db.wakeMu.Lock()
	defer db.wakeMu.Unlock()
	c := make(chan struct{}, 1)
	m := &Moves{C: c, c: c, db: db, id: db.nextID, to: map[string]Seq{}}
	db.nextID++
	db.moves[m.id] = m
	return m
}

// Take returns what moved since it was last asked. missed tells that more may have: the database was
// not listened to for a time.
func (m *Moves) Take() (to map[string]Seq, missed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	to, missed = m.to, m.missed
	m.to, m.missed = map[string]Seq{}, false
	return to, missed
}

// Stop ends the collecting.
func (m *Moves) Stop() {
	m.db.wakeMu.Lock()
	defer m.db.wakeMu.Unlock()
	delete(m.db.moves, m.id)
}

func (m *Moves) add(to map[string]Seq, missed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.missed = m.missed || missed
	highest(m.to, to)
	select {
	case m.c <- struct{}{}:
	default:
	}
}

// highest keeps the higher number of each company.
func highest(into, more map[string]Seq) {
	for tenant, seq := range more {
		into[tenant] = max(into[tenant], seq)
	}
}

// moved tells who follows the journal here that others may see more of it.
func (db *DB) moved(to map[string]Seq, missed bool) {
	if len(to) == 0 && !missed {
		return
	}
	db.wakeMu.Lock()
	all := maps.Clone(db.moves)
	db.wakeMu.Unlock()
	for _, m := range all {
		m.add(to, missed)
	}
}

// wrote tells what a commit of this process added, here and to other processes.
func (db *DB) wrote(to map[string]Seq) {
	db.notify()
	db.moved(to, false)
	if len(to) > 0 {
		db.tell(to)
	}
}
