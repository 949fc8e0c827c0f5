package recorddb

import (
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/pinyin"
)

var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace

// Search matches what somebody typed against name, pinyin and initials of a table alias:
// every record with a name keeps all three.
func Search(args *database.Args, alias, query string) string {
	part, letters := pinyin.Search(query)
	if part == "" {
		return "1 = 1"
	}
	name := args.Add("%" + escape(part) + "%")
	full := args.Add(escape(letters) + "%")
	return "(lower(" + alias + ".name) LIKE " + name + ` ESCAPE '\' OR ` + alias + ".pinyin LIKE " + full + ` ESCAPE '\' OR ` +
		alias + ".initials LIKE " + full + ` ESCAPE '\')`
}
