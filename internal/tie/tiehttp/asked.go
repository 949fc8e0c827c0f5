package tiehttp

import (
	"context"
	"time"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/tie"
)

type introductionBody struct {
	ID          string    `json:"id"`
	AskerID     string    `json:"askerId"`
	AskerName   string    `json:"askerName"`
	MemberID    string    `json:"memberId" doc:"who was asked; empty to the asker until one he did not know agrees"`
	MemberName  string    `json:"memberName"`
	ContactID   string    `json:"contactId" doc:"empty where the reader does not see him"`
	Name        string    `json:"name"`
	AccountName string    `json:"accountName"`
	Title       string    `json:"title"`
	Former      string    `json:"former"`
	Sentence    string    `json:"sentence"`
	AskedAt     time.Time `json:"askedAt"`
	DueAt       time.Time `json:"dueAt" doc:"when there is none, where nobody agreed by then"`
	State       string    `json:"state" enum:"waiting,agreed,none,declined" doc:"none is all that who asked sees of a refusal; declined is seen by who declined, as he does"`
}

func introductionOf(i tie.Introduction) introductionBody {
	return introductionBody{i.ID, i.AskerID, i.AskerName, i.AskedID, i.AskedName, i.ContactID, i.Name, i.AccountName, i.Title, i.Former, i.Sentence, i.AskedAt, i.DueAt, i.State}
}

func introductionsOf(list []tie.Introduction) []introductionBody {
	out := []introductionBody{}
	for _, i := range list {
		out = append(out, introductionOf(i))
	}
	return out
}

