package audit

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Failure is something that failed or was refused, and so changed nothing. What was typed is no
// part of it: a name may be a password in the wrong field.
type Failure struct {
	TenantID string // "" of what concerns no company: a name nobody has, who is not known yet
	MemberID string // whose sign-in, or who asked; "" for nobody's
	Kind     string
	Route    string // the pattern of what was asked for: "GET /api/accounts/{id}"; "" where it says nothing
	Address  string
	At       time.Time
}

// The kinds of failures.
const (
	SignInFailed      = "sign_in.failed"
	SignInRefused     = "sign_in.refused" // by the limits
	PasswordFailed    = "password.failed" // the present one, said by who is signed in
	FactorFailed      = "factor.failed"   // a second factor, or a passkey
	PowersRefused     = "powers.refused"  // org.beyond_own_powers
	PermissionRefused = "permission.refused"
	OriginRefused     = "origin.refused" // sent from another site, or without the page's token
	SetUpFailed       = "setup.failed"   // a token of the start nobody was given
	SizeRefused       = "limit.size"     // more than anybody may send
	RateRefused       = "limit.rate"     // more often than anybody may
	RoomRefused       = "limit.room"     // more than there is room for
	BackupFailed      = "backup.failed"
)

// outcomes are what became of them.
var outcomes = map[string]string{SignInFailed: Failed, SignInRefused: Refused, PasswordFailed: Failed, FactorFailed: Failed,
	PowersRefused: Refused, PermissionRefused: Refused, OriginRefused: Refused, SetUpFailed: Failed, SizeRefused: Refused,
	RateRefused: Refused, RoomRefused: Refused, BackupFailed: Failed}

// OutcomeOf is what became of an act of a kind.
func OutcomeOf(kind string) string {
	if o := outcomes[kind]; o != "" {
		return o
	}
	return Done
}

// atSignIn are the kinds that are about somebody's sign-in, which he is told of himself.
var atSignIn = []string{SignInFailed, SignInRefused, PasswordFailed, FactorFailed}

// Failures are the kinds of failures a question is about, nil for all of them.
func (q Query) Failures() []string {
	if q.Kind == "" && q.Outcome == "" && !q.own {
		return nil
	}
	out := []string{}
	for kind, outcome := range outcomes {
		if (q.Kind == "" || q.Kind == kind) && (q.Outcome == "" || q.Outcome == outcome) && (!q.own || slices.Contains(atSignIn, kind)) {
			out = append(out, kind)
		}
	}
	slices.Sort(out)
	return out
}

const (
	nobodys = "" // the company of what concerns none
	// mostAnHour bounds the rows of a company, and of strangers: what comes from more addresses or
	// goes to more routes in an hour is counted together. A year of it without a pause is below a
	// million rows.
	mostAnHour = 100
	// mostOfMember bounds a member's part of them, so that nobody hides what others were refused
	// behind what he was: beyond, his is counted together, by kind.
	mostOfMember = 40
	// nobodysDays is how long what concerns no member is kept.
	nobodysDays = 90
)

// together is a failure as it is counted once there are enough of its hour.
func (f Failure) together() Failure {
	f.MemberID, f.Route, f.Address = "", "", ""
	return f
}

// his is a failure as it is counted once there are enough of its member's in its hour.
func (f Failure) his() Failure {
	f.Route, f.Address = "", ""
	return f
}

// counted is a failure as it is counted where its hour has so many rows, and its member so many of
// them.
func (f Failure) counted(rows, his int) Failure {
	switch {
	case f.MemberID != "" && his >= mostOfMember:
		return f.his()
	case rows >= mostAnHour:
		return f.together()
	}
	return f
}

// count adds failures alike to what is counted of their hour.
func (s *Service) count(ctx context.Context, tx database.Tx, f Failure, n Counted) error {
	again, err := s.Rows.CountAgain(ctx, tx, f, n)
	if err != nil || again {
		return err
	}
	rows, his, err := s.Rows.InHour(ctx, tx, f)
	if err != nil {
		return err
	}
	return s.Rows.Count(ctx, tx, f.counted(rows, his), n)
}

// Policy is how long addresses and failures are kept; entries of the journal stay.
type Policy struct{ KeepDays, Version int }

// DefaultPolicy is a year. Six months is what China's Cybersecurity Law (article 21) asks of logs
// of a network, and the least a company may choose.
var DefaultPolicy = Policy{KeepDays: 365, Version: 1}

const minKeepDays, maxKeepDays = 180, 3650

// Policy returns the company's.
func (s *Service) Policy(ctx context.Context, a org.Actor) (Policy, error) {
	return org.Setting(ctx, s.DB, a, org.AuditRead, s.Rows.Policy)
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

// Purge forgets a company's addresses and failures of days that are further back than it says, and
// what concerns no company. What it took is an entry itself, one a day at most.
func (s *Service) Purge(ctx context.Context, a org.Actor) error {
	s.told(s.Write(ctx))
	return s.DB.Write(ctx, func(tx database.Tx) error {
		p, err := s.Rows.Policy(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		day := a.Today.Add(-p.KeepDays)
		before := day.In(a.Company.Zone())
		gone := Purged{KeptFrom: day}
		if gone.Addresses, err = journal.ForgetAddresses(ctx, tx, a.TenantID, before); err != nil {
			return err
		}
		if gone.Failures, err = s.Rows.Forget(ctx, tx, a.TenantID, before); err != nil {
			return err
		}
		if gone.Addresses+gone.Failures > 0 {
			journal.Append(tx, a.By(), purgedEvent(a.TenantID, a.Today, gone))
		}
		_, err = s.Rows.Forget(ctx, tx, nobodys, s.Now().AddDate(0, 0, -nobodysDays))
		return err
	})
}

// By is who it was, "" where somebody tried to sign in: whose name he said does not say who.
func (f Failure) By() string {
	switch f.Kind {
	case SignInFailed, SignInRefused, FactorFailed:
		return ""
	}
	return f.MemberID
}

// Hour is when the failure is counted.
func (f Failure) Hour() time.Time { return f.At.UTC().Truncate(time.Hour) }
