import { InputNumber, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const sizes = { days: 24 * 60, hours: 60, minutes: 1 } as const;
export type Unit = keyof typeof sizes;
const all = Object.keys(sizes) as Unit[];

/** partsOf takes minutes apart, the largest unit first; units of which there are none are left out. */
export function partsOf(minutes: number): [Unit, number][] {
  let left = minutes;
  const parts = all.map((unit): [Unit, number] => {
    const n = Math.floor(left / sizes[unit]);
    left -= n * sizes[unit];
    return [unit, n];
  });
  const some = parts.filter(([, n]) => n > 0);
  return some.length ? some : [['minutes', 0]];
}

/** useDuration words a duration of minutes: 12 小时, 30 days, 1 hour 30 minutes. */
export function useDuration() {
  const { t } = useTranslation();
  return (minutes: number) =>
    partsOf(minutes)
      .map(([unit, count]) => t(`duration.${unit}`, { count }))
      .join(' ');
}

/** unitOf is the largest of some units in which a duration is a whole number. */
export const unitOf = (minutes: number, units: readonly Unit[]): Unit =>
  units.find((u) => minutes >= sizes[u] && minutes % sizes[u] === 0) ?? units[units.length - 1] ?? 'minutes';

/** DurationField asks how long, in a unit people count in; value and bounds are minutes, null is an empty field. */
export function DurationField({
  label,
  hint,
  units,
  min,
  max,
  value,
  onChange,
}: {
  label: string;
  /** After the bounds, which are always said. */
  hint?: string;
  /** The largest first. */
  units: readonly Unit[];
  min: number;
  max: number;
  value: number | null;
  onChange: (minutes: number | null) => void;
}) {
  const { t } = useTranslation();
  const words = useDuration();
  const [unit, setUnit] = useState<Unit>(() => unitOf(value ?? max, units));
  const wrong = !lastsWithin(value, min, max);
  const range = t('duration.range', { from: words(min), to: words(max) });
  return (
    <fieldset className="field bare">
      <legend>{label}</legend>
      <Space.Compact>
        <InputNumber<number>
          controls={false}
          aria-label={label}
          className="w-110"
          min={0}
          precision={0}
          status={wrong ? 'error' : undefined}
          value={value === null ? null : value / sizes[unit]}
          onChange={(n) => onChange(n === null ? null : n * sizes[unit])}
        />
        <Select
          aria-label={t('duration.unitOf', { what: label })}
          className="minw-90"
          value={unit}
          onChange={(next: Unit) => {
            setUnit(next);
            if (value !== null) onChange((value / sizes[unit]) * sizes[next]); // 12 of the other unit
          }}
          options={units.map((u) => ({ value: u, label: t(`duration.unit.${u}`) }))}
        />
      </Space.Compact>
      <p className={wrong ? 'hint bad' : 'hint'}>{hint ? range + t('common.semicolon') + hint : range}</p>
    </fieldset>
  );
}

/** lastsWithin tells whether a duration is one that may be saved. */
export const lastsWithin = (value: number | null, min: number, max: number) =>
  value !== null && value >= min && value <= max;
