package company

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"yunchou/internal/database"
)

// Format names the form of an export; docs/company.md describes it.
const Format = "yunchou-company/1"

// ManifestName is the part of an export that says what is in it. It is the last.
const ManifestName = "manifest.json"

// Manifest is what is in an export.
type Manifest struct {
	Format  string  `json:"format"`
	Program string  `json:"program"` // version that wrote it
	Schema  int64   `json:"schema"`
	Company Subject `json:"company"`
	At      string  `json:"at"`      // the instant of it all
	Journal int64   `json:"journal"` // number of the last entry in it
	Tables  []Part  `json:"tables"`
	Files   struct {
		Count int64 `json:"count"`
		Bytes int64 `json:"bytes"`
	} `json:"files"`
	LeftOut map[string]string `json:"leftOut"` // tables that are not in it, and why
}

// Subject is the company of an export.
type Subject struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Part is one table of an export: a file with one JSON object a line.
type Part struct {
	Name    string            `json:"name"`
	File    string            `json:"file"`
	Rows    int64             `json:"rows"`
	Bytes   int64             `json:"bytes"`
	SHA256  string            `json:"sha256"`
	Columns []Column          `json:"columns"`
	LeftOut map[string]string `json:"leftOut,omitempty"` // columns that are not in it, and why
}

// Export writes everything a company has, as of one instant, as a zip archive: its tables as JSON
// lines, the contents of its files, and a manifest with counts and hashes. It holds one row and
// one chunk of a file at a time. program is the version that writes. Fault: org.company_unknown.
func (s *Service) Export(ctx context.Context, tenant, program string, to io.Writer) (m Manifest, err error) {
	z := zip.NewWriter(to)
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		m, err = s.describe(ctx, tx, tenant, program)
		if err != nil {
			return err
		}
		tables, err := s.Rows.Tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if why, left := Left[t.Name]; left {
				m.LeftOut[t.Name] = why
				continue
			}
			part, err := s.part(ctx, tx, z, t, tenant, m.At)
			if err != nil {
				return fmt.Errorf("%s: %w", t.Name, err)
			}
			m.Tables = append(m.Tables, part)
		}
		return s.contents(ctx, tx, z, tenant, &m)
	})
	if err != nil {
		return m, err
	}
	w, err := entry(z, ManifestName, m.At, zip.Deflate)
	if err != nil {
		return m, err
	}
	lines := json.NewEncoder(w)
	lines.SetIndent("", "  ")
	return m, errors.Join(lines.Encode(m), z.Close())
}

func (s *Service) describe(ctx context.Context, tx database.Tx, tenant, program string) (m Manifest, err error) {
	m = Manifest{Format: Format, Program: program, Schema: database.Schema(), At: database.Time(s.Now()), Tables: []Part{}, LeftOut: map[string]string{
		"uploads": "files waiting to be imported, which lie beside the database for some days"}}
	list, err := s.Rows.List(ctx, tx)
	if err != nil {
		return m, err
	}
	for _, c := range list {
		if c.ID == tenant {
			m.Company = Subject{c.ID, c.Name}
		}
	}
	if m.Company.ID == "" {
		return m, errUnknown
	}
	m.Journal, err = s.Rows.Journal(ctx, tx, tenant)
	return m, err
}

// entry begins a part of an archive.
func entry(z *zip.Writer, name, at string, method uint16) (io.Writer, error) {
	modified, err := database.ParseTime(at)
	if err != nil {
		return nil, err
	}
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: modified.Truncate(time.Second)})
}

// counted counts and hashes what is written through it.
type counted struct {
	to  io.Writer
	sum hash.Hash
	n   int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	c.sum.Write(p[:n])
	return n, err
}

// part writes a table.
func (s *Service) part(ctx context.Context, tx database.Tx, z *zip.Writer, t Table, tenant, at string) (p Part, err error) {
	p = Part{Name: t.Name, File: "tables/" + t.Name + ".jsonl", LeftOut: map[string]string{}, Columns: []Column{}}
	for _, c := range t.Columns {
		if why := why(t.Name, c.Name); why != "" {
			p.LeftOut[c.Name] = why
		} else {
			p.Columns = append(p.Columns, c)
		}
	}
	w, err := entry(z, p.File, at, zip.Deflate)
	if err != nil {
		return p, err
	}
	sum := &counted{to: w, sum: sha256.New()}
	out := bufio.NewWriterSize(sum, 64<<10)
	err = s.Rows.Each(ctx, tx, t, tenant, func(values []any) error {
		p.Rows++
		return line(out, t.Columns, values, p.LeftOut)
	})
	err = errors.Join(err, out.Flush())
	p.Bytes, p.SHA256 = sum.n, hex.EncodeToString(sum.sum.Sum(nil))
	return p, err
}

// line writes a row as one JSON object, its columns in the order of the table.
func line(out *bufio.Writer, columns []Column, values []any, left map[string]string) error {
	sep := byte('{')
	for i, c := range columns {
		if left[c.Name] != "" {
			continue
		}
		raw, err := json.Marshal(plain(c, values[i]))
		if err != nil {
			return err
		}
		out.WriteByte(sep) //nolint:errcheck // a bufio.Writer tells at its end
		fmt.Fprintf(out, "%q:", c.Name)
		out.Write(raw) //nolint:errcheck // as above
		sep = ','
	}
	_, err := out.WriteString("}\n")
	return err
}

// plain is a value as both databases mean it.
func plain(c Column, v any) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case int64:
		if c.Type == "boolean" {
			return v != 0
		}
	}
	return v
}

// contents writes the contents of files, each under its hash, which it has to have.
func (s *Service) contents(ctx context.Context, tx database.Tx, z *zip.Writer, tenant string, m *Manifest) error {
	var at string
	var sum *counted
	end := func() error {
		if sum == nil {
			return nil
		}
		m.Files.Count++
		m.Files.Bytes += sum.n
		if got := hex.EncodeToString(sum.sum.Sum(nil)); got != at {
			return fmt.Errorf("%w: the content of file %s is another", database.ErrDamaged, at)
		}
		return nil
	}
	err := s.Rows.Contents(ctx, tx, tenant, func(hash string, chunk []byte) error {
		if hash != at || sum == nil {
			if err := end(); err != nil {
				return err
			}
			w, err := entry(z, "files/"+hash, m.At, zip.Store)
			if err != nil {
				return err
			}
			at, sum = hash, &counted{to: w, sum: sha256.New()}
		}
		_, err := sum.Write(chunk)
		return err
	})
	return errors.Join(err, end())
}
