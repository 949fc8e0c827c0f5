import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../../../api/base';
import { useMe, useNames } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { Dialog } from '../../../ui/Dialog';
import { day } from '../../../ui/format';
import { decide, type RecordBody, useChange } from '../queries';
import type { Open } from './dialogs';
import { useShown } from './shown';

/** Milestones is the evidence the present stage asks for. */
export function Milestones({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const names = useNames();
  const me = useMe();
  const shownBy = useShown(r);
  const [rejecting, setRejecting] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const stage = r.pipeline.stages.find((s) => s.id === r.stageId);
  const required = stage?.milestones.filter((m) => m.required).length ?? 0;
  const deciding = useChange(r.id, (d: { evidence: string; accept: boolean }) => decide(r.id, { ...d, note }), {
    told: true,
    done: () => {
      setRejecting(null);
      setNote('');
    },
  });
  return (
    <div className="card">
      <h2>
        {t('record.milestones', { stage: stage?.name })}
        <span>
          {r.gaps.length === 0
            ? t('record.ready')
            : t('record.missing', { done: required - r.gaps.length, all: required })}
        </span>
      </h2>
      {stage?.milestones.length === 0 && <div className="pad ink2">{t('record.noMilestones')}</div>}
      {stage?.milestones.map((m) => {
        const last = r.evidence.filter((e) => e.stageId === stage.id && e.milestoneKey === m.key).at(-1);
        const waiting = last?.status === 'submitted';
        return (
          <div className="ms" key={m.key}>
            <i className={last?.status === 'accepted' ? 'box on' : waiting ? 'box half' : 'box'} />
            <div>
              <b>{m.name}</b> {!m.required && <span className="chip">{t('record.optional')}</span>}
              {last ? (
                <small>
                  {last.fileId ? (
                    <a href={under(`/api/opportunities/${r.id}/files/${last.fileId}`)}>{t('evidence.open')}</a>
                  ) : (
                    shownBy(last)
                  )}{' '}
                  · {day(last.submittedOn, me.today)} · {names.member(last.submittedBy)}
                  {last.decisionNote && ` · ${last.decisionNote}`}
                </small>
              ) : (
                <small>
                  {t(`evidence.kind.${m.evidence}`)}
                  {m.acceptance ? ` · ${t('record.needsAcceptance')}` : ''}
                </small>
              )}
            </div>
            <div>
              {last?.status === 'accepted' ? (
                <span className="chip g">{m.acceptance ? t('evidence.accepted') : t('evidence.done')}</span>
              ) : waiting && r.mayDecide && last.submittedBy !== me.memberId ? (
                <span className="stack-4">
                  <Button
                    size="small"
                    type="primary"
                    loading={deciding.isPending}
                    onClick={() => deciding.mutate({ evidence: last.id, accept: true })}
                  >
                    {t('evidence.accept')}
                  </Button>
                  <Button size="small" onClick={() => setRejecting(last.id)}>
                    {t('evidence.reject')}
                  </Button>
                </span>
              ) : waiting ? (
                <span className="chip w">{t('gap.waiting')}</span>
              ) : (
                r.mayWrite && (
                  <Button
                    size="small"
                    type={m.required ? 'primary' : 'default'}
                    onClick={() => open({ kind: 'evidence', key: m.key })}
                  >
                    {t('evidence.supply')}
                  </Button>
                )
              )}
            </div>
          </div>
        );
      })}
      {rejecting !== null && (
        <Dialog
          title={t('evidence.reject')}
          danger
          pending={deciding.isPending}
          onOk={() => deciding.mutate({ evidence: rejecting, accept: false })}
          onClose={() => setRejecting(null)}
        >
          <Field label={t('evidence.whatMissing')}>
            <Input.TextArea rows={2} value={note} onChange={(e) => setNote(e.target.value)} maxLength={300} />
          </Field>
        </Dialog>
      )}
    </div>
  );
}
