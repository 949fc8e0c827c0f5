import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { Choices, formKey, unitWord } from './Choices';
import { type Cell, type Part, type Reading, statedBy } from './mapping';
import { ownCurrency, shown } from './restate';
import { useReading } from './useReading';

type Change = (how: Partial<Cell>) => void;

/** HowRead says in words, with examples, how a column's cells are read; what is open is asked. */
export function HowRead({
  p,
  header,
  field,
  r,
  cell,
  open,
  empty,
  onChange,
}: {
  p: Part;
  header: string;
  /** What the column is read as. */
  field: string;
  r: Reading;
  cell: Cell;
  open: boolean;
  /** In how many rows it says nothing, where that is known. */
  empty: number | undefined;
  onChange: Change;
}) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  const now = useReading(p, header, field, r, cell);
  return (
    <div className="how" aria-busy={!open && !now}>
      {open ? (
        <Ask header={header} r={r} onChange={onChange} />
      ) : (
        <span className="ink2">
          <Words p={p} r={r} cell={cell} />{' '}
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
      {!open && now && <Examples p={p} now={now} />}
      {r.empty > 0 && (
        <small className="ink2">{empty ? t('import.saysNothing', { count: empty }) : t('import.someSayNothing')}</small>
      )}
      {(open ? r : (now ?? { unread: [] })).unread.length > 0 && <Unread texts={(open ? r : now)?.unread ?? []} />}
    </div>
  );
}

/** Examples are cells and what they are read as, where that is not what stands there. */
function Examples({ p, now }: { p: Part; now: Reading }) {
  const { t, i18n } = useTranslation();
  const own = ownCurrency(p.spec, useMe().currency);
  const examples = now.examples
    .map((e) => ({ ...e, now: shown(e.read, i18n.language, now.is === 'amount' ? own : '') }))
    .filter((e) => e.now !== e.text);
  return examples.slice(0, 3).map((e) => (
    <span className="example" key={e.text}>
      {e.text} → <b>{e.now}</b>
      {e.about && <small className="ink2"> {t('import.about')}</small>}
    </span>
  ));
}

function Unread({ texts }: { texts: string[] }) {
  const { t } = useTranslation();
  return (
    <small className="warn">
      {t('import.unread', { count: texts.length, texts: texts.slice(0, 5).join(t('import.comma')) })}
    </small>
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
            {[
              t(`import.forms.${formKey(choice)}`),
              shown(r.choices?.find((c) => c.form === choice)?.read ?? '', i18n.language),
            ]
              .filter(Boolean)
              .join(' → ')}
          </Button>
        ))}
      </span>
    </span>
  );
}

/** Words say how the cells are read, in a few words. */
function Words({ p, r, cell }: { p: Part; r: Reading; cell: Cell }) {
  const { t } = useTranslation();
  const format = cell.format ?? r.format;
  const decimal = cell.decimal ?? r.decimal;
  const unit = Number(cell.unit ?? r.unit ?? 1);
  const own = ownCurrency(p.spec, useMe().currency);
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
