package identity

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// KeyFileName is the key's file in the data directory, where no other is named.
const KeyFileName = "sign-in.key"

// Key seals what must be readable again, which is the seeds of authenticator apps. It lies in
// a file outside the database, so that a copy of the database alone gives no seed away. Safe
// for concurrent use.
type Key struct {
	// Path is the file, made with the first seed; "" is no place for it.
	Path string

	mu   sync.Mutex
	aead cipher.AEAD
	name string // tells keys apart, and nothing about them
}

// KeyIn is the key of a data directory; "" has none.
func KeyIn(dir string) *Key {
	if dir == "" {
		return &Key{}
	}
	return &Key{Path: filepath.Join(dir, KeyFileName)}
}

var (
	errNoKey = fault.New(fault.Rule, "identity.no_key",
		"there is no place for the key that seals what authenticator apps share: start the server with --data or --key-file")
	errOtherKey = fault.New(fault.Rule, "identity.other_key",
		"the authenticator app was set up under another key: use a recovery code, or have an administrator remove the factors")
)

const keyLength = 32

// open reads the key, or with make makes the file.
func (k *Key) open(make bool) (cipher.AEAD, string, error) {
	if k == nil || k.Path == "" {
		return nil, "", errNoKey
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.aead != nil {
		return k.aead, k.name, nil
	}
	raw, err := os.ReadFile(k.Path)
	if errors.Is(err, os.ErrNotExist) {
		if !make {
			return nil, "", errOtherKey
		}
		raw, err = makeKey(k.Path)
	}
	if err != nil {
		return nil, "", err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(key) != keyLength {
		return nil, "", fmt.Errorf("%s is no key: it holds %d random bytes as base64", k.Path, keyLength)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, "", err
	}
	if k.aead, err = cipher.NewGCM(block); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(append([]byte("name of the key\x00"), key...))
	k.name = hex.EncodeToString(sum[:4])
	return k.aead, k.name, nil
}

// makeKey writes a new key where there is none; of two that do it at once one wins.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, keyLength)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	text := []byte(base64.StdEncoding.EncodeToString(key) + "\n")
	// Written whole under another name first: a power cut leaves no half of a key.
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); errors.Is(err, os.ErrExist) {
		return os.ReadFile(path)
	} else if err != nil {
		return nil, err
	}
	return text, nil
}

// Seal makes of a secret what only the key opens again, and only for whom it was sealed.
func (k *Key) Seal(secret, whose string) (string, error) {
	aead, name, err := k.open(true)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return name + "." + base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(secret), []byte(whose))), nil
}

// Unseal is the secret again. Faults: identity.no_key, identity.other_key.
func (k *Key) Unseal(sealed, whose string) (string, error) {
	aead, name, err := k.open(false)
	if err != nil {
		return "", err
	}
	under, text, _ := strings.Cut(sealed, ".")
	if under != name {
		return "", errOtherKey
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", errors.New("identity: a sealed secret is malformed")
	}
	secret, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(whose))
	if err != nil {
		return "", fmt.Errorf("identity: a sealed secret does not open: %w", err)
	}
	return string(secret), nil
}

// CheckKey tells the operator where the key does not open what is in the database: it was
// restored without its key, or this server has another than its neighbours. A key that is
// unreadable is an error.
func (s *Service) CheckKey(ctx context.Context, log *slog.Logger) error {
	all, err := s.Org.Companies(ctx)
	if err != nil {
		return err
	}
	closed := 0
	for _, c := range all {
		var seals []TOTP
		err := s.DB.Read(ctx, func(tx database.Tx) error {
			seals, err = s.Rows.Seals(ctx, tx, c.ID)
			return err
		})
		if err != nil {
			return err
		}
		for _, t := range seals {
			if _, err := s.Key.Unseal(t.Sealed, t.Whose.seal()); fault.As(err) != nil {
				closed++
			} else if err != nil {
				return err
			}
		}
	}
	if closed > 0 {
		log.Warn("authenticator apps were set up under another key: put its file back; until then their members need recovery codes",
			"apps", closed, "key", s.Key.Path)
	}
	return nil
}
