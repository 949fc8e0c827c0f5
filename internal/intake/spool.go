package intake

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// spool keeps the rows of a workbook as they were first read, in a temporary file: taking a
// workbook apart costs as much as writing what is in it, and an import looks at its rows two or
// three times. A CSV is read again instead, at the cost of a copy.
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

// add writes a row: its line, the number of its cells, and each with its length before it.
func (s *spool) add(cells []string, line int) error {
	b := binary.AppendUvarint(s.bytes[:0], uint64(line))
	b = binary.AppendUvarint(b, uint64(len(cells)))
	for _, c := range cells {
		b = binary.AppendUvarint(b, uint64(len(c)))
		b = append(b, c...)
	}
	s.bytes, s.size = b, s.size+int64(len(b))
	_, err := s.w.Write(b)
	return err
}

// rows reads the rows from the first on; several may be at it. They yield io.EOF after the last.
func (s *spool) rows() (next func() ([]string, int, error), err error) {
	if err := s.w.Flush(); err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(io.NewSectionReader(s.f, 0, s.size), 1<<16)
	var cells []string
	var text []byte
	return func() ([]string, int, error) {
		line, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, 0, err // io.EOF between rows only
		}
		n, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, 0, cut(err)
		}
		cells = cells[:0]
		for range n {
			size, err := binary.ReadUvarint(r)
			if err != nil {
				return nil, 0, cut(err)
			}
			if uint64(cap(text)) < size {
				text = make([]byte, size)
			}
			if _, err := io.ReadFull(r, text[:size]); err != nil {
				return nil, 0, cut(err)
			}
			cells = append(cells, string(text[:size]))
		}
		return cells, int(line), nil
	}, nil
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
