import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { recordKinds } from '../../api/enums.gen';
import { useMe } from '../../app/session';
import type { DeskLine } from './DealLine';
import { useDo } from './doing';

const answered: readonly string[] = recordKinds; // somebody answers for each

/** Ends are how a line leaves the desk: its owner is asked why, or it is settled. */
export function Ends({ line }: { line: DeskLine }) {
  const { t } = useTranslation();
  const me = useMe();
  const open = useDo();
  const waits = line.signs.some((s) => s.kind === 'asked' || s.kind === 'owed' || s.kind === 'climbed');
  const asks = answered.includes(line.kind) && line.ownerId !== me.memberId && !waits;
  return (
    <>
      {asks && (
        <Button
          type="primary"
          aria-label={`${t('desk.askWhy')} · ${line.name}`}
          onClick={() => open({ form: 'ask', line })}
        >
          {t('desk.askWhy')}
        </Button>
      )}
      <Button aria-label={`${t('desk.settle')} · ${line.name}`} onClick={() => open({ form: 'decide', line })}>
        {t('desk.settle')}
      </Button>
    </>
  );
}
