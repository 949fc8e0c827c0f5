import { useQuery } from '@tanstack/react-query';
import { Button, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../../app/session';
import { ProblemBox } from '../../../ui/Problem';
import { MemberFactors } from '../../identity/MemberFactors';
import { MemberSessions } from '../../identity/MemberSessions';
import { useRoleName } from '../OrgDialog';
import { type MemberPage, memberOf } from '../queries';
import { Going } from '../settings/People';
import { EndDelegation, GiveAssistant } from './Assistants';
import { ComeBack, Leave } from './Leaving';
import { Describe, GiveLogin } from './Person';
import { AddPost, EndPost, MainPost, Transfer } from './Posts';
import { SetRole } from './RoleForm';

const forms = {
  describe: Describe,
  transfer: Transfer,
  addPost: AddPost,
  role: SetRole,
  login: GiveLogin,
  assistant: GiveAssistant,
  leave: Leave,
  comeBack: ComeBack,
} as const;
type Form = keyof typeof forms;

// What nobody decides about who may do more than himself.
const decided: Form[] = ['role', 'login', 'assistant', 'leave', 'comeBack'];

/** MemberDialog is a person: posts, roles and delegations, and what may be done about them. */
export function MemberDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const member = useQuery(memberOf(id));
  const [open, setOpen] = useState<{ form: Form; m: MemberPage } | null>(null);
  const m = member.data;
  const Shown = open && forms[open.form];
  const all: Form[] = m?.gone
    ? ['describe', ...(m.backOn ? (['leave'] as const) : (['comeBack'] as const))]
    : [
        'describe',
        'transfer',
        'addPost',
        'role',
        'login',
        'assistant',
        'leave',
        ...(m?.leftOn ? (['comeBack'] as const) : []),
      ];
  const may = m?.beyond ? all.filter((f) => !decided.includes(f)) : all;
  return (
    <Modal open title={m?.name} onCancel={onClose} footer={null} width={680}>
      {member.error && <ProblemBox error={member.error} retry={member.refetch} />}
      {!m && !member.error && <Skeleton active />}
      {m && (
        <>
          <p>
            <Going m={m} />
          </p>
          <Posts m={m} />
          <Grants m={m} />
          <Delegations m={m} />
          {m.beyond ? (
            <p className="ink2" role="note">
              {t('member.beyond')}
            </p>
          ) : (
            <>
              <MemberFactors id={m.id} />
              <MemberSessions id={m.id} />
            </>
          )}
          <div className="filters">
            {may.map((f) => (
              <Button key={f} danger={f === 'leave'} onClick={() => setOpen({ form: f, m })}>
                {t(`member.${f}`)}
              </Button>
            ))}
          </div>
          {open && Shown && <Shown m={open.m} onClose={() => setOpen(null)} />}
        </>
      )}
    </Modal>
  );
}

/** useSpan words the days something holds. */
function useSpan() {
  const { t } = useTranslation();
  const { today } = useMe();
  return (from: string, to: string) =>
    from > today && !to
      ? t('member.startsOn', { on: from })
      : `${from < '1900' ? t('member.always') : from} – ${to ? t('member.until', { on: to }) : t('member.open')}`;
}

function Posts({ m }: { m: MemberPage }) {
  const { t } = useTranslation();
  const span = useSpan();
  const [ending, setEnding] = useState('');
  const [leading, setLeading] = useState('');
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('member.posts')}</th>
          <th className="l">{t('member.days')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {m.posts.map((p) => (
          <tr key={p.seatId + p.from}>
            <td>
              {p.team} · {p.position} {p.main && <span className="chip p">{t('member.main')}</span>}
            </td>
            <td className="l">{span(p.from, p.to)}</td>
            <td>
              {!p.to && !p.main && (
                <Button size="small" onClick={() => setLeading(p.seatId)}>
                  {t('member.makeMain')}
                </Button>
              )}
              {!p.to && (
                <Button size="small" onClick={() => setEnding(p.seatId)}>
                  {t('member.end')}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
      {ending && <EndPost m={m} seat={ending} onClose={() => setEnding('')} />}
      {leading && <MainPost m={m} seat={leading} onClose={() => setLeading('')} />}
    </table>
  );
}

function Grants({ m }: { m: MemberPage }) {
  const { t } = useTranslation();
  const span = useSpan();
  const name = useRoleName();
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('member.roles')}</th>
          <th className="l">{t('member.days')}</th>
        </tr>
      </thead>
      <tbody>
        {m.roles.map((r) => (
          <tr key={r.role + r.from + r.to}>
            <td>
              {name(r.role)} {r.regions.join(t('common.comma'))}
            </td>
            <td className="l">{span(r.from, r.to)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Delegations({ m }: { m: MemberPage }) {
  const { t } = useTranslation();
  const span = useSpan();
  const [ending, setEnding] = useState('');
  if (m.delegations.length === 0) return null;
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('member.delegations')}</th>
          <th className="l">{t('member.days')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {m.delegations.map((d) => (
          <tr key={d.principalId + d.assistantId}>
            <td>
              <DelegationText m={m} principal={d.principalId} assistant={d.assistantId} />
            </td>
            <td className="l">{span(d.from, d.to)}</td>
            <td>
              {d.principalId === m.id && !m.beyond && (
                <Button size="small" onClick={() => setEnding(d.assistantId)}>
                  {t('member.end')}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
      {ending && <EndDelegation m={m} assistant={ending} onClose={() => setEnding('')} />}
    </table>
  );
}

function DelegationText({ m, principal, assistant }: { m: MemberPage; principal: string; assistant: string }) {
  const { t } = useTranslation();
  const { member } = useNames();
  return principal === m.id
    ? t('member.isActedFor', { name: member(assistant) })
    : t('member.actsFor', { name: member(principal) });
}
