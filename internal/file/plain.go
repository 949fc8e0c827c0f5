package file

import (
	"context"
	"strings"
	"unicode/utf8"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// What of a company's attachments is read for a name: texts and tables as people write them,
// the last of them. What is larger, packed or a picture nobody reads here.
const (
	plainSize  = 1 << 20
	plainFiles = 500
	plainBytes = 64 << 20
)

// Plain reads the texts among a company's attachments one by one, whoever may see them.
func (s *Store) Plain(ctx context.Context, tx database.Tx, a org.Actor, each func(f File, text string)) error {
	list, err := s.Rows.Plains(ctx, tx, a.TenantID, plainSize, plainFiles)
	if err != nil {
		return err
	}
	read := int64(0)
	for _, f := range list {
		if read += f.Size; read > plainBytes {
			return nil
		}
		text, err := s.text(ctx, tx, a.TenantID, f)
		if err != nil {
			return err
		}
		each(f, text)
	}
	return nil
}

// PlainIn reads one file, whoever may see it, and its text where it has one. Fault: file.unknown.
func (s *Store) PlainIn(ctx context.Context, tx database.Tx, a org.Actor, id string) (File, string, error) {
	f, err := s.Rows.Get(ctx, tx, a.TenantID, id)
	if err == nil && f.Hash == "" {
		err = ErrUnknown
	}
	name := strings.ToLower(f.Name)
	if err != nil || f.Size > plainSize || !strings.HasSuffix(name, ".txt") && !strings.HasSuffix(name, ".csv") {
		return f, "", err
	}
	text, err := s.text(ctx, tx, a.TenantID, f)
	return f, text, err
}

// OfIn lists the files of a record, whoever may see it.
func (s *Store) OfIn(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) ([]File, error) {
	return s.Rows.Of(ctx, tx, a.TenantID, on, 200)
}

// OfAnyIn lists the files of records of a kind by record, whoever may see them.
func (s *Store) OfAnyIn(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string) (map[string][]File, error) {
	out := map[string][]File{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := s.Rows.OfAny(ctx, tx, a.TenantID, kind, ids)
	for _, f := range list {
		out[f.On.ID] = append(out[f.On.ID], f)
	}
	return out, err
}

// text is a file's content as UTF-8; what is not, is taken for GBK, as Excel writes it here.
func (s *Store) text(ctx context.Context, tx database.Tx, tenant string, f File) (string, error) {
	var all []byte
	for n := 0; int64(len(all)) < f.Size; n++ {
		piece, err := s.Rows.Piece(ctx, tx, tenant, f.Hash, n)
		if err != nil {
			return "", err
		}
		if len(piece) == 0 {
			break
		}
		all = append(all, piece...)
	}
	if !utf8.Valid(all) {
		if decoded, err := simplifiedchinese.GBK.NewDecoder().Bytes(all); err == nil {
			all = decoded
		}
	}
	return string(all), nil
}
