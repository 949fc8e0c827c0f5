package grid

import (
	"bufio"
	"errors"
	"os"
	"strconv"
	"strings"
)

// inMemory is how many bytes of a workbook's texts are held; what is more lies in a temporary
// file.
const inMemory = 48 << 20

// texts are a workbook's shared texts.
type texts struct {
	most  int
	held  []string
	bytes int
	file  *os.File
	w     *bufio.Writer
	ends  []int64 // of those in the file
	block []byte
}

func (t *texts) n() int { return len(t.held) + len(t.ends) }

func (t *texts) add(text []byte) error {
	if t.n() >= t.most {
		return tooMany("file.too_many_texts", int64(t.most))
	}
	if t.file == nil && t.bytes+len(text) <= inMemory {
		t.held = append(t.held, string(text))
		t.bytes += len(text)
		return nil
	}
	if t.file == nil {
		f, err := os.CreateTemp("", "yunchou-texts-*")
		if err != nil {
			return err
		}
		os.Remove(f.Name()) //nolint:errcheck // without a name it is gone however the process ends; else close removes it
		t.file, t.w = f, bufio.NewWriterSize(f, 1<<16)
	}
	end := int64(len(text))
	if len(t.ends) > 0 {
		end += t.ends[len(t.ends)-1]
	}
	t.ends = append(t.ends, end)
	_, err := t.w.Write(text)
	return err
}

// get reads a text; one that is not there is empty.
func (t *texts) get(i int) (string, error) {
	if i < 0 {
		return "", notSpreadsheet()
	}
	if i < len(t.held) {
		return t.held[i], nil
	}
	if i -= len(t.held); i >= len(t.ends) {
		return "", nil
	}
	if t.w.Buffered() > 0 {
		if err := t.w.Flush(); err != nil {
			return "", err
		}
	}
	from := int64(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	size := int(t.ends[i] - from)
	if cap(t.block) < size {
		t.block = make([]byte, size)
	}
	if _, err := t.file.ReadAt(t.block[:size], from); size > 0 && err != nil {
		return "", err
	}
	return string(t.block[:size]), nil
}

func (t *texts) close() error {
	if t == nil || t.file == nil {
		return nil
	}
	err := t.file.Close()
	if gone := os.Remove(t.file.Name()); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// readTexts reads the shared texts: of each its runs, without what only says how it sounds.
func (w *workbook) readTexts(name string) error {
	return w.scan(name, w.l.Unpacked, func(s *scanner) error {
		var text []byte
		for s.next() {
			if !s.starts("si") {
				continue
			}
			began := s.place()
			text = text[:0]
			if err := s.runs("si", began, &text); err != nil {
				return err
			}
			if err := w.texts.add(plainText(text)); err != nil {
				return err
			}
		}
		return s.failed()
	})
}

// runs adds the texts of an element to another, up to its end.
func (s *scanner) runs(element string, began int64, into *[]byte) error {
	want, sound := false, 0
	for {
		var where *[]byte
		if want && sound == 0 {
			where = into
		}
		if !s.collect(where) {
			return errors.Join(s.failed(), notOpenAtEnd(s))
		}
		switch {
		case s.ends(element):
			return nil
		case s.place()-began > int64(s.most):
			return textTooLong(s.most - 4096)
		case s.starts("rPh"):
			sound++
		case s.ends("rPh"):
			sound--
		}
		want = s.starts("t")
	}
}

// notOpenAtEnd is the error of an element that is open where its part ends, if nothing else is
// said.
func notOpenAtEnd(s *scanner) error {
	if s.failed() != nil {
		return nil
	}
	return notSpreadsheet()
}

// plainText resolves the characters a spreadsheet writes as _x000D_ (ST_Xstring), and makes the
// text UTF-8.
func plainText(text []byte) []byte {
	if i := strings.Index(string(text), "_x"); i < 0 {
		return validText(text)
	}
	in := string(text)
	var out strings.Builder
	for {
		i := strings.Index(in, "_x")
		if i < 0 || len(in) < i+7 {
			break
		}
		n, err := strconv.ParseUint(in[i+2:i+6], 16, 32)
		if err != nil || in[i+6] != '_' {
			out.WriteString(in[:i+2])
			in = in[i+2:]
			continue
		}
		out.WriteString(in[:i])
		out.WriteRune(rune(n))
		in = in[i+7:]
	}
	out.WriteString(in)
	return validText([]byte(out.String()))
}
