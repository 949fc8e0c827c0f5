package org

import (
	"context"
	"encoding/json"
	"fmt"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// Replay writes again what one entry of the journal says. The actor is the entry's, at its
// instant, with the organisation as the entries before left it; rows carry the entry's own
// number. It appends nothing to the journal.
type Replay func(ctx context.Context, tx database.Tx, a Actor, e journal.Entry) error

// Since plays the entries of a kind that say enough: those of older versions lie before the
// baseline of a company that was upgraded.
func Since(version int, play Replay) Replay {
	return func(ctx context.Context, tx database.Tx, a Actor, e journal.Entry) error {
		if e.Version < version {
			return fmt.Errorf("what it says does not make the rows: version %d is the first that does", version)
		}
		return play(ctx, tx, a, e)
	}
}

// As is the actor of an entry that is played again, as the rows written so far say; before
// the company's first row it is nobody's.
func (s *Service) As(ctx context.Context, tx database.Tx, tenant string, e journal.Entry) (Actor, error) {
	c, st, err := s.Load(ctx, tx, tenant)
	if fault.Is(err, fault.NotFound) {
		return Actor{TenantID: tenant, MemberID: e.ActorID, Path: e.Path, Now: e.RecordedAt, Today: e.HappenedOn}, nil
	} else if err != nil {
		return Actor{}, err
	}
	a := SystemActor(c, st.AsKnown(e.Seq), e.ActorID, e.Path, e.RecordedAt)
	a.OnBehalfOf = e.OnBehalfOf
	return a, nil
}

// Play is what plays entries whose payload is of a type.
func Play[P any](play func(ctx context.Context, tx database.Tx, a Actor, e journal.Entry, p P) error) Replay {
	return func(ctx context.Context, tx database.Tx, a Actor, e journal.Entry) error {
		var p P
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			return err
		}
		return play(ctx, tx, a, e, p)
	}
}

// Replays plays what is said about the company, its people and its teams. What they are
// called is no part of the journal: a name that must be one of its kind is the id.
func (s *Service) Replays() map[string]Replay {
	// What a payload says beside its rows is for readers.
	rows := again(s, func(e *edit, p Changes) { e.Changes = p })
	out := map[string]Replay{
		"company.created":         Play(s.playCreated),
		"company.settings_saved":  Play(s.playSettings),
		"company.meet_days_set":   Play(s.playMeetDays),
		"company.holidays_loaded": Play(s.playHolidays),
		"company.rate_set":        Play(s.playRate),

		"member.added":            Play(s.playAdded),
		"member.transferred":      rows,
		"member.left":             again(s, playLeft),
		"member.returned":         again(s, playReturned),
		"member.role_set":         rows,
		"member.delegated":        rows,
		"member.delegation_ended": rows,
		"member.post_added":       rows,
		"member.post_ended":       rows,
		"member.main_post_set":    rows,
		"member.described":        again(s, func(e *edit, p MemberDescribed) { e.member.Locale = p.Locale.New }),
		"member.login_given":      Play(s.playLogin),
		"member.login_withdrawn":  Play(s.playLogin),

		"team.added":     Play(s.playTeam),
		"team.moved":     rows,
		"team.described": again(s, func(e *edit, p TeamDescribed) { e.team.Region = p.Region.New }),
		"team.closed":    again(s, func(e *edit, p TeamClosed) { e.team.ClosedOn = p.ClosedOn.New }),
		"seat.opened":    rows,
		"seat.closed":    rows,

		"role.added":   Play(s.playRole),
		"role.changed": again(s, playRoleChanged),
		"role.retired": again(s, func(e *edit, _ noMore) { e.role.Retired = true }),
	}
	for _, kind := range []string{"company.created", "company.settings_saved", "company.holidays_loaded", "company.rate_set",
		"member.added", "member.transferred", "member.left", "member.role_set", "member.delegated", "team.added", "team.moved"} {
		out[kind] = Since(2, out[kind])
	}
	return out
}

// again plays a change of what there is already.
func again[P any](s *Service, set func(e *edit, p P)) Replay {
	return Play(func(ctx context.Context, tx database.Tx, a Actor, entry journal.Entry, p P) error {
		e := &edit{s: s, tx: tx, a: a, st: a.Structure}
		if _, err := e.open(entry.Subject); err != nil {
			return err
		}
		set(e, p)
		return e.replay(ctx, entry.Subject, entry)
	})
}

// replay writes what an edit holds with the number of an entry there is.
func (e *edit) replay(ctx context.Context, of record.Ref, entry journal.Entry) error {
	for _, c := range e.Positions {
		c.New.Name = c.New.ID
	}
	return e.write(ctx, of, database.Seq(entry.Seq))
}

