import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../../app/session';
import { Appoint } from './Appoint';
import type { Vacancy } from './rows';

/** SeatRow is a seat nobody has: who had it, who is to come, and who may be put there. */
export function SeatRow({ seat, edit }: { seat: Vacancy; edit: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const [open, setOpen] = useState(false);
  return (
    <>
      <span className="chip w">{t('seat.vacant')}</span>
      <span className="who">{seat.position || t('chart.post')}</span>
      {seat.leads && <span className="chip p">{t('chart.head')}</span>}
      {seat.lastId && (
        <span className="ink3">{t('chart.last', { who: names.member(seat.lastId), on: seat.lastTo })}</span>
      )}
      {seat.nextId && (
        <span className="ink2">{t('chart.next', { who: names.member(seat.nextId), on: seat.nextFrom })}</span>
      )}
      {edit && !seat.nextId && (
        <Button size="small" onClick={() => setOpen(true)}>
          {t('chart.fill')}
        </Button>
      )}
      {open && (
        <Appoint
          teamId={seat.teamId}
          name={names.team(seat.teamId)}
          seat={seat}
          leads={seat.leads}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
