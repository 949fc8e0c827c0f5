package grid

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner reads the XML of a workbook's part, element by element. The standard decoder takes
// twenty times as long, and an import would spend most of its time there. It knows what workbooks
// are written in: UTF-8, and no document types, whose entities could stand for anything.
type scanner struct {
	ctx    context.Context
	r      io.Reader
	most   int // bytes of one text or tag
	deep   int // elements in elements
	depth  int
	offset int64 // bytes before buf[0]
	buf    []byte
	at     int
	ended  bool

	name        []byte // of the tag: without its prefix
	attributes  []byte
	open, close bool
	err         error
}

func newScanner(ctx context.Context, r io.Reader, l Limits) *scanner {
	return &scanner{ctx: ctx, r: r, most: l.Text + 4096, deep: l.Depth, buf: make([]byte, 0, 64<<10)}
}

// place is how many bytes were read so far.
func (s *scanner) place() int64 { return s.offset + int64(s.at) }

// more reads on; from is the first byte that is still wanted.
func (s *scanner) more(from int) error {
	if s.ended {
		return io.ErrUnexpectedEOF
	}
	if err := Late(s.ctx); err != nil {
		return err
	}
	if from > 0 {
		s.buf = s.buf[:copy(s.buf, s.buf[from:])]
		s.offset += int64(from)
		s.at -= from
	}
	if len(s.buf) > s.most {
		return textTooLong(s.most - 4096)
	}
	if len(s.buf) == cap(s.buf) {
		s.buf = append(make([]byte, 0, 2*cap(s.buf)), s.buf...)
	}
	n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
	s.buf = s.buf[:len(s.buf)+n]
	if errors.Is(err, io.EOF) {
		s.ended = true
		return nil
	}
	return err
}

// until finds the next place of a text and returns what stands before it, which is valid until
// the next call; the text itself is passed over.
func (s *scanner) until(text string) ([]byte, error) {
	looked := 0 // bytes from s.at that hold no beginning of it
	for {
		if i := bytes.Index(s.buf[s.at+looked:], []byte(text)); i >= 0 {
			out := s.buf[s.at : s.at+looked+i]
			s.at += looked + i + len(text)
			return out, nil
		}
		looked = max(0, len(s.buf)-s.at-len(text)+1)
		if s.ended {
			return nil, io.ErrUnexpectedEOF
		}
		if err := s.more(s.at); err != nil {
			return nil, err
		}
	}
}

// text returns what stands before the next tag, as it is written; a CDATA section is text. io.EOF
// at the end of the part.
func (s *scanner) text() ([]byte, error) {
	looked := 0
	for {
		if i := bytes.IndexByte(s.buf[s.at+looked:], '<'); i >= 0 {
			out := s.buf[s.at : s.at+looked+i]
			s.at += looked + i + 1
			return out, nil
		}
		looked = len(s.buf) - s.at
		if s.ended {
			s.at = len(s.buf)
			return nil, io.EOF
		}
		if err := s.more(s.at); err != nil {
			return nil, err
		}
	}
}

// next goes to the next tag, past what stands before it. It tells false at the end, or at an
// error (failed).
func (s *scanner) next() bool { return s.collect(nil) }

// collect goes to the next tag and adds the text before it to what is given, which is nil where
// nobody wants it.
func (s *scanner) collect(into *[]byte) bool {
	if s.open && s.close { // an element without content was opened and closed by one tag
		s.open = false
		s.depth--
		return true
	}
	for {
		text, err := s.text()
		if errors.Is(err, io.EOF) {
			if s.depth != 0 {
				s.err = notSpreadsheet()
			}
			return false
		}
		if err == nil && into != nil {
			*into, err = unescape(*into, text)
		}
		if err == nil {
			var tag bool
			if tag, err = s.tag(into); tag && err == nil {
				return true
			}
		}
		if err != nil {
			s.err = err
			return false
		}
	}
}

// failed is why next told false; nil at the end of a part.
func (s *scanner) failed() error {
	if errors.Is(s.err, io.ErrUnexpectedEOF) {
		return notSpreadsheet()
	}
	return s.err
}

