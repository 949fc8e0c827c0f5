import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { type Cell, type Reading, statedBy } from './mapping';
import { asked, restated, shown } from './restate';

type Change = (how: Partial<Cell>) => void;

/** HowRead says in words, with examples, how a column's cells are read; what is open is asked. */
export function HowRead({
  header,
  r,
  cell,
  open,
  empty,
  onChange,
}: {
  header: string;
  r: Reading;
  cell: Cell;
  open: boolean;
  /** In how many rows it says nothing, where that is known. */
  empty: number | undefined;
  onChange: Change;
}) {
  const { t, i18n } = useTranslation();
  const { currency } = useMe();
  const [changing, setChanging] = useState(false);
  const examples = r.examples
    .map((e) => ({ ...e, now: shown(restated(e, r, cell, currency), i18n.language) }))
    .filter((e) => e.now && e.now !== e.text);
  return (
    <div className="how">
      {open ? (
        <Ask header={header} r={r} onChange={onChange} />
      ) : (
        <span className="ink2">
          <Words r={r} cell={cell} />{' '}
          <button
            type="button"
            className="open"
            aria-expanded={changing}
            aria-label={t('import.rereadOf', { column: header })}
            onClick={() => setChanging(!changing)}
          >
            {t('import.reread')}
          </button>
        </span>
      )}
      {changing && !open && <Choices header={header} r={r} cell={cell} onChange={onChange} />}
      {!open &&
        examples.slice(0, 3).map((e) => (
          <span className="example" key={e.text}>
            {e.text} → <b>{e.now}</b>
            {e.about && <small className="ink2"> {t('import.about')}</small>}
          </span>
        ))}
      {r.empty > 0 && (
        <small className="ink2">{empty ? t('import.saysNothing', { count: empty }) : t('import.someSayNothing')}</small>
      )}
      {r.unread.length > 0 && (
        <small className="warn">
          {t('import.unread', { count: r.unread.length, texts: r.unread.slice(0, 5).join(t('import.comma')) })}
        </small>
      )}
    </div>
  );
}

/** Ask has somebody say which of the readings is meant, by the cell that leaves it open. */
function Ask({ header, r, onChange }: { header: string; r: Reading; onChange: Change }) {
  const { t, i18n } = useTranslation();
  const by = statedBy(r);
  return (
    <span>
      <span className="bad">{t('import.askHow', { text: r.doubt || header })}</span>{' '}
      <span className="why">
        {r.open?.map((choice) => (
          <Button key={choice} size="small" onClick={() => onChange({ [by]: choice })}>
            {[t(`import.forms.${formKey(choice)}`), shown(asked(r.doubt ?? '', choice), i18n.language)]
              .filter(Boolean)
              .join(' → ')}
          </Button>
        ))}
      </span>
    </span>
  );
}

const formKey = (choice: string) => (choice === '.' ? 'point' : choice === ',' ? 'comma' : choice);

/** Words say how the cells are read, in a few words. */
function Words({ r, cell }: { r: Reading; cell: Cell }) {
  const { t } = useTranslation();
  const format = cell.format ?? r.format;
  const decimal = cell.decimal ?? r.decimal;
  const unit = Number(cell.unit ?? r.unit ?? 1);
  const own = useMe().currency;
  // Cells that name theirs need no other.
  const named = r.examples.length > 0 && r.examples.every((e) => / [A-Z]{3}$/.test(e.read));
  const currency = cell.currency || r.currency || (named ? '' : own);
  const words = [
    t(`import.is.${r.is}`),
    r.is === 'date' && format && t(`import.forms.${format}`),
    r.is !== 'date' && decimal === ',' && t('import.forms.comma'),
    r.is === 'amount' && unit > 1 && unitWord(t, unit),
    r.is === 'amount' && currency,
    r.is === 'rate' && t(`import.forms.${cell.rate ?? r.rate ?? 'percent'}`),
  ];
  return words.filter(Boolean).join(' · ');
}

const unitWord = (t: (key: string, o?: Record<string, unknown>) => string, unit: number) =>
  t([1, 1e3, 1e4, 1e6, 1e8].includes(unit) ? `import.units.${unit}` : 'import.units.other', { n: unit });

/** Choices are the readings there are. */
function Choices({ header, r, cell, onChange }: { header: string; r: Reading; cell: Cell; onChange: Change }) {
  const { t } = useTranslation();
  const pick = (
    label: string,
    value: string | undefined,
    options: { value: string; label: string }[],
    key: keyof Cell,
  ) => (
    <Select
      size="small"
      aria-label={`${header}: ${label}`}
      placeholder={label}
      value={value || undefined}
      options={options}
      onChange={(v: string) => onChange({ [key]: v })}
    />
  );
  const forms = (list: string[]) => list.map((v) => ({ value: v, label: t(`import.forms.${formKey(v)}`) }));
  return (
    <span className="why">
      {r.is === 'date' && pick(t('import.dayOrder'), cell.format ?? r.format, forms(['ymd', 'mdy', 'dmy']), 'format')}
      {r.is !== 'date' && pick(t('import.decimalMark'), cell.decimal ?? r.decimal, forms(['.', ',']), 'decimal')}
      {r.is === 'amount' &&
        pick(
          t('import.unit'),
          String(cell.unit ?? r.unit ?? 1),
          [1, 1e3, 1e4, 1e6, 1e8].map((n) => ({ value: String(n), label: unitWord(t, n) })),
          'unit',
        )}
      {r.is === 'amount' && (
        <Input
          size="small"
          className="currency"
          aria-label={`${header}: ${t('import.target.currency')}`}
          defaultValue={cell.currency ?? r.currency}
          maxLength={3}
          onBlur={(e) => {
            const code = e.target.value.trim().toUpperCase();
            if (/^[A-Z]{3}$/.test(code)) onChange({ currency: code });
          }}
        />
      )}
      {r.is === 'rate' && pick(t('import.rate'), cell.rate ?? r.rate, forms(['percent', 'fraction']), 'rate')}
    </span>
  );
}
