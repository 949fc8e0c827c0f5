import { useTranslation } from 'react-i18next';
import { useFields } from '../../app/CustomFields';
import { groupings } from './report';

/** useGroupings are what a report may be split by: what every company has, and its own fields that have choices or are people. */
export function useGroupings() {
  const { t } = useTranslation();
  const own = useFields('opportunity').filter((f) => f.options.length > 0 || f.type === 'person');
  return [
    ...groupings.map((g) => ({ value: g as string, label: t(`funnel.group.${g}`) })),
    ...own.map((f) => ({ value: `own:${f.key}`, label: f.label })),
  ];
}
