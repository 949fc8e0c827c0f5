import { Button, Input, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { newId } from '../../api/newId';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { swapped } from '../../ui/swapped';
import { createPipeline, previewOf, publishPipeline } from './queries';
import { StageRow } from './StageRow';

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

/** Editor is the form of a pipeline; publishing shows first what it does. */
export function Editor({ version, onDone }: { version?: Version; onDone: (v: Version) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(version?.name ?? '');
  const [stages, setStages] = useState<Stage[]>(
    version?.stages ?? [
      { ...fresh(), successBp: 2000, phase: 'early' },
      { ...fresh(), kind: 'won', name: t('state.won'), successBp: 10000, phase: 'late', forecastCategory: 'closed' },
      { ...fresh(), kind: 'lost', name: t('state.lost'), successBp: 0, phase: 'late', forecastCategory: 'omitted' },
    ],
  );
  const [changes, setChanges] = useState<Change[] | null>(null);
  const [mapping, setMapping] = useState<Record<string, string>>({});
  const patch = (id: string, p: Partial<Stage>) => setStages(stages.map((s) => (s.id === id ? { ...s, ...p } : s)));
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
          <StageRow
            key={s.id}
            s={s}
            patch={(p) => patch(s.id, p)}
            moves={{
              up: i > 0 ? () => setStages(swapped(stages, i, i - 1)) : undefined,
              down: i < openCount - 1 ? () => setStages(swapped(stages, i, i + 1)) : undefined,
              out: openCount > 1 ? () => setStages(stages.filter((x) => x.id !== s.id)) : undefined,
            }}
          />
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
        <Changes
          of={changes ?? []}
          stages={stages}
          mapping={mapping}
          onMap={(m) => {
            setMapping(m);
            preview.mutate(m);
          }}
        />
      </Modal>
    </>
  );
}

/** Changes is what publishing does to each stage, and asks where deals of a stage that goes are to stand. */
function Changes({
  of,
  stages,
  mapping,
  onMap,
}: {
  of: Change[];
  stages: Stage[];
  mapping: Record<string, string>;
  onMap: (m: Record<string, string>) => void;
}) {
  const { t } = useTranslation();
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('pipeline.old')}</th>
          <th>{t('pipeline.openCount')}</th>
          <th className="l">{t('pipeline.becomes')}</th>
        </tr>
      </thead>
      <tbody>
        {of.map((c) => (
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
                  onChange={(v) => onMap({ ...mapping, [c.stageId]: v })}
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
  );
}
