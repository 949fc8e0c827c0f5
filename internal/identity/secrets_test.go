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

// TestAPasswordIsTakenAsItIsTyped: nothing is cut off, folded or trimmed, and it is good until
// its owner chooses another.
func TestAPasswordIsTakenAsItIsTyped(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		present := w.secret
		for _, next := range []string{
			strings.Repeat("Ab cd9 ", 28) + "Ende", // 200 characters
			" spaces before and after ",
			"ＦＵＬＬ width ａｎｄ half",
			"密码短语 with 中文 和 emoji 🏴",
			"Cafe\u0301 e\u0301crit autrement", // letters and marks apart
		} {
			w.later(time.Hour)
			must(t, w.Identity.ChangePassword(w.Ctx, w.As("陈露"), present, next))
			present = next
			for _, other := range []string{next[:len(next)-1], strings.ToLower(next), strings.TrimSpace(next) + " ", next + "x"} {
				if other == next {
					continue
				}
				w.later(time.Hour)
				_, err := w.from("192.0.2.1", "chenlu", other, "")
				code(t, err, "org.sign_in_failed")
			}
			w.later(3 * 365 * 24 * time.Hour) // three years on
			_, err := w.from("192.0.2.1", "chenlu", next, "")
			must(t, err)
		}
	})
}

// hashOf is what is kept of a member's password.
func (w people) hashOf(t *testing.T, name string) string {
	t.Helper()
	var p identity.Password
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) (err error) {
		p, err = w.Identity.Rows.Password(w.Ctx, tx, w.Admin.TenantID, w.ID[name])
		return err
	}))
	return p.Hash
}

// TestAPasswordIsKeptAsASlowHash: argon2id by OWASP's setting, each with its own salt.
func TestAPasswordIsKeptAsASlowHash(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		w.Identity.HashCost = identity.HashCost{} // as in the program
		must(t, w.Identity.ResetPassword(w.Ctx, w.As("管理员"), w.ID["陈露"], w.secret))
		must(t, w.Org.GiveLogin(w.Ctx, w.As("管理员"), w.ID["小李"], "xiaoli", w.secret)) // the same
		one, other := w.hashOf(t, "陈露"), w.hashOf(t, "小李")
		for _, hash := range []string{one, other} {
			parts := strings.Split(hash, "$")
			if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || len(parts) != 6 {
				t.Fatalf("kept as %s", hash)
			}
			salt, err := base64.RawStdEncoding.DecodeString(parts[4])
			key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
			if err != nil || err2 != nil || len(salt) != 16 || len(key) != 32 {
				t.Errorf("salt of %d bytes, key of %d", len(salt), len(key))
			}
		}
		if one == other {
			t.Error("two who chose the same are seen to have")
		}
	})
}

// TestTokensAreLongAndNeverTheSame: 256 bits each, and what is kept of them opens nothing.
func TestTokensAreLongAndNeverTheSame(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		seen := map[string]bool{}
		for i := range 20 {
			one, err := w.from("192.0.2.1", "chenlu", w.secret, "")
			must(t, err)
			for _, token := range []string{one.Token, one.Device, one.Session.CSRF} {
				raw, err := base64.RawURLEncoding.DecodeString(token)
				if err != nil || len(raw) != 32 || seen[token] {
					t.Errorf("sign-in %d: %d bytes, %v, seen before %v", i, len(raw), err, seen[token])
				}
				seen[token] = true
			}
			kept := 0
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT count(*) FROM session_token WHERE token_hash = $1`, one.Token).Scan(&kept)
			}))
			if kept != 0 {
				t.Error("a token is kept as it is")
			}
		}
		for range 1000 {
			s := identity.NewSecret()
			if seen[s] || len(s) != 16 {
				t.Fatal(fmt.Sprint(s, " came twice or is short"))
			}
			seen[s] = true
		}
	})
}

// TestAnOlderHashIsStillRead: a hash says what it was made with, so what is asked of new ones may
// rise.
func TestAnOlderHashIsStillRead(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		salt := []byte("sixteen bytes of")
		enc := base64.RawStdEncoding
		old := fmt.Sprintf("$argon2id$v=19$m=8192,t=1,p=1$%s$%s", enc.EncodeToString(salt), enc.EncodeToString(argon2.IDKey([]byte(w.secret), salt, 1, 8192, 1, 32)))
		must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
			return w.Identity.Rows.SetPassword(w.Ctx, tx, w.Admin.TenantID, w.ID["陈露"], identity.Password{Hash: old}, w.Clock.Now())
		}))
		_, err := w.from("192.0.2.1", "chenlu", w.secret+"x", "")
		code(t, err, "org.sign_in_failed")
		_, err = w.from("192.0.2.1", "chenlu", w.secret, "")
		must(t, err)
	})
}
