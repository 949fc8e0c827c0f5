import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, must } from '../../api/client';
import { useCan, useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Empty, Field, usePhone } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { ProblemBox } from '../../ui/Problem';
import { Search } from '../../ui/Search';
import { useUrl } from '../../ui/useUrl';
import { Cards, type Order, ordered, orders, Table } from './Lines';
import { linesOf, ofName, useWent } from './queries';

/** CompetitorsPage: whom we meet, where they were last seen, what they are on and how it went against them. */
export default function CompetitorsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const phone = usePhone();
  const { get, set, clear } = useUrl();
  const [adding, setAdding] = useState(false);
  const canWrite = useCan('account.write');
  const canReport = useCan('report.read');
  const q = get('q') ?? '';
  const list = useQuery(linesOf(q));
  const went = useWent(canReport);
  const order = orders.find((o) => o === get('sort')) ?? 'last';
  const items = ordered(list.data?.items ?? [], order, went, me.currency);
  const setOrder = (o: Order) => set({ sort: o === 'last' ? undefined : o });
  const add = canWrite && (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t('competitor.add')}
    </Button>
  );
  return (
    <>
      <div className="top">
        <h1>{t('competitor.title')}</h1>
        <span className="stamp">{list.data && t('competitor.count', { count: items.length })}</span>
        <div className="sp" />
        {add}
      </div>
      <div className="filters">
        <Search className="w-260" />
        {phone && items.length > 1 && (
          <Select
            aria-label={t('competitor.orderBy')}
            value={order}
            className="minw-150"
            options={orders.map((o) => ({ value: o, label: t(`competitor.order.${o}`) }))}
            onChange={setOrder}
          />
        )}
      </div>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div
        className={list.isPlaceholderData ? 'card stale' : 'card'}
        aria-busy={list.isPlaceholderData}
        hidden={list.isError && !list.data}
      >
        {list.isPending && <Skeleton active className="pad" />}
        {list.data &&
          items.length === 0 &&
          (q ? (
            <Empty title={t('competitor.notFound')}>
              <p>
                <Button onClick={clear}>{t('common.clear')}</Button> {add}
              </p>
            </Empty>
          ) : (
            <Empty title={t('competitor.empty')}>
              <p>{t('competitor.emptyHint')}</p>
              {add}
            </Empty>
          ))}
        {phone && <Cards items={items} went={went} />}
        {!phone && items.length > 0 && (
          <Table items={items} went={went} report={canReport} order={order} onOrder={setOrder} />
        )}
      </div>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </>
  );
}

/** AddDialog adds one by name; one that is called so already is opened. */
function AddDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const [name, setName] = useState('');
  const save = useWrite(
    (_: undefined, key) => {
      const body = { name: name.trim() };
      return must(api.POST('/api/competitors', { body: { id: key(body), ...body } }));
    },
    {
      stale: ofName,
      done: (c) => {
        onClose();
        go(`/competitors/${c.id}`);
      },
    },
  );
  return (
    <Dialog
      title={t('competitor.addTitle')}
      ready={!!name.trim()}
      ok={t('common.save')}
      pending={save.isPending}
      error={save.error}
      onOk={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <Field at="name" label={t('competitor.name')} hint={t('competitor.nameHint')}>
        <Input value={name} maxLength={100} onChange={(e) => setName(e.target.value)} />
      </Field>
    </Dialog>
  );
}
