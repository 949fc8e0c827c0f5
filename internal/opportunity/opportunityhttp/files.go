package opportunityhttp

import (
	"bytes"
	"context"
	"net/url"

	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

func (h *handler) files(api *httpapi.API) {
	type fileIn struct {
		httpapi.ByID
		Name    string `query:"name" minLength:"1" maxLength:"200" required:"true"`
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type fileOut struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Size int64  `json:"size"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/files", ID: "attachFile", Permission: org.OppWrite, Status: 201,
		MaxBody: 21 << 20,
	}, func(ctx context.Context, actor org.Actor, in *fileIn) (*httpapi.Body[fileOut], error) {
		if err := h.Opportunities.MayWrite(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		f, err := h.Files.Put(ctx, actor, opportunity.Ref(in.ID), in.Name, bytes.NewReader(in.RawBody))
		return httpapi.Answer(fileOut{f.ID, f.Name, f.Size}, err)
	})
	type getFileIn struct {
		httpapi.ByID
		File string `path:"file" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/opportunities/{id}/files/{file}", ID: "getFile", Permission: org.OppRead,
	}, func(ctx context.Context, actor org.Actor, in *getFileIn) (*httpapi.Download, error) {
		f, raw, err := h.Files.Get(ctx, actor, in.File)
		if err == nil && f.On != opportunity.Ref(in.ID) {
			err = file.ErrUnknown
		}
		return &httpapi.Download{
			Type:        "application/octet-stream",
			Disposition: "attachment; filename*=UTF-8''" + url.PathEscape(f.Name), Body: raw,
		}, err
	})
}
