import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '../../app/session';
import { acceptWin, type Opp, useChange } from './queries';

/** useAcceptWin accepts a win by exception: from then on it is as good as any. */
export function useAcceptWin(id: string) {
  const { t } = useTranslation();
  return useChange(id, () => acceptWin(id), { said: t('record.winAccepted'), told: true });
}

/** AcceptWin is one click for whom the win waits for; its owner is not one of them. */
export function AcceptWin({ opp }: { opp: Pick<Opp, 'id' | 'name' | 'ownerId'> }) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useCan('evidence.decide');
  const accept = useAcceptWin(opp.id);
  if (!may || opp.ownerId === me.memberId) return null;
  return (
    <Button
      type="primary"
      aria-label={`${t('desk.accept')} ${opp.name}`}
      loading={accept.isPending}
      onClick={() => accept.mutate()}
    >
      {t('desk.accept')}
    </Button>
  );
}
