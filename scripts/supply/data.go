package main

import (
	"os"
	"path/filepath"
)

// data is what the program ships of others that no package manager knows of.
var data = []struct{ name, declared, note, license string }{
	{"holiday-cn", "MIT", "Chinese public holidays and make-up days of 2024 to 2026 (internal/calendar/cnholidays), from github.com/NateScarlet/holiday-cn, which reads the State Council's notices",
		"internal/calendar/cnholidays/LICENSE"},
	{"lunar-go holidays", "MIT", "Chinese public holidays of 2027 (internal/calendar/cnholidays/2027.json), from github.com/6tail/lunar-go v1.4.7",
		"internal/calendar/cnholidays/LICENSE-lunar-go"},
}

// ours is data one might take for another's.
const ours = `The list of passwords nobody may choose (internal/identity/common.txt.gz) is made by a program of this
project (internal/identity/commonlist) and copied from nowhere. The readings of Chinese names come from
github.com/mozillazg/go-pinyin, orders of text from golang.org/x/text (Unicode's tables): see there.`

func shippedData(root string) (out []component, err error) {
	for _, d := range data {
		raw, err := os.ReadFile(filepath.Join(root, d.license))
		if err != nil {
			return nil, err
		}
		out = append(out, component{Kind: "data", Name: d.name, Declared: d.declared, Note: d.note, Files: []file{{filepath.Base(d.license), string(raw)}}})
	}
	return out, nil
}
