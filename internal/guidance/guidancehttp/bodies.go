// Package guidancehttp is the routes of guidance notes: decode, call, encode.
package guidancehttp

import (
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/guidance"
	"yunchou/internal/org"
)

type onBody struct {
	Kind string `json:"kind" maxLength:"30" doc:"opportunity, account, contact, follow_up, task or import"`
	ID   string `json:"id" maxLength:"60"`
	Name string `json:"name,omitempty" readOnly:"true" doc:"empty where the record may not be read any more"`
}

type turnBody struct {
	MemberID   string         `json:"memberId"`
	Why        guidance.Why   `json:"why" enum:"asked,deputy,moved,climbed,unsaid"`
	From       time.Time      `json:"from"`
	Limit      int            `json:"limitMinutes" doc:"of work"`
	Due        time.Time      `json:"due"`
	ReceivedAt *time.Time     `json:"receivedAt"`
	CustomerOn *calendar.Date `json:"customerOn" doc:"the day until which the customer is asked first"`
	EndedAt    *time.Time     `json:"endedAt"`
	End        guidance.End   `json:"end" doc:"answered, moved, climbed, returned, recalled or gone; empty while it runs"`
	Used       int            `json:"usedMinutes" doc:"of work, of a turn that ended"`
}

type replyBody struct {
	MessageID string    `json:"messageId"`
	Text      string    `json:"text"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

type outcomeBody struct {
	From     string        `json:"from" doc:"who says it"`
	DueOn    calendar.Date `json:"dueOn"`
	Used     guidance.Use  `json:"used" doc:"used or not_used; empty until it is said"`
	UsedAt   *time.Time    `json:"usedAt"`
	UsedText string        `json:"usedText"`
	Result   string        `json:"result"`
	ResultAt *time.Time    `json:"resultAt"`
}

type checkBody struct {
	Fact      string        `json:"fact"`
	On        calendar.Date `json:"on"`
	Worked    *bool         `json:"worked"`
	CheckedAt *time.Time    `json:"checkedAt"`
	Text      string        `json:"text"`
}

type mayBody struct {
	Receive     bool          `json:"receive"`
	Answer      bool          `json:"answer"`
	AskCustomer calendar.Date `json:"askCustomerTo" doc:"the last day that may be named; empty where he may not"`
	Reject      calendar.Date `json:"rejectTo" doc:"the last day on which he may; empty where he may not"`
	Recall      bool          `json:"recall"`
	Settle      bool          `json:"settle"`
	Use         bool          `json:"use"`
	Result      bool          `json:"result"`
	Check       bool          `json:"check"`
}

type noteBody struct {
	ID        string         `json:"id" doc:"also of its thread"`
	Kind      guidance.Kind  `json:"kind" enum:"question,advice,praise,correction,resource,help"`
	On        onBody         `json:"on"`
	Text      string         `json:"text"`
	AskerID   string         `json:"askerId"`
	ToID      string         `json:"toId" doc:"whom it was given to, whoever has it now"`
	AskedAt   time.Time      `json:"askedAt"`
	ContactAt *time.Time     `json:"contactAt" doc:"the contact with the customer before which it is to be answered"`
	State     guidance.State `json:"state" enum:"said,open,answered,returned,recalled"`
	HolderID  string         `json:"holderId" doc:"who has it; empty where nobody has"`
	Lamp      guidance.Lamp  `json:"lamp" doc:"running, soon, late, stopped or unkept; empty without a clock"`
	Left      int            `json:"leftMinutes" doc:"minutes of work, negative where the time is over"`
	Turns     []turnBody     `json:"turns" doc:"who had it when, in order"`
	Answer    *replyBody     `json:"answer"`
	Outcome   *outcomeBody   `json:"outcome"`
	Check     *checkBody     `json:"check"`
	SettledAt *time.Time     `json:"settledAt"`
	May       mayBody        `json:"may"`
	Messages  int64          `json:"messages"`
	Unread    int64          `json:"unread"`
	Version   int            `json:"version"`
}

func bodyOf(k guidance.Kept, a org.Actor) noteBody {
	b := noteBody{ID: k.ID, Kind: k.Kind, On: onBody{k.On.Kind, k.On.ID, k.Thread.OnName}, Text: k.Text, AskerID: k.AskerID, ToID: k.ToID,
		AskedAt: k.AskedAt, ContactAt: k.Contact, State: k.State(), HolderID: k.Holder(), Lamp: k.Lamp, Left: k.Left, Turns: []turnBody{},
		SettledAt: k.SettledAt, Messages: k.Thread.LastN, Unread: k.Thread.Unread(), Version: k.Version,
		May: mayBody{k.May.Receive, k.May.Answer, k.May.AskCustomerTo, k.May.RejectTo, k.May.Recall, k.May.Settle, k.May.Use, k.May.Result, k.May.Check}}
	for _, t := range k.Turns {
		tb := turnBody{MemberID: t.MemberID, Why: t.Why, From: t.From, Limit: t.Limit, Due: t.Due, ReceivedAt: t.ReceivedAt, EndedAt: t.EndedAt, End: t.End, Used: t.Used}
		if t.CustomerAt != nil {
			day := calendar.DateOf(*t.CustomerAt, a.Company.Zone())
			tb.CustomerOn = &day
		}
		b.Turns = append(b.Turns, tb)
	}
	if r := k.Reply; r != nil {
		b.Answer = &replyBody{r.MessageID, k.Word(r.MessageID), r.By, r.At}
	}
	if o := k.Outcome; o != nil {
		from := o.Owes()
		if o.ResultAt == nil {
			from = a.Structure.InPlaceOf(from, a.Today)
		}
		b.Outcome = &outcomeBody{from, o.DueOn, o.Used, o.UsedAt, k.Word(o.UsedID), k.Word(o.ResultID), o.ResultAt}
	}
	if c := k.Check; c != nil {
		b.Check = &checkBody{k.Word(c.FactID), c.On, c.Worked, c.CheckedAt, k.Word(c.CheckedID)}
	}
	return b
}

type pieceBody struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	MadeBy string `json:"madeBy"`
	TeamID string `json:"teamId"`
	Times  int64  `json:"times" doc:"how often somebody answered with it"`
	Used   int64  `json:"used" doc:"how often whoever got it used it"`
}

func bodyOfPiece(p guidance.Piece) pieceBody {
	return pieceBody{p.ID, p.Text, p.MadeBy, p.TeamID, p.Times, p.Used}
}
