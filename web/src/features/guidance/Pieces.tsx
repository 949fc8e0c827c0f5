import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { guidanceKeys } from '../../app/queries';
import { useWrite } from '../../app/useWrite';
import { Empty } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { Missing } from '../../ui/Problem';
import { drop, piecesOf } from './queries';

/** Pieces are what the team can say again, each with how often it was of use. */
export function Pieces({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const pieces = useQuery(piecesOf);
  const remove = useWrite(drop, { stale: [guidanceKeys.all] });
  return (
    <Dialog
      title={t('guidance.pieces')}
      error={remove.error}
      onOk={onClose}
      onClose={onClose}
      footer={() => <Button onClick={onClose}>{t('guidance.close')}</Button>}
    >
      <p className="ink2">{t('guidance.hint.keep')}</p>
      {!pieces.data && <Missing of={pieces} />}
      {pieces.data?.map((p) => (
        <div className="piece" key={p.id}>
          <span>
            {p.text}
            <small>
              {p.times ? t('guidance.pieceUsed', { count: p.times, used: p.used }) : t('guidance.pieceNew')}
            </small>
          </span>
          <Button
            danger
            aria-label={t('guidance.deletePiece', { text: p.text })}
            loading={remove.isPending && remove.variables === p.id}
            onClick={() => remove.mutate(p.id)}
          >
            {t('common.delete')}
          </Button>
        </div>
      ))}
      {pieces.data?.length === 0 && <Empty title={t('guidance.noPieces')}>{t('guidance.noPiecesHint')}</Empty>}
    </Dialog>
  );
}
