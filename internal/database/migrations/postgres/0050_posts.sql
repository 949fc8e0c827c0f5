-- +goose Up
-- A person's posts are intervals, also inside one customer: another department or title ends one and begins
-- another. gone_on is the day he left his employer without anybody knowing where he went; he stays with the
-- account, so that those who see it see him.
ALTER TABLE contact ADD COLUMN department text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN gone_on text COLLATE "C";
ALTER TABLE employment ADD COLUMN department text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE employment ADD COLUMN reason text COLLATE "C" NOT NULL DEFAULT '';
-- A title that was written over is what the person is called in his present post; since when nobody kept.
UPDATE employment SET title = (SELECT c.title FROM contact c WHERE c.tenant_id = employment.tenant_id AND c.id = employment.contact_id)
  WHERE to_on IS NULL AND EXISTS (SELECT 1 FROM contact c WHERE c.tenant_id = employment.tenant_id AND c.id = employment.contact_id
    AND c.account_id = employment.account_id AND c.title <> '' AND c.title <> employment.title);
