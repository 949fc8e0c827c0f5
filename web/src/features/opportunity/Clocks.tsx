import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Provisional } from '../../ui/bits';
import { Uncertain } from '../../ui/Uncertain';
import type { Card, Opp } from './queries';

/** Clocked is what of an opportunity the clocks are told by; a card is always open. */
type Clocked = Card | Opp;

/** clockDays is how long a clock has run; of what nobody knows the day of, at least so long. */
export function clockDays(t: TFunction, count: number | null, atLeast: boolean) {
  if (count === null) return '—';
  if (atLeast) return count ? t('clock.leastDays', { count }) : t('clock.leastToday');
  return t('clock.days', { count });
}

/** contactWords says since when there was no two-way contact. */
export function contactWords(t: TFunction, c: Opp['clocks']) {
  const count = c.contactDays ?? 0;
  if (c.contactAtLeast) return count ? t('clock.leastContact', { count }) : t('clock.noContact');
  return count ? t('clock.contact', { count }) : t('clock.contactToday');
}

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
          {progressWords(t, opp)}
        </span>
      )}
      {opp.computing && <span className="chip">{t('clock.computing')}</span>}
      {opp.overstayed && (
        <span className="chip w" title={c.stayAtLeast ? t('clock.atLeast') : undefined}>
          {stayWords(t, opp)}
        </span>
      )}
      {(c.contactDays ?? 0) > 7 && <span className="chip w">{contactWords(t, c)}</span>}
      <Uncertain years={c.uncertain} />
      {opp.pushes > 1 && <span className="chip w">{t('opp.pushes', { count: opp.pushes })}</span>}
    </span>
  );
}

function progressWords(t: TFunction, { clocks, stalled, limits }: Clocked) {
  const [count, limit] = [clocks.progressDays ?? 0, limits?.stalledDays];
  if (stalled) return clocks.atLeast ? t('clock.leastStalled', { count, limit }) : t('clock.stalled', { count, limit });
  if (clocks.atLeast) return count ? t('clock.leastProgress', { count }) : t('clock.leastToday');
  return count === 0 ? t('clock.progressToday') : t('clock.progress', { count });
}

function stayWords(t: TFunction, { clocks, limits }: Clocked) {
  const of = { count: clocks.stayDays ?? 0, limit: limits?.overstayedDays };
  return clocks.stayAtLeast ? t('clock.leastOverstayed', of) : t('clock.overstayed', of);
}
