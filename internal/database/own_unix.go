//go:build unix

package database

import (
	"errors"
	"io/fs"
	"os"
)

// tightened takes from others what they may do with a database that is there: its file, and the
// logs beside it, which have what is newest. A program before this one, or a copy by hand, may have
// left them readable by all of this machine. It tells which modes it changed. The folder is
// whoever's made it: others may have things of theirs in it.
func tightened(path string) (changed []string, err error) {
	for _, file := range []string{path, path + "-wal", path + "-shm"} {
		about, err := os.Lstat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return changed, err
		}
		if !about.Mode().IsRegular() || about.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err := os.Chmod(file, about.Mode().Perm()&0o700); err != nil { // without opening it: see makeOwn
			return changed, err
		}
		changed = append(changed, about.Mode().Perm().String()+" "+file)
	}
	return changed, nil
}
