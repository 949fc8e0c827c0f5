import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HowRead } from './HowRead';
import {
  type Column,
  examplesOf,
  isOf,
  isOpen,
  missing,
  type Part,
  readingOf,
  silent,
  stated,
  targetsOf,
  unsure,
  withField,
  withTarget,
} from './mapping';
import { useTargets } from './useTargets';

const ownField = '+';

/** ColumnsTable has a row for each column of the file: what is in it, what it is read as, and how. */
export function ColumnsTable({ p, onChange }: { p: Part; onChange: (p: Part) => void }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const columns = p.preview.columns.map((c, at) => ({ c, at }));
  // A column without anything in it is read as nothing, and needs no attention.
  const shown = all ? columns : columns.filter(({ c }) => c.filled > 0 || targetsOf(p.spec, c.header).length > 0);
  const hidden = columns.length - shown.length;
  return (
    <div className="line-above">
      <table className="t columns">
        <caption className="hide">{t('import.columns')}</caption>
        <thead>
          <tr>
            <th className="l">{t('import.column')}</th>
            <th className="l">{t('import.holdsCells')}</th>
            <th className="l">{t('import.readAs')}</th>
            <th className="l">{t('import.how')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ c, at }) => (
            <Row key={c.header} p={p} c={c} at={at} onChange={onChange} />
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <div className="pad">
          <button type="button" className="open" onClick={() => setAll(true)}>
            {t('import.emptyColumns', { count: hidden })}
          </button>
        </div>
      )}
    </div>
  );
}

function Row({ p, c, at, onChange }: { p: Part; c: Column; at: number; onChange: (p: Part) => void }) {
  const { t } = useTranslation();
  const { label, types } = useTargets(p);
  const [target, ...also] = targetsOf(p.spec, c.header);
  const cell = target === undefined ? undefined : p.spec.columns[target];
  const reading = target === undefined ? undefined : readingOf(c, isOf(p, target, types));
  const open = isOpen(reading, cell);
  return (
    <tr className={open ? 'asks' : undefined} data-testid={`column-${c.header}`}>
      <th scope="row" className="l">
        {c.header}
      </th>
      <td className="l">
        <span className="cells">{examplesOf(p.preview, at).join(' · ') || '—'}</span>
        {c.filled < p.preview.rowCount && (
          <small className="ink2">{t('import.filled', { count: c.filled, all: p.preview.rowCount })}</small>
        )}
      </td>
      <td className="l">
        <TargetSelect p={p} header={c.header} target={target} onChange={onChange} />
        {also.length > 0 && (
          <small className="ink2">{t('import.also', { fields: also.map(label).join(t('import.comma')) })}</small>
        )}
        {target !== undefined && unsure(p, target, c.header) && <small className="warn">{t('import.check')}</small>}
      </td>
      <td className="l">
        {reading && cell && target !== undefined && (
          <HowRead
            p={p}
            header={c.header}
            field={target}
            r={reading}
            cell={cell}
            open={open}
            empty={silent(p.preview, c)}
            onChange={(how) => onChange({ ...p, spec: stated(p.spec, target, how) })}
          />
        )}
      </td>
    </tr>
  );
}

function TargetSelect({
  p,
  header,
  target,
  onChange,
}: {
  p: Part;
  header: string;
  target: string | undefined;
  onChange: (p: Part) => void;
}) {
  const { t } = useTranslation();
  const { builtIn, days, custom, mayAdd, taken } = useTargets(p);
  const lacking = missing(p.spec);
  const option = ({ key, label }: { key: string; label: string }) => ({
    value: key,
    label: lacking.includes(key) ? `${label} *` : label,
  });
  const group = (label: string, list: { key: string; label: string }[]) =>
    list.length > 0 ? [{ label, options: list.map(option) }] : [];
  const choose = (to: string) => {
    if (to === ownField) onChange(withField(p, header, taken));
    else onChange({ ...p, spec: withTarget(p.spec, header, to || undefined) });
  };
  return (
    <Select
      className="wide"
      aria-label={t('import.readAsOf', { column: header })}
      showSearch={{ optionFilterProp: 'label' }}
      value={target ?? ''}
      onChange={choose}
      options={[
        { value: '', label: t('import.leftOut') },
        ...(mayAdd ? [{ value: ownField, label: t('import.newField') }] : []),
        ...group(t('import.groups.builtIn'), builtIn),
        ...group(t('import.groups.days'), days),
        ...group(t('import.groups.own'), custom),
      ]}
    />
  );
}
