import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { day } from '../../ui/format';

/** NextStep is what comes next and by when, and when one last spoke with the customer. */
export function NextStep({
  opp,
  bare,
  said,
}: {
  opp: Pick<Schemas['OpportunityOppBody'], 'nextStep' | 'lastContactOn'> & { state?: string };
  /** Without the contact, where that has a column of its own. */
  bare?: boolean;
  /** Where the step itself is said already. */
  said?: boolean;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const next = opp.nextStep;
  if (opp.state && opp.state !== 'open') return null;
  return (
    <>
      {said ? null : next ? (
        <>
          {!bare && `${t('nextStep.title')} · `}
          {next.what} <span className={next.overdue ? 'bad whole' : 'whole'}>{day(next.dueOn, me.today)}</span>
          {next.overdue && <span className="bad"> {t('nextStep.overdue')}</span>}
        </>
      ) : (
        <span className="warn">{t('list.noNextStep')}</span>
      )}
      {!bare && (
        <span className="contacted">
          {opp.lastContactOn
            ? t('opp.lastContactOn', { on: day(opp.lastContactOn, me.today) })
            : t('opp.neverContacted')}
        </span>
      )}
    </>
  );
}
