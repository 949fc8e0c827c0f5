package safekeep

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yunchou/internal/database"
)

// Store keeps files away from this machine, by name. safekeeps3 implements it.
type Store interface {
	// Put keeps what a file holds under a name: the whole of it, or nothing.
	Put(ctx context.Context, name string, from *os.File) error
	// Read gives what is kept under a name. Error: os.ErrNotExist.
	Read(ctx context.Context, name string) (io.ReadCloser, error)
	// List is what is kept, by name.
	List(ctx context.Context) ([]Stored, error)
	Remove(ctx context.Context, name string) error
}

// Stored is a file in a store.
type Stored struct {
	Name  string
	Bytes int64
}

// ErrNotKept: a store took a file and gives back another.
var ErrNotKept = errors.New("backup.not_kept: the store gives back something else than it was given")

// backupsOf are the encrypted backups among what a store keeps, the oldest first.
func backupsOf(all []Stored) []Stored {
	all = slices.DeleteFunc(all, func(s Stored) bool {
		_, ours := madeAt(s.Name, ".db.age")
		return !ours
	})
	slices.SortFunc(all, func(a, b Stored) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// send puts a file in a store and reads it back: size and SHA-256 are the file's, or what
// the store has is taken away again.
func send(ctx context.Context, store Store, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	about, err := f.Stat()
	if err != nil {
		return err
	}
	// A store that has stopped in the middle of a file is given up. 64 KiB a second is a
	// poor line by night.
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute+time.Duration(about.Size()>>16)*time.Second)
	defer cancel()
	if err := store.Put(ctx, name, f); err != nil {
		return err
	}
	want, err := sum(io.NewSectionReader(f, 0, about.Size()))
	if err != nil {
		return err
	}
	back, err := store.Read(ctx, name)
	if err != nil {
		return err
	}
	got, err := sum(back)
	if err := errors.Join(err, back.Close()); err != nil {
		return fmt.Errorf("%s was sent and cannot be read back: %w", name, err)
	}
	if got != want {
		return errors.Join(fmt.Errorf("%w: %s", ErrNotKept, name), store.Remove(ctx, name))
	}
	return nil
}

// sum is the SHA-256 of what a reader gives, and its length.
func sum(r io.Reader) (string, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	return fmt.Sprintf("%x %d", h.Sum(nil), n), err
}

// sendList adds to a store's list of erasures what is in a list here. A store gets one with
// its first backup, so that a restore can tell "nobody" from "not known".
func sendList(ctx context.Context, store Store, path string) error {
	here, err := ReadList(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	dir := filepath.Join(filepath.Dir(path), ".sending") // a killed program's may be there
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	copied := filepath.Join(dir, ListName)
	there, err := fetchList(ctx, store, copied)
	if err != nil {
		return err
	}
	all := Union(there, here)
	if there != nil && len(all) == len(there) {
		return nil
	}
	err = AddToList(copied, all)
	if err == nil && len(all) == 0 { // nobody yet: some stores take no empty file
		err = writeWhole(copied, []byte("\n"))
	}
	if err != nil {
		return err
	}
	return send(ctx, store, ListName, copied)
}

// fetchList copies a store's list of erasures to a new file; without one there is no file, and
// the list is nil.
func fetchList(ctx context.Context, store Store, path string) ([]Erasure, error) {
	r, err := store.Read(ctx, ListName)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = newFile(path, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	list, err := ReadList(path)
	if list == nil {
		list = []Erasure{}
	}
	return list, err
}

// Fetch copies a backup from a store into a new folder inside a data directory, with the
// store's list of erasures beside it, where a restore looks for it. name is "" for the newest.
// The caller removes the folder. Error: os.ErrNotExist, with what is there.
func Fetch(ctx context.Context, store Store, name string, h *database.Hold) (path string, err error) {
	all, err := store.List(ctx)
	if err != nil {
		return "", err
	}
	all = backupsOf(all)
	at := slices.IndexFunc(all, func(s Stored) bool { return s.Name == name })
	if name == "" {
		at = len(all) - 1
	}
	if at < 0 {
		return "", missing(name, all)
	}
	dir, err := os.MkdirTemp(h.Dir(), "fetched-")
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, all[at].Name)
	r, err := store.Read(ctx, all[at].Name)
	if err == nil {
		err = errors.Join(newFile(path, func(w io.Writer) error {
			n, err := io.Copy(w, r)
			if err == nil && n != all[at].Bytes {
				err = fmt.Errorf("%w: %s has %d bytes and gave %d", ErrNotKept, all[at].Name, all[at].Bytes, n)
			}
			return err
		}), r.Close())
	}
	if err == nil {
		_, err = fetchList(ctx, store, filepath.Join(dir, ListName))
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return path, nil
}

// missing says which backups there are instead of the one that was asked for.
func missing(name string, all []Stored) error {
	if len(all) == 0 {
		return fmt.Errorf("restore.nothing_kept: no encrypted backup lies in the store: %w", os.ErrNotExist)
	}
	text := ""
	for _, s := range all[max(0, len(all)-10):] {
		text += fmt.Sprintf("\n  %s  %d bytes", s.Name, s.Bytes)
	}
	return fmt.Errorf("restore.not_kept: no backup %q lies in the store; the newest there:%s\n%w", name, text, os.ErrNotExist)
}
