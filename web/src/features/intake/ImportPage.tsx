import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Select, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas, upload } from '../../api/client';
import { Field } from '../../ui/bits';
import { FilePick } from '../../ui/FilePick';
import { tooLarge, useLimits } from '../../ui/limits';
import { ProblemBox } from '../../ui/Problem';
import { useProblemText } from '../../ui/problemText';
import { bytes } from '../../ui/size';
import { useTold } from '../../ui/useTold';
import { Past, Running } from './Batch';
import { FileCard, type Spec, type Upload } from './MappingCard';

type Mapping = Schemas['IntakeMapping'];
type Item = { upload: Upload; spec: Spec };

/** ImportPage: drop files, see how they are read, map, try, import; undo if it was wrong. */
export default function ImportPage() {
  const { t } = useTranslation();
  const query = useQueryClient();
  const [items, setItems] = useState<Item[]>([]);
  const [yaml, setYaml] = useState('');
  const [sending, setSending] = useState<File | null>(null);
  const [refused, setRefused] = useState<{ name: string; error: unknown }[]>([]);
  const text = useProblemText();
  const limits = useLimits();
  const [batch, setBatch] = useState<string | null>(null);
  const send = async (f: File) => {
    const large = tooLarge(f, limits?.maxImportBytes);
    if (large) throw large;
    const u = await upload<Upload>(`/api/imports/files?name=${encodeURIComponent(f.name)}`, f);
    const spec = u.preview.mapping.files[0];
    if (spec) setItems((old) => [...old.filter((x) => x.upload.name !== u.name), { upload: u, spec }]);
  };
  const take = useMutation({
    mutationFn: async (files: File[]) => {
      for (const f of files) {
        setSending(f);
        // One that is refused does not keep the others back.
        await send(f).catch((error) => setRefused((old) => [...old, { name: f.name, error }]));
      }
    },
    onMutate: () => {
      start.reset();
      setRefused([]);
      setBatch(null);
    },
    onSettled: () => setSending(null),
  });
  const first = items.find((x) => x.spec.kind === 'opportunity') ?? items[0];
  const mapping: Mapping | undefined = first && {
    ...first.upload.preview.mapping,
    files: items.map((x) => x.spec),
  };
  const start = useMutation({
    mutationFn: (dryRun: boolean) => {
      const files = Object.fromEntries(items.map((x) => [x.upload.name, x.upload.id]));
      return must(api.POST('/api/imports', { body: { files, dryRun, ...(yaml ? { yaml } : { mapping }) } }));
    },
    onSuccess: async (b) => {
      setBatch(b.id);
      await query.invalidateQueries({ queryKey: ['imports'] });
    },
  });
  const busy = take.isPending || start.isPending;
  const change = (i: number, spec: Spec) => setItems(items.map((x, j) => (j === i ? { ...x, spec } : x)));
  return (
    <>
      <div className="top">
        <h1>{t('import.title')}</h1>
      </div>
      <div className="sub">{t('import.lead')}</div>
      {start.error && <ProblemBox error={start.error} />}
      {refused.map((r) => (
        <Alert
          key={r.name}
          type="error"
          showIcon
          className="problem"
          title={t('import.ofFile', { name: r.name, why: text(r.error) })}
        />
      ))}
      <section
        aria-label={t('import.drop')}
        className="card pad dashed"
        onDragOver={(e) => e.preventDefault()}
        onDrop={(e) => {
          e.preventDefault();
          take.mutate([...e.dataTransfer.files]);
        }}
      >
        <b>{t('import.drop')}</b>
        <p className="ink2 my-4-8">
          {t('import.formats')}
          {limits && (
            <>
              <br />
              {t('import.atMost', { size: bytes(limits.maxImportBytes), count: limits.uploadDays })}
            </>
          )}
        </p>
        <FilePick multiple accept=".csv,.xlsx,.txt,.tsv" disabled={busy} onPick={take.mutate} />
        {sending && (
          <p role="status">
            <Spin size="small" />{' '}
            {t('import.sending', { name: sending.name, mib: (sending.size / 2 ** 20).toFixed(1) })}
          </p>
        )}
      </section>
      {items.map((x, i) => (
        <FileCard
          key={x.upload.id}
          u={x.upload}
          spec={x.spec}
          mapped={!yaml}
          onChange={(s) => change(i, s)}
          onKind={(kind) => {
            const all = [...x.upload.preview.mapping.files, ...x.upload.preview.other];
            change(i, all.find((s) => s.kind === kind) ?? { ...x.spec, kind });
          }}
          onRemove={() => setItems(items.filter((_, j) => j !== i))}
        />
      ))}
      {first && mapping && (
        <>
          <MappingFile
            mapping={mapping}
            suggested={
              items.length === 1 && first.spec === first.upload.preview.mapping.files[0]
                ? first.upload.preview.yaml
                : JSON.stringify(mapping, null, 1) // which is YAML too
            }
            yaml={yaml}
            setYaml={setYaml}
          />
          <div className="filters mt-12">
            <Button size="large" loading={busy} onClick={() => start.mutate(true)}>
              {t('import.dryRun')}
            </Button>
            <Button size="large" type="primary" loading={busy} onClick={() => start.mutate(false)}>
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

/** MappingFile uses, shows and saves the mapping as the small file it is. */
function MappingFile({
  mapping,
  suggested,
  yaml,
  setYaml,
}: {
  mapping: Mapping;
  suggested: string;
  yaml: string;
  setYaml: (y: string) => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const told = useTold();
  const saved = useQuery({ queryKey: ['mappings'], queryFn: () => must(api.GET('/api/mappings')) });
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () => must(api.POST('/api/mappings', { body: { name, ...(yaml ? { yaml } : { mapping }) } })),
    onSuccess: async () => {
      message.success(t('common.saved'));
      await saved.refetch();
    },
    onError: told,
  });
  return (
    <div className="card">
      <h2>
        {t('import.mapping')}
        <span>
          <Button size="small" type="text" onClick={() => setYaml(yaml ? '' : suggested)}>
            {yaml ? t('import.form') : 'YAML'}
          </Button>
        </span>
      </h2>
      <div className="pad">
        <div className="grid2">
          <Field label={t('import.savedMapping')}>
            <Select
              className="wide"
              allowClear
              placeholder={t('import.useSaved')}
              onChange={(v?: string) => setYaml(saved.data?.find((s) => s.id === v)?.yaml ?? '')}
              options={saved.data?.map((s) => ({ value: s.id, label: s.name }))}
            />
          </Field>
          <Field label={t('import.saveAs')}>
            <span className="row-8">
              <Input
                aria-label={t('import.saveAs')}
                value={name}
                onChange={(e) => setName(e.target.value)}
                maxLength={60}
              />
              <Button disabled={!name.trim()} loading={save.isPending} onClick={() => save.mutate()}>
                {t('common.save')}
              </Button>
            </span>
          </Field>
        </div>
        {yaml && (
          <Field label={t('import.yaml')} hint={t('import.yamlHint')}>
            <Input.TextArea rows={18} value={yaml} onChange={(e) => setYaml(e.target.value)} className="mono" />
          </Field>
        )}
      </div>
    </div>
  );
}
