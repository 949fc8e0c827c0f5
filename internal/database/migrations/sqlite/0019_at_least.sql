-- +goose Up
-- What nobody knows the day of counts from the day it was written down, and is then at least so long: the day a
-- record was first recorded, the day its present stay counts from, and whether its progress clock is such a bound.
ALTER TABLE opportunity ADD COLUMN recorded_on text;
ALTER TABLE opportunity ADD COLUMN stay_on text;
ALTER TABLE opportunity ADD COLUMN clock_at_least boolean NOT NULL DEFAULT false;
UPDATE opportunity SET
  recorded_on = (SELECT min(s.recorded_on) FROM stay s WHERE s.tenant_id = opportunity.tenant_id AND s.opportunity_id = opportunity.id),
  stay_on = (SELECT COALESCE(s.entered_on, s.recorded_on) FROM stay s WHERE s.tenant_id = opportunity.tenant_id
    AND s.opportunity_id = opportunity.id AND s.voided_at IS NULL AND s.ended_seq IS NULL ORDER BY s.ord DESC LIMIT 1),
  clock_at_least = EXISTS (SELECT 1 FROM stay s WHERE s.tenant_id = opportunity.tenant_id AND s.opportunity_id = opportunity.id
    AND s.voided_at IS NULL AND s.ended_seq IS NULL AND s.entered_on IS NULL AND s.recorded_on = opportunity.progress_on)
    AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.tenant_id = opportunity.tenant_id AND s.opportunity_id = opportunity.id
    AND s.voided_at IS NULL AND s.ended_seq IS NULL AND s.entered_on = opportunity.progress_on);
-- When a company recorded its first.
CREATE INDEX opportunity_recorded ON opportunity (tenant_id, recorded_on);
