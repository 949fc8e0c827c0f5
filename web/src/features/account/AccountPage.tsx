import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import { api, must } from '../../api/client';
import { Attachments } from '../../app/Attachments';
import { CustomFacts } from '../../app/CustomFields';
import { useCan, useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { Empty, usePhone } from '../../ui/bits';
import { day } from '../../ui/format';
import { Missing, ProblemBox } from '../../ui/Problem';
import { useProblemText } from '../../ui/problemText';
import { Changes } from '../change/later';
import { Rivals } from '../competitor/later';
import { Jump } from '../conversation/Jump';
import { Conversation } from '../conversation/later';
import { Guidance, Ways } from '../guidance/later';
import { CreateDialog, FollowUpDialog, HandoverDialog } from '../opportunity/dialogs';
import { dealsOf } from '../opportunity/queries';
import { Timeline } from '../timeline/Timeline';
import { AccountForm, ContactDialog, MergeDialog } from './dialogs';
import { Former } from './Former';
import { Merges } from './Merges';
import { type Act, More } from './More';
import { accountKeys, accountOf, childrenOf, peopleOf } from './queries';

/** AccountPage: one customer with its people and opportunities. */
export default function AccountPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const navigate = useNavigate();
  const query = useQueryClient();
  const { message, modal } = App.useApp();
  const problem = useProblemText();
  const phone = usePhone();
  const canWrite = useCan('account.write');
  const canHandOver = useCan('opportunity.handover');
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const [giving, setGiving] = useState(false);
  const [person, setPerson] = useState<string | null>(null);
  const [talking, setTalking] = useState(false);
  const [creating, setCreating] = useState(false);
  const canSell = useCan('opportunity.write');
  const account = useQuery(accountOf(id));
  const people = useQuery(peopleOf(id));
  const opps = useQuery(dealsOf(id));
  const parent = useQuery({
    ...accountOf(account.data?.parentId ?? ''),
    enabled: !!account.data?.parentId,
    retry: false,
  });
  const children = useQuery(childrenOf(id));
  if (!account.data)
    return (
      <>
        <Missing of={account} className="mt-24" />
        {account.isError && <Link to="/accounts">{t('account.back')}</Link>}
      </>
    );
  const a = account.data;
  if (a.id !== id) return <Navigate to={`/accounts/${a.id}`} replace />; // it went into that one
  const talk = a.deleted ? null : (
    <>
      <Guidance kind="account" id={id} ownerId={a.ownerId} />
      <Conversation kind="account" id={id} />
    </>
  );
  const at = (version: number) => ({
    params: { path: { id }, header: { 'If-Match': `"${version}"` } },
  });
  const ask = () =>
    modal.confirm({
      title: t('account.deleteAsk', { name: a.name }),
      okText: t('common.delete'),
      okButtonProps: { danger: true },
      onOk: remove,
    });
  /** told does something and says why where it was refused. */
  const told = (act: () => Promise<unknown>) =>
    act().then(
      () => true,
      (e) => {
        message.error(problem(e));
        return false;
      },
    );
  const remove = async () => {
    if (!(await told(() => must(api.POST('/api/accounts/{id}/delete', at(a.version)))))) return;
    await query.invalidateQueries({ queryKey: accountKeys.all });
    const key = `undo-${id}`;
    message.open({
      key,
      duration: 8,
      content: (
        <span>
          {t('account.deleted')}{' '}
          <Button
            type="link"
            onClick={async () => {
              if (!(await told(() => must(api.POST('/api/accounts/{id}/restore', at(a.version + 1)))))) return;
              message.destroy(key);
              navigate(`/accounts/${id}`);
            }}
          >
            {t('common.undo')}
          </Button>
        </span>
      ),
    });
    navigate('/accounts');
  };
  // Who left for nobody knows where stands below, with those who left.
  const there = people.data?.items.filter((c) => !c.goneOn) ?? [];
  const changed = a.mayWrite && !a.deleted;
  const more: Act[] = [
    ...(canHandOver && changed ? [{ label: t('handover.title'), act: () => setGiving(true) }] : []),
    ...(changed
      ? [
          { label: t('record.edit'), act: () => setEditing(true) },
          { label: t('merge.open'), act: () => setMerging(true) },
          { label: t('common.delete'), act: ask, danger: true },
        ]
      : []),
  ];
  return (
    <>
      <div className="heading">
        <div className="top">
          <div className="sp" />
          {canSell && !a.deleted && (
            <>
              <Button onClick={() => setTalking(true)}>{t('followUp.title')}</Button>
              <Button type="primary" onClick={() => setCreating(true)}>
                {t('create.title')}
              </Button>
            </>
          )}
          <More items={more} phone={phone} />
        </div>
        <div className="head">
          <div>
            {parent.data && (
              <div className="ink2">
                <Link to={`/accounts/${parent.data.id}`}>{parent.data.name}</Link> ›
              </div>
            )}
            <h1>{a.name}</h1>
            <div className="ink2">
              {[a.industry, a.region, a.class && t('account.classOf', { class: a.class }), names.member(a.ownerId)]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </div>
        </div>
      </div>
      {phone && !a.deleted && <Ways kind="account" id={id} ownerId={a.ownerId} />}
      {phone && !a.deleted && <Jump kind="account" id={id} />}
      {!a.deleted && <Changes account={id} />}
      <div className="cols">
        <div>
          <div className="card">
            <h2>
              {t('account.opportunities')}
              <Link to={`/opportunities?account=${id}`}>
                {opps.data?.totals.reduce((n, x) => n + x.count, 0).toLocaleString()}
              </Link>
            </h2>
            {opps.isError && <ProblemBox error={opps.error} retry={opps.refetch} />}
            {opps.data?.items.length === 0 && <Empty title={t('list.empty')} />}
            {phone &&
              opps.data?.items.map((o) => (
                <Link className="rowlink" key={o.id} to={`/opportunities/${o.id}`}>
                  <span>
                    <b>{o.name}</b>
                    <small>
                      {o.state === 'open' ? o.stage : t(`state.${o.state}`)} ·{' '}
                      {day(o.closedOn || o.expectedOn || o.createdOn, me.today)}
                    </small>
                  </span>
                  <Amount minor={o.amountMinor} currency={o.currency} />
                </Link>
              ))}
            <div className="scroll" hidden={phone}>
              <table className="t">
                <tbody>
                  {opps.data?.items.map((o) => (
                    <tr key={o.id}>
                      <td>
                        <Link to={`/opportunities/${o.id}`}>{o.name}</Link>
                      </td>
                      <td className="whole">{o.state === 'open' ? o.stage : t(`state.${o.state}`)}</td>
                      <td className="whole">{day(o.closedOn || o.expectedOn || o.createdOn, me.today)}</td>
                      <td>
                        <Amount minor={o.amountMinor} currency={o.currency} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </div>
          {!phone && talk}
          {!phone && <Timeline of="account" id={id} />}
        </div>
        <div>
          <div className="card">
            <h2>
              {t('account.people')}
              {canWrite && (
                <Button size="small" onClick={() => setPerson('')}>
                  {t('account.addPerson')}
                </Button>
              )}
            </h2>
            {people.isError && <ProblemBox error={people.error} retry={people.refetch} />}
            {there.map((c) => (
              <div className="ms main-auto" key={c.id}>
                <div>
                  <button type="button" className="open" onClick={() => setPerson(c.id)}>
                    <b>{c.name}</b>
                  </button>
                  <small>{c.title}</small>
                </div>
                {c.mobile && <a href={`tel:${c.mobile}`}>{c.mobile}</a>}
              </div>
            ))}
            <Former id={id} onOpen={setPerson} />
            {people.data && there.length === 0 && <div className="pad ink2">{t('account.noPeople')}</div>}
          </div>
          {!a.deleted && <Rivals account={id} />}
          <Merges kind="account" id={id} />
          <Attachments kind="account" id={id} mayWrite={a.mayWrite && !a.deleted} />
          {(children.data?.items.length ?? 0) > 0 && (
            <div className="card">
              <h2>
                {t('account.children')}
                <Link to={`/accounts?parent=${id}`}>{children.data?.total.toLocaleString()}</Link>
              </h2>
              {children.data?.items.map((c) => (
                <div className="kv" key={c.id}>
                  <Link to={`/accounts/${c.id}`}>{c.name}</Link>
                  <b>{names.member(c.ownerId)}</b>
                </div>
              ))}
            </div>
          )}
          {(Object.keys(a.custom).length > 0 || a.external.length > 0) && (
            <div className="card">
              <h2>{t('record.facts')}</h2>
              <div className="py-8">
                <CustomFacts record="account" value={a.custom} />
                {a.external.map((e) => (
                  <div className="kv" key={e.source + e.id}>
                    <span>{e.source}</span>
                    <b>{e.id}</b>
                  </div>
                ))}
              </div>
            </div>
          )}
          {phone && (
            <div className="mt-16">
              {talk}
              <Timeline of="account" id={id} />
            </div>
          )}
        </div>
      </div>
      {merging && (
        <MergeDialog
          kind="account"
          one={{ id, name: a.name }}
          onClose={() => setMerging(false)}
          onDone={(m) => navigate(`/accounts/${m.keptId}`)}
        />
      )}
      {giving && (
        <HandoverDialog
          kind="account"
          ids={[id]}
          ownerId={a.ownerId}
          onClose={() => {
            setGiving(false);
            void account.refetch();
          }}
        />
      )}
      {editing && <AccountForm a={a} parent={parent.data?.name} onClose={() => setEditing(false)} />}
      {person !== null && (
        <ContactDialog id={person} accountId={id} accountName={a.name} onClose={() => setPerson(null)} />
      )}
      {talking && (
        <FollowUpDialog
          topic={{ accountId: id, name: a.name, account: a.name }}
          at={id}
          onClose={() => setTalking(false)}
        />
      )}
      {creating && <CreateDialog accountId={id} accountName={a.name} onClose={() => setCreating(false)} />}
    </>
  );
}
