import { useQuery } from '@tanstack/react-query';
import { Button, Input, Popover, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { CustomFilter, useCustomText, useFields } from '../../app/CustomFields';
import { ExportButton } from '../../app/ExportButton';
import { MemberSelect } from '../../app/MemberSelect';
import { SavedViews } from '../../app/SavedViews';
import { useCan, useNames } from '../../app/session';
import { Empty, Field, Fold, Scroll, usePhone } from '../../ui/bits';
import { Pager, usePages } from '../../ui/Pager';
import { ProblemBox } from '../../ui/Problem';
import { Search } from '../../ui/Search';
import { useUrl } from '../../ui/useUrl';
import { AccountForm, TwinsList } from './dialogs';
import { accountsOf } from './queries';

const plain = ['industry', 'region', 'class'] as const;

/** AccountsPage: customers by name, pinyin or initials, and by what the company noted of them. */
export default function AccountsPage() {
  const { t } = useTranslation();
  const names = useNames();
  const navigate = useNavigate();
  const { get, set, clear, filtered, query, params } = useUrl();
  const pages = usePages(query);
  const fields = useFields('account');
  const text = useCustomText();
  const phone = usePhone();
  const [creating, setCreating] = useState(false);
  const [alike, setAlike] = useState(false);
  const canWrite = useCan('account.write');
  const q = { ...query, cursor: pages.cursor };
  const list = useQuery(accountsOf(q));
  const cols = get('cols')?.split(',') ?? [];
  const shown = fields.filter((f) => cols.includes(f.key));
  const sort = get('sort') ?? 'name';
  const label = (k: (typeof plain)[number]) => (k === 'region' ? t('opp.region') : t(`account.${k}`));
  return (
    <>
      <div className="top">
        <h1>{t('account.title')}</h1>
        <span className="stamp">{list.data && t('account.count', { count: list.data.total })}</span>
        <div className="sp" />
        {canWrite && <Button onClick={() => setAlike(true)}>{t('merge.twinsFind')}</Button>}
        <ExportButton path="accounts" params={params} />
        {canWrite && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('account.create')}
          </Button>
        )}
      </div>
      <Fold
        first={
          <>
            <SavedViews screen="accounts" />
            <Search className="w-240" />
          </>
        }
      >
        <MemberSelect
          label={t('opp.owner')}
          placeholder={t('opp.owner')}
          clearable
          value={get('owner')}
          onChange={(v) => set({ owner: v })}
          className="minw-150"
        />
        <AccountFilters />
        {fields.length > 0 && (
          <Select
            aria-label={t('list.columns')}
            mode="multiple"
            maxTagCount={0}
            maxTagPlaceholder={t('list.columns')}
            placeholder={t('list.columns')}
            value={cols}
            onChange={(v: string[]) => set({ cols: v.join(',') })}
            className="minw-90"
            options={fields.map((f) => ({ value: f.key, label: f.label }))}
          />
        )}
        {filtered && (
          <Button type="text" onClick={clear}>
            {t('common.clear')}
          </Button>
        )}
      </Fold>
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div
        className={list.isPlaceholderData ? 'card stale' : 'card'}
        aria-busy={list.isPlaceholderData}
        hidden={list.isError && !list.data}
      >
        {list.isPending && <Skeleton active className="pad" />}
        {list.data?.items.length === 0 && (
          <Empty title={t('account.empty')}>
            <p>{t('account.emptyHint')}</p>
            {filtered && <Button onClick={clear}>{t('common.clear')}</Button>}{' '}
            {canWrite && <Button onClick={() => setCreating(true)}>{t('account.create')}</Button>}
          </Empty>
        )}
        {phone &&
          list.data?.items.map((a) => (
            <Link className="rowlink" key={a.id} to={`/accounts/${a.id}`}>
              <span>
                <b>{a.name}</b>
                <small>{[a.industry, a.region, names.member(a.ownerId)].filter(Boolean).join(' · ')}</small>
              </span>
              {a.class && <span className="chip">{t('account.classOf', { class: a.class })}</span>}
            </Link>
          ))}
        {!phone && (list.data?.items.length ?? 0) > 0 && (
          <Scroll label={t('account.title')}>
            <table className="t">
              <thead>
                <tr>
                  <th aria-sort={sort === 'name' ? 'ascending' : 'none'}>
                    <button type="button" className="open" onClick={() => set({ sort: undefined, desc: undefined })}>
                      {t('account.name')}
                      {sort === 'name' ? ' ↑' : ''}
                    </button>
                  </th>
                  {plain.map((k) => (
                    <th key={k} className="l">
                      {label(k)}
                    </th>
                  ))}
                  <th className="l">{t('opp.owner')}</th>
                  {shown.map((f) => (
                    <th key={f.key} className="l">
                      {f.label}
                    </th>
                  ))}
                  <th aria-sort={sort === 'created' ? 'descending' : 'none'}>
                    <button type="button" className="open" onClick={() => set({ sort: 'created', desc: 'true' })}>
                      {t('opp.createdOn')}
                      {sort === 'created' ? ' ↓' : ''}
                    </button>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.data?.items.map((a) => (
                  <tr key={a.id}>
                    <td>
                      <Link to={`/accounts/${a.id}`}>
                        <b>{a.name}</b>
                      </Link>
                    </td>
                    {plain.map((k) => (
                      <td key={k} className="l">
                        {a[k] ? (
                          <button type="button" className="open" onClick={() => set({ [k]: a[k] })}>
                            {a[k]}
                          </button>
                        ) : (
                          '—'
                        )}
                      </td>
                    ))}
                    <td className="l">{names.member(a.ownerId)}</td>
                    {shown.map((f) => (
                      <td key={f.key} className="l">
                        {text(f, a.custom[f.key]) || '—'}
                      </td>
                    ))}
                    <td>{a.createdOn || '—'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </div>
      <Pager pages={pages} next={list.data?.next} />
      {alike && <TwinsList onClose={() => setAlike(false)} />}
      {creating && <AccountForm onClose={() => setCreating(false)} onSaved={(a) => navigate(`/accounts/${a.id}`)} />}
    </>
  );
}

/** AccountFilters holds the rarer questions. */
function AccountFilters() {
  const { t } = useTranslation();
  const url = useUrl();
  const fields = useFields('account');
  const active = plain.filter((k) => url.get(k)).length + url.params.getAll('custom').length;
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      content={
        <div className="grid2 pop-420">
          {plain.map((k) => (
            <Field key={k} label={k === 'region' ? t('opp.region') : t(`account.${k}`)}>
              <Input
                key={url.get(k)}
                defaultValue={url.get(k)}
                maxLength={30}
                onBlur={(e) => url.set({ [k]: e.target.value.trim() })}
                onPressEnter={(e) => url.set({ [k]: e.currentTarget.value.trim() })}
              />
            </Field>
          ))}
          {fields.map((f) => (
            <Field key={f.key} label={f.label}>
              <CustomFilter f={f} value={url.custom(f.key)} onChange={(v) => url.setCustom(f.key, v)} />
            </Field>
          ))}
        </div>
      }
    >
      <Button type={active ? 'primary' : 'default'}>
        {t('filter.more')}
        {active ? ` ${active}` : ''} ▾
      </Button>
    </Popover>
  );
}
