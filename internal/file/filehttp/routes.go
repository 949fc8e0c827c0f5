// Package filehttp is the routes of files: decode, call, encode.
package filehttp

import (
	"context"
	"time"

	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Deps is what the routes need.
type Deps struct{ Files *file.Store }

// FileBody is an attached file.
type FileBody struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Size      int64     `json:"size"`
	CreatedAt time.Time `json:"createdAt"`
	CreatedBy string    `json:"createdBy"`
	Needed    bool      `json:"needed" doc:"in a list: it is evidence of a milestone, and stays"`
}

func bodyOf(f file.File) FileBody {
	return FileBody{f.ID, f.Name, f.Size, f.CreatedAt, f.CreatedBy, f.Needed}
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	registerKept(api, d)
	type listIn struct {
		Kind string `query:"kind" maxLength:"30" required:"true" doc:"of the record it is attached to"`
		ID   string `query:"id" maxLength:"60" required:"true"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/files", ID: "listFiles", Summary: "The files of a record of any kind", Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[[]FileBody], error) {
		list, err := d.Files.Of(ctx, actor, record.Ref{Kind: in.Kind, ID: in.ID})
		out := []FileBody{}
		for _, f := range list {
			out = append(out, bodyOf(f))
		}
		return httpapi.Answer(out, err)
	})
	type putIn struct {
		Kind string `query:"kind" maxLength:"30" required:"true"`
		ID   string `query:"id" maxLength:"60" required:"true"`
		Name string `query:"name" minLength:"1" maxLength:"200" required:"true"`
		httpapi.Upload
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/files", ID: "attachFileTo", Summary: "Attach a file to a record of any kind", Permission: org.SignedIn,
		Status: 201, MaxBody: file.MaxSize,
	}, func(ctx context.Context, actor org.Actor, in *putIn) (*httpapi.Body[FileBody], error) {
		f, err := d.Files.Put(ctx, actor, record.Ref{Kind: in.Kind, ID: in.ID}, in.Name, in.Content())
		return httpapi.Answer(bodyOf(f), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/files/{id}", ID: "readFile", Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Sent, error) {
		f, content, err := d.Files.Open(ctx, actor, in.ID)
		if err != nil {
			return nil, err
		}
		return api.File(f.Name, f.Hash, content), nil
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/files/{id}", ID: "removeFile", Summary: "Remove a file from its record; that there was one stays",
		Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Files.Remove(ctx, actor, in.ID))
	})
}
