import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ExportButton } from '../../app/ExportButton';
import { useMe } from '../../app/session';
import { Empty, Scroll, usePhone } from '../../ui/bits';
import { day } from '../../ui/format';
import { LinkButton } from '../../ui/LinkButton';
import { Pager, usePages } from '../../ui/Pager';
import { ProblemBox } from '../../ui/Problem';
import { Search } from '../../ui/Search';
import { useUrl } from '../../ui/useUrl';
import { ContactDialog } from './dialogs';
import { contactsOf } from './queries';

/** ContactsPage finds a person by name, pinyin or initials, whoever he works for now. */
export default function ContactsPage() {
  const { t } = useTranslation();
  const { clear, filtered, query, params } = useUrl();
  const pages = usePages(query);
  const phone = usePhone();
  const me = useMe();
  const [open, setOpen] = useState<{ id: string; accountId: string; account: string } | null>(null);
  const q = { ...query, cursor: pages.cursor };
  const list = useQuery(contactsOf(q));
  const items = list.data?.items ?? [];
  return (
    <>
      <div className="top">
        <h1>{t('account.people')}</h1>
        {items.length > 1 && <span className="stamp">{t('contact.byName')}</span>}
        <div className="sp" />
        <ExportButton path="contacts" params={params} />
      </div>
      <div className="filters">
        <Search className="w-260" />
      </div>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div
        className={list.isPlaceholderData ? 'card stale' : 'card'}
        aria-busy={list.isPlaceholderData}
        hidden={list.isError && !list.data}
      >
        {list.isPending && <Skeleton active className="pad" />}
        {list.data && items.length === 0 && (
          <Empty title={t('contact.none')}>
            <p>{t('contact.noneHint')}</p>
            {filtered && <Button onClick={clear}>{t('common.clear')}</Button>}{' '}
            <LinkButton to="/accounts">{t('nav.accounts')}</LinkButton>
          </Empty>
        )}
        {phone &&
          items.map((c) => (
            <div className="ms main-auto" key={c.id}>
              <div>
                <button
                  type="button"
                  className="open"
                  onClick={() => setOpen({ id: c.id, accountId: c.accountId, account: c.account })}
                >
                  <b>{c.name}</b>
                </button>
                <small>
                  {c.title && `${c.title} · `}
                  <Link to={`/accounts/${c.accountId}`}>{c.account}</Link>
                  {c.goneOn && ` · ${t('account.leftOn', { day: day(c.goneOn, me.today) })}`}
                </small>
              </div>
              {c.mobile && <a href={`tel:${c.mobile}`}>{c.mobile}</a>}
            </div>
          ))}
        {!phone && items.length > 0 && (
          <Scroll label={t('account.people')}>
            <table className="t">
              <thead>
                <tr>
                  <th>{t('contact.name')}</th>
                  <th className="l">{t('contact.title')}</th>
                  <th className="l">{t('opp.account')}</th>
                  <th className="l">{t('contact.mobile')}</th>
                  <th className="l">{t('contact.email')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((c) => (
                  <tr key={c.id}>
                    <td>
                      <button
                        type="button"
                        className="open"
                        onClick={() => setOpen({ id: c.id, accountId: c.accountId, account: c.account })}
                      >
                        <b>{c.name}</b>
                      </button>
                    </td>
                    <td className="l">{c.title}</td>
                    <td className="l">
                      <Link to={`/accounts/${c.accountId}`}>{c.account}</Link>{' '}
                      {c.goneOn && (
                        <span className="chip">{t('account.leftOn', { day: day(c.goneOn, me.today) })}</span>
                      )}
                    </td>
                    <td className="l">{c.mobile && <a href={`tel:${c.mobile}`}>{c.mobile}</a>}</td>
                    <td className="l">{c.email}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </div>
      <Pager pages={pages} next={list.data?.next} />
      {open && (
        <ContactDialog
          id={open.id}
          accountId={open.accountId}
          accountName={open.account}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
