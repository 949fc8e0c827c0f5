package scopedb

// AccountInUse tells whether anything live is kept with an account: whoever takes one back
// asks first. The tenant and the id are bound already.
func AccountInUse(tenant, id string) string {
	return `(EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = ` + tenant + ` AND o.account_id = ` + id + ` AND o.deleted_at IS NULL)
		OR EXISTS (SELECT 1 FROM contact c WHERE c.tenant_id = ` + tenant + ` AND c.account_id = ` + id + ` AND c.deleted_at IS NULL)
		OR EXISTS (SELECT 1 FROM record_link l JOIN follow_up f ON f.tenant_id = l.tenant_id AND f.id = l.id WHERE l.tenant_id = ` + tenant + `
			AND l.to_kind = 'account' AND l.to_id = ` + id + ` AND l.kind = 'follow_up' AND f.deleted_at IS NULL)
		OR EXISTS (SELECT 1 FROM sighting si WHERE si.tenant_id = ` + tenant + ` AND si.account_id = ` + id + ` AND si.opportunity_id IS NULL AND si.withdrawn_at IS NULL))`
}

// ContactInUse tells whether a deal, evidence or a follow-up names a person, or something is said on him.
func ContactInUse(tenant, id string) string {
	return `(EXISTS (SELECT 1 FROM opportunity_contact oc WHERE oc.tenant_id = ` + tenant + ` AND oc.contact_id = ` + id + `)
		OR EXISTS (SELECT 1 FROM evidence e WHERE e.tenant_id = ` + tenant + ` AND e.contact_id = ` + id + `)
		OR EXISTS (SELECT 1 FROM follow_up_contact fc WHERE fc.tenant_id = ` + tenant + ` AND fc.contact_id = ` + id + `)
		OR EXISTS (SELECT 1 FROM thread t WHERE t.tenant_id = ` + tenant + ` AND t.on_kind = 'contact' AND t.on_id = ` + id + `)
		OR EXISTS (SELECT 1 FROM contact_change cc WHERE cc.tenant_id = ` + tenant + ` AND cc.contact_id = ` + id + ` AND cc.state <> 'withdrawn')
		OR EXISTS (SELECT 1 FROM contact_change cc WHERE cc.tenant_id = ` + tenant + ` AND cc.successor_id = ` + id + `)
		OR EXISTS (SELECT 1 FROM confirmation cf WHERE cf.tenant_id = ` + tenant + ` AND cf.contact_id = ` + id + `))`
}

// PipelineInUse tells whether open deals are in a pipeline, of the table aliased p. It asks for
// the first of them in the order of opportunity_open: asked whether there is any, PostgreSQL
// reads all open deals, or all deals, where one pipeline of several has none.
const PipelineInUse = `(SELECT 1 FROM opportunity op WHERE op.tenant_id = p.tenant_id AND op.pipeline_id = p.id AND op.state = 'open'
	ORDER BY op.version_id, op.id LIMIT 1) IS NOT NULL`
