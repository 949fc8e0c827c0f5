import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { Empty } from '../../ui/bits';
import { LinkButton } from '../../ui/LinkButton';

/** NoPipeline stands where a company has no pipeline yet: what comes first, and who does it. */
export function NoPipeline() {
  const { t } = useTranslation();
  const mayEdit = useCan('pipeline.edit');
  const mayImport = useCan('import.run');
  return (
    <div className="card">
      <Empty title={t('pipeline.none')}>
        <p>{t(mayEdit ? 'pipeline.noneMake' : 'pipeline.noneAsk')}</p>
        {mayEdit && <LinkButton to="/settings/pipelines">{t('nav.pipelines')}</LinkButton>}{' '}
        {mayImport && <LinkButton to="/import">{t('nav.import')}</LinkButton>}
      </Empty>
    </div>
  );
}
