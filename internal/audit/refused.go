package audit

import (
	"context"
	"errors"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/org"
)

// Refusal is a fault as it was answered: by whom it was asked for, where that is known, at which
// route, and the answer's code and status.
type Refusal struct {
	TenantID, MemberID, Address, Route, Code string
	Status                                   int
}

// codes are those that say what failed; others are told by their status.
var codes = map[string]string{
	"org.sign_in_failed": SignInFailed, "identity.wait": SignInRefused, "org.password_wrong": PasswordFailed,
	"identity.code_wrong": FactorFailed, "identity.passkey_refused": FactorFailed, "identity.setup_token_wrong": SetUpFailed,
	org.BeyondOwnPowers: PowersRefused, "request.cross_origin": OriginRefused, "request.not_started": OriginRefused,
	"org.csrf": OriginRefused,
	// What is due first is asked for by the page itself; a full disk is nobody's doing.
	"identity.must_change_password": "", "identity.must_add_factor": "", "storage.full": "",
}

// byStatus are statuses of HTTP: forbidden, content too large, too many requests, no room.
var byStatus = map[int]string{403: PermissionRefused, 413: SizeRefused, 429: RateRefused, 507: RoomRefused}

// KindOf is what a fault is counted as, "" where it is none of the trail's.
func KindOf(code string, status int) string {
	if kind, named := codes[code]; named {
		return kind
	}
	return byStatus[status]
}

// Counted is how many failures alike there were, and when.
type Counted struct {
	Times       int
	First, Last time.Time
}

// waiting is what was counted and is not written yet. It is bounded like the rows are, so a storm
// costs an addition in memory each, and a transaction every few seconds.
type waiting struct {
	mu     sync.Mutex
	counts map[Failure]Counted // of hours: Failure.At is the hour
	rows   map[Failure]int     // by company and hour alone
}

// writeEvery is how long what was refused may wait to be written; a process that is killed loses
// that much of it.
const writeEvery = 5 * time.Second

// Refused counts a fault that was answered. It writes nothing: see Run.
func (s *Service) Refused(r Refusal) {
	kind := KindOf(r.Code, r.Status)
	if kind == "" {
		return
	}
	f := Failure{TenantID: r.TenantID, MemberID: r.MemberID, Kind: kind, Address: r.Address, At: s.Now()}
	if byStatus[r.Status] == kind || kind == OriginRefused {
		f.Route = r.Route
	}
	s.Note(f)
}

// Note counts a failure. It writes nothing: see Run.
func (s *Service) Note(f Failure) {
	at := f.At
	f.At = f.Hour()
	s.waiting.add(f, Counted{1, at, at})
}

func (w *waiting) add(f Failure, n Counted) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.counts == nil {
		w.counts, w.rows = map[Failure]Counted{}, map[Failure]int{}
	}
	hour, his := Failure{TenantID: f.TenantID, At: f.At}, Failure{TenantID: f.TenantID, MemberID: f.MemberID, At: f.At, Kind: "his"}
	if _, again := w.counts[f]; !again {
		f = f.counted(w.rows[hour], w.rows[his])
	}
	was, again := w.counts[f]
	if !again {
		w.rows[hour]++
		w.rows[his]++
		was = n
		was.Times = 0
	}
	was.Times += n.Times
	if n.First.Before(was.First) {
		was.First = n.First
	}
	if n.Last.After(was.Last) {
		was.Last = n.Last
	}
	w.counts[f] = was
}

// take takes what waits, by company.
func (w *waiting) take() map[string]map[Failure]Counted {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]map[Failure]Counted{}
	for f, n := range w.counts {
		if out[f.TenantID] == nil {
			out[f.TenantID] = map[Failure]Counted{}
		}
		out[f.TenantID][f] = n
	}
	w.counts, w.rows = nil, nil
	return out
}

// Write writes what waits, each company's in a transaction. What cannot be written waits on; of a
// company that is gone it goes.
func (s *Service) Write(ctx context.Context) error {
	var failed error
	for tenant, counts := range s.waiting.take() {
		err := s.DB.Write(ctx, func(tx database.Tx) error {
			for f, n := range counts {
				if err := s.count(ctx, tx, f, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil || tenant != nobodys && errors.Is(err, database.ErrReference) {
			continue
		}
		failed = errors.Join(failed, err)
		for f, n := range counts {
			s.waiting.add(f, n)
		}
	}
	return failed
}

// Run writes what waits every few seconds, and once more when the context ends.
func (s *Service) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeEvery)
			defer cancel()
			s.told(s.Write(last))
			return
		case <-time.After(writeEvery):
			s.told(s.Write(ctx))
		}
	}
}

func (s *Service) told(err error) {
	if err != nil {
		s.Log.Warn("what was refused is not written into the audit trail yet", "error", err)
	}
}
