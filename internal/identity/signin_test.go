package identity_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(t *testing.T, err error, want string) {
	t.Helper()
	if fault.CodeOf(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// people is a world in which 陈露 signs in as chenlu.
type people struct {
	*apptest.World
	secret string
}

func eachPeople(t *testing.T, test func(t *testing.T, w people)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := people{apptest.New(t, db), identity.NewSecret()}
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", w.secret))
		test(t, w)
	})
}

// from signs in with a password from an address.
func (w people) from(address, login, secret, device string) (identity.Signed, error) {
	return w.Identity.SignIn(w.Ctx, identity.Attempt{Login: login, Secret: secret, Address: address, Device: device, Agent: "x"})
}

func TestNobodyLocksAnybodyOut(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		mine, err := w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
		for i := range identity.FreeOfName {
			_, err := w.from(fmt.Sprintf("198.51.100.%d", i), "chenlu", "wrong", "")
			code(t, err, "org.sign_in_failed")
		}
		_, err = w.from("198.51.100.99", "chenlu", "wrong", "")
		code(t, err, "identity.wait")
		if f := fault.As(err); f == nil || f.RetryAfter != 2 {
			t.Errorf("it says when: %+v", f)
		}
		_, err = w.from("203.0.113.1", "chenlu", w.secret, "a device of mine, as I say")
		code(t, err, "identity.wait")
		again, err := w.from("203.0.113.1", "chenlu", w.secret, mine.Device)
		must(t, err) // from the device that is known
		_, err = w.from("203.0.113.1", "chenlu", w.secret, mine.Device)
		code(t, err, "identity.wait") // each token of a device is good for one sign-in
		w.later(2 * time.Second)
		_, err = w.from("203.0.113.2", "chenlu", w.secret, "")
		must(t, err) // a moment is enough for everybody else
		_, err = w.from("203.0.113.1", "chenlu", "wrong", again.Device)
		code(t, err, "org.sign_in_failed")
	})
}

func (w people) later(d time.Duration) { w.Clock.Move(d) }

func TestANameNobodyHasIsAnsweredAsOneThatIsThere(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		for _, login := range []string{"chenlu", "nobody-at-all"} {
			var told []string
			for i := range identity.FreeOfName + 3 {
				_, err := w.from(fmt.Sprintf("198.51.100.%d", i), login, "wrong", "")
				told = append(told, fmt.Sprint(err, fault.As(err).RetryAfter))
			}
			want := "org.sign_in_failed: wrong name or password 0"
			if told[0] != want || told[identity.FreeOfName-1] != want || told[identity.FreeOfName] != told[identity.FreeOfName+2] {
				t.Errorf("%s: %q", login, told)
			}
			if login == "nobody-at-all" && told[identity.FreeOfName] != "identity.wait: too many tries; wait before the next 2" {
				t.Errorf("%s: %q", login, told)
			}
		}
	})
}

func TestGuessesAtOnceAreNoMoreThanTheBudget(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		var mu sync.Mutex
		var all sync.WaitGroup
		counts := map[string]int{}
		for i := range 40 {
			all.Go(func() {
				_, err := w.from(fmt.Sprintf("198.51.100.%d", i), "chenlu", "wrong", "")
				mu.Lock()
				defer mu.Unlock()
				counts[fault.CodeOf(err)]++
			})
		}
		all.Wait()
		if counts["org.sign_in_failed"] != identity.FreeOfName || counts["identity.wait"] != 40-identity.FreeOfName {
			t.Errorf("of 40 guesses at once: %v", counts)
		}
	})
}

func TestAllAddressesTogetherHaveACeilingAndNothingIsRemembered(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		for i := range identity.PerMinute {
			must(t, w.Identity.Guess(w.Ctx, fmt.Sprint("name", i), fmt.Sprint("address", i)))
		}
		code(t, w.Identity.Guess(w.Ctx, "another", "elsewhere"), "identity.wait")
		w.later(time.Minute)
		must(t, w.Identity.Guess(w.Ctx, "another", "elsewhere"))
		for range identity.FreeOfAddress - 1 { // one address, many names
			must(t, w.Identity.Guess(w.Ctx, identity.NewSecret(), "elsewhere"))
		}
		code(t, w.Identity.Guess(w.Ctx, "one more", "elsewhere"), "identity.wait")
		w.later(3 * time.Hour)
		must(t, w.Identity.Guess(w.Ctx, "another", "elsewhere"))
		rows := 0
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			return tx.QueryRow(w.Ctx, `SELECT count(*) FROM sign_in_budget`).Scan(&rows)
		}))
		if rows > 3 {
			t.Errorf("%d rows are kept", rows)
		}
	})
}

func TestAPresentPasswordIsNotGuessedEither(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		for range identity.FreeOfName {
			code(t, w.Identity.ChangePassword(w.Ctx, w.As("陈露"), "wrong", identity.NewSecret()), "org.password_wrong")
		}
		code(t, w.Identity.ChangePassword(w.Ctx, w.As("陈露"), w.secret, identity.NewSecret()), "identity.wait")
		w.later(2 * time.Second)
		code(t, w.Identity.ChangePassword(w.Ctx, w.As("陈露"), w.secret, w.secret), "identity.password_same")
		w.later(time.Hour)
		must(t, w.Identity.ChangePassword(w.Ctx, w.As("陈露"), w.secret, identity.NewSecret()))
	})
}

