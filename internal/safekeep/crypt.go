package safekeep

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"yunchou/internal/database"
)

// ErrNoKey: a backup is encrypted, and no key was given.
var ErrNoKey = errors.New("restore.key_missing: the backup is encrypted; name the file with its key (--identity FILE)")

// ageHead is what a file in age format begins with.
const ageHead = "age-encryption.org/v1"

// Keys are public keys something is encrypted for; none leaves it as it is.
type Keys []age.Recipient

// Recipients reads public keys (age1…), one a line: with them a backup is encrypted, and only
// who has the private key reads it.
func Recipients(keys string) ([]age.Recipient, error) {
	if strings.TrimSpace(keys) == "" {
		return nil, nil
	}
	return age.ParseRecipients(strings.NewReader(keys))
}

// seal writes an encrypted copy of a file to a new one.
func seal(from, to string, recipients []age.Recipient) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return newFile(to, func(w io.Writer) error {
		sealed, err := age.Encrypt(w, recipients...)
		if err != nil {
			return err
		}
		_, err = io.Copy(sealed, in)
		return errors.Join(err, sealed.Close())
	})
}

// WriteSealed writes a new file that is there once it is whole, encrypted where there are
// recipients; a file that is there already is left.
func WriteSealed(path string, recipients Keys, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err := newFile(part, func(to io.Writer) error {
		if len(recipients) == 0 {
			return write(to)
		}
		sealed, err := age.Encrypt(to, recipients...)
		if err != nil {
			return err
		}
		return errors.Join(write(sealed), sealed.Close())
	})
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return database.SyncDir(filepath.Dir(path))
}

// sealed tells whether a file is encrypted.
func sealed(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, len(ageHead))
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return string(head[:n]) == ageHead, err
}

// unseal decrypts a file to a new one with the private keys in another.
func unseal(from, to, identityFile string) error {
	if identityFile == "" {
		return ErrNoKey
	}
	keys, err := os.Open(identityFile)
	if err != nil {
		return err
	}
	defer keys.Close()
	identities, err := age.ParseIdentities(bufio.NewReader(keys))
	if err != nil {
		return fmt.Errorf("%s: %w", identityFile, err)
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	plain, err := age.Decrypt(bufio.NewReader(in), identities...)
	if err != nil {
		return err
	}
	return newFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, plain)
		return err
	})
}
