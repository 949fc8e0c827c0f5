package opportunityhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// timeline goes back beyond what a record has of its journal at once.
func (h *handler) timeline(api *httpapi.API) {
	type earlierIn struct {
		httpapi.ByID
		Before int64 `query:"before" required:"true" minimum:"1" doc:"seq of the earliest entry that is there"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/opportunities/{id}/journal", ID: "earlierEntries",
		Summary: "Entries written before one, at most 100, the last first", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *earlierIn) (*httpapi.Body[[]journal.Entry], error) {
		list, err := h.Opportunities.Earlier(ctx, actor, in.ID, in.Before)
		return httpapi.Answer(append([]journal.Entry{}, list...), err)
	})
}
