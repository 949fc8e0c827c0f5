package main

import (
	"errors"
	"net"
)

// anothers: Windows' files belong to who makes them as the directory says.
func anothers(string) bool { return false }

// listenLocal: who may open a socket is not told by its file on Windows.
func listenLocal(string) (net.Listener, error) {
	return nil, errors.New("there is none on Windows")
}
