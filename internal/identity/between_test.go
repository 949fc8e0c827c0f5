package identity_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/identity/passkeytest"
	"yunchou/internal/org"
)

// meanwhile has something happen at a place in a sign-in: where its second factor is read, which
// is after the password was looked at, or where its session is written.
type meanwhile struct {
	identity.Rows
	factor, session func()
}

func (m meanwhile) TOTP(ctx context.Context, tx database.Tx, of identity.Whose, confirmed bool) (identity.TOTP, error) {
	if m.factor != nil {
		m.factor()
	}
	return m.Rows.TOTP(ctx, tx, of, confirmed)
}

func (m meanwhile) InsertSession(ctx context.Context, tx database.Tx, s identity.Session, tokenHash string) error {
	if m.session != nil {
		m.session()
	}
	return m.Rows.InsertSession(ctx, tx, s, tokenHash)
}

// taken takes 陈露's sign-in; the administrator has one.
func (w people) taken() error {
	admin := w.As("管理员")
	if admin.Structure.Members[admin.MemberID].Login == "" {
		if err := w.Org.GiveLogin(w.Ctx, admin, admin.MemberID, "guanliyuan", identity.NewSecret()); err != nil {
			return err
		}
	}
	return w.Org.TakeLogin(w.Ctx, w.As("管理员"), w.ID["陈露"])
}

func (w people) live(t *testing.T) int {
	t.Helper()
	all, err := w.Identity.MySessions(w.Ctx, w.actor())
	must(t, err)
	return len(all)
}

// TestWhoseSignInWasTakenSignsInWithNothing: not with a passkey he made before either, nor with
// one half of a sign-in.
func TestWhoseSignInWasTakenSignsInWithNothing(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, codes, in := w.withApp()
		k := passkeytest.New(t, here.Origin, "crm.example")
		w.addPasskey(in, k)
		ticket := w.ticket("192.0.2.1", "")
		must(t, w.taken())
		_, err := w.byPasskey(k, here)
		code(t, err, "org.sign_in_failed")
		_, err = w.shows(ticket, a.code(0))
		code(t, err, "identity.ticket_over")
		if n := w.live(t); n != 0 {
			t.Errorf("%d sessions", n)
		}
		// Who gets a sign-in again has what he had: the factor is still asked for.
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", w.secret))
		_, err = w.shows(w.ticket("192.0.2.1", ""), codes[0])
		must(t, err)
	})
}

// TestASignInThatIsTakenMeanwhileOpensNothing: while the password was looked at.
func TestASignInThatIsTakenMeanwhileOpensNothing(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		rows := w.Identity.Rows
		var once sync.Once
		w.Identity.Rows = meanwhile{Rows: rows, factor: func() {
			once.Do(func() { must(t, w.taken()) })
		}}
		_, err := w.password("192.0.2.1", "")
		code(t, err, "org.sign_in_failed")
		if n := w.live(t); n != 0 {
			t.Errorf("%d sessions of somebody who signs in no more", n)
		}
	})
}

// TestASessionThatIsBeingOpenedDoesNotOutliveWhatEndsAllOfThem: between the look at the password
// and the commit.
func TestASessionThatIsBeingOpenedDoesNotOutliveWhatEndsAllOfThem(t *testing.T) {
	for what, end := range map[string]func(w people) error{
		"reset": func(w people) error {
			return w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], identity.NewSecret())
		},
		"taken": func(w people) error { return w.taken() },
		"ended": func(w people) error { return w.Identity.EndSessions(w.Ctx, w.As("管理员"), w.ID["陈露"], "") },
	} {
		t.Run(what, func(t *testing.T) {
			eachPeople(t, func(t *testing.T, w people) {
				rows, ended := w.Identity.Rows, make(chan error, 1)
				var once sync.Once
				w.Identity.Rows = meanwhile{Rows: rows, session: func() {
					once.Do(func() {
						go func() { ended <- end(w) }()
						select { // it may well have to wait for us
						case err := <-ended:
							ended <- err
						case <-time.After(500 * time.Millisecond):
						}
					})
				}}
				_, err := w.password("192.0.2.1", "")
				if err != nil {
					code(t, err, "org.sign_in_failed")
				}
				must(t, <-ended)
				if n := w.live(t); n != 0 {
					t.Errorf("%d sessions outlived it", n)
				}
			})
		})
	}
}

// TestWhatASessionBeganEndsWithIt: a request that was let in does not change what somebody signs
// in with once his sessions were ended.
func TestWhatASessionBeganEndsWithIt(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		in := w.signedIn()
		made, err := w.Identity.StartTOTP(w.Ctx, w.actor(), in)
		must(t, err)
		k := passkeytest.New(t, here.Origin, "crm.example")
		options, err := w.Identity.StartPasskey(w.Ctx, w.actor(), in, here)
		must(t, err)
		answer := k.Make(options)
		reset := identity.NewSecret()
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], reset))
		for what, act := range map[string]func() error{
			"a passkey": func() error {
				_, err := w.Identity.AddPasskey(w.Ctx, w.actor(), in, here, identity.NewPasskey{Name: "x", Answer: answer})
				return err
			},
			"an app": func() error {
				_, err := w.Identity.ConfirmTOTP(w.Ctx, w.actor(), in, app{w, made.Key}.code(0))
				return err
			},
			"the seed of an app": func() error { _, err := w.Identity.StartTOTP(w.Ctx, w.actor(), in); return err },
			"recovery codes":     func() error { _, err := w.Identity.NewRecovery(w.Ctx, w.actor(), in); return err },
			"no app":             func() error { return w.Identity.RemoveTOTP(w.Ctx, w.actor(), in) },
			"a proof":            func() error { return w.Identity.Confirm(w.Ctx, w.actor(), in, reset) },
		} {
			if got := fault.CodeOf(act()); got != "org.session_ended" {
				t.Errorf("a session that was ended makes %s: %q", what, got)
			}
		}
		f, err := w.Identity.Factors(w.Ctx, w.actor(), here)
		if must(t, err); f.TOTP != nil || len(f.Passkeys) != 0 {
			t.Errorf("it left %+v", f)
		}
	})
}

