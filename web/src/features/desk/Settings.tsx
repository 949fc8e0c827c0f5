import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCan } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { AmountField } from '../../ui/Amount';
import { Field } from '../../ui/bits';
import { Missing, PageForm } from '../../ui/Problem';
import { ofDeals } from '../opportunity/queries';
import { kindsOf, type Levels, levelsOf, setLevels } from './queries';

/** Settings are from which amounts on the higher levels see a line at once, and which kinds are mostly waved away. */
export function Settings() {
  const levels = useQuery(levelsOf);
  return (
    <>
      {levels.data ? <Amounts said={levels.data} key={levels.data.version} /> : <Missing of={levels} />}
      <Kinds />
    </>
  );
}

function Amounts({ said }: { said: Levels }) {
  const { t } = useTranslation();
  const [amounts, setAmounts] = useState<(number | null)[]>(said.amounts);
  const ready = amounts.every((x) => x !== null);
  const save = useWrite(() => setLevels(said, amounts as number[]), {
    said: t('common.saved'),
    stale: [levelsOf.queryKey, ...ofDeals],
  });
  return (
    <div className="card">
      <h2>{t('desk.set.title')}</h2>
      <PageForm error={save.error}>
        <p className="hint">{t('desk.set.hint')}</p>
        {amounts.map((minor, n) => (
          <Field
            key={n === 0 ? 'second' : 'further'}
            label={t(n === 0 ? 'desk.set.second' : 'desk.set.further', { currency: said.currency })}
            at="amounts"
          >
            <AmountField
              minor={minor}
              currency={said.currency ?? ''}
              className="w-200"
              onChange={(v) => setAmounts(amounts.map((old, at) => (at === n ? v : old)))}
            />
          </Field>
        ))}
        <Button type="primary" disabled={!ready} loading={save.isPending} onClick={() => save.mutate()}>
          {t('common.save')}
        </Button>
      </PageForm>
    </div>
  );
}

function Kinds() {
  const { t } = useTranslation();
  const canLimit = useCan('pipeline.edit');
  const kinds = useQuery(kindsOf);
  if (!kinds.data) return <Missing of={kinds} />;
  return (
    <div className="card">
      <h2>
        {t('desk.set.kinds')} <span>{t('desk.set.span')}</span>
      </h2>
      {kinds.data.length === 0 && <div className="pad ink2">{t('desk.set.none')}</div>}
      {kinds.data.length > 0 && (
        <div className="scroll">
          <table className="t">
            <thead>
              <tr>
                {(['kind', 'acted', 'waved', 'later'] as const).map((one) => (
                  <th key={one}>{t(`desk.set.${one}`)}</th>
                ))}
                <th>{t('desk.set.asks')}</th>
              </tr>
            </thead>
            <tbody>
              {kinds.data.map((k) => (
                <tr key={k.kind}>
                  <td>{t(`desk.kind.${k.kind}`)}</td>
                  <td>{k.acted}</td>
                  <td>{k.waved}</td>
                  <td>{k.later}</td>
                  <td>
                    {k.mostlyWaved &&
                      (canLimit ? (
                        <Link to="/settings/pipelines">{t('desk.set.change')}</Link>
                      ) : (
                        t('desk.set.changeAsk')
                      ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
