package intake

import (
	"sync"
	"time"

	"yunchou/internal/fault"
)

// MostRows are the rows an import of a serving process has at most, and RowsTogether the rows that
// all of them have in hand at the same time: of each row a run remembers what its record is called,
// 100 to 150 bytes. A run of more than that has them all to itself. The command line has a process
// of its own, and no bound.
const (
	MostRows     = 1_000_000
	RowsTogether = 750_000
)

// Load are the rows in hand.
type Load struct {
	most, together int64
	mu             sync.Mutex
	held           int64
}

// NewLoad makes a load of so many rows a run at most, and so many in hand together.
func NewLoad(most, together int64) *Load { return &Load{most: most, together: min(most, together)} }

func (l *Load) try(rows int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held+rows > l.together {
		return false
	}
	l.held += rows
	return true
}

func (l *Load) giveBack(rows int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held -= rows
}

// takeRows waits until there is room for the run's rows among those of others. Fault:
// file.too_many_rows, of more than one run may have.
func (r *Run) takeRows() (giveBack func(), err error) {
	l := r.service.Load
	if l == nil {
		return func() {}, nil
	}
	if r.total > l.most {
		return nil, fault.New(fault.Invalid, "file.too_many_rows", "at most %d; divide the file", l.most).With("max", l.most)
	}
	rows := min(r.total, l.together)
	for !l.try(rows) {
		select {
		case <-r.Ctx.Done():
			return nil, r.Ctx.Err()
		case <-time.After(time.Second / 2):
		}
		if r.opt.Progress != nil {
			r.opt.Progress(0, r.total) // it hears there whether somebody cancelled
		}
		if r.opt.Stop != nil && r.opt.Stop() {
			return nil, errStopped
		}
	}
	return func() { l.giveBack(rows) }, nil
}
