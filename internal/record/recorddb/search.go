package recorddb

import (
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/pinyin"
	"yunchou/internal/text"
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
	return "(" + lower(args, alias+".name", part) + " LIKE " + name + ` ESCAPE '\' OR ` + alias + ".pinyin LIKE " + full + ` ESCAPE '\' OR ` +
		alias + ".initials LIKE " + full + ` ESCAPE '\')`
}

// lower is a column in lower case, as far as what is searched for tells: lower() knows ASCII
// alone on both engines, so what else is in part is replaced letter by letter. Most searches
// have none.
func lower(args *database.Args, column, part string) string {
	seen := map[rune]bool{}
	for _, r := range part {
		if seen[r] {
			continue
		}
		seen[r] = true
		for _, capital := range text.Capitals(r) {
			column = "replace(" + column + ", " + args.Add(string(capital)) + ", " + args.Add(string(r)) + ")"
		}
	}
	return "lower(" + column + ")"
}

// Owned is the predicate that a record of a table alias has an ownership that was not ended.
func Owned(alias string) string {
	return "EXISTS (SELECT 1 FROM ownership own WHERE own.tenant_id = " + alias + ".tenant_id AND own.record_id = " + alias + ".id AND own.ended_seq IS NULL)"
}
