// Package orghttp is the routes of the organisation: people, teams, settings.
package orghttp

import (
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct {
	Org *org.Service
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	people(api, d)
	teams(api, d)
	seats(api, d)
	roles(api, d)
	settings(api, d)
}
