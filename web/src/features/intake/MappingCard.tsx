import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useFields } from '../../app/CustomFields';
import { usePipeline, usePipelines } from '../../app/session';
import { Field, Scroll } from '../../ui/bits';

export type Upload = Schemas['IntakeUploadBody'];
export type Spec = Schemas['IntakeFileSpec'];
type Cell = Schemas['IntakeCell'];

export const kinds = ['opportunity', 'account', 'contact', 'product', 'member', 'events'] as const;
const required: Record<string, string[]> = {
  opportunity: ['stage'],
  account: ['name'],
  contact: ['name'],
  product: ['name'],
  member: ['name'],
  events: ['case', 'activity', 'time'],
};

const common = ['externalId', 'name', 'account', 'owner', 'amount', 'createdOn', 'closedOn', 'expectedOn'];

/** FileCard is one file: how it was read, what it holds, and which column is what. */
export function FileCard({
  u,
  spec,
  onChange,
  onKind,
  onRemove,
  mapped,
}: {
  u: Upload;
  spec: Spec;
  onChange: (s: Spec) => void;
  onKind: (kind: string) => void;
  onRemove: () => void;
  /** False where a saved mapping speaks for the file. */
  mapped: boolean;
}) {
  const { t } = useTranslation();
  const f = u.preview.format;
  return (
    <div className="card" data-testid={`file-${u.name}`}>
      <h2>
        {u.name}
        <span>
          {f.type.toUpperCase()} {f.encoding}{' '}
          {f.separator && t('import.separator', { s: f.separator === '\t' ? 'Tab' : f.separator })} {f.sheet}{' '}
          <Button type="text" size="small" aria-label={`${t('common.remove')} ${u.name}`} onClick={onRemove}>
            ×
          </Button>
        </span>
      </h2>
      <Scroll label={u.name} height={220}>
        <table className="t">
          <thead>
            <tr>
              {u.preview.header.map((h) => (
                <th key={h} className="l">
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {u.preview.rows.slice(0, 5).map((r, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: raw rows have no identity
              <tr key={i}>
                {u.preview.header.map((h, j) => (
                  <td key={h} className="l nowrap">
                    {r[j]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {mapped && (
        <div className="pad line-above">
          <div className="grid2 maxw-520">
            <Field label={t('import.holds')}>
              <Select
                className="wide"
                value={spec.kind}
                onChange={onKind}
                options={kinds.map((k) => ({ value: k, label: t(`import.fileKind.${k}`) }))}
              />
            </Field>
            {(spec.kind === 'opportunity' || spec.kind === 'events') && <PipelineOf spec={spec} onChange={onChange} />}
          </div>
          <Columns u={u} spec={spec} onChange={onChange} />
        </div>
      )}
    </div>
  );
}

function PipelineOf({ spec, onChange }: { spec: Spec; onChange: (s: Spec) => void }) {
  const { t } = useTranslation();
  const pipelines = usePipelines().data;
  return (
    <Field label={t('opp.pipeline')}>
      <Select
        className="wide"
        value={spec.pipeline}
        onChange={(pipeline) => onChange({ ...spec, pipeline })}
        options={pipelines?.map((p) => ({ value: p.name, label: p.name }))}
      />
    </Field>
  );
}

function Columns({ u, spec, onChange }: { u: Upload; spec: Spec; onChange: (s: Spec) => void }) {
  const { t } = useTranslation();
  const pipelines = usePipelines().data;
  const pipeline = usePipeline(pipelines?.find((p) => p.name === spec.pipeline)?.id).data;
  const custom = useFields(spec.kind === 'account' || spec.kind === 'contact' ? spec.kind : 'opportunity');
  const stages = pipeline?.stages ?? [];
  const list: { key: string; label: string }[] = [];
  for (const target of u.preview.targets[spec.kind] ?? []) {
    if (target === 'entered.')
      for (const s of stages.filter((x) => x.kind === 'open'))
        list.push({ key: `entered.${s.name}`, label: t('import.entered', { stage: s.name }) });
    else if (target === 'custom.') for (const c of custom) list.push({ key: `custom.${c.key}`, label: c.label });
    else {
      const own = `import.target.${spec.kind}_${target.replace('.', '_')}`;
      list.push({ key: target, label: t(own, { defaultValue: t(`import.target.${target.replace('.', '_')}`) }) });
    }
  }
  const must = required[spec.kind] ?? [];
  const stageTarget = spec.kind === 'events' ? 'activity' : 'stage';
  const stageCell = spec.columns[stageTarget];
  const at = u.preview.header.findIndex((h) => h.trim() === stageCell?.column);
  const values =
    at < 0 || !stages.length
      ? []
      : [
          ...new Set([
            ...u.preview.rows.map((r) => r[at]?.trim() ?? '').filter(Boolean),
            ...Object.keys(stageCell?.values ?? {}),
          ]),
        ];
  const set = (key: string, column: string | undefined) => {
    const columns = { ...spec.columns };
    if (column) columns[key] = { ...columns[key], column };
    else delete columns[key];
    onChange({ ...spec, columns });
  };
  // What is found, needed or nearly always there stands open; the rest is folded away.
  const usual = ({ key }: { key: string }) =>
    must.includes(key) ||
    !!u.preview.mapping.files.concat(u.preview.other).find((f) => f.kind === spec.kind)?.columns[key] ||
    common.includes(key);
  const rest = list.filter((x) => !usual(x));
  const column = ({ key, label }: { key: string; label: string }) => (
    <Field key={key} label={must.includes(key) ? `${label} *` : label}>
      <Select
        allowClear
        showSearch
        className="wide"
        placeholder={t('import.notInFile')}
        value={spec.columns[key]?.column}
        onChange={(v?: string) => set(key, v)}
        options={u.preview.header.map((h) => ({ value: h.trim(), label: h }))}
        status={must.includes(key) && !spec.columns[key] ? 'error' : undefined}
      />
    </Field>
  );
  return (
    <>
      <div className="grid-220">{list.filter(usual).map(column)}</div>
      {rest.length > 0 && (
        <details>
          <summary>{t('import.moreFields')}</summary>
          <div className="grid-220 mt-8">{rest.map(column)}</div>
        </details>
      )}
      {values.length > 0 && (
        <>
          <h3 className="fs-14">{t('import.stageValues')}</h3>
          <div className="grid-220">
            {values.map((v) => {
              const known = stages.find((s) => s.name === v)?.name;
              const mapped = stageCell?.values?.[v];
              return (
                <Field key={v} label={`“${v}”`}>
                  <Select
                    className="wide"
                    status={!known && !mapped ? 'warning' : undefined}
                    value={mapped ?? known}
                    placeholder={t('import.chooseStage')}
                    onChange={(to: string) =>
                      onChange({
                        ...spec,
                        columns: {
                          ...spec.columns,
                          [stageTarget]: { ...(stageCell as Cell), values: { ...stageCell?.values, [v]: to } },
                        },
                      })
                    }
                    options={[
                      ...stages.map((s) => ({ value: s.name, label: s.name })),
                      { value: 'withdrawn', label: t('state.withdrawn') },
                    ]}
                  />
                </Field>
              );
            })}
          </div>
        </>
      )}
    </>
  );
}
