package company

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrIncomplete: an export is not what its manifest says.
var ErrIncomplete = errors.New("company.export_incomplete: the file is not what its manifest says")

// Verify reads an export from its beginning to its end and holds it against its manifest: every
// table with its rows and its hash, every file with the hash it is called by. Fault:
// ErrIncomplete.
func Verify(path string) (m Manifest, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return m, errors.Join(ErrIncomplete, err)
	}
	defer z.Close()
	raw, err := z.Open(ManifestName)
	if err != nil {
		return m, errors.Join(ErrIncomplete, err)
	}
	if err := errors.Join(json.NewDecoder(raw).Decode(&m), raw.Close()); err != nil {
		return m, errors.Join(ErrIncomplete, err)
	}
	if m.Format != Format {
		return m, fmt.Errorf("%w: it is of the form %q, not %q", ErrIncomplete, m.Format, Format)
	}
	parts := map[string]Part{}
	for _, p := range m.Tables {
		parts[p.File] = p
	}
	files, tables := int64(0), 0
	for _, f := range z.File {
		rows, sum, err := look(f)
		p, isTable := parts[f.Name]
		hash, isFile := strings.CutPrefix(f.Name, "files/")
		switch {
		case err != nil:
		case isTable && (rows != p.Rows || sum != p.SHA256), isFile && hash != sum, !isTable && !isFile && f.Name != ManifestName:
			err = ErrIncomplete
		case isTable:
			tables++
		case isFile:
			files++
		}
		if err != nil {
			return m, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	if tables != len(parts) || files != m.Files.Count {
		return m, fmt.Errorf("%w: %d of %d tables, %d of %d files", ErrIncomplete, tables, len(parts), files, m.Files.Count)
	}
	return m, nil
}

// look counts the lines of a part and hashes it.
func look(f *zip.File) (lines int64, sum string, err error) {
	r, err := f.Open()
	if err != nil {
		return 0, "", err
	}
	defer r.Close()
	h := sha256.New()
	in := bufio.NewReaderSize(io.TeeReader(r, h), 64<<10)
	for {
		b, err := in.ReadSlice('\n')
		if n := len(b); n > 0 && b[n-1] == '\n' {
			lines++
		}
		switch {
		case errors.Is(err, io.EOF):
			return lines, hex.EncodeToString(h.Sum(nil)), nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return lines, "", errors.Join(ErrIncomplete, err)
		}
	}
}
