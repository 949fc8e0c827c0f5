package scopedb

// SameIndustry tells that two accounts have an industry, and the same.
func SameIndustry(tenant, one, other string) string {
	return "EXISTS (SELECT 1 FROM account xa JOIN account ya ON ya.tenant_id = xa.tenant_id AND ya.id = " + other + " AND ya.industry = xa.industry WHERE xa.tenant_id = " +
		tenant + " AND xa.id = " + one + " AND xa.industry <> '')"
}
