package outgoing

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/timetable"
)

// Job is the work of sending, of each company.
const Job = "outgoing.send"

// Handlers is what the timetable does: it is hastened as soon as something is to be sent.
func (s *Service) Handlers() map[string]timetable.Handler {
	return map[string]timetable.Handler{Job: {Every: time.Minute, Do: s.send}}
}

// Bounds of sending.
const (
	together = 100            // rows that are looked at together
	patience = 24 * time.Hour // from the first try on
	mostSure = 2              // times a message is handed over without an answer

)

// leastPause is how long a message is left alone after its first try.
var leastPause = 30 * time.Second

// mailRate is how many mails of a company go in a minute.
var mailRate = 60

// send sends what is due. Ways do not wait for each other: a mail server that hangs holds no robot up.
func (s *Service) send(ctx context.Context, j *timetable.Job) error {
	if err := s.digests(ctx, j.TenantID); err != nil {
		return err
	}
	var robots []Robot
	var set Setting
	err := s.DB.Read(ctx, func(tx database.Tx) (err error) {
		if set, err = s.Rows.Setting(ctx, tx, j.TenantID); err != nil {
			return err
		}
		robots, err = s.Rows.Robots(ctx, tx, j.TenantID)
		return err
	})
	if err != nil {
		return err
	}
	errs := make([]error, len(robots)+1)
	var busy sync.WaitGroup
	busy.Go(func() { errs[len(robots)] = s.again(ctx, func() (bool, error) { return s.mails(ctx, j, set) }) })
	for i, r := range robots {
		busy.Go(func() { errs[i] = s.again(ctx, func() (bool, error) { return s.says(ctx, j, set, r) }) })
	}
	busy.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// again passes until there is nothing to do now.
func (s *Service) again(ctx context.Context, pass func() (bool, error)) error {
	for {
		more, err := pass()
		if err != nil || !more || ctx.Err() != nil {
			return err
		}
	}
}

// due are the rows of a way that may be handed over now, and whether there may be more.
func (s *Service) due(ctx context.Context, tenant, team string, rate int) (due []Message, more bool, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		begun, err := s.Rows.Begun(ctx, tx, tenant, team, s.Now().Add(-time.Minute))
		if err != nil || begun >= rate {
			return err
		}
		most := together
		if team == "" {
			most = min(together, rate-begun)
		}
		due, err = s.Rows.Due(ctx, tx, tenant, team, s.Now(), most)
		more = len(due) == most
		return err
	})
	return due, more, err
}

// mails sends some of what is due by mail; more tells that there is more that may go now.
func (s *Service) mails(ctx context.Context, j *timetable.Job, set Setting) (more bool, err error) {
	due, more, err := s.due(ctx, j.TenantID, "", mailRate)
	if err != nil || len(due) == 0 {
		return false, err
	}
	var by Carrier
	defer func() {
		if by != nil {
			by.Close()
		}
	}()
	for i, m := range due {
		mail, ready, err := s.mailOf(ctx, j.TenantID, set, m)
		if err != nil || ctx.Err() != nil {
			return false, err
		}
		if !ready {
			continue
		}
		if by == nil {
			var r Result
			if by, r = s.open(ctx, j.TenantID, set); r.Outcome != Taken {
				return false, s.postpone(ctx, j.TenantID, due[i:], r)
			}
		}
		began, err := s.begin(ctx, j, m)
		if err != nil {
			return false, err
		}
		if len(began) == 0 {
			continue
		}
		r := by.Send(ctx, mail)
		if err := s.end(ctx, j.TenantID, began, r); err != nil {
			return false, err
		}
		if r.Outcome == Unsure || r.Outcome == Later {
			by.Close()
			by = nil
		}
	}
	return more, nil
}

func (s *Service) open(ctx context.Context, tenant string, set Setting) (Carrier, Result) {
	to, err := s.server(tenant, set)
	if err != nil {
		return nil, failure(err)
	}
	return s.Post.Open(ctx, to)
}

// begin notes under the lease that messages are handed over now; those that are as they were read are returned.
func (s *Service) begin(ctx context.Context, j *timetable.Job, list ...Message) ([]Message, error) {
	at := s.Now()
	return database.Write(ctx, s.DB, func(tx database.Tx) (began []Message, err error) {
		now := at
		if err := j.Hold(ctx, tx); err != nil {
			return nil, err
		}
		for _, m := range list {
			is, err := s.Rows.Begin(ctx, tx, j.TenantID, m, now)
			if err != nil {
				return nil, err
			}
			if is {
				m.Attempts, m.Unsure, m.BegunAt = m.Attempts+1, m.Unsure+1, &now
				if m.TriedAt == nil {
					m.TriedAt = &now
				}
				began = append(began, m)
			}
		}
		return began, nil
	})
}

// end writes how handing messages over ended. It is written though the process stops.
func (s *Service) end(ctx context.Context, tenant string, list []Message, r Result) error {
	ctx = context.WithoutCancel(ctx)
	now := s.Now()
	outcome := map[Outcome]string{Taken: "sent", Later: "later", Refused: "refused", Unsure: "unsure"}[r.Outcome]
	for _, m := range list {
		s.Ended.Add(m.Way+" "+outcome, 1)
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		for _, m := range list {
			if err := s.Rows.Save(ctx, tx, tenant, Queued, m.after(r, now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// postpone ends tries that came to nothing: no way to the other side.
func (s *Service) postpone(ctx context.Context, tenant string, list []Message, r Result) error {
	now := s.Now()
	r.Outcome = Later // the messages are not at fault
	for i := range list {
		list[i].Unsure++ // which after takes back: nothing was handed over
		if list[i].TriedAt == nil {
			list[i].TriedAt = &now
		}
	}
	return s.end(ctx, tenant, list, r)
}

// after is a message that was handed over, as it stands then.
func (m Message) after(r Result, now time.Time) Message {
	m.Code, m.Answer = r.Code, r.Answer
	if r.Outcome != Unsure {
		m.Unsure--
	}
	switch {
	case r.Outcome == Taken:
		m.State, m.Code, m.Answer = Sent, "", ""
	case r.Outcome == Refused:
		m.State = Failed
	case m.Unsure >= mostSure:
		m.State, m.Code = GivenUp, NotSure
	case now.Sub(*m.TriedAt) >= patience:
		m.State = GivenUp
	default:
		m.DueAt = now.Add(max(pause(now.Sub(*m.TriedAt)), r.Pause))
		return m
	}
	m.EndedAt = &now
	return m
}

// pause is how long a message is left alone: as long as it has been tried, so that it doubles each time, and not all
// at the same moment.
func pause(tried time.Duration) time.Duration {
	d := min(time.Hour, max(leastPause, tried))
	return d + time.Duration(rand.Int64N(int64(d/4)))
}

// withdraw ends a message that is not sent.
func (s *Service) withdraw(ctx context.Context, tenant string, m Message, code string) error {
	now := s.Now()
	m.State, m.Code, m.Answer, m.EndedAt = Withdrawn, code, "", &now
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Save(ctx, tx, tenant, Queued, m) })
}

// wait has a message wait for the end of the quiet time, which takes nothing of the patience there is with it.
func (s *Service) wait(ctx context.Context, tenant string, m Message, until time.Time) error {
	m.DueAt = until
	if m.TriedAt != nil {
		tried := m.TriedAt.Add(until.Sub(s.Now()))
		m.TriedAt = &tried
	}
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Rows.Save(ctx, tx, tenant, Queued, m) })
}
