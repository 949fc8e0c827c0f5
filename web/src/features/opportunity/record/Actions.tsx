import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useMe } from '../../../app/session';
import { useWrite } from '../../../app/useWrite';
import { useUndo } from '../../../ui/useUndo';
import { useAcceptWin } from '../AcceptWin';
import { ofDeals, type RecordBody, removeDeal, restoreDeal } from '../queries';
import type { Open } from './dialogs';

/** Actions is what may be done with the record now. */
export function Actions({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const me = useMe();
  const remove = useRemove(r);
  const accept = useAcceptWin(r.id);
  const path = r.stays.filter((s) => !s.voided);
  const stages = r.pipeline.stages;
  const at = stages.findIndex((s) => s.id === r.stageId);
  const next = stages[at + 1];
  const lost = stages.find((s) => s.kind === 'lost');
  if (!r.mayWrite) return <div className="top" />;
  const closed = r.state !== 'open';
  const mend = [
    { key: 'correct', label: t('parts.correct') },
    ...(path.length > 1 ? [{ key: 'takeBack', label: t('parts.takeBack') }] : []),
  ];
  const deletion = { key: 'delete', label: t('common.delete'), danger: true };
  const items = closed
    ? [{ key: 'edit', label: t('record.edit') }, ...mend, deletion]
    : [
        { key: 'to', label: t('board.moveTo') },
        { key: 'edit', label: t('record.edit') },
        ...(lost ? [{ key: lost.id, label: t('move.lose') }] : []),
        ...(me.permissions.includes('opportunity.handover') ? [{ key: 'handover', label: t('handover.title') }] : []),
        ...(r.ownerTeams.some((team) => team !== r.teamId)
          ? [{ key: 'owningTeam', label: t('parts.owningTeam') }]
          : []),
        { key: 'pipeline', label: t('parts.pipeline') },
        ...mend,
        { key: 'withdrawn', label: t('move.withdraw') },
        deletion,
      ];
  return (
    <div className="top">
      <div className="sp" />
      <div className="main-actions">
        {r.state === 'open' ? (
          <>
            <Button onClick={() => open({ kind: 'followUp' })}>{t('followUp.title')}</Button>
            {lost && (
              <Button className="desk-only" onClick={() => open({ kind: 'move', to: lost.id })}>
                {t('move.lose')}
              </Button>
            )}
            {next && (
              <Button type="primary" onClick={() => open({ kind: 'move', to: next.id })}>
                {t('move.advanceTo', { stage: next.name })}
              </Button>
            )}
          </>
        ) : (
          <>
            {r.provisional && r.mayDecide && r.ownerId !== me.memberId && (
              <Button type="primary" loading={accept.isPending} onClick={() => accept.mutate()}>
                {t('record.acceptWin')}
              </Button>
            )}
            <Button onClick={() => open({ kind: 'move', to: 'reopen' })}>{t('move.reopen')}</Button>
          </>
        )}
        <Dropdown
          menu={{
            items,
            onClick: ({ key }) => {
              if (key === 'delete') remove.mutate();
              else if (key === lost?.id) open({ kind: 'move', to: key });
              else if (key === 'to') open({ kind: 'move' });
              else if (key === 'withdrawn') open({ kind: 'move', to: 'withdrawn' });
              else open({ kind: key as 'edit' | 'handover' | 'owningTeam' | 'pipeline' | 'correct' | 'takeBack' });
            },
          }}
        >
          <Button aria-label={t('common.more')}>⋯</Button>
        </Dropdown>
      </div>
    </div>
  );
}

/** useRemove deletes softly, and offers to take it back. */
function useRemove(r: RecordBody) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const offer = useUndo();
  const restore = useWrite(() => restoreDeal({ id: r.id, version: r.version + 1 }), {
    told: true,
    done: () => navigate(`/opportunities/${r.id}`),
    stale: ofDeals,
  });
  return useWrite(() => removeDeal(r), {
    told: true,
    done: () => {
      navigate('/opportunities');
      offer(r.id, t('record.deleted'), restore.mutate);
    },
    stale: ofDeals,
  });
}
