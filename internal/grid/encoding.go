package grid

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"yunchou/internal/fault"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Candidate is an encoding a file may have, and three of its lines read so, those with other than
// plain letters first.
type Candidate struct {
	Encoding string   `json:"encoding"`
	Lines    []string `json:"lines"`
	Fit      int      `json:"fit" doc:"how much of it is text somebody would write, in percent"`
}

// Encodings by their names here.
const (
	UTF8        = "utf-8"
	UTF8BOM     = "utf-8-bom"
	UTF16       = "utf-16" // with a mark of its order
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	GB18030     = "gb18030"
	Big5        = "big5"
	Windows1252 = "windows-1252"
	ShiftJIS    = "shift_jis"
)

// codecs are the encodings, those in use before UTF-8 in the order they are preferred in where a
// text is as likely in two.
var codecs = []struct {
	name  string
	codec encoding.Encoding
	fit   func([]byte) (good, all int)
}{
	{GB18030, simplifiedchinese.GB18030, fitGB},
	{Big5, traditionalchinese.Big5, fitBig5},
	{Windows1252, charmap.Windows1252, fitLatin},
	{ShiftJIS, japanese.ShiftJIS, fitJapanese},
	{UTF8, encoding.Nop, nil},
	{UTF8BOM, encoding.Nop, nil},
	{UTF16, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil},
	{UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil},
	{UTF16BE, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil},
}

// called are other names people know encodings by.
var called = map[string]string{"utf8": UTF8, "gbk": GB18030, "gb2312": GB18030, "cp936": GB18030, "big5-hkscs": Big5, "cp950": Big5,
	"latin1": Windows1252, "iso-8859-1": Windows1252, "cp1252": Windows1252, "ansi": Windows1252, "sjis": ShiftJIS,
	"shift-jis": ShiftJIS, "cp932": ShiftJIS, "windows-31j": ShiftJIS, "utf16": UTF16}

// encodingNamed is an encoding by any of its names. Fault: file.encoding_unknown.
func encodingNamed(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if other, ok := called[name]; ok {
		name = other
	}
	for _, c := range codecs {
		if c.name == name {
			return name, nil
		}
	}
	return "", fault.New(fault.Invalid, "file.encoding_unknown",
		"encoding is utf-8, utf-16, gb18030, big5, windows-1252 or shift_jis")
}

func codecNamed(name string) encoding.Encoding {
	for _, c := range codecs {
		if c.name == name {
			return c.codec
		}
	}
	return encoding.Nop
}

// decoding reads a file as UTF-8, without a mark at its beginning.
func decoding(r io.Reader, name string) io.Reader {
	switch name {
	case UTF8, UTF8BOM:
		return r
	}
	return transform.NewReader(r, codecNamed(name).NewDecoder())
}

// survey is what was seen of a file's bytes.
type survey struct {
	mark          string // the encoding its first bytes name
	begin         []byte // its first bytes
	sample        []byte // lines with bytes beyond ASCII
	plural        int    // characters of several bytes that are UTF-8
	broken        int    // places that are not
	zeros         [2]int // by whether they stand at an odd place, among the first bytes
	breaks        [2]int // line breaks with a zero after them, and before
	breaksOf, odd int
}

const (
	sampleBytes = 64 << 10
	leastFit    = 60 // percent; below, nobody would have written it
)

// detect finds the encoding of a file, by reading it to its end: a byte that is not UTF-8 near the
// end of a large file would ruin names in silence. Fault: file.encoding_unknown.
func detect(ctx context.Context, f *os.File, stated string) (name string, list []Candidate, broken bool, err error) {
	if stated != "" {
		if stated, err = encodingNamed(stated); err != nil {
			return "", nil, false, err
		}
	}
	s, err := look(ctx, f)
	if err != nil {
		return "", nil, false, err
	}
	list = s.candidates()
	switch {
	case s.mark != "": // the file says so itself
		name = s.mark
	case stated != "":
		name = stated
	case len(list) == 0 || list[0].Fit < leastFit:
		return "", list, false, fault.New(fault.Invalid, "file.encoding_unknown",
			"the text fits no encoding; save the file as UTF-8, or say which it has")
	default:
		name = list[0].Encoding
	}
	if name == UTF8 && s.mark == "" && !slices.ContainsFunc(list, func(c Candidate) bool { return c.Encoding == name }) {
		list = append(list, Candidate{Encoding: UTF8, Lines: s.lines(UTF8)})
	}
	return name, list, s.broken > 0 && (name == UTF8 || name == UTF8BOM), nil
}

// look reads a file once.
func look(ctx context.Context, f *os.File) (*survey, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	s := &survey{}
	buf, have, first := make([]byte, 256<<10), 0, true
	for {
		n, err := io.ReadFull(f, buf[have:])
		have += n
		if e := Late(ctx); e != nil {
			return nil, e
		}
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return nil, err
		}
		part := buf[:have]
		if first {
			s.start(part)
			first = false
		}
		if s.mark == UTF16 {
			return s, nil
		}
		used := s.read(part, end)
		s.keep(part[:used])
		have = copy(buf, part[used:])
		if end {
			return s, nil
		}
	}
}

