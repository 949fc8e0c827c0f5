import { useTranslation } from 'react-i18next';
import type { RecordBody } from '../queries';

/** useShown is what a piece of evidence shows, in words; a file opens elsewhere. */
export function useShown(r: RecordBody): (e: RecordBody['evidence'][number]) => string {
  const { t } = useTranslation();
  return (e) => {
    if (e.text || e.date) return e.text || e.date;
    if (e.contactId) return r.contacts.find((c) => c.contactId === e.contactId)?.name ?? t('evidence.contact');
    if (e.numberMilli !== null) return String(e.numberMilli / 1000);
    return e.fileId ? t('evidence.kind.file') : '';
  };
}
