package org

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/pinyin"
	"yunchou/internal/record"
)

// NewMember is a person to add, with a place and a role. Team "" leaves the person
// without a seat; Login "" without sign-in. From "" is today.
type NewMember struct {
	ID, Name, Email, Phone, Login, Secret string
	TeamID, Position                      string
	Leads                                 bool
	Role                                  RoleKey
	ProductLines, Regions                 []string
	From                                  calendar.Date
	// KeepSecret: the password need not be changed at the first sign-in; the demo's.
	KeepSecret bool
}

// Post is a place for a member: the seat named, or a free one of a team, made where none is
// free. From "" is today.
type Post struct {
	ID               string // of a seat that is opened
	TeamID, Position string
	Leads            bool
	SeatID           string
	From             calendar.Date
	role             RoleKey // of whoever is put there: what a post is called that nobody named
}

// AddMember adds a person, the seat and the role in one step. The same id and content again are
// answered with the first one. Fault: record.id_taken.
func (s *Service) AddMember(ctx context.Context, a Actor, in NewMember) (Member, error) {
	said := in
	said.Secret = ""
	m, hash, err := s.newMember(ctx, a, &in)
	if err != nil {
		return Member{}, err
	}
	return making(ctx, s, a, in.ID, said, func(e *edit) (Member, journal.Event, error) {
		none := journal.Event{}
		if e.st.Members[m.ID].ID != "" {
			return m, none, record.ErrIDTaken
		}
		if err := s.Rows.InsertMember(ctx, e.tx, a.TenantID, m, a.Now); err != nil {
			return m, none, err
		}
		freed, err := e.takeLogin(ctx, m.Login)
		if err != nil {
			return m, none, err
		}
		if err := s.giveLogin(ctx, e.tx, a.TenantID, m, hash, !in.KeepSecret); err != nil {
			return m, none, err
		}
		if err := e.grant(ctx, m, Grant{Role: in.Role, ProductLines: in.ProductLines, Regions: in.Regions, Interval: Interval{From: in.From}}); err != nil {
			return m, none, err
		}
		if in.TeamID != "" {
			post := Post{TeamID: in.TeamID, Position: in.Position, Leads: in.Leads, From: in.From, role: in.Role}
			if _, err := e.place(m, post); err != nil {
				return m, none, err
			}
		}
		return m, memberAdded(m.ID, in.From, MemberAdded{JoinedOn: m.JoinedOn, TeamID: in.TeamID, Role: in.Role,
			Login: m.Login != "", FreedFrom: freed, Changes: e.Changes}), nil
	})
}

// newMember checks what was said of a person and completes it.
func (s *Service) newMember(ctx context.Context, a Actor, in *NewMember) (m Member, hash string, err error) {
	m = Member{ID: in.ID, Email: in.Email, Phone: in.Phone, Login: LoginName(in.Login), JoinedOn: in.From, Version: 1}
	if m.ID == "" {
		m.ID = record.NewID(a.Now)
	}
	if m.Name, err = name("/name", in.Name); err != nil {
		return m, "", err
	}
	m.Pinyin, m.Initials = pinyin.Keys(m.Name)
	if in.From == Start {
		m.JoinedOn = "" // a seat since always does not say when the person came
	}
	if in.From, err = a.day("/from", in.From); err != nil {
		return m, "", err
	}
	if in.Role == "" {
		in.Role = Rep
	}
	if m.Login == "" {
		return m, "", nil
	}
	if err := checkLogin(m.Login); err != nil {
		return m, "", err
	}
	if hash, err = s.SignIns.Hash(ctx, Secret{"/password", in.Secret, m.Login, m.Name, a.Company.Name}); err != nil {
		return m, "", err
	}
	return m, hash, nil
}

// grant gives a member a role from a day on, in the place of those held on it and later,
// for as long as the member is there.
func (e *edit) grant(ctx context.Context, m Member, g Grant) error {
	role, ok := e.st.Role(g.Role)
	if !ok || role.Retired {
		return fault.Input("/role", "org.role_unknown", "no such role")
	}
	if err := e.a.mayGive(role, g.ProductLines, g.Regions); err != nil {
		return err
	}
	if len(g.ProductLines) > 0 && e.s.Lines != nil {
		if err := e.s.Lines.AreThere(ctx, e.tx, e.a, "/productLines", g.ProductLines); err != nil {
			return err
		}
	}
	e.Grants = ended(e.st.grantsOf[m.ID], g.From, func(g *Grant) *Interval { return &g.Interval })
	for _, while := range m.present(g.From) {
		g.ID, g.MemberID, g.Interval = e.newID(), m.ID, while
		e.Grants = append(e.Grants, Change[Grant]{New: &g})
	}
	return nil
}

