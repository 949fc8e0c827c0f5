import { useQuery } from '@tanstack/react-query';
import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { guidanceKeys } from '../../app/queries';
import { useOrg } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Missing, PageForm } from '../../ui/Problem';
import { Select } from '../../ui/Select';
import './guidance.css';
import { rulesOf, type Rules as Said, setRules } from './queries';

const cadences = [1, 2, 5] as const;
const asAbove = 0;

/** Rules are how many hours of work there are to answer in, and how often a week each team's deals are looked at. */
export function Rules() {
  const rules = useQuery(rulesOf);
  if (!rules.data) return <Missing of={rules} />;
  return <Form said={rules.data} key={rules.data.version} />;
}

function Form({ said }: { said: Said }) {
  const { t } = useTranslation();
  const [hours, setHours] = useState<number | null>(said.limitHours);
  const [of, setOf] = useState(said.cadences);
  const fits = hours !== null && Number.isInteger(hours) && hours >= 1 && hours <= 40;
  const save = useWrite(() => setRules({ ...said, limitHours: hours ?? 0, cadences: of }), {
    said: t('common.saved'),
    stale: [guidanceKeys.all],
  });
  return (
    <div className="card">
      <h2>{t('guidance.rules.title')}</h2>
      <PageForm error={save.error}>
        <Field label={t('guidance.rules.limit')} hint={t('guidance.rules.limitHint')} at="limitHours">
          <InputNumber<number>
            controls={false}
            status={fits ? undefined : 'error'}
            value={hours}
            onChange={setHours}
            className="w-120"
            suffix={t('guidance.rules.hours')}
          />
          {!fits && (
            <p className="hint bad" role="alert">
              {t('guidance.rules.limitWrong')}
            </p>
          )}
        </Field>
        <Cadences of={of} onChange={setOf} />
        <Button type="primary" disabled={!fits} loading={save.isPending} onClick={() => save.mutate()}>
          {t('common.save')}
        </Button>
      </PageForm>
    </div>
  );
}

function Cadences({ of, onChange }: { of: Said['cadences']; onChange: (of: Said['cadences']) => void }) {
  const { t } = useTranslation();
  const teams = useOrg().data?.teams ?? [];
  const at = (team: string) => of.find((c) => c.teamId === team)?.perWeek ?? asAbove;
  const own = teams.filter((x) => !x.parentId || at(x.id) !== asAbove);
  const set = (teamId: string, perWeek: number) => {
    const others = of.filter((c) => c.teamId !== teamId);
    onChange(perWeek === asAbove ? others : [...others, { teamId, perWeek }]);
  };
  return (
    <div className="field">
      <span>{t('guidance.rules.cadence')}</span>
      <p className="hint">{t('guidance.rules.cadenceHint')}</p>
      <ul className="cadences">
        {own.map((team) => (
          <li key={team.id}>
            <span>{team.name}</span>
            <Select<number>
              className="w-160"
              value={at(team.id)}
              onChange={(n) => set(team.id, n)}
              aria-label={t('guidance.rules.cadenceOf', { team: team.name })}
              options={[asAbove, ...cadences].map((value) => ({
                value,
                label:
                  value === asAbove && !team.parentId ? t('guidance.rules.usual') : t(`guidance.rules.per.${value}`),
              }))}
            />
          </li>
        ))}
      </ul>
      <Select<string | null>
        showSearch={{ optionFilterProp: 'label' }}
        className="w-240"
        value={null}
        placeholder={t('guidance.rules.another')}
        aria-label={t('guidance.rules.another')}
        onChange={(id) => id && set(id, 1)}
        options={teams.filter((x) => !own.includes(x)).map((x) => ({ value: x.id, label: x.name }))}
      />
    </div>
  );
}