// TestAResetIsNotUndoneByWhoKnowsTheOldPassword: who says the old one while it is replaced does
// not put his own in its place.
func TestAResetIsNotUndoneByWhoKnowsTheOldPassword(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		in := w.signedIn()
		rows, mine := w.Identity.Rows, "another long enough secret"
		var once sync.Once
		given := identity.NewSecret()
		w.Identity.Rows = passwordRead{Rows: rows, then: func() {
			once.Do(func() { must(t, w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], given)) })
		}}
		_ = in
		if err := w.Identity.ChangePassword(w.Ctx, w.actor(), w.secret, mine); err == nil {
			t.Error("the old password set a new one after a reset")
		}
		_, err := w.from("192.0.2.8", "chenlu", given, "")
		must(t, err)
	})
}

// passwordRead has something happen after a password was read.
type passwordRead struct {
	identity.Rows
	then func()
}

func (m passwordRead) SaveBudget(ctx context.Context, tx database.Tx, b identity.Budget) error {
	go m.then() // beside this write, which comes between the look and the change
	time.Sleep(300 * time.Millisecond)
	return m.Rows.SaveBudget(ctx, tx, b)
}

// TestWhoHasTheSameNameElsewhereBuysNoGuesses: of a name two companies have, who signs in to one
// does not give back what was guessed of the other.
func TestWhoHasTheSameNameElsewhereBuysNoGuesses(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		mine := identity.NewSecret()
		second := w.second(t, mine)
		victim := w.actor().TenantID
		guesses := 0
		for round := range 4 {
			for i := range identity.FreeOfName {
				at := identity.Attempt{Login: "chenlu", Secret: "a guess of it", Company: victim, Address: fmt.Sprintf("198.51.%d.%d", round, i)}
				if _, err := w.Identity.SignIn(w.Ctx, at); fault.CodeOf(err) == "org.sign_in_failed" {
					guesses++
				}
				at.Secret, at.Company, at.Address = mine, second.TenantID, fmt.Sprintf("203.0.%d.%d", round, i)
				_, _ = w.Identity.SignIn(w.Ctx, at) //nolint:errcheck // it waits by now
			}
			w.later(time.Minute)
		}
		// Four minutes: those that are free, and one for each 2, 4, … 128 seconds of waiting.
		if guesses > identity.FreeOfName+7 {
			t.Errorf("%d guesses in four minutes", guesses)
		}
	})
}

// TestSomebodyAdministersTomorrow: the last administrator who can sign in keeps that, also where
// another is there who is to leave.
func TestSomebodyAdministersTomorrow(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		must(t, w.Org.SetRole(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Admin, nil, nil))
		must(t, w.Org.GiveLogin(w.Ctx, w.As("陈露"), w.Admin.MemberID, "guanliyuan", identity.NewSecret()))
		leaves := w.actor().Today.Add(1)
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], leaves)
		must(t, err)
		code(t, w.Org.TakeLogin(w.Ctx, w.As("陈露"), w.Admin.MemberID), "org.last_admin")
	})
}

// TestAPasskeyAndItsCopyDoNotSignAtOnce: both show the next number of the counter, each for a
// challenge of its own, and neither has seen the other.
func TestAPasskeyAndItsCopyDoNotSignAtOnce(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		k := passkeytest.New(t, here.Origin, "crm.example")
		k.Count = 5
		w.addPasskey(w.signedIn(), k)
		rows, copied := w.Identity.Rows, *k
		both := make(chan error, 2)
		read := &sync.WaitGroup{}
		read.Add(2)
		w.Identity.Rows = together{Rows: rows, read: read}
		for i, key := range []*passkeytest.Key{k, &copied} {
			from := browser(fmt.Sprintf("192.0.2.%d", i+1), "")
			from.Start = fmt.Sprint("page ", i)
			options, err := w.Identity.StartPasskeySignIn(w.Ctx, here, from)
			must(t, err)
			answer := key.Sign(options)
			go func() {
				_, err := w.Identity.SignInByPasskey(w.Ctx, here, from, answer)
				both <- err
			}()
		}
		refused := 0
		for range 2 {
			if err := <-both; err != nil {
				code(t, err, "identity.passkey_refused")
				refused++
			}
		}
		if refused != 1 {
			t.Errorf("%d of a passkey and its copy were refused", refused)
		}
	})
}

// together has both read a passkey before either goes on.
type together struct {
	identity.Rows
	read *sync.WaitGroup
}

func (m together) PasskeyByCredential(ctx context.Context, tx database.Tx, credentialHash string) (identity.Passkey, error) {
	p, err := m.Rows.PasskeyByCredential(ctx, tx, credentialHash)
	m.read.Done()
	m.read.Wait()
	return p, err
}
