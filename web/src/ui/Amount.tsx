import { InputNumber, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exact, money, toMajor, toMinor } from './format';

/** useAmount words an amount, in minor units, where no element can stand: in short, or to the last unit. */
export function useAmount() {
  const { i18n } = useTranslation();
  return {
    short: (minor: number | null | undefined, currency: string) => money(minor, currency, i18n.language),
    whole: (minor: number | null | undefined, currency: string) => exact(minor, currency, i18n.language),
  };
}

/** Amount shows an amount in short, the exact figure on hover; of a sum that is too large to state, why. */
export function Amount({
  minor,
  currency,
  tooLarge,
}: {
  minor: number | null | undefined;
  currency: string;
  tooLarge?: boolean;
}) {
  const { t } = useTranslation();
  const amount = useAmount();
  const shown = tooLarge ? null : minor;
  const text = amount.short(shown, currency);
  // A page shows hundreds: each has its bubble once somebody has pointed at it.
  const [near, setNear] = useState(false);
  return (
    <span className="money" onPointerEnter={() => setNear(true)}>
      {near ? (
        <Tooltip defaultOpen title={tooLarge ? t('money.tooLarge') : amount.whole(shown, currency)}>
          <span>{text}</span>
        </Tooltip>
      ) : (
        text
      )}
    </span>
  );
}

/** AmountField takes an amount as a person writes it, and gives it in minor units; null where it is empty. */
export function AmountField({
  minor,
  currency,
  onChange,
  label,
  className = 'wide',
}: {
  minor: number | null | undefined;
  currency: string;
  onChange: (minor: number | null) => void;
  label?: string;
  className?: string;
}) {
  return (
    <InputNumber<number>
      controls={false}
      aria-label={label}
      min={0}
      className={className}
      value={toMajor(minor ?? null, currency)}
      onChange={(v) => onChange(toMinor(v, currency) ?? null)}
    />
  );
}
