import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useWrite } from '../../app/useWrite';
import { DurationField, lastsWithin } from '../../ui/Duration';
import { ProblemBox } from '../../ui/Problem';
import { sessionPolicy } from './queries';

/** SessionPolicy is how long a company's sessions last. */
export function SessionPolicy() {
  const policy = useQuery(sessionPolicy);
  if (!policy.data) return policy.error && <ProblemBox error={policy.error} retry={policy.refetch} />;
  return <PolicyForm key={policy.data.etag} {...policy.data} />;
}

// What ASVS 7.3 leaves to a company; the server holds to the same.
const idleBounds = [5, 7 * 24 * 60] as const;
const absoluteBounds = [60, 30 * 24 * 60] as const;

function PolicyForm(p: { idleMinutes: number; absoluteHours: number; etag: string }) {
  const { t } = useTranslation();
  const [idle, setIdle] = useState<number | null>(p.idleMinutes);
  const [absolute, setAbsolute] = useState<number | null>(p.absoluteHours * 60);
  const save = useWrite(
    () =>
      must(
        api.PUT('/api/settings/sign-in', {
          params: { header: { 'If-Match': p.etag } },
          body: { idleMinutes: idle ?? 0, absoluteHours: (absolute ?? 0) / 60 },
        }),
      ),
    { said: t('common.saved'), stale: [['sign-in-policy']] },
  );
  return (
    <div className="card">
      <h2>{t('identity.policy')}</h2>
      <div className="pad">
        {save.error && <ProblemBox error={save.error} />}
        <DurationField
          label={t('identity.idle')}
          units={['days', 'hours', 'minutes']}
          min={idleBounds[0]}
          max={idleBounds[1]}
          value={idle}
          onChange={setIdle}
        />
        <DurationField
          label={t('identity.absolute')}
          hint={t('identity.absoluteHint')}
          units={['days', 'hours']}
          min={absoluteBounds[0]}
          max={absoluteBounds[1]}
          value={absolute}
          onChange={setAbsolute}
        />
        <Button
          type="primary"
          disabled={!lastsWithin(idle, ...idleBounds) || !lastsWithin(absolute, ...absoluteBounds)}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t('common.save')}
        </Button>
      </div>
    </div>
  );
}
