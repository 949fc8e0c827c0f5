package accounthttp

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// catalog adds what a company sells and whom it meets.
func catalog(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/product-lines", ID: "listProductLines", Permission: org.PipelineRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]account.ProductLine], error) {
		return httpapi.Answer(d.Accounts.ProductLines(ctx, actor))
	})
	type productIn struct {
		Body struct {
			ID             string `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it is one"`
			Name           string `json:"name" minLength:"1" maxLength:"100"`
			Series         string `json:"series,omitempty" maxLength:"100"`
			ListPriceMinor *int64 `json:"listPriceMinor,omitempty" minimum:"0"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/product-lines", ID: "addProductLine", Permission: org.SettingsEdit, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *productIn) (*httpapi.Body[account.ProductLine], error) {
		return httpapi.Answer(d.Accounts.AddProductLine(ctx, actor, account.ProductLine{
			ID: in.Body.ID, Name: in.Body.Name, Series: in.Body.Series, ListPriceMinor: in.Body.ListPriceMinor,
		}))
	})
	experts(api, d)
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/competitors", ID: "listCompetitors", Permission: org.PipelineRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]account.Competitor], error) {
		return httpapi.Answer(d.Accounts.Competitors(ctx, actor))
	})
}

// experts adds who is asked about what a company sells.
func experts(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/product-experts", ID: "listProductExperts", Permission: org.PipelineRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]account.Expert], error) {
		list, err := d.Accounts.Experts(ctx, actor)
		return httpapi.Answer(append([]account.Expert{}, list...), err)
	})
	type expertIn struct {
		ID       string `path:"id" maxLength:"60"`
		MemberID string `path:"memberId" maxLength:"60"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/product-lines/{id}/experts/{memberId}", ID: "nameProductExpert", Permission: org.SettingsEdit, Status: 204,
		Summary: "An expert of the product from today on",
	}, func(ctx context.Context, actor org.Actor, in *expertIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Accounts.NameExpert(ctx, actor, in.ID, in.MemberID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/product-lines/{id}/experts/{memberId}", ID: "endProductExpert", Permission: org.SettingsEdit, Status: 204,
		Summary: "No expert of the product from today on",
	}, func(ctx context.Context, actor org.Actor, in *expertIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Accounts.EndExpert(ctx, actor, in.ID, in.MemberID))
	})
}
