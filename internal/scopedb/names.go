package scopedb

import "yunchou/internal/database"

// What lists and records show of records that stand elsewhere, and are narrowed by.

// AccountName is the name of an opportunity's account, of the table aliased o.
const AccountName = "(SELECT ac.name FROM account ac WHERE ac.tenant_id = o.tenant_id AND ac.id = o.account_id)"

// AccountOf tells that an opportunity's account, of the table aliased o, is of an industry.
func AccountOf(args *database.Args, industry string) string {
	return "EXISTS (SELECT 1 FROM account ai WHERE ai.tenant_id = o.tenant_id AND ai.id = o.account_id AND ai.industry = " + args.Add(industry) + ")"
}

// The people and competitors that rows aliased oc name, aliased c; of a spelling the competitor that stays.
const (
	JoinContact    = " JOIN contact c ON c.tenant_id = oc.tenant_id AND c.id = oc.contact_id "
	JoinCompetitor = " JOIN competitor cn ON cn.tenant_id = oc.tenant_id AND cn.id = oc.competitor_id" +
		" JOIN competitor c ON c.tenant_id = oc.tenant_id AND c.id = COALESCE(cn.same_as, cn.id) "
)
