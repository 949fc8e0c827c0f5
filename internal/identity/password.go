package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"yunchou/internal/fault"

	"golang.org/x/crypto/argon2"
)

// OWASP's smaller argon2id setting: 19 MiB, two passes, one lane.
const argonMemory, argonPasses, argonLanes = 19 * 1024, 2, 1

// hashing is bounded so that a burst of sign-ins does not take the memory.
var hashing = make(chan struct{}, 2)

// HashPassword returns an argon2id hash in the usual $-separated form.
func HashPassword(secret string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	key := argon2.IDKey([]byte(secret), salt, argonPasses, argonMemory, argonLanes, 32)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

func verifyPassword(hash, secret string) bool {
	parts := strings.Split(hash, "$")
	var m, t uint32
	var p uint8
	if len(parts) != 6 {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	got := argon2.IDKey([]byte(secret), salt, t, m, p, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// CheckPassword refuses short passwords: 10 characters, at most 200.
func CheckPassword(pointer, secret string) error {
	n := utf8.RuneCountInString(secret)
	if n < 10 || n > 200 {
		f := fault.Input(pointer, "org.password_length", "use 10 to 200 characters")
		return f.With("min", 10).With("max", 200)
	}
	return nil
}

// dummyHash makes an unknown name cost what a known one costs.
var dummyHash, _ = HashPassword("no such member")

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
