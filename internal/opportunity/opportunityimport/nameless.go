package opportunityimport

import (
	"strconv"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/text"
)

// nameless finds the deals of rows without an id: by name and account, and by the day they were
// created where the file says it. The nth row of one name is the nth deal of that name, so that
// the same file again doubles nothing, and two deals of one name stay two.
type nameless struct {
	known map[bool]*intake.Index // with the day of creation, and without
	nth   map[string]int         // rows of a name so far
}

func dealKey(name, account string, created calendar.Date) string {
	return strings.Join([]string{text.Match(name), account, string(created)}, "\x00")
}

// find finds the deal of a row that has no id, "" where there is none.
func (d *Deals) find(n newDeal) (string, error) {
	if d.run.Invented(n.AccountID) {
		return "", nil
	}
	byDay := n.CreatedOn != ""
	known, err := d.deals(byDay)
	if err != nil {
		return "", err
	}
	key := dealKey(n.Name, n.AccountID, n.CreatedOn)
	d.nameless.nth[key]++
	id := known.Get(key + "\x00" + strconv.Itoa(d.nameless.nth[key]))
	if id != "" {
		n.x.Note("name", "matched_by_name", "", "")
	}
	return id, nil
}

// deals reads what the deals that are there are called, once.
func (d *Deals) deals(byDay bool) (*intake.Index, error) {
	if known := d.nameless.known[byDay]; known != nil {
		return known, nil
	}
	known, nth := &intake.Index{}, map[string]int{}
	err := d.run.DB.Read(d.run.Ctx, func(tx database.Tx) error {
		return d.service.Rows.EachNamed(d.run.Ctx, tx, d.run.Actor.TenantID, func(id, name, account string, created calendar.Date) {
			if !byDay {
				created = ""
			}
			key := dealKey(name, account, created)
			nth[key]++
			known.Set(key+"\x00"+strconv.Itoa(nth[key]), id)
		})
	})
	d.nameless.known[byDay] = known
	return known, err
}
