package identity_test

import (
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

// second makes another company in which the administrator signs in as chenlu, too.
func (w people) second(t *testing.T, secret string) org.Actor {
	t.Helper()
	a, err := w.NewCompany(w.Ctx, org.Setup{Company: "第二家有限公司", AdminName: "陈璐", Login: "ChenLu", Secret: secret})
	must(t, err)
	return a
}

// TestTwoCompaniesMayHaveTheSameSignInName: who says the company, by its name as people write
// it or by its id, signs in there; who does not is answered like somebody nobody knows, with
// either password, unless from a device that says it.
func TestTwoCompaniesMayHaveTheSameSignInName(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		alone, err := w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
		other := identity.NewSecret()
		second := w.second(t, other)
		first := w.As("管理员").TenantID

		for _, x := range []struct{ company, secret, want string }{
			{"", w.secret, ""}, {"", other, ""},
			{"第二家", w.secret, ""}, {"没有这家", other, ""}, {"' OR 1=1", other, ""},
			{"测试公司", other, ""}, {"测试公司", w.secret, first}, {first, w.secret, first},
			{"第二家", other, second.TenantID}, {" 第二家 有限公司 ", other, second.TenantID}, {second.TenantID, other, second.TenantID},
		} {
			w.Clock.Move(20 * time.Minute) // guesses of a name are of both
			signed, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "chenlu", Secret: x.secret, Company: x.company, Address: "192.0.2.7"})
			if x.want == "" {
				code(t, err, "org.sign_in_failed")
			} else if must(t, err); signed.Session.TenantID != x.want {
				t.Errorf("%q signs in to %s, want %s", x.company, signed.Session.TenantID, x.want)
			}
		}
		again, err := w.from("192.0.2.1", "chenlu", w.secret, alone.Device)
		must(t, err)
		if again.Session.TenantID != first {
			t.Error("a known device signs in to another company")
		}
	})
}

// TestASignInNameIsFreedInItsCompanyAlone: leaving one company takes nobody's name in another.
func TestASignInNameIsFreedInItsCompanyAlone(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		other := identity.NewSecret()
		second := w.second(t, other)
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], "")
		must(t, err)
		signed, err := w.from("192.0.2.1", "chenlu", other, "")
		must(t, err)
		if signed.Session.TenantID != second.TenantID {
			t.Error("signs in to another company")
		}
		// And within one company a name stays one member's.
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["何峰"], "chenlu", w.secret))
		code(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["周涛"], "chenlu", w.secret), "org.login_taken")
	})
}

// TestTwoCompaniesDoNotHaveOneName: neither when one is made nor when one is renamed.
func TestTwoCompaniesDoNotHaveOneName(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, name := range []string{"测试公司", "测试", "测 试 有限公司", "测试\u200b公司"} {
			_, err := w.NewCompany(w.Ctx, org.Setup{Company: name})
			code(t, err, "org.company_name_taken")
		}
		second, err := w.NewCompany(w.Ctx, org.Setup{Company: "第二家"})
		must(t, err)
		code(t, w.Org.SaveSettings(w.Ctx, second, org.Settings{Name: "测试", BackdateDays: 60}), "org.company_name_taken")
		must(t, w.Org.SaveSettings(w.Ctx, second, org.Settings{Name: "第二家股份有限公司", BackdateDays: 60}))
	})
}
