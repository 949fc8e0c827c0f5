import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { percent } from '../../ui/format';
import { contactWords } from '../opportunity/Clocks';
import { Deal, PassedChip } from './Deal';
import { OfPerson, ofPersons } from './OfPerson';
import { Said } from './Said';

export type DeskLine = Schemas['DeskLineBody'];

/** DealLine is one deal with all signs of it, and what it weighs. */
export function DealLine({ line, team }: { line: DeskLine; team: boolean }) {
  const { t } = useTranslation();
  const o = line.deal;
  if (!o) return null;
  const passed = line.signs.some((s) => s.kind === 'passed');
  // Of several people what is done stands with each, that nobody takes one for another.
  const people = ofPersons(line);
  return (
    <Deal o={o} line={line} kind={line.late || o.stalled ? '' : 'w'} team={team}>
      {line.signs.map((s) => (
        <Fragment key={s.kind + s.id}>
          <Said s={s} line={line} />
          {people.length > 1 && people.includes(s) && (
            <div className="wrap-8 py-4">
              <OfPerson s={s} line={line} />
            </div>
          )}
        </Fragment>
      ))}
      <div className="why">
        {passed && <PassedChip o={o} />}
        {o.stalled && (
          <span className={(o.clocks.contactDays ?? 0) > 7 ? 'chip b' : o.clocks.contactAtLeast ? 'chip w' : 'chip'}>
            {contactWords(t, o.clocks)}
          </span>
        )}
        {o.pushes > 0 && <span className="chip w">{t('opp.pushes', { count: o.pushes })}</span>}
        {o.confidenceBp !== null && (
          <span className="chip">
            {t('opp.confidence')} {percent(o.confidenceBp, 0)}
          </span>
        )}
        <Weight line={line} />
      </div>
    </Deal>
  );
}

/** Weight is by what the line has its place: the calibrated amount times the working days over. */
function Weight({ line }: { line: DeskLine }) {
  const { t } = useTranslation();
  const me = useMe();
  if (line.worthMinor === null || line.costMinor === 0) return null;
  return (
    <span className="chip">
      <Amount minor={line.worthMinor} currency={me.currency} /> ×{' '}
      {t('desk.weight', { rate: percent(line.rateBp, 0), count: line.days })}
    </span>
  );
}
