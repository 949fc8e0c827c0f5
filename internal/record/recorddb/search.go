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

// Owned is the predicate that a record of a table alias has an ownership that was not ended.
func Owned(alias string) string {
	return "EXISTS (SELECT 1 FROM ownership own WHERE own.tenant_id = " + alias + ".tenant_id AND own.record_id = " + alias + ".id AND own.ended_seq IS NULL)"
}
