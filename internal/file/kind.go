package file

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
)

// What a content begins with. An office document is a ZIP since 2007 and was a compound file
// before ([MS-CFB]); WPS writes both under its own endings.
var (
	zipped   = [][]byte{[]byte("PK\x03\x04"), []byte("PK\x05\x06"), []byte("PK\x07\x08")}
	compound = [][]byte{[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}
	office   = append(append([][]byte{}, zipped...), compound...)
)

// allowed are the endings people attach and what a content of each begins with; programs and
// pages are not among them. Of plain text nothing is asked but that it is neither.
var allowed = map[string][][]byte{
	".pdf": {[]byte("%PDF-")}, ".png": {[]byte("\x89PNG\r\n\x1a\n")}, ".jpg": {[]byte("\xff\xd8\xff")}, ".jpeg": {[]byte("\xff\xd8\xff")},
	".webp": {[]byte("RIFF")}, ".zip": zipped, ".ofd": zipped,
	".doc": office, ".docx": office, ".xls": office, ".xlsx": office, ".ppt": office, ".pptx": office, ".wps": office, ".et": office,
	".txt": nil, ".csv": nil,
}

// programs are what a system would run, whatever the name.
var programs = [][]byte{[]byte("MZ"), []byte("\x7fELF"), []byte("\xfe\xed\xfa"), []byte("\xcf\xfa\xed\xfe"), []byte("\xca\xfe\xba\xbe"), []byte("#!"),
	[]byte("\x00asm"), []byte("%PDF-"), []byte("PK\x03\x04"), []byte("\xd0\xcf\x11\xe0")}

// named tells whether files of this name are taken.
func named(name string) bool {
	_, ok := allowed[strings.ToLower(filepath.Ext(name))]
	return ok
}

// fits tells whether a content that begins so may have that name.
func fits(name string, head []byte) bool {
	begins := allowed[strings.ToLower(filepath.Ext(name))]
	if begins != nil {
		return startsWith(head, begins)
	}
	if startsWith(head, programs) { // plain text is none of them, nor another kind under its ending
		return false
	}
	kind := http.DetectContentType(head)
	return !strings.HasPrefix(kind, "text/html") && !strings.HasPrefix(kind, "text/xml")
}

func startsWith(head []byte, any [][]byte) bool {
	for _, begin := range any {
		if bytes.HasPrefix(head, begin) {
			return true
		}
	}
	return false
}
