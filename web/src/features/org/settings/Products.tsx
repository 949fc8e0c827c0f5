import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MembersSelect } from '../../../app/MemberSelect';
import { useMe } from '../../../app/session';
import { useWrite } from '../../../app/useWrite';
import { Amount, AmountField } from '../../../ui/Amount';
import { Field } from '../../../ui/bits';
import { DataTable } from '../../../ui/DataTable';
import { ProblemBox } from '../../../ui/Problem';
import { addProduct, endExpert, expertsOf, nameExpert, productsOf } from '../queries';

/** Products are the lines the company sells and counts by. */
export function Products() {
  const { t } = useTranslation();
  const me = useMe();
  const list = useQuery(productsOf);
  const [form, setForm] = useState({ name: '', series: '' });
  const [price, setPrice] = useState<number | null>(null);
  const add = useWrite((_, key) => addProduct({ id: key(), ...form, listPriceMinor: price ?? undefined }), {
    done: () => {
      setForm({ name: '', series: '' });
      setPrice(null);
    },
    stale: [['products']],
  });
  return (
    <div className="cols">
      <div className="card">
        <DataTable
          label={t('settings.products')}
          asked={list}
          rows={list.data}
          id={(p) => p.id}
          columns={[
            { name: t('filter.product'), of: (p) => p.name },
            { name: t('import.target.series'), of: (p) => p.series, left: true },
            {
              name: t('import.target.listPrice'),
              of: (p) => <Amount minor={p.listPriceMinor} currency={me.currency} />,
            },
            { name: t('settings.experts'), of: (p) => <Experts of={p} />, left: true },
          ]}
          none={t('settings.noProducts')}
        />
        <div className="pad ink3">{t('settings.expertsHint')}</div>
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
          <AmountField minor={price} currency={me.currency} onChange={setPrice} />
        </Field>
        <Button type="primary" disabled={!form.name.trim()} loading={add.isPending} onClick={() => add.mutate()}>
          {t('parts.add')}
        </Button>
      </div>
    </div>
  );
}

/** Experts are who is asked about a product; who is chosen or taken away is told at once. */
function Experts({ of }: { of: { id: string; name: string } }) {
  const { t } = useTranslation();
  const list = useQuery(expertsOf);
  const is = (list.data ?? []).filter((x) => x.productLineId === of.id).map((x) => x.memberId);
  const set = useWrite<string[]>(
    async (next) => {
      for (const id of next.filter((x) => !is.includes(x))) await nameExpert(of.id, id);
      for (const id of is.filter((x) => !next.includes(x))) await endExpert(of.id, id);
    },
    { stale: [['products'], ['guidance']] },
  );
  return (
    <>
      {set.error && <ProblemBox error={set.error} />}
      <MembersSelect
        label={t('settings.expertsOf', { product: of.name })}
        value={set.isPending ? (set.variables ?? is) : is}
        onChange={(ids) => set.mutate(ids)}
      />
    </>
  );
}
