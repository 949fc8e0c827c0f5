package grid

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"

	"yunchou/internal/fault"
)

// What files begin with.
const (
	zipBegins = "PK\x03\x04"
	oleBegins = "\xd0\xcf\x11\xe0" // Microsoft's compound files: what Office wrote until 2007, and still does of what is encrypted
)

// notTables are what people choose instead of a table, by what it begins with.
var notTables = map[string]string{
	"%PDF-": "PDF", "\x89PNG": "PNG", "\xff\xd8\xff": "JPEG", "GIF8": "GIF", "Rar!\x1a": "RAR", "7z\xbc\xaf": "7z",
	"{\\rtf": "RTF", "\x1f\x8b": "gzip", "SQLite format 3": "SQLite", "MIME-Version:": "MHTML",
}

// otherKind names a file that is certainly no table, "" where it may be one.
func otherKind(head []byte) string {
	binary := bytes.IndexByte(head, 0) >= 0
	begins := func(text string) bool { return bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(head)), []byte(text)) }
	switch {
	case binary && begins("mz"), binary && begins("\x7felf"):
		return "program"
	case (begins("{") || begins("[")) && bytes.Contains(head, []byte(`":`)):
		return "JSON"
	case begins("insert into "), begins("create table "):
		return "SQL"
	}
	for begin, kind := range notTables {
		if bytes.HasPrefix(head, []byte(begin)) {
			return kind
		}
	}
	if bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet")) {
		return "Excel 2003 XML"
	}
	return ""
}

// partsOfOthers tell by a part of a zip that it is no workbook we read.
var partsOfOthers = map[string]string{
	"xl/workbook.bin": "Excel (.xlsb)", "word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint",
	"index/document.iwa": "Numbers", "index.zip": "Numbers", "content.xml": "OpenDocument (.ods)",
}

// otherZip names a zip that is certainly no workbook, "" where it may be one.
func otherZip(z *zip.Reader) string {
	for _, f := range z.File {
		name := partName(f)
		if name == "xl/workbook.xml" {
			return ""
		}
		if kind := partsOfOthers[name]; kind != "" {
			return kind
		}
	}
	for _, f := range z.File {
		switch name := partName(f); {
		case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".xlsx"), strings.HasSuffix(name, ".xls"):
			return "ZIP"
		}
	}
	return ""
}

// oleStreams are what a compound file holds, by the name of a stream in it.
var oleStreams = []struct {
	stream string
	err    func() error
}{
	{"EncryptedPackage", func() error {
		return fault.New(fault.Invalid, "file.encrypted", "the workbook is protected by a password: save it without one")
	}},
	{"WordDocument", func() error { return notTable("Word, WPS") }},
	{"PowerPoint Document", func() error { return notTable("PowerPoint") }},
}

// oldOffice says what a compound file is, and the way out. Its directory may lie anywhere in the
// file, and names its streams in UTF-16.
func oldOffice(ctx context.Context, r io.ReadSeeker) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	const overlap = 64
	block, kept := make([]byte, 1<<20), 0
	for {
		n, err := io.ReadFull(r, block[kept:])
		part := block[:kept+n]
		for _, s := range oleStreams {
			if bytes.Contains(part, wide(s.stream)) {
				return s.err()
			}
		}
		if err != nil {
			break
		}
		if err := Late(ctx); err != nil {
			return err
		}
		kept = copy(block, part[len(part)-overlap:])
	}
	return fault.New(fault.Invalid, "file.old_excel", "the old .xls (or WPS .et) format: save it as .xlsx or CSV")
}

func wide(ascii string) []byte {
	out := make([]byte, 0, 2*len(ascii))
	for _, c := range []byte(ascii) {
		out = append(out, c, 0)
	}
	return out
}
