import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useMe, useNames } from '../../app/session';
import { Money } from '../../ui/bits';
import { day, percent } from '../../ui/format';
import { LinkButton } from '../../ui/LinkButton';
import { clockDays, contactWords } from '../opportunity/Clocks';

type Opp = Schemas['OpportunityOppBody'];

/** Stalled is one deal that stands still. */
export function Stalled({ o, team }: { o: Opp; team: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <div className="ex">
      <s />
      <div>
        <h3>
          <Link to={`/opportunities/${o.id}`}>{o.name}</Link>
          <em>
            {team && `${names.member(o.ownerId)} · `}
            <Money minor={o.amountMinor} currency={o.currency} />
            {o.expectedOn && ` · ${t('opp.expectedOn')} ${day(o.expectedOn, me.today)}`}
          </em>
        </h3>
        <p>
          {t('desk.stalled')} <b>{clockDays(t, o.clocks.progressDays, o.clocks.atLeast)}</b> (
          {t('desk.limit', { count: o.limits?.stalledDays })}
          {(o.limits?.gapsKnown ?? 0) >= 20 ? `, ${t('desk.fromWon', { count: o.limits?.gapsKnown })}` : ''})
        </p>
        <div className="why">
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
      </div>
      <div className="act">
        <LinkButton to={`/opportunities/${o.id}`} type="primary">
          {team ? t('desk.ask') : t('desk.open')}
        </LinkButton>
      </div>
    </div>
  );
}
