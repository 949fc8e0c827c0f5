package accounthttp

import (
	"context"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/httpapi"
	"yunchou/internal/merge"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// lookBody is what a merge would do.
type lookBody struct {
	KeptName    string        `json:"keptName"`
	GoneName    string        `json:"goneName"`
	KeptOwner   string        `json:"keptOwnerId"`
	GoneOwner   string        `json:"goneOwnerId"`
	Version     int           `json:"version"`
	GoneVersion int           `json:"goneVersion"`
	Fields      []differsBody `json:"fields"`
	Moves       movesBody     `json:"moves"`
}

type differsBody struct {
	Field string `json:"field" doc:"own fields are custom. and their key"`
	Kept  string `json:"kept"`
	Gone  string `json:"gone"`
}

type movesBody struct {
	Deals     int `json:"deals"`
	People    int `json:"people"`
	Children  int `json:"children"`
	FollowUps int `json:"followUps"`
	Tasks     int `json:"tasks"`
	Files     int `json:"files"`
	Jobs      int `json:"jobs"`
	Evidence  int `json:"evidence"`
	External  int `json:"external"`
}

func lookOf(l account.Look) lookBody {
	b := lookBody{l.KeptName, l.GoneName, l.KeptOwner, l.GoneOwner, l.Version, l.GoneVersion, []differsBody{},
		movesBody{l.Deals, l.People, l.Children, l.FollowUps, l.Tasks, l.Files, l.Jobs, l.Evidence, l.External}}
	for _, d := range l.Fields {
		b.Fields = append(b.Fields, differsBody(d))
	}
	return b
}

// mergeBody is a merge as it is told of.
type mergeBody struct {
	ID     string     `json:"id"`
	Kind   string     `json:"kind" enum:"account,contact"`
	KeptID string     `json:"keptId"`
	GoneID string     `json:"goneId"`
	MadeAt time.Time  `json:"madeAt"`
	MadeBy string     `json:"madeBy"`
	Undone *time.Time `json:"undoneAt"`
	Name   string     `json:"name" doc:"in a list: of the one that went"`
}

func mergeOf(m merge.Merge) mergeBody {
	return mergeBody{m.ID, m.Kind, m.KeptID, m.GoneID, m.MadeAt, m.MadeBy, m.UndoneAt, ""}
}

// merges adds what is asked before two records are made one, the act, and the way back.
func merges(api *httpapi.API, d Deps) {
	s := d.Accounts
	mergesOf(api, d, "/accounts/{id}", "Account", record.Account, s.LookAtMerge, s.Merge)
	mergesOf(api, d, "/contacts/{id}", "Contact", record.Contact, s.LookAtContactMerge, s.MergeContacts)
	type twinsBody struct {
		Accounts [][]account.Twin `json:"accounts"`
		Contacts [][]account.Twin `json:"contacts"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/twins", ID: "listTwins", Summary: "Accounts and people one may change that look the same",
		Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[twinsBody], error) {
		accounts, people, err := s.Twins(ctx, actor)
		return httpapi.Answer(twinsBody{accounts, people}, err)
	})
	type undoneBody struct {
		Merge  mergeBody `json:"merge"`
		Back   int       `json:"back" doc:"what went back"`
		Stayed int       `json:"stayed" doc:"what was changed since, and stayed"`
		Fields []string  `json:"fields" doc:"fields that were changed since, and stayed"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/merges/{id}/undo", ID: "undoMerge", Summary: "Take a merge back, but for what was changed since",
		Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[undoneBody], error) {
		u, err := s.Unmerge(ctx, actor, in.ID)
		return httpapi.Answer(undoneBody{mergeOf(u.Merge), u.Back, u.Stayed, u.Fields}, err)
	})
}

type mergesBody struct {
	Items []mergeBody `json:"items"`
}

type looking func(context.Context, org.Actor, account.Merging) (account.Look, error)

type merging func(context.Context, org.Actor, account.Merging) (merge.Merge, error)

func mergesOf(api *httpapi.API, d Deps, path, name, kind string, look looking, do merging) {
	type lookIn struct {
		httpapi.ByID
		With string `query:"with" maxLength:"60" required:"true" doc:"the one that would go into this"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: path + "/merge", ID: "look" + name + "Merge", Summary: "What a merge would change and move",
		Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, in *lookIn) (*httpapi.Body[lookBody], error) {
		l, err := look(ctx, actor, account.Merging{Kept: in.ID, Gone: in.With})
		return httpapi.Answer(lookOf(l), err)
	})
	type mergeIn struct {
		httpapi.ByID
		Body struct {
			ID          string   `json:"id,omitempty" maxLength:"36"`
			With        string   `json:"with" maxLength:"60" doc:"the one that goes into this"`
			Version     int      `json:"version"`
			WithVersion int      `json:"withVersion"`
			Take        []string `json:"take,omitempty" maxItems:"500" doc:"fields of which the value of the one that goes is taken"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: path + "/merge", ID: "merge" + name, Summary: "Put another into this one", Permission: org.AccountWrite,
	}, func(ctx context.Context, actor org.Actor, in *mergeIn) (*httpapi.Body[mergeBody], error) {
		b := in.Body
		m, err := do(ctx, actor, account.Merging{ID: b.ID, Kept: in.ID, Gone: b.With, Version: b.Version, GoneVersion: b.WithVersion, Take: b.Take})
		return httpapi.Answer(mergeOf(m), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: path + "/merges", ID: "list" + name + "Merges", Summary: "What went into this one, the last first",
		Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[mergesBody], error) {
		list, err := d.Accounts.MergesOf(ctx, actor, record.Ref{Kind: kind, ID: in.ID})
		b := mergesBody{[]mergeBody{}}
		for _, m := range list {
			one := mergeOf(m.Merge)
			one.Name = m.Name
			b.Items = append(b.Items, one)
		}
		return httpapi.Answer(b, err)
	})
}
