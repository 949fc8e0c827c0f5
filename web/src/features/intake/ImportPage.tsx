import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Progress, Select, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, must, type Schemas, upload } from '../../api/client';
import { useNames, usePipeline, usePipelines } from '../../app/session';
import { Field, Scroll } from '../../ui/bits';
import { ProblemBox, useProblemText } from '../../ui/Problem';

type Upload = Schemas['IntakeUploadBody'];
type Mapping = Schemas['IntakeMapping'];
type Batch = Schemas['IntakeBatch'];
type Cell = Schemas['IntakeCell'];

const targets = [
  'externalId',
  'name',
  'account',
  'owner',
  'product',
  'stage',
  'amount',
  'currency',
  'createdOn',
  'closedOn',
  'expectedOn',
  'confidence',
  'source',
  'region',
  'lossReason',
  'competitor',
];

/** ImportPage: drop a file, see how it is read, map, try, import; undo if it was wrong. */
export default function ImportPage() {
  const { t } = useTranslation();
  const query = useQueryClient();
  const [file, setFile] = useState<Upload | null>(null);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [yaml, setYaml] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [batch, setBatch] = useState<string | null>(null);
  const take = async (f: File | undefined) => {
    if (!f) return;
    setBusy(true);
    setError(null);
    setBatch(null);
    try {
      const u = await upload<Upload>(`/api/imports/files?name=${encodeURIComponent(f.name)}`, f);
      setFile(u);
      setMapping(u.preview.mapping);
      setYaml('');
    } catch (e) {
      setError(e);
    }
    setBusy(false);
  };
  const start = async (dryRun: boolean) => {
    if (!file) return;
    setBusy(true);
    setError(null);
    try {
      const b = await must(
        api.POST('/api/imports', {
          body: { files: { [file.name]: file.id }, dryRun, ...(yaml ? { yaml } : { mapping: mapping ?? undefined }) },
        }),
      );
      setBatch(b.id);
      await query.invalidateQueries({ queryKey: ['imports'] });
    } catch (e) {
      setError(e);
    }
    setBusy(false);
  };
  return (
    <>
      <div className="top">
        <h1>{t('import.title')}</h1>
      </div>
      <div className="sub">{t('import.lead')}</div>
      {error !== null && <ProblemBox error={error} />}
      <section
        aria-label={t('import.drop')}
        className="card pad"
        style={{ borderStyle: 'dashed', textAlign: 'center' }}
        onDragOver={(e) => e.preventDefault()}
        onDrop={(e) => {
          e.preventDefault();
          void take(e.dataTransfer.files[0]);
        }}
      >
        <label>
          <b>{t('import.drop')}</b>
          <p className="ink2" style={{ margin: '4px 0 8px' }}>
            {t('import.formats')}
          </p>
          <input type="file" accept=".csv,.xlsx,.txt,.tsv" onChange={(e) => take(e.target.files?.[0])} />
        </label>
      </section>
      {file && mapping && (
        <>
          <PreviewCard u={file} />
          <MappingCard u={file} mapping={mapping} setMapping={setMapping} yaml={yaml} setYaml={setYaml} />
          <div className="filters" style={{ marginTop: 12 }}>
            <Button size="large" loading={busy} onClick={() => start(true)}>
              {t('import.dryRun')}
            </Button>
            <Button size="large" type="primary" loading={busy} onClick={() => start(false)}>
              {t('import.go')}
            </Button>
          </div>
        </>
      )}
      {batch && <Running id={batch} />}
      <Past onOpen={setBatch} />
    </>
  );
}

