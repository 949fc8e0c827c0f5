package identity_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/identity/passkeytest"
	"yunchou/internal/org"

	"github.com/pquerna/otp/totp"
)

const page = "the token of the page"

var here = identity.Site{Origin: "https://crm.example"}

// browser is a page somebody signs in on.
func browser(address, device string) identity.From {
	return identity.From{Address: address, Device: device, Start: page, Agent: "x"}
}

func (w people) actor() org.Actor { return w.As("陈露") }

// signedIn is 陈露 signed in and proved once more, without a factor yet.
func (w people) signedIn() identity.Session {
	w.T.Helper()
	s, err := w.password("192.0.2.1", "")
	must(w.T.(*testing.T), err)
	return w.proved(s)
}

func (w people) proved(s identity.Signed) identity.Session {
	w.T.Helper()
	t := w.T.(*testing.T)
	must(t, w.Identity.Confirm(w.Ctx, w.actor(), s.Session, w.secret))
	session, _, err := w.Identity.Authenticate(w.Ctx, s.Token, "form")
	must(t, err)
	return session
}

func (w people) password(address, device string) (identity.Signed, error) {
	return w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "chenlu", Secret: w.secret, Address: address, Device: device, Start: page, Agent: "x"})
}

// app is an authenticator app with 陈露's seed.
type app struct {
	w    people
	seed string
}

func (a app) code(drift time.Duration) string {
	a.w.T.Helper()
	code, err := totp.GenerateCode(a.seed, a.w.Clock.Now().Add(drift))
	if err != nil {
		a.w.T.Fatal(err)
	}
	return code
}

// withApp sets an authenticator app up; the first code is used, and the next half minute has come.
func (w people) withApp() (app, []string, identity.Session) {
	w.T.Helper()
	t := w.T.(*testing.T)
	in := w.signedIn()
	made, err := w.Identity.StartTOTP(w.Ctx, w.actor(), in)
	must(t, err)
	a := app{w, made.Key}
	codes, err := w.Identity.ConfirmTOTP(w.Ctx, w.actor(), in, a.code(0))
	must(t, err)
	w.later(time.Minute)
	return a, codes, in
}

func (w people) ticket(address, device string) string {
	w.T.Helper()
	s, err := w.password(address, device)
	if err != nil || s.Ticket == "" || s.Token != "" {
		w.T.Fatalf("no ticket: %+v %v", s, err)
	}
	return s.Ticket
}

func (w people) shows(ticket, code string) (identity.Signed, error) {
	return w.Identity.SecondByCode(w.Ctx, ticket, code, browser("192.0.2.1", ""))
}

func TestAnAppCountsWithItsFirstCodeAndThenEverySignInAsksForOne(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		in := w.signedIn()
		other, err := w.password("192.0.2.9", "")
		must(t, err)
		made, err := w.Identity.StartTOTP(w.Ctx, w.actor(), in)
		must(t, err)
		if !strings.HasPrefix(made.QR, "data:image/png;base64,") || !strings.Contains(made.Address, made.Key) {
			t.Errorf("the seed is not shown: %.60s %s", made.QR, made.Address)
		}
		if s, err := w.password("192.0.2.1", ""); err != nil || s.Ticket != "" {
			t.Errorf("before the first code: %+v %v", s, err)
		}
		a := app{w, made.Key}
		_, err = w.Identity.ConfirmTOTP(w.Ctx, w.actor(), in, "000000")
		code(t, err, "identity.code_wrong")
		codes, err := w.Identity.ConfirmTOTP(w.Ctx, w.actor(), in, a.code(0))
		must(t, err)
		if len(codes) != 10 || len(codes[0]) != 19 {
			t.Errorf("recovery codes: %q", codes)
		}
		_, _, err = w.Identity.Authenticate(w.Ctx, other.Token, "form")
		code(t, err, "org.session_ended") // every other session ended
		_, err = w.shows(w.ticket("192.0.2.1", ""), a.code(0))
		code(t, err, "identity.code_wrong") // the first code was used
		w.later(time.Minute)
		signed, err := w.shows(w.ticket("192.0.2.1", ""), a.code(0))
		must(t, err)
		if _, _, err := w.Identity.Authenticate(w.Ctx, signed.Token, "form"); err != nil {
			t.Error(err)
		}
		s, err := w.password("192.0.2.1", signed.Device)
		if must(t, err); s.Ticket == "" {
			t.Error("a known device was let in by the password alone")
		}
		w.Again([]string{""})
	})
}

