import { useQuery } from '@tanstack/react-query';
import { Button, Input, InputNumber, Radio, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { contactRoles, shareKinds } from '../../../api/enums.gen';
import { asRead } from '../../../api/version';
import { MemberSelect } from '../../../app/MemberSelect';
import { useNames } from '../../../app/session';
import { percent } from '../../../ui/format';
import { PersonPicker } from '../../../ui/PersonPicker';
import { peopleOf } from '../../account/queries';
import type { RecordBody } from '../queries';
import { at, Drop, PartDialog, without } from './PartDialog';

type Share = Schemas['OpportunityShare'];

/** SharesDialog: direct shares add up to the whole, overlay shares stand apart. */
export function SharesDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const [shares, setShares] = useState<Share[]>(r.shares);
  const direct = shares.filter((s) => s.kind === 'direct').reduce((n, s) => n + s.shareBp, 0);
  return (
    <PartDialog
      r={r}
      title={t('record.shares')}
      hint={t('parts.sharesHint')}
      ready={direct === 10000 && shares.every((s) => s.memberId && s.shareBp > 0)}
      save={() => must(api.PUT('/api/opportunities/{id}/shares', { params: asRead(r), body: { shares } }))}
      onClose={onClose}
    >
      {shares.map((s, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity until it is saved
        <div key={i} className="rowform">
          <MemberSelect
            label={t('parts.member')}
            value={s.memberId}
            onChange={(v) => setShares(at(shares, i, { memberId: v ?? '' }))}
          />
          <Segmented
            aria-label={t('parts.kind')}
            value={s.kind}
            onChange={(kind) => setShares(at(shares, i, { kind }))}
            options={shareKinds.map((k) => ({ value: k, label: t(`parts.${k}`) }))}
          />
          <InputNumber<number>
            controls={false}
            aria-label={t('parts.percent')}
            min={0.01}
            max={100}
            suffix="%"
            className="w-110"
            value={s.shareBp / 100}
            onChange={(v) => setShares(at(shares, i, { shareBp: Math.round((v ?? 0) * 100) }))}
          />
          <Drop what={t('record.shares')} onClick={() => setShares(without(shares, i))} />
        </div>
      ))}
      <div className="side">
        <Button
          onClick={() =>
            setShares([
              ...shares,
              { memberId: '', kind: 'direct', shareBp: Math.max(1, Math.min(10000, 10000 - direct)) },
            ])
          }
        >
          {t('parts.add')}
        </Button>
        <span className={direct === 10000 ? 'good' : 'bad'}>{t('parts.directSum', { sum: percent(direct) })}</span>
      </div>
    </PartDialog>
  );
}

/** OwningTeamDialog: which of its owner's teams counts the deal from today on. */
export function OwningTeamDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const [teamId, setTeam] = useState(r.ownerTeams.find((team) => team !== r.teamId) ?? r.teamId);
  return (
    <PartDialog
      r={r}
      title={t('parts.owningTeam')}
      hint={t('parts.owningTeamHint', { owner: names.member(r.ownerId) })}
      save={() => must(api.PUT('/api/opportunities/{id}/owning-team', { params: asRead(r), body: { teamId } }))}
      onClose={onClose}
    >
      <Radio.Group
        vertical
        value={teamId}
        onChange={(e) => setTeam(e.target.value)}
        options={r.ownerTeams.map((team, i) => ({
          value: team,
          label: i === 0 ? t('parts.mainTeam', { team: names.team(team) }) : names.team(team),
        }))}
      />
    </PartDialog>
  );
}

/** TeamDialog: who works on the deal and so may see it. */
export function TeamDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const [team, setTeam] = useState(r.team);
  return (
    <PartDialog
      r={r}
      title={t('record.dealTeam')}
      hint={t('parts.teamHint')}
      ready={team.every((m) => m.memberId)}
      save={() => must(api.PUT('/api/opportunities/{id}/team', { params: asRead(r), body: { team } }))}
      onClose={onClose}
    >
      {team.map((m, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity until it is saved
        <div key={i} className="rowform">
          <MemberSelect
            label={t('parts.member')}
            value={m.memberId}
            onChange={(v) => setTeam(at(team, i, { memberId: v ?? '' }))}
          />
          <Input
            aria-label={t('parts.role')}
            placeholder={t('parts.role')}
            value={m.role}
            onChange={(e) => setTeam(at(team, i, { role: e.target.value }))}
            maxLength={30}
          />
          <Drop what={t('record.dealTeam')} onClick={() => setTeam(without(team, i))} />
        </div>
      ))}
      <Button onClick={() => setTeam([...team, { memberId: '', role: '' }])}>{t('parts.add')}</Button>
    </PartDialog>
  );
}

/** ContactsDialog: the customer's people with their roles in this deal. */
export function ContactsDialog({ r, onClose }: { r: RecordBody; onClose: () => void }) {
  const { t } = useTranslation();
  const [contacts, setContacts] = useState(r.contacts.map((c) => ({ contactId: c.contactId, role: c.role })));
  const people = useQuery({ ...peopleOf(r.accountId), enabled: r.accountId !== '' });
  // A person in the deal may work elsewhere by now.
  const known = new Map(r.contacts.map((c) => [c.contactId, `${c.name} ${c.title}`]));
  for (const p of people.data?.items ?? []) known.set(p.id, `${p.name} ${p.title}`);
  return (
    <PartDialog
      r={r}
      title={t('record.people')}
      hint={t('parts.contactsHint')}
      ready={contacts.every((c) => c.contactId)}
      save={() => must(api.PUT('/api/opportunities/{id}/contacts', { params: asRead(r), body: { contacts } }))}
      onClose={onClose}
    >
      {contacts.map((c, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity until it is saved
        <div key={i} className="rowform">
          <PersonPicker
            label={t('record.people')}
            value={c.contactId}
            onChange={(v = '') => setContacts(at(contacts, i, { contactId: v }))}
            notFoundContent={t('followUp.noContacts')}
            people={[...known]
              .filter(([id]) => id === c.contactId || !contacts.some((x) => x.contactId === id))
              .map(([id, name]) => ({ id, name }))}
          />
          <Select
            aria-label={t('parts.role')}
            className="w-130"
            value={c.role}
            onChange={(role) => setContacts(at(contacts, i, { role }))}
            options={contactRoles.map((k) => ({ value: k, label: t(`role.${k}`) }))}
          />
          <Drop what={t('record.people')} onClick={() => setContacts(without(contacts, i))} />
        </div>
      ))}
      <Button
        disabled={known.size <= contacts.length}
        onClick={() => setContacts([...contacts, { contactId: '', role: 'unknown' }])}
      >
        {t('parts.add')}
      </Button>
    </PartDialog>
  );
}
