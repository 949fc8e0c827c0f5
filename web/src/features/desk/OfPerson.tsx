import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '../../app/session';
import { Doubted } from '../change/later';
import type { DeskLine } from './DealLine';
import { useDo } from './doing';
import type { Sign } from './Said';

/** ofPersons are the signs of a line that tell of somebody who went, or may have: what is done is about that one. */
export const ofPersons = (line: DeskLine) =>
  line.signs.filter((s) => s.kind === 'person_doubted' || s.kind === 'person_changed');

/** OfPerson is what is done about a person who went: it is said whether it is so, who follows, or that he was met. */
export function OfPerson({ s, line }: { s: Sign; line: DeskLine }) {
  const { t } = useTranslation();
  const me = useMe();
  const open = useDo();
  const canTell = useCan('account.write');
  const o = line.deal;
  if (s.kind === 'person_doubted') return <Doubted id={s.id} name={s.name} />;
  if (!o || o.ownerId !== me.memberId || !canTell) return null;
  const { toId } = s;
  return toId ? (
    <Button type="primary" onClick={() => open({ form: 'meet', o, whom: toId })}>
      {t('desk.changed.meet')}
    </Button>
  ) : (
    <Button type="primary" onClick={() => open({ form: 'follows', change: s.id })}>
      {t('desk.changed.who')}
    </Button>
  );
}