func TestACodeIsGoodOnceAndHalfAMinuteEarlyOrLate(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, _, _ := w.withApp()
		for _, drift := range []time.Duration{-61 * time.Second, 61 * time.Second} {
			_, err := w.shows(w.ticket("192.0.2.1", ""), a.code(drift))
			code(t, err, "identity.code_wrong")
		}
		late, now, early := a.code(-30*time.Second), a.code(0), a.code(30*time.Second)
		for _, c := range []string{late, now} {
			_, err := w.shows(w.ticket("192.0.2.1", ""), c)
			must(t, err)
		}
		for _, c := range []string{now, late} { // used, and older than what was used
			_, err := w.shows(w.ticket("192.0.2.1", ""), c)
			code(t, err, "identity.code_wrong")
		}
		_, err := w.shows(w.ticket("192.0.2.1", ""), early)
		must(t, err)
	})
}

func TestOfTwoWithTheSameCodeAtOnceOneIsRight(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, codes, _ := w.withApp()
		for _, c := range []string{a.code(0), codes[0]} {
			var mu sync.Mutex
			var all sync.WaitGroup
			got := map[string]int{}
			for range 4 {
				ticket := w.ticket("192.0.2.1", "")
				all.Go(func() {
					_, err := w.shows(ticket, c)
					mu.Lock()
					defer mu.Unlock()
					got[fault.CodeOf(err)]++
				})
			}
			all.Wait()
			if got[""] != 1 || got["identity.code_wrong"]+got["identity.wait"] != 3 {
				t.Errorf("of four: %v", got)
			}
			w.later(time.Hour)
		}
	})
}

func TestATicketIsOfOnePageFiveMinutesAndOneSignIn(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, _, _ := w.withApp()
		ticket := w.ticket("192.0.2.1", "")
		stolen := browser("192.0.2.1", "")
		stolen.Start = "another page"
		_, err := w.Identity.SecondByCode(w.Ctx, ticket, a.code(0), stolen)
		code(t, err, "identity.ticket_over")
		_, err = w.shows("invented", a.code(0))
		code(t, err, "identity.ticket_over")
		_, err = w.shows(ticket, a.code(0))
		must(t, err)
		_, err = w.shows(ticket, a.code(30*time.Second))
		code(t, err, "identity.ticket_over")
		ticket = w.ticket("192.0.2.1", "")
		w.later(5 * time.Minute)
		_, err = w.shows(ticket, a.code(0))
		code(t, err, "identity.ticket_over")
		ticket = w.ticket("192.0.2.1", "")
		next := identity.NewSecret()
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], next))
		_, err = w.shows(ticket, a.code(0))
		code(t, err, "identity.ticket_over") // the password is another by now
	})
}

func TestCodesAreNotGuessedAndNobodyIsLockedOut(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, _, _ := w.withApp()
		first, err := w.shows(w.ticket("192.0.2.1", ""), a.code(0))
		must(t, err)
		ticket := w.ticket("192.0.2.1", "")
		for range identity.FreeOfCode {
			_, err := w.shows(ticket, "000000")
			code(t, err, "identity.code_wrong")
		}
		_, err = w.shows(ticket, "nothing-but-guessed")
		code(t, err, "identity.wait")
		known := browser("203.0.113.5", first.Device)
		_, err = w.Identity.SecondByCode(w.Ctx, w.ticket("203.0.113.5", first.Device), a.code(30*time.Second), known)
		must(t, err) // the member's own device does not wait for another's guesses
		w.later(31 * time.Second)
		_, err = w.shows(w.ticket("192.0.2.77", ""), a.code(30*time.Second))
		must(t, err) // and a moment is enough for any other
	})
}

func TestTheFirstAnswerTellsNothingOfFactors(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		_, _, _ = w.withApp()
		for _, login := range []string{"chenlu", "nobody-at-all"} {
			_, err := w.from("192.0.2.1", login, "wrong", "")
			code(t, err, "org.sign_in_failed")
		}
	})
}

func TestARecoveryCodeIsGoodOnceAndANewSetReplacesTheOld(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		_, codes, _ := w.withApp()
		typed := strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))
		signed, err := w.shows(w.ticket("192.0.2.1", ""), typed)
		must(t, err)
		_, err = w.shows(w.ticket("192.0.2.1", ""), codes[3])
		code(t, err, "identity.code_wrong")
		f, err := w.Identity.Factors(w.Ctx, w.actor(), here)
		if must(t, err); f.RecoveryLeft != 9 {
			t.Errorf("%d are left", f.RecoveryLeft)
		}
		_, err = w.Identity.NewRecovery(w.Ctx, w.actor(), signed.Session)
		code(t, err, "identity.confirm_first")
		next, err := w.Identity.NewRecovery(w.Ctx, w.actor(), w.proved(signed))
		must(t, err)
		_, err = w.shows(w.ticket("192.0.2.1", ""), codes[4])
		code(t, err, "identity.code_wrong")
		_, err = w.shows(w.ticket("192.0.2.1", ""), next[4])
		must(t, err)
		w.Again([]string{""})
	})
}

