import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../app/useWrite';
import { CameAround } from './Came';
import { aroundsOf, askAround, tieKeys, type Whom, whomOf } from './queries';

/** AskAround puts it to colleagues: what is sent stands there as it is sent, and one tap sends it. */
export function AskAround({
  whom,
  second,
}: {
  whom: Whom;
  /** Something else comes first: a form it stands in, or who is known to know him. */
  second?: boolean;
}) {
  const { t } = useTranslation();
  const to = useQuery({ ...whomOf(whom), enabled: !!whom.name }).data;
  const before = useQuery(aroundsOf).data?.mine.find((k) => (whom.id ? k.contactId === whom.id : k.name === whom.name));
  const ask = useWrite((_: undefined, key) => askAround(key(whom), { ...whom, former: to?.former || whom.former }), {
    said: t('tie.around.sent'),
    told: true,
    stale: [[...tieKeys.all, 'ask-arounds']],
  });
  if (before) return <CameAround k={before} />;
  if (!to || to.first + to.rest === 0) return null;
  const first = to.first > 0;
  return (
    <section className="stack-6" aria-label={t('tie.askAround')}>
      <div>
        <span className="ink2">{t('tie.around.words')}</span>{' '}
        {t(to.former ? 'tie.around.askFormer' : 'tie.around.ask', {
          who: to.askerName,
          name: to.name,
          former: to.former,
        })}
      </div>
      <div>
        <Button type={second ? 'default' : 'primary'} loading={ask.isPending} onClick={() => ask.mutate(undefined)}>
          {t(first ? 'tie.around.button' : 'tie.around.buttonAll', { count: first ? to.first : to.rest })}
        </Button>
      </div>
      {first && (
        <small className="ink2">
          {[
            to.byIndustry > 0 && t('tie.around.industry', { industry: to.industry, count: to.byIndustry }),
            to.byRegion > 0 && t('tie.around.region', { region: to.region, count: to.byRegion }),
            to.rest > 0 && t('tie.around.rest', { count: to.rest }),
          ]
            .filter(Boolean)
            .join(' ')}
        </small>
      )}
    </section>
  );
}