func introductions(api *httpapi.API, d Deps) {
	type askIn struct {
		Body struct {
			ID        string `json:"id,omitempty" maxLength:"36"`
			ContactID string `json:"contactId,omitempty" maxLength:"60"`
			Token     string `json:"token" minLength:"1" maxLength:"999" doc:"of a way"`
			Sentence  string `json:"sentence" minLength:"1" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/introductions", ID: "askIntroduction", Status: 201,
		Summary: "Ask a colleague for an introduction; he sees who asks, the person and the sentence", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *askIn) (*httpapi.Body[introductionBody], error) {
			i, err := d.Ties.Introduce(ctx, a, tie.Asking{ID: in.Body.ID, ContactID: in.Body.ContactID, Token: in.Body.Token, Sentence: in.Body.Sentence})
			return httpapi.Answer(introductionOf(i), err)
		})
	type introductionsBody struct {
		Mine  []introductionBody `json:"mine" doc:"asked by the reader, the last in front"`
		Asked []introductionBody `json:"asked" doc:"the reader is asked for, and has not answered"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/introductions", ID: "listIntroductions", Summary: "Introductions the reader asked for, and is asked for", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[introductionsBody], error) {
			mine, asked, err := d.Ties.Introductions(ctx, a)
			return httpapi.Answer(introductionsBody{introductionsOf(mine), introductionsOf(asked)}, err)
		})
	type answerIn struct {
		httpapi.ByID
		Body struct {
			Agree bool `json:"agree"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/introductions/{id}/answer", ID: "answerIntroduction",
		Summary: "Agree to an introduction, or not, of which nobody hears", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, in *answerIn) (*httpapi.Body[introductionBody], error) {
			i, err := d.Ties.AnswerIntroduction(ctx, a, in.ID, in.Body.Agree)
			return httpapi.Answer(introductionOf(i), err)
		})
}

type knowerBody struct {
	MemberID   string `json:"memberId"`
	MemberName string `json:"memberName"`
}

type aroundBody struct {
	ID        string       `json:"id"`
	AskerID   string       `json:"askerId"`
	AskerName string       `json:"askerName"`
	ContactID string       `json:"contactId"`
	Name      string       `json:"name"`
	Former    string       `json:"former"`
	AskedAt   time.Time    `json:"askedAt"`
	EndsAt    time.Time    `json:"endsAt"`
	State     string       `json:"state" enum:"waiting,known,none"`
	Known     []knowerBody `json:"known" doc:"who says that he knows him; read by who asked alone"`
}

func aroundOf(k tie.AskAround) aroundBody {
	b := aroundBody{k.ID, k.AskerID, k.AskerName, k.ContactID, k.Name, k.Former, k.AskedAt, k.EndsAt, k.State, []knowerBody{}}
	for _, x := range k.Known {
		b.Known = append(b.Known, knowerBody{x.MemberID, x.Name})
	}
	return b
}

func aroundsOf(list []tie.AskAround) []aroundBody {
	out := []aroundBody{}
	for _, k := range list {
		out = append(out, aroundOf(k))
	}
	return out
}

func askArounds(api *httpapi.API, d Deps) {
	type whomIn struct {
		Name    string `query:"name" minLength:"1" maxLength:"100" required:"true"`
		Former  string `query:"former" maxLength:"100"`
		Contact string `query:"contact" maxLength:"60"`
	}
	type whomBody struct {
		AskerName  string `json:"askerName" doc:"what is sent is this name, the name asked for and the former firm, and nothing else"`
		Name       string `json:"name"`
		Former     string `json:"former"`
		First      int    `json:"first" doc:"how many are asked first"`
		ByIndustry int    `json:"byIndustry"`
		Industry   string `json:"industry"`
		ByRegion   int    `json:"byRegion"`
		Region     string `json:"region"`
		Rest       int    `json:"rest" doc:"how many are asked after two working days without anybody who knows him"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/ask-arounds/whom", ID: "askAroundWhom", Summary: "Whom it would be put to, before one asks around", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *whomIn) (*httpapi.Body[whomBody], error) {
			w, err := d.Ties.AskingWhom(ctx, a, tie.AskAround{Name: in.Name, Former: in.Former, ContactID: in.Contact})
			return httpapi.Answer(whomBody{a.Structure.Members[a.MemberID].Name, in.Name, in.Former, w.First, w.ByIndustry, w.Industry, w.ByRegion, w.Region, w.Rest}, err)
		})
	type askIn struct {
		Body struct {
			ID        string `json:"id,omitempty" maxLength:"36"`
			Name      string `json:"name" minLength:"1" maxLength:"100"`
			Former    string `json:"former,omitempty" maxLength:"100"`
			ContactID string `json:"contactId,omitempty" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/ask-arounds", ID: "askAround", Status: 201,
		Summary: "Ask colleagues whether they know somebody: his name and former firm, and nothing else", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *askIn) (*httpapi.Body[aroundBody], error) {
			k, err := d.Ties.AskAround(ctx, a, tie.AskAround{ID: in.Body.ID, Name: in.Body.Name, Former: in.Body.Former, ContactID: in.Body.ContactID})
			return httpapi.Answer(aroundOf(k), err)
		})
	type askAroundsBody struct {
		Mine  []aroundBody `json:"mine" doc:"asked by the reader, the last in front"`
		Asked []aroundBody `json:"asked" doc:"put to the reader, and not answered by him"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/ask-arounds", ID: "listAskArounds", Summary: "What the reader asks around, and is asked", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[askAroundsBody], error) {
			mine, asked, err := d.Ties.AskArounds(ctx, a)
			return httpapi.Answer(askAroundsBody{aroundsOf(mine), aroundsOf(asked)}, err)
		})
	type answerIn struct {
		httpapi.ByID
		Body struct {
			Answer string `json:"answer" enum:"know,dont,rather_not"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/ask-arounds/{id}/answer", ID: "answerAskAround",
		Summary: "Say whether one knows him; nobody but who asked hears of it, and only of who does", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, in *answerIn) (*httpapi.Body[aroundBody], error) {
			k, err := d.Ties.AnswerAskAround(ctx, a, in.ID, in.Body.Answer)
			return httpapi.Answer(aroundOf(k), err)
		})
}
