import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '../../app/session';
import { useProblemText } from '../../ui/problemText';
import { acceptWin, type Opp, useChange } from './queries';

/** AcceptWin is one click for whom the win waits for; its owner is not one of them. */
export function AcceptWin({ opp }: { opp: Pick<Opp, 'id' | 'name' | 'ownerId'> }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const me = useMe();
  const may = useCan('evidence.decide');
  const text = useProblemText();
  const accept = useChange<void>(opp.id, () => acceptWin(opp.id));
  if (!may || opp.ownerId === me.memberId) return null;
  return (
    <Button
      type="primary"
      aria-label={`${t('desk.accept')} ${opp.name}`}
      loading={accept.isPending}
      onClick={() =>
        accept.mutate(undefined, {
          onSuccess: () => message.success(t('record.winAccepted')),
          onError: (err) => message.error(text(err)),
        })
      }
    >
      {t('desk.accept')}
    </Button>
  );
}
