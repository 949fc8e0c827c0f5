import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { noticeWays } from '../../api/enums.gen';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Missing, PageForm } from '../../ui/Problem';
import { Select } from '../../ui/Select';
import { type Choice, choiceOf, choose, outgoingKeys } from './queries';

/** Choices are what one wants to be told outside the program, and when not. */
export function Choices() {
  const asked = useQuery(choiceOf);
  if (!asked.data) return <Missing of={asked} />;
  return <Form said={asked.data} key={asked.data.version} />;
}

const groups = ['answers', 'tasks', 'changes', 'talks'] as const;

function Form({ said }: { said: Choice }) {
  const { t } = useTranslation();
  const [c, setC] = useState(said);
  const save = useWrite(() => choose(c), { said: t('common.saved'), stale: [outgoingKeys.all] });
  return (
    <div className="card">
      <h2>{t('outgoing.choice')}</h2>
      <PageForm error={save.error}>
        <p>{t('outgoing.always')}</p>
        <Reached of={said} />
        <div className="grid2">
          {groups.map((g) => (
            <Field key={g} label={t(`outgoing.group.${g}`)} at={g}>
              <Select<Choice['answers']>
                className="wide"
                value={c[g]}
                onChange={(way) => setC({ ...c, [g]: way })}
                aria-label={t(`outgoing.group.${g}`)}
                options={noticeWays.map((value) => ({ value, label: t(`outgoing.way.${value}`) }))}
              />
            </Field>
          ))}
        </div>
        <Times of={c} onChange={setC} />
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t('common.save')}
        </Button>
      </PageForm>
    </div>
  );
}

/** Reached says by which ways one is reached, and what is missing for it. */
function Reached({ of }: { of: Choice }) {
  const { t } = useTranslation();
  const mail = !of.mail ? 'mailOff' : of.email ? 'mailTo' : 'mailNone';
  return (
    <p className="ink2">
      {t(`outgoing.${mail}`, { address: of.email })}
      {of.robot &&
        ` ${t(!of.mentions ? 'outgoing.robotNone' : of.phone ? 'outgoing.robotNames' : 'outgoing.robotNoPhone')}`}
    </p>
  );
}

function Times({ of: c, onChange }: { of: Choice; onChange: (c: Choice) => void }) {
  const { t } = useTranslation();
  const check = (part: 'quiet' | 'rests' | 'digest' | 'inGroup', hint?: string) => (
    <div className="field">
      <Checkbox checked={c[part]} onChange={(e) => onChange({ ...c, [part]: e.target.checked })}>
        {t(`outgoing.${part}`)}
      </Checkbox>
      {hint && <p className="hint">{hint}</p>}
    </div>
  );
  const time = (part: 'quietFrom' | 'quietTo' | 'digestAt', off: boolean) => (
    <Field label={t(`outgoing.${part}`)} at={part}>
      <Input
        value={c[part]}
        maxLength={5}
        inputMode="numeric"
        className="w-110"
        disabled={off}
        onChange={(e) => onChange({ ...c, [part]: e.target.value.replace('：', ':') })}
      />
    </Field>
  );
  return (
    <>
      {check('quiet', t('outgoing.quietHint'))}
      <div className="grid2">
        {time('quietFrom', !c.quiet)}
        {time('quietTo', !c.quiet)}
      </div>
      {check('rests')}
      {check('digest', t('outgoing.digestHint'))}
      {time('digestAt', !c.digest)}
      {c.robot && check('inGroup', t('outgoing.inGroupHint'))}
    </>
  );
}
