package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"

	"golang.org/x/crypto/argon2"
)

// OWASP's smaller argon2id setting: 19 MiB, two passes, one lane.
const argonMemory, argonPasses, argonLanes = 19 * 1024, 2, 1

// hashPassword returns an argon2id hash in the usual $-separated form.
func hashPassword(ctx context.Context, secret string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	return hashWith(ctx, salt, secret)
}

// hashWith is hashPassword with a salt that is there.
func hashWith(ctx context.Context, salt []byte, secret string) (string, error) {
	var key []byte
	err := anybody.do(ctx, func() { key = argon2.IDKey([]byte(secret), salt, argonPasses, argonMemory, argonLanes, 32) })
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes,
		enc.EncodeToString(salt), enc.EncodeToString(key)), err
}

// argonHash is a hash taken apart.
type argonHash struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

func parseHash(hash string) (h argonHash, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return h, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return h, false
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	return h, err1 == nil && err2 == nil
}

// outdated tells whether a hash was made with less than is asked of new ones.
func outdated(hash string) bool {
	h, ok := parseHash(hash)
	return ok && (h.memory < argonMemory || h.passes < argonPasses)
}

// givenFor is how long a password somebody was given waits to be used and changed.
const givenFor = 7 * 24 * time.Hour

// renewed is what is known of a candidate whose password is right: one that was given too long
// ago is good no more, and a hash made with less than is asked of new ones is made anew. Fault:
// identity.password_expired.
func (s *Service) renewed(ctx context.Context, c candidate, secret string) (candidate, error) {
	if c.password.MustChange && s.Now().Sub(c.password.SetAt) > givenFor {
		return c, fault.New(fault.Unauthenticated, "identity.password_expired",
			"the password you were given was good for a week: ask an administrator for another")
	}
	if !outdated(c.password.Hash) {
		return c, nil
	}
	hash, err := hashPassword(ctx, secret)
	if err != nil {
		return c, err
	}
	next := c.password
	next.Hash = hash
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		if err := errors.Join(signInAlone(ctx, tx, c.login.whose()), s.samePassword(ctx, tx, c)); err != nil {
			return err
		}
		return s.Rows.SetPassword(ctx, tx, c.login.TenantID, c.login.MemberID, next, next.SetAt)
	})
	c.password = next
	return c, err
}

// nobody's hash makes an unknown name cost what a known one costs.
var nobodys = argonHash{argonMemory, argonPasses, argonLanes, make([]byte, 16), make([]byte, 32)}

// verifyPassword compares in its turn; what is no hash is compared all the same.
func verifyPassword(ctx context.Context, turn *queue, hash, secret string) (right bool, err error) {
	h, ok := parseHash(hash)
	if !ok {
		h = nobodys
	}
	err = turn.do(ctx, func() {
		got := argon2.IDKey([]byte(secret), h.salt, h.passes, h.memory, h.lanes, uint32(len(h.key)))
		right = subtle.ConstantTimeCompare(got, h.key) == 1 && ok
	})
	return right, err
}

// NewSecret makes a password nobody has to invent: 16 characters that are not
// mistaken for one another.
func NewSecret() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789" // 31: bytes above 247 are drawn again, so that all are equally likely
	out := make([]byte, 0, 16)
	b := make([]byte, 1)
	for len(out) < 16 {
		if _, err := rand.Read(b); err != nil {
			panic(err)
		}
		if b[0] < 248 {
			out = append(out, letters[int(b[0])%len(letters)])
		}
	}
	return string(out)
}
