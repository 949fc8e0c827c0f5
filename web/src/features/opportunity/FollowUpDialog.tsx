import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client';
import { channels } from '../../api/enums.gen';
import { MembersSelect } from '../../app/MemberSelect';
import { useMe } from '../../app/session';
import { Field } from '../../ui/bits';
import { Chips, toggled } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import type { Topic } from './About';
import { opportunityDetail } from './queries';
import { type Draft, useDraft, useFollowUp } from './useFollowUp';
import { PeopleChips } from './WithWhom';

type Part = { f: Draft; set: (part: Partial<Draft>) => void };

/**
 * FollowUpDialog is the one sheet of what was said: how, the customer's words, with whom, what comes next. Whoever
 * answered runs the contact clock; where nobody is named it asks once who it was.
 */
export function FollowUpDialog({
  topic,
  at,
  people,
  choose,
  onClose,
}: {
  topic: Topic | undefined;
  /** Under which name what was written is kept until it is saved. */
  at: string;
  /** Who it is with, where that is known. */
  people?: readonly string[];
  /** Chooses what it is about, where that is not settled. */
  choose?: ReactNode;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { f, set, done } = useDraft(at, topic?.accountId ?? '', people);
  const [asked, setAsked] = useState(false);
  const [more, setMore] = useState(false);
  const deal = useQuery({ ...opportunityDetail(topic?.id ?? ''), enabled: !!topic?.id }).data;
  const runsClock = !!topic?.id && !!topic.accountId && f.twoWay;
  const save = useFollowUp(f, f.due || deal?.nextStepOn || '', () => {
    done();
    message.success(t(runsClock && f.people.length > 0 ? 'followUp.savedClock' : 'followUp.saved'));
    onClose();
  });
  const backdated = save.error instanceof ApiError && save.error.problem.code === 'org.backdated';
  const ready = !!topic && !!f.words.trim();
  const submit = () => {
    if (!topic) return;
    if (runsClock && f.people.length === 0 && !asked) {
      setAsked(true);
      return;
    }
    save.mutate(topic);
  };
  return (
    <Dialog
      title={t('followUp.title')}
      ready={ready}
      pending={save.isPending}
      error={save.error}
      onOk={submit}
      onClose={onClose}
      footer={(form) => (
        <Button
          type="primary"
          size="large"
          block
          loading={save.isPending}
          disabled={!ready}
          htmlType="submit"
          form={form}
        >
          {t('followUp.save')}
        </Button>
      )}
    >
      {choose ?? <p className="ink2 lead">{topic?.name}</p>}
      <Said f={f} set={set} />
      {topic?.accountId && (
        <fieldset className="field bare">
          <legend>
            {t('followUp.who')}
            {runsClock && ` · ${t('followUp.runsClock')}`}
          </legend>
          {asked && f.people.length === 0 && <Alert type="warning" showIcon title={t('followUp.askWho')} />}
          <PeopleChips
            label={t('followUp.who')}
            accountId={topic.accountId}
            deal={topic.id}
            chosen={f.people}
            added={f.added}
            onTap={(id) => set({ ...f, people: toggled(f.people, id) })}
            onAdd={(p) => set({ ...f, added: [...f.added, p], people: [...f.people, p.id] })}
          />
        </fieldset>
      )}
      {topic?.id && <Next f={f} set={set} due={f.due || deal?.nextStepOn || ''} />}
      {more || backdated ? (
        <More f={f} set={set} why={backdated || !!f.reason} />
      ) : (
        <button type="button" className="open" onClick={() => setMore(true)}>
          {t('followUp.more')}
        </button>
      )}
    </Dialog>
  );
}

/** Said is how, and the customer's words. */
function Said({ f, set }: Part) {
  const { t } = useTranslation();
  return (
    <>
      <fieldset className="field bare">
        <Chips
          along
          label={t('followUp.how')}
          chosen={[f.channel]}
          options={channels.map((c) => ({ value: c, label: t(`channel.${c}`) }))}
          onTap={(c) => set({ channel: c as Draft['channel'] })}
        />
      </fieldset>
      <Field label={t('followUp.words')} at="words">
        <Input.TextArea
          rows={2}
          value={f.words}
          onChange={(e) => set({ words: e.target.value })}
          placeholder={t('followUp.wordsHint')}
          maxLength={2000}
        />
      </Field>
    </>
  );
}

/** Next is the next step, on a working day unless another is chosen. */
function Next({ f, set, due }: Part & { due: string }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <div className="step-line">
        <Field label={t('nextStep.what')} at="what">
          <Input value={f.step} onChange={(e) => set({ step: e.target.value })} maxLength={200} />
        </Field>
        <Field label={t('nextStep.due')} at="dueOn">
          <DateField value={due} min={me.today} onChange={(v) => set({ due: v })} />
        </Field>
      </div>
      {f.step.trim() && (
        <Checkbox checked={f.agreed} onChange={(e) => set({ agreed: e.target.checked })}>
          {t('nextStep.agreed')}
        </Checkbox>
      )}
    </>
  );
}

/** More is what is seldom said: another day, no answer, who came along. */
function More({ f, set, why }: Part & { why: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <div className="grid2">
        <Field label={t('followUp.on')} at="happenedOn">
          <DateField value={f.on} max={me.today} onChange={(on) => set({ on })} />
        </Field>
        <Field label={t('followUp.ours')}>
          <MembersSelect value={f.colleagues} onChange={(colleagues) => set({ colleagues })} without={[me.memberId]} />
        </Field>
      </div>
      <Checkbox checked={!f.twoWay} onChange={(e) => set({ twoWay: !e.target.checked })}>
        {t('followUp.noAnswer')}
      </Checkbox>
      {why && (
        <Field label={t('followUp.why')}>
          <Input value={f.reason} onChange={(e) => set({ reason: e.target.value })} maxLength={200} />
        </Field>
      )}
    </>
  );
}
