import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { device, instant } from '../../ui/format';

/** Sessions lists signed-in devices; each can be ended. */
export function Sessions({
  list,
  end,
}: {
  list: Schemas['IdentitySessionBody'][];
  end: (id: string) => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const me = useMe();
  return list.map((s) => (
    <div className="ms session" key={s.id} data-testid="session">
      <div>
        {s.current ? <b>{t('settings.thisDevice')}</b> : device(s.agent)}
        <small>
          {instant(s.createdAt, me.timeZone, me.today)} · {t('identity.seen')}{' '}
          {instant(s.seenAt, me.timeZone, me.today)}
        </small>
        {(s.address || s.way) && (
          <small>{[s.address, s.way && t(`audit.way.${s.way}`)].filter(Boolean).join(' · ')}</small>
        )}
      </div>
      {!s.current && (
        <Button size="small" onClick={() => end(s.id)}>
          {t('settings.revoke')}
        </Button>
      )}
    </div>
  ));
}
