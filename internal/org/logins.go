package org

import (
	"context"
	"regexp"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
)

// SignIns keeps what members sign in with; identity implements it.
type SignIns interface {
	// Hash refuses what is no password, and hashes it; it takes long, and belongs before the
	// transaction.
	Hash(ctx context.Context, secret Secret) (string, error)
	// Give has a member sign in with a name and a password. Fault: org.login_taken.
	Give(ctx context.Context, tx database.Tx, given SignInGiven) error
	// Free takes a sign-in name from the member of the company whose it is.
	Free(ctx context.Context, tx database.Tx, tenant, login string) error
	// LockOut ends a member's sessions.
	LockOut(ctx context.Context, tx database.Tx, tenant, member string) error
}

// Secret is a password somebody chose, where in the request it stands, and what it must not
// be made of.
type Secret struct{ Pointer, Text, Login, Name, Company string }

// SignInGiven is what a member signs in with from now on.
type SignInGiven struct {
	TenantID, MemberID, Login, Hash string
	MustChange                      bool
}

// checkLogin refuses what is no sign-in name. Fault: org.login_malformed.
func checkLogin(name string) error {
	if !loginForm.MatchString(name) {
		return fault.Input("/login", "org.login_malformed", "2 to 80 letters, digits, dots, @ or dashes")
	}
	return nil
}

var loginForm = regexp.MustCompile(`^[\p{L}\p{N}._@+-]{2,80}$`)

// GiveLogin lets a member who could not sign in do so, or gives another name and password.
// Faults: org.member_unknown, org.member_left, org.login_malformed, org.login_taken,
// org.password_length.
func (s *Service) GiveLogin(ctx context.Context, a Actor, member, name, secret string) error {
	name = LoginName(name)
	if err := checkLogin(name); err != nil {
		return err
	}
	hash, err := s.SignIns.Hash(ctx, Secret{"/password", secret, name, a.Structure.Members[member].Name, a.Company.Name})
	if err != nil {
		return err
	}
	_, err = change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		if e.st.Gone(member, a.Today) {
			return none, event, errLeft(e.member)
		}
		if err := e.a.MaySetSignIn(member); err != nil {
			return none, event, err
		}
		if e.member.Login != "" {
			if err := s.SignIns.Free(ctx, e.tx, a.TenantID, e.member.Login); err != nil {
				return none, event, err
			}
		}
		e.member.Login = name
		freed, err := e.takeLogin(ctx, name)
		if err != nil {
			return none, event, err
		}
		return none, memberLoginGiven(member, MemberLoginGiven{FreedFrom: freed}),
			s.giveLogin(ctx, e.tx, a.TenantID, e.member, hash, true)
	})
	return err
}

// TakeLogin has a member sign in no more; everything else of him stays. Faults:
// org.member_unknown, org.login_none, org.beyond_own_powers, org.last_admin where nobody else administers.
func (s *Service) TakeLogin(ctx context.Context, a Actor, member string) error {
	_, err := change(ctx, s, a, ofMember(member), func(e *edit) (none struct{}, event journal.Event, err error) {
		if err := e.a.MaySetSignIn(member); err != nil {
			return none, event, err
		}
		if e.member.Login == "" {
			return none, event, fault.New(fault.Conflict, "org.login_none", "the member does not sign in")
		}
		if err := e.othersAdminister(member); err != nil {
			return none, event, err
		}
		return none, memberLoginTaken(member), e.lockOut(ctx)
	})
	return err
}

// othersAdminister refuses where on some day from today on nobody else who signs in is an
// administrator. Fault: org.last_admin.
func (e *edit) othersAdminister(member string) error {
	return e.st.administered(e.a.Today, func(g Grant) bool {
		return g.Role == Admin && g.MemberID != member && e.st.Members[g.MemberID].Login != ""
	})
}

// takeLogin frees a sign-in name that a member of the company kept who has left, and tells
// whose it was.
func (e *edit) takeLogin(ctx context.Context, name string) (freed string, err error) {
	for _, m := range e.st.Members {
		if name == "" || m.Login != name || !e.st.Gone(m.ID, e.a.Today) {
			continue
		}
		if err := e.s.SignIns.Free(ctx, e.tx, e.a.TenantID, name); err != nil {
			return "", err
		}
		return m.ID, e.withoutLogin(ctx, m)
	}
	return "", nil
}

// withoutLogin writes that a member has no sign-in name any more.
func (e *edit) withoutLogin(ctx context.Context, m Member) error {
	m.Login = ""
	m.Version++
	return e.s.Rows.SaveMember(ctx, e.tx, e.a.TenantID, m)
}

// giveLogin writes the sign-in of a member who has one.
func (s *Service) giveLogin(ctx context.Context, tx database.Tx, tenant string, m Member, hash string, mustChange bool) error {
	if m.Login == "" {
		return nil
	}
	return s.SignIns.Give(ctx, tx, SignInGiven{tenant, m.ID, m.Login, hash, mustChange})
}
