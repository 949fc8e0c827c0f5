package org

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// What other capabilities know of members and teams; the organisation asks them in its own
// transaction. Each may be nil: then nobody knows anything.

// Held is how many records of a kind somebody still holds.
type Held struct {
	Kind  string `json:"kind"`
	Count int64  `json:"count"`
}

// Leavings tells what a member still holds: open opportunities, accounts, promises in other
// people's deals.
type Leavings interface {
	Left(ctx context.Context, tx database.Tx, a Actor, member string) ([]Held, error)
}

// TeamRecords tells how many open records belong to a team.
type TeamRecords interface {
	OpenIn(ctx context.Context, tx database.Tx, a Actor, team string) (int64, error)
}

// Placing is a change of a member's main teams, which are others from a day on. Then is the
// organisation as it is once the change is written.
type Placing struct {
	MemberID string
	From     calendar.Date
	Then     *Structure
}

// Placings hears of it: a record's team follows its owner's. The organisation's rows of this
// change may not be readable yet (they wait for the entry's number).
type Placings interface {
	Placed(ctx context.Context, tx database.Tx, a Actor, of []Placing) error
}

// Pricings hears that an exchange rate was stated: what is kept in the company's currency
// is worth another amount. The rate may not be readable yet.
type Pricings interface {
	RateStated(ctx context.Context, tx database.Tx, a Actor) error
}
