//go:build unix

package database

import (
	"errors"
	"os"
	"syscall"
)

// lockFile opens a file and locks it, or says who has it. The lock hangs on the open file,
// which no child inherits, so that it ends with this process and not later.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = ErrHeld
	case err == nil:
		return f, nil
	}
	return nil, errors.Join(err, f.Close())
}
