package guidancehttp

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/guidance"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// Deps is what the routes need.
type Deps struct{ Guidance *guidance.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	reading(api, d)
	helpers(api, d)
	asking(api, d)
	answering(api, d)
	outcomes(api, d)
	pieces(api, d)
	measures(api, d)
	calls(api, d)
	rules(api, d)
	reviews(api, d)
	figures(api, d)
}

func one(k guidance.Kept, a org.Actor, err error) (*httpapi.Body[noteBody], error) {
	return httpapi.Answer(bodyOf(k, a), err)
}

func reading(api *httpapi.API, d Deps) {
	type listIn struct {
		Kind   string       `query:"kind" maxLength:"30" doc:"with id: those on a record, the last asked in front"`
		ID     string       `query:"id" maxLength:"60"`
		Box    guidance.Box `query:"box" enum:"toAnswer,asked,returned,outcome,check" doc:"what waits for the reader, where no record is named; left out it is toAnswer"`
		Cursor string       `query:"cursor" maxLength:"2000"`
		Limit  int          `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance", ID: "listGuidance", Permission: org.SignedIn,
		Summary: "The guidance on a record, or what of it waits for the reader"},
		func(ctx context.Context, a org.Actor, in *listIn) (*httpapi.Body[page.Result[noteBody]], error) {
			r := page.Request{Cursor: in.Cursor, Limit: in.Limit}
			var list page.Result[guidance.Kept]
			var err error
			if in.Kind+in.ID != "" {
				list, err = d.Guidance.OnRecord(ctx, a, record.Ref{Kind: in.Kind, ID: in.ID}, r)
			} else {
				if in.Box == "" {
					in.Box = guidance.ToAnswer
				}
				list, err = d.Guidance.Box(ctx, a, in.Box, r)
			}
			out := page.Result[noteBody]{Items: []noteBody{}, Next: list.Next}
			for _, k := range list.Items {
				out.Items = append(out.Items, bodyOf(k, a))
			}
			return httpapi.Answer(out, err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance/{id}", ID: "getGuidance", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*httpapi.Body[noteBody], error) {
			k, err := d.Guidance.Get(ctx, a, in.ID)
			return one(k, a, err)
		})
	type waitingBody struct {
		ToAnswer int64 `json:"toAnswer" doc:"what the reader has to answer"`
		Late     int64 `json:"late" doc:"of that, what is over its time"`
		Oldest   int   `json:"oldestMinutes" doc:"of work, that the one waiting longest has waited"`
		Returned int64 `json:"returned" doc:"what nobody answered the reader"`
		Outcomes int64 `json:"outcomes" doc:"advice of which the reader is to say what became"`
		Checks   int64 `json:"checks" doc:"corrections the reader gave whose day has come"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-waiting", ID: "countGuidance", Permission: org.SignedIn,
		Summary: "How much waits for the reader"},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[waitingBody], error) {
			w, err := d.Guidance.Waiting(ctx, a)
			return httpapi.Answer(waitingBody{w.ToAnswer, w.Late, w.Oldest, w.Returned, w.Outcomes, w.Checks}, err)
		})
	type whomIn struct {
		Note guidance.Kind `query:"note" enum:"question,advice,praise,correction,resource,help" doc:"what is to be asked; left out a question"`
		Kind string        `query:"kind" maxLength:"30" doc:"of the record"`
		ID   string        `query:"id" maxLength:"60"`
		To   string        `query:"toId" maxLength:"60" doc:"left out it is whoever answers for the record, or the superior"`
	}
	type whomBody struct {
		ToID       string     `json:"toId"`
		AnswererID string     `json:"answererId" doc:"somebody else, where he is away"`
		Due        time.Time  `json:"due"`
		ContactAt  *time.Time `json:"contactAt" doc:"with the customer, where that shortens it"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-whom", ID: "whomGuidance", Permission: org.SignedIn,
		Summary: "Who would answer, and until when"},
		func(ctx context.Context, a org.Actor, in *whomIn) (*httpapi.Body[whomBody], error) {
			if in.Note == "" {
				in.Note = guidance.Question
			}
			w, err := d.Guidance.WhomOf(ctx, a, guidance.New{Kind: in.Note, On: record.Ref{Kind: in.Kind, ID: in.ID}, ToID: in.To})
			return httpapi.Answer(whomBody{w.MemberID, w.AnswererID, w.Due, w.ContactAt}, err)
		})
}

type helperBody struct {
	MemberID   string             `json:"memberId"`
	Why        guidance.HelperWhy `json:"why" enum:"superior,expert,won" doc:"first of all"`
	Products   []string           `json:"products" doc:"of the record that he is an expert of"`
	Won        int64              `json:"won" doc:"deals like this one that he won in two years"`
	AnswererID string             `json:"answererId" doc:"somebody else, where he is away"`
}

func helpers(api *httpapi.API, d Deps) {
	type helpersIn struct {
		Kind string `query:"kind" maxLength:"30" doc:"of the record"`
		ID   string `query:"id" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-helpers", ID: "listHelpers", Permission: org.SignedIn,
		Summary: "Who can be called for help about a record, the superior in front, then experts of its products and who won such deals"},
		func(ctx context.Context, a org.Actor, in *helpersIn) (*httpapi.Body[[]helperBody], error) {
			list, err := d.Guidance.Helpers(ctx, a, record.Ref{Kind: in.Kind, ID: in.ID})
			out := []helperBody{}
			for _, h := range list {
				h.Products = append([]string{}, h.Products...)
				out = append(out, helperBody(h))
			}
			return httpapi.Answer(out, err)
		})
}

