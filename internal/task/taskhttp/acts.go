package taskhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/task"
)

// atVersion is an act without a body.
type atVersion struct {
	httpapi.ByID
	httpapi.AtVersion
}

// act adds a route of an act without a body.
func act(api *httpapi.API, name, id, summary string, fn func(ctx context.Context, a org.Actor, id string) (task.Task, error)) {
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/" + name, ID: id, Summary: summary, Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *atVersion) (*httpapi.Body[taskBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			t, err := fn(ctx, actor, in.ID)
			return one(t, actor.Today, err)
		})
}

func (d Deps) acts(api *httpapi.API) {
	act(api, "receive", "receiveTask", "Say that an order was received", d.Tasks.Receive)
	act(api, "reopen", "reopenTask", "Take back, on the same day, that it or one's part was done", d.Tasks.Reopen)
	act(api, "offer/withdraw", "withdrawTaskOffer", "Ask nobody any more to take it over", d.Tasks.Withdraw)
	act(api, "series/end", "endTaskSeries", "It comes no more", d.Tasks.EndSeries)
	d.told(api)
	d.result(api)
	d.reviews(api)
	d.offers(api)
	type partiesIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Parties []partyBody `json:"parties" maxItems:"20"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/tasks/{id}/parties", ID: "setTaskParties", Summary: "Who else has a part in it", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *partiesIn) (*httpapi.Body[taskBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			t, err := d.Tasks.SetParties(ctx, actor, in.ID, partiesOf(in.Body.Parties))
			return one(t, actor.Today, err)
		})
}

// told are the routes of a plan and of progress.
func (d Deps) told(api *httpapi.API) {
	type toldIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Words string `json:"words" minLength:"1" maxLength:"1000"`
		}
	}
	for _, r := range []struct {
		name, id, summary string
		fn                func(ctx context.Context, a org.Actor, id, words string) (task.Task, error)
	}{
		{"plan", "planTask", "Say how it is to be done", d.Tasks.Plan},
		{"progress", "progressTask", "Say how far it is", d.Tasks.Progress},
	} {
		httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/" + r.name, ID: r.id, Summary: r.summary, Permission: org.SignedIn},
			func(ctx context.Context, actor org.Actor, in *toldIn) (*httpapi.Body[taskBody], error) {
				actor, err := in.By(actor)
				if err != nil {
					return nil, err
				}
				t, err := r.fn(ctx, actor, in.ID, in.Body.Words)
				return one(t, actor.Today, err)
			})
	}
}

// result is the route of what came of what is done.
func (d Deps) result(api *httpapi.API) {
	type resultIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Result string `json:"result" minLength:"1" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/result", ID: "sayTaskResult", Summary: "Say, or say anew, what came of what one finished", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *resultIn) (*httpapi.Body[taskBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			t, err := d.Tasks.SayResult(ctx, actor, in.ID, in.Body.Result)
			return one(t, actor.Today, err)
		})
}

// judgedIn is a yes, or a no with its reason.
type judgedIn struct {
	httpapi.ByID
	httpapi.AtVersion
	Body struct {
		Accepted bool   `json:"accepted"`
		Reason   string `json:"reason,omitempty" maxLength:"1000" doc:"needed for a no"`
	}
}

// reviews is the route of a review and of the answer to an offer.
func (d Deps) reviews(api *httpapi.API) {
	for _, r := range []struct {
		name, id, summary string
		fn                func(ctx context.Context, a org.Actor, id string, accepted bool, reason string) (task.Task, error)
	}{
		{"review", "reviewTask", "Accept a result, or send it back", d.Tasks.Review},
		{"offer/answer", "answerTaskOffer", "Take a task over, or decline", d.Tasks.Answer},
	} {
		httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/" + r.name, ID: r.id, Summary: r.summary, Permission: org.SignedIn},
			func(ctx context.Context, actor org.Actor, in *judgedIn) (*httpapi.Body[taskBody], error) {
				actor, err := in.By(actor)
				if err != nil {
					return nil, err
				}
				t, err := r.fn(ctx, actor, in.ID, in.Body.Accepted, in.Body.Reason)
				return one(t, actor.Today, err)
			})
	}
}

func (d Deps) offers(api *httpapi.API) {
	type offerIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			ToID  string `json:"toId" minLength:"1" maxLength:"60"`
			Words string `json:"words,omitempty" maxLength:"1000"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/tasks/{id}/offer", ID: "offerTask", Summary: "Ask a colleague to take it over", Permission: org.SignedIn},
		func(ctx context.Context, actor org.Actor, in *offerIn) (*httpapi.Body[taskBody], error) {
			actor, err := in.By(actor)
			if err != nil {
				return nil, err
			}
			t, err := d.Tasks.Offer(ctx, actor, in.ID, in.Body.ToID, in.Body.Words)
			return one(t, actor.Today, err)
		})
}