func TestWhatOneSignsInWithIsChangedByWhoHasJustProvedHimself(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		s, err := w.password("192.0.2.1", "")
		must(t, err)
		_, err = w.Identity.StartTOTP(w.Ctx, w.actor(), s.Session)
		code(t, err, "identity.confirm_first")
		_, err = w.Identity.StartPasskey(w.Ctx, w.actor(), s.Session, here)
		code(t, err, "identity.confirm_first")
		code(t, w.Identity.Confirm(w.Ctx, w.actor(), s.Session, "wrong"), "org.password_wrong")
		in := w.proved(s)
		w.later(11 * time.Minute)
		for _, err := range []error{w.Identity.RemoveTOTP(w.Ctx, w.actor(), in), w.Identity.RemovePasskey(w.Ctx, w.actor(), in, "x")} {
			code(t, err, "identity.confirm_first")
		}
		for range identity.FreeOfName {
			code(t, w.Identity.Confirm(w.Ctx, w.actor(), in, "wrong"), "org.password_wrong")
		}
		code(t, w.Identity.Confirm(w.Ctx, w.actor(), in, w.secret), "identity.wait")
	})
}

func TestTheLastFactorStaysWhereTheRoleNeedsOne(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		_, _, in := w.withApp()
		boss := w.As("管理员")
		code(t, w.Identity.SaveFactorPolicy(w.Ctx, w.As("陈露"), []org.RoleKey{org.Rep}), "org.permission_missing")
		code(t, w.Identity.SaveFactorPolicy(w.Ctx, boss, []org.RoleKey{"nothing"}), "org.role_unknown")
		n, err := w.Identity.WouldAffect(w.Ctx, boss, []org.RoleKey{org.Rep, org.Manager})
		if must(t, err); n != (identity.Affected{Members: 1}) {
			t.Errorf("affected: %+v", n) // nobody else signs in
		}
		must(t, w.Identity.SaveFactorPolicy(w.Ctx, boss, []org.RoleKey{org.Rep}))
		boss.IfMatch = 1
		code(t, w.Identity.SaveFactorPolicy(w.Ctx, boss, nil), "record.stale")
		code(t, w.Identity.RemoveTOTP(w.Ctx, w.actor(), in), "identity.last_factor")
		k := passkeytest.New(t, here.Origin, "crm.example")
		w.addPasskey(in, k)
		must(t, w.Identity.RemoveTOTP(w.Ctx, w.actor(), in))
		f, err := w.Identity.Factors(w.Ctx, w.actor(), here)
		must(t, err)
		code(t, w.Identity.RemovePasskey(w.Ctx, w.actor(), in, f.Passkeys[0].ID), "identity.last_factor")
		boss.IfMatch = 2
		must(t, w.Identity.SaveFactorPolicy(w.Ctx, boss, []org.RoleKey{}))
		must(t, w.Identity.RemovePasskey(w.Ctx, w.actor(), in, f.Passkeys[0].ID))
		f, err = w.Identity.Factors(w.Ctx, w.actor(), here)
		if must(t, err); len(f.Passkeys) != 0 || f.TOTP != nil || f.RecoveryLeft != 0 {
			t.Errorf("left: %+v", f)
		}
		w.Again([]string{""}, "second_factor_policy")
	})
}

func TestWhoseRoleNeedsAFactorHasToSetOneUp(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		s, err := w.password("192.0.2.1", "")
		must(t, err)
		due := func(want identity.Due) identity.Session {
			t.Helper()
			in, _, err := w.Identity.Authenticate(w.Ctx, s.Token, "form")
			if must(t, err); in.Due() != want {
				t.Errorf("due is %q, want %q", in.Due(), want)
			}
			return in
		}
		due(identity.DuePassword) // given by the administrator
		next := identity.NewSecret()
		must(t, w.Identity.ChangePassword(w.Ctx, w.actor(), w.secret, next))
		w.secret = next
		s, err = w.password("192.0.2.1", "")
		must(t, err)
		due("")
		must(t, w.Identity.SaveFactorPolicy(w.Ctx, w.As("管理员"), []org.RoleKey{org.Rep, org.Admin}))
		due(identity.DueFactor) // sessions that are open too
		made, err := w.Identity.StartTOTP(w.Ctx, w.actor(), w.proved(s))
		must(t, err)
		due(identity.DueFactor) // begun is not done
		_, err = w.Identity.ConfirmTOTP(w.Ctx, w.actor(), w.proved(s), app{w, made.Key}.code(0))
		must(t, err)
		due("")
	})
}

