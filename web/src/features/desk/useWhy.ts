import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { day } from '../../ui/format';
import type { DeskLine } from './DealLine';

/** useWhy words a line as a question to whoever answers for it: each sign is a sentence. */
export function useWhy() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (line: DeskLine) => {
    const o = line.deal;
    const facts = line.signs.flatMap((s) => {
      const on = s.on && day(s.on, me.today);
      switch (s.kind) {
        case 'stalled': {
          const said = { stage: o?.stage, count: o?.clocks.progressDays ?? s.limit + s.days, limit: s.limit };
          return t(s.count >= 20 ? 'desk.why.stalledWon' : 'desk.why.stalled', said);
        }
        case 'passed':
        case 'evidence':
        case 'win':
          return t(`desk.why.${s.kind}`, { on, name: s.name });
        case 'promise':
          return t('desk.why.promise', { on, name: s.name, who: names.member(s.memberId) });
        case 'person_changed':
          return t(s.text ? 'desk.why.changed' : 'desk.why.changedWho', { on, name: s.name, to: s.text });
        case 'person_doubted':
          return t('desk.why.doubted', { name: s.name });
        case 'exception':
          return t('desk.why.exception', { name: s.name || t('record.otherStage') });
        case 'unanswered':
          return t('desk.why.unanswered', { on });
      }
      return [];
    });
    return [...facts, t('desk.why.why')].join(t('desk.why.space'));
  };
}
