import { useTranslation } from 'react-i18next';
import { Provisional } from '../../ui/bits';
import { Uncertain } from '../../ui/Uncertain';
import type { Card, Opp } from './queries';

/** Clocked is what of an opportunity the clocks are told by; a card is always open. */
type Clocked = Card | Opp;

/** ClockChips says how long, against what, in words; colour never alone. */
export function ClockChips({ opp }: { opp: Clocked }) {
  const { t } = useTranslation();
  const c = opp.clocks;
  if (opp.state !== 'open') return <Provisional opp={opp} />;
  return (
    <span className="why inline">
      {c.waitingDays !== null ? (
        <span className="chip w">{t('clock.waiting', { count: c.waitingDays ?? 0 })}</span>
      ) : c.progressDays === null ? (
        <span className="chip">{t('clock.unknown')}</span>
      ) : (
        <span className={opp.stalled ? 'chip b' : 'chip'} title={c.atLeast ? t('clock.atLeast') : undefined}>
          {c.atLeast && '≥ '}
          {opp.stalled
            ? t('clock.stalled', { count: c.progressDays, limit: opp.limits?.stalledDays })
            : c.progressDays === 0
              ? t('clock.progressToday')
              : t('clock.progress', { count: c.progressDays ?? 0 })}
        </span>
      )}
      {opp.computing && <span className="chip">{t('clock.computing')}</span>}
      {opp.overstayed && (
        <span className="chip w">
          {t('clock.overstayed', { count: c.stayDays, limit: opp.limits?.overstayedDays })}
        </span>
      )}
      {c.contactDays !== null && (c.contactDays ?? 0) > 7 && (
        <span className="chip w">{t('clock.contact', { count: c.contactDays ?? 0 })}</span>
      )}
      <Uncertain years={c.uncertain} />
      {opp.pushes > 1 && <span className="chip w">{t('opp.pushes', { count: opp.pushes })}</span>}
    </span>
  );
}
