package scopedb

// QualifiedOn is the day the opportunity aliased o came to a stage that is qualified, or behind one, "" where nobody knows
// the day, and NULL where it never did; where a process marks none, all its stages are.
const QualifiedOn = `(SELECT min(COALESCE(st.entered_on, '')) FROM stay st
	JOIN stage_version sv ON sv.tenant_id = st.tenant_id AND sv.version_id = st.version_id AND sv.stage_id = st.stage_id
	WHERE st.tenant_id = o.tenant_id AND st.opportunity_id = o.id AND st.voided_at IS NULL AND sv.position >= COALESCE((SELECT min(q.position)
		FROM stage_version q WHERE q.tenant_id = sv.tenant_id AND q.version_id = sv.version_id AND q.qualified), 0))`
