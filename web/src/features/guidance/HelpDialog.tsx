import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
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
import { ask, type Helper, helpersOf, type On, useGuidance } from './queries';
import { useFacts } from './useFacts';

/** HelpDialog calls for help with the facts of the record: who can help is chosen already, one tap sends it. */
export function HelpDialog({ on, onClose }: { on: On; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const facts = useFacts(on);
  const helpers = useQuery(helpersOf(on));
  const fresh = () => ({ text: t('guidance.helpText'), chosen: [] as { id: string; name: string }[] });
  const name = `guidance/${me.memberId}/help/${on.kind}/${on.id}`;
  const { value: d, set, done } = useKept(name, fresh, (x) => x.text !== fresh().text);
  const [picked, setPicked] = useState<string>();
  const to = picked ?? helpers.data?.[0]?.memberId ?? '';
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
      {!helpers.data && <Missing of={helpers} />}
      {!helpers.isPending && <Whose helpers={helpers.data ?? []} to={to} on={on} onPick={setPicked} />}
      {!helpers.isPending && (
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

/** speaksFor is all that speaks for a helper: that he is the superior, knows the products, won ones like it. */
function speaksFor(h: Helper, t: TFunction) {
  return [
    h.why === 'superior' && t('guidance.superior'),
    h.products.length > 0 && t('guidance.expert', { products: h.products.join(t('common.comma')) }),
    h.won > 0 && t('guidance.won', { count: h.won }),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Whose is who is asked for help: the superior, unless an expert of its products, who won one like it, or somebody else can help better. */
function Whose({ helpers, to, on, onPick }: { helpers: Helper[]; to: string; on: On; onPick: (id: string) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [other, setOther] = useState(helpers.length === 0);
  return (
    <fieldset className="field bare">
      <legend>{t('guidance.to')}</legend>
      {/* The focus goes to who is chosen (pick): a keyboard would cover what is sent in one tap. */}
      <div className="pick">
        <Chips
          label={t('guidance.to')}
          chosen={[other ? 'other' : to]}
          options={[
            ...helpers.map((h) => ({
              value: h.memberId,
              label: names.member(h.memberId),
              sub: speaksFor(h, t),
            })),
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
          value={helpers.some((h) => h.memberId === to) ? undefined : to || undefined}
          onChange={(id) => onPick(id ?? helpers[0]?.memberId ?? '')}
        />
      )}
      {to && <Whom kind="help" on={on} toId={to} />}
    </fieldset>
  );
}
