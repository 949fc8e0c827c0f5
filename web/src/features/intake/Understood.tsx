import { Alert, Button, Spin } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../ui/problemText';
import { Aside } from './Aside';
import { Before } from './Before';
import { ColumnsTable } from './ColumnsTable';
import { type Looked, missing, openOf, type Part, unsure } from './mapping';
import { encodingName, separatorName } from './names';
import { People } from './People';
import { Stages } from './Stages';
import { useTargets } from './useTargets';
import { Wrong } from './Wrong';

export type Doing = {
  change: (p: Part) => void;
  look: (as: Looked) => void;
  sheet: (name: string, on: boolean) => void;
  remove: () => void;
};

/** Understood is one sheet of one file: how it was understood, and all that can be put right. */
export function Understood({
  p,
  sheets,
  busy,
  error,
  mapped,
  doing,
}: {
  p: Part;
  /** The sheets of the same file that are read. */
  sheets: string[];
  busy: boolean;
  error: unknown;
  /** False where a saved mapping speaks for the file. */
  mapped: boolean;
  doing: Doing;
}) {
  const { t } = useTranslation();
  const text = useProblemText();
  const [wrong, setWrong] = useState(false);
  const id = useId();
  return (
    <section className="card" data-testid={`file-${p.name}`} aria-label={p.name} aria-busy={busy}>
      <h2>
        {p.name}
        <span>
          <Button type="text" size="small" aria-label={`${t('common.remove')} ${p.name}`} onClick={doing.remove}>
            ×
          </Button>
        </span>
      </h2>
      <div className="pad">
        <p className="as" data-testid="understood">
          <Sentence p={p} />{' '}
          {mapped && (
            <button
              type="button"
              className="open"
              aria-expanded={wrong}
              aria-controls={id}
              onClick={() => setWrong(!wrong)}
            >
              {t('import.wrong')}
            </button>
          )}
          {busy && <Spin size="small" />}
        </p>
        {error ? <Alert type="error" showIcon title={text(error)} /> : null}
        {p.preview.more && (
          <p className="warn">
            {t('import.endsEarly', { count: p.preview.rowCount })}{' '}
            {t(`problem.${p.preview.more}`, { defaultValue: t('import.otherFault') })}
          </p>
        )}
        {mapped && <Before p={p} onChange={doing.change} />}
        {mapped && <Needed p={p} />}
        <div id={id}>{wrong && <Wrong p={p} sheets={sheets} doing={doing} />}</div>
      </div>
      {mapped && (
        <>
          <ColumnsTable p={p} onChange={doing.change} />
          <Stages p={p} onChange={doing.change} />
          <People p={p} onChange={doing.change} />
          <Aside p={p.preview} />
        </>
      )}
    </section>
  );
}

/** Sentence says how the file was understood. */
function Sentence({ p }: { p: Part }) {
  const { t, i18n } = useTranslation();
  const { format, layout, rowCount } = p.preview;
  const last = layout.header + Math.max(layout.headerRows, 1) - 1;
  const said = [
    <b key="kind">{t('import.as', { kind: t(`import.fileKind.${p.spec.kind}`) })}</b>,
    t('import.rowsRead', { count: rowCount, n: rowCount.toLocaleString(i18n.language) }),
    layout.headless && t('import.headlessSaid'),
    layout.header > 0 &&
      !layout.headless &&
      (last > layout.header
        ? t('import.headerIn', { first: layout.header, last })
        : t('import.headerAt', { line: layout.header })),
    format.sheet && t('import.sheetIs', { sheet: format.sheet }),
    format.encoding && encodingName(format.encoding),
    format.separator && format.separator !== ',' && t('import.separator', { s: separatorName(format.separator) }),
    layout.unit && t('import.unitAbove', { unit: layout.unit }),
  ].filter(Boolean);
  return said.map((x, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of one sentence
    <span key={i}>
      {i > 0 && ' · '}
      {x}
    </span>
  ));
}

/** Needed says what somebody has to do before this file can be imported, and what to look at. */
function Needed({ p }: { p: Part }) {
  const { t } = useTranslation();
  const { label, types } = useTargets(p);
  const lacking = missing(p.spec);
  const open = openOf(p, types);
  const doubtful = p.preview.header.filter((h) =>
    Object.keys(p.spec.columns).some((x) => p.spec.columns[x]?.column === h.trim() && unsure(p, x, h)),
  );
  return (
    <>
      {p.preview.rowCount === 0 && (
        <p className="bad" role="alert">
          {t('import.noRows')}
        </p>
      )}
      {lacking.map((x) => (
        <p className="bad" role="alert" key={x}>
          {t('import.lacks', { field: label(x) })}
        </p>
      ))}
      {open.length > 0 && (
        <p className="bad" role="alert">
          {t('import.asks', { count: open.length, columns: open.map((o) => o.header).join(t('import.comma')) })}
        </p>
      )}
      {doubtful.length > 0 && (
        <p className="warn">{t('import.checkThese', { columns: doubtful.join(t('import.comma')) })}</p>
      )}
    </>
  );
}
