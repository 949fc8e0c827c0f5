package org

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// edit is one write of the organisation. Everything it decides on was read in its own
// transaction, which the company's other writes wait for: what the actor saw when his
// request began may be another administrator's yesterday.
type edit struct {
	s  *Service
	tx database.Tx
	a  Actor
	st *Structure // as it is before
	// member, team and role are what is changed, where the write is on one of them.
	member Member
	team   Team
	role   Role
	// newTeam is one that is made.
	newTeam *Team
	Changes
}

// change runs one write of the organisation on a record (of, the zero Ref where one is
// made): fn decides what changes and says so as an event; what it leaves in the edit is
// checked for every day it touches and written with the event's number. Without an event
// nothing changes. Faults:
// record.stale where the actor acts on another version than is stored, org.member_unknown,
// org.team_unknown, and those of Structure.check.
func change[T any](ctx context.Context, s *Service, a Actor, of record.Ref, fn func(e *edit) (T, journal.Event, error)) (T, error) {
	if err := a.Need(OrgEdit); err != nil {
		var none T
		return none, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (T, error) { return changeIn(ctx, s, tx, a, of, fn) })
}

// making is change for what is new under an id its sender may have chosen; said is what was said
// of it.
func making[T any](ctx context.Context, s *Service, a Actor, id string, said any, fn func(e *edit) (T, journal.Event, error)) (T, error) {
	if err := errors.Join(a.Need(OrgEdit), record.CheckID(id)); err != nil {
		var none T
		return none, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), id, said, func(tx database.Tx) (T, error) {
		return changeIn(ctx, s, tx, a, record.Ref{}, fn)
	})
}

func changeIn[T any](ctx context.Context, s *Service, tx database.Tx, a Actor, of record.Ref, fn func(e *edit) (T, journal.Event, error)) (T, error) {
	var none T
	e, err := s.begin(ctx, tx, a, of)
	if err != nil {
		return none, err
	}
	out, event, err := fn(e)
	if err != nil {
		return none, err
	}
	if event.Kind == "" {
		return out, nil
	}
	return out, e.finish(ctx, of, event)
}

// alone makes the writes of one company's organisation follow one another.
func alone(ctx context.Context, tx database.Tx, tenant string) error {
	return tx.Alone(ctx, key(tenant))
}

func key(tenant string) string { return "organisation " + tenant }

// Still is an actor with the organisation as the transaction finds it and as it stays until
// the transaction ends: it may have changed since the request began. What he may do stays as
// it was then. What follows from posts asks for it first, before any record is taken: who
// changes the organisation takes the records of those who move after it.
func (s *Service) Still(ctx context.Context, tx database.Tx, a Actor) (Actor, error) {
	if err := tx.Beside(ctx, key(a.TenantID)); err != nil {
		return a, err
	}
	c, err := s.Rows.Company(ctx, tx, a.TenantID)
	if err != nil || c.OrgVersion == a.Structure.Version {
		return a, err
	}
	st, err := s.current(ctx, tx, a.TenantID)
	if err != nil {
		return a, err
	}
	a.Company, a.Structure = c, st
	return a, nil
}

// begin reads the organisation and checks the version of what is to be changed.
func (s *Service) begin(ctx context.Context, tx database.Tx, a Actor, of record.Ref) (*edit, error) {
	if err := alone(ctx, tx, a.TenantID); err != nil {
		return nil, err
	}
	st, err := s.current(ctx, tx, a.TenantID)
	if err != nil {
		return nil, err
	}
	c, err := s.Rows.Company(ctx, tx, a.TenantID)
	if err != nil {
		return nil, err
	}
	e := &edit{s: s, tx: tx, a: a.asOf(c, st), st: st}
	if err := e.a.Need(OrgEdit); err != nil { // it may have been taken from him meanwhile
		return nil, err
	}
	version, err := e.open(of)
	if err == nil && version != 0 {
		err = a.HasRead(version)
	}
	return e, err
}

