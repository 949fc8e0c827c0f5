import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { LinkButton } from '../../ui/LinkButton';
import { useFinish } from './useFinish';

type Step = { id: string; what: string; memberId: string; version: number; long: boolean };

/** Finish says in one tap that a step is done; one's own long order is opened, which asks for more first. */
export function Finish({ s, ...look }: { s: Step; type?: 'primary'; size?: 'small' }) {
  const { t } = useTranslation();
  const me = useMe();
  const finish = useFinish(true);
  if (s.long && s.memberId === me.memberId)
    return (
      <LinkButton to={`/tasks?task=${s.id}`} {...look}>
        {t('task.next')}
      </LinkButton>
    );
  return (
    <Button
      {...look}
      aria-label={`${t('nextStep.done')} · ${s.what}`}
      loading={finish.isPending}
      onClick={() => finish.mutate({ task: s })}
    >
      {t('nextStep.done')}
    </Button>
  );
}
