import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { ProblemBox } from '../../ui/Problem';
import { memberSessions } from './queries';
import { Sessions } from './Sessions';

/** MemberSessions is where somebody is signed in, for an administrator, who ends one or all. */
export function MemberSessions({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const list = useQuery(memberSessions(id));
  const ending = async (call: Promise<unknown>) => {
    setError(null);
    await call.catch(setError);
    await query.invalidateQueries({ queryKey: memberSessions(id).queryKey });
  };
  if (!list.data?.length && !list.error) return null;
  return (
    <section aria-label={t('settings.sessions')}>
      <h3>{t('settings.sessions')}</h3>
      {(list.error ?? error) ? <ProblemBox error={list.error ?? error} /> : null}
      <Sessions
        list={list.data ?? []}
        end={(session) =>
          ending(must(api.DELETE('/api/members/{id}/sessions/{session}', { params: { path: { id, session } } })))
        }
      />
      {(list.data?.length ?? 0) > 1 && (
        <Button
          danger
          onClick={() => ending(must(api.DELETE('/api/members/{id}/sessions', { params: { path: { id } } })))}
        >
          {t('identity.endAll')}
        </Button>
      )}
    </section>
  );
}
