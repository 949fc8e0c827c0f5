package safekeep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yunchou/internal/database"
)

// Restore puts a backup in the place of a directory's database.
type Restore struct {
	// From is a backup, or a directory with a database that was kept, log and all.
	From string
	// Identity is a file with the private key of an encrypted backup.
	Identity string
	// Prepare works on the backup in the directory it is given, before it is put in place.
	Prepare func(ctx context.Context, dir string) error
	Now     func() time.Time
}

// Restored is what a restore put in place, and where what was there before is kept.
type Restored struct {
	Kept string
	In   database.Inspected
}

// Run restores into the directory held. The backup is looked through before anything is
// touched, and again in its place; the database before it is kept whole, with its log. Killed
// at any moment, the one or the other is whole, and Settle goes on. Fault: database.ErrDamaged.
func (r Restore) Run(ctx context.Context, h *database.Hold) (out Restored, err error) {
	dir := h.Dir()
	if _, err := Settle(h); err != nil {
		return out, err
	}
	if out.In, err = r.ready(ctx, dir); err != nil {
		return out, errors.Join(err, os.RemoveAll(filepath.Join(dir, workName)))
	}
	p := plan{}
	if _, err := os.Stat(filepath.Join(dir, database.FileName)); err == nil {
		p.Kept = keptPrefix + r.Now().UTC().Format("20060102-150405.000")
		out.Kept = filepath.Join(dir, p.Kept)
	}
	if err := decide(dir, p); err != nil {
		return out, err
	}
	if p.Kept != "" {
		if err := keep(dir, p.Kept); err != nil {
			_, settled := Settle(h)
			return out, errors.Join(err, settled)
		}
	}
	if err := place(dir); err != nil {
		return out, err
	}
	there, err := database.Inspect(ctx, filepath.Join(dir, database.FileName))
	if err == nil {
		if d := there.Differs(out.In); d != "" {
			err = fmt.Errorf("%w: %s", database.ErrDamaged, d)
		}
	}
	if err != nil {
		err = fmt.Errorf("what was put in place is not what was looked through; the database before it is in %s: %w", out.Kept, err)
	}
	return out, errors.Join(err, done(dir))
}

// ready copies the backup beside the database, as one file that was looked through.
func (r Restore) ready(ctx context.Context, dir string) (in database.Inspected, err error) {
	work := filepath.Join(dir, workName)
	if err := os.RemoveAll(work); err != nil {
		return in, err
	}
	if err := os.Mkdir(work, 0o700); err != nil {
		return in, err
	}
	path := filepath.Join(work, database.FileName)
	if err := fetch(r.From, path, r.Identity); err != nil {
		return in, err
	}
	if in, err = look(ctx, path); err != nil {
		return in, fmt.Errorf("%s is not a usable backup: %w", r.From, unplaced{path, err})
	}
	if r.Prepare != nil {
		if err := r.Prepare(ctx, work); err != nil {
			return in, fmt.Errorf("%s could not be prepared: %w", r.From, err)
		}
		if in, err = look(ctx, path); err != nil {
			return in, err
		}
	}
	return in, errors.Join(database.SyncFile(path), database.SyncDir(work))
}

// unplaced words a fault without the path of the copy that was looked through: whoever reads it
// knows the file he named.
type unplaced struct {
	path string
	error
}

func (u unplaced) Error() string { return strings.ReplaceAll(u.error.Error(), u.path+": ", "") }
func (u unplaced) Unwrap() error { return u.error }

// look takes a log in and looks the file through: no part of it is damaged, and this program
// can read it.
func look(ctx context.Context, path string) (in database.Inspected, err error) {
	if err := database.Fold(ctx, path); err != nil {
		return in, err
	}
	if in, err = database.Inspect(ctx, path); err != nil {
		return in, err
	}
	if in.Schema > database.Schema() {
		return in, database.ErrNewer
	}
	return in, nil
}

// fetch copies a backup, with the log that may lie beside it.
func fetch(from, to, identity string) error {
	if about, err := os.Stat(from); err == nil && about.IsDir() {
		from = filepath.Join(from, database.FileName)
	}
	if secret, err := sealed(from); err != nil {
		return err
	} else if secret {
		return unseal(from, to, identity)
	}
	if err := copyFile(from, to); err != nil {
		return err
	}
	if _, err := os.Stat(from + "-wal"); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return copyFile(from+"-wal", to+"-wal")
}
