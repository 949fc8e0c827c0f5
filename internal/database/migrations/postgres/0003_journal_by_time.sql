-- +goose Up
-- The waterfall asks what was written down since a moment.
CREATE INDEX journal_recorded ON journal (tenant_id, subject_kind, recorded_at);
