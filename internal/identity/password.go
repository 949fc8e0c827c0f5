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

// HashCost is what an argon2id hash takes: KiB of memory, passes over it, lanes beside each other.
type HashCost struct {
	Memory, Passes uint32
	Lanes          uint8
}

// owasp is OWASP's smaller argon2id setting: 19 MiB, two passes, one lane.
var owasp = HashCost{Memory: 19 * 1024, Passes: 2, Lanes: 1}

// hashCost is what new hashes take.
func (s *Service) hashCost() HashCost {
	if s.HashCost == (HashCost{}) {
		return owasp
	}
	return s.HashCost
}

// hashPassword returns an argon2id hash in the usual $-separated form.
func (s *Service) hashPassword(ctx context.Context, secret string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	return hashWith(ctx, s.hashCost(), salt, secret)
}

// hashWith is hashPassword with a cost and a salt that are there.
func hashWith(ctx context.Context, c HashCost, salt []byte, secret string) (string, error) {
	var key []byte
	err := anybody.do(ctx, func() { key = argon2.IDKey([]byte(secret), salt, c.Passes, c.Memory, c.Lanes, 32) })
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Lanes,
		enc.EncodeToString(salt), enc.EncodeToString(key)), err
}

// argonHash is a hash taken apart.
type argonHash struct {
	HashCost
	salt, key []byte
}

func parseHash(hash string) (h argonHash, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return h, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.Memory, &h.Passes, &h.Lanes); err != nil {
		return h, false
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	return h, err1 == nil && err2 == nil
}

// outdated tells whether a hash was made with less than is asked of new ones.
func (s *Service) outdated(hash string) bool {
	h, ok := parseHash(hash)
	return ok && (h.Memory < s.hashCost().Memory || h.Passes < s.hashCost().Passes)
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
	if !s.outdated(c.password.Hash) {
		return c, nil
	}
	hash, err := s.hashPassword(ctx, secret)
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

// verifyPassword compares in its turn; what is no hash is compared all the same, so that an
// unknown name costs what a known one costs.
func (s *Service) verifyPassword(ctx context.Context, turn *queue, hash, secret string) (right bool, err error) {
	h, ok := parseHash(hash)
	if !ok {
		h = argonHash{s.hashCost(), make([]byte, 16), make([]byte, 32)}
	}
	err = turn.do(ctx, func() {
		got := argon2.IDKey([]byte(secret), h.salt, h.Passes, h.Memory, h.Lanes, uint32(len(h.key)))
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
