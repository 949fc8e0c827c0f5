import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { ProblemBox } from '../../ui/Problem';
import { memberFactors, ofMember } from './queries';

/** MemberFactors is what a member has besides the password, for an administrator, who helps whoever has lost it. */
export function MemberFactors({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { modal } = App.useApp();
  const [error, setError] = useState<unknown>(null);
  const factors = useQuery(memberFactors(id));
  const f = factors.data;
  if (!f) return null; // who may not act on the member sees none
  const has = !!f.totp || f.passkeys.length > 0;
  const remove = async () => {
    setError(null);
    await must(api.DELETE('/api/members/{id}/factors', { params: { path: { id } } })).catch(setError);
    await query.invalidateQueries({ queryKey: ofMember(id) });
  };
  return (
    <section aria-label={t('identity.factors')}>
      <h3>{t('identity.factors')}</h3>
      {error !== null && <ProblemBox error={error} />}
      <div className="factor bare">
        <div>
          {f.totp && <span className="chip g">{t('identity.app')}</span>}{' '}
          {f.passkeys.length > 0 && (
            <span className="chip g">{t('identity.passkeysCount', { count: f.passkeys.length })}</span>
          )}{' '}
          {has && <span className="chip">{t('identity.codesLeft', { count: f.recoveryLeft })}</span>}
          {!has && (
            <span className={f.required ? 'chip w' : 'ink2'}>
              {t(f.required ? 'identity.noneYet' : 'identity.none')}
            </span>
          )}
        </div>
        {has && (
          <Button
            size="small"
            danger
            onClick={() =>
              modal.confirm({
                title: t('identity.removeAll'),
                content: t('identity.removeAllHint'),
                okText: t('common.remove'),
                okButtonProps: { danger: true },
                onOk: remove,
              })
            }
          >
            {t('identity.removeAll')}
          </Button>
        )}
      </div>
    </section>
  );
}
