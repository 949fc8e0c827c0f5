import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { useKept } from '../../app/useKept';
import { Dialog } from '../../ui/Dialog';
import { ProblemBox } from '../../ui/Problem';
import { Written } from '../../ui/Written';
import { Words } from '../conversation/Composer';
import { type Draft, named } from '../conversation/queries';
import { Lamp } from './Lamp';
import { answer, type Note, type Piece, piecesOf, useGuidance } from './queries';

const fresh = (): Pick<Draft, 'text' | 'chosen'> => ({ text: '', chosen: [] });

/** AnswerDialog answers a note: with something said before in one tap, or in one's own words. */
export function AnswerDialog({ note, onClose }: { note: Note; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const pieces = useQuery(piecesOf);
  const { value: d, set, done } = useKept(`guidance/${me.memberId}/${note.id}`, fresh, (x) => !!x.text.trim());
  const [wantsOutcome, setWants] = useState(note.kind === 'help'); // who asked for help says whether it did
  const send = useGuidance(
    note.on,
    (p: Piece | undefined, key) =>
      answer(
        note,
        p ? { text: p.text, wantsOutcome, pieceId: p.id } : { text: d.text.trim(), mentionIds: named(d), wantsOutcome },
        key,
      ),
    {
      done: () => {
        done();
        onClose();
      },
    },
  );
  const ready = !!d.text.trim();
  const submit = () => ready && !send.isPending && send.mutate(undefined);
  return (
    <Dialog
      title={t('guidance.answerTo', { who: names.member(note.askerId) })}
      ok={t('guidance.send')}
      ready={ready}
      pending={send.isPending}
      error={send.error}
      onOk={submit}
      onClose={onClose}
    >
      <p className="note-asked">
        {note.text && <Written quoted>{note.text}</Written>} <Lamp note={note} />
      </p>
      {pieces.isError && <ProblemBox error={pieces.error} retry={pieces.refetch} />}
      {!!pieces.data?.length && (
        <fieldset className="field bare">
          <legend>{t('guidance.saidBefore')}</legend>
          {pieces.data.map((p) => (
            <div className="piece pick" key={p.id}>
              <span>
                {p.text}
                <small>
                  {p.times ? t('guidance.pieceUsed', { count: p.times, used: p.used }) : t('guidance.pieceNew')}
                </small>
              </span>
              <Button
                disabled={send.isPending}
                aria-label={t('guidance.sendPiece', { text: p.text })}
                onClick={() => send.mutate(p)}
              >
                {t('guidance.send')}
              </Button>
            </div>
          ))}
        </fieldset>
      )}
      <div className="field">
        <Words label={t('guidance.ownWords')} draft={d} set={set} rows={2} onSend={submit} />
      </div>
      <Checkbox checked={wantsOutcome} onChange={(e) => setWants(e.target.checked)}>
        {t('guidance.wantsOutcome')}
      </Checkbox>
    </Dialog>
  );
}
