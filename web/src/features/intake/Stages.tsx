import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { stageKinds } from '../../api/enums.gen';
import { usePipelines } from '../../app/session';
import { Field } from '../../ui/bits';
import type { Part } from './mapping';
import {
  lossEnds,
  moved,
  ofKind,
  renamed,
  stageTarget,
  stageValues,
  withdrawals,
  withOwnPipeline,
  withPipeline,
  withValue,
} from './stages';
import { useEndWord } from './useEndWord';
import { useStages } from './useTargets';

/** Stages says which stage each text of the file means; a pipeline may be made of the file's own. */
export function Stages({ p, onChange }: { p: Part; onChange: (p: Part) => void }) {
  const { t } = useTranslation();
  const end = useEndWord();
  const pipelines = usePipelines().data;
  const stages = useStages(p);
  const target = stageTarget(p.spec.kind);
  if (!target) return null;
  const proposed = p.preview.pipeline;
  const own = p.pipelines.find((x) => x.name === p.spec.pipeline);
  const column = p.preview.columns.find((c) => c.header.trim() === p.spec.columns[target]?.column);
  const values = stageValues(
    p,
    stages.map((s) => s.name),
  );
  // A stage of the file's own pipeline means itself.
  const listed = own ? values.filter((v) => v.to !== v.value) : values;
  const lost = values.filter((v) => v.to === undefined).reduce((n, v) => n + v.count, 0);
  return (
    <div className="pad line-above" data-testid="stages">
      <h3 className="fs-14">{t('import.stages')}</h3>
      <div className="filters">
        <Field label={t('opp.pipeline')}>
          <Select
            className="pipeline"
            value={p.spec.pipeline}
            onChange={(pipeline) =>
              onChange(
                proposed?.name === pipeline ? withOwnPipeline(p, proposed) : { ...p, spec: { ...p.spec, pipeline } },
              )
            }
            options={[
              ...p.pipelines.map((x) => ({ value: x.name, label: t('import.newPipeline', { name: x.name }) })),
              ...(pipelines ?? [])
                .filter((x) => !p.pipelines.some((y) => y.name === x.name))
                .map((x) => ({ value: x.name, label: x.name })),
            ]}
          />
        </Field>
        {proposed && !own && (
          <Button onClick={() => onChange(withOwnPipeline(p, proposed))}>{t('import.ownPipeline')}</Button>
        )}
      </div>
      {own && <OwnPipeline p={p} counts={new Map(values.map((v) => [v.value, v.count]))} onChange={onChange} />}
      {lost > 0 && stages.length > 0 && <p className="warn">{t('import.stagesLost', { count: lost })}</p>}
      {column?.many && <p className="warn">{t('import.manyStages')}</p>}
      {stages.length > 0 && listed.length > 0 && (
        <ul className="values">
          {listed.map((v) => (
            <li key={v.value}>
              <span>
                {v.value} <small className="ink2">{t('import.rows', { count: v.count })}</small>
              </span>
              <Select
                aria-label={t('import.meaning', { value: v.value })}
                status={v.to === undefined ? 'warning' : undefined}
                value={v.to}
                placeholder={t('import.chooseStage')}
                onChange={(to: string) => onChange({ ...p, spec: withValue(p.spec, v.value, to) })}
                options={[
                  ...stages.map((s) => ({ value: s.name, label: s.name })),
                  ...[...lossEnds, ...withdrawals].map((e) => ({ value: e, label: end(e) })),
                  ...(p.spec.kind === 'events' ? [{ value: 'ignore', label: t('import.ignore') }] : []),
                ]}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** OwnPipeline is the pipeline that is made with the import: in the order it is walked. */
function OwnPipeline({
  p,
  counts,
  onChange,
}: {
  p: Part;
  /** Rows of each text of the file. */
  counts: Map<string, number>;
  onChange: (p: Part) => void;
}) {
  const { t } = useTranslation();
  const made = p.pipelines.find((x) => x.name === p.spec.pipeline);
  if (!made) return null;
  const set = (stages: typeof made.stages) => onChange(withPipeline(p, { ...made, stages }));
  return (
    <>
      <Field label={t('import.pipelineName')}>
        <Input
          key={made.name}
          className="maxw-320"
          defaultValue={made.name}
          maxLength={60}
          onBlur={(e) => {
            const name = e.target.value.trim();
            if (name && name !== made.name) onChange(renamed(p, name));
          }}
        />
      </Field>
      <p className="ink2">{t('import.ownPipelineHint')}</p>
      <ol className="path">
        {made.stages.map((s, i) => (
          <li key={s.name}>
            <span className="name">
              {s.name}{' '}
              <small className="ink2">{counts.has(s.name) && t('import.rows', { count: counts.get(s.name) })}</small>
            </span>
            <Select
              size="small"
              aria-label={t('import.kindOfStage', { stage: s.name })}
              value={s.kind}
              onChange={(kind: string) => set(ofKind(made.stages, i, kind))}
              options={stageKinds.map((k) => ({ value: k, label: t(`import.stageKind.${k}`) }))}
            />
            <span className="steps">
              <Button
                size="small"
                type="text"
                disabled={i === 0}
                aria-label={t('import.up', { stage: s.name })}
                onClick={() => set(moved(made.stages, i, i - 1))}
              >
                ↑
              </Button>
              <Button
                size="small"
                type="text"
                disabled={i === made.stages.length - 1}
                aria-label={t('import.down', { stage: s.name })}
                onClick={() => set(moved(made.stages, i, i + 1))}
              >
                ↓
              </Button>
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
