import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { percent } from '../../ui/format';
import { clockDays, contactWords } from '../opportunity/Clocks';
import { Deal, PassedChip } from './Deal';

type Opp = Schemas['OpportunityOppBody'];

/** Stalled is one deal that stands still. */
export function Stalled({ o, team }: { o: Opp; team: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Deal o={o} kind="" team={team}>
      <p>
        {t('desk.stalled')} <b>{clockDays(t, o.clocks.progressDays, o.clocks.atLeast)}</b>{' '}
        {(o.limits?.gapsKnown ?? 0) >= 20
          ? t('desk.limitFromWon', { limit: o.limits?.stalledDays, count: o.limits?.gapsKnown })
          : t('desk.limit', { count: o.limits?.stalledDays })}
      </p>
      <div className="why">
        {o.expectedOn && o.expectedOn < me.today && <PassedChip o={o} />}
        <span className={(o.clocks.contactDays ?? 0) > 7 ? 'chip b' : o.clocks.contactAtLeast ? 'chip w' : 'chip'}>
          {contactWords(t, o.clocks)}
        </span>
        {o.pushes > 0 && <span className="chip w">{t('opp.pushes', { count: o.pushes })}</span>}
        {o.confidenceBp !== null && (
          <span className="chip">
            {t('opp.confidence')} {percent(o.confidenceBp, 0)}
          </span>
        )}
      </div>
    </Deal>
  );
}