// place puts a member's main post where p says, from its day until it would have ended
// anyway, and returns the team the member had on that day.
func (e *edit) place(m Member, p Post) (before string, err error) {
	team, err := e.teamOf(p)
	if err != nil {
		return "", err
	}
	if p.From, err = e.a.day("/from", p.From); err != nil {
		return "", err
	}
	if m.JoinedOn != "" && p.From < m.JoinedOn {
		return "", errBeforeItBegan
	}
	there := m.present(p.From)
	if len(there) == 0 || there[0].From != p.From {
		return "", errLeft(m)
	}
	rest, while, err := moved(e.st.holdingsOf[m.ID], p.From, there[0].To)
	if err != nil {
		return "", err
	}
	before, _ = e.st.TeamOf(m.ID, p.From)
	seat := e.seat(p, team, while)
	e.hold(m.ID, append(rest, Holding{ID: e.newID(), SeatID: seat, MemberID: m.ID, Main: true, Interval: while}))
	return before, nil
}

// teamOf is the team of a post.
func (e *edit) teamOf(p Post) (string, error) {
	if p.SeatID != "" {
		seat, ok := e.st.Seats[p.SeatID]
		if !ok {
			return "", fault.Input("/seatId", "org.seat_unknown", "no such seat")
		}
		return seat.TeamID, nil
	}
	if e.st.Teams[p.TeamID].ID == "" {
		return "", fault.Input("/teamId", "org.team_unknown", "no such team")
	}
	return p.TeamID, nil
}

// AtWork refuses a member of whom nothing of the present can be: one there is not, and one who
// has left. What is history may be his. Faults: org.member_unknown, org.member_left.
func (a Actor) AtWork(pointer, member string) error {
	m, known := a.Structure.Members[member]
	switch {
	case !known:
		return fault.Input(pointer, "org.member_unknown", "no such member")
	case a.Structure.Gone(member, a.Today):
		return fault.Input(pointer, "org.member_left", "the member is gone from that day").With("on", string(m.LeftOn))
	}
	return nil
}

func errLeft(m Member) error {
	return fault.New(fault.Rule, "org.member_left", "the member is gone from that day").With("on", string(m.LeftOn))
}

// Transfer moves a member's main post to another team from a day on, until the next post
// that was already planned. What was won before stays with the team of that day;
// permissions follow at once. On the day the present post began it corrects that post.
// Faults: org.member_unknown, org.team_unknown, org.interval_empty before the member's
// first post, org.member_left.
func (s *Service) Transfer(ctx context.Context, a Actor, member, team, position string, leads bool, from calendar.Date) error {
	return s.TransferTo(ctx, a, member, Post{TeamID: team, Position: position, Leads: leads, From: from})
}

// TransferTo is Transfer to a seat that may be named.
func (s *Service) TransferTo(ctx context.Context, a Actor, member string, p Post) error {
	_, err := change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		p := p
		if p.From, err = a.day("/from", p.From); err != nil {
			return none, event, err
		}
		if err := e.st.absent(member, p.From); err != nil {
			return none, event, err
		}
		before, err := e.place(e.member, p)
		if err != nil {
			return none, event, err
		}
		after, err := e.teamOf(p)
		return none, memberTransferred(member, p.From, MemberTransferred{TeamID: Was[string]{before, after}, Changes: e.Changes}), err
	})
	return err
}

// SetRole replaces a member's role from today. Faults: org.role_unknown, org.last_admin,
// org.beyond_own_powers.
func (s *Service) SetRole(ctx context.Context, a Actor, member string, role RoleKey, lines, regions []string) error {
	_, err := change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		if e.st.Gone(member, a.Today) {
			return none, event, errLeft(e.member)
		}
		if err := e.a.MayActOn(member); err != nil {
			return none, event, err
		}
		before := RoleKey("")
		for _, g := range e.st.grantsOf[member] {
			if g.On(a.Today) {
				before = g.Role
			}
		}
		err = e.grant(ctx, e.member, Grant{Role: role, ProductLines: lines, Regions: regions, Interval: Interval{From: a.Today}})
		return none, memberRoleSet(member, a.Today, MemberRoleSet{Role: Was[RoleKey]{before, role}, Changes: e.Changes}), err
	})
	return err
}

// Details are what a member is called and reached by.
type Details struct{ Name, Email, Phone, Locale string }

// Describe changes them. Faults: input.required, input.too_long, org.locale_unknown.
func (s *Service) Describe(ctx context.Context, a Actor, member string, d Details) error {
	called, err := name("/name", d.Name)
	if err != nil {
		return err
	}
	if d.Locale != "" && !knownLocales[d.Locale] {
		return fault.Input("/locale", "org.locale_unknown", "zh-CN or en-US")
	}
	_, err = change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		m := &e.member
		p := MemberDescribed{Locale: Was[string]{m.Locale, d.Locale}}
		for what, differs := range map[string]bool{"name": m.Name != called, "email": m.Email != d.Email, "phone": m.Phone != d.Phone} {
			if differs {
				p.Changed = append(p.Changed, what)
			}
		}
		slices.Sort(p.Changed)
		m.Name, m.Email, m.Phone, m.Locale = called, d.Email, d.Phone, d.Locale
		return none, memberDescribed(member, p), nil
	})
	return err
}
