import { useTranslation } from 'react-i18next';
import { percent } from '../../ui/format';
import type { RecordBody } from '../opportunity/queries';
import { useRelations } from './useRelations';

/** CoverNum is how well the key persons are covered, and how well before somebody changed. */
export function CoverNum({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const { relations, before } = useRelations(r);
  const rel = relations.data;
  if (!rel?.cover.known) return null;
  const was = before && rel.coverWas.known && rel.coverWas.bp !== rel.cover.bp ? rel.coverWas.bp : undefined;
  return (
    <div className="num">
      <small>{t('record.cover')}</small>
      <b title={t('record.coverHint')}>
        {was !== undefined && `${percent(was, 0)} → `}
        <span className={was !== undefined && rel.cover.bp < was ? 'bad' : ''}>{percent(rel.cover.bp, 0)}</span>
      </b>
    </div>
  );
}
