package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"yunchou/internal/database"
)

// readiness is what /readyz answers. It is asked for without a session, so that a stranger may
// ask often: one probe serves everybody for a while.
type readiness struct {
	db *database.DB
	mu sync.Mutex
	at time.Time
	no string // why not, "" where it is
}

const (
	// probeFor is how long the answer of a probe is given.
	probeFor = 5 * time.Second
	// probeWithin is how long a probe may take.
	probeWithin = 5 * time.Second
)

// reasons are the words of each trouble; the error itself names files and is for the log.
var reasons = map[database.Trouble]string{
	database.Damaged: "database damaged", database.ReadOnly: "database read-only", database.Full: "disk full",
}

// ask probes the database, or gives the last answer.
func (r *readiness) ask(ctx context.Context) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.at.IsZero() && time.Since(r.at) < probeFor {
		return r.no
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeWithin)
	defer cancel()
	r.no = ""
	if err := r.db.Ready(ctx); err != nil {
		r.no = reasons[database.TroubleOf(err)]
		if r.no == "" {
			r.no = "database takes no writes"
		}
	}
	r.at = time.Now()
	return r.no
}

func (r *readiness) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if no := r.ask(q.Context()); no != "" {
		http.Error(w, no, http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}
