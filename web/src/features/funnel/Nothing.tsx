import { useTranslation } from 'react-i18next';
import { Empty } from '../../ui/bits';

/** Nothing stands where figures would: as was known then, the company had not recorded anything. */
export function Nothing() {
  const { t } = useTranslation();
  return (
    <div className="card">
      <Empty title={t('funnel.nothingRecorded')} />
    </div>
  );
}
