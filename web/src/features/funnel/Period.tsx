import { Segmented, Select, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { DateInput } from '../../ui/bits';
import { useUrl } from '../../ui/useUrl';

/** Period is the window of a question and the day it is seen from, in the address. */
export function Period() {
  const { t } = useTranslation();
  const me = useMe();
  const { get, set } = useUrl();
  return (
    <>
      <span className="w-150">
        <DateInput label={t('funnel.from')} value={get('from') ?? ''} onChange={(v) => set({ from: v })} />
      </span>
      <span>–</span>
      <span className="w-150">
        <DateInput label={t('funnel.to')} value={get('to') ?? ''} onChange={(v) => set({ to: v })} />
      </span>
      <Select
        aria-label={t('funnel.quick')}
        placeholder={t('funnel.quick')}
        className="minw-120"
        value={null}
        onChange={(v: string) => set(span(v, me.today))}
        options={['month', 'quarter', 'year', 'last12', 'all'].map((k) => ({
          value: k,
          label: t(`funnel.span.${k}`),
        }))}
      />
      <AsOf />
    </>
  );
}

/** AsOf is the day a question is of, and whether it is answered by what is known now or was known that evening. */
export function AsOf() {
  const { t } = useTranslation();
  const me = useMe();
  const { get, set } = useUrl();
  const past = (get('asOf') ?? me.today) < me.today;
  return (
    <>
      <label className="ink2">
        {t('funnel.asOf')}{' '}
        <span className="w-150-inline">
          <DateInput
            label={t('funnel.asOf')}
            value={get('asOf') ?? me.today}
            max={me.today}
            onChange={(v) => set(v === me.today ? { asOf: undefined, knowledge: undefined } : { asOf: v })}
          />
        </span>
      </label>
      {past && (
        <Tooltip title={t('funnel.knowledgeHint')}>
          <Segmented
            aria-label={t('funnel.knowledge')}
            value={get('knowledge') ?? 'now'}
            onChange={(v) => set({ knowledge: v === 'then' ? v : undefined })}
            options={(['now', 'then'] as const).map((k) => ({ value: k, label: t(`funnel.known.${k}`) }))}
          />
        </Tooltip>
      )}
    </>
  );
}

export function span(kind: string, today: string): Record<string, string | undefined> {
  const [y, m] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const d = (yy: number, mm: number) =>
    `${yy + Math.floor((mm - 1) / 12)}-${String(((((mm - 1) % 12) + 12) % 12) + 1).padStart(2, '0')}-01`;
  const q = Math.floor((m - 1) / 3) * 3 + 1;
  if (kind === 'month') return { from: d(y, m), to: d(y, m + 1) };
  if (kind === 'quarter') return { from: d(y, q), to: d(y, q + 3) };
  if (kind === 'year') return { from: d(y, 1), to: d(y + 1, 1) };
  if (kind === 'last12') return { from: d(y - 1, m), to: undefined };
  return { from: undefined, to: undefined };
}
