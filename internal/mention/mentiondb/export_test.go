package mentiondb

// Searched are the columns that are looked through, as TABLE.COLUMN.
func Searched() map[string]bool {
	all := map[string]bool{}
	for _, c := range columns {
		all[c.table+"."+c.text] = true
	}
	return all
}
