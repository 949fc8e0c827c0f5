package outgoing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/notice"
	"yunchou/internal/org"
)

// mostTold is how many notices a digest looks at.
const mostTold = 200

// looked is who was looked at for a day, by company: nothing more is to be asked of them that day.
type looked struct {
	mu  sync.Mutex
	day map[string]calendar.Date
	who map[string]map[string]bool
}

func (l *looked) of(tenant string, day calendar.Date) map[string]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.who == nil {
		l.day, l.who = map[string]calendar.Date{}, map[string]map[string]bool{}
	}
	if l.day[tenant] != day {
		l.day[tenant], l.who[tenant] = day, map[string]bool{}
	}
	return l.who[tenant]
}

// digests writes a row for each member whose time of the day has come and who works today.
func (s *Service) digests(ctx context.Context, tenant string) error {
	a, err := s.Org.System(ctx, tenant, "", "job")
	if err != nil {
		return err
	}
	done := s.looked.of(tenant, a.Today) // one process at a time sends a company's, and this is called by it alone
	var out []Message
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.digestsDue(ctx, tx, a, done)
		return err
	})
	if err != nil || len(out) == 0 {
		return err
	}
	_, err = database.Write(ctx, s.DB, func(tx database.Tx) (int, error) { return s.Rows.Insert(ctx, tx, tenant, out) })
	if err != nil {
		return err
	}
	for _, m := range out {
		done[m.MemberID] = true
	}
	return nil
}

func (s *Service) digestsDue(ctx context.Context, tx database.Tx, a org.Actor, done map[string]bool) (out []Message, err error) {
	set, err := s.Rows.Setting(ctx, tx, a.TenantID)
	if err != nil || !set.Mail {
		return nil, err
	}
	readers, err := s.Notices.Readers(ctx, tx, a.TenantID)
	if err != nil {
		return nil, err
	}
	written, err := s.Rows.Digests(ctx, tx, a.TenantID, a.Today)
	if err != nil {
		return nil, err
	}
	members := slices.Sorted(maps.Keys(readers))
	chosen, err := s.Rows.Choices(ctx, tx, a.TenantID, members)
	if err != nil {
		return nil, err
	}
	zone := a.Company.Zone()
	for _, id := range members {
		c, has := chosen[id]
		if !has {
			c = Usual
		}
		time := at(a.Today, minuteOf(c.DigestAt), zone)
		if done[id] || written[id] || !c.Digest || a.Structure.Members[id].Email == "" || a.Now.Before(time) || !readers[id].Before(time) {
			continue
		}
		works, err := s.works(ctx, tx, a, id)
		if err != nil {
			return nil, err
		}
		if !works(a.Today) {
			done[id] = true
			continue
		}
		out = append(out, Message{ID: digestKey(a.TenantID, id, a.Today), Way: ByDigest, MemberID: id, Kind: ByDigest, DigestOn: a.Today, State: Queued,
			DueAt: a.Now, CreatedAt: a.Now})
		if len(out) == database.MaxRecords/2 {
			break
		}
	}
	return out, nil
}

// digestKey names a member's digest of a day, and is the same whenever it is made.
func digestKey(tenant, member string, day calendar.Date) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{ByDigest, tenant, member, string(day)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// unread are the notices a digest tells: told before its time, unread, still open, readable, and of groups that are
// wanted at all.
func (s *Service) unread(ctx context.Context, tx database.Tx, a org.Actor, day calendar.Date, c Choice) (out []notice.Notice, err error) {
	list, err := s.Notices.Unread(ctx, tx, a, mostTold)
	before := at(day, minuteOf(c.DigestAt), a.Company.Zone())
	for _, n := range list {
		if n.Hidden || c.Of(n.Kind) == NotAtAll || !n.At.Before(before) || a.Now.Sub(n.At) > 30*24*time.Hour {
			continue
		}
		open, err := s.Notices.Open(ctx, tx, a.TenantID, n)
		if err != nil {
			return nil, err
		}
		if open {
			out = append(out, n)
		}
	}
	return out, err
}
