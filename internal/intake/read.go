package intake

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"yunchou/internal/fault"
	"yunchou/internal/sheet"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Format is how a file was understood; it is shown before anything is written.
type Format struct {
	Type      string `json:"type" enum:"csv,xlsx"`
	Encoding  string `json:"encoding,omitempty" doc:"utf-8, utf-8-bom, utf-16, gb18030"`
	Separator string `json:"separator,omitempty"`
	Sheet     string `json:"sheet,omitempty"`
}

// reader yields a file's rows one by one; the header is consumed.
type reader struct {
	Format Format
	Header []string
	next   func() ([]string, int, error) // cells and the line in the file
	close  func() error
}

// limits bound what reading a file may cost, of a CSV as of a workbook. A test that is
// short of time makes do with less.
var limits = sheet.Usual

const (
	// maxRow bounds a row of a CSV: a quote nobody closes would else take the rest of
	// the file for one cell.
	maxRow = 2 << 20
	// previewFor and learnFor are how long a file is read for: by somebody who waits, and
	// by a job that learns its forms.
	previewFor, learnFor = 30 * time.Second, 15 * time.Minute
)

// open opens a CSV or XLSX file, detecting encoding and separator where the
// mapping does not state them. The context ends the reading. Faults: file.encoding_unknown,
// file.empty, file.not_table, file.row_too_long, file.csv_malformed, and those of a workbook (sheet.OpenWorkbook).
func open(ctx context.Context, path string, spec FileSpec) (*reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 8)
	n, _ := io.ReadFull(f, head)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	var r *reader
	switch begins, kind := string(head[:min(n, 4)]), otherKind(head[:n]); {
	case kind != "":
		f.Close()
		return nil, fault.New(fault.Invalid, "file.not_table", "this is a %s file, no table: export the data as .xlsx or CSV", kind).With("kind", kind)
	case begins == "PK\x03\x04":
		f.Close()
		r, err = openExcel(ctx, path, spec)
	case begins == "\xd0\xcf\x11\xe0":
		f.Close()
		return nil, fault.New(fault.Invalid, "file.old_excel", "the old .xls format: save it as .xlsx or CSV")
	default:
		r, err = openCSV(ctx, f, spec)
	}
	if err != nil {
		return nil, err
	}
	cells, _, err := r.next()
	if errors.Is(err, io.EOF) {
		return nil, errors.Join(fault.New(fault.Invalid, "file.empty", "the file has no header row"), r.close())
	} else if err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.Header = append([]string{}, cells...)
	return r, nil
}

// notTables are what people choose instead of a table, by what it begins with.
var notTables = map[string]string{
	"%PDF-": "PDF", "\x89PNG": "PNG", "\xff\xd8\xff": "JPEG", "GIF8": "GIF", "Rar!\x1a": "RAR", "7z\xbc\xaf": "7z", "{\\rtf": "RTF",
}

// otherKind names a file that is certainly no table, "" where it may be one.
func otherKind(head []byte) string {
	for begin, kind := range notTables {
		if bytes.HasPrefix(head, []byte(begin)) {
			return kind
		}
	}
	return ""
}

