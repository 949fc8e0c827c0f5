// Package accounthttp is the routes of accounts, contacts, products, competitors.
package accounthttp

import (
	"yunchou/internal/account"
	"yunchou/internal/field"
	"yunchou/internal/httpapi"
)

// Deps is what the routes need.
type Deps struct {
	Accounts *account.Service
	Fields   *field.Service
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	accounts(api, d)
	contacts(api, d)
	cards(api, d)
	merges(api, d)
	former(api, d)
	catalog(api, d)
	exports(api, d)
}
