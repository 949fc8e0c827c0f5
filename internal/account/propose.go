package account

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Proposal is a change of a person that a list of people tells of: nothing of it is so before somebody confirms it.
type Proposal struct {
	ContactID  string
	Gone       bool
	AccountID  string // another one; "" is the same
	Department string // another one, or "" where the list does not say
	Title      string
	// Retitled: only the title is another.
	Retitled bool
	// SuccessorID is whoever came to the post he had, as the same list tells.
	SuccessorID string
	BatchID     string
}

// Heard is what became of a proposal.
type Heard string

const (
	HeardNew     Heard = "change_proposed" // it waits for its owner
	HeardWaits   Heard = "change_waits"    // a change of this person is open already
	HeardRefuted Heard = "change_refuted"  // the same was told before and did not hold
)

// Proposals takes in what lists tell of people; package change implements it.
type Proposals interface {
	Propose(ctx context.Context, tx database.Tx, a org.Actor, p Proposal) (Heard, error)
	// Withdraw takes back what an import proposed about a person, or with him as the successor, and nobody confirmed.
	Withdraw(ctx context.Context, tx database.Tx, a org.Actor, batch, contact string) (int, error)
}

// rank stands at the end of a title: a department's rank is the same with and without the word for department.
var rank = regexp.MustCompile(`部门?(副?总?经理|主管|主任|总监|负责人|部长)$`)

// called is what a department or a title is compared by: width, case, blanks and punctuation make no other, nor does
// the word for department (采购部经理, 采购部门经理 and 采购经理; 部门经理 and 经理; Purchasing Dept. and Purchasing).
func called(said string) string {
	key := text.Match(said)
	if shorter := rank.ReplaceAllString(key, "$1"); shorter != key {
		return shorter
	}
	for _, end := range []string{"部门", "部", "department", "dept"} {
		if shorter := strings.TrimSuffix(key, end); shorter != key && shorter != "" {
			return shorter
		}
	}
	return key
}

// PostKey is what a post is compared by within an account: some write the department before the title.
func PostKey(department, title string) string {
	title = called(title)
	if department = called(department); strings.HasPrefix(title, department) {
		return title
	}
	return department + title
}

var goneWords = []string{"离职", "已离职", "离任", "已离任", "退休", "已退休", "离开", "left", "resigned", "retired", "inactive"}

// SaysGone tells whether a list says in a cell that somebody left: the cell says nothing else, or says it at its end
// in brackets. What is left of the cell is returned.
func SaysGone(cell string) (rest string, gone bool) {
	key := text.Match(cell)
	if slices.Contains(goneWords, key) {
		return "", true
	}
	at := strings.LastIndexAny(cell, "(（")
	if at > 0 && slices.Contains(goneWords, text.Match(cell[at:])) {
		return strings.TrimSpace(cell[:at]), true
	}
	return cell, false
}

// within is a title that names a department before its rank.
var within = regexp.MustCompile(`^(.+?(?:部门|部|科|处|中心|车间))((?:副?总?经理|主管|主任|总监|负责人|部长|科长|处长))$`)

// apart is a post with its department and its title apart, where somebody wrote them as one.
func apart(department, title string) (string, string) {
	if m := within.FindStringSubmatch(text.Fold(title)); m != nil && (department == "" || called(m[1]) == called(department)) {
		return m[1], m[2]
	}
	return department, title
}

// Told is what a list says of a person who is there: what it fills in that was not known, and what it proposes. A
// post that is spelt otherwise is no change.
func (c Contact) Told(said Contact, gone bool) (filled Contact, p Proposal, proposes bool) {
	filled, p = c, Proposal{ContactID: c.ID}
	if gone {
		p.Gone = true
		return filled, p, c.GoneOn == ""
	}
	if said.AccountID != "" && said.AccountID != c.AccountID {
		if c.AccountID != "" {
			p.AccountID, p.Department, p.Title = said.AccountID, said.Department, said.Title
			return filled, p, true
		}
		filled.AccountID = said.AccountID
	}
	if said.Department == "" && c.Department != "" {
		said.Department, said.Title = apart(said.Department, said.Title)
	}
	if c.GoneOn != "" || PostKey(c.Department, c.Title) == PostKey(said.Department, said.Title) {
		return filled, p, false
	}
	another := func(was, now string) bool { return was != "" && now != "" && called(was) != called(now) }
	department, title := another(c.Department, said.Department), another(c.Title, said.Title)
	if title && said.Department == "" { // the list writes the department before the title
		title = PostKey(c.Department, c.Title) != called(said.Title)
	}
	if !department && !title {
		if filled.Department == "" {
			filled.Department = said.Department
		}
		if filled.Title == "" {
			filled.Title = said.Title
		}
		return filled, p, false
	}
	p.Department, p.Title = said.Department, said.Title
	p.Retitled = !department && (c.Department != "" || said.Department == "")
	return filled, p, true
}

// Elsewhere are people of a name and a number or an address that the actor may change, at other accounts than one.
func (s *Service) Elsewhere(ctx context.Context, tx database.Tx, a org.Actor, c Contact) ([]Contact, error) {
	if len(c.Numbers()) == 0 && c.Email == "" {
		return nil, nil
	}
	list, err := s.Rows.ContactsLike(ctx, tx, a.TenantID, a.Scope(record.Contact, org.Write), c)
	return slices.DeleteFunc(list, func(o Contact) bool {
		mine, his := dialled(c.Mobile), dialled(o.Mobile)
		number := slices.ContainsFunc(mine, func(n string) bool { return slices.Contains(his, n) })
		address := c.Email != "" && strings.EqualFold(c.Email, o.Email)
		return o.AccountID == c.AccountID || text.Match(o.Name) != text.Match(c.Name) || !number && !address
	}), err
}
