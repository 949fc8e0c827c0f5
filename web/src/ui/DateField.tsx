import { CalendarOutlined } from '@ant-design/icons';
import { type CSSProperties, type FocusEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { firstDay, lastDay, typedDay } from './dates';
import { Month } from './Month';
import { useToday } from './today';

/** The room a month takes, in pixels. */
const WIDTH = 288;
const HEIGHT = 330;

/** placed is where a month is shown: below its field, above it where there is no room, and never off the screen. */
function placed(field: DOMRect): CSSProperties {
  const left = Math.max(8, Math.min(field.left, innerWidth - WIDTH - 8));
  const below = innerHeight - field.bottom > HEIGHT || field.top < HEIGHT;
  return below
    ? { left, top: Math.min(field.bottom + 4, innerHeight - HEIGHT) }
    : { left, bottom: innerHeight - field.top + 4 };
}

/**
 * DateField takes a day, typed in any usual form or picked from a month, in the reader's language. Value is 2026-11-28
 * or "". What is typed and is no day stays where it is and says so; meanwhile the value is "". WhenLeft: a day that is
 * typed is told once the field is left, or by Enter, for what asks the server each time.
 */
export function DateField({
  value,
  onChange,
  max = lastDay,
  min = firstDay,
  label,
  whenLeft,
}: {
  value: string;
  onChange: (v: string) => void;
  max?: string;
  min?: string;
  label?: string;
  whenLeft?: boolean;
}) {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLSpanElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<string>();
  const [open, setOpen] = useState<{ at: CSSProperties; byKey: boolean }>();
  const today = useToday();
  const read = draft === undefined ? value : typedDay(draft, today);
  const problem =
    read === undefined
      ? t('date.unreadable')
      : read && min && read < min
        ? t('date.before', { min })
        : read && max && read > max
          ? t('date.after', { max })
          : undefined;
  const type = (text: string) => {
    setDraft(text);
    if (!whenLeft) onChange(typedDay(text, today) ?? '');
  };
  const told = () => {
    if (whenLeft && draft !== undefined && read !== undefined && read !== value) onChange(read);
  };
  const leave = (e: FocusEvent) => {
    if (box.current?.contains(e.relatedTarget)) return;
    setOpen(undefined);
    told();
    if (read !== undefined) setDraft(undefined);
  };
  const show = (byKey: boolean) =>
    setOpen((o) => (o || !field.current ? undefined : { at: placed(field.current.getBoundingClientRect()), byKey }));
  const pick = (day: string) => {
    setDraft(undefined);
    setOpen(undefined);
    onChange(day);
    field.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears when the field and its month have both been left
    <span className="date" ref={box} onBlur={leave}>
      <input
        ref={field}
        className="ant-input"
        data-date={read === undefined ? 'unread' : ''}
        inputMode="numeric"
        autoComplete="off"
        placeholder={t('date.form')}
        aria-label={label}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? id : undefined}
        value={draft ?? value}
        onChange={(e) => type(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter') told();
          if (e.key === 'ArrowDown') {
            e.preventDefault();
            show(true);
          }
        }}
      />
      <button
        type="button"
        className="pick-day"
        aria-label={t('date.pick')}
        aria-expanded={open !== undefined}
        onClick={(e) => show(e.detail === 0)}
      >
        <CalendarOutlined />
      </button>
      {problem && (
        <span id={id} className="hint bad" role="alert">
          {problem}
        </span>
      )}
      {open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the month, not the dialog it is in
        <span
          className="month-over"
          style={open.at}
          onKeyDown={(e) => {
            if (e.key !== 'Escape') return;
            e.stopPropagation();
            setOpen(undefined);
            field.current?.focus();
          }}
        >
          <Month
            at={read || today}
            today={today}
            chosen={value}
            min={min}
            max={max}
            focused={open.byKey}
            onPick={pick}
          />
        </span>
      )}
    </span>
  );
}