func openCSV(ctx context.Context, f *os.File, spec FileSpec) (*reader, error) {
	enc, err := detectEncoding(ctx, f, spec.Encoding)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	var src io.Reader = f
	switch enc {
	case "utf-8-bom":
		if _, err := f.Seek(3, io.SeekStart); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	case "utf-16":
		src = transform.NewReader(f, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case "gb18030":
		src = transform.NewReader(f, simplifiedchinese.GB18030.NewDecoder())
	}
	row := &ration{src, maxRow}
	buf := bufio.NewReaderSize(row, 1<<16)
	sep := spec.Separator
	if sep == "" {
		line, _ := buf.Peek(1 << 14)
		sep = detectSeparator(string(line))
	}
	c := csv.NewReader(buf)
	c.Comma, _ = utf8.DecodeRuneInString(sep)
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, true, true
	rows := 0
	return &reader{Format: Format{Type: "csv", Encoding: enc, Separator: sep}, close: f.Close, next: func() ([]string, int, error) {
		if rows++; rows%1000 == 0 {
			if err := sheet.Late(ctx); err != nil {
				return nil, 0, err
			}
		}
		row.left = maxRow
		began := c.InputOffset()
		cells, err := c.Read()
		if errors.Is(err, errRow) {
			line := 1 + lineOf(f, began)
			return nil, line, fault.New(fault.Invalid, "file.row_too_long", "line %d goes on for more than %d MiB: is a quotation mark not closed?", line, maxRow>>20).With("line", line)
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return nil, bad.Line, fault.New(fault.Invalid, "file.csv_malformed", "line %d: %v", bad.Line, bad.Err).With("line", bad.Line)
		}
		if err != nil {
			return nil, 0, err
		}
		line, _ := c.FieldPos(0)
		return cells, line, limits.Row(cells, line)
	}}, nil
}

// lineOf counts the lines before an offset of a file.
func lineOf(f *os.File, offset int64) (lines int) {
	section := bufio.NewReaderSize(io.NewSectionReader(f, 0, offset), 1<<16)
	for {
		part, err := section.ReadSlice('\n')
		if len(part) > 0 && part[len(part)-1] == '\n' {
			lines++
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return lines
		}
	}
}

// detectEncoding reads the whole file once: a byte that is not UTF-8 near the end
// of a large file would otherwise ruin names in silence.
func detectEncoding(ctx context.Context, f *os.File, stated string) (string, error) {
	defer f.Seek(0, io.SeekStart) //nolint:errcheck // a seek on an open regular file
	head := make([]byte, 3)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	switch {
	case len(head) >= 3 && string(head) == "\xef\xbb\xbf":
		return "utf-8-bom", nil
	case len(head) >= 2 && (string(head[:2]) == "\xff\xfe" || string(head[:2]) == "\xfe\xff"):
		return "utf-16", nil
	}
	switch strings.ToLower(stated) {
	case "gbk", "gb2312", "gb18030":
		return "gb18030", nil
	case "utf-8", "utf8":
		return "utf-8", nil
	case "":
	default:
		return "", fault.New(fault.Invalid, "file.encoding_unknown", "encoding is utf-8 or gb18030")
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	if validAll(heeding{ctx, f}, func(p []byte) (int, bool) { return validPrefix(p) }) {
		return "utf-8", nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	if err := sheet.Late(ctx); err != nil {
		return "", err
	}
	decoded := transform.NewReader(heeding{ctx, f}, simplifiedchinese.GB18030.NewDecoder())
	bad, total := 0, 0
	r := bufio.NewReaderSize(decoded, 1<<16)
	for {
		c, _, err := r.ReadRune()
		if err != nil {
			break
		}
		total++
		if c == utf8.RuneError {
			bad++
		}
	}
	if err := sheet.Late(ctx); err != nil {
		return "", err
	}
	if bad > 0 {
		return "", fault.New(fault.Invalid, "file.encoding_unknown", "neither UTF-8 nor GB18030: %d of %d characters cannot be read; save the file as UTF-8", bad, total)
	}
	return "gb18030", nil
}

func validPrefix(p []byte) (int, bool) {
	i := 0
	for i < len(p) {
		if p[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !utf8.FullRune(p[i:]) {
			return i, true
		}
		r, size := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && size == 1 {
			return i, false
		}
		i += size
	}
	return i, true
}

// validAll feeds a file through a checker that says how far it got.
func validAll(r io.Reader, check func([]byte) (int, bool)) bool {
	buf := make([]byte, 1<<16)
	have := 0
	for {
		n, err := r.Read(buf[have:])
		have += n
		used, ok := check(buf[:have])
		if !ok {
			return false
		}
		have = copy(buf, buf[used:have])
		if err != nil {
			return have == 0
		}
	}
}

// detectSeparator takes the one that occurs most in the first line, outside quotes.
func detectSeparator(text string) string {
	counts := map[rune]int{}
	quoted := false
	for _, r := range text {
		if r == '"' {
			quoted = !quoted
		}
		if (r == '\n' || r == '\r') && !quoted {
			break
		}
		if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range []rune{';', '\t', '|'} {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return string(best)
}

func openExcel(ctx context.Context, path string, spec FileSpec) (*reader, error) {
	w, err := sheet.OpenWorkbook(ctx, path, spec.Sheet, limits)
	if err != nil {
		return nil, err
	}
	return &reader{Format: Format{Type: "xlsx", Sheet: w.Sheet}, next: w.Next, close: w.Close}, nil
}

// ration lets a CSV reader have so many bytes for one row.
type ration struct {
	r    io.Reader
	left int
}

var errRow = errors.New("row too long")

func (x *ration) Read(p []byte) (int, error) {
	if x.left <= 0 {
		return 0, errRow
	}
	n, err := x.r.Read(p[:min(len(p), x.left)])
	x.left -= n
	return n, err
}

// heeding reads until its context ends.
type heeding struct {
	ctx context.Context
	r   io.Reader
}

func (h heeding) Read(p []byte) (int, error) {
	if err := sheet.Late(h.ctx); err != nil {
		return 0, err
	}
	return h.r.Read(p)
}
