import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import type { Cell, Reading } from './mapping';

export const formKey = (choice: string) => (choice === '.' ? 'point' : choice === ',' ? 'comma' : choice);

const UNITS = [1, 1000, 10000, 1000000, 100000000];

export const unitWord = (t: (key: string, o?: Record<string, unknown>) => string, unit: number) =>
  t(UNITS.includes(unit) ? `import.units.${unit}` : 'import.units.other', { n: unit });

/** Choices are the readings there are. */
export function Choices({
  header,
  r,
  cell,
  onChange,
}: {
  header: string;
  r: Reading;
  cell: Cell;
  onChange: (how: Partial<Cell>) => void;
}) {
  const { t } = useTranslation();
  const { currency } = useMe();
  const pick = (
    label: string,
    value: string | undefined,
    options: { value: string; label: string }[],
    key: keyof Cell,
  ) => (
    <Select
      size="small"
      aria-label={`${header}: ${label}`}
      placeholder={label}
      value={value || undefined}
      options={options}
      onChange={(v: string) => onChange({ [key]: v })}
    />
  );
  const forms = (list: string[]) => list.map((v) => ({ value: v, label: t(`import.forms.${formKey(v)}`) }));
  return (
    <span className="why">
      {r.is === 'date' && pick(t('import.dayOrder'), cell.format ?? r.format, forms(['ymd', 'mdy', 'dmy']), 'format')}
      {r.is !== 'date' && pick(t('import.decimalMark'), cell.decimal ?? r.decimal, forms(['.', ',']), 'decimal')}
      {r.is === 'amount' &&
        pick(
          t('import.unit'),
          String(cell.unit ?? r.unit ?? 1),
          UNITS.map((n) => ({ value: String(n), label: unitWord(t, n) })),
          'unit',
        )}
      {r.is === 'amount' && (
        <Input
          size="small"
          className="currency"
          aria-label={t('common.named', { name: header, value: t('import.target.currency') })}
          placeholder={currency}
          defaultValue={cell.currency ?? r.currency}
          maxLength={3}
          onBlur={(e) => {
            const code = e.target.value.trim().toUpperCase();
            if (/^[A-Z]{3}$/.test(code)) onChange({ currency: code });
          }}
        />
      )}
      {r.is === 'rate' && pick(t('import.rate'), cell.rate ?? r.rate, forms(['percent', 'fraction']), 'rate')}
    </span>
  );
}