func TestAnotherPasswordEndsEverySession(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		for name, change := range map[string]func(next string) error{
			"reset": func(next string) error {
				return w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], next)
			},
			"given anew": func(next string) error {
				return w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["陈露"], "chenlu", next)
			},
			"changed": func(next string) error { return w.Identity.ChangePassword(w.Ctx, w.As("陈露"), w.secret, next) },
		} {
			one, err := w.from("192.0.2.1", "chenlu", w.secret, "")
			must(t, err)
			next := identity.NewSecret()
			must(t, change(next))
			w.secret = next
			_, _, err = w.Identity.Authenticate(w.Ctx, one.Token, "form")
			code(t, err, "org.session_ended")
			list, err := w.Identity.MySessions(w.Ctx, w.As("陈露"))
			if must(t, err); len(list) != 0 {
				t.Errorf("%s: %d sessions are open", name, len(list))
			}
		}
	})
}

func TestAnAdministratorEndsTheSessionsOfOthersOneOrAll(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		var open []identity.Signed
		for range 3 {
			one, err := w.from("192.0.2.1", "chenlu", w.secret, "")
			must(t, err)
			open = append(open, one)
		}
		_, err := w.Identity.SessionsOf(w.Ctx, w.As("蒋跃"), w.ID["陈露"])
		code(t, err, "org.permission_missing")
		list, err := w.Identity.SessionsOf(w.Ctx, w.As("管理员"), w.ID["陈露"])
		if must(t, err); len(list) != 3 {
			t.Errorf("%d sessions, want 3", len(list))
		}
		must(t, w.Identity.EndSessions(w.Ctx, w.As("管理员"), w.ID["陈露"], open[0].Session.ID))
		code(t, w.Identity.EndSessions(w.Ctx, w.As("管理员"), w.ID["陈露"], open[0].Session.ID), "org.session_unknown")
		code(t, w.Identity.EndSessions(w.Ctx, w.As("管理员"), w.ID["小李"], open[1].Session.ID), "org.session_unknown")
		_, _, err = w.Identity.Authenticate(w.Ctx, open[1].Token, "form")
		must(t, err)
		must(t, w.Identity.EndSessions(w.Ctx, w.As("管理员"), w.ID["陈露"], ""))
		for _, one := range open {
			_, _, err := w.Identity.Authenticate(w.Ctx, one.Token, "form")
			code(t, err, "org.session_ended")
		}
		w.Again([]string{""})
	})
}

func TestSessionsLastAsLongAsTheCompanySays(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a := w.As("管理员")
		for _, p := range []identity.Policy{{4, 8, 0}, {10081, 8, 0}, {30, 0, 0}, {30, 721, 0}} {
			code(t, w.Identity.SavePolicy(w.Ctx, a, p), "input.out_of_range")
		}
		code(t, w.Identity.SavePolicy(w.Ctx, w.As("陈露"), identity.Policy{IdleMinutes: 30, AbsoluteHours: 8}), "org.permission_missing")
		open, err := w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
		alive := func(want string) {
			t.Helper()
			_, _, err := w.Identity.Authenticate(w.Ctx, open.Token, "form")
			code(t, err, want)
		}
		a.IfMatch = 1
		must(t, w.Identity.SavePolicy(w.Ctx, a, identity.Policy{IdleMinutes: 30, AbsoluteHours: 2}))
		code(t, w.Identity.SavePolicy(w.Ctx, a, identity.Policy{IdleMinutes: 30, AbsoluteHours: 2}), "record.stale")
		for range 4 { // in use, it ends after two hours, though it was opened for longer
			w.later(29 * time.Minute)
			alive("")
		}
		w.later(5 * time.Minute)
		alive("org.session_ended")
		open, err = w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
		w.later(31 * time.Minute) // left alone, after half an hour
		alive("org.session_ended")
		w.Again([]string{""}, "sign_in_policy")
	})
}

func TestAPasswordIsLongAndNotWhatManyChoose(t *testing.T) {
	of := org.Secret{Pointer: "/password", Login: "chenlu", Name: "陈露", Company: "衡远智能装备"}
	for secret, want := range map[string]string{
		"short 14 chars":                      "org.password_length",
		"correct horse battery":               "",
		"一二三四五六七八九十甲乙丙丁戊":                     "",
		"passwordpassword":                    "identity.password_common",
		"Password1234567890":                  "identity.password_common",
		"123456789012345":                     "identity.password_common",
		"woaini13145201314":                   "identity.password_common",
		"1qaz2wsx3edc4rfv5tgb":                "identity.password_common",
		"aaaaaaaaaaaaaaaaaaaa":                "identity.password_common",
		"abcabcabcabcabcabc":                  "identity.password_common",
		"thequickbrownfoxjumpsoverthelazydog": "identity.password_common",
		"chenlu20260302chenlu":                "identity.password_personal",
		"衡远智能装备衡远智能装备2026!":                   "identity.password_personal",
		"yunchou.chenlu.2026":                 "identity.password_personal",
	} {
		of.Text = secret
		if err := identity.CheckPassword(of); fault.CodeOf(err) != want {
			t.Errorf("%q: %v, want %q", secret, err, want)
		}
	}
	for range 200 { // what we make ourselves passes
		of.Text = identity.NewSecret()
		must(t, identity.CheckPassword(of))
	}
}
