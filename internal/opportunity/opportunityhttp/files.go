package opportunityhttp

import (
	"context"

	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

func (h *handler) files(api *httpapi.API) {
	type fileIn struct {
		httpapi.ByID
		Name string `query:"name" minLength:"1" maxLength:"200" required:"true"`
		httpapi.Upload
	}
	type fileOut struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Size int64  `json:"size"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/files", ID: "attachFile", Permission: org.OppWrite, Status: 201,
		MaxBody: file.MaxSize,
	}, func(ctx context.Context, actor org.Actor, in *fileIn) (*httpapi.Body[fileOut], error) {
		if err := h.Opportunities.MayWrite(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		f, err := h.Files.Put(ctx, actor, opportunity.Ref(in.ID), in.Name, in.Content())
		return httpapi.Answer(fileOut{f.ID, f.Name, f.Size}, err)
	})
	type getFileIn struct {
		httpapi.ByID
		File string `path:"file" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/opportunities/{id}/files/{file}", ID: "getFile", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *getFileIn) (*httpapi.Sent, error) {
		f, content, err := h.Files.Open(ctx, actor, in.File)
		if err == nil && f.On != opportunity.Ref(in.ID) {
			err = file.ErrUnknown
		}
		if err != nil {
			return nil, err
		}
		return api.File(f.Name, f.Hash, content), nil
	})
}
