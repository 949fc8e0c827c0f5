package httpapi

import "yunchou/internal/page"

// ByID is the path parameter of every route to one record.
type ByID struct {
	ID string `path:"id" maxLength:"60"`
}

// Paging is the query parameters of every list.
type Paging struct {
	Sort   string `query:"sort" maxLength:"30"`
	Desc   bool   `query:"desc"`
	Cursor string `query:"cursor" maxLength:"2000"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

// Request turns them into a page request.
func (p Paging) Request() page.Request {
	return page.Request{Sort: p.Sort, Desc: p.Desc, Cursor: p.Cursor, Limit: p.Limit}
}
