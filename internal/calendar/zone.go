package calendar

import (
	"sync"
	"time"
)

// zones are those that have been read, by name: a zone's file is found, read and taken apart
// anew each time it is asked for, and every request and every row of an import asks. Only
// names that are zones are kept, of which there are some six hundred.
var zones sync.Map

// Zone returns the time zone of an IANA name such as Asia/Shanghai.
func Zone(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	zones.Store(name, z)
	return z, nil
}
