package app

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/idempotency"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/safekeep"
	"yunchou/internal/safekeep/safekeepdb"
	"yunchou/internal/timetable"
)

// answers forgets the answers kept for a second try that name a person.
type answers struct{ *idempotency.Keys }

// Forget implements account.Forgets.
func (k answers) Forget(ctx context.Context, tx database.Tx, a org.Actor, p account.Person) error {
	err := k.Keys.Forget(ctx, tx, a.TenantID, p.ID)
	for _, place := range p.Places {
		err = errors.Join(err, k.Keys.Forget(ctx, tx, a.TenantID, place.ID))
	}
	return err
}

// imports forgets what imports kept of a person.
type imports struct{ *intake.Service }

// Forget implements account.Forgets.
func (i imports) Forget(ctx context.Context, tx database.Tx, a org.Actor, p account.Person) error {
	return i.Service.Forget(ctx, tx, a.TenantID, p.ID, p.Texts)
}

// Kinds of work an erasure leaves: what lies in files.
const (
	jobErased  = "contact.erased"
	jobRewrite = "database.rewrite"
	jobPurge   = "purge"
)

// erasing leaves that work.
type erasing struct{ *App }

// Forget implements account.Forgets.
func (e erasing) Forget(ctx context.Context, tx database.Tx, a org.Actor, p account.Person) error {
	_, err := e.Timetable.Add(ctx, tx, timetable.Row{TenantID: a.TenantID, Kind: jobErased, Key: p.ID, CreatedBy: a.Effective()})
	return err
}

// Erased is who was erased, of every company.
func (a *App) Erased(ctx context.Context) (list []safekeep.Erasure, err error) {
	err = a.DB.Read(ctx, func(tx database.Tx) error {
		list, err = safekeepdb.Erased(ctx, tx)
		return err
	})
	return list, err
}

// TellLists writes who was erased to the lists outside the database.
func (a *App) TellLists(ctx context.Context) error {
	if len(a.Lists) == 0 {
		return nil
	}
	erased, err := a.Erased(ctx)
	for _, path := range a.Lists {
		if err == nil {
			err = safekeep.AddToList(path, erased)
		}
	}
	return err
}

// EraseAgain erases who is on a list and still in the database, and deletes which companies are:
// a backup made before was put back. It returns how many.
func (a *App) EraseAgain(ctx context.Context, list []safekeep.Erasure) (int, error) {
	err := a.DB.Read(ctx, func(tx database.Tx) (err error) {
		list, err = safekeepdb.Still(ctx, tx, list)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, e := range list { // first, for the people of a company that is no more
		if !e.WholeCompany() {
			continue
		}
		if _, err := a.Companies.Delete(ctx, e.Company); err != nil {
			return 0, err
		}
	}
	for _, e := range list {
		if e.WholeCompany() || slices.ContainsFunc(list, func(c safekeep.Erasure) bool { return c.WholeCompany() && c.Company == e.Company }) {
			continue
		}
		actor, err := a.Org.System(ctx, e.Company, "", "job")
		if errors.Is(err, database.ErrClosing) { // its rows are about to go, or it is opened and looked at again
			continue
		}
		if err == nil {
			err = a.Accounts.EraseContact(ctx, actor, e.Contact, placesOf(e)...)
		}
		if err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

func placesOf(e safekeep.Erasure) (places []account.Place) {
	for _, text := range e.Texts {
		kind, id, _ := strings.Cut(text, " ")
		places = append(places, account.Place{Kind: kind, ID: id})
	}
	return places
}

// EraseListed is EraseAgain for the lists of this program: whatever put a backup back, nobody
// is served before.
func (a *App) EraseListed(ctx context.Context) error {
	for _, path := range a.Lists {
		list, err := safekeep.ReadList(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if n, err := a.EraseAgain(ctx, list); err != nil {
			return err
		} else if n > 0 {
			a.Log.Warn("people or companies a backup brought back were erased again", "number", n)
		}
	}
	if err := a.TellLists(ctx); err != nil { // a folder of another machine that is away: a job tries again
		a.Log.Error("who was erased could not be told outside the database", "error", err)
	}
	return nil
}

// purging registers what clears away: after an erasure at once, and every hour what nobody
// asks for any more.
func (a *App) purging(kinds map[string]timetable.Handler) {
	kinds[jobErased] = timetable.Handler{Do: a.erased}
	kinds[jobRewrite] = timetable.Handler{Do: a.rewriting()}
	kinds[jobPurge] = timetable.Handler{Every: time.Hour, Do: func(ctx context.Context, j *timetable.Job) error {
		actor, err := a.Org.System(ctx, j.TenantID, "", "job")
		if err != nil {
			return err
		}
		return errors.Join(a.keys.Purge(ctx, j.TenantID, a.Now()), a.Identity.Purge(ctx, j.TenantID), a.Audit.Purge(ctx, actor), a.Outgoing.Purge(ctx, j.TenantID),
			a.Notices.Purge(ctx, j.TenantID))
	}}
}

// nightly is how large a database may be to be written anew at once; a larger one waits for
// the night in China, because writes wait meanwhile.
const (
	nightly   = 256 << 20
	nightHour = 19 // UTC
)

// erased does what an erasure leaves in files: who was erased is told outside the database
// first, then the company's uploads go, whoever they are of, and what was overwritten leaves the
// log.
func (a *App) erased(ctx context.Context, j *timetable.Job) error {
	if err := a.TellLists(ctx); err != nil {
		return err
	}
	if err := a.Intake.Purge(ctx, j.TenantID); err != nil {
		return err
	}
	due := a.Now()
	if a.DB.Size() > nightly {
		due = time.Date(due.Year(), due.Month(), due.Day(), nightHour, 0, 0, 0, time.UTC)
		if due.Before(a.Now()) {
			due = due.Add(24 * time.Hour)
		}
	}
	err := a.DB.Write(ctx, func(tx database.Tx) error {
		_, err := a.Timetable.Add(ctx, tx, timetable.Row{TenantID: j.TenantID, Kind: jobRewrite, Key: j.Key, Due: due, CreatedBy: j.CreatedBy})
		return err
	})
	return errors.Join(err, a.DB.EmptyLog(ctx))
}

// rewriting writes the database anew, once for all the erasures before it.
func (a *App) rewriting() func(context.Context, *timetable.Job) error {
	var mu sync.Mutex
	var last time.Time
	return func(ctx context.Context, j *timetable.Job) error {
		mu.Lock()
		defer mu.Unlock()
		if last.After(j.CreatedAt) {
			return nil
		}
		begun := a.Now()
		if err := a.DB.Rewrite(ctx); err != nil {
			return err
		}
		last = begun
		return nil
	}
}
