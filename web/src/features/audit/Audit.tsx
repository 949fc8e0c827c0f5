import { useQuery } from '@tanstack/react-query';
import { Button, Input, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { outcomes } from '../../api/enums.gen';
import { ExportButton } from '../../app/ExportButton';
import { MemberSelect } from '../../app/MemberSelect';
import { useCan } from '../../app/session';
import { Empty, Fold, Scroll, usePhone } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Pager, usePages } from '../../ui/Pager';
import { ProblemBox } from '../../ui/Problem';
import { Select } from '../../ui/Select';
import { useUrl } from '../../ui/useUrl';
import { About, Act, Outcome, useWho, When } from './Act';
import { AuditPolicy } from './AuditPolicy';
import { actsOf } from './queries';

type Item = Schemas['AuditItem'];

const asked = ['from', 'to', 'person', 'about', 'kind', 'outcome', 'address'] as const;

/** Audit is what people did that the company may have to account for, the newest first; its question is in the address. */
export function Audit() {
  const { t } = useTranslation();
  const { get, set } = useUrl();
  const query = Object.fromEntries(asked.map((k) => [k, get(k)]).filter(([, v]) => v)) as Record<string, string>;
  const pages = usePages(query);
  const phone = usePhone();
  const addresses = useCan('org.edit');
  const canSettings = useCan('settings.edit');
  const list = useQuery(actsOf(query, pages.cursor));
  const items = list.data?.items ?? [];
  return (
    <>
      <Fold
        first={
          <MemberSelect
            label={t('audit.person')}
            placeholder={t('audit.person')}
            clearable
            value={get('person')}
            onChange={(v) => set({ person: v })}
            className="minw-150"
          />
        }
      >
        <Filters addresses={addresses} />
        {Object.keys(query).length > 0 && (
          <Button type="text" onClick={() => set(Object.fromEntries(asked.map((k) => [k, undefined])))}>
            {t('common.clear')}
          </Button>
        )}
        <ExportButton path="audit" params={new URLSearchParams(query)} />
      </Fold>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div className="card" hidden={list.isError && !list.data}>
        {list.isPending && <Skeleton active className="pad" />}
        {list.data && items.length === 0 && (
          <Empty title={t('audit.empty')}>
            <p>{t('audit.emptyHint')}</p>
          </Empty>
        )}
        {items.length > 0 && (phone ? <Cards items={items} /> : <Table items={items} addresses={addresses} />)}
      </div>
      <Pager pages={pages} next={list.data?.next} />
      {canSettings && <AuditPolicy />}
    </>
  );
}

function Filters({ addresses }: { addresses: boolean }) {
  const { t, i18n } = useTranslation();
  const { get, set } = useUrl();
  const texts = i18n.getResourceBundle(i18n.language, 'translation') as typeof import('../../texts/zh-CN').default;
  const tree: Record<string, Record<string, string>> = texts.audit.kind;
  const kinds = Object.entries(tree).flatMap(([of, acts]) =>
    Object.entries(acts).map(([act, label]) => ({ value: `${of}.${act}`, label })),
  );
  return (
    <>
      <Select
        aria-label={t('audit.what')}
        placeholder={t('audit.what')}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        className="minw-150"
        value={get('kind')}
        onChange={(v?: string) => set({ kind: v })}
        options={kinds}
      />
      <Select
        aria-label={t('audit.outcomeOf')}
        placeholder={t('audit.outcomeOf')}
        allowClear
        className="minw-110"
        value={get('outcome')}
        onChange={(v?: string) => set({ outcome: v })}
        options={outcomes.map((o) => ({ value: o, label: t(`audit.outcome.${o}`) }))}
      />
      {(['from', 'to'] as const).map((k) => (
        <span key={k} className="w-150">
          <DateField whenLeft label={t(`audit.${k}`)} value={get(k) ?? ''} onChange={(v) => set({ [k]: v })} />
        </span>
      ))}
      {addresses && (
        <Input
          key={get('address')}
          allowClear
          aria-label={t('audit.address')}
          placeholder={t('audit.address')}
          defaultValue={get('address')}
          className="w-130"
          onBlur={(e) => set({ address: e.target.value.trim() })}
          onPressEnter={(e) => set({ address: e.currentTarget.value.trim() })}
        />
      )}
    </>
  );
}

function Table({ items, addresses }: { items: Item[]; addresses: boolean }) {
  const { t } = useTranslation();
  const { set } = useUrl();
  const who = useWho();
  return (
    <Scroll label={t('audit.title')}>
      <table className="t audit">
        <thead>
          <tr>
            <th>{t('audit.when')}</th>
            <th className="l">{t('audit.person')}</th>
            <th className="l">{t('audit.what')}</th>
            <th className="l">{t('audit.about')}</th>
            <th className="l">{t('audit.outcomeOf')}</th>
            {addresses && <th className="l">{t('audit.address')}</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((i) => (
            <tr key={i.id} data-testid="act" data-kind={i.kind}>
              <td>
                <When of={i} />
              </td>
              <td className="l">{who(i)}</td>
              <td className="l wrap">
                <Act of={i} />
              </td>
              <td className="l">
                <About of={i} />
              </td>
              <td className="l">
                <Outcome of={i} />
              </td>
              {addresses && (
                <td className="l">
                  {i.address ? (
                    <button type="button" className="open" onClick={() => set({ address: i.address })}>
                      {i.address}
                    </button>
                  ) : (
                    '—'
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Cards are the trail on a phone. */
function Cards({ items }: { items: Item[] }) {
  const who = useWho();
  return items.map((i) => (
    <div className="entry" key={i.id} data-testid="act" data-kind={i.kind}>
      <div className="head">
        <b>{who(i)}</b>
        <small>
          <When of={i} />
        </small>
      </div>
      <Act of={i} />
      <div className="foot">
        <About of={i} /> <Outcome of={i} /> <small>{i.address}</small>
      </div>
    </div>
  ));
}