// open puts what is changed into the edit, and returns its version.
func (e *edit) open(of record.Ref) (version int, err error) {
	ok := false
	switch of.Kind {
	case "member":
		if e.member, ok = e.st.Members[of.ID]; !ok {
			return 0, fault.New(fault.NotFound, "org.member_unknown", "no such member")
		}
		return e.member.Version, nil
	case "team":
		if e.team, ok = e.st.Teams[of.ID]; !ok {
			return 0, fault.New(fault.NotFound, "org.team_unknown", "no such team")
		}
		return e.team.Version, nil
	case "role":
		if e.role, ok = e.st.Role(RoleKey(of.ID)); !ok {
			return 0, fault.New(fault.NotFound, "org.role_unknown", "no such role")
		}
		return e.role.Version, nil
	}
	return 0, nil
}

// current is the organisation as this transaction finds it: what is kept, where that is of
// the version stored, or else read. Nothing is kept here: the write may be taken back.
func (s *Service) current(ctx context.Context, tx database.Tx, tenant string) (*Structure, error) {
	c, err := s.Rows.Company(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	kept := s.cache[tenant].structure
	s.mu.Unlock()
	if kept != nil && kept.Version == c.OrgVersion {
		return kept, nil
	}
	st, err := s.Rows.Structure(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	st.Version = c.OrgVersion
	st.Index()
	return st, nil
}

// finish checks the whole and writes it.
func (e *edit) finish(ctx context.Context, of record.Ref, event journal.Event) error {
	after := e.st.with(e.Changes)
	if err := after.check(e.Changes, e.a.Today); err != nil {
		return err
	}
	if err := e.checkCommand(after); err != nil {
		return err
	}
	if event.On == "" || event.On == Start {
		event.On = e.a.Today
	}
	if err := e.write(ctx, of, journal.Append(e.tx, e.a.By(), event)); err != nil {
		return err
	}
	return e.placed(ctx, after)
}

// write writes what an edit holds, with the number of its entry.
func (e *edit) write(ctx context.Context, of record.Ref, seq database.Seq) error {
	if e.newTeam != nil {
		if err := e.s.Rows.InsertTeam(ctx, e.tx, e.a.TenantID, *e.newTeam, e.a.Now, seq); err != nil {
			return err
		}
	}
	switch of.Kind {
	case "member":
		e.member.Version++
		if err := e.s.Rows.SaveMember(ctx, e.tx, e.a.TenantID, e.member); err != nil {
			return err
		}
	case "team":
		e.team.Version++
		if err := e.s.Rows.SaveTeam(ctx, e.tx, e.a.TenantID, e.team); err != nil {
			return err
		}
	case "role":
		e.role.Version++
		if err := e.s.Rows.SaveRole(ctx, e.tx, e.a.TenantID, e.role, e.a.Now); err != nil {
			return err
		}
	}
	if err := e.s.Rows.Apply(ctx, e.tx, e.a.TenantID, e.Changes, seq); err != nil {
		return err
	}
	return e.s.Rows.BumpVersion(ctx, e.tx, e.a.TenantID)
}

// placed tells who keeps records of members whose main posts are others than before.
func (e *edit) placed(ctx context.Context, after *Structure) error {
	if e.s.Placings == nil {
		return nil
	}
	told := map[string]bool{}
	var of []Placing
	for _, c := range e.Holdings {
		for _, h := range []*Holding{c.Old, c.New} {
			if h == nil || told[h.MemberID] {
				continue
			}
			told[h.MemberID] = true
			if p, differ := placing(h.MemberID, e.st, after); differ {
				of = append(of, p)
			}
		}
	}
	if len(of) == 0 {
		return nil
	}
	return e.s.Placings.Placed(ctx, e.tx, e.a, of)
}

// placing compares a member's main teams day by day.
func placing(member string, was, is *Structure) (p Placing, differ bool) {
	days := []calendar.Date{Start}
	for _, s := range []*Structure{was, is} {
		for _, h := range s.holdingsOf[member] {
			days = append(days, h.From)
			if h.To != "" {
				days = append(days, h.To)
			}
		}
	}
	slices.Sort(days)
	for _, day := range days {
		before, _ := was.TeamOf(member, day)
		after, _ := is.TeamOf(member, day)
		if before != after {
			return Placing{member, day, is}, true
		}
	}
	return p, false
}

// day reads a day that was given: "" is today, Start is always. With the fault it returns what was
// given, or whoever sets his variable to it and runs a second time would do it today. Fault:
// calendar.bad_date.
func (a Actor) day(pointer string, d calendar.Date) (calendar.Date, error) {
	switch d {
	case "":
		return a.Today, nil
	case Start:
		return d, nil
	}
	if _, err := calendar.Parse(string(d)); err != nil {
		return d, fault.Input(pointer, fault.CodeOf(err), "days are written 2026-02-28")
	}
	return d, nil
}

// name folds a name and checks that it is one.
func name(pointer, raw string) (string, error) {
	folded := text.Fold(raw)
	switch {
	case folded == "":
		return "", fault.Missing(pointer)
	case len(folded) > maxName:
		return "", fault.Input(pointer, "input.too_long", "at most %d bytes", maxName).With("max", maxName)
	}
	return folded, nil
}

const maxName = 100 // bytes: 33 Chinese characters

// seat finds a seat for a post while it lasts: the one named, one of the team that is free,
// or a new one.
func (e *edit) seat(p Post, team string, while Interval) string {
	if p.SeatID != "" {
		return p.SeatID
	}
	position := e.position(p)
	best := ""
	for _, seat := range e.st.Seats {
		if seat.TeamID == team && seat.PositionID == position && seat.covers(while) && e.free(seat.ID, while) &&
			(best == "" || seat.ID < best) {
			best = seat.ID
		}
	}
	if best != "" {
		return best
	}
	made := Seat{ID: e.newID(), TeamID: team, PositionID: position, Interval: Interval{From: while.From}}
	e.Seats = append(e.Seats, Change[Seat]{New: &made})
	return made.ID
}

func (e *edit) free(seat string, while Interval) bool {
	for _, h := range e.st.heldBy[seat] {
		if h.Meets(while) {
			return false
		}
	}
	return true
}

// posts are what those are who neither sell nor manage who sells.
var posts = map[RoleKey]string{Assistant: "内勤", Director: "总监", ProductManager: "产品线经理",
	Operations: "销售运营", Partner: "协同部门", Admin: "管理员"}

// usual is what a post is called that nobody named: by the role its holder begins in, else it is a
// post of who sells.
func (e *edit) usual(p Post) string {
	if name := cmp.Or(posts[p.role], e.st.Roles[p.role].Name); name != "" {
		return name
	}
	if p.Leads {
		return "主管"
	}
	return "销售"
}

// position finds or makes the position a post names: a name may stand for two, one that
// leads and one that does not.
func (e *edit) position(p Post) string {
	name := cmp.Or(p.Position, e.usual(p))
	taken := false
	for _, q := range e.positions() {
		if q.Name == name && q.Leads == p.Leads {
			return q.ID
		}
		taken = taken || q.Name == name
	}
	if taken {
		p.Position = name + "(负责人)"
		if !p.Leads {
			p.Position = name + "(成员)"
		}
		return e.position(p)
	}
	made := Position{ID: e.newID(), Name: name, Leads: p.Leads}
	e.Positions = append(e.Positions, Change[Position]{New: &made})
	return made.ID
}

// positions are those there are, and those this change makes.
func (e *edit) positions() []Position {
	var out []Position
	for _, c := range e.Positions {
		out = append(out, *c.New)
	}
	for _, q := range e.st.Positions {
		out = append(out, q)
	}
	return out
}

func (e *edit) newID() string { return record.NewID(e.a.Now) }

// hold makes a member's holdings what they should be.
func (e *edit) hold(member string, after []Holding) {
	e.Holdings = append(e.Holdings, difference(e.st.holdingsOf[member], after, e.newID)...)
}
