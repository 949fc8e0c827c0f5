package filehttp

import (
	"context"

	"yunchou/internal/file"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

type keptBody struct {
	FileBody
	OnKind    string `json:"onKind" doc:"the kind of the record it hangs on"`
	OnID      string `json:"onId"`
	On        string `json:"on" doc:"what that record is called"`
	Removable bool   `json:"removable" doc:"the reader may remove it"`
}

type roomBody struct {
	Used        int64 `json:"usedBytes"`
	Most        int64 `json:"mostBytes" doc:"beyond it nothing is attached"`
	Files       int64 `json:"files" doc:"that the list has"`
	Hidden      int64 `json:"hidden" doc:"that hang on records the reader does not see"`
	HiddenBytes int64 `json:"hiddenBytes"`
}

func bodyOfKept(k file.Kept) keptBody {
	return keptBody{bodyOf(k.File), k.File.On.Kind, k.File.On.ID, k.OnName, k.Mine}
}

// Whose is whose files are asked for.
type Whose struct {
	Of string `query:"of" enum:"me,company" default:"me" doc:"the company's are for who may change the settings"`
}

// registerKept adds the routes of who looks for room.
func registerKept(api *httpapi.API, d Deps) {
	type listIn struct {
		Whose
		Sort   string `query:"sort" enum:"size,created" default:"size"`
		Desc   bool   `query:"desc" doc:"the largest or the newest first"`
		Cursor string `query:"cursor" maxLength:"2000"`
		Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/attachments", ID: "listAttachments", Summary: "Attached files by size or age, one's own or the company's",
		Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[page.Result[keptBody]], error) {
		list, err := d.Files.List(ctx, actor, in.Of == "company", page.Request{Sort: in.Sort, Desc: in.Desc, Cursor: in.Cursor, Limit: in.Limit})
		out := page.Result[keptBody]{Items: []keptBody{}, Next: list.Next}
		for _, k := range list.Items {
			out.Items = append(out.Items, bodyOfKept(k))
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/attachments/room", ID: "getAttachmentRoom", Summary: "How much is attached, and how much may be",
		Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *Whose) (*httpapi.Body[roomBody], error) {
		room, err := d.Files.Room(ctx, actor, in.Of == "company")
		return httpapi.Answer(roomBody(room), err)
	})
}
