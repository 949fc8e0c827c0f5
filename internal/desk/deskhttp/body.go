package deskhttp

import (
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/desk"
	"yunchou/internal/opportunity/opportunityhttp"
)

type signBody struct {
	Kind     string        `json:"kind" doc:"promise, stalled, passed, evidence, win, exception, leaver, arrived, no_step, limit; of notes asked, answered, unanswered, owed, climbed"`
	Late     bool          `json:"late" doc:"a promised day, or a key person, that is over: it comes first"`
	Days     int           `json:"days" doc:"working days over its limit, or that it waits"`
	Limit    int           `json:"limit" doc:"working days; 0 is none"`
	On       calendar.Date `json:"on"`
	MemberID string        `json:"memberId"`
	ID       string        `json:"id" doc:"of the task, evidence or stage it tells of"`
	Name     string        `json:"name"`
	Text     string        `json:"text"`
	ToID     string        `json:"toId" doc:"of a person who changed: the contact who follows"`
	Count    int64         `json:"count"`
	At       *time.Time    `json:"at" doc:"of a note: when its answer is due, came, or was not given"`
	Aside    bool          `json:"aside" doc:"it tells more of the record, and is no reason for the line"`
	Accept   bool          `json:"accept" doc:"it waits to be accepted, which no decision on the line does: done needs a reason"`
}

type lineBody struct {
	Kind       string                   `json:"kind" doc:"of the record: opportunity, member, handover; group of several; limit"`
	ID         string                   `json:"id"`
	Name       string                   `json:"name"`
	OwnerID    string                   `json:"ownerId"`
	Level      int                      `json:"level" doc:"how far the reader is above the owner: 0 is he himself, 1 the lowest manager"`
	Late       bool                     `json:"late"`
	WorthMinor *int64                   `json:"worthMinor" doc:"in the company's currency at today's rate"`
	RateBP     int                      `json:"rateBp" doc:"the calibrated rate of its stage, by which the amount is weighed"`
	Days       int                      `json:"days" doc:"working days over, as they count: at most twice a limit, or 20"`
	CostMinor  int64                    `json:"costMinor" doc:"what it weighs: calibrated amount times days"`
	Facts      string                   `json:"facts" doc:"to be sent with a decision"`
	Signs      []signBody               `json:"signs"`
	Deal       *opportunityhttp.OppBody `json:"deal" doc:"of an opportunity"`
}

type linesBody struct {
	Items      []lineBody `json:"items" doc:"in the order of the rule"`
	Asked      []lineBody `json:"asked" doc:"about which the reader asked, and which wait for an answer; the first seven"`
	Waiting    int64      `json:"waiting" doc:"how many wait for an answer"`
	Count      int64      `json:"count" doc:"of all there are"`
	WorthMinor int64      `json:"worthMinor" doc:"of all, in the company's currency"`
	NoWorth    int64      `json:"noWorth" doc:"without an amount; they are counted and not summed"`
	Currency   string     `json:"currency"`
	Untouched  int        `json:"untouchedDays" doc:"working days after which a line stands on the next desk too"`
	Computing  bool       `json:"computing"`
}

type tiesBody struct {
	Introductions int    `json:"introductions" doc:"asked of the reader and not answered"`
	AskArounds    int    `json:"askArounds" doc:"put to the reader and not answered"`
	Background    string `json:"background" enum:"unasked,skipped,given" doc:"skipped of who acts for somebody"`
}

func bodyOf(l desk.Line) lineBody {
	b := lineBody{
		Kind: l.On.Kind, ID: l.On.ID, Name: l.Name, OwnerID: l.OwnerID, Level: l.Level, Late: l.Late(), WorthMinor: l.WorthMinor, RateBP: l.RateBP,
		Days: l.Days(), CostMinor: l.Cost(), Facts: l.Facts.Text(), Signs: []signBody{},
	}
	for _, s := range l.Signs {
		b.Signs = append(b.Signs, signBody{s.Kind, s.Late, s.Days, s.Limit, s.On, s.MemberID, s.ID, s.Name, s.Text, s.ToID, s.Count, s.At, s.Aside, s.Accept})
	}
	return b
}
