package account

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Former is somebody who has left an account: what he was there until when, and where he is now, as far as
// the reader may see that. ID is "" where the person may not be opened.
type Former struct {
	ID, Name, Title        string
	To                     calendar.Date
	NowAccountID, NowTitle string
	NowAccount             string
}

// Left lists those who have left an account in the actor's scope, who left last first.
func (s *Service) Left(ctx context.Context, a org.Actor, id string) (out []Former, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if _, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Account, org.Read), id); err != nil {
			return err
		}
		if out, err = s.Rows.Left(ctx, tx, a.TenantID, id); err != nil || len(out) == 0 {
			return err
		}
		ids := make([]string, len(out))
		for i := range out {
			ids[i] = out[i].ID
		}
		open, err := s.Rows.ContactNames(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Read), ids)
		for i := range out {
			if _, may := open[out[i].ID]; !may { // where he is now is seen by who sells there
				out[i] = Former{Name: out[i].Name, Title: out[i].Title, To: out[i].To}
			}
		}
		return err
	})
	return out, err
}
