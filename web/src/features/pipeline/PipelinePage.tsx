import { useQuery } from '@tanstack/react-query';
import { Button, Input, InputNumber, Modal, Select, Switch } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { evidenceKinds, forecastCategories, phases } from '../../api/enums.gen';
import { newId } from '../../api/newId';
import { pipelineOf } from '../../app/queries';
import { usePipelines } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Missing, ProblemBox } from '../../ui/Problem';
import { createPipeline, previewOf, publishPipeline } from './queries';

type Stage = Schemas['PipelineStage'];
type Version = Schemas['PipelineVersion'];
type Change = Schemas['PipelineStageChange'];

const fresh = (): Stage => ({
  id: newId(),
  name: '',
  kind: 'open',
  phase: 'middle',
  successBp: 5000,
  confidenceCapBp: 10000,
  standardDays: 10,
  maxDays: 30,
  nextStepDays: 5,
  buyerStep: '',
  qualified: false,
  allowSkip: false,
  allowReturn: true,
  forecastCategory: 'pipeline',
  milestones: [],
});

/** PipelinePage: a form with publish-and-map. What publishing does is shown before it is done. */
export default function PipelinePage() {
  const { t } = useTranslation();
  const pipelines = usePipelines();
  const [picked, setPicked] = useState<string>();
  const [isNew, setNew] = useState(false);
  const id = picked ?? pipelines.data?.[0]?.id;
  const version = useQuery({ ...pipelineOf(id ?? ''), enabled: !!id });
  return (
    <>
      <div className="top">
        <h1>{t('pipeline.title')}</h1>
        <Select
          aria-label={t('opp.pipeline')}
          value={isNew ? undefined : id}
          onChange={(v) => {
            setPicked(v);
            setNew(false);
          }}
          className="minw-160"
          options={pipelines.data?.map((p) => ({ value: p.id, label: `${p.name} v${p.number}` }))}
        />
        <Button onClick={() => setNew(true)}>{t('pipeline.new')}</Button>
      </div>
      <div className="sub">{t('pipeline.lead')}</div>
      {isNew || pipelines.data?.length === 0 ? (
        <Editor
          key="new"
          onDone={(v) => {
            setPicked(v.pipelineId);
            setNew(false);
          }}
        />
      ) : version.data ? (
        <Editor key={version.data.id} version={version.data} onDone={() => version.refetch()} />
      ) : (
        <Missing of={pipelines.isError ? pipelines : version} />
      )}
    </>
  );
}

