package recorddb

import (
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/pinyin"
)

var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace

// Search matches what somebody typed against what a table alias keeps of its names: it is pinyin.Asked.Holds
// as SQL. Every record with a name keeps pinyin, initials and spelled.
func Search(args *database.Args, alias, query string) string {
	asked := pinyin.Ask(query)
	if asked.Part == "" {
		return "1 = 1"
	}
	like := func(column, pattern string) string { return column + " LIKE " + args.Add(pattern) + ` ESCAPE '\'` }
	part, letters := escape(asked.Part), escape(asked.Letters)
	any := []string{like("lower("+alias+".name)", "%"+part+"%"), like(alias+".spelled", "%|%"+part+"%")}
	if asked.Bare != "" {
		bare := escape(asked.Bare)
		any = append(any, like("lower("+alias+".name)", "%"+bare+"%"), like(alias+".spelled", "%|%"+bare+"%"))
	}
	if letters != "" {
		any = append(any, like(alias+".pinyin", letters+"%"), like(alias+".initials", letters+"%"),
			like(alias+".initials", "% "+letters+"%"), like(alias+".spelled", "% "+letters+"%"))
	}
	if asked.Within {
		any = append(any, like(alias+".initials", "%"+letters+"%"))
	}
	for _, split := range asked.Splits {
		any = append(any, like(alias+".spelled", "%'"+split+"%"))
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

// OwnedBy is the predicate that a record of a table alias is, or was, one of some members'.
func OwnedBy(args *database.Args, alias string, members []string) string {
	return alias + ".id IN (SELECT own.record_id FROM ownership own WHERE own.tenant_id = " + alias + ".tenant_id AND own.ended_seq IS NULL AND own.member_id IN " +
		database.In(args, members) + ")"
}

// Owned is the predicate that a record of a table alias has an ownership that was not ended.
func Owned(alias string) string {
	return "EXISTS (SELECT 1 FROM ownership own WHERE own.tenant_id = " + alias + ".tenant_id AND own.record_id = " + alias + ".id AND own.ended_seq IS NULL)"
}
