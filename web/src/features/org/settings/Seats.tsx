import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { useNames, useOrg } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { Missing } from '../../../ui/Problem';
import { Select } from '../../../ui/Select';
import { useUrl } from '../../../ui/useUrl';
import { FromDay, OrgDialog, TeamSelect, useDay, usePositionName } from '../OrgDialog';
import { type Seat, seatsOf } from '../queries';

/** Seats is the headcount: each place of each team, held or vacant. */
export function Seats({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const seats = useQuery(seatsOf);
  const org = useOrg().data;
  const { get, set } = useUrl();
  const [adding, setAdding] = useState(false);
  const [closing, setClosing] = useState<Seat | null>(null);
  if (!seats.data) return <Missing of={seats} />;
  const team = get('team');
  const vacant = get('vacant') === '1';
  const list = seats.data.filter((s) => (!team || s.teamId === team) && (!vacant || !s.holderId));
  return (
    <>
      <div className="filters">
        <Select
          allowClear
          aria-label={t('opp.team')}
          placeholder={t('opp.team')}
          className="w-200"
          value={team}
          onChange={(v?: string) => set({ team: v })}
          showSearch={{ optionFilterProp: 'label' }}
          options={org?.teams.map((x) => ({ value: x.id, label: x.name }))}
        />
        <Checkbox checked={vacant} onChange={(e) => set({ vacant: e.target.checked ? '1' : undefined })}>
          {t('seat.vacantOnly')}
        </Checkbox>
        {edit && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t('seat.open')}
          </Button>
        )}
        <span className="ink3">
          {t('seat.count', { count: list.length, vacant: list.filter((s) => !s.holderId).length })}
        </span>
      </div>
      <div className="card scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('opp.team')}</th>
              <th className="l">{t('settings.position')}</th>
              <th className="l">{t('seat.holder')}</th>
              <th className="l">{t('seat.next')}</th>
              {edit && <th />}
            </tr>
          </thead>
          <tbody>
            {list.map((s) => (
              <SeatRow key={s.id} s={s} close={edit ? () => setClosing(s) : undefined} />
            ))}
          </tbody>
        </table>
        {list.length === 0 && <div className="pad ink2">{t('seat.none')}</div>}
      </div>
      {adding && <OpenSeat onClose={() => setAdding(false)} />}
      {closing && <CloseSeat seat={closing} onClose={() => setClosing(null)} />}
    </>
  );
}

function SeatRow({ s, close }: { s: Seat; close?: () => void }) {
  const { t } = useTranslation();
  const { member, team } = useNames();
  return (
    <tr>
      <td>{team(s.teamId)}</td>
      <td className="l">
        {s.position} {s.leads && <span className="chip p">{t('settings.leads')}</span>}{' '}
        {s.to && <span className="chip">{t('seat.until', { on: s.to })}</span>}
      </td>
      <td className="l">
        {s.holderId ? member(s.holderId) : <span className="chip w">{t('seat.vacant')}</span>}{' '}
        {s.holderTo && <span className="chip">{t('seat.until', { on: s.holderTo })}</span>}
      </td>
      <td className="l">{s.nextId && `${member(s.nextId)} · ${s.nextFrom}`}</td>
      {close && (
        <td>
          {(!s.holderId || s.holderTo) && !s.nextId && !s.to && (
            <Button size="small" onClick={close}>
              {t('seat.close')}
            </Button>
          )}
        </td>
      )}
    </tr>
  );
}

function OpenSeat({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useDay();
  const position = usePositionName();
  const [f, setF] = useState({ teamId: '', position: '', leads: false });
  return (
    <OrgDialog
      title={t('seat.open')}
      hint={t('seat.openHint')}
      ready={!!f.teamId}
      save={(_, key) => must(api.POST('/api/seats', { body: { id: key(), ...f, from, position: position(f) } }))}
      onClose={onClose}
    >
      <div className="grid2">
        <Field label={t('opp.team')} at="teamId">
          <TeamSelect value={f.teamId} onChange={(teamId) => setF({ ...f, teamId })} />
        </Field>
        <FromDay label={t('settings.from')} value={from} onChange={setFrom} />
        <Field label={t('settings.position')} at="position" hint={t('member.positionHint')}>
          <Input value={f.position} onChange={(e) => setF({ ...f, position: e.target.value })} maxLength={20} />
        </Field>
        <div className="field">
          <Checkbox checked={f.leads} onChange={(e) => setF({ ...f, leads: e.target.checked })}>
            {t('settings.leads')}
          </Checkbox>
        </div>
      </div>
    </OrgDialog>
  );
}

function CloseSeat({ seat, onClose }: { seat: Seat; onClose: () => void }) {
  const { t } = useTranslation();
  const [today] = useDay();
  const [on, setOn] = useState(seat.holderTo || today);
  return (
    <OrgDialog
      title={t('seat.close')}
      ok={t('seat.close')}
      danger
      save={() => must(api.POST('/api/seats/{id}/close', { params: { path: { id: seat.id } }, body: { on } }))}
      onClose={onClose}
    >
      <FromDay at="on" label={t('member.firstDayWithout')} value={on} onChange={setOn} />
    </OrgDialog>
  );
}
