package account

import (
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// The entries about accounts, people, product lines and competitors. Payloads hold ids,
// codes, numbers and days, the old values and the new. What somebody or something is called
// stays in its row, and everything of a person that is erased with him: his numbers, own
// fields and ids in other systems.

// erased is who was taken out of which texts: their kinds and ids, so that a backup put back is
// cleared of the same.
type erased struct {
	Places []Place `json:"places,omitempty"`
}

// noMore is to be said of some changes than that they happened.
type noMore struct{}

// created is an account with everything it had from the first.
type created struct {
	OwnerID   string            `json:"ownerId"`
	TeamID    string            `json:"teamId,omitempty"`
	ParentID  string            `json:"parentId,omitempty"`
	Industry  string            `json:"industry,omitempty"`
	Region    string            `json:"region,omitempty"`
	Class     string            `json:"class,omitempty"`
	CreatedOn calendar.Date     `json:"createdOn,omitempty"`
	BatchID   string            `json:"batchId,omitempty"`
	External  []record.External `json:"external,omitempty"`
	Custom    []own             `json:"custom,omitempty"`
}

func createdOf(c Account, batch string, custom []own) created {
	return created{OwnerID: c.OwnerID, TeamID: c.TeamID, ParentID: c.ParentID, Industry: c.Industry, Region: c.Region,
		Class: c.Class, CreatedOn: c.CreatedOn, BatchID: batch, External: c.External, Custom: custom}
}

// account is what created says of an account.
func (p created) account(id string) Account {
	return Account{ID: id, ParentID: p.ParentID, Industry: p.Industry, Region: p.Region, Class: p.Class,
		OwnerID: p.OwnerID, TeamID: p.TeamID, CreatedOn: p.CreatedOn, Version: 1, External: p.External}
}

func accountCreated(id string, on calendar.Date, p created) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "account.created", Version: 2, On: on, Payload: p}
}

// changed is old and new of what is written in an account.
type changed struct {
	Industry [2]string `json:"industry"`
	Region   [2]string `json:"region"`
	Class    [2]string `json:"class"`
	ParentID [2]string `json:"parentId"`
	Renamed  bool      `json:"renamed"`
	Custom   []own     `json:"custom,omitempty"`
	BatchID  string    `json:"batchId,omitempty"`
	// Ended are entries of an import that was undone: what they wrote of the fields that
	// differ here was never true.
	Ended []database.Seq `json:"ended,omitempty"`
	// Called are ids in other systems an import gave the account, NotCalled those an undo took back.
	Called    []record.External `json:"called,omitempty"`
	NotCalled []record.External `json:"notCalled,omitempty"`
}

func changedOf(was, c Account, custom []own) changed {
	return changed{Industry: [2]string{was.Industry, c.Industry}, Region: [2]string{was.Region, c.Region},
		Class: [2]string{was.Class, c.Class}, ParentID: [2]string{was.ParentID, c.ParentID}, Renamed: was.Name != c.Name, Custom: custom}
}

// apply writes what is new into an account.
func (p changed) apply(c *Account) {
	c.Industry, c.Region, c.Class, c.ParentID = p.Industry[1], p.Region[1], p.Class[1], p.ParentID[1]
}

func accountChanged(id string, on calendar.Date, p changed) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "account.changed", Version: 2, On: on, Payload: p}
}

// handedOver is old and new of whose an account is.
type handedOver struct {
	OwnerID    [2]string `json:"ownerId"`
	TeamID     [2]string `json:"teamId"`
	HandoverID string    `json:"handoverId"`
}

func accountHandedOver(id string, on calendar.Date, p handedOver) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "account.handed_over", On: on, Payload: p}
}

// hidden is a deletion or restoring. Never is the entry of a restoring that an undone import
// had made: it never was.
type hidden struct {
	Never database.Seq `json:"never,omitempty"`
}

func (p hidden) never() []database.Seq {
	if p.Never == 0 {
		return nil
	}
	return []database.Seq{p.Never}
}

func accountHidden(id, kind string, on calendar.Date, p hidden) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "account." + kind, On: on, Payload: p}
}

// accountEvent is an entry whose kind says everything.
func accountEvent(id, kind string, on calendar.Date) journal.Event {
	return journal.Event{Subject: Ref(id), Kind: "account." + kind, On: on, Payload: noMore{}}
}

// exported is how many accounts were taken out, and in which form.
type exported struct {
	Count  int    `json:"count"`
	Format string `json:"format"`
}

func accountExported(id string, on calendar.Date, p exported) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "export", ID: id}, Kind: "account.exported", On: on, Payload: p}
}

// contactCreated is a person at an account. Custom are the keys of the own fields stated.
type contactCreated struct {
	AccountID string   `json:"accountId"`
	JobID     string   `json:"jobId"`
	Custom    []string `json:"custom,omitempty"`
}

// contactMoved is a person who went to another account: one job ended, another began.
type contactMoved struct {
	AccountID [2]string `json:"accountId"`
	JobID     string    `json:"jobId"`
}

// contactPosted is a person who has another post where he is: one ended, another began. Changed is what of it is
// another: department, title or both.
type contactPosted struct {
	AccountID string   `json:"accountId"`
	JobID     string   `json:"jobId"`
	Changed   []string `json:"changed"`
}

// contactGone is a person who left his employer, and one who did not, or is there again.
type contactGone struct {
	AccountID string `json:"accountId"`
}

// contactUnposted is a step that never was: the post it began is taken out, and the one before goes on.
type contactUnposted struct {
	AccountID [2]string `json:"accountId"`
	JobID     string    `json:"jobId"`
}

// contactChanged is which of a person's texts and own fields are others.
type contactChanged struct {
	AccountID [2]string `json:"accountId"`
	Changed   []string  `json:"changed"`
	Custom    []string  `json:"custom,omitempty"`
}

func contactChangedOf(was, c Contact, custom []string) contactChanged {
	p := contactChanged{AccountID: [2]string{was.AccountID, c.AccountID}, Changed: []string{}, Custom: custom}
	for _, f := range []struct{ name, was, now string }{
		{"name", was.Name, c.Name}, {"department", was.Department, c.Department}, {"title", was.Title, c.Title}, {"mobile", was.Mobile, c.Mobile},
		{"phone", was.Phone, c.Phone}, {"email", was.Email, c.Email}, {"wechat", was.WeChat, c.WeChat},
	} {
		if f.was != f.now {
			p.Changed = append(p.Changed, f.name)
		}
	}
	return p
}

// contactEvent is an entry about a person, seen by whoever sees an account. Version 2 says
// what happened, version 1 only that it did.
func contactEvent(id, account, kind string, on calendar.Date, p any) journal.Event {
	e := journal.Event{Subject: ContactRef(id), Scope: Ref(account), Kind: "contact." + kind, On: on, Payload: p}
	if _, same := p.(noMore); !same {
		e.Version = 2
	}
	return e
}

// productLineAdded is something the company sells from now on.
type productLineAdded struct {
	ListPriceMinor *int64 `json:"listPriceMinor,omitempty"`
}

func productLineEvent(id string, on calendar.Date, p productLineAdded) journal.Event {
	self := record.Ref{Kind: "product_line", ID: id}
	return journal.Event{Subject: self, Kind: "product_line.added", Version: 2, On: on, Payload: p}
}

// contactsExported tells that people were taken out.
func contactsExported(id string, on calendar.Date, p exported) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "export", ID: id}, Kind: "contact.exported", On: on, Payload: p}
}
