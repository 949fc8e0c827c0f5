import { Segmented, Select, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { knowledges } from '../../api/enums.gen';
import { useMe } from '../../app/session';
import { DateField } from '../../ui/DateField';
import { addDays } from '../../ui/format';
import { useUrl } from '../../ui/useUrl';
import { span } from './questions';

/**
 * Period is the window of a question and the day it is seen from, in the address. People name its last day, the address
 * the day after. From is where it begins though the address says nothing.
 */
export function Period({ from }: { from?: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { get, set } = useUrl();
  const to = get('to');
  return (
    <>
      <span className="period">
        <span className="w-150">
          <DateField
            whenLeft
            label={t('funnel.from')}
            value={get('from') ?? from ?? ''}
            onChange={(v) => set({ from: v, period: v || to ? undefined : 'all' })}
          />
        </span>
        <span>–</span>
        <span className="w-150">
          <DateField
            whenLeft
            label={t('funnel.to')}
            value={to ? addDays(to, -1) : ''}
            onChange={(v) => set({ to: v && addDays(v, 1), from: get('from') ?? from, period: undefined })}
          />
        </span>
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
          <DateField
            whenLeft
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
            options={knowledges.map((k) => ({ value: k, label: t(`funnel.known.${k}`) }))}
          />
        </Tooltip>
      )}
    </>
  );
}