func (s *Service) playCreated(ctx context.Context, tx database.Tx, a Actor, e journal.Entry, p CompanyCreated) error {
	c := newCompany(e.Subject.ID, p.Currency, p.TimeZone, p.Locale)
	if e.Version >= 3 {
		c.BackdateDays, c.WorkCalendar, c.SumsWithTax = p.BackdateDays, p.WorkCalendar, p.SumsWithTax
	}
	admin, root := Member{ID: p.AdminID, Version: 1}, Team{ID: p.RootID, Version: 1}
	f := founding{company: c, admin: admin, root: root, changes: p.Changes}
	if err := s.writeCompany(ctx, tx, f, a.Now, database.Seq(e.Seq)); err != nil {
		return err
	}
	return s.goOn(ctx, tx, a.TenantID)
}

// GoOn has what happens next in a company that was played be the entry behind the last.
func (s *Service) GoOn(ctx context.Context, tenant string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error { return s.goOn(ctx, tx, tenant) })
}

func (s *Service) goOn(ctx context.Context, tx database.Tx, tenant string) error {
	last, err := journal.Last(ctx, tx, tenant)
	if err != nil {
		return err
	}
	return s.Rows.GoOn(ctx, tx, tenant, last)
}

func (s *Service) playSettings(ctx context.Context, tx database.Tx, a Actor, e journal.Entry, p SettingsSaved) error {
	c := a.Company
	c.BackdateDays, c.WorkCalendar, c.SumsWithTax = p.BackdateDays.New, p.WorkCalendar.New, p.SumsWithTax.New
	return s.saveCompany(ctx, tx, a.Company, c, e.HappenedOn, database.Seq(e.Seq))
}

func (s *Service) playHolidays(ctx context.Context, tx database.Tx, a Actor, e journal.Entry, p HolidaysLoaded) error {
	return s.saveYear(ctx, tx, a, p.year(), database.Seq(e.Seq))
}

func (s *Service) playRate(ctx context.Context, tx database.Tx, a Actor, e journal.Entry, p RateSet) error {
	r := Rate{Currency: p.Currency, From: p.From, Rate: p.Rate.New}
	return s.Rows.SaveRate(ctx, tx, a.TenantID, r, database.Seq(e.Seq))
}

func (s *Service) playAdded(ctx context.Context, tx database.Tx, a Actor, entry journal.Entry, p MemberAdded) error {
	e := &edit{s: s, tx: tx, a: a, st: a.Structure, Changes: p.Changes}
	m := Member{ID: entry.Subject.ID, JoinedOn: p.JoinedOn, Version: 1}
	if err := s.Rows.InsertMember(ctx, tx, a.TenantID, m, a.Now); err != nil {
		return err
	}
	if err := e.playFreed(ctx, p.FreedFrom); err != nil {
		return err
	}
	return e.replay(ctx, record.Ref{}, entry)
}

// playFreed: a leaver's sign-in name became somebody else's.
func (e *edit) playFreed(ctx context.Context, from string) error {
	if from == "" {
		return nil
	}
	return e.withoutLogin(ctx, e.st.Members[from])
}

func (s *Service) playLogin(ctx context.Context, tx database.Tx, a Actor, entry journal.Entry, p MemberLoginGiven,
) error {
	e := &edit{s: s, tx: tx, a: a, st: a.Structure}
	if err := e.playFreed(ctx, p.FreedFrom); err != nil {
		return err
	}
	if _, err := e.open(entry.Subject); err != nil {
		return err
	}
	return e.replay(ctx, entry.Subject, entry)
}

func playLeft(e *edit, p MemberLeft) {
	e.Changes = p.Changes
	e.member.LeftOn, e.member.BackOn = p.LeftOn.New, ""
}

func playRoleChanged(e *edit, p RoleChanged) {
	e.role.Permissions, e.role.Reach = p.States.New.Permissions, p.States.New.Reach
}

// playReturned: where there is no time without the member he never left.
func playReturned(e *edit, p MemberReturned) {
	e.Changes = p.Changes
	e.member.BackOn = p.BackOn.New
	if p.BackOn.New == p.LeftOn {
		e.member.LeftOn, e.member.BackOn = "", ""
	}
}

func (s *Service) playTeam(ctx context.Context, tx database.Tx, a Actor, entry journal.Entry, p TeamAdded) error {
	team := Team{ID: entry.Subject.ID, Region: p.Region, Version: 1}
	e := &edit{s: s, tx: tx, a: a, st: a.Structure, newTeam: &team, Changes: p.Changes}
	return e.replay(ctx, record.Ref{}, entry)
}

func (s *Service) playRole(ctx context.Context, tx database.Tx, a Actor, entry journal.Entry, p RoleAdded) error {
	r := Role{Key: RoleKey(entry.Subject.ID), Permissions: p.Permissions, Reach: p.Reach, Version: 1}
	if err := s.Rows.SaveRole(ctx, tx, a.TenantID, r, a.Now); err != nil {
		return err
	}
	e := &edit{s: s, tx: tx, a: a, st: a.Structure}
	return e.replay(ctx, record.Ref{}, entry)
}
