import { Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { asRead } from '../../../api/version';
import { MemberSelect } from '../../../app/MemberSelect';
import { useOrg } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { FromDay, OrgDialog, useDay, usePositionName } from '../OrgDialog';

type Props = { teamId: string; name: string; seat?: { id: string }; leads: boolean; onClose: () => void };

/** Appoint puts somebody at the head of a team, or in a seat that stands empty: as the main post or beside it. */
export function Appoint({ teamId, name, seat, leads, onClose }: Props) {
  const { t } = useTranslation();
  const org = useOrg().data;
  const position = usePositionName();
  const [id, setID] = useState('');
  const [main, setMain] = useState(true);
  const [from, setFrom] = useDay();
  const member = org?.members.find((m) => m.id === id);
  const save = () => {
    if (!member) throw new Error('nobody is chosen');
    const to = seat ? { seatId: seat.id, teamId, from } : { teamId, leads, from };
    const ask = { params: asRead(member), body: { ...to, position: position({ ...to, role: member.role }) } };
    return main ? must(api.POST('/api/members/{id}/transfer', ask)) : must(api.POST('/api/members/{id}/posts', ask));
  };
  return (
    <OrgDialog
      title={t(leads ? 'chart.appointTo' : 'chart.fillIn', { name })}
      hint={t('chart.appointHint')}
      ready={!!id}
      save={save}
      onClose={onClose}
    >
      <Field label={t('settings.name')}>
        <MemberSelect label={t('settings.name')} value={id} onChange={(v) => setID(v ?? '')} />
      </Field>
      <Field label={t('chart.as')}>
        <Radio.Group
          value={main}
          onChange={(e) => setMain(e.target.value)}
          options={[
            { value: true, label: t('chart.asMain') },
            { value: false, label: t('chart.asSecond') },
          ]}
        />
      </Field>
      <FromDay label={t('settings.from')} value={from} onChange={setFrom} />
    </OrgDialog>
  );
}
