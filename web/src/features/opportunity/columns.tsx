import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCustomText, useFields } from '../../app/CustomFields';
import { useMe, useNames, usePipeline } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { currencyName, day, percent } from '../../ui/format';
import { RecordLink } from '../../ui/RecordLink';
import { useUrl } from '../../ui/useUrl';
import { AcceptWin } from './AcceptWin';
import { ClockChips } from './Clocks';
import { NextStep } from './NextStep';
import type { Opp } from './queries';

const builtIn = [
  'account',
  'stage',
  'amount',
  'owner',
  'team',
  'region',
  'clocks',
  'next',
  'contact',
  'expected',
  'confidence',
  'source',
  'created',
] as const;
// Ordered by these the largest or latest is looked for first.
const largest = new Set(['amount', 'created', 'contact']);
const usual = ['account', 'stage', 'amount', 'owner', 'clocks', 'next', 'contact', 'expected'];

/** Column is one of the list's; numbers stand on the right. */
export type Column = {
  key: string;
  title: ReactNode;
  render: (o: Opp) => ReactNode;
  right?: boolean;
  /** A name as long as it likes: it is broken, so that the short columns are not. */
  long?: boolean;
  sorted?: 'ascending' | 'descending';
};

/** useShown is the choice of columns: in the address where a view keeps it, else this browser's. */
export function useShown() {
  const { get, set } = useUrl();
  const kept = localStorage.getItem('yunchou.columns');
  const shown = get('cols')?.split(',') ?? (kept ? (JSON.parse(kept) as string[]) : usual);
  return {
    shown,
    show: (cols: string[]) => {
      localStorage.setItem('yunchou.columns', JSON.stringify(cols));
      set({ cols: cols.join(',') });
    },
  };
}

/** useStageName names the stage of a record, or how it ended. */
export function useStageName() {
  const { t } = useTranslation();
  const { get } = useUrl();
  const pipeline = usePipeline(get('pipeline'));
  return (o: Opp) =>
    o.state === 'withdrawn'
      ? t('state.withdrawn')
      : (pipeline.data?.stages.find((s) => s.id === o.stageId)?.name ?? (o.stage || t(`state.${o.state}`)));
}

/**
 * useColumns are the list's columns, the company's own fields after the built-in ones. Where a list holds foreign
 * currencies the heading of the amount says by which one it is ordered.
 */
export function useColumns(foreign: boolean) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const names = useNames();
  const url = useUrl();
  const fields = useFields('opportunity');
  const text = useCustomText();
  const stageName = useStageName();
  const { shown } = useShown();
  const [sort, desc] = [url.get('sort'), url.get('desc') === 'true'];
  const sortable = (key: string, title: string): Pick<Column, 'title' | 'sorted'> => ({
    title: (
      <button
        type="button"
        className="open"
        onClick={() => url.set({ sort: key, desc: (sort === key ? !desc : largest.has(key)) ? 'true' : undefined })}
      >
        {title}
        {sort === key ? (desc ? ' ↓' : ' ↑') : ''}
      </button>
    ),
    sorted: sort !== key ? undefined : desc ? 'descending' : 'ascending',
  });
  const columns: Record<string, Omit<Column, 'key'>> = {
    account: {
      long: true,
      title: t('opp.account'),
      render: (o) =>
        o.accountId ? (
          <RecordLink kind="account" id={o.accountId}>
            {o.account}
          </RecordLink>
        ) : (
          '—'
        ),
    },
    stage: { title: t('opp.stage'), render: (o) => stageName(o) },
    amount: {
      ...sortable(
        'amount',
        foreign ? t('list.amountIn', { currency: currencyName(me.currency, i18n.language) }) : t('opp.amount'),
      ),
      right: true,
      render: (o) => <Amount minor={o.state === 'won' ? o.contractMinor : o.amountMinor} currency={o.currency} />,
    },
    owner: { title: t('opp.owner'), render: (o) => names.member(o.ownerId) },
    team: { title: t('opp.team'), render: (o) => names.team(o.teamId) },
    region: { title: t('opp.region'), render: (o) => o.region || '—' },
    clocks: { ...sortable('progress', t('opp.clocks')), long: true, render: (o) => <ClockChips opp={o} /> },
    next: { title: t('nextStep.title'), long: true, render: (o) => <NextStep opp={o} bare /> },
    contact: {
      ...sortable('contact', t('list.column.contact')),
      render: (o) => day(o.lastContactOn, me.today),
    },
    expected: {
      ...sortable('expected', t('opp.expectedOn')),
      render: (o) => day(o.state === 'open' ? o.expectedOn : o.closedOn, me.today),
    },
    confidence: {
      title: t('opp.confidence'),
      right: true,
      render: (o) => percent(o.confidenceBp, 0),
    },
    source: { title: t('opp.source'), render: (o) => o.source || '—' },
    created: {
      ...sortable('created', t('opp.createdOn')),
      render: (o) => day(o.createdOn, me.today),
    },
  };
  for (const f of fields)
    columns[`custom.${f.key}`] = {
      title: f.label,
      long: true,
      right: f.type === 'number' || f.type === 'money',
      render: (o) => text(f, o.custom[f.key]) || '—',
    };
  const choice = [
    ...builtIn.map((c) => ({ value: c as string, label: t(`list.column.${c}`) })),
    ...fields.map((f) => ({ value: `custom.${f.key}`, label: f.label })),
  ];
  const all: Column[] = [
    {
      key: 'name',
      long: true,
      ...sortable('name', t('opp.name')),
      render: (o) => (
        <RecordLink kind="opportunity" id={o.id}>
          <b>{o.name}</b>
        </RecordLink>
      ),
    },
  ];
  // Wins that wait are accepted where they are listed.
  if (url.get('provisional'))
    all.push({ key: 'accept', title: t('desk.accept'), render: (o) => <AcceptWin opp={o} /> });
  for (const { value: key } of choice) {
    const column = columns[key];
    if (column && shown.includes(key)) all.push({ key, ...column });
  }
  return { choice, columns: all };
}
