import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, must } from '../../api/client';
import { useWrite } from '../../app/useWrite';
import { FilePick } from '../../ui/FilePick';
import { useLimits } from '../../ui/limits';
import { ProblemBox } from '../../ui/Problem';
import { useProblemText } from '../../ui/problemText';
import { bytes } from '../../ui/size';
import { Advanced } from './Advanced';
import { keyOf, mappingOf, missing, openOf, type Part } from './mapping';
import { Past } from './Past';
import { Running } from './Result';
import { Templates } from './Templates';
import { Understood } from './Understood';
import { useParts } from './useParts';
import { useTypes } from './useTargets';
import './intake.css';
import { busy, importsOf } from './queries';

/** ImportPage: drop files, see how they are read, put it right, import; undo if it was wrong. */
export default function ImportPage() {
  const { t, i18n } = useTranslation();
  const limits = useLimits();
  const text = useProblemText();
  const [yaml, setYaml] = useState('');
  const [batch, setBatch] = useShownBatch();
  const work = useParts(limits?.maxImportBytes);
  const { sending } = work;
  // What has come in makes room for its result; once that is undone it is there again, to be put right.
  const [cameIn, setCameIn] = useState(false);
  const parts = cameIn && batch ? [] : work.parts;
  const { forget } = work;
  const state = (written: boolean) => {
    if (written && !cameIn) forget();
    setCameIn(written);
  };
  const mapping = mappingOf(parts);
  const start = useWrite(
    (dryRun: boolean) => {
      const files = Object.fromEntries(parts.map((x) => [x.name, x.upload]));
      return must(api.POST('/api/imports', { body: { files, dryRun, ...(yaml ? { yaml } : { mapping }) } }));
    },
    { done: (b) => setBatch(b.id), stale: [['imports']] },
  );
  const take = (files: File[]) => {
    start.reset();
    if (cameIn) work.clear();
    setCameIn(false);
    setBatch('');
    void work.take(files);
  };
  const waits = useWaits(parts, !!yaml);
  const rows = parts.reduce((n, p) => n + p.preview.rowCount, 0);
  const go = (size: 'large' | 'middle') => (
    <Button
      size={size}
      type="primary"
      loading={start.isPending}
      disabled={waits || !!sending || rows === 0}
      onClick={() => start.mutate(false)}
    >
      {t('import.goRows', { count: rows, n: rows.toLocaleString(i18n.language) })}
    </Button>
  );
  return (
    <>
      <div className="top">
        <h1>{t('import.title')}</h1>
        <Templates />
      </div>
      <div className="sub">{t('import.lead')}</div>
      {work.refused.map((r) => (
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
        className={parts.length > 0 ? 'card pad dashed small' : 'card pad dashed'}
        onDragOver={(e) => e.preventDefault()}
        onDrop={(e) => {
          e.preventDefault();
          take([...e.dataTransfer.files]);
        }}
      >
        <b>{t(parts.length > 0 ? 'import.dropMore' : 'import.drop')}</b>
        {parts.length === 0 && (
          <p className="ink2 my-4-8">
            {t('import.formats')}
            {limits && (
              <>
                <br />
                {t('import.atMost', { size: bytes(limits.maxImportBytes), count: limits.uploadDays })}
              </>
            )}
          </p>
        )}{' '}
        <FilePick multiple accept=".csv,.xlsx,.txt,.tsv,.htm,.html,.xls" disabled={!!sending} onPick={take} />
        {sending && (
          <div role="status">
            {t(sending.share < 1 ? 'import.sending' : 'import.reading', {
              name: sending.name,
              mib: (sending.size / 2 ** 20).toFixed(1),
            })}
            <Progress percent={Math.floor(sending.share * 100)} status="active" showInfo={sending.share < 1} />
          </div>
        )}
      </section>
      {parts.map((p) => {
        const state = work.looking(p);
        return (
          <Understood
            key={keyOf(p)}
            p={p}
            sheets={parts.filter((x) => x.upload === p.upload).map((x) => x.preview.format.sheet ?? '')}
            busy={state === 'busy'}
            error={state && state !== 'busy' ? state.error : undefined}
            mapped={!yaml}
            doing={{
              change: work.change,
              look: (as) => void work.look(p, as),
              sheet: (name, on) => void work.sheet(p, name, on),
              remove: () => work.remove(p),
            }}
          />
        );
      })}
      {mapping && (
        <>
          {start.error && <ProblemBox error={start.error} />}
          <div className="filters go">
            {go('large')}
            <Button
              size="large"
              loading={start.isPending}
              disabled={waits || !!sending || rows === 0}
              onClick={() => start.mutate(true)}
            >
              {t('import.dryRun')}
            </Button>
            {waits && <span className="bad">{t('import.waits')}</span>}
          </div>
          <Advanced
            mapping={mapping}
            // JSON is YAML too.
            suggested={
              parts.length === 1 && parts[0]?.spec === parts[0]?.preview.mapping.files[0]
                ? (parts[0]?.preview.yaml ?? '')
                : JSON.stringify(mapping, null, 1)
            }
            yaml={yaml}
            setYaml={setYaml}
          />
        </>
      )}
      {batch && (
        <Running id={batch} again={mapping && <div className="filters mt-8">{go('middle')}</div>} onState={state} />
      )}
      <Past onOpen={setBatch} shown={batch} />
    </>
  );
}

/** useWaits tells that somebody must say something before this can be imported. */
function useWaits(parts: Part[], spoken: boolean): boolean {
  const types = useTypes();
  return !spoken && parts.some((p) => missing(p.spec).length > 0 || openOf(p, types(p.spec.kind)).length > 0);
}

/** useShownBatch is the import the page shows: the one its address names, else one that is at work. */
function useShownBatch(): [string, (id: string) => void] {
  const [at, setAt] = useSearchParams();
  const list = useQuery(importsOf).data;
  const running = list?.find(busy)?.id ?? '';
  return [at.get('run') ?? running, (id) => setAt(id ? { run: id } : {}, { replace: true })];
}