// tag reads what begins with "<". Comments and instructions are passed over, and told as none.
func (s *scanner) tag(into *[]byte) (bool, error) {
	for len(s.buf)-s.at < 8 && !s.ended {
		if err := s.more(s.at); err != nil {
			return false, err
		}
	}
	rest := s.buf[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("!--")):
		_, err := s.until("-->")
		return false, err
	case bytes.HasPrefix(rest, []byte("![CDATA[")):
		s.at += len("![CDATA[")
		raw, err := s.until("]]>")
		if into != nil {
			*into = append(*into, raw...)
		}
		return false, err
	case bytes.HasPrefix(rest, []byte("!")):
		return false, notSpreadsheet() // a document type
	case bytes.HasPrefix(rest, []byte("?")):
		_, err := s.until("?>")
		return false, err
	}
	return true, s.element()
}

// element reads a tag to its end: a ">" within quotes is none.
func (s *scanner) element() error {
	quote, i := byte(0), s.at
	for {
		for ; i < len(s.buf); i++ {
			switch c := s.buf[i]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"', c == '\'':
				quote = c
			case c == '<':
				return notSpreadsheet()
			case c == '>':
				return s.take(i)
			}
		}
		if s.ended {
			return io.ErrUnexpectedEOF
		}
		i -= s.at
		if err := s.more(s.at); err != nil {
			return err
		}
		i += s.at
	}
}

// take reads the tag that ends at i.
func (s *scanner) take(i int) error {
	body := s.buf[s.at:i]
	s.at = i + 1
	s.open, s.close = true, false
	if len(body) > 0 && body[0] == '/' {
		s.open, s.close, body = false, true, body[1:]
		s.depth--
	} else {
		s.depth++
		if len(body) > 0 && body[len(body)-1] == '/' {
			s.close, body = true, body[:len(body)-1]
		}
	}
	end := bytes.IndexAny(body, " \t\r\n")
	if end < 0 {
		end = len(body)
	}
	s.name, s.attributes = body[:end], body[end:]
	if colon := bytes.IndexByte(s.name, ':'); colon >= 0 {
		s.name = s.name[colon+1:]
	}
	if len(s.name) == 0 || s.depth < 0 || s.depth > s.deep {
		return notSpreadsheet()
	}
	return nil
}

// starts tells whether the tag opens an element of this name.
func (s *scanner) starts(name string) bool { return s.open && string(s.name) == name }

// ends tells whether it closes one.
func (s *scanner) ends(name string) bool { return !s.open && string(s.name) == name }

// attribute is the raw value of an attribute of the tag, by its name without prefix; nil is none.
func (s *scanner) attribute(name string) []byte {
	a := s.attributes
	for {
		eq := bytes.IndexByte(a, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(a[:eq])
		a = bytes.TrimLeft(a[eq+1:], " \t\r\n")
		if len(a) == 0 || a[0] != '"' && a[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(a[1:], a[0])
		if end < 0 {
			return nil
		}
		value := a[1 : 1+end]
		a = a[end+2:]
		if colon := bytes.IndexByte(key, ':'); colon >= 0 && string(key[:colon]) != "xmlns" {
			key = key[colon+1:]
		}
		if string(key) == name {
			return value
		}
	}
}

// plain is an attribute's value as a text, "" where there is none.
func (s *scanner) plain(name string) string {
	out, err := unescape(nil, s.attribute(name))
	if err != nil && s.err == nil {
		s.err = err
	}
	return string(out)
}

// number is an attribute's value as a number, or what else there is none or it is no number.
func (s *scanner) number(name string, none int) int {
	n, err := strconv.Atoi(string(s.attribute(name)))
	if err != nil {
		return none
	}
	return n
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape adds a text to another, its entities resolved.
func unescape(out, text []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(out, text...), nil
		}
		out, text = append(out, text[:i]...), text[i+1:]
		end := bytes.IndexByte(text[:min(len(text), 12)], ';')
		if end < 0 {
			return out, notSpreadsheet()
		}
		name := string(text[:end])
		text = text[end+1:]
		if plain, ok := entities[name]; ok {
			out = append(out, plain...)
			continue
		}
		r, ok := numbered(name)
		if !ok {
			return out, notSpreadsheet()
		}
		out = utf8.AppendRune(out, r)
	}
}

// numbered is the character "#10" or "#x4e2d" stands for.
func numbered(name string) (rune, bool) {
	digits, found := strings.CutPrefix(name, "#")
	base := 10
	if rest, hex := strings.CutPrefix(digits, "x"); hex {
		digits, base = rest, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), found && err == nil && n > 0 && n <= utf8.MaxRune
}
