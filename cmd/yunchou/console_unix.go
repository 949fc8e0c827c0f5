//go:build unix

package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// longestSocket is how long a socket's path may be everywhere.
const longestSocket = 103

// anothers tells whether root stands in a directory that is another user's.
func anothers(dir string) bool {
	about, err := os.Stat(dir)
	if err != nil || os.Geteuid() != 0 {
		return false
	}
	owner, ok := about.Sys().(*syscall.Stat_t)
	return ok && owner.Uid != 0
}

// listenLocal listens on a socket only this user can open. One of a process before us may lie
// there: who holds the directory takes its place.
func listenLocal(path string) (net.Listener, error) {
	if len(path) > longestSocket {
		return nil, fmt.Errorf("%s is longer than a socket's path may be (%d bytes): start the server with a shorter --data", path, longestSocket)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	was := syscall.Umask(0o177) // it is nobody else's from the beginning
	defer syscall.Umask(was)
	return net.Listen("unix", path)
}
