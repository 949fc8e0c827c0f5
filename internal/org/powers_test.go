package org_test

import (
	"sync"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

// office is a world with people who run it for the administrator: 运营 by the preset, 人事 by a
// role of the company that leads teams.
func office(t *testing.T, db *database.DB) *apptest.World {
	t.Helper()
	w := apptest.New(t, db)
	w.AddMember("运营", w.ID["公司"], false, org.Operations)
	w.AddMember("文员", w.ID["一组"], false, org.Assistant)
	return w
}

const beyond = "org.beyond_own_powers"

func TestWhoManagesPeopleTakesAndGivesNothingOfAnAdministrators(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := office(t, db)
		ops, admin := w.As("运营"), w.Admin.MemberID
		newAdmin := org.NewMember{Name: "新人", Role: org.Admin, TeamID: w.ID["一组"]}
		later := newAdmin
		later.From = "2026-06-01"
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["小李"], "")
		must(t, err)
		for what, act := range map[string]func() error{
			"makes himself administrator":  func() error { return w.Org.SetRole(w.Ctx, ops, ops.MemberID, org.Admin, nil, nil) },
			"makes another administrator":  func() error { return w.Org.SetRole(w.Ctx, ops, w.ID["陈露"], org.Admin, nil, nil) },
			"adds an administrator":        func() error { _, err := w.Org.AddMember(w.Ctx, ops, newAdmin); return err },
			"announces an administrator":   func() error { _, err := w.Org.AddMember(w.Ctx, ops, later); return err },
			"has somebody back as one":     func() error { return w.Org.ComeBack(w.Ctx, ops, w.ID["小李"], org.Comeback{Role: org.Admin}) },
			"takes the role":               func() error { return w.Org.SetRole(w.Ctx, ops, admin, org.Rep, nil, nil) },
			"lets the administrator go":    func() error { _, err := w.Org.Leave(w.Ctx, ops, admin, ""); return err },
			"announces his leaving":        func() error { _, err := w.Org.Leave(w.Ctx, ops, admin, "2026-07-01"); return err },
			"gives him another name":       func() error { return w.Org.GiveLogin(w.Ctx, ops, admin, "taken", identity.NewSecret()) },
			"takes his sign-in":            func() error { return w.Org.TakeLogin(w.Ctx, ops, admin) },
			"types for him":                func() error { return w.Org.Delegate(w.Ctx, ops, admin, ops.MemberID) },
			"has another type for him":     func() error { return w.Org.Delegate(w.Ctx, ops, admin, w.ID["陈露"]) },
			"resets his password":          func() error { return w.Identity.ResetPassword(w.Ctx, ops, admin, identity.NewSecret()) },
			"ends his sessions":            func() error { return w.Identity.EndSessions(w.Ctx, ops, admin, "") },
			"looks at his sessions":        func() error { _, err := w.Identity.SessionsOf(w.Ctx, ops, admin); return err },
			"makes him another's typist":   func() error { return w.Org.Delegate(w.Ctx, ops, w.ID["陈露"], admin) },
			"ends who may type for him":    func() error { return w.Org.EndDelegation(w.Ctx, ops, admin, w.ID["文员"], "") },
			"has him back in a lower role": func() error { return w.Org.ComeBack(w.Ctx, ops, admin, org.Comeback{}) },
		} {
			if got := fault.CodeOf(act()); got != beyond {
				t.Errorf("who runs operations %s: %q", what, got)
			}
		}
		// What is not more than his own stays his to do.
		must(t, w.Org.SetRole(w.Ctx, ops, w.ID["陈露"], org.Manager, nil, nil))
		must(t, w.Org.GiveLogin(w.Ctx, ops, w.ID["陈露"], "chenlu", identity.NewSecret()))
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("运营"), w.ID["陈露"], identity.NewSecret()))
		// One who will be administrator is spared already.
		later.Name, later.From = "以后的管理员", "2026-06-01"
		m, err := w.Org.AddMember(w.Ctx, w.As("管理员"), later)
		must(t, err)
		if got := fault.CodeOf(w.Org.GiveLogin(w.Ctx, w.As("运营"), m.ID, "soon", identity.NewSecret())); got != beyond {
			t.Errorf("of an administrator to come the sign-in is given: %q", got)
		}
	})
}

