package intake

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
)

// spool keeps the rows of a file as they were first read, in a temporary file: an import looks at
// its rows two or three times, and taking a file apart, finding its table and its characters, costs
// more than reading what came of it.
type spool struct {
	f     *os.File
	w     *bufio.Writer
	size  int64
	bytes []byte // of one row, used again
}

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "yunchou-rows-*")
	if err != nil {
		return nil, err
	}
	// Without a name it is gone however the process ends; where a file that is open keeps its
	// name, close removes it.
	os.Remove(f.Name()) //nolint:errcheck // see above
	return &spool{f: f, w: bufio.NewWriterSize(f, 1<<16)}, nil
}

// add writes a row: how many bytes it has, its line, the number of its cells, the length of each,
// and their texts one after the other.
func (s *spool) add(cells []string, line int) error {
	b := binary.AppendUvarint(s.bytes[:0], uint64(line))
	b = binary.AppendUvarint(b, uint64(len(cells)))
	for _, c := range cells {
		b = binary.AppendUvarint(b, uint64(len(c)))
	}
	for _, c := range cells {
		b = append(b, c...)
	}
	s.bytes = b
	var size [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(size[:], uint64(len(b)))
	s.size += int64(n + len(b))
	if _, err := s.w.Write(size[:n]); err != nil {
		return err
	}
	_, err := s.w.Write(b)
	return err
}

// rows reads the rows from the first on; several may be at it. They yield io.EOF after the last.
func (s *spool) rows() (next func() ([]string, int, error), err error) {
	if err := s.w.Flush(); err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(io.NewSectionReader(s.f, 0, s.size), 1<<16)
	var block []byte
	return func() ([]string, int, error) {
		size, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, 0, err // io.EOF between rows only
		}
		if uint64(cap(block)) < size {
			block = make([]byte, size)
		}
		block = block[:size]
		if _, err := io.ReadFull(r, block); err != nil {
			return nil, 0, cut(err)
		}
		return unpackRow(block)
	}, nil
}

// unpackRow takes a row apart; its texts are parts of one.
func unpackRow(b []byte) (cells []string, line int, err error) {
	number := func() int {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > math.MaxInt32 {
			err, n, v = io.ErrUnexpectedEOF, len(b), 0
		}
		b = b[n:]
		return int(v)
	}
	line = number()
	count := number()
	if count > len(b) { // each has a length of its own
		return nil, 0, io.ErrUnexpectedEOF
	}
	cells = make([]string, count)
	ends := b // the lengths, read once more when the texts are known
	for range cells {
		number()
	}
	if err != nil {
		return nil, 0, err
	}
	texts := string(b)
	b = ends
	for i := range cells {
		n := number()
		if n > len(texts) {
			return nil, 0, io.ErrUnexpectedEOF
		}
		cells[i], texts = texts[:n], texts[n:]
	}
	return cells, line, nil
}

// cut is the error of a row that ends in its middle, which is no end of a file.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (s *spool) close() error {
	err := s.f.Close()
	if gone := os.Remove(s.f.Name()); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
