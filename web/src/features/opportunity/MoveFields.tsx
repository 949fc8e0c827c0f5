import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { AmountField } from '../../ui/Amount';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import type { MoveKind } from './MoveDialog';
import type { MoveBody } from './queries';

const kinds = {
  lost: ['competitor', 'no_decision', 'cancelled', 'tender_void', 'we_withdrew'],
  withdrawn: ['invalid', 'duplicate'],
};

/** MoveFields is all a move asks for, at once; that it happened today need not be said. */
export function MoveFields({
  kind,
  currency,
  competitors,
  form,
  onChange,
  contract,
  onContract,
}: {
  kind: MoveKind;
  currency: string;
  /** Those known in the deal. */
  competitors: string[];
  form: Partial<MoveBody>;
  onChange: (part: Partial<MoveBody>) => void;
  contract: number | null;
  onContract: (v: number | null) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const [dated, setDated] = useState(false);
  return (
    <>
      {kind === 'won' && (
        <div className="grid2">
          <Field label={t('common.aside', { name: t('opp.contract'), value: currency })} at="contractMinor">
            <AmountField minor={contract} currency={currency} onChange={onContract} />
          </Field>
          <Field label={t('opp.signedOn')} at="signedOn">
            <DateField value={form.signedOn ?? ''} max={me.today} onChange={(signedOn) => onChange({ signedOn })} />
          </Field>
        </div>
      )}
      {(kind === 'lost' || kind === 'withdrawn') && (
        <fieldset className="field bare">
          <legend>{t('loss.kind')}</legend>
          <Chips
            label={t('loss.kind')}
            chosen={form.lossKind ? [form.lossKind] : []}
            options={kinds[kind].map((k) => ({ value: k, label: t(`loss.${k}`) }))}
            onTap={(lossKind) => onChange({ lossKind })}
          />
        </fieldset>
      )}
      {kind === 'lost' && form.lossKind === 'competitor' && (
        <fieldset className="field bare">
          <legend>{t('loss.who')}</legend>
          <Chips
            label={t('loss.who')}
            chosen={form.competitor ? [form.competitor] : []}
            options={competitors.map((c) => ({ value: c, label: c }))}
            onTap={(competitor) => onChange({ competitor })}
          >
            <Input
              autoFocus={competitors.length === 0}
              aria-label={t('loss.who')}
              placeholder={t('loss.who')}
              value={form.competitor}
              onChange={(e) => onChange({ competitor: e.target.value })}
              maxLength={60}
            />
          </Chips>
        </fieldset>
      )}
      {kind !== 'advance' && kind !== 'won' && (
        <Field label={t('move.reason')} at="reason">
          <Input.TextArea
            rows={2}
            value={form.reason}
            onChange={(e) => onChange({ reason: e.target.value })}
            maxLength={300}
          />
        </Field>
      )}
      {dated ? (
        <Field label={t('move.on')} at="on" hint={t('move.onHint')}>
          <DateField value={form.on ?? me.today} max={me.today} onChange={(on) => onChange({ on })} />
        </Field>
      ) : (
        <button type="button" className="open tall" onClick={() => setDated(true)}>
          {t('move.anotherDay')}
        </button>
      )}
    </>
  );
}
