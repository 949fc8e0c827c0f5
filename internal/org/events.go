package org

import (
	"yunchou/internal/calendar"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// The entries of the organisation. Payloads hold ids, codes, numbers and days, the old
// values and the new; what people and teams are called stays in their rows. Version 2 is
// the first that says which rows changed.

// Was is a value before and after.
type Was[T any] struct {
	Old T `json:"old"`
	New T `json:"new"`
}

func ofMember(id string) record.Ref  { return record.Ref{Kind: "member", ID: id} }
func ofTeam(id string) record.Ref    { return record.Ref{Kind: "team", ID: id} }
func ofCompany(id string) record.Ref { return record.Ref{Kind: "company", ID: id} }
func ofSeat(id string) record.Ref    { return record.Ref{Kind: "seat", ID: id} }
func ofRole(key RoleKey) record.Ref  { return record.Ref{Kind: "role", ID: string(key)} }

// MemberAdded is a person with the place and the role of the first day.
type MemberAdded struct {
	JoinedOn calendar.Date `json:"joinedOn,omitempty"`
	TeamID   string        `json:"teamId,omitempty"`
	Role     RoleKey       `json:"role"`
	Login    bool          `json:"login"`
	// FreedFrom is a leaver whose sign-in name it is now.
	FreedFrom string `json:"freedFrom,omitempty"`
	Changes
}

func memberAdded(id string, on calendar.Date, p MemberAdded) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.added", Version: 2, On: on, Payload: p}
}

// MemberTransferred is a main post that is another from a day on.
type MemberTransferred struct {
	TeamID Was[string] `json:"team"`
	Changes
}

func memberTransferred(id string, on calendar.Date, p MemberTransferred) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.transferred", Version: 2, On: on, Payload: p}
}

// MemberLeft is a leaving, perhaps announced: everything the member had ends on the day.
type MemberLeft struct {
	LeftOn Was[calendar.Date] `json:"leftOn"`
	Changes
}

func memberLeft(id string, p MemberLeft) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.left", Version: 2, On: p.LeftOn.New, Payload: p}
}

// MemberRoleSet is a role in the place of what was held before.
type MemberRoleSet struct {
	Role Was[RoleKey] `json:"role"`
	Changes
}

func memberRoleSet(id string, on calendar.Date, p MemberRoleSet) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.role_set", Version: 2, On: on, Payload: p}
}

// MemberDelegated is an assistant who may act for the member.
type MemberDelegated struct {
	AssistantID string `json:"assistantId"`
	Changes
}

func memberDelegated(id string, on calendar.Date, p MemberDelegated) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.delegated", Version: 2, On: on, Payload: p}
}

func memberDelegationEnded(id string, on calendar.Date, p MemberDelegated) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.delegation_ended", On: on, Payload: p}
}

// MemberReturned is somebody who left and is back from a day on, in a place and a role.
type MemberReturned struct {
	LeftOn calendar.Date      `json:"leftOn"`
	BackOn Was[calendar.Date] `json:"backOn"`
	TeamID string             `json:"teamId,omitempty"`
	Role   RoleKey            `json:"role"`
	Changes
}

func memberReturned(id string, p MemberReturned) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.returned", On: p.BackOn.New, Payload: p}
}

// MemberPost is a post beside the others: one more, one less, or another that leads.
type MemberPost struct {
	SeatID string `json:"seatId"`
	TeamID string `json:"teamId"`
	Changes
}

func memberPostAdded(id string, on calendar.Date, p MemberPost) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.post_added", On: on, Payload: p}
}

func memberPostEnded(id string, on calendar.Date, p MemberPost) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.post_ended", On: on, Payload: p}
}

func memberMainPostSet(id string, on calendar.Date, p MemberPost) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.main_post_set", On: on, Payload: p}
}

// MemberDescribed is which of name, email and phone are others; the texts stay in the row.
type MemberDescribed struct {
	Changed []string    `json:"changed"`
	Locale  Was[string] `json:"locale"`
}

func memberDescribed(id string, p MemberDescribed) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.described", Payload: p}
}

// Nothing more is to be said of some changes than that they happened.
type noMore struct{}

// MemberLoginGiven is a sign-in; FreedFrom is a leaver whose name it was.
type MemberLoginGiven struct {
	FreedFrom string `json:"freedFrom,omitempty"`
}

func memberLoginGiven(id string, p MemberLoginGiven) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.login_given", Version: 2, Payload: p}
}

func memberLoginTaken(id string) journal.Event {
	return journal.Event{Subject: ofMember(id), Kind: "member.login_withdrawn", Payload: noMore{}}
}

// TeamAdded is a team and where it hangs at first.
type TeamAdded struct {
	ParentID string `json:"parentId"`
	Region   string `json:"region,omitempty"`
	Changes
}

func teamAdded(id string, on calendar.Date, p TeamAdded) journal.Event {
	return journal.Event{Subject: ofTeam(id), Kind: "team.added", Version: 2, On: on, Payload: p}
}

// TeamMoved is a team that hangs elsewhere from a day on.
type TeamMoved struct {
	ParentID Was[string] `json:"parent"`
	Changes
}

func teamMoved(id string, on calendar.Date, p TeamMoved) journal.Event {
	return journal.Event{Subject: ofTeam(id), Kind: "team.moved", Version: 2, On: on, Payload: p}
}

// TeamDescribed is a team that is called otherwise, or is in another region.
type TeamDescribed struct {
	Renamed bool        `json:"renamed"`
	Region  Was[string] `json:"region"`
}

