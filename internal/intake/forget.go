package intake

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yunchou/internal/database"
)

// Forget blanks what imports kept of a person, known by id and texts, in the write that
// erases the person. The uploads follow as a job.
func (s *Service) Forget(ctx context.Context, tx database.Tx, tenant, id string, texts []string) error {
	return s.Rows.Forget(ctx, tx, tenant, id, texts)
}

// Without is a summary whose notes quote no value with a text in it.
func (s Summary) Without(text string) Summary {
	notes := make([]Note, len(s.Notes))
	for i, n := range s.Notes {
		if strings.Contains(n.Value+n.To, text) {
			n.Value, n.To = "", ""
		}
		notes[i] = n
	}
	s.Notes = notes
	return s
}

// ErrAtWork: an import of the company runs or waits, and needs its files.
var ErrAtWork = errors.New("intake: an import is at work")

// Purge lets the uploads of a company go that came before an instant. Error: ErrAtWork.
func (s *Service) Purge(ctx context.Context, tenant string, before time.Time) (gone int, err error) {
	if s.Dir == "" {
		return 0, nil
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
		return 0, err
	}
	dir := filepath.Join(s.Dir, "uploads", tenant)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	for _, e := range entries {
		about, errStat := e.Info()
		if errors.Is(errStat, os.ErrNotExist) || errStat == nil && !about.ModTime().Before(before) {
			continue
		}
		errGone := os.Remove(filepath.Join(dir, e.Name()))
		if errStat == nil && errGone == nil {
			gone++
		}
		err = errors.Join(err, errStat, errGone)
	}
	return gone, err
}
