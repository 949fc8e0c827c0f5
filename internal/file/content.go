package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"

	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// received is a file on disk, before it is written.
type received struct {
	file       *os.File
	hash, kind string
	size       int64
}

// receive takes a body to disk. Faults: file.too_large, file.empty.
func (s *Store) receive(body io.Reader) (r received, err error) {
	if s.Dir != "" {
		if err := os.MkdirAll(s.Dir, 0o700); err != nil {
			return r, err
		}
	}
	if r.file, err = os.CreateTemp(s.Dir, ".receiving-*"); err != nil {
		return r, err
	}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	_ = os.Remove(r.file.Name()) // where the system lets us, so that nothing stays after a kill
	sum := sha256.New()
	if r.size, err = io.Copy(io.MultiWriter(r.file, sum), io.LimitReader(body, MaxSize+1)); err != nil {
		return r, err
	}
	switch {
	case r.size > MaxSize:
		return r, fault.New(fault.TooLarge, "file.too_large", "at most 20 MiB").With("maxMiB", MaxSize>>20)
	case r.size == 0:
		return r, fault.New(fault.Invalid, "file.empty", "the file is empty")
	}
	head := make([]byte, 512)
	n, err := r.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return r, err
	}
	r.hash, r.kind = hex.EncodeToString(sum.Sum(nil)), http.DetectContentType(head[:n])
	return r, nil
}

func (r received) close() {
	_ = r.file.Close()
	_ = os.Remove(r.file.Name()) // it is gone already, mostly
}

// content is a file's bytes as they are asked for.
type content struct {
	ctx    context.Context
	store  *Store
	tenant string
	file   File
	n      int
	read   int64
	piece  []byte
}

func (c *content) Read(p []byte) (int, error) {
	if len(c.piece) == 0 {
		err := c.store.DB.Read(c.ctx, func(tx database.Tx) (err error) {
			c.piece, err = c.store.Rows.Piece(c.ctx, tx, c.tenant, c.file.Hash, c.n)
			return err
		})
		switch {
		case err != nil:
			return 0, err
		case len(c.piece) == 0 && c.read < c.file.Size: // erased meanwhile
			return 0, io.ErrUnexpectedEOF
		case len(c.piece) == 0:
			return 0, io.EOF
		}
		c.n++
	}
	n := copy(p, c.piece)
	c.piece, c.read = c.piece[n:], c.read+int64(n)
	return n, nil
}