// TestWhoTypesForSomebodyIsAsFarOutOfReach: who may not act for a member does not come to it by the
// sign-in of one who may.
func TestWhoTypesForSomebodyIsAsFarOutOfReach(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := office(t, db)
		clerk, admin := w.ID["文员"], w.Admin.MemberID
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), clerk, "clerk", identity.NewSecret()))
		must(t, w.Org.Delegate(w.Ctx, w.As("管理员"), admin, clerk))
		for what, act := range map[string]func(a org.Actor) error{
			"resets the password":     func(a org.Actor) error { return w.Identity.ResetPassword(w.Ctx, a, clerk, identity.NewSecret()) },
			"gives another name":      func(a org.Actor) error { return w.Org.GiveLogin(w.Ctx, a, clerk, "mine", identity.NewSecret()) },
			"takes the factors away":  func(a org.Actor) error { return w.Identity.RemoveFactors(w.Ctx, a, clerk) },
			"gives a role with more":  func(a org.Actor) error { return w.Org.SetRole(w.Ctx, a, clerk, org.Operations, nil, nil) },
			"makes him another's too": func(a org.Actor) error { return w.Org.Delegate(w.Ctx, a, w.ID["陈露"], clerk) },
		} {
			if got := fault.CodeOf(act(w.As("运营"))); got != beyond {
				t.Errorf("who runs operations %s of the administrator's assistant: %q", what, got)
			}
		}
		must(t, w.Org.EndDelegation(w.Ctx, w.As("管理员"), admin, clerk, ""))
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("运营"), clerk, identity.NewSecret()))
		must(t, w.Org.Delegate(w.Ctx, w.As("运营"), w.ID["陈露"], clerk))
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("运营"), clerk, identity.NewSecret()))
	})
}

// clerks adds 人事, whose role holds some permissions and reaches as far as given.
func clerks(t *testing.T, w *apptest.World, reach org.Reach, more ...org.Permission) {
	t.Helper()
	states := map[string]org.Reaches{}
	for _, kind := range []string{"opportunity", "account", "contact", "task"} {
		states[kind] = org.Reaches{Read: reach, Write: reach}
	}
	states["credit"] = org.Reaches{Read: reach}
	r, err := w.Org.AddRole(w.Ctx, w.As("管理员"), org.NewRole{Name: "人事", Reach: states,
		Permissions: append([]org.Permission{org.OrgRead, org.OrgEdit, org.AccountRead, org.AccountWrite, org.OppRead, org.OppWrite,
			org.ReportRead, org.PipelineRead}, more...)})
	must(t, err)
	w.AddMember("人事", w.ID["一组"], false, r.Key)
}

func TestNobodyGivesWhatHeDoesNotHold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := office(t, db)
		clerks(t, w, org.DealTeam)
		hr := w.As("人事")
		role := hr.Structure.RolesOf(hr.MemberID)[0].Role
		own, _ := hr.Structure.Role(role)
		all := map[string]org.Reaches{"opportunity": {Read: org.Everything}}
		for what, act := range map[string]func() error{
			"a role with more permissions": func() error { return w.Org.SetRole(w.Ctx, hr, w.ID["陈露"], org.Director, nil, nil) },
			"a role that reaches further":  func() error { return w.Org.SetRole(w.Ctx, hr, hr.MemberID, org.ProductManager, []string{"x"}, nil) },
			"his own role, edited to say more": func() error {
				_, err := w.Org.SaveRole(w.Ctx, hr, role, org.NewRole{Name: "人事", Reach: own.Reach,
					Permissions: append([]org.Permission{org.AuditRead}, own.Permissions...)})
				return err
			},
			"his own role, edited to reach further": func() error {
				_, err := w.Org.SaveRole(w.Ctx, hr, role, org.NewRole{Name: "人事", Reach: all, Permissions: own.Permissions})
				return err
			},
			"a new role with more": func() error {
				_, err := w.Org.AddRole(w.Ctx, hr, org.NewRole{Name: "另一个", Permissions: []org.Permission{org.ImportRun}})
				return err
			},
			"the password of who holds more": func() error { return w.Org.GiveLogin(w.Ctx, hr, w.ID["总监"], "director", identity.NewSecret()) },
			"leave to who holds more":        func() error { _, err := w.Org.Leave(w.Ctx, hr, w.ID["总监"], ""); return err },
		} {
			if got := fault.CodeOf(act()); got != beyond {
				t.Errorf("who holds less gives or takes %s: %q", what, got)
			}
		}
		must(t, w.Org.GiveLogin(w.Ctx, hr, w.ID["陈露"], "chenlu", identity.NewSecret()))
		must(t, w.Org.SetRole(w.Ctx, hr, w.ID["陈露"], org.Rep, nil, nil))
		_, err := w.Org.AddRole(w.Ctx, hr, org.NewRole{Name: "更少", Permissions: []org.Permission{org.OrgRead}})
		must(t, err)
	})
}

