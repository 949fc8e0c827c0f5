import { useQuery } from '@tanstack/react-query';
import { Button, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCustomText, useFields } from '../../app/CustomFields';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe, useOrg, usePipeline, usePipelines, useStageNames } from '../../app/session';
import { useAmount } from '../../ui/Amount';
import { currencyName } from '../../ui/format';
import { later } from '../../ui/later';
import { Select } from '../../ui/Select';
import { useUrl } from '../../ui/useUrl';
import { accountOf } from '../account/queries';
import { productsOf } from '../org/queries';

/** named is a choice that has a name: what is not among them, or not yet, would stand there as its id. */
const named = (ids: string[] | undefined, id: string | undefined) => ids?.find((x) => x === id);

/** FilterBar is what board, list and funnel share: pipeline, team, owner. */
export function FilterBar({ fallback }: { fallback?: string }) {
  const { t } = useTranslation();
  const { get, set } = useUrl();
  const org = useOrg().data;
  const pipelines = usePipelines().data;
  return (
    <>
      <Select
        aria-label={t('opp.pipeline')}
        placeholder={t('opp.pipeline')}
        value={named(
          pipelines?.map((p) => p.id),
          get('pipeline') ?? fallback,
        )}
        onChange={(v) => set({ pipeline: v, stage: undefined })}
        className="minw-130"
        options={pipelines?.map((p) => ({ value: p.id, label: p.name }))}
      />
      <Select
        aria-label={t('opp.team')}
        allowClear
        placeholder={t('opp.team')}
        value={named(
          org?.teams.map((x) => x.id),
          get('team'),
        )}
        onChange={(v) => set({ team: v })}
        className="minw-120"
        showSearch={{ optionFilterProp: 'label' }}
        options={org?.teams.map((x) => ({ value: x.id, label: x.name }))}
      />
      <MemberSelect
        label={t('opp.owner')}
        placeholder={t('opp.owner')}
        clearable
        value={get('owner')}
        onChange={(v) => set({ owner: v })}
        className="minw-150"
      />
    </>
  );
}

/** ClearFilters takes all filters away; it stands last, and in what is shown where nothing is found. */
export function ClearFilters({ type = 'text' }: { type?: 'text' | 'default' }) {
  const { t } = useTranslation();
  const { clear, filtered } = useUrl();
  if (!filtered) return null;
  return (
    <Button type={type} onClick={clear}>
      {t('common.clear')}
    </Button>
  );
}

export const spans = ['expected', 'created', 'closed'] as const;

const FilterForm = later(() => import('./FilterForm').then((m) => m.FilterForm));

/** MoreFilters opens the rarer questions. */
export function MoreFilters() {
  const { t } = useTranslation();
  return (
    <Popover trigger="click" placement="bottomLeft" content={<FilterForm />}>
      <Button>{t('filter.more')} ▾</Button>
    </Popover>
  );
}

/** FilterChips names the rarer filters in force; a click takes one away. */
export function FilterChips() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const amount = useAmount();
  const currency = currencyName(me.currency, i18n.language);
  const url = useUrl();
  const fields = useFields('opportunity');
  const text = useCustomText();
  const products = useQuery({ ...productsOf, enabled: !!url.get('product') });
  const customerId = url.get('account') ?? '';
  const customer = useQuery({ ...accountOf(customerId), enabled: !!customerId });
  const stage = url.get('stage');
  // The list offers the stages of the pipeline that is chosen; any other is named here.
  const choosable = usePipeline(url.get('pipeline')).data?.stages.some((s) => s.id === stage);
  const names = useStageNames(!!stage).data;
  const chips: [string, string, () => void][] = [];
  const named = (name: string, value = '…') => t('common.named', { name, value });
  const plain: [string, string][] = [
    ['source', t('opp.source')],
    ['region', t('opp.region')],
    ['industry', t('account.industry')],
  ];
  for (const [k, label] of plain) {
    const v = url.get(k);
    if (v) chips.push([k, named(label, v), () => url.set({ [k]: undefined })]);
  }
  for (const k of ['amountMin', 'amountMax'] as const) {
    const v = url.get(k);
    if (v)
      chips.push([
        k,
        named(t(`filter.${k}`, { currency }), amount.short(Number(v), me.currency)),
        () => url.set({ [k]: undefined }),
      ]);
  }
  for (const k of spans) {
    const [from, to] = [url.get(`${k}From`), url.get(`${k}To`)];
    if (from || to)
      chips.push([
        k,
        named(t(`filter.${k}`), `${from ?? '…'} – ${to ?? '…'}`),
        () => url.set({ [`${k}From`]: undefined, [`${k}To`]: undefined }),
      ]);
  }
  if (customerId)
    chips.push(['account', named(t('opp.account'), customer.data?.name), () => url.set({ account: undefined })]);
  const product = url.get('product');
  if (product)
    chips.push([
      'product',
      named(t('filter.product'), products.data?.find((p) => p.id === product)?.name),
      () => url.set({ product: undefined }),
    ]);
  if (stage && !choosable)
    chips.push(['stage', named(t('opp.stage'), names?.[stage]), () => url.set({ stage: undefined })]);
  const loss = url.get('lossKind');
  if (loss) chips.push(['loss', t(`loss.${loss}`), () => url.set({ lossKind: undefined })]);
  for (const f of fields) {
    const v = url.custom(f.key);
    if (v) chips.push([`custom.${f.key}`, named(f.label, text(f, v)), () => url.setCustom(f.key, '')]);
  }
  if (chips.length === 0) return null;
  return (
    <div className="filters">
      {chips.map(([key, label, drop]) => (
        <button type="button" className="chip" key={key} onClick={drop} aria-label={t('filter.drop', { what: label })}>
          {label} ×
        </button>
      ))}
    </div>
  );
}
