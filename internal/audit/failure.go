package audit

import (
	"context"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Failure is something that failed or was refused, and so changed nothing. What was typed is no
// part of it: a name may be a password in the wrong field.
type Failure struct {
	TenantID string // "" of a name nobody has
	MemberID string // whose sign-in, or who asked; "" for nobody's
	Kind     string
	Address  string
	At       time.Time
}

// The kinds of failures.
const (
	SignInFailed   = "sign_in.failed"
	SignInRefused  = "sign_in.refused" // by the limits
	PasswordFailed = "password.failed" // the present one, said by who is signed in
	FactorFailed   = "factor.failed"   // the password was right
	PowersRefused  = "powers.refused"  // org.beyond_own_powers
)

// outcomes are what became of them.
var outcomes = map[string]string{SignInFailed: Failed, SignInRefused: Refused, PasswordFailed: Failed, FactorFailed: Failed, PowersRefused: Refused}

// OutcomeOf is what became of an act of a kind.
func OutcomeOf(kind string) string {
	if o := outcomes[kind]; o != "" {
		return o
	}
	return Done
}

// FailedKinds are the kinds of an outcome, or all of them.
func FailedKinds(outcome string) (out []string) {
	for kind, o := range outcomes {
		if outcome == "" || o == outcome {
			out = append(out, kind)
		}
	}
	return out
}

const (
	nobodys = "" // the company of a name nobody has
	// mostAnHour bounds the rows strangers can make: what comes from more addresses in an hour is
	// counted together. A year of it without a pause is below a million rows.
	mostAnHour = 100
	// nobodysDays is how long what concerns no member is kept.
	nobodysDays = 90
)

// Fail counts a failure within a transaction that may hold nothing else.
func (s *Service) Fail(ctx context.Context, tx database.Tx, f Failure) error {
	again, err := s.Rows.CountAgain(ctx, tx, f)
	if err != nil || again {
		return err
	}
	n, err := s.Rows.InHour(ctx, tx, f)
	if err != nil {
		return err
	}
	if n >= mostAnHour {
		f.MemberID, f.Address = "", ""
	}
	return s.Rows.Count(ctx, tx, f)
}

// Note is Fail in a transaction of its own.
func (s *Service) Note(ctx context.Context, f Failure) error {
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.Fail(ctx, tx, f) })
}

// Policy is how long addresses and failures are kept; entries of the journal stay.
type Policy struct{ KeepDays, Version int }

// DefaultPolicy is a year. Six months is what China's Cybersecurity Law (article 21) asks of logs
// of a network, and the least a company may choose.
var DefaultPolicy = Policy{KeepDays: 365, Version: 1}

const minKeepDays, maxKeepDays = 180, 3650

// Policy returns the company's.
func (s *Service) Policy(ctx context.Context, a org.Actor) (p Policy, err error) {
	if err := a.Need(org.AuditRead); err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		p, err = s.Rows.Policy(ctx, tx, a.TenantID)
		return err
	})
	return p, err
}

// SavePolicy changes it. Faults: input.out_of_range, record.stale.
func (s *Service) SavePolicy(ctx context.Context, a org.Actor, p Policy) error {
	if err := a.Need(org.SettingsEdit); err != nil {
		return err
	}
	if p.KeepDays < minKeepDays || p.KeepDays > maxKeepDays {
		return fault.Input("/keepDays", "input.out_of_range", "between %d and %d days", minKeepDays, maxKeepDays).
			With("min", minKeepDays).With("max", maxKeepDays)
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := tx.Alone(ctx, "audit policy "+a.TenantID); err != nil {
			return err
		}
		was, err := s.Rows.Policy(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		if err := a.HasRead(was.Version); err != nil {
			return err
		}
		journal.Append(tx, a.By(), policySaved(a.TenantID, a.Today, PolicySaved{org.Was[int]{Old: was.KeepDays, New: p.KeepDays}}))
		return s.Rows.SavePolicy(ctx, tx, a.TenantID, Policy{p.KeepDays, was.Version + 1})
	})
}

// Purge forgets a company's addresses and failures that are older than it says, and what concerns
// no company.
func (s *Service) Purge(ctx context.Context, tenant string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		p, err := s.Rows.Policy(ctx, tx, tenant)
		if err != nil {
			return err
		}
		before := s.Now().AddDate(0, 0, -p.KeepDays)
		if err := journal.ForgetAddresses(ctx, tx, tenant, before); err != nil {
			return err
		}
		if err := s.Rows.Forget(ctx, tx, tenant, before); err != nil {
			return err
		}
		return s.Rows.Forget(ctx, tx, nobodys, s.Now().AddDate(0, 0, -nobodysDays))
	})
}

// NewID is one for a row.
func (f Failure) NewID() string { return record.NewID(f.At) }

// By is who it was, "" where somebody tried to sign in: whose name he said does not say who.
func (f Failure) By() string {
	if f.Kind == PasswordFailed || f.Kind == PowersRefused {
		return f.MemberID
	}
	return ""
}

// Hour is when the failure is counted.
func (f Failure) Hour() time.Time { return f.At.UTC().Truncate(time.Hour) }
