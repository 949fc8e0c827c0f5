import { useTranslation } from 'react-i18next';
import { usePhone } from '../../../ui/bits';
import { Select } from '../../../ui/Select';

type Part = { key: string; group: string };

/** Parts are the parts of the settings, each under its heading: beside what is shown, on a phone in one list to choose from. */
export function Parts({ parts, at, onChange }: { parts: Part[]; at?: string; onChange: (key: string) => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const groups = [...new Set(parts.map((p) => p.group))].map((key) => ({
    key,
    name: t(`settings.group.${key}`),
    parts: parts.filter((p) => p.group === key),
  }));
  if (phone)
    return (
      <Select<string>
        aria-label={t('settings.parts')}
        className="wide mb-16"
        value={at}
        onChange={onChange}
        options={groups.map((g) => ({
          label: g.name,
          options: g.parts.map(({ key }) => ({ value: key, label: t(`settings.${key}`) })),
        }))}
      />
    );
  return (
    <nav className="parts" aria-label={t('settings.parts')}>
      {groups.map((g) => (
        <div key={g.key}>
          <b>{g.name}</b>
          {g.parts.map(({ key }) => (
            <button
              key={key}
              type="button"
              aria-current={key === at ? 'page' : undefined}
              onClick={() => onChange(key)}
            >
              {t(`settings.${key}`)}
            </button>
          ))}
        </div>
      ))}
    </nav>
  );
}
