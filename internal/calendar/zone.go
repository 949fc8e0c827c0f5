package calendar

import (
	"sync"
	"sync/atomic"
	"time"
)

// zones are those that have been read, by name: a zone's file is found, read and taken apart
// anew each time it is asked for, and every request and every row of an import asks. There are
// some six hundred names of zones; of other spellings of them no more than mostZones are kept.
var (
	zones sync.Map
	known atomic.Int64
)

const mostZones = 1000

// Zone returns the time zone of an IANA name such as Asia/Shanghai.
func Zone(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	if known.Load() < mostZones {
		if _, there := zones.LoadOrStore(name, z); !there {
			known.Add(1)
		}
	}
	return z, nil
}