func teamDescribed(id string, p TeamDescribed) journal.Event {
	return journal.Event{Subject: ofTeam(id), Kind: "team.described", Payload: p}
}

// TeamClosed is a team nothing is put in from a day on.
type TeamClosed struct {
	ClosedOn Was[calendar.Date] `json:"closedOn"`
}

func teamClosed(id string, p TeamClosed) journal.Event {
	return journal.Event{Subject: ofTeam(id), Kind: "team.closed", On: p.ClosedOn.New, Payload: p}
}

// SeatOpened is a place of a team's headcount, SeatClosed one that is no more.
type SeatOpened struct {
	TeamID string `json:"teamId"`
	Changes
}

func seatOpened(id string, on calendar.Date, p SeatOpened) journal.Event {
	return journal.Event{Subject: ofSeat(id), Kind: "seat.opened", On: on, Payload: p}
}

// SeatClosed is a seat that is there until a day.
type SeatClosed struct {
	TeamID string             `json:"teamId"`
	To     Was[calendar.Date] `json:"to"`
	Changes
}

func seatClosed(id string, p SeatClosed) journal.Event {
	return journal.Event{Subject: ofSeat(id), Kind: "seat.closed", On: p.To.New, Payload: p}
}

// RoleStates is what a role says.
type RoleStates struct {
	Permissions []Permission       `json:"permissions"`
	Reach       map[string]Reaches `json:"reach"`
}

// RoleAdded is a role the company made, from another.
type RoleAdded struct {
	From RoleKey `json:"from,omitempty"`
	RoleStates
}

func roleAdded(key RoleKey, p RoleAdded) journal.Event {
	return journal.Event{Subject: ofRole(key), Kind: "role.added", Payload: p}
}

// RoleChanged is what such a role says from now on.
type RoleChanged struct {
	Renamed bool            `json:"renamed"`
	States  Was[RoleStates] `json:"states"`
}

func roleChanged(key RoleKey, p RoleChanged) journal.Event {
	return journal.Event{Subject: ofRole(key), Kind: "role.changed", Payload: p}
}

func roleRetired(key RoleKey) journal.Event {
	return journal.Event{Subject: ofRole(key), Kind: "role.retired", Payload: noMore{}}
}

// CompanyCreated is a company with its root team and its first administrator. Version 3 is
// the first that says what the company's choices were.
type CompanyCreated struct {
	Currency     string `json:"currency"`
	TimeZone     string `json:"timeZone"`
	Locale       string `json:"locale"`
	BackdateDays int    `json:"backdateDays"`
	WorkCalendar string `json:"workCalendar"`
	SumsWithTax  bool   `json:"sumsWithTax"`
	AdminID      string `json:"adminId"`
	RootID       string `json:"rootTeamId"`
	Changes
}

func companyCreated(id string, on calendar.Date, p CompanyCreated) journal.Event {
	return journal.Event{Subject: ofCompany(id), Kind: "company.created", Version: 3, On: on, Payload: p}
}

// SettingsSaved is what of a company's choices became another.
type SettingsSaved struct {
	Renamed      bool        `json:"renamed"`
	BackdateDays Was[int]    `json:"backdateDays"`
	WorkCalendar Was[string] `json:"workCalendar"`
	SumsWithTax  Was[bool]   `json:"sumsWithTax"`
}

func settingsSaved(id string, on calendar.Date, p SettingsSaved) journal.Event {
	return journal.Event{Subject: ofCompany(id), Kind: "company.settings_saved", Version: 2, On: on, Payload: p}
}

// HolidaysLoaded is a calendar year and what it states; version 1 said how many days only.
type HolidaysLoaded struct {
	Year   int             `json:"year"`
	Status calendar.Status `json:"status,omitempty"`
	Origin string          `json:"origin,omitempty"`
	Days   []HolidayStated `json:"days"`
}

// HolidayStated is a day that is off, or worked though it is a weekend.
type HolidayStated struct {
	Date calendar.Date `json:"date"`
	Off  bool          `json:"off"`
}

func holidaysLoaded(id string, on calendar.Date, y HolidayYear) journal.Event {
	p := HolidaysLoaded{Year: y.Year.Year, Status: y.Status, Origin: y.Origin, Days: []HolidayStated{}}
	for _, d := range y.Days {
		p.Days = append(p.Days, HolidayStated{d.Date, d.Off})
	}
	return journal.Event{Subject: ofCompany(id), Kind: "company.holidays_loaded", Version: 2, On: on, Payload: p}
}

// year is the calendar year an entry states; what its days are called is in the row alone.
func (p HolidaysLoaded) year() HolidayYear {
	y := HolidayYear{Year: calendar.Year{Year: p.Year, Status: p.Status, Days: []calendar.Day{}}, Origin: p.Origin}
	for _, d := range p.Days {
		y.Days = append(y.Days, calendar.Day{Date: d.Date, Off: d.Off})
	}
	return y
}

// RateSet is a rate from a day on; the old one is that which held on the day, 0 for none.
type RateSet struct {
	Currency string        `json:"currency"`
	From     calendar.Date `json:"from"`
	Rate     Was[int64]    `json:"rate"`
}

func rateSet(id string, p RateSet) journal.Event {
	return journal.Event{Subject: ofCompany(id), Kind: "company.rate_set", Version: 2, On: p.From, Payload: p}
}
