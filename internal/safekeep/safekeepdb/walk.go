// Package safekeepdb walks the tables and finds rows that contradict each other. It only
// reads, and tells ids, never what people wrote.
package safekeepdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"yunchou/internal/database"
)

// Finding is a row that contradicts others: the rule it breaks, its company and its id.
type Finding struct{ Rule, Company, ID string }

// Rules are the names of what Walk looks at.
func Rules() (names []string) {
	for _, r := range rules {
		names = append(names, r.name)
	}
	return append(names, contents)
}

// Walk looks at everything there is, in one snapshot.
func Walk(ctx context.Context, tx database.Tx, tell func(Finding)) error {
	half := map[string]bool{}
	found := func(f Finding) {
		if f.Rule == deleting {
			half[f.Company] = true
		}
		if f.Rule == deleting || !half[f.Company] {
			tell(f)
		}
	}
	for _, r := range rules {
		rows, err := tx.Query(ctx, r.query)
		list, err := database.All(rows, err, func(row *sql.Rows) (Finding, error) {
			f := Finding{Rule: r.name}
			return f, row.Scan(&f.Company, &f.ID)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		for _, f := range list {
			found(f)
		}
	}
	return files(ctx, tx, found)
}

// contents is the rule that what is kept of a file has the hash it is kept under.
const contents = "file.bytes"

// files adds up the chunks of every content, one after another: they may be large.
func files(ctx context.Context, tx database.Tx, found func(Finding)) error {
	rows, err := tx.Query(ctx, `SELECT c.tenant_id, c.hash, c.ord, c.body, COALESCE((SELECT max(f.size) FROM file f WHERE f.tenant_id = c.tenant_id AND f.hash = c.hash), -1)
		FROM file_chunk c ORDER BY c.tenant_id, c.hash, c.ord`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var at content
	for rows.Next() {
		var next content
		var body string
		var ord int64
		if err := rows.Scan(&next.company, &next.hash, &ord, &body, &next.size); err != nil {
			return err
		}
		if next.company != at.company || next.hash != at.hash {
			at.tell(found)
			next.sum = sha256.New()
			at = next
		}
		at.add(ord, body)
	}
	at.tell(found)
	return rows.Err()
}

// content is one file's bytes as they are added up.
type content struct {
	company, hash string
	size          int64 // -1 where no file has it
	sum           hash.Hash
	read, chunks  int64
	err           error
}

func (c *content) add(ord int64, body string) {
	raw, err := base64.StdEncoding.DecodeString(body)
	if ord != c.chunks {
		err = errors.Join(err, errors.New("a chunk is missing"))
	}
	c.chunks++
	c.read += int64(len(raw))
	c.sum.Write(raw)
	c.err = errors.Join(c.err, err)
}

func (c *content) tell(found func(Finding)) {
	if c.sum == nil {
		return
	}
	if c.err != nil || hex.EncodeToString(c.sum.Sum(nil)) != c.hash || c.size >= 0 && c.size != c.read {
		found(Finding{contents, c.company, c.hash})
	}
}