// start looks at the first bytes.
func (s *survey) start(part []byte) {
	s.begin = bytes.Clone(part[:min(len(part), 8<<10)])
	switch {
	case bytes.HasPrefix(part, []byte("\xef\xbb\xbf")):
		s.mark = UTF8BOM
	case bytes.HasPrefix(part, []byte("\xff\xfe")), bytes.HasPrefix(part, []byte("\xfe\xff")):
		s.mark = UTF16
	}
	for i, c := range s.begin {
		switch {
		case c == 0:
			s.zeros[i%2]++
		case c == '\n':
			s.breaksOf++
			if i%2 == 0 && i+1 < len(s.begin) && s.begin[i+1] == 0 {
				s.breaks[0]++
			}
			if i%2 == 1 && s.begin[i-1] == 0 {
				s.breaks[1]++
			}
		}
	}
}

// wideOrder tells the order of UTF-16 without a mark, "" where it is something else: its line breaks
// have a zero beside them, always on the same side. A byte of a character may look like a break.
func (s *survey) wideOrder() string {
	little, big := s.breaks[0], s.breaks[1]
	if s.breaksOf == 0 { // one line: the zeros of plain letters are all on one side
		some := len(s.begin) / 3
		little, big = s.zeros[1]-some, s.zeros[0]-some
		if s.zeros[0] > 0 && s.zeros[1] > 0 {
			return ""
		}
	}
	switch {
	case little > 0 && big <= 0 && 2*little >= s.breaksOf:
		return UTF16LE
	case big > 0 && little <= 0 && 2*big >= s.breaksOf:
		return UTF16BE
	}
	return ""
}

// read counts what is UTF-8 and what is not, and tells how far it came.
func (s *survey) read(part []byte, end bool) (used int) {
	if !end {
		if cut := bytes.LastIndexByte(part, '\n'); cut >= 0 {
			part = part[:cut+1]
		} else { // not within a character
			whole := len(part) - utf8.UTFMax
			for whole < len(part) && !utf8.RuneStart(part[whole]) {
				whole++
			}
			part = part[:whole]
		}
	}
	used = len(part)
	if utf8.Valid(part) {
		for _, c := range part {
			if c >= 0xC0 {
				s.plural++
			}
		}
		return used
	}
	for len(part) > 0 {
		i := bytes.IndexFunc(part, func(r rune) bool { return r >= utf8.RuneSelf })
		if i < 0 {
			break
		}
		r, size := utf8.DecodeRune(part[i:])
		if r == utf8.RuneError && size == 1 {
			s.broken++
		} else {
			s.plural++
		}
		part = part[i+size:]
	}
	return used
}

// keep takes lines with bytes beyond ASCII into the sample.
func (s *survey) keep(part []byte) {
	if len(s.sample) >= sampleBytes || !beyondASCII(part) {
		return
	}
	for len(part) > 0 && len(s.sample) < sampleBytes {
		line := part
		if i := bytes.IndexByte(part, '\n'); i >= 0 {
			line = part[:i+1]
		}
		part = part[len(line):]
		if beyondASCII(line) {
			s.sample = append(s.sample, line[:min(len(line), sampleBytes)]...)
		}
	}
}

func beyondASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// candidates ranks the encodings a file may have.
func (s *survey) candidates() (out []Candidate) {
	add := func(name string, fit int) {
		out = append(out, Candidate{Encoding: name, Lines: s.lines(name), Fit: fit})
	}
	if s.mark != "" {
		add(s.mark, 100)
		return out
	}
	if wide := s.wideOrder(); wide != "" {
		add(wide, 100)
		return out
	}
	if s.broken == 0 || s.broken*20 <= s.plural { // a few broken bytes make it no other encoding
		add(UTF8, 100)
	}
	if s.broken == 0 && s.plural == 0 {
		return out
	}
	for _, c := range codecs {
		if c.fit == nil {
			continue
		}
		good, all := c.fit(s.sample)
		if fit := 100 * good / max(all, 1); fit > 0 {
			add(c.name, min(fit, 99))
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Fit > out[j].Fit })
	return out[:min(len(out), 4)]
}

// lines are three lines as an encoding reads them.
func (s *survey) lines(name string) []string {
	out := []string{}
	from := s.sample
	if len(from) == 0 {
		from = s.begin
	}
	if name == UTF8BOM {
		from = bytes.TrimPrefix(from, []byte("\xef\xbb\xbf"))
	}
	text := bufio.NewScanner(decoding(bytes.NewReader(from), name))
	text.Buffer(nil, 4*sampleBytes)
	for len(out) < 3 && text.Scan() {
		line := strings.ToValidUTF8(strings.TrimRight(text.Text(), "\r"), "\ufffd")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if r := []rune(line); len(r) > 120 {
			line = string(r[:119]) + "…"
		}
		out = append(out, line)
	}
	return out
}
