import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MemberSelect } from '../../app/MemberSelect';
import { useMe, useNames } from '../../app/session';
import { useKept } from '../../app/useKept';
import { Chips } from '../../ui/Chips';
import { Dialog } from '../../ui/Dialog';
import { Missing } from '../../ui/Problem';
import { Written } from '../../ui/Written';
import { Words } from '../conversation/Composer';
import { Whom } from './AskDialog';
import { ask, type On, useGuidance, whomOf } from './queries';
import { useFacts } from './useFacts';

/** HelpDialog calls for help with the facts of the record: the superior is chosen already, one tap sends it. */
export function HelpDialog({ on, onClose }: { on: On; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const facts = useFacts(on);
  const superior = useQuery(whomOf('help', on, ''));
  const fresh = () => ({ text: t('guidance.helpText'), chosen: [] as { id: string; name: string }[] });
  const name = `guidance/${me.memberId}/help/${on.kind}/${on.id}`;
  const { value: d, set, done } = useKept(name, fresh, (x) => x.text !== fresh().text);
  const [picked, setPicked] = useState<string>();
  const to = picked ?? superior.data?.toId ?? '';
  const send = useGuidance<void>(
    on,
    (_, key) => {
      const text = [d.text.trim(), facts].filter(Boolean).join('\n\n');
      return ask({ ...d, text, on, kind: 'help', toId: to, fact: '', checkOn: '' }, key);
    },
    {
      said: t('guidance.sent'),
      done: () => {
        done();
        onClose();
      },
    },
  );
  const ready = !!d.text.trim() && !!to && facts !== undefined;
  const submit = () => ready && !send.isPending && send.mutate();
  return (
    <Dialog
      title={t('guidance.askHelp')}
      ok={t('guidance.send')}
      ready={ready}
      pending={send.isPending}
      error={send.error}
      onOk={submit}
      onClose={onClose}
    >
      {superior.isPending ? (
        <Missing of={superior} />
      ) : (
        <Whose superior={superior.data?.toId} to={to} on={on} onPick={setPicked} />
      )}
      {!superior.isPending && (
        <div className="field">
          <Words label={t('guidance.write.help')} draft={d} set={set} rows={2} onSend={submit} />
        </div>
      )}
      {facts && (
        <div className="facts">
          <b>{t('guidance.factsAlong')}</b>
          <p>
            <Written>{facts}</Written>
          </p>
        </div>
      )}
    </Dialog>
  );
}

/** Whose is who is asked for help: the superior, unless somebody else can help better. */
function Whose({
  superior,
  to,
  on,
  onPick,
}: {
  superior: string | undefined;
  to: string;
  on: On;
  onPick: (id: string) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [other, setOther] = useState(!superior);
  return (
    <fieldset className="field bare">
      <legend>{t('guidance.to')}</legend>
      {/* The focus goes to who is chosen (pick): a keyboard would cover what is sent in one tap. */}
      <div className="pick">
        <Chips
          label={t('guidance.to')}
          chosen={[other ? 'other' : (superior ?? '')]}
          options={[
            ...(superior ? [{ value: superior, label: names.member(superior), sub: t('guidance.superior') }] : []),
            { value: 'other', label: t('guidance.other') },
          ]}
          onTap={(id) => {
            setOther(id === 'other');
            if (id !== 'other') onPick(id);
          }}
        />
      </div>
      {other && (
        <MemberSelect
          label={t('guidance.to')}
          placeholder={t('guidance.otherHint')}
          without={[me.memberId]}
          value={to === superior ? undefined : to || undefined}
          onChange={(id) => onPick(id ?? superior ?? '')}
        />
      )}
      {to && <Whom kind="help" on={on} toId={to} />}
    </fieldset>
  );
}