func TestAnAdministratorHelpsWhoHasLostEverything(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		_, _, in := w.withApp()
		w.addPasskey(in, passkeytest.New(t, here.Origin, "crm.example"))
		code(t, w.Identity.RemoveFactors(w.Ctx, w.As("蒋跃"), w.ID["陈露"]), "org.permission_missing")
		code(t, w.Identity.RemoveFactors(w.Ctx, w.As("管理员"), w.ID["小李"]), "identity.no_factor")
		f, err := w.Identity.FactorsOf(w.Ctx, w.As("管理员"), w.ID["陈露"])
		if must(t, err); f.TOTP == nil || len(f.Passkeys) != 1 || f.RecoveryLeft != 10 {
			t.Errorf("%+v", f)
		}
		must(t, w.Identity.RemoveFactors(w.Ctx, w.As("管理员"), w.ID["陈露"]))
		list, err := w.Identity.MySessions(w.Ctx, w.actor())
		if must(t, err); len(list) != 0 {
			t.Errorf("%d sessions are open", len(list))
		}
		s, err := w.password("192.0.2.1", "")
		if must(t, err); s.Ticket != "" || s.Session.Due() != identity.DuePassword {
			t.Errorf("afterwards: %+v", s)
		}
		w.Again([]string{""})
	})
}

func TestSeedsAreSealedOutsideTheDatabase(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, codes, _ := w.withApp()
		var sealed string
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			return tx.QueryRow(w.Ctx, `SELECT sealed FROM totp`).Scan(&sealed)
		}))
		if strings.Contains(sealed, a.seed) {
			t.Error("the seed lies open in the database")
		}
		file := filepath.Join(w.Dir, identity.KeyFileName)
		about, err := os.Stat(file)
		if must(t, err); about.Mode().Perm() != 0o600 {
			t.Errorf("others read the key: %s", about.Mode())
		}
		w.Identity.Key = identity.KeyIn(w.Dir) // a new process
		_, err = w.shows(w.ticket("192.0.2.1", ""), a.code(0))
		must(t, err)
		logged := &strings.Builder{}
		log := slog.New(slog.NewTextHandler(logged, nil))
		if must(t, w.Identity.CheckKey(w.Ctx, log)); logged.Len() > 0 {
			t.Errorf("the right key: %s", logged)
		}
		for _, k := range []*identity.Key{identity.KeyIn(t.TempDir()), identity.KeyIn("")} { // restored elsewhere
			w.Identity.Key = k
			want := "identity.other_key"
			if k.Path == "" {
				want = "identity.no_key"
			}
			_, err = w.shows(w.ticket("192.0.2.1", ""), a.code(30*time.Second))
			code(t, err, want)
			logged.Reset()
			if must(t, w.Identity.CheckKey(w.Ctx, log)); !strings.Contains(logged.String(), "another key") {
				t.Errorf("the operator is told %q", logged)
			}
		}
		_, err = w.shows(w.ticket("192.0.2.1", ""), codes[0])
		must(t, err) // recovery codes need no key
		code(t, w.Identity.SaveFactorPolicy(w.Ctx, w.As("管理员"), []org.RoleKey{org.Rep}), "identity.no_key")
	})
}

func TestFactorsOfMorePowerfulPeopleAreNobodysToRemove(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		secret := identity.NewSecret()
		w.ID["管理员"] = w.Admin.MemberID
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["管理员"], "admin", secret))
		s, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "admin", Secret: secret, Start: page})
		must(t, err)
		must(t, w.Identity.Confirm(w.Ctx, w.As("管理员"), s.Session, secret))
		in, _, err := w.Identity.Authenticate(w.Ctx, s.Token, "form")
		must(t, err)
		made, err := w.Identity.StartTOTP(w.Ctx, w.As("管理员"), in)
		must(t, err)
		_, err = w.Identity.ConfirmTOTP(w.Ctx, w.As("管理员"), in, app{w, made.Key}.code(0))
		must(t, err)
		w.AddMember("运营", w.ID["公司"], false, org.Operations)
		ops := w.As("运营")
		code(t, w.Identity.RemoveFactors(w.Ctx, ops, w.ID["管理员"]), "org.beyond_own_powers")
		_, err = w.Identity.FactorsOf(w.Ctx, ops, w.ID["管理员"])
		code(t, err, "org.beyond_own_powers")
		code(t, w.Identity.RemoveFactors(w.Ctx, w.As("管理员"), w.ID["管理员"]), "org.own_sign_in")
		code(t, w.Identity.SaveFactorPolicy(w.Ctx, ops, []org.RoleKey{org.Admin}), "org.beyond_own_powers")
		must(t, w.Identity.SaveFactorPolicy(w.Ctx, w.As("管理员"), []org.RoleKey{org.Admin}))
		code(t, w.Identity.SaveFactorPolicy(w.Ctx, ops, []org.RoleKey{}), "org.beyond_own_powers")
		must(t, w.Identity.SaveFactorPolicy(w.Ctx, ops, []org.RoleKey{org.Admin, org.Rep}))
	})
}
