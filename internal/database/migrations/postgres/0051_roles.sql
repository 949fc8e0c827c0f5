-- +goose Up
-- What is thought of a person in an opportunity: attitude -2 to 2, influence 1 to 5, coverage 0 to 4, as of a day, by
-- whose word. NULL is not known.
ALTER TABLE opportunity_contact ADD COLUMN attitude bigint;
ALTER TABLE opportunity_contact ADD COLUMN influence bigint;
ALTER TABLE opportunity_contact ADD COLUMN coverage bigint;
ALTER TABLE opportunity_contact ADD COLUMN as_of text COLLATE "C";
ALTER TABLE opportunity_contact ADD COLUMN said_by text COLLATE "C";
-- Roles are intervals: who had which from when to when. from_on is NULL where nobody kept since when, to_on while he
-- has it. opportunity_contact.role repeats the present one.
CREATE TABLE deal_role (
  tenant_id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  ord bigint NOT NULL,
  role text COLLATE "C" NOT NULL,
  from_on text COLLATE "C",
  to_on text COLLATE "C",
  said_by text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, opportunity_id, contact_id, ord),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
);
CREATE INDEX deal_role_contact ON deal_role (tenant_id, contact_id, opportunity_id);
-- What the journal knows of roles that are there: each begins with the list that has it new, and ends with the first
-- later one that has it no more.
INSERT INTO deal_role (tenant_id, opportunity_id, contact_id, ord, role, from_on, to_on, said_by)
  SELECT tenant_id, opportunity_id, contact_id, row_number() OVER (PARTITION BY tenant_id, opportunity_id, contact_id ORDER BY seq), role, from_on, to_on, said_by
  FROM (SELECT e.tenant_id, e.subject_id AS opportunity_id, n.value ->> 'contactId' AS contact_id, e.seq,
      n.value ->> 'role' AS role, e.happened_on AS from_on, coalesce(e.on_behalf_of, e.actor_id) AS said_by,
      (SELECT l.happened_on FROM journal l WHERE l.tenant_id = e.tenant_id AND l.scope_kind = e.scope_kind AND l.scope_id = e.scope_id AND l.kind = 'opportunity.contacts_set' AND l.subject_id = e.subject_id AND l.seq > e.seq
        AND NOT EXISTS (SELECT 1 FROM json_array_elements(l.payload::json -> 'now') x WHERE x ->> 'contactId' = n.value ->> 'contactId'
          AND x ->> 'role' = n.value ->> 'role') ORDER BY l.seq LIMIT 1) AS to_on
    FROM journal e, json_array_elements(e.payload::json -> 'now') n WHERE e.kind = 'opportunity.contacts_set'
      AND n.value ->> 'role' <> 'unknown'
      AND NOT EXISTS (SELECT 1 FROM json_array_elements(e.payload::json -> 'was') w WHERE w ->> 'contactId' = n.value ->> 'contactId'
        AND w ->> 'role' = n.value ->> 'role')) roles
  WHERE (to_on IS NULL OR from_on < to_on) AND EXISTS (SELECT 1 FROM contact c WHERE c.tenant_id = roles.tenant_id AND c.id = roles.contact_id)
    AND EXISTS (SELECT 1 FROM opportunity o WHERE o.tenant_id = roles.tenant_id AND o.id = roles.opportunity_id);
-- Whoever has a role no entry tells of has it since nobody knows when.
INSERT INTO deal_role (tenant_id, opportunity_id, contact_id, ord, role, from_on, to_on, said_by)
  SELECT oc.tenant_id, oc.opportunity_id, oc.contact_id, 0, oc.role, NULL, NULL, '' FROM opportunity_contact oc
  WHERE oc.role <> 'unknown' AND NOT EXISTS (SELECT 1 FROM deal_role r WHERE r.tenant_id = oc.tenant_id AND r.opportunity_id = oc.opportunity_id
    AND r.contact_id = oc.contact_id AND r.to_on IS NULL);
