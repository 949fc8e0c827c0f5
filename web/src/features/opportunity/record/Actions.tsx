import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, must } from '../../../api/client';
import { useMe } from '../../../app/session';
import { useProblemText } from '../../../ui/problemText';
import { acceptWin, asRead, opportunityKeys, type RecordBody, useChange } from '../queries';
import type { Open } from './dialogs';

/** Actions is what may be done with the record now. */
export function Actions({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const me = useMe();
  const remove = useRemove(r);
  const accept = useAccept(r);
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
              if (key === 'delete') void remove();
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

/** useAccept accepts a win by exception: from then on it is as good as any. */
function useAccept(r: RecordBody) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const text = useProblemText();
  const change = useChange<void>(r.id, () => acceptWin(r.id));
  return {
    isPending: change.isPending,
    mutate: () =>
      change.mutate(undefined, {
        onSuccess: () => message.success(t('record.winAccepted')),
        onError: (err) => message.error(text(err)),
      }),
  };
}

/** useRemove deletes softly, and offers to take it back. */
function useRemove(r: RecordBody) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const text = useProblemText();
  const query = useQueryClient();
  const navigate = useNavigate();
  const set = async (act: 'delete' | 'restore') => {
    const at = { params: asRead({ id: r.id, version: act === 'delete' ? r.version : r.version + 1 }) };
    await must(
      act === 'delete'
        ? api.POST('/api/opportunities/{id}/delete', at)
        : api.POST('/api/opportunities/{id}/restore', at),
    );
    await query.invalidateQueries({ queryKey: opportunityKeys.all });
  };
  return async () => {
    try {
      await set('delete');
    } catch (e) {
      message.error(text(e));
      return;
    }
    navigate('/opportunities');
    const key = `undo-${r.id}`;
    message.open({
      key,
      duration: 10,
      content: (
        <span>
          {t('record.deleted')}{' '}
          <Button
            type="link"
            onClick={async () => {
              message.destroy(key);
              await set('restore').catch((e) => message.error(text(e)));
              navigate(`/opportunities/${r.id}`);
            }}
          >
            {t('common.undo')}
          </Button>
        </span>
      ),
    });
  };
}
