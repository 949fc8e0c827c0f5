import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { monthsLater, weeksOf } from './dates';
import { addDays } from './format';

const steps: Record<string, (day: string) => string> = {
  ArrowLeft: (d) => addDays(d, -1),
  ArrowRight: (d) => addDays(d, 1),
  ArrowUp: (d) => addDays(d, -7),
  ArrowDown: (d) => addDays(d, 7),
  PageUp: (d) => monthsLater(d, -1),
  PageDown: (d) => monthsLater(d, 1),
};

/** worded writes a day of the calendar as its reader does; days are days, whatever the zone of the device. */
const worded = (day: string, locale: string, how: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { ...how, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

/** Month is a month to pick a day from, by pointer, finger or arrow keys. It begins at the day given. */
export function Month({
  at,
  today,
  chosen,
  min = '',
  max = '9999',
  focused,
  onPick,
}: {
  at: string;
  today: string;
  chosen: string;
  min?: string;
  max?: string;
  /** The day has the focus from the beginning: it was opened by key. */
  focused: boolean;
  onPick: (day: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const [day, setDay] = useState(at);
  const [byKey, setByKey] = useState(focused);
  const grid = useRef<HTMLTableElement>(null);
  useEffect(() => {
    if (byKey) grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  }, [day, byKey]);
  const onKey = (e: KeyboardEvent) => {
    const step = steps[e.key];
    if (!step) return;
    e.preventDefault();
    setByKey(true);
    setDay(step(day));
  };
  const turn = (n: number) => {
    setByKey(false);
    setDay(monthsLater(day, n));
  };
  const weeks = weeksOf(day);
  return (
    <div className="month">
      <div className="turn">
        <button type="button" aria-label={t('date.earlier')} onClick={() => turn(-1)}>
          ‹
        </button>
        <b aria-live="polite">{worded(day, i18n.language, { year: 'numeric', month: 'long' })}</b>
        <button type="button" aria-label={t('date.later')} onClick={() => turn(1)}>
          ›
        </button>
      </div>
      <table ref={grid} onKeyDown={onKey}>
        <thead>
          <tr>
            {weeks[0]?.map((d) => (
              <th key={d} scope="col">
                {worded(d, i18n.language, { weekday: 'narrow' })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((d) => (
                <td key={d}>
                  <button
                    type="button"
                    data-day={d}
                    className={d.slice(0, 7) === day.slice(0, 7) ? undefined : 'beside'}
                    aria-label={worded(d, i18n.language, { dateStyle: 'full' })}
                    aria-pressed={d === chosen}
                    aria-current={d === today ? 'date' : undefined}
                    tabIndex={d === day ? 0 : -1}
                    disabled={d < min || d > max}
                    onClick={() => onPick(d)}
                  >
                    {Number(d.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
