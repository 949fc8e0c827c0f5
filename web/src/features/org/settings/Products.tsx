import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { useMe } from '../../../app/session';
import { Field, Money } from '../../../ui/bits';
import { toMinor } from '../../../ui/format';
import { ProblemBox } from '../../../ui/Problem';

/** Products are the lines the company sells and counts by. */
export function Products() {
  const { t } = useTranslation();
  const me = useMe();
  const query = useQueryClient();
  const list = useQuery({ queryKey: ['products'], queryFn: () => must(api.GET('/api/product-lines')) });
  const [form, setForm] = useState({ name: '', series: '' });
  const [price, setPrice] = useState<number | null>(null);
  const add = useMutation({
    mutationFn: () =>
      must(api.POST('/api/product-lines', { body: { ...form, listPriceMinor: toMinor(price, me.currency) } })),
    onSuccess: async () => {
      setForm({ name: '', series: '' });
      setPrice(null);
      await query.invalidateQueries({ queryKey: ['products'] });
    },
  });
  return (
    <div className="cols">
      <div className="card scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('filter.product')}</th>
              <th className="l">{t('import.target.series')}</th>
              <th>{t('import.target.listPrice')}</th>
            </tr>
          </thead>
          <tbody>
            {list.data?.map((p) => (
              <tr key={p.id}>
                <td>{p.name}</td>
                <td className="l">{p.series}</td>
                <td>
                  <Money minor={p.listPriceMinor} currency={me.currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {list.data?.length === 0 && <div className="pad ink2">{t('settings.noProducts')}</div>}
      </div>
      <div className="card pad">
        {add.error && <ProblemBox error={add.error} />}
        <Field label={t('filter.product')}>
          <Input value={form.name} onChange={(e) => setForm({ ...form, name: e.target.value })} maxLength={40} />
        </Field>
        <Field label={t('import.target.series')}>
          <Input value={form.series} onChange={(e) => setForm({ ...form, series: e.target.value })} maxLength={40} />
        </Field>
        <Field label={t('common.aside', { name: t('import.target.listPrice'), value: me.currency })}>
          <InputNumber<number> controls={false} min={0} value={price} onChange={setPrice} className="wide" />
        </Field>
        <Button type="primary" disabled={!form.name.trim()} loading={add.isPending} onClick={() => add.mutate()}>
          {t('parts.add')}
        </Button>
      </div>
    </div>
  );
}
