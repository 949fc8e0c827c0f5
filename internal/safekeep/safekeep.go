// Package safekeep is what stands between a company and the loss of its data: backups, how
// one is put back, and whose data must not come back with it. It works on SQLite files; what
// is in their tables is the database's to say.
package safekeep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"yunchou/internal/database"
)

// Names inside a data directory.
const (
	planName    = "restore.json" // what a restore has decided and not yet done
	workName    = "restoring"    // the backup, looked through, before it is put in place
	keptPrefix  = "before-restore-"
	columnsName = "columns" // copies of the funnel's columns: of another history
)

// ErrCutShort: a restore was begun and has not ended.
var ErrCutShort = errors.New("a restore of this directory was cut short: start the server or run restore again, which ends it; nothing is lost")

// plan is a restore that is decided: whatever happens, it is gone through with. It is written
// down before the database is touched.
type plan struct {
	Kept string `json:"kept"` // where the database before it is kept, "" where there was none
}

func planPath(dir string) string { return filepath.Join(dir, planName) }

// Pending tells a reader, who holds nothing, to keep away from a directory whose database is
// being replaced. Fault: ErrCutShort.
func Pending(dir string) error {
	if _, err := os.Stat(planPath(dir)); err == nil {
		return ErrCutShort
	}
	return nil
}

// Settle ends what a killed restore left, under a hold: where the database before it was not
// yet kept whole, it is still in place and stays; else the backup is put in place. It
// says what it did, "" where there was nothing to do.
func Settle(h *database.Hold) (did string, err error) {
	dir := h.Dir()
	p, err := readPlan(dir)
	if errors.Is(err, os.ErrNotExist) {
		return "", os.RemoveAll(filepath.Join(dir, workName)) // not decided: a copy, and nothing more
	}
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, p.Kept)); p.Kept != "" && errors.Is(err, os.ErrNotExist) {
		if err := os.RemoveAll(filepath.Join(dir, p.Kept+".part")); err != nil {
			return "", err
		}
		return "a restore was cut short before it began: the database is as it was; restore again", done(dir)
	} else if p.Kept != "" && err != nil {
		return "", err
	}
	if err := place(dir); err != nil {
		return "", err
	}
	return fmt.Sprintf("a restore that was cut short was ended; the database before it is kept in %s", p.Kept), done(dir)
}

func readPlan(dir string) (p plan, err error) {
	raw, err := os.ReadFile(planPath(dir))
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, fmt.Errorf("%s: %w", planPath(dir), err)
	}
	return p, nil
}

// decide writes the plan down: whole or not at all.
func decide(dir string, p plan) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return writeWhole(planPath(dir), raw)
}

// done takes the plan and the work away.
func done(dir string) error {
	if err := os.Remove(planPath(dir)); err != nil {
		return err
	}
	return errors.Join(database.SyncDir(dir), os.RemoveAll(filepath.Join(dir, workName)))
}

// keep gives the database of a directory, its log with it, a second name each in a directory
// of its own, which has its name once all of it is there.
func keep(dir, kept string) error {
	part := filepath.Join(dir, kept+".part")
	if err := os.Mkdir(part, 0o700); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		from, to := filepath.Join(dir, database.FileName+suffix), filepath.Join(part, database.FileName+suffix)
		if _, err := os.Stat(from); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := os.Link(from, to); err != nil { // a file system without second names
			if err := copyFile(from, to); err != nil {
				return err
			}
		}
		if err := database.SyncFile(to); err != nil {
			return err
		}
	}
	if err := database.SyncDir(part); err != nil {
		return err
	}
	if err := os.Rename(part, filepath.Join(dir, kept)); err != nil {
		return err
	}
	return database.SyncDir(dir)
}

// place puts the backup where the database was. The log of the one before goes first, and for
// good: beside another database it would be taken for its own. Done twice it does nothing.
func place(dir string) error {
	ready := filepath.Join(dir, workName, database.FileName)
	if _, err := os.Stat(ready); errors.Is(err, os.ErrNotExist) {
		return nil // it is in place
	} else if err != nil {
		return err
	}
	live := filepath.Join(dir, database.FileName)
	for _, path := range []string{live + "-wal", live + "-shm"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, columnsName)), database.SyncDir(dir)); err != nil {
		return err
	}
	if err := os.Rename(ready, live); err != nil {
		return err
	}
	return errors.Join(database.SyncDir(dir), database.SyncDir(filepath.Dir(ready)))
}

// copyFile copies a file to a new one, which is on the disk when it returns.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return newFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

// newFile writes a new file, for its owner alone.
func newFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Sync(), f.Close())
}

// writeWhole replaces a file by one that is whole, whenever the machine stops.
func writeWhole(path string, raw []byte) error {
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err := newFile(part, func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
	if err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return database.SyncDir(filepath.Dir(path))
}
