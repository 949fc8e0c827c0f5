import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { DataTable } from '../../ui/DataTable';
import { FormDialog } from '../../ui/FormDialog';
import { spanOf } from './entered';
import { LeaveForm } from './LeaveForm';
import { type Absence, leaveInReach, useTimeChange, withdrawLeave } from './queries';

/** Leave is one's own leave, and that of those one leads: when, why, and who answers meanwhile. */
export function Leave() {
  const { t } = useTranslation();
  const me = useMe();
  const { member } = useNames();
  const leave = useQuery(leaveInReach);
  const [open, setOpen] = useState<Absence | 'new'>();
  const [dropping, setDropping] = useState<Absence>();
  const many = (leave.data?.members.length ?? 0) > 1;
  return (
    <div className="card">
      <h2>
        {t('leave.title')} <span>{t(many ? 'leave.hintMany' : 'leave.hint')}</span>
      </h2>
      <DataTable
        label={t('leave.title')}
        asked={leave}
        rows={leave.data?.absences}
        id={(b) => b.id}
        none={t('leave.none')}
        cards
        columns={[
          { name: t('settings.name'), of: (b) => member(b.memberId) },
          {
            name: t('leave.when'),
            of: (b) => (
              <>
                {spanOf(b, b.zone ?? me.timeZone, me.today)}{' '}
                {b.begins <= new Date().toISOString() && <span className="chip g">{t('leave.now')}</span>}
              </>
            ),
            left: true,
          },
          {
            name: t('leave.kind'),
            of: (b) => `${t(`leave.kinds.${b.kind}`)}${b.note ? ` · ${b.note}` : ''}`,
            left: true,
          },
          {
            name: t('leave.deputy'),
            of: (b) => (b.deputyId ? member(b.deputyId) : t('leave.superior')),
            left: true,
          },
          {
            name: '',
            of: (b) => (
              <>
                <Button size="small" onClick={() => setOpen(b)}>
                  {t('record.edit')}
                </Button>{' '}
                <Button size="small" onClick={() => setDropping(b)}>
                  {t('leave.withdraw')}
                </Button>
              </>
            ),
          },
        ]}
      />
      <div className="pad">
        <Button type="primary" disabled={!leave.data} onClick={() => setOpen('new')}>
          {t('leave.enter')}
        </Button>
      </div>
      {open && leave.data && (
        <LeaveForm
          was={open === 'new' ? undefined : open}
          members={leave.data.members}
          onClose={() => setOpen(undefined)}
        />
      )}
      {dropping && <Withdraw b={dropping} onClose={() => setDropping(undefined)} />}
    </div>
  );
}

function Withdraw({ b, onClose }: { b: Absence; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { member } = useNames();
  const write = useTimeChange(() => withdrawLeave(b), onClose);
  const said = { who: member(b.memberId), when: spanOf(b, b.zone ?? me.timeZone, me.today) };
  return (
    <FormDialog
      title={t('leave.withdraw')}
      hint={t('leave.withdrawHint', said)}
      ok={t('leave.withdraw')}
      danger
      write={write}
      onClose={onClose}
    />
  );
}
