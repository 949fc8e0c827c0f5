package database

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrHeld: another process has the data directory. A SQLite database is one process's to
// write; who only reads (report, check, backup) goes beside it.
var ErrHeld = errors.New("data.in_use: another yunchou process has this data directory; stop it first")

// LockName is the file whose lock says that a process has the directory. The file stays; the
// lock goes with its process, however that ends.
const LockName = "yunchou.lock"

// Hold is a data directory held by this process.
type Hold struct {
	dir  string
	file *os.File
}

// HoldDir takes a data directory, making it where there is none. Fault: ErrHeld.
func HoldDir(dir string) (*Hold, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	f, err := lockFile(filepath.Join(dir, LockName))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return &Hold{dir, f}, nil
}

// Dir is the directory held.
func (h *Hold) Dir() string { return h.dir }

// Release lets the directory go.
func (h *Hold) Release() error { return h.file.Close() }

// Tighten makes the database's files their owner's alone, and tells which others could read.
func (h *Hold) Tighten() (changed []string, err error) {
	return tightened(filepath.Join(h.dir, FileName))
}

// Open opens or creates the database in the directory; closing it lets the directory go.
func (h *Hold) Open() (*DB, error) {
	db, err := OpenSQLite(h.dir)
	if err != nil {
		return nil, errors.Join(err, h.Release())
	}
	db.hold = h
	return db, nil
}
