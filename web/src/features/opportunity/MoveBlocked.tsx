import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { Field } from '../../ui/bits';
import { EvidenceFields, type Given, type Milestone, nothing } from './EvidenceFields';

/** Evidence is what is given for each milestone, by its key. */
export type Evidence = Record<string, Given>;

/** Blocked is what stands between a deal and a later stage, and where it is given: the evidence, or why it must go on all the same. */
export function Blocked({
  way,
  open,
  deal,
  given,
  onGive,
  exception,
  onException,
}: {
  way: Schemas['PipelineWay'];
  /** The milestones whose evidence is asked for here. */
  open: Milestone[];
  deal: { id: string; accountId: string };
  given: Evidence;
  onGive: (e: Evidence) => void;
  exception: string | undefined;
  onException: (reason: string) => void;
}) {
  const { t } = useTranslation();
  if (way.gaps.length + way.passed.length === 0) return null;
  const waiting = way.gaps.filter((g) => g.why === 'waiting');
  return (
    <>
      {way.passed.length > 0 && (
        <p className="warn lead" role="alert">
          {t('move.skipRefused', { stages: way.passed.join(t('common.comma')) })}
        </p>
      )}
      {exception === undefined &&
        open.map((m) => (
          <div key={m.key}>
            <p className="lead">
              <b>{m.name}</b>{' '}
              <small className="ink2">
                {t(way.gaps.find((g) => g.key === m.key)?.why === 'rejected' ? 'gap.rejected' : 'gap.missing')}
                {m.acceptance && ` · ${t('record.needsAcceptance')}`}
              </small>
            </p>
            <EvidenceFields
              named={open.length > 1}
              milestone={m}
              deal={deal}
              value={given[m.key] ?? nothing}
              onChange={(g) => onGive({ ...given, [m.key]: g })}
            />
          </div>
        ))}
      {waiting.map((g) => (
        <p className="lead" key={g.key}>
          <b>{g.name}</b> <span className="chip w">{t('gap.waiting')}</span>
        </p>
      ))}
      {exception === undefined ? (
        <button type="button" className="open tall" onClick={() => onException('')}>
          {t('move.askException')}
        </button>
      ) : (
        <Field label={t('move.exceptionReason')} at="exception" hint={t('move.exceptionHint')}>
          <Input.TextArea
            autoFocus
            rows={2}
            value={exception}
            onChange={(e) => onException(e.target.value)}
            maxLength={300}
          />
        </Field>
      )}
    </>
  );
}