func TestNobodyMakesHimselfOrHisCreatureLeadWhatHeDoesNot(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := office(t, db)
		clerks(t, w, org.Subtree)
		must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["人事"], w.ID["二组"], "", true, ""))
		w.Clock.Set("2026-03-09")
		hr := w.As("人事")
		role := hr.Structure.RolesOf(hr.MemberID)[0].Role
		for what, act := range map[string]func() error{
			"leads the company": func() error { return w.Org.Transfer(w.Ctx, hr, hr.MemberID, w.ID["公司"], "", true, "") },
			"leads another team besides": func() error {
				return w.Org.AddPost(w.Ctx, hr, hr.MemberID, org.Post{TeamID: w.ID["一组"], Leads: true})
			},
			"takes a team under his own":  func() error { return w.Org.MoveTeam(w.Ctx, hr, w.ID["一组"], w.ID["二组"], "") },
			"takes a person into his own": func() error { return w.Org.Transfer(w.Ctx, hr, w.ID["陈露"], w.ID["二组"], "", false, "") },
			"adds who leads another team": func() error {
				_, err := w.Org.AddMember(w.Ctx, hr, org.NewMember{Name: "傀儡", TeamID: w.ID["一组"], Leads: true, Role: role})
				return err
			},
		} {
			if got := fault.CodeOf(act()); got != beyond {
				t.Errorf("who leads one team %s: %q", what, got)
			}
		}
		must(t, w.Org.Transfer(w.Ctx, hr, w.ID["周涛"], w.ID["一组"], "", false, "")) // gives away what he leads
		_, err := w.Org.AddMember(w.Ctx, hr, org.NewMember{Name: "新人", TeamID: w.ID["二组"], Role: org.Rep})
		must(t, err)
	})
}

func TestACompanyKeepsAnAdministratorWhoCanSignIn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := office(t, db)
		boss := w.As("管理员")
		must(t, w.Org.GiveLogin(w.Ctx, boss, boss.MemberID, "boss", identity.NewSecret()))
		must(t, w.Org.SetRole(w.Ctx, boss, w.ID["总监"], org.Admin, nil, nil)) // who cannot sign in
		code(t, w.Org.SetRole(w.Ctx, w.As("管理员"), boss.MemberID, org.Rep, nil, nil), "org.last_admin")
		_, err := w.Org.Leave(w.Ctx, w.As("总监"), boss.MemberID, "")
		code(t, err, "org.last_admin")
		_, err = w.Org.Leave(w.Ctx, w.As("总监"), boss.MemberID, "2026-09-01")
		code(t, err, "org.last_admin")
		_, err = w.Org.SaveRole(w.Ctx, boss, org.Admin, org.NewRole{Name: "空"})
		code(t, err, "org.role_preset")
		code(t, w.Org.RetireRole(w.Ctx, boss, org.Admin), "org.role_preset")
		code(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), boss.MemberID, "boss2", identity.NewSecret()), "org.own_sign_in")
		code(t, w.Identity.ResetPassword(w.Ctx, w.As("管理员"), boss.MemberID, identity.NewSecret()), "org.own_sign_in")
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["总监"], "second", identity.NewSecret()))
		must(t, w.Org.SetRole(w.Ctx, w.As("总监"), boss.MemberID, org.Rep, nil, nil))
	})
}

func TestOfTwoAdministratorsWhoTakeEachOthersRoleOneStays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := office(t, db)
		for range 5 {
			must(t, w.Org.SetRole(w.Ctx, sys(t, w), w.Admin.MemberID, org.Admin, nil, nil))
			must(t, w.Org.SetRole(w.Ctx, sys(t, w), w.ID["总监"], org.Admin, nil, nil))
			must(t, w.Org.SetRole(w.Ctx, sys(t, w), w.ID["陈露"], org.Admin, nil, nil)) // a third, so that the last one is not what saves them
			one, other := w.As("管理员"), w.As("总监")
			var all sync.WaitGroup
			codes := make([]string, 2)
			all.Go(func() { codes[0] = fault.CodeOf(w.Org.SetRole(w.Ctx, one, other.MemberID, org.Rep, nil, nil)) })
			all.Go(func() { codes[1] = fault.CodeOf(w.Org.SetRole(w.Ctx, other, one.MemberID, org.Rep, nil, nil)) })
			all.Wait()
			if (codes[0] == "") == (codes[1] == "") {
				t.Errorf("two at once: %q: one was no administrator any more when his came", codes)
			}
		}
	})
}

// sys is the program itself, whom nobody's powers bind.
func sys(t *testing.T, w *apptest.World) org.Actor {
	t.Helper()
	a, err := w.Org.System(w.Ctx, w.Admin.TenantID, "", "cli")
	must(t, err)
	return a
}
