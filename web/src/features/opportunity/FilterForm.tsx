import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { CustomFilter, useFields } from '../../app/CustomFields';
import { useMe } from '../../app/session';
import { AmountField } from '../../ui/Amount';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { currencyName } from '../../ui/format';
import { Select } from '../../ui/Select';
import { useUrl } from '../../ui/useUrl';
import { productsOf } from '../org/queries';
import { spans } from './Filters';

const texts = ['source', 'region', 'industry'] as const;
const lossKinds = ['competitor', 'no_decision', 'cancelled', 'tender_void', 'we_withdrew', 'unknown'] as const;

/** FilterForm holds the rarer questions, the company's own fields among them. */
export function FilterForm() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const currency = currencyName(me.currency, i18n.language);
  const url = useUrl();
  const { get, set } = url;
  const fields = useFields('opportunity');
  const products = useQuery(productsOf);
  const amount = (k: 'amountMin' | 'amountMax') => (
    <AmountField
      label={t(`filter.${k}`, { currency })}
      minor={get(k) ? Number(get(k)) : null}
      currency={me.currency}
      onChange={(v) => set({ [k]: v === null ? undefined : String(v) })}
    />
  );
  return (
    <div className="grid2 pop-460">
      {texts.map((k) => (
        <Field key={k} label={k === 'industry' ? t('account.industry') : t(`opp.${k}`)}>
          <Input
            key={get(k)}
            defaultValue={get(k)}
            maxLength={40}
            onBlur={(e) => set({ [k]: e.target.value.trim() })}
            onPressEnter={(e) => set({ [k]: e.currentTarget.value.trim() })}
          />
        </Field>
      ))}
      <Field label={t('filter.product')}>
        <Select
          allowClear
          className="wide"
          value={get('product')}
          onChange={(v?: string) => set({ product: v })}
          showSearch={{ optionFilterProp: 'label' }}
          options={products.data?.map((p) => ({ value: p.id, label: p.name }))}
        />
      </Field>
      <Field label={t('filter.amountMin', { currency })}>{amount('amountMin')}</Field>
      <Field label={t('filter.amountMax', { currency })}>{amount('amountMax')}</Field>
      {spans.map((k) => (
        <div key={k} className="whole-row">
          <Field label={t(`filter.${k}`)}>
            <span className="side">
              <DateField
                whenLeft
                label={`${t(`filter.${k}`)} ${t('funnel.from')}`}
                value={get(`${k}From`) ?? ''}
                onChange={(v) => set({ [`${k}From`]: v })}
              />
              –
              <DateField
                whenLeft
                label={`${t(`filter.${k}`)} ${t('funnel.to')}`}
                value={get(`${k}To`) ?? ''}
                onChange={(v) => set({ [`${k}To`]: v })}
              />
            </span>
          </Field>
        </div>
      ))}
      <Field label={t('filter.lossKind')}>
        <Select
          allowClear
          className="wide"
          value={get('lossKind')}
          onChange={(v?: string) => set({ lossKind: v })}
          options={lossKinds.map((k) => ({ value: k, label: t(`loss.${k}`) }))}
        />
      </Field>
      {fields.map((f) => (
        <Field key={f.key} label={f.label}>
          <CustomFilter f={f} value={url.custom(f.key)} onChange={(v) => url.setCustom(f.key, v)} />
        </Field>
      ))}
    </div>
  );
}
