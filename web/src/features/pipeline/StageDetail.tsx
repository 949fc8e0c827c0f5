import { Button, Input, InputNumber, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { evidenceKinds, forecastCategories, phases } from '../../api/enums.gen';
import { newId } from '../../api/newId';
import { Field } from '../../ui/bits';

type Stage = Schemas['PipelineStage'];

/** What is closed is no forecast: no open stage is counted so. */
const offered = forecastCategories.filter((p) => p !== 'closed');

/** StageDetail is the rest of a stage: its place in the forecast, what it allows, its milestones. */
export function StageDetail({ s, patch }: { s: Stage; patch: (p: Partial<Stage>) => void }) {
  const { t } = useTranslation();
  const milestone = (i: number, p: Partial<Stage['milestones'][number]>) =>
    patch({ milestones: s.milestones.map((m, j) => (i === j ? { ...m, ...p } : m)) });
  return (
    <div className="pad on-paper">
      <div className="grid-180">
        <Field label={t('pipeline.phase')}>
          <Select
            className="wide"
            value={s.phase}
            onChange={(v) => patch({ phase: v })}
            options={phases.map((p) => ({ value: p, label: t(`phase.${p}`) }))}
          />
        </Field>
        <Field label={t('pipeline.cap')}>
          <InputNumber<number>
            controls={false}
            min={0}
            max={100}
            value={s.confidenceCapBp / 100}
            onChange={(v) => patch({ confidenceCapBp: Math.round((v ?? 0) * 100) })}
            suffix="%"
            className="wide"
          />
        </Field>
        <Field label={t('pipeline.buyer')}>
          <Input value={s.buyerStep} onChange={(e) => patch({ buyerStep: e.target.value })} maxLength={40} />
        </Field>
        <Field label={t('pipeline.category')}>
          <Select
            className="wide"
            value={s.forecastCategory}
            onChange={(v) => patch({ forecastCategory: v })}
            options={offered.map((p) => ({
              value: p,
              label: t(`category.${p}`),
            }))}
          />
        </Field>
        <Field label={t('pipeline.qualified')}>
          <Switch checked={s.qualified} onChange={(v) => patch({ qualified: v })} />
        </Field>
        <Field label={t('pipeline.allowSkip')}>
          <Switch checked={s.allowSkip} onChange={(v) => patch({ allowSkip: v })} />
        </Field>
        <Field label={t('pipeline.allowReturn')}>
          <Switch checked={s.allowReturn} onChange={(v) => patch({ allowReturn: v })} />
        </Field>
      </div>
      {s.milestones.map((m, i) => (
        <div key={m.key} className="wrap-8-mb">
          <Input
            aria-label={t('pipeline.milestoneName')}
            value={m.name}
            onChange={(e) => milestone(i, { name: e.target.value })}
            maxLength={60}
            className="w-220"
          />
          <Select
            aria-label={t('pipeline.evidence')}
            value={m.evidence}
            onChange={(v) => milestone(i, { evidence: v })}
            className="w-110"
            options={evidenceKinds.map((k) => ({ value: k, label: t(`evidence.kind.${k}`) }))}
          />
          <label>
            <Switch size="small" checked={m.required} onChange={(v) => milestone(i, { required: v })} />{' '}
            {t('pipeline.required')}
          </label>
          <label>
            <Switch size="small" checked={m.acceptance} onChange={(v) => milestone(i, { acceptance: v })} />{' '}
            {t('record.needsAcceptance')}
          </label>
          <Button size="small" onClick={() => patch({ milestones: s.milestones.filter((_, j) => j !== i) })}>
            {t('common.remove')}
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() =>
          patch({
            milestones: [
              ...s.milestones,
              {
                key: newId(),
                name: '',
                evidence: 'text',
                required: true,
                acceptance: false,
                ownerRole: 'rep',
                standardDays: 5,
              },
            ],
          })
        }
      >
        {t('pipeline.addMilestone')}
      </Button>
    </div>
  );
}
