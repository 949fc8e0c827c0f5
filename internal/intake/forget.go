package intake

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/text"
)

// Forget blanks what imports kept of a person, known by id and texts, in the write that
// erases the person. The uploads follow as a job.
func (s *Service) Forget(ctx context.Context, tx database.Tx, tenant, id string, texts []string) error {
	return s.Rows.Forget(ctx, tx, tenant, id, texts)
}

// Without is a summary whose notes and rows set aside quote no text that looks like a person's, and
// whose files are not called by them.
func (s Summary) Without(of text.Looks) Summary {
	notes := make([]Note, len(s.Notes))
	for i, n := range s.Notes {
		if of.In(n.Value) || of.In(n.To) {
			n.Value, n.To = "", ""
		}
		notes[i] = n
	}
	s.Notes = notes
	s.Files = slices.Clone(s.Files)
	for i := range s.Files {
		s.Files[i].Name = of.Without(s.Files[i].Name)
		s.Files[i].Aside = slices.Clone(s.Files[i].Aside)
		for j, a := range s.Files[i].Aside {
			if of.In(a.Text) {
				s.Files[i].Aside[j].Text = ""
			}
		}
	}
	return s
}

// ErrAtWork: an import of the company runs or waits, and needs its files.
var ErrAtWork = errors.New("intake: an import is at work")

// Purge lets all uploads of a company go. Error: ErrAtWork.
func (s *Service) Purge(ctx context.Context, tenant string) error {
	dir, err := s.uploads(tenant)
	if err != nil {
		return nil // nowhere to keep any
	}
	var busy bool
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		busy, err = s.Rows.AtWork(ctx, tx, tenant)
		return err
	})
	if err == nil && busy {
		err = ErrAtWork
	}
	if err != nil {
		return err
	}
	return eachUpload(dir, func(f fs.FileInfo) error { return os.Remove(filepath.Join(dir, f.Name())) })
}
