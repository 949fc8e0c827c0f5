package accounthttp

import (
	"context"

	"yunchou/internal/account"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type postBody struct {
	Company    string `json:"company"`
	Department string `json:"department"`
	Title      string `json:"title"`
}

type cardBody struct {
	Name        string         `json:"name" doc:"empty where it is not told surely; so is each of the others"`
	Company     string         `json:"company"`
	Department  string         `json:"department"`
	Title       string         `json:"title"`
	Mobile      string         `json:"mobile"`
	Phone       string         `json:"phone"`
	Email       string         `json:"email"`
	WeChat      string         `json:"wechat"`
	Address     string         `json:"address"`
	Former      []postBody     `json:"former" doc:"where he was before"`
	Rest        []string       `json:"rest" doc:"what of the text was not taken over"`
	AccountID   string         `json:"accountId" doc:"the account of that company's name in the reader's sight"`
	AccountName string         `json:"accountName"`
	Elsewhere   bool           `json:"elsewhere" doc:"the text names another firm than the account it was read for"`
	People      []account.Same `json:"people" doc:"who looks the same"`
	Moved       *account.Same  `json:"moved" doc:"the one of them who is known at another firm: tell of a change, and write nothing over"`
}

func cardOf(c account.Carded) cardBody {
	b := cardBody{c.Name, c.Company, c.Department, c.Title, c.Mobile, c.Phone, c.Email, c.WeChat, c.Address, []postBody{}, c.Rest, c.AccountID,
		c.AccountName, c.Elsewhere, c.People, c.Moved}
	for _, p := range c.Former {
		b.Former = append(b.Former, postBody(p))
	}
	if b.Rest == nil {
		b.Rest = []string{}
	}
	if b.People == nil {
		b.People = []account.Same{}
	}
	return b
}

// cards reads what was pasted.
func cards(api *httpapi.API, d Deps) {
	type in struct {
		Body struct {
			Text      string `json:"text" minLength:"1" maxLength:"4000" doc:"a card, a signature or a line of chat; it is kept nowhere"`
			AccountID string `json:"accountId,omitempty" maxLength:"60" doc:"at which he is to be written down"`
			ContactID string `json:"contactId,omitempty" maxLength:"60" doc:"whose card it is, where that is known"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/contact-cards", ID: "readContactCard",
		Summary: "What a pasted card, signature or line of chat tells of a person; nothing is written", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *in) (*httpapi.Body[cardBody], error) {
			c, err := d.Accounts.ReadCard(ctx, a, in.Body.Text, in.Body.AccountID, in.Body.ContactID)
			return httpapi.Answer(cardOf(c), err)
		})
}
