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

// receive takes a body to disk, and looks whether it is what its name says. Faults:
// file.too_large, file.empty, file.content_refused.
func (s *Store) receive(name string, body io.Reader) (r received, err error) {
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
	if !fits(name, head[:n]) {
		return r, fault.New(fault.Invalid, "file.content_refused", "the content is not what the name's ending says; save it anew in that format")
	}
	r.hash, r.kind = hex.EncodeToString(sum.Sum(nil)), http.DetectContentType(head[:n])
	return r, nil
}

func (r received) close() {
	_ = r.file.Close()
	_ = os.Remove(r.file.Name()) // it is gone already, mostly
}

// content is a file's bytes as they are asked for, from anywhere in it.
type content struct {
	ctx    context.Context
	store  *Store
	tenant string
	file   File
	at     int64 // the next byte that is read
	each   int64 // bytes of every piece but the last, 0 while unknown
	n      int64 // which piece is held
	piece  []byte
}

// Seek implements io.Seeker: it reads nothing yet.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.file.Size
	}
	if offset < 0 {
		return 0, errors.New("file: a place before its beginning")
	}
	c.at = offset
	return offset, nil
}

func (c *content) Read(p []byte) (int, error) {
	if c.at >= c.file.Size {
		return 0, io.EOF
	}
	if c.each == 0 { // as it was written: the first piece tells
		if err := c.hold(0); err != nil {
			return 0, err
		}
		c.each = int64(len(c.piece))
	}
	if n := c.at / c.each; n != c.n {
		if err := c.hold(n); err != nil {
			return 0, err
		}
	}
	from := c.at - c.n*c.each
	if from >= int64(len(c.piece)) { // a piece is too short: no content any hash was made of
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, c.piece[from:])
	c.at += int64(n)
	return n, nil
}

// hold reads a piece. Error: io.ErrUnexpectedEOF where it was removed meanwhile.
func (c *content) hold(n int64) error {
	var piece []byte
	err := c.store.DB.Read(c.ctx, func(tx database.Tx) (err error) {
		piece, err = c.store.Rows.Piece(c.ctx, tx, c.tenant, c.file.Hash, int(n))
		return err
	})
	if err == nil && len(piece) == 0 {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		c.n, c.piece = n, piece
	}
	return err
}
