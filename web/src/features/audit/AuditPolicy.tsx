import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useWrite } from '../../app/useWrite';
import { DurationField, lastsWithin } from '../../ui/Duration';
import { ProblemBox } from '../../ui/Problem';
import { auditPolicy } from './queries';

/** AuditPolicy is how long addresses and failures are kept. */
export function AuditPolicy() {
  const policy = useQuery(auditPolicy);
  if (!policy.data) return policy.error && <ProblemBox error={policy.error} retry={policy.refetch} />;
  return <Form key={policy.data.etag} {...policy.data} />;
}

const day = 24 * 60;
const bounds = [180 * day, 3650 * day] as const;

function Form(p: { keepDays: number; etag: string }) {
  const { t } = useTranslation();
  const [kept, setKept] = useState<number | null>(p.keepDays * day);
  const save = useWrite(
    () =>
      must(
        api.PUT('/api/settings/audit', {
          params: { header: { 'If-Match': p.etag } },
          body: { keepDays: (kept ?? 0) / day },
        }),
      ),
    { said: t('common.saved'), stale: [['audit-policy'], ['audit']] },
  );
  return (
    <div className="card mt-16">
      <h2>{t('audit.keepTitle')}</h2>
      <div className="pad">
        {save.error && <ProblemBox error={save.error} />}
        <DurationField
          label={t('audit.keep')}
          hint={t('audit.keepHint')}
          units={['days']}
          min={bounds[0]}
          max={bounds[1]}
          value={kept}
          onChange={setKept}
        />
        <Button disabled={!lastsWithin(kept, ...bounds)} loading={save.isPending} onClick={() => save.mutate()}>
          {t('common.save')}
        </Button>
      </div>
    </div>
  );
}