function PreviewCard({ u }: { u: Upload }) {
  const { t } = useTranslation();
  const f = u.preview.format;
  return (
    <div className="card">
      <h2>
        {u.name}
        <span>
          {f.type.toUpperCase()} {f.encoding}{' '}
          {f.separator && t('import.separator', { s: f.separator === '\t' ? 'Tab' : f.separator })} {f.sheet}
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
                  <td key={h} className="l" style={{ whiteSpace: 'nowrap' }}>
                    {r[j]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

function MappingCard({
  u,
  mapping,
  setMapping,
  yaml,
  setYaml,
}: {
  u: Upload;
  mapping: Mapping;
  setMapping: (m: Mapping) => void;
  yaml: string;
  setYaml: (y: string) => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const text = useProblemText();
  const pipelines = usePipelines().data;
  const spec = mapping.files[0];
  const pipeline = usePipeline(pipelines?.find((p) => p.name === spec?.pipeline)?.id).data;
  const saved = useQuery({ queryKey: ['mappings'], queryFn: () => must(api.GET('/api/mappings')) });
  const [name, setName] = useState('');
  const [raw, setRaw] = useState(false);
  if (!spec) return null;
  const change = (patch: Partial<typeof spec>) => setMapping({ ...mapping, files: [{ ...spec, ...patch }] });
  const column = (target: string, value: string | undefined) => {
    const columns = { ...spec.columns };
    if (value) columns[target] = { ...columns[target], column: value };
    else delete columns[target];
    change({ columns });
  };
  const stageColumn = spec.columns.stage?.column;
  const at = u.preview.header.findIndex((h) => h.trim() === stageColumn);
  const values =
    at < 0
      ? []
      : [...new Set(u.preview.rows.map((r) => r[at]?.trim()).filter(Boolean))].concat(
          Object.keys(spec.columns.stage?.values ?? {}),
        );
  const options = u.preview.header.map((h) => ({ value: h.trim(), label: h }));
  const stages = pipeline?.stages ?? [];
  return (
    <div className="card">
      <h2>
        {t('import.mapping')}
        <span>
          <Button
            size="small"
            type="text"
            onClick={() => {
              setRaw(!raw);
              setYaml(raw ? '' : yaml || u.preview.yaml);
            }}
          >
            {raw ? t('import.form') : 'YAML'}
          </Button>
        </span>
      </h2>
      <div className="pad">
        {raw ? (
          <Field label={t('import.yaml')} hint={t('import.yamlHint')}>
            <Input.TextArea
              rows={18}
              value={yaml}
              onChange={(e) => setYaml(e.target.value)}
              style={{ fontFamily: 'monospace' }}
            />
          </Field>
        ) : (
          <>
            <div className="grid2">
              <Field label={t('opp.pipeline')}>
                <Select
                  style={{ width: '100%' }}
                  value={spec.pipeline}
                  onChange={(v) => change({ pipeline: v })}
                  options={pipelines?.map((p) => ({ value: p.name, label: p.name }))}
                />
              </Field>
              <Field label={t('import.savedMapping')}>
                <Select
                  style={{ width: '100%' }}
                  allowClear
                  placeholder={t('import.useSaved')}
                  onChange={(v?: string) => {
                    setYaml(saved.data?.find((s) => s.id === v)?.yaml ?? '');
                    setRaw(!!v);
                  }}
                  options={saved.data?.map((s) => ({ value: s.id, label: s.name }))}
                />
              </Field>
            </div>
            <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill,minmax(220px,1fr))', gap: 12 }}>
              {[...targets, ...stages.filter((s) => s.kind === 'open').map((s) => `entered.${s.name}`)].map((k) => (
                <Field
                  key={k}
                  label={
                    k.startsWith('entered.')
                      ? t('import.entered', { stage: k.slice(8) })
                      : `${t(`import.target.${k}`)}${k === 'stage' ? ' *' : ''}`
                  }
                >
                  <Select
                    allowClear
                    showSearch
                    style={{ width: '100%' }}
                    placeholder={t('import.notInFile')}
                    value={spec.columns[k]?.column}
                    onChange={(v) => column(k, v)}
                    options={options}
                    status={k === 'stage' && !spec.columns.stage ? 'error' : undefined}
                  />
                </Field>
              ))}
            </div>
            {values.length > 0 && stages.length > 0 && (
              <>
                <h3 style={{ fontSize: 14 }}>{t('import.stageValues')}</h3>
                <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill,minmax(220px,1fr))', gap: 12 }}>
                  {[...new Set(values)].map((v) => {
                    const known = stages.find((s) => s.name === v)?.name;
                    const mapped = spec.columns.stage?.values?.[v as string];
                    return (
                      <Field key={v} label={`“${v}”`}>
                        <Select
                          style={{ width: '100%' }}
                          status={!known && !mapped ? 'warning' : undefined}
                          value={mapped ?? known}
                          placeholder={t('import.chooseStage')}
                          onChange={(to) =>
                            change({
                              columns: {
                                ...spec.columns,
                                stage: {
                                  ...(spec.columns.stage as Cell),
                                  values: { ...spec.columns.stage?.values, [v as string]: to },
                                },
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
        )}
        <div style={{ display: 'flex', gap: 8, maxWidth: 420 }}>
          <Input
            aria-label={t('import.saveAs')}
            placeholder={t('import.saveAs')}
            value={name}
            onChange={(e) => setName(e.target.value)}
            maxLength={60}
          />
          <Button
            disabled={!name.trim()}
            onClick={async () => {
              try {
                await must(api.POST('/api/mappings', { body: { name, ...(yaml ? { yaml } : { mapping }) } }));
                message.success(t('common.saved'));
                await saved.refetch();
              } catch (e) {
                message.error(text(e));
              }
            }}
          >
            {t('common.save')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Running({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { message, modal } = App.useApp();
  const text = useProblemText();
  const q = useQuery({
    queryKey: ['imports', id],
    queryFn: async () => {
      const b = await must(api.GET('/api/imports/{id}', { params: { path: { id } } }));
      if (b.status !== 'running') {
        await query.invalidateQueries({ predicate: (x) => x.queryKey[0] !== 'imports' || x.queryKey.length === 1 });
      }
      return b;
    },
    refetchInterval: (x) => (x.state.data?.status === 'running' || !x.state.data ? 700 : false),
  });
  const issues = useQuery({
    queryKey: ['imports', id, 'issues'],
    queryFn: () => must(api.GET('/api/imports/{id}/issues', { params: { path: { id } } })),
    enabled: !!q.data?.summary && q.data.summary.errors + q.data.summary.warnings > 0,
  });
  const b = q.data;
  if (!b) return null;
  const s = b.summary;
  const undo = () =>
    modal.confirm({
      title: t('import.undoTitle'),
      content: t('import.undoHint'),
      onOk: async () => {
        try {
          const u = await must(api.POST('/api/imports/{id}/undo', { params: { path: { id } } }));
          message.success(t('import.undone', { removed: u.removed, restored: u.restored, kept: u.kept.length }));
          await query.invalidateQueries();
        } catch (e) {
          message.error(text(e));
        }
      },
    });
  return (
    <div className="card" data-testid="batch" data-status={b.status}>
      <h2>
        {b.dryRun ? t('import.dryResult') : t('import.result')}
        <Status b={b} />
      </h2>
      <div className="pad">
        {b.status === 'running' && (
          <>
            <Progress percent={b.rowsTotal ? Math.floor((100 * b.rowsDone) / b.rowsTotal) : 0} />
            <Button
              onClick={() =>
                must(api.POST('/api/imports/{id}/cancel', { params: { path: { id } } })).catch((e) =>
                  message.error(text(e)),
                )
              }
            >
              {t('common.cancel')}
            </Button>
          </>
        )}
        {b.error && <p className="bad">{t(`problem.${b.error}`, { defaultValue: b.error })}</p>}
        {s && (
          <>
            <p>
              {t('import.rows', { count: s.rows })} ·{' '}
              {Object.entries(s.created)
                .map(([k, n]) => `${t('import.created')} ${t(`import.kind.${k}`)} ${n}`)
                .join(' · ')}{' '}
              {Object.entries(s.updated)
                .map(([k, n]) => `· ${t('import.updated')} ${t(`import.kind.${k}`)} ${n}`)
                .join(' ')}{' '}
              {s.refused > 0 && <b className="bad">· {t('import.refused', { count: s.refused })}</b>}
            </p>
            {s.files.map((f) => (
              <p className="ink2" key={f.name}>
                {Object.entries(f.dateFormats)
                  .map(([k, v]) => `${t(`import.target.${k}`, { defaultValue: k })}: ${t(`import.date.${v}`)}`)
                  .join(' · ')}
                {f.unusedColumns.length > 0 && ` · ${t('import.unused')}: ${f.unusedColumns.join('、')}`}
              </p>
            ))}
            {s.notes.length > 0 && (
              <details>
                <summary>{t('import.notes', { count: s.notes.length })}</summary>
                {s.notes.slice(0, 60).map((n) => (
                  <div key={n.code + n.field + n.value}>
                    {t(`note.${n.code}`, { defaultValue: n.code })} · {n.field} {n.value && `“${n.value}”`}{' '}
                    {n.to && `→ “${n.to}”`} × {n.count}
                  </div>
                ))}
              </details>
            )}
            {issues.data && issues.data.length > 0 && (
              <details open>
                <summary>
                  {t('import.issues', { count: s.errors + s.warnings })} ·{' '}
                  <a href={`/api/imports/${id}/issues.csv`}>{t('import.download')}</a>
                </summary>
                {issues.data.slice(0, 30).map((x) => (
                  <div key={`${x.file}${x.line}${x.field}`} className={x.level === 'error' ? 'bad' : 'warn'}>
                    {t('import.line', { n: x.line })} · {x.field}: {t(`problem.${x.code}`, { defaultValue: x.detail })}
                  </div>
                ))}
              </details>
            )}
            <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
              {!b.dryRun && b.status === 'done' && (
                <Link to="/funnel">
                  <Button type="primary">{t('import.toFunnel')}</Button>
                </Link>
              )}
              {!b.dryRun && b.status !== 'running' && b.status !== 'undone' && (
                <Button onClick={undo}>{t('import.undo')}</Button>
              )}
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Status({ b }: { b: Batch }) {
  const { t } = useTranslation();
  return (
    <Tag color={b.status === 'done' ? 'success' : b.status === 'failed' ? 'error' : 'default'}>
      {t(`import.status.${b.status}`)}
    </Tag>
  );
}

function Past({ onOpen }: { onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const list = useQuery({ queryKey: ['imports'], queryFn: () => must(api.GET('/api/imports')) });
  if (!list.data?.length) return null;
  return (
    <div className="card">
      <h2>{t('import.past')}</h2>
      {list.data.map((b) => (
        <div className="kv" key={b.id}>
          <button type="button" className="open" onClick={() => onOpen(b.id)}>
            {b.files.join('、')} {b.dryRun && `(${t('import.dry')})`}
          </button>
          <span className="ink2">
            {b.rowsDone} · {names.member(b.createdBy)} · {b.createdAt.slice(0, 16).replace('T', ' ')} <Status b={b} />
          </span>
        </div>
      ))}
    </div>
  );
}