func asking(api *httpapi.API, d Deps) {
	type checkIn struct {
		Fact string        `json:"fact" maxLength:"4000" doc:"what would show that it worked"`
		On   calendar.Date `json:"on" maxLength:"10" doc:"the day it is looked at"`
	}
	type askIn struct {
		Body struct {
			ID         string        `json:"id,omitempty" maxLength:"36"`
			Kind       guidance.Kind `json:"kind" enum:"question,advice,praise,correction,resource,help"`
			On         onBody        `json:"on"`
			ToID       string        `json:"toId,omitempty" maxLength:"60" doc:"left out it is whoever answers for the record; of help the superior"`
			Text       string        `json:"text" minLength:"1" maxLength:"4000"`
			MentionIDs []string      `json:"mentionIds,omitempty" maxItems:"20"`
			ContactAt  *time.Time    `json:"contactAt,omitempty" doc:"the next contact with the customer, before which it is to be answered"`
			Check      *checkIn      `json:"check,omitempty" doc:"of a correction"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance", ID: "giveGuidance", Permission: org.SignedIn, Status: 201,
		Summary: "Ask, advise, praise, correct or bring something on a record one reads, or call for help"},
		func(ctx context.Context, a org.Actor, in *askIn) (*httpapi.Body[noteBody], error) {
			b := in.Body
			n := guidance.New{ID: b.ID, Kind: b.Kind, On: record.Ref{Kind: b.On.Kind, ID: b.On.ID}, ToID: b.ToID, Text: b.Text,
				Mentions: b.MentionIDs, ContactAt: b.ContactAt}
			if b.Check != nil {
				n.Fact, n.CheckOn = b.Check.Fact, b.Check.On
			}
			k, err := d.Guidance.Ask(ctx, a, n)
			return one(k, a, err)
		})
	plain := func(path, id, summary string, act func(context.Context, org.Actor, string) (guidance.Kept, error)) {
		httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance/{id}/" + path, ID: id, Permission: org.SignedIn, Summary: summary},
			func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*httpapi.Body[noteBody], error) {
				k, err := act(ctx, a, in.ID)
				return one(k, a, err)
			})
	}
	plain("receive", "receiveGuidance", "It was read; the clock runs on", d.Guidance.Receive)
	plain("recall", "recallGuidance", "Take back what nobody has answered", d.Guidance.Recall)
	plain("settle", "settleGuidance", "Have done with what nobody answered", d.Guidance.Settle)
}

type moreBody struct {
	ID         string   `json:"id,omitempty" maxLength:"36" doc:"of the message"`
	Text       string   `json:"text,omitempty" maxLength:"4000"`
	MentionIDs []string `json:"mentionIds,omitempty" maxItems:"20"`
}

func (b moreBody) said() conversation.Said {
	return conversation.Said{ID: b.ID, Text: b.Text, Mentions: b.MentionIDs}
}

func answering(api *httpapi.API, d Deps) {
	type answerIn struct {
		httpapi.ByID
		Body struct {
			ID           string   `json:"id,omitempty" maxLength:"36" doc:"of the message"`
			Text         string   `json:"text" minLength:"1" maxLength:"4000"`
			MentionIDs   []string `json:"mentionIds,omitempty" maxItems:"20"`
			WantsOutcome bool     `json:"wantsOutcome,omitempty" doc:"whoever asked is to say what became of it"`
			PieceID      string   `json:"pieceId,omitempty" maxLength:"60" doc:"the words that were said again"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance/{id}/answer", ID: "answerGuidance", Permission: org.SignedIn,
		Summary: "Answer it, which stops the clock"},
		func(ctx context.Context, a org.Actor, in *answerIn) (*httpapi.Body[noteBody], error) {
			b := in.Body
			k, err := d.Guidance.Answer(ctx, a, in.ID, guidance.Answer{MessageID: b.ID, Text: b.Text, Mentions: b.MentionIDs,
				WantsOutcome: b.WantsOutcome, PieceID: b.PieceID})
			return one(k, a, err)
		})
	type customerIn struct {
		httpapi.ByID
		Body struct {
			On calendar.Date `json:"on" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance/{id}/ask-customer", ID: "askCustomerFirst", Permission: org.SignedIn,
		Summary: "The customer is asked first: the clock runs to the end of a day, once"},
		func(ctx context.Context, a org.Actor, in *customerIn) (*httpapi.Body[noteBody], error) {
			k, err := d.Guidance.AskCustomer(ctx, a, in.ID, in.Body.On)
			return one(k, a, err)
		})
	type rejectIn struct {
		httpapi.ByID
		Body moreBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance/{id}/reject", ID: "rejectAnswer", Permission: org.SignedIn,
		Summary: "It was no answer: the clock goes on"},
		func(ctx context.Context, a org.Actor, in *rejectIn) (*httpapi.Body[noteBody], error) {
			k, err := d.Guidance.Reject(ctx, a, in.ID, in.Body.said())
			return one(k, a, err)
		})
}

func outcomes(api *httpapi.API, d Deps) {
	type useIn struct {
		httpapi.ByID
		Body struct {
			Used       guidance.Use `json:"used" enum:"used,not_used"`
			ID         string       `json:"id,omitempty" maxLength:"36" doc:"of the message"`
			Text       string       `json:"text,omitempty" maxLength:"4000"`
			MentionIDs []string     `json:"mentionIds,omitempty" maxItems:"20"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance/{id}/use", ID: "useGuidance", Permission: org.SignedIn,
		Summary: "Say whether advice was used"},
		func(ctx context.Context, a org.Actor, in *useIn) (*httpapi.Body[noteBody], error) {
			k, err := d.Guidance.Use(ctx, a, in.ID, in.Body.Used, moreBody{in.Body.ID, in.Body.Text, in.Body.MentionIDs}.said())
			return one(k, a, err)
		})
	type resultIn struct {
		httpapi.ByID
		Body moreBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance/{id}/result", ID: "resultOfGuidance", Permission: org.SignedIn,
		Summary: "Say what came of it"},
		func(ctx context.Context, a org.Actor, in *resultIn) (*httpapi.Body[noteBody], error) {
			k, err := d.Guidance.Result(ctx, a, in.ID, in.Body.said())
			return one(k, a, err)
		})
	type checkIn struct {
		httpapi.ByID
		Body struct {
			Worked     bool     `json:"worked"`
			ID         string   `json:"id,omitempty" maxLength:"36" doc:"of the message"`
			Text       string   `json:"text,omitempty" maxLength:"4000"`
			MentionIDs []string `json:"mentionIds,omitempty" maxItems:"20"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance/{id}/check", ID: "checkGuidance", Permission: org.SignedIn,
		Summary: "Say whether the fact is there that shows that a correction worked"},
		func(ctx context.Context, a org.Actor, in *checkIn) (*httpapi.Body[noteBody], error) {
			k, err := d.Guidance.Look(ctx, a, in.ID, in.Body.Worked, moreBody{in.Body.ID, in.Body.Text, in.Body.MentionIDs}.said())
			return one(k, a, err)
		})
}

func pieces(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-pieces", ID: "listGuidancePieces", Permission: org.SignedIn,
		Summary: "What was said well in the reader's teams and may be said again, the most used in front"},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[[]pieceBody], error) {
			list, err := d.Guidance.Pieces(ctx, a)
			out := []pieceBody{}
			for _, p := range list {
				out = append(out, bodyOfPiece(p))
			}
			return httpapi.Answer(out, err)
		})
	type makeIn struct {
		Body struct {
			ID   string `json:"id,omitempty" maxLength:"36"`
			Text string `json:"text" minLength:"1" maxLength:"500" doc:"without the customer and the amount"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/guidance-pieces", ID: "makeGuidancePiece", Permission: org.SignedIn, Status: 201,
		Summary: "Keep words that may be said again in the member's team"},
		func(ctx context.Context, a org.Actor, in *makeIn) (*httpapi.Body[pieceBody], error) {
			p, err := d.Guidance.MakePiece(ctx, a, in.Body.ID, in.Body.Text)
			return httpapi.Answer(bodyOfPiece(p), err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/guidance-pieces/{id}", ID: "removeGuidancePiece", Permission: org.SignedIn, Status: 204},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
			return httpapi.Nothing(d.Guidance.RemovePiece(ctx, a, in.ID))
		})
}