function Editor({ version, onDone }: { version?: Version; onDone: (v: Version) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(version?.name ?? '');
  const [stages, setStages] = useState<Stage[]>(
    version?.stages ?? [
      { ...fresh(), successBp: 2000, phase: 'early' },
      { ...fresh(), kind: 'won', name: t('state.won'), successBp: 10000, phase: 'late', forecastCategory: 'closed' },
      { ...fresh(), kind: 'lost', name: t('state.lost'), successBp: 0, phase: 'late', forecastCategory: 'omitted' },
    ],
  );
  const [open, setOpen] = useState<string | null>(null);
  const [changes, setChanges] = useState<Change[] | null>(null);
  const [mapping, setMapping] = useState<Record<string, string>>({});
  const patch = (id: string, p: Partial<Stage>) => setStages(stages.map((s) => (s.id === id ? { ...s, ...p } : s)));
  const swap = (i: number, j: number) => {
    const next = [...stages];
    const [a, b] = [next[i], next[j]];
    if (!a || !b) return;
    next[i] = b;
    next[j] = a;
    setStages(next);
  };
  const openCount = stages.filter((s) => s.kind === 'open').length;
  const body = { name, stages, mapping, base: version?.id };
  const preview = useWrite(
    (m: Record<string, string>) => previewOf(version?.pipelineId ?? '', { ...body, mapping: m }),
    {
      done: setChanges,
    },
  );
  const publish = useWrite(
    (_, key) => (version ? publishPipeline(version.pipelineId, body) : createPipeline({ id: key(), ...body })),
    {
      said: (v) => t('pipeline.published', { number: v.number }),
      done: (v) => {
        setChanges(null);
        onDone(v);
      },
      stale: 'all',
    },
  );
  const error = publish.error ?? preview.error;
  const [dirty, setDirty] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed form is what it watches
  useEffect(() => setDirty(JSON.stringify(stages) !== JSON.stringify(version?.stages)), [stages]);
  return (
    <>
      {error && <ProblemBox error={error} />}
      {!version && (
        <Field label={t('pipeline.name')}>
          <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={40} className="maxw-320" />
        </Field>
      )}
      <div className="card">
        {stages.map((s, i) => (
          <div key={s.id} className="line-below">
            <div className="pad wrap-8">
              <span className={s.kind === 'won' ? 'chip g' : s.kind === 'lost' ? 'chip b' : 'chip'}>
                {t(`state.${s.kind}`)}
              </span>
              <Input
                aria-label={t('pipeline.stageName')}
                value={s.name}
                onChange={(e) => patch(s.id, { name: e.target.value })}
                maxLength={30}
                className="w-160"
              />
              {s.kind === 'open' && (
                <>
                  <span className="ink2">{t('pipeline.success')}</span>
                  <InputNumber<number>
                    controls={false}
                    aria-label={t('pipeline.success')}
                    min={0}
                    max={100}
                    value={s.successBp / 100}
                    onChange={(v) => patch(s.id, { successBp: Math.round((v ?? 0) * 100) })}
                    suffix="%"
                    className="w-90"
                  />
                  <span className="ink2">{t('pipeline.standard')}</span>
                  <InputNumber<number>
                    controls={false}
                    aria-label={t('pipeline.standard')}
                    min={0}
                    max={999}
                    value={s.standardDays}
                    onChange={(v) => patch(s.id, { standardDays: v ?? 0 })}
                    className="w-80"
                  />
                  <span className="ink2">{t('pipeline.max')}</span>
                  <InputNumber<number>
                    controls={false}
                    aria-label={t('pipeline.max')}
                    min={0}
                    max={9999}
                    value={s.maxDays}
                    onChange={(v) => patch(s.id, { maxDays: v ?? 0 })}
                    className="w-80"
                  />
                  <Button
                    type="text"
                    onClick={() => setOpen(open === s.id ? null : s.id)}
                    aria-expanded={open === s.id}
                  >
                    {t('pipeline.milestones', { count: s.milestones.length })}
                  </Button>
                  <span className="flex-1" />
                  <Button aria-label={t('pipeline.up')} disabled={i === 0} onClick={() => swap(i, i - 1)}>
                    ↑
                  </Button>
                  <Button aria-label={t('pipeline.down')} disabled={i >= openCount - 1} onClick={() => swap(i, i + 1)}>
                    ↓
                  </Button>
                  <Button disabled={openCount === 1} onClick={() => setStages(stages.filter((x) => x.id !== s.id))}>
                    {t('common.remove')}
                  </Button>
                </>
              )}
            </div>
            {open === s.id && <StageDetail s={s} patch={(p) => patch(s.id, p)} />}
          </div>
        ))}
        <div className="pad">
          <Button
            onClick={() =>
              setStages([
                ...stages.slice(0, openCount),
                { ...fresh(), successBp: stages[openCount - 1]?.successBp ?? 1000 },
                ...stages.slice(openCount),
              ])
            }
          >
            {t('pipeline.addStage')}
          </Button>
        </div>
      </div>
      <div className="filters mt-12">
        <Button
          type="primary"
          size="large"
          disabled={!!version && !dirty}
          loading={preview.isPending || (!version && publish.isPending)}
          onClick={() => {
            publish.reset();
            if (version) preview.mutate(mapping);
            else publish.mutate();
          }}
        >
          {version ? t('pipeline.preview') : t('pipeline.create')}
        </Button>
      </div>
      <Modal
        open={changes !== null}
        width={640}
        title={t('pipeline.previewTitle')}
        onCancel={() => setChanges(null)}
        okText={t('pipeline.publish')}
        onOk={() => publish.mutate(undefined, { onError: () => setChanges(null) })}
        confirmLoading={publish.isPending}
        okButtonProps={{ disabled: changes?.some((c) => c.needsMapping && !mapping[c.stageId]) }}
      >
        <p className="ink2">{t('pipeline.previewHint')}</p>
        <table className="t">
          <thead>
            <tr>
              <th>{t('pipeline.old')}</th>
              <th>{t('pipeline.openCount')}</th>
              <th className="l">{t('pipeline.becomes')}</th>
            </tr>
          </thead>
          <tbody>
            {changes?.map((c) => (
              <tr key={c.stageId}>
                <td>{c.name}</td>
                <td>{c.openOpportunities}</td>
                <td className="l">
                  <span className={c.fate === 'gone' ? 'chip b' : c.fate === 'same' ? 'chip g' : 'chip w'}>
                    {t(`pipeline.fate.${c.fate}`)}
                  </span>{' '}
                  {c.needsMapping ? (
                    <Select
                      aria-label={c.name}
                      className="w-170"
                      value={mapping[c.stageId]}
                      onChange={(v) => {
                        const m = { ...mapping, [c.stageId]: v };
                        setMapping(m);
                        preview.mutate(m);
                      }}
                      options={stages.filter((s) => s.kind === 'open').map((s) => ({ value: s.id, label: s.name }))}
                    />
                  ) : (
                    c.to
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Modal>
    </>
  );
}

/** What is closed is no forecast: no open stage is counted so. */
const offered = forecastCategories.filter((p) => p !== 'closed');

function StageDetail({ s, patch }: { s: Stage; patch: (p: Partial<Stage>) => void }) {
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
