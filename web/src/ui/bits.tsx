import { Button, Tooltip } from 'antd';
import { type ReactNode, useContext, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/client';
import { Amount } from './Amount';
import { FieldProblem } from './Problem';

/** UnlikeTax marks a sum that holds amounts with tax and amounts without. */
export function UnlikeTax({ count }: { count: number | undefined }) {
  const { t } = useTranslation();
  if (!count) return null;
  return (
    <Tooltip title={t('money.unlikeTaxHint', { count })}>
      <span className="chip w">{t('money.unlikeTax', { count })}</span>
    </Tooltip>
  );
}

/** Totals are the sums of a list, a currency each. */
export function Totals({ of }: { of: Schemas['OpportunityTotal'][] | undefined }) {
  return of?.map((x) => (
    <span key={x.currency}>
      <Amount minor={x.amountMinor} currency={x.currency} tooLarge={x.tooLarge} /> <UnlikeTax
        count={x.unlikeTax}
      />{' '}
    </span>
  ));
}

/** Provisional marks a win by exception that nobody has accepted yet. */
export function Provisional({ opp }: { opp: { provisional: boolean } }) {
  const { t } = useTranslation();
  if (!opp.provisional) return null;
  return (
    <span className="chip w" title={t('record.provisionalHint')}>
      {t('record.provisional')}
    </span>
  );
}

/** Empty says what is not there and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      {children}
    </div>
  );
}

/** Scroll is a wide table's window; it takes the focus, so that arrow keys scroll it. */
export function Scroll({ label, children, height }: { label: string; children: ReactNode; height?: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="scroll" tabIndex={0} aria-label={label} style={{ maxHeight: height }}>
      {children}
    </section>
  );
}

/** Field is a labelled control: the label wraps it, so that it names it. At names it as the server does, when it refuses. */
export function Field({
  label,
  hint,
  at,
  children,
}: {
  label: string;
  hint?: string;
  at?: string;
  children: ReactNode;
}) {
  const problem = useContext(FieldProblem);
  const wrong = at && problem?.at === at ? problem.text : undefined;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is passed in
    <label className={wrong ? 'field wrong' : 'field'}>
      <span>{label}</span>
      {children}
      {hint && <p className="hint">{hint}</p>}
      {wrong && (
        <p className="hint bad" role="alert">
          {wrong}
        </p>
      )}
    </label>
  );
}

const narrow = matchMedia('(max-width: 720px)');

/** usePhone tells a phone's width from a desk's. */
export const usePhone = () =>
  useSyncExternalStore(
    (changed) => {
      narrow.addEventListener('change', changed);
      return () => narrow.removeEventListener('change', changed);
    },
    () => narrow.matches,
  );

/** Fold keeps filters behind a button on a phone, where the list is what matters. */
export function Fold({ first, children }: { first: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  return (
    <div className="filters">
      {first}
      {phone && (
        <Button aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('filter.open')} {open ? '▴' : '▾'}
        </Button>
      )}
      {(!phone || open) && children}
    </div>
  );
}
