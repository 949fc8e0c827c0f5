package identity_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/identity"

	"golang.org/x/crypto/argon2"
)

func TestASignInEndsTheSessionItReplaces(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		first, err := w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
		other, err := w.from("192.0.2.9", "chenlu", w.secret, "")
		must(t, err)
		next, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "chenlu", Secret: w.secret, Earlier: first.Token})
		must(t, err)
		for token, want := range map[string]string{first.Token: "org.session_ended", other.Token: "", next.Token: ""} {
			_, _, err := w.Identity.Authenticate(w.Ctx, token, "form")
			code(t, err, want)
		}
		// The trail says so, of whoever it was; a session that is over is ended no more.
		signedOut := func(of string) (n int) {
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT count(*) FROM journal WHERE kind = 'member.signed_out' AND subject_id = $1 AND actor_id = $1
					AND audited AND payload LIKE '%"replaced":true%'`, w.ID[of]).Scan(&n)
			}))
			return n
		}
		if n := signedOut("陈露"); n != 1 {
			t.Errorf("%d entries of a session that was replaced", n)
		}
		_, err = w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "chenlu", Secret: w.secret, Earlier: first.Token})
		must(t, err)
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["小李"], "xiaoli", w.secret))
		_, err = w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "xiaoli", Secret: w.secret, Earlier: other.Token})
		must(t, err)
		if hers, his := signedOut("陈露"), signedOut("小李"); hers != 2 || his != 0 {
			t.Errorf("another member in the same browser: %d entries of hers and %d of his", hers, his)
		}
		_, err = w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "chenlu", Secret: "wrong", Earlier: next.Token})
		code(t, err, "org.sign_in_failed")
		_, _, err = w.Identity.Authenticate(w.Ctx, next.Token, "form")
		must(t, err) // a wrong password ends nothing
	})
}

func TestAGivenPasswordIsGoodForAWeek(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		w.later(7 * 24 * time.Hour)
		_, err := w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
		w.later(time.Second)
		_, err = w.from("192.0.2.1", "chenlu", w.secret, "")
		code(t, err, "identity.password_expired")
		_, err = w.from("192.0.2.1", "chenlu", "wrong", "")
		code(t, err, "org.sign_in_failed") // who does not know it is told nothing
		w.secret = identity.NewSecret()
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], w.secret))
		_, err = w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
	})
}

func TestAnOlderHashIsMadeAnewAtTheNextSignIn(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		w.Identity.HashCost = identity.HashCost{} // as in the program
		salt, enc := []byte("sixteen bytes of"), base64.RawStdEncoding
		old := fmt.Sprintf("$argon2id$v=19$m=8192,t=1,p=1$%s$%s", enc.EncodeToString(salt),
			enc.EncodeToString(argon2.IDKey([]byte(w.secret), salt, 1, 8192, 1, 32)))
		must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
			return w.Identity.Rows.SetPassword(w.Ctx, tx, w.Admin.TenantID, w.ID["陈露"], identity.Password{Hash: old}, w.Clock.Now())
		}))
		for range 2 {
			_, err := w.from("192.0.2.1", "chenlu", w.secret, "")
			must(t, err)
		}
		if now := w.hashOf(t, "陈露"); !strings.HasPrefix(now, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("it is kept as %.40s", now)
		}
	})
}

// TestRecoveryCodesOutliveWhatHashesTake: codes are checked with what they were made with, so that
// asking more of new ones takes nobody's away.
func TestRecoveryCodesOutliveWhatHashesTake(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		_, codes, _ := w.withApp()
		w.Identity.HashCost = identity.HashCost{} // as in the program: more than they were made with
		_, err := w.shows(w.ticket("192.0.2.1", ""), codes[0])
		must(t, err)
	})
}

func TestResettingAPasswordKeepsTheSecondFactor(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, _, _ := w.withApp()
		w.secret = identity.NewSecret()
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], w.secret))
		_, err := w.shows(w.ticket("192.0.2.1", ""), a.code(0))
		must(t, err)
	})
}

func TestOwnSessionsAreEndedByWhoHasJustProvedHimself(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		mine, err := w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
		other, err := w.from("192.0.2.9", "chenlu", w.secret, "")
		must(t, err)
		code(t, w.Identity.EndOwn(w.Ctx, w.actor(), mine.Session, other.Session.ID), "identity.confirm_first")
		code(t, w.Identity.SignOutOthers(w.Ctx, w.actor(), mine.Session), "identity.confirm_first")
		in := w.proved(mine)
		must(t, w.Identity.EndOwn(w.Ctx, w.actor(), in, other.Session.ID))
		must(t, w.Identity.SignOutOthers(w.Ctx, w.actor(), in))
		must(t, w.Identity.EndOwn(w.Ctx, w.actor(), mine.Session, mine.Session.ID)) // one signs out as one is
	})
}
